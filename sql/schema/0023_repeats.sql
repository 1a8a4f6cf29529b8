-- One matter that citizens bring again and again (重复反映).

-- The tickets that name a ticket as the one they repeat.
CREATE INDEX ticket_by_repeat ON ticket (repeat_of) WHERE repeat_of > 0;

-- A matter that was repeated so often that a supervisor shall look at it; once each.
-- first_id: its oldest ticket then. ticket_id: where it was noticed, which the to-do shows.
CREATE TABLE repeated_matter (
    first_id   INTEGER PRIMARY KEY REFERENCES ticket (id),
    ticket_id  INTEGER NOT NULL REFERENCES ticket (id),
    noticed_at INTEGER NOT NULL,
    waits      INTEGER NOT NULL CHECK (waits IN (0, 1)), -- for a supervisor
    settled_at INTEGER NOT NULL DEFAULT 0,
    settled_by INTEGER NOT NULL DEFAULT 0
) STRICT;
-- ticket_list_todo, group repeated.
CREATE INDEX repeated_waits ON repeated_matter (waits, ticket_id) WHERE waits = 1;
