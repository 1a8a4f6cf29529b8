-- Daily and weekly briefs (日报, 周报) are bulletins too: worded from the figures, edited,
-- numbered and frozen.  Their figures are kept beside the text, and what the office was
-- called when a bulletin was issued.
CREATE TABLE bulletin_wider (
    id         INTEGER PRIMARY KEY,
    kind       TEXT NOT NULL CHECK (kind IN ('special', 'circular', 'daily', 'weekly')),
    state      TEXT NOT NULL CHECK (state IN ('draft', 'issued')),
    number     TEXT UNIQUE, -- 静督〔2026〕3号; NULL while a draft
    from_day   INTEGER NOT NULL,
    to_day     INTEGER NOT NULL CHECK (to_day >= from_day),
    title      TEXT NOT NULL,
    text       TEXT NOT NULL,
    figures    TEXT, -- JSON, as GET /reports/brief has it; NULL where only words are said
    office     TEXT, -- NULL while a draft
    version    INTEGER NOT NULL DEFAULT 1,
    created_at INTEGER NOT NULL,
    created_by INTEGER NOT NULL, -- user
    issued_at  INTEGER NOT NULL DEFAULT 0,
    issued_by  INTEGER NOT NULL DEFAULT 0,
    CHECK ((state = 'issued') = (number IS NOT NULL))
) STRICT;

INSERT INTO bulletin_wider (id, kind, state, number, from_day, to_day, title, text, version,
                            created_at, created_by, issued_at, issued_by)
SELECT id, kind, state, number, from_day, to_day, title, text, version, created_at, created_by,
       issued_at, issued_by
  FROM bulletin;

DROP TABLE bulletin;

ALTER TABLE bulletin_wider RENAME TO bulletin;
