-- API tokens: how other systems sign in. Only the hash of the secret is kept.
-- scopes is a set of bits, see enum scope. A token that was removed stays, so
-- that the trail can name it. expires_at 0: never.
CREATE TABLE token (
    id           INTEGER PRIMARY KEY,
    name         TEXT NOT NULL,
    secret_hash  BLOB NOT NULL,
    scopes       INTEGER NOT NULL CHECK (scopes > 0),
    platform     TEXT, -- the only one that scope `upstream` may speak for
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL DEFAULT 0,
    last_used_at INTEGER NOT NULL DEFAULT 0,
    removed_at   INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX token_by_name ON token (name) WHERE removed_at = 0;
