-- Holidays and make-up workdays, as the import and the command line use them.

-- name: calendar_exceptions
-- access: read
-- Days :from to :to, both included.
SELECT day, is_workday, name FROM calendar_day
 WHERE day BETWEEN :from AND :to ORDER BY day;

-- name: calendar_years
-- access: read
-- scan: some dozen rows, all wanted
SELECT year, loaded_at, source FROM calendar_year ORDER BY year;

-- name: calendar_year_put
-- access: write
INSERT INTO calendar_year (year, loaded_at, source) VALUES (:year, :loaded_at, :source)
    ON CONFLICT (year) DO UPDATE
   SET loaded_at = excluded.loaded_at, source = excluded.source;

-- name: calendar_days_clear
-- access: write
DELETE FROM calendar_day WHERE day BETWEEN :from AND :to;

-- name: calendar_day_put
-- access: write
INSERT INTO calendar_day (day, is_workday, name) VALUES (:day, :is_workday, :name)
    ON CONFLICT (day) DO UPDATE
   SET is_workday = excluded.is_workday, name = excluded.name;

-- name: calendar_day_drop
-- access: write
DELETE FROM calendar_day WHERE day = :day;

-- name: calendar_running_tickets
-- access: read
-- Open tickets of one state whose clock a changed calendar may move.
SELECT id FROM ticket WHERE state = :state AND effective_due_at > 0 ORDER BY effective_due_at, id;
