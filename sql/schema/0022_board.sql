-- The supervisor's board and desk: who stands where is worked out when a ticket
-- changes (src/domain/desk.c), so that a board counts nothing but these rows.

-- Tickets that stand on one of the office's desks (DESKS in include/domain/desk.h),
-- from a local day on; 0: at once.
CREATE TABLE desk_ticket (
    desk      TEXT NOT NULL,
    from_day  INTEGER NOT NULL,
    ticket_id INTEGER NOT NULL,
    PRIMARY KEY (desk, from_day, ticket_id)
) STRICT, WITHOUT ROWID;

-- desk_places: the places of one ticket.
CREATE INDEX desk_ticket_by_ticket ON desk_ticket (ticket_id);

-- How many.
CREATE TABLE summary_desk (
    desk     TEXT NOT NULL,
    from_day INTEGER NOT NULL,
    tickets  INTEGER NOT NULL CHECK (tickets >= 0),
    PRIMARY KEY (desk, from_day)
) STRICT, WITHOUT ROWID;

-- Tickets with a running clock by the day of effective_due_at.
CREATE TABLE summary_due (
    day     INTEGER PRIMARY KEY,
    tickets INTEGER NOT NULL CHECK (tickets >= 0)
) STRICT;

-- Tickets by the day of receipt and their category, as it is now.
CREATE TABLE summary_category (
    day      INTEGER NOT NULL,
    category TEXT NOT NULL,
    tickets  INTEGER NOT NULL CHECK (tickets >= 0),
    PRIMARY KEY (day, category)
) STRICT, WITHOUT ROWID;

-- Phones (petitioner.phone_index) whose third ticket came within 30 days, with the
-- moment of the latest. Erased with the people; how many they are is counted anew.
CREATE TABLE repeat_caller (
    phone_index BLOB PRIMARY KEY,
    last_at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX repeat_caller_by_last ON repeat_caller (last_at);

-- 催办的答复: the action with which the unit answered an urge.
ALTER TABLE urge ADD COLUMN answer TEXT;
ALTER TABLE urge ADD COLUMN answered_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE urge ADD COLUMN answered_by INTEGER NOT NULL DEFAULT 0;

-- desk_facts: does somebody wait for an answer?
CREATE INDEX urge_unanswered ON urge (ticket_id, unit_id) WHERE answered_at = 0;
