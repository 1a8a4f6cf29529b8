-- Wrong passwords by account and network.

-- name: login_find
-- access: read
SELECT failures, last_at, locked_until
  FROM login_failure
 WHERE login = :login AND network = :network;

-- name: login_put
-- access: write
INSERT INTO login_failure (login, network, failures, last_at, locked_until)
VALUES (:login, :network, :failures, :last_at, :locked_until)
    ON CONFLICT (login, network) DO UPDATE
   SET failures = excluded.failures, last_at = excluded.last_at,
       locked_until = excluded.locked_until;

-- name: login_clear
-- access: write
DELETE FROM login_failure WHERE login = :login AND network = :network;

-- name: login_sweep
-- access: write
DELETE FROM login_failure
 WHERE (login, network) IN (SELECT old.login, old.network FROM login_failure AS old
                             WHERE old.last_at < :before ORDER BY old.last_at LIMIT :limit);
