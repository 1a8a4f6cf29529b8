-- Lists as files.

-- fragment: export_columns
    id, state, list, query, format, language, mark, name, user_id, unit_id, roles,
    created_at, attempts, rows, bytes, finished_at, expires_at, reason

-- name: export_insert
-- access: write
INSERT INTO export (id, state, list, query, format, language, mark, name, user_id, unit_id,
                    roles, created_at)
VALUES (:id, 'waiting', :list, :query, :format, :language, :mark, :name, :user_id, :unit_id,
        :roles, :created_at);

-- name: export_by_id
-- access: read
SELECT /*= export_columns */ FROM export WHERE id = :id;

-- name: export_list
-- access: read
SELECT /*= export_columns */ FROM export
 WHERE user_id = :user_id
 ORDER BY created_at DESC, id DESC
 LIMIT :limit;

-- name: export_next
-- access: read
-- scan: only what is not finished stands in the index
-- What a kill has left as being made is made again.
SELECT /*= export_columns */ FROM export INDEXED BY export_unfinished
 WHERE expires_at = 0
 ORDER BY created_at, id
 LIMIT 1;

-- name: export_count_unfinished
-- access: read
SELECT count(*) FROM export WHERE user_id = :user_id AND expires_at = 0;

-- name: export_trim
-- access: write
-- The oldest finished ones, so that `keep` remain.
DELETE FROM export
 WHERE id IN (SELECT id FROM export
               WHERE user_id = :user_id AND expires_at > 0
               ORDER BY created_at DESC, id DESC
               LIMIT -1 OFFSET :keep);

-- name: export_begin
-- access: write
UPDATE export SET state = 'making', attempts = attempts + 1 WHERE id = :id;

-- name: export_end
-- access: write
UPDATE export
   SET state = :state, rows = :rows, bytes = :bytes, finished_at = :now,
       expires_at = :expires_at, reason = :reason
 WHERE id = :id AND expires_at = 0;

-- name: export_expire
-- access: write
DELETE FROM export WHERE expires_at > 0 AND expires_at <= :now;

-- name: export_next_expiry
-- access: read
SELECT expires_at FROM export INDEXED BY export_by_expiry
 WHERE expires_at > 0
 ORDER BY expires_at
 LIMIT 1;

-- name: export_forget
-- access: write
-- scan: all of them go
DELETE FROM export;
