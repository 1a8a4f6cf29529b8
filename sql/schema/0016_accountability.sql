-- Accountability (责任追究): a record laid upon a unit's part in a ticket.
-- The texts are about staff; they are erasable and the event only commits to them.
CREATE TABLE accountability (
    id          INTEGER PRIMARY KEY,
    ticket_id   INTEGER NOT NULL REFERENCES ticket (id),
    unit_id     INTEGER NOT NULL REFERENCES unit (id),
    person      TEXT,
    finding     TEXT,
    measure     TEXT,
    decided_day INTEGER NOT NULL,
    laid_at     INTEGER NOT NULL,
    laid_by     INTEGER NOT NULL -- user
) STRICT;
CREATE INDEX accountability_by_ticket ON accountability (ticket_id);
CREATE INDEX accountability_by_unit ON accountability (unit_id);
