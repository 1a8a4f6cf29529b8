-- The days of the board's trend, each a list: what was closed on a day, what became
-- late on it and is still marked so.

-- ticket_list_closed_range
CREATE INDEX ticket_by_closed ON ticket (closed_at, id) WHERE closed_at > 0;

-- ticket_list_overdue_range
CREATE INDEX ticket_by_overdue ON ticket (overdue_at, id) WHERE overdue_at > 0;
