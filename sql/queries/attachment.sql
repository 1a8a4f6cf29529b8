-- Table attachment. The files are the store's too: src/store/upload.c.

-- name: attachment_insert
-- access: write
INSERT INTO attachment (id, ticket_id, event_seq, kind, type, bytes, hash, name, added_at,
                        added_by, unit_id)
VALUES (:id, :ticket_id, :event_seq, :kind, :type, :bytes, :hash, :name, :added_at,
        :added_by, :unit_id);

-- name: attachment_count
-- access: read
-- Erased ones do not count: their place is free.
SELECT count(*)
  FROM attachment
 WHERE ticket_id = :ticket_id AND erased_at = 0;

-- name: attachment_count_citizens
-- access: read
-- Those that citizens brought themselves; a clerk may add what they send by other ways.
SELECT count(*)
  FROM attachment
 WHERE ticket_id = :ticket_id AND kind = 'citizen' AND added_by = 0 AND erased_at = 0;

-- name: attachment_by_id
-- access: read
SELECT attachment.id, attachment.ticket_id, attachment.kind, attachment.type,
       attachment.bytes, attachment.hash, attachment.name, attachment.added_at,
       user.name, unit.code, unit.name, unit.short_name
  FROM attachment
  LEFT JOIN user ON user.id = attachment.added_by
  LEFT JOIN unit ON unit.id = attachment.unit_id
 WHERE attachment.id = :id AND attachment.erased_at = 0;

-- name: attachments_of_ticket
-- access: read
SELECT attachment.id, attachment.ticket_id, attachment.kind, attachment.type,
       attachment.bytes, attachment.hash, attachment.name, attachment.added_at,
       user.name, unit.code, unit.name, unit.short_name
  FROM attachment
  LEFT JOIN user ON user.id = attachment.added_by
  LEFT JOIN unit ON unit.id = attachment.unit_id
 WHERE attachment.ticket_id = :ticket_id AND attachment.erased_at = 0
 ORDER BY attachment.event_seq
 LIMIT :limit;

-- name: attachment_is_kept
-- access: read
-- Has the file with this name a row that still needs it?
SELECT 1
  FROM attachment
 WHERE id = :id AND erased_at = 0
 UNION ALL
SELECT 1
  FROM import
 WHERE file IS NOT NULL AND file = :id;

-- name: backup_files
-- access: read
-- scan: a backup takes all of them
-- Every file that a row needs.  A ledger being read may be over, and its file gone,
-- before it is copied: is_certain 0.
SELECT id AS file, 1 AS is_certain FROM attachment WHERE erased_at = 0
 UNION ALL
SELECT file, 0 FROM import WHERE file IS NOT NULL;
