-- Tables moment, moment_fired and outbox.

-- name: moments_of_ticket
-- access: read
SELECT kind, subject, due_at
  FROM moment
 WHERE ticket_id = :ticket_id;

-- name: moment_save
-- access: write
INSERT INTO moment (ticket_id, kind, subject, due_at)
VALUES (:ticket_id, :kind, :subject, :due_at)
    ON CONFLICT (ticket_id, kind, subject) DO UPDATE SET due_at = excluded.due_at;

-- name: moment_drop
-- access: write
DELETE FROM moment
 WHERE ticket_id = :ticket_id AND kind = :kind AND subject = :subject;

-- name: moment_has_fired
-- access: read
SELECT 1
  FROM moment_fired
 WHERE ticket_id = :ticket_id AND kind = :kind AND subject = :subject AND due_at = :due_at;

-- name: moment_next
-- access: read
SELECT ticket_id, kind, subject, due_at
  FROM moment
 WHERE due_at < :now
 ORDER BY due_at, ticket_id
 LIMIT 1;

-- name: moment_fire
-- access: write
INSERT INTO moment_fired (ticket_id, kind, subject, due_at, fired_at)
VALUES (:ticket_id, :kind, :subject, :due_at, :fired_at)
    ON CONFLICT DO NOTHING;

-- name: moment_earliest
-- access: read
SELECT due_at
  FROM moment
 WHERE due_at > 0
 ORDER BY due_at
 LIMIT 1;

-- name: outbox_insert
-- access: write
INSERT INTO outbox (at, not_before, kind, ticket_id, unit_id, user_id, is_alarm)
VALUES (:at, :not_before, :kind, :ticket_id, :unit_id, :user_id, :is_alarm);

-- name: outbox_mark_seen
-- access: write
UPDATE outbox
   SET seen_at = :now
 WHERE ticket_id = :ticket_id AND unit_id = :unit_id AND seen_at = 0;
