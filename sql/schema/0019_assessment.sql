-- What tickets contribute to the assessment of units (product: reports), and the
-- sums of it by day.  Both are written in the transaction of the change they
-- follow from; verify derives and counts them again.

-- measures is a set of bits, see enum assessment_measure: facts about one subject
-- (an assignment, a return, a promise, a supervision, a record of accountability;
-- 0: the ticket itself) for one unit (0: the office) on one day.
CREATE TABLE assessment_fact (
    id        INTEGER PRIMARY KEY,
    ticket_id INTEGER NOT NULL REFERENCES ticket (id),
    unit_id   INTEGER NOT NULL,
    day       INTEGER NOT NULL,
    subject   INTEGER NOT NULL,
    is_web    INTEGER NOT NULL CHECK (is_web IN (0, 1)),
    measures  INTEGER NOT NULL CHECK (measures > 0),
    workdays  INTEGER NOT NULL DEFAULT 0 -- of an accepted reply, by the calendar of that time
) STRICT;
CREATE INDEX assessment_fact_by_ticket ON assessment_fact (ticket_id);
CREATE INDEX assessment_fact_by_unit ON assessment_fact (unit_id, day);

-- How many facts hold a measure (its bit's place), and the sum of their workdays.
CREATE TABLE assessment_day (
    day      INTEGER NOT NULL,
    unit_id  INTEGER NOT NULL,
    is_web   INTEGER NOT NULL,
    measure  INTEGER NOT NULL,
    facts    INTEGER NOT NULL CHECK (facts >= 0),
    workdays INTEGER NOT NULL CHECK (workdays >= 0),
    PRIMARY KEY (day, unit_id, is_web, measure)
) STRICT, WITHOUT ROWID;

-- The facts of a row of a ledger that is not yet in effect; subject 1: its assignment.
CREATE TABLE import_fact (
    id       INTEGER NOT NULL, -- import_ticket
    unit_id  INTEGER NOT NULL,
    day      INTEGER NOT NULL,
    subject  INTEGER NOT NULL,
    is_web   INTEGER NOT NULL,
    measures INTEGER NOT NULL,
    workdays INTEGER NOT NULL,
    PRIMARY KEY (id, unit_id, day, subject)
) STRICT, WITHOUT ROWID;
