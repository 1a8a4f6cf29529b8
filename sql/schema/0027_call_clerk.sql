-- A call is its switchboard's, and shown to whom it came for.

CREATE TABLE call_of_token (
    id          INTEGER PRIMARY KEY,
    token_id    INTEGER NOT NULL, -- whose call_id it is; 0: told before this was kept
    call_id     TEXT NOT NULL,    -- the switchboard's own
    extension   TEXT NOT NULL,
    caller      BLOB,             -- NULL: withheld
    rang_at     INTEGER NOT NULL,
    answered_at INTEGER NOT NULL DEFAULT 0,
    ended_at    INTEGER NOT NULL DEFAULT 0,
    UNIQUE (token_id, call_id, extension)
) STRICT;
INSERT INTO call_of_token (id, token_id, call_id, extension, caller, rang_at, answered_at, ended_at)
SELECT id, 0, call_id, extension, caller, rang_at, answered_at, ended_at FROM call;
DROP TABLE call;
ALTER TABLE call_of_token RENAME TO call;
CREATE INDEX call_by_extension ON call (extension, id);
CREATE INDEX call_by_time ON call (rang_at);

-- The clerks of the extension when the call came; nobody else reads the caller.
CREATE TABLE call_clerk (
    call_id INTEGER NOT NULL REFERENCES call (id) ON DELETE CASCADE,
    user_id INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
    PRIMARY KEY (call_id, user_id)
) STRICT, WITHOUT ROWID;
INSERT OR IGNORE INTO call_clerk (call_id, user_id)
SELECT outbox.call_id, outbox.user_id
  FROM outbox
  JOIN call ON call.id = outbox.call_id
  JOIN user ON user.id = outbox.user_id
 WHERE outbox.kind = 'call';
