-- Reports that stay as they were said.

-- A month that was published: all that its numbers are made of (units with their
-- sums, weights, the version of the formulas), so that computing them again gives
-- the same, whatever happened to tickets since.
CREATE TABLE report_published (
    month           TEXT NOT NULL PRIMARY KEY CHECK (month GLOB '[12][0-9][0-9][0-9]-[01][0-9]'),
    formula_version INTEGER NOT NULL,
    published_at    INTEGER NOT NULL,
    published_by    INTEGER NOT NULL, -- user
    inputs          TEXT NOT NULL -- JSON
) STRICT, WITHOUT ROWID;

-- 专报 (special) and 通报 (circular): made from figures, edited, and frozen with a
-- number when issued.
CREATE TABLE bulletin (
    id         INTEGER PRIMARY KEY,
    kind       TEXT NOT NULL CHECK (kind IN ('special', 'circular')),
    state      TEXT NOT NULL CHECK (state IN ('draft', 'issued')),
    number     TEXT UNIQUE, -- 静督〔2026〕3号; NULL while a draft
    from_day   INTEGER NOT NULL,
    to_day     INTEGER NOT NULL CHECK (to_day >= from_day),
    title      TEXT NOT NULL,
    text       TEXT NOT NULL,
    version    INTEGER NOT NULL DEFAULT 1,
    created_at INTEGER NOT NULL,
    created_by INTEGER NOT NULL, -- user
    issued_at  INTEGER NOT NULL DEFAULT 0,
    issued_by  INTEGER NOT NULL DEFAULT 0,
    CHECK ((state = 'issued') = (number IS NOT NULL))
) STRICT;
