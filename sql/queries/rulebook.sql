-- What the rulebook holds: read at the start and after each change of it.

-- name: rulebook_years
-- access: read
-- scan: every row is wanted
SELECT year FROM calendar_year ORDER BY year;

-- name: rulebook_days
-- access: read
-- scan: every row is wanted
SELECT day, is_workday FROM calendar_day ORDER BY day;

-- name: rulebook_channels
-- access: read
-- scan: every row is wanted, a handful
SELECT code, zh, en, letter, workdays, is_enabled FROM channel ORDER BY position, code;

-- name: rulebook_limits
-- access: read
-- scan: every row is wanted, two dozen
SELECT step, urgency, amount, unit FROM limit_rule;

-- name: rulebook_settings
-- access: read
-- scan: every row is wanted, a few dozen
SELECT name, value FROM setting;

-- name: rulebook_versions
-- access: read
-- scan: both rows are wanted
SELECT list, version FROM setting_version;

-- name: rulebook_units
-- access: read
-- scan: every row is wanted, some dozens
SELECT id, code, name, short_name FROM unit ORDER BY id;
