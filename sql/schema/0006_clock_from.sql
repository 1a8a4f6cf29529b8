-- When the limit behind effective_due_at began to run: dispatch, rework, reopening
-- or a raised urgency; 0 when a promised day stands there, or no clock runs.  A
-- changed calendar is counted from it.
ALTER TABLE ticket ADD COLUMN clock_from_at INTEGER NOT NULL DEFAULT 0;

UPDATE ticket SET clock_from_at = dispatched_at
 WHERE effective_due_at > 0 AND effective_due_at = due_at;
