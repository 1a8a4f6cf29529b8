-- What forms offer and keep: phrases, templates, unsent drafts, saved filters.

CREATE TABLE phrase (
    id         INTEGER PRIMARY KEY,
    kind       TEXT NOT NULL CHECK (kind IN ('evasive', 'quick', 'sensitive', 'spam')),
    text       TEXT NOT NULL,
    is_enabled INTEGER NOT NULL DEFAULT 1 CHECK (is_enabled IN (0, 1)),
    version    INTEGER NOT NULL DEFAULT 1,
    UNIQUE (kind, text)
) STRICT;

-- unit_id NULL: for all units.
CREATE TABLE template (
    id         INTEGER PRIMARY KEY,
    kind       TEXT NOT NULL CHECK (kind IN ('reply', 'interim_reply', 'guidance', 'dispatch', 'urge', 'supervise', 'callback')),
    title      TEXT NOT NULL,
    text       TEXT NOT NULL,
    unit_id    INTEGER REFERENCES unit (id),
    is_enabled INTEGER NOT NULL DEFAULT 1 CHECK (is_enabled IN (0, 1)),
    version    INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX template_by_unit ON template (unit_id) WHERE unit_id IS NOT NULL;

-- Unsent forms of a user. content is sealed: it holds what a citizen said.
CREATE TABLE draft (
    id       INTEGER PRIMARY KEY,
    user_id  INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
    form     TEXT NOT NULL,
    subject  TEXT NOT NULL,
    content  BLOB,
    saved_at INTEGER NOT NULL,
    UNIQUE (user_id, form, subject)
) STRICT;
CREATE INDEX draft_by_time ON draft (saved_at);

-- Saved filters; a shared one is seen by the people of its owner's unit.
CREATE TABLE saved_view (
    id        INTEGER PRIMARY KEY,
    user_id   INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
    name      TEXT NOT NULL,
    list      TEXT NOT NULL,
    query     TEXT NOT NULL,
    is_shared INTEGER NOT NULL CHECK (is_shared IN (0, 1)),
    UNIQUE (user_id, list, name)
) STRICT;
