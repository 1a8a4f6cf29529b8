-- Files attached to tickets. The bytes lie in the folder "attachments" beside the
-- database, each under its id; a row is written when they are on disk.
CREATE TABLE attachment (
    id         TEXT NOT NULL PRIMARY KEY, -- random; the file's name in the folder
    ticket_id  INTEGER NOT NULL REFERENCES ticket (id),
    event_seq  INTEGER NOT NULL UNIQUE REFERENCES event (seq), -- that it was attached; holds the hash too
    kind       TEXT NOT NULL CHECK (kind IN ('citizen', 'reply', 'internal')),
    type       TEXT NOT NULL CHECK (type IN ('jpg', 'png', 'webp', 'pdf', 'docx', 'xlsx', 'txt', 'mp3', 'amr', 'mp4')),
    bytes      INTEGER NOT NULL CHECK (bytes > 0),
    hash       BLOB NOT NULL CHECK (length(hash) = 32), -- BLAKE2b-256 of the bytes
    name       TEXT, -- as it was sent; NULL: erased
    added_at   INTEGER NOT NULL,
    added_by   INTEGER NOT NULL, -- user; 0: citizen or another system
    unit_id    INTEGER NOT NULL,
    erased_at  INTEGER NOT NULL DEFAULT 0, -- the file is gone; the row says that there was one
    CHECK ((name IS NULL) = (erased_at > 0))
) STRICT, WITHOUT ROWID;
CREATE INDEX attachment_by_ticket ON attachment (ticket_id, event_seq);
