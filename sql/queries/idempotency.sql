-- What a key of an actor did.

-- name: idempotency_find
-- access: read
SELECT body_hash, at, result FROM idempotency WHERE actor = :actor AND key = :key;

-- name: idempotency_save
-- access: write
-- Replaces a row that is too old to count but not swept yet.
INSERT INTO idempotency (actor, key, body_hash, at, result)
VALUES (:actor, :key, :body_hash, :at, :result)
    ON CONFLICT (actor, key) DO UPDATE
   SET body_hash = excluded.body_hash, at = excluded.at, result = excluded.result;

-- name: idempotency_sweep
-- access: write
DELETE FROM idempotency
 WHERE (actor, key) IN (SELECT old.actor, old.key FROM idempotency AS old
                         WHERE old.at < :before ORDER BY old.at LIMIT :limit);
