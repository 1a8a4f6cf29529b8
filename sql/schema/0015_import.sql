-- Old ledgers (台账) brought in: the file, its rows on their way, what is wrong
-- with them.

-- state: reading (the file is being read, rows are staged), checked (a dry run
-- is over), refused (bad rows; nothing took effect), done (it took effect),
-- cancelled, failed (the file could not be read at all).
CREATE TABLE import (
    id          INTEGER PRIMARY KEY,
    state       TEXT NOT NULL CHECK (state IN ('reading', 'checked', 'refused', 'done', 'cancelled', 'failed')),
    dry_run     INTEGER NOT NULL CHECK (dry_run IN (0, 1)),
    skip_bad    INTEGER NOT NULL CHECK (skip_bad IN (0, 1)), -- good rows take effect although others are bad
    created_at  INTEGER NOT NULL,
    actor_kind  TEXT NOT NULL,
    actor_id    INTEGER NOT NULL,
    unit_id     INTEGER NOT NULL,
    file        TEXT, -- its name in the folder of uploads; NULL: not there any more
    file_bytes  INTEGER NOT NULL,
    file_hash   BLOB NOT NULL,
    charset     TEXT, -- NULL: found out while reading
    mapping     TEXT NOT NULL, -- "field:header,..." beyond the usual names
    fixed       TEXT NOT NULL, -- "field:value,..." for rows where it is empty
    rows_read   INTEGER NOT NULL DEFAULT 0, -- up to here all is staged, or is a fault
    rows_bad    INTEGER NOT NULL DEFAULT 0,
    rows_good   INTEGER NOT NULL DEFAULT 0,
    faults      INTEGER NOT NULL DEFAULT 0,
    tickets     INTEGER NOT NULL DEFAULT 0, -- made
    finished_at INTEGER NOT NULL DEFAULT 0,
    reason      TEXT, -- failed: an error's code
    is_clean    INTEGER NOT NULL DEFAULT 0 CHECK (is_clean IN (0, 1)) -- file and staged rows are gone
) STRICT;
CREATE INDEX import_by_hash ON import (file_hash) WHERE dry_run = 0;
CREATE INDEX import_unfinished ON import (id) WHERE is_clean = 0;
CREATE UNIQUE INDEX import_by_file ON import (file) WHERE file IS NOT NULL;

-- What is wrong with a row. value is never what was typed. place keeps the
-- order in which the faults of a row were found.
CREATE TABLE import_fault (
    import_id INTEGER NOT NULL REFERENCES import (id),
    row       INTEGER NOT NULL,
    place     INTEGER NOT NULL,
    field     TEXT, -- NULL: the row as a whole
    code      TEXT NOT NULL,
    value     TEXT NOT NULL,
    PRIMARY KEY (import_id, row, place)
) STRICT, WITHOUT ROWID;

-- A good row, staged: all that one commit moves into ticket, ticket_text,
-- petitioner, assignment, reply and event. id is 16777216 * import + row, so
-- that the rows of an import are one range. The columns of ticket and
-- assignment are theirs, without their checks, which the move passes.
CREATE TABLE import_ticket (
    id                   INTEGER PRIMARY KEY,
    no                   TEXT, -- its own; NULL: made from series and ordinal
    series               TEXT, -- name in table sequence
    ordinal              INTEGER NOT NULL, -- among the import's rows of the series
    query_code           TEXT, channel TEXT, upstream TEXT, upstream_no TEXT,
    upstream_received_at INTEGER, upstream_due_at INTEGER, received_at INTEGER,
    received_by          INTEGER, occurred_at INTEGER, kind TEXT, area TEXT, category TEXT,
    urgency              TEXT, sensitive INTEGER, anonymous INTEGER, confidential INTEGER,
    may_publish          INTEGER, suspect INTEGER, has_phone INTEGER, repeat_of INTEGER,
    state                TEXT, version INTEGER, round INTEGER, hard_case INTEGER,
    lead_unit_id         INTEGER, first_dispatched_at INTEGER, dispatched_at INTEGER,
    due_at               INTEGER, effective_due_at INTEGER, clock_from_at INTEGER,
    due_provisional      INTEGER, due_capped INTEGER, light TEXT, overdue_at INTEGER,
    state_due_at         INTEGER, replied_at INTEGER, answered_at INTEGER, outcome TEXT,
    told_at              INTEGER, told_way TEXT, satisfaction_first TEXT,
    satisfaction_final   TEXT, solved INTEGER, exclude_class TEXT, published_at INTEGER,
    merged_into          INTEGER, merged_at INTEGER, merged_from_state TEXT,
    return_count         INTEGER, extension_count INTEGER, rework_count INTEGER,
    urge_count           INTEGER, citizen_urge_count INTEGER, supervision_count INTEGER,
    closed_at            INTEGER, closed_unreachable INTEGER, citizen_urged_at INTEGER,
    rated_at             INTEGER
) STRICT;
CREATE INDEX import_ticket_by_no ON import_ticket (no) WHERE no IS NOT NULL;
CREATE INDEX import_ticket_by_upstream ON import_ticket (upstream, upstream_no) WHERE upstream IS NOT NULL;

CREATE TABLE import_assignment (
    id               INTEGER PRIMARY KEY, -- of the row
    round INTEGER, unit_id INTEGER, relation TEXT, is_active INTEGER, is_visible INTEGER,
    is_counted INTEGER, is_designated INTEGER, return_refused INTEGER,
    dispatched_at INTEGER, due_at INTEGER, effective_due_at INTEGER, sign_due_at INTEGER,
    opened_at INTEGER, signed_at INTEGER, sign_late_at INTEGER, contact_due_at INTEGER,
    contacted_at INTEGER, contact_late_at INTEGER, replied_at INTEGER, overdue_at INTEGER,
    rework_count INTEGER, ended_at INTEGER, end_reason TEXT
) STRICT;

-- Erasable like the rows it becomes. petitioner_id is the one that name and
-- phone are sealed for: 2^40 + 2^32 * import + row, where no other row comes.
-- payload and salts are those of the event.
CREATE TABLE import_text (
    id            INTEGER PRIMARY KEY, -- of the row
    title         TEXT NOT NULL,
    content       TEXT NOT NULL,
    demand        TEXT,
    respondent    TEXT,
    address       TEXT,
    reply_text    TEXT,
    petitioner_id INTEGER NOT NULL,
    name          BLOB,
    phone         BLOB,
    phone_index   BLOB,
    payload       TEXT NOT NULL,
    salts         BLOB NOT NULL
) STRICT;

-- How many numbers of each series the import takes, and above which one.
CREATE TABLE import_series (
    import_id INTEGER NOT NULL REFERENCES import (id),
    name      TEXT NOT NULL,
    count     INTEGER NOT NULL DEFAULT 0,
    highest   INTEGER NOT NULL DEFAULT 0, -- of own numbers that look like ours
    base      INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (import_id, name)
) STRICT, WITHOUT ROWID;
