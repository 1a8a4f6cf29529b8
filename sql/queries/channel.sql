-- Channels: how citizens reach the office.

-- name: channel_list
-- access: read
-- scan: every row is wanted, at most 26
SELECT code, zh, en, letter, workdays, is_enabled, position, version
  FROM channel ORDER BY position, code;

-- name: channel_by_code
-- access: read
SELECT code, zh, en, letter, workdays, is_enabled, position, version
  FROM channel WHERE code = :code;

-- name: channel_by_letter
-- access: read
SELECT code FROM channel WHERE letter = :letter;

-- name: channel_insert
-- access: write
INSERT INTO channel (code, zh, en, letter, workdays, is_enabled, position)
VALUES (:code, :zh, :en, :letter, :workdays, :is_enabled, :position);

-- name: channel_update
-- access: write
-- Optimistic lock: changes no row when somebody else was first.
UPDATE channel
   SET zh = :zh, en = :en, letter = :letter, workdays = :workdays,
       is_enabled = :is_enabled, position = :position, version = version + 1
 WHERE code = :code AND version = :version;

-- name: channel_used
-- access: read
-- scan: only when somebody deletes a channel, and it ends at the first ticket
SELECT EXISTS (SELECT 1 FROM ticket WHERE ticket.channel = :code);

-- name: channel_delete
-- access: write
-- scan: the foreign key of ticket is looked at, only when somebody deletes a channel
DELETE FROM channel WHERE code = :code;
