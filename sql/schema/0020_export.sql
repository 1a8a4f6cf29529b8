-- Lists as files: asked for by one user, made by a thread behind, kept for some hours.

-- id is random and names the file in the folder of exports.  list and query say
-- what is in it, as the list's path and query do; mark is what the file says of
-- itself.  The file shows what the user saw with that unit and these roles, so it
-- is handed out only while they are the same.  attempts: begun so often; one that
-- a kill interrupted is begun again.
CREATE TABLE export (
    id          TEXT PRIMARY KEY,
    state       TEXT NOT NULL CHECK (state IN ('waiting', 'making') OR state IN ('ready', 'failed')),
    list        TEXT NOT NULL,
    query       TEXT NOT NULL,
    format      TEXT NOT NULL CHECK (format IN ('csv', 'xlsx')),
    language    TEXT NOT NULL CHECK (language IN ('zh', 'en')),
    mark        TEXT NOT NULL,
    name        TEXT NOT NULL, -- of the file when it is saved
    user_id     INTEGER NOT NULL REFERENCES user (id),
    unit_id     INTEGER NOT NULL,
    roles       INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    attempts    INTEGER NOT NULL DEFAULT 0,
    rows        INTEGER NOT NULL DEFAULT 0,
    bytes       INTEGER NOT NULL DEFAULT 0,
    finished_at INTEGER NOT NULL DEFAULT 0,
    expires_at  INTEGER NOT NULL DEFAULT 0, -- 0: not finished
    reason      TEXT -- failed: an error's code
) STRICT;
CREATE INDEX export_by_user ON export (user_id, created_at);
CREATE INDEX export_unfinished ON export (created_at, id) WHERE expires_at = 0;
CREATE INDEX export_by_expiry ON export (expires_at) WHERE expires_at > 0;
