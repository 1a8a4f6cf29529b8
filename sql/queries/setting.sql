-- What the office has set: limits and settings that differ from the defaults.

-- name: limit_rule_put
-- access: write
INSERT INTO limit_rule (step, urgency, amount, unit)
VALUES (:step, :urgency, :amount, :unit)
ON CONFLICT (step, urgency) DO UPDATE SET amount = excluded.amount, unit = excluded.unit;

-- name: limit_rule_delete
-- access: write
DELETE FROM limit_rule WHERE step = :step AND urgency = :urgency;

-- name: setting_put
-- access: write
INSERT INTO setting (name, value) VALUES (:name, :value)
ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- name: setting_delete
-- access: write
DELETE FROM setting WHERE name = :name;

-- name: setting_version_next
-- access: write
-- Optimistic lock: changes no row when somebody else was first.
UPDATE setting_version SET version = version + 1 WHERE list = :list AND version = :version;
