-- People. The hash of a password is read by sign-in alone.

-- fragment: user_columns
    user.id, user.login, user.name, user.unit_id, unit.code, unit.name, user.roles,
    user.epoch, user.is_enabled, user.created_at, user.version,
    user.must_change_password,
    EXISTS (SELECT 1 FROM totp WHERE totp.user_id = user.id AND totp.confirmed_at > 0),
    user.extension

-- name: user_by_login
-- access: read
SELECT /*= user_columns */
  FROM user JOIN unit ON unit.id = user.unit_id
 WHERE user.login = :login;

-- name: user_by_id
-- access: read
SELECT /*= user_columns */
  FROM user JOIN unit ON unit.id = user.unit_id
 WHERE user.id = :id;

-- name: user_password
-- access: read
SELECT password_hash FROM user WHERE id = :id;

-- name: user_list
-- access: read
-- roles: a set, any of which; 0 for all.
SELECT /*= user_columns */
  FROM user JOIN unit ON unit.id = user.unit_id
 WHERE user.id > :after
   AND (:roles = 0 OR user.roles & :roles <> 0)
   AND (:unit IS NULL OR unit.code = :unit)
   AND (:enabled IS NULL OR user.is_enabled = :enabled)
 ORDER BY user.id
 LIMIT :limit;

-- name: user_other_with_role
-- access: read
-- scan: some hundred people, and only when an administrator is changed
SELECT id FROM user
 WHERE id <> :id AND is_enabled = 1 AND roles & :roles <> 0
 LIMIT 1;

-- name: user_used
-- access: read
-- scan: foreign keys of few rows, only when somebody deletes an account
-- Whoever ever did something, signing in included, is the actor of an event.
SELECT EXISTS (SELECT 1 FROM event WHERE actor_kind = 'user' AND actor_id = :id)
    OR EXISTS (SELECT 1 FROM submission WHERE leader_id = :id)
    OR EXISTS (SELECT 1 FROM instruction WHERE leader_id = :id)
    OR EXISTS (SELECT 1 FROM outbox WHERE user_id = :id);

-- name: user_delete
-- access: write
-- scan: foreign keys are looked at, only when somebody deletes an account
DELETE FROM user WHERE id = :id;

-- name: user_insert
-- access: write
INSERT INTO user (login, name, unit_id, roles, password_hash, must_change_password,
                  extension, created_at)
VALUES (:login, :name, :unit_id, :roles, :password_hash, :must_change_password,
        :extension, :created_at)
RETURNING id;

-- name: user_update
-- access: write
-- Optimistic lock: changes no row when somebody else was first.
UPDATE user
   SET name = :name, unit_id = :unit_id, roles = :roles, is_enabled = :is_enabled,
       epoch = :epoch, extension = :extension, version = version + 1
 WHERE id = :id AND version = :version;

-- name: user_set_password
-- access: write
UPDATE user
   SET password_hash = :password_hash, must_change_password = :must_change_password
 WHERE id = :id;

-- name: user_set_own_password
-- access: write
-- Ends the sessions that began with the old one: the one that goes on is given the new epoch.
UPDATE user
   SET password_hash = :password_hash, must_change_password = 0, epoch = epoch + 1,
       version = version + 1
 WHERE id = :id;
