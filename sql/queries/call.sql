-- Calls of the switchboard.

-- name: call_clerks
-- access: read
-- Whose telephone it is.
SELECT id, unit_id
  FROM user
 WHERE extension = :extension AND extension IS NOT NULL
   AND is_enabled = 1 AND roles & :roles <> 0
 ORDER BY id
 LIMIT :limit;

-- name: call_find
-- access: read
-- A switchboard's own: another one cannot end it.
SELECT id, answered_at, ended_at
  FROM call
 WHERE token_id = :token_id AND call_id = :call_id AND extension = :extension;

-- name: call_insert
-- access: write
INSERT INTO call (token_id, call_id, extension, rang_at)
VALUES (:token_id, :call_id, :extension, :at)
RETURNING id;

-- name: call_clerk_insert
-- access: write
-- The call came for the clerk: who has the extension later does not read it.
INSERT OR IGNORE INTO call_clerk (call_id, user_id) VALUES (:id, :user_id);

-- name: call_set_caller
-- access: write
UPDATE call SET caller = :caller WHERE id = :id;

-- name: call_answered
-- access: write
UPDATE call SET answered_at = :at WHERE id = :id AND answered_at = 0;

-- name: call_ended
-- access: write
UPDATE call SET ended_at = :at WHERE id = :id AND ended_at = 0;

-- name: call_list
-- access: read
SELECT call.id, call.caller, call.rang_at, call.answered_at, call.ended_at
  FROM call
 WHERE call.extension = :extension
   AND EXISTS (SELECT 1 FROM call_clerk
                WHERE call_clerk.call_id = call.id AND call_clerk.user_id = :user_id)
 ORDER BY call.id DESC
 LIMIT :limit;

-- name: call_ticket
-- access: read
-- What was recorded of a caller since the call: the first ticket of that phone.
SELECT ticket.no
  FROM petitioner AS person INDEXED BY petitioner_by_phone
 CROSS JOIN ticket
 WHERE person.phone_index IS NOT NULL AND person.phone_index = :phone_index
   AND person.from_ticket = 0
   AND ticket.id = person.ticket_id AND ticket.received_at > :since
 ORDER BY person.id
 LIMIT 1;

-- name: call_sweep
-- access: write
DELETE FROM call
 WHERE id IN (SELECT old.id FROM call AS old
               WHERE old.rang_at < :before ORDER BY old.rang_at LIMIT :limit);

-- name: outbox_insert_call
-- access: write
INSERT INTO outbox (at, not_before, kind, ticket_id, unit_id, user_id, is_alarm, call_id)
VALUES (:at, :at, 'call', 0, :unit_id, :user_id, 0, :call_id);
