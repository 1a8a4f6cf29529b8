-- Calls of the switchboard, for the clerk whose extension rings.

-- Digits of the telephone on somebody's desk; the shifts of one desk share it.
ALTER TABLE user ADD COLUMN extension TEXT
    CHECK (extension NOT GLOB '*[^0-9]*' AND length(extension) BETWEEN 2 AND 10);
CREATE INDEX user_by_extension ON user (extension) WHERE extension IS NOT NULL;

-- One call at one extension. The caller is sealed; the row goes after some days.
CREATE TABLE call (
    id          INTEGER PRIMARY KEY,
    call_id     TEXT NOT NULL, -- the switchboard's own
    extension   TEXT NOT NULL,
    caller      BLOB,          -- NULL: withheld
    rang_at     INTEGER NOT NULL,
    answered_at INTEGER NOT NULL DEFAULT 0,
    ended_at    INTEGER NOT NULL DEFAULT 0,
    UNIQUE (call_id, extension)
) STRICT;
CREATE INDEX call_by_extension ON call (extension, id);
CREATE INDEX call_by_time ON call (rang_at);

-- Of a notice of kind `call`: which one.
ALTER TABLE outbox ADD COLUMN call_id INTEGER NOT NULL DEFAULT 0;
