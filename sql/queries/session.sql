-- Who is signed in. Looked up by the hash of the cookie on every request.

-- name: session_by_token
-- access: read
SELECT session.id, session.user_id, session.epoch, session.csrf, session.last_seen_at,
       session.expires_at, user.epoch, user.is_enabled, user.login, user.name, user.roles,
       user.unit_id, unit.code, unit.name, unit.sign_off, user.must_change_password
  FROM session
  JOIN user ON user.id = session.user_id
  JOIN unit ON unit.id = user.unit_id
 WHERE session.token_hash = :token_hash;

-- name: session_of_user
-- access: read
-- Those that have not ended by their age; a user has few of them (session_trim).
SELECT session.id, session.address, session.created_at, session.last_seen_at,
       session.expires_at
  FROM session
  JOIN user ON user.id = session.user_id
 WHERE session.user_id = :user_id AND session.epoch = user.epoch
   AND session.expires_at > :now
 ORDER BY session.id DESC
 LIMIT :limit;

-- name: session_insert
-- access: write
INSERT INTO session (token_hash, user_id, epoch, csrf, address, created_at, last_seen_at,
                     expires_at)
VALUES (:token_hash, :user_id, :epoch, :csrf, :address, :now, :now, :expires_at)
RETURNING id;

-- name: session_touch
-- access: write
UPDATE session SET last_seen_at = :at WHERE id = :id AND last_seen_at < :at;

-- name: session_delete
-- access: write
DELETE FROM session WHERE id = :id;

-- name: session_delete_of_user
-- access: write
DELETE FROM session WHERE user_id = :user_id;

-- name: session_delete_one_of_user
-- access: write
DELETE FROM session WHERE id = :id AND user_id = :user_id;

-- name: session_delete_others
-- access: write
DELETE FROM session WHERE user_id = :user_id AND id <> :id;

-- name: session_renew_epoch
-- access: write
-- Of who has just changed the password: this session goes on.
UPDATE session
   SET epoch = (SELECT user.epoch FROM user WHERE user.id = session.user_id)
 WHERE id = :id;

-- name: session_trim
-- access: write
-- Keep the newest :keep sessions of one user.
DELETE FROM session
 WHERE user_id = :user_id
   AND id NOT IN (SELECT newest.id FROM session AS newest
                   WHERE newest.user_id = :user_id ORDER BY newest.id DESC LIMIT :keep);

-- name: session_sweep
-- access: write
DELETE FROM session
 WHERE id IN (SELECT old.id FROM session AS old
               WHERE old.expires_at <= :now ORDER BY old.expires_at LIMIT :limit);
