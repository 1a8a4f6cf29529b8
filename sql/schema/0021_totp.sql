-- The second factor of who has one: codes by time (RFC 6238). The secret is sealed.
CREATE TABLE totp (
    user_id      INTEGER PRIMARY KEY REFERENCES user (id),
    secret       BLOB NOT NULL,
    confirmed_at INTEGER NOT NULL DEFAULT 0, -- 0: no code was shown yet, it counts for nothing
    used_step    INTEGER NOT NULL DEFAULT 0  -- the last step a code was taken of; none counts twice
) STRICT;
