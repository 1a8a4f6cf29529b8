-- The second factor of who has one.

-- name: totp_find
-- access: read
SELECT secret, confirmed_at, used_step FROM totp WHERE user_id = :user_id;

-- name: totp_put
-- access: write
-- A new secret in the place of one that was never confirmed.
INSERT INTO totp (user_id, secret) VALUES (:user_id, :secret)
    ON CONFLICT (user_id) DO UPDATE
   SET secret = excluded.secret, used_step = 0
 WHERE totp.confirmed_at = 0;

-- name: totp_use
-- access: write
-- A code of :step was shown; the first one confirms.
UPDATE totp
   SET used_step = :step,
       confirmed_at = CASE confirmed_at WHEN 0 THEN :now ELSE confirmed_at END
 WHERE user_id = :user_id AND used_step < :step;

-- name: totp_delete
-- access: write
DELETE FROM totp WHERE user_id = :user_id;
