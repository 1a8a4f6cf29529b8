-- API tokens. The hash of a secret is read by the gate alone.

-- fragment: token_columns
    token.id, token.name, token.scopes, token.platform, token.created_at,
    token.expires_at, token.last_used_at

-- name: token_by_id
-- access: read
SELECT /*= token_columns */, token.secret_hash
  FROM token
 WHERE token.id = :id AND token.removed_at = 0;

-- name: token_by_name
-- access: read
SELECT token.id FROM token WHERE token.name = :name AND token.removed_at = 0;

-- name: token_list
-- access: read
SELECT /*= token_columns */
  FROM token
 WHERE token.id > :after AND token.removed_at = 0
 ORDER BY token.id
 LIMIT :limit;

-- name: token_insert
-- access: write
INSERT INTO token (name, secret_hash, scopes, platform, created_at, expires_at)
VALUES (:name, :secret_hash, :scopes, :platform, :created_at, :expires_at)
RETURNING id;

-- name: token_touch
-- access: write
UPDATE token SET last_used_at = :at WHERE id = :id AND last_used_at < :at;

-- name: token_remove
-- access: write
UPDATE token SET removed_at = :at WHERE id = :id AND removed_at = 0;
