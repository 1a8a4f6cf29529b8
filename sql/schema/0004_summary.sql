-- Counts kept in the transaction of the change, so that boards never aggregate.
-- verify recounts them.

-- Tickets by unit (0: no lead), state and light, as they are now.
CREATE TABLE summary_now (
    unit_id INTEGER NOT NULL,
    state   TEXT NOT NULL,
    light   TEXT NOT NULL,
    tickets INTEGER NOT NULL CHECK (tickets >= 0),
    PRIMARY KEY (unit_id, state, light)
) STRICT, WITHOUT ROWID;

-- What happened on a day, by unit and channel. measure: received, dispatched,
-- replied, overdue, returned, closed, declined.
CREATE TABLE summary_day (
    day     INTEGER NOT NULL,
    measure TEXT NOT NULL,
    unit_id INTEGER NOT NULL,
    channel TEXT NOT NULL,
    tickets INTEGER NOT NULL,
    PRIMARY KEY (day, measure, unit_id, channel)
) STRICT, WITHOUT ROWID;
