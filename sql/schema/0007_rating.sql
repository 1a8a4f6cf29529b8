-- What the citizen does: urges once a workday, rates the answer.

ALTER TABLE ticket ADD COLUMN citizen_urged_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE ticket ADD COLUMN rated_at INTEGER NOT NULL DEFAULT 0; -- of the present answer

-- 评价: one for each answer, changeable for a day. The comment is erasable.
CREATE TABLE rating (
    id           INTEGER PRIMARY KEY,
    ticket_id    INTEGER NOT NULL REFERENCES ticket (id),
    answered_at  INTEGER NOT NULL, -- which answer: ticket.answered_at then
    rated_at     INTEGER NOT NULL,
    changed_at   INTEGER NOT NULL DEFAULT 0,
    satisfaction TEXT NOT NULL CHECK (satisfaction IN ('satisfied', 'basic', 'unsatisfied')),
    comment      TEXT,
    waits        INTEGER NOT NULL CHECK (waits IN (0, 1)), -- unsatisfied after closing, for a supervisor
    settled_at   INTEGER NOT NULL DEFAULT 0,
    settled_by   INTEGER NOT NULL DEFAULT 0,
    UNIQUE (ticket_id, answered_at)
) STRICT;

-- ticket_list_todo, group unsatisfied.
CREATE INDEX rating_waits ON rating (waits, ticket_id) WHERE waits = 1;
