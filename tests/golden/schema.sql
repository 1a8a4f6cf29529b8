-- The schema after the last step; UPDATE_GOLDEN=1 make test T=queries writes it.

CREATE TABLE accountability (
    id          INTEGER PRIMARY KEY,
    ticket_id   INTEGER NOT NULL REFERENCES ticket (id),
    unit_id     INTEGER NOT NULL REFERENCES unit (id),
    person      TEXT,
    finding     TEXT,
    measure     TEXT,
    decided_day INTEGER NOT NULL,
    laid_at     INTEGER NOT NULL,
    laid_by     INTEGER NOT NULL -- user
) STRICT;

CREATE INDEX accountability_by_ticket ON accountability (ticket_id);

CREATE INDEX accountability_by_unit ON accountability (unit_id);

CREATE TABLE area (
    code   TEXT NOT NULL PRIMARY KEY,
    parent TEXT REFERENCES area (code),
    name   TEXT NOT NULL
, is_enabled INTEGER NOT NULL DEFAULT 1 CHECK (is_enabled IN (0, 1)), position INTEGER NOT NULL DEFAULT 0, search_key TEXT NOT NULL DEFAULT '', version INTEGER NOT NULL DEFAULT 1) STRICT, WITHOUT ROWID;

CREATE INDEX area_by_parent ON area (parent);

CREATE TABLE assessment_day (
    day      INTEGER NOT NULL,
    unit_id  INTEGER NOT NULL,
    is_web   INTEGER NOT NULL,
    measure  INTEGER NOT NULL,
    facts    INTEGER NOT NULL CHECK (facts >= 0),
    workdays INTEGER NOT NULL CHECK (workdays >= 0),
    PRIMARY KEY (day, unit_id, is_web, measure)
) STRICT, WITHOUT ROWID;

CREATE TABLE assessment_fact (
    id        INTEGER PRIMARY KEY,
    ticket_id INTEGER NOT NULL REFERENCES ticket (id),
    unit_id   INTEGER NOT NULL,
    day       INTEGER NOT NULL,
    subject   INTEGER NOT NULL,
    is_web    INTEGER NOT NULL CHECK (is_web IN (0, 1)),
    measures  INTEGER NOT NULL CHECK (measures > 0),
    workdays  INTEGER NOT NULL DEFAULT 0 -- of an accepted reply, by the calendar of that time
) STRICT;

CREATE INDEX assessment_fact_by_ticket ON assessment_fact (ticket_id);

CREATE INDEX assessment_fact_by_unit ON assessment_fact (unit_id, day);

CREATE TABLE assignment (
    id               INTEGER PRIMARY KEY,
    ticket_id        INTEGER NOT NULL REFERENCES ticket (id),
    round            INTEGER NOT NULL,
    unit_id          INTEGER NOT NULL REFERENCES unit (id),
    relation         TEXT NOT NULL CHECK (relation IN ('lead', 'co')),
    is_active        INTEGER NOT NULL CHECK (is_active IN (0, 1)),
    is_visible       INTEGER NOT NULL CHECK (is_visible IN (0, 1)),
    is_counted       INTEGER NOT NULL CHECK (is_counted IN (0, 1)),
    is_designated    INTEGER NOT NULL CHECK (is_designated IN (0, 1)), -- hard case: cannot return
    return_refused   INTEGER NOT NULL CHECK (return_refused IN (0, 1)),
    dispatched_at    INTEGER NOT NULL,
    due_at           INTEGER NOT NULL,
    effective_due_at INTEGER NOT NULL,
    sign_due_at      INTEGER NOT NULL,
    opened_at        INTEGER NOT NULL DEFAULT 0,
    signed_at        INTEGER NOT NULL DEFAULT 0,
    sign_late_at     INTEGER NOT NULL DEFAULT 0,
    contact_due_at   INTEGER NOT NULL DEFAULT 0,
    contacted_at     INTEGER NOT NULL DEFAULT 0,
    contact_late_at  INTEGER NOT NULL DEFAULT 0,
    replied_at       INTEGER NOT NULL DEFAULT 0,
    overdue_at       INTEGER NOT NULL DEFAULT 0,
    rework_count     INTEGER NOT NULL DEFAULT 0,
    ended_at         INTEGER NOT NULL DEFAULT 0,
    end_reason       TEXT CHECK (end_reason IN ('recalled', 'returned') OR end_reason IN ('merged', 'closed') OR end_reason = 'reopened')
, received_at INTEGER NOT NULL DEFAULT 0) STRICT;

CREATE UNIQUE INDEX assignment_by_ticket ON assignment (ticket_id, round, unit_id);

CREATE INDEX assignment_by_unit ON assignment (unit_id, ticket_id) WHERE is_visible = 1;

CREATE UNIQUE INDEX assignment_one_lead ON assignment (ticket_id) WHERE is_active = 1 AND relation = 'lead';

CREATE INDEX assignment_open_by_unit ON assignment (unit_id, effective_due_at, ticket_id) WHERE is_active = 1;

CREATE INDEX assignment_visible ON assignment (unit_id, received_at, ticket_id) WHERE is_visible = 1;

CREATE TRIGGER assignment_received_at AFTER INSERT ON assignment
BEGIN
    UPDATE assignment
       SET received_at = (SELECT ticket.received_at FROM ticket WHERE ticket.id = NEW.ticket_id)
     WHERE id = NEW.id;
END;

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

CREATE TABLE "bulletin" (
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

CREATE TABLE calendar_day (
    day        INTEGER NOT NULL PRIMARY KEY,
    is_workday INTEGER NOT NULL CHECK (is_workday IN (0, 1)),
    name       TEXT NOT NULL
) STRICT;

CREATE TABLE calendar_year (
    year      INTEGER NOT NULL PRIMARY KEY CHECK (year BETWEEN 1970 AND 9999),
    loaded_at INTEGER NOT NULL,
    source    TEXT NOT NULL
) STRICT;

CREATE TABLE "call" (
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

CREATE INDEX call_by_extension ON call (extension, id);

CREATE INDEX call_by_time ON call (rang_at);

CREATE TABLE call_clerk (
    call_id INTEGER NOT NULL REFERENCES call (id) ON DELETE CASCADE,
    user_id INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
    PRIMARY KEY (call_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE callback (
    id                INTEGER PRIMARY KEY,
    ticket_id         INTEGER NOT NULL REFERENCES ticket (id),
    round             INTEGER NOT NULL, -- rework_count of the ticket, so a new answer starts anew
    at                INTEGER NOT NULL,
    made_by           INTEGER NOT NULL,
    half_day          INTEGER NOT NULL,
    connected         INTEGER NOT NULL CHECK (connected IN (0, 1)),
    contacted_by_unit INTEGER NOT NULL DEFAULT 0, -- 0 not asked, 1 no, 2 yes
    solved            INTEGER NOT NULL DEFAULT 0,
    satisfaction      TEXT,
    comment           TEXT,
    rework            INTEGER NOT NULL CHECK (rework IN (0, 1))
) STRICT;

CREATE INDEX callback_by_ticket ON callback (ticket_id, id);

CREATE TABLE category (
    code       TEXT NOT NULL PRIMARY KEY,
    parent     TEXT REFERENCES category (code),
    level      INTEGER NOT NULL CHECK (level BETWEEN 1 AND 3),
    name       TEXT NOT NULL,
    is_enabled INTEGER NOT NULL DEFAULT 1 CHECK (is_enabled IN (0, 1)), position INTEGER NOT NULL DEFAULT 0, search_key TEXT NOT NULL DEFAULT '', keywords TEXT NOT NULL DEFAULT '', unit_id INTEGER REFERENCES unit (id), workdays INTEGER NOT NULL DEFAULT 0 CHECK (workdays BETWEEN 0 AND 250), version INTEGER NOT NULL DEFAULT 1,
    CHECK ((parent IS NULL) = (level = 1))
) STRICT, WITHOUT ROWID;

CREATE INDEX category_by_parent ON category (parent);

CREATE INDEX category_by_unit ON category (unit_id) WHERE unit_id IS NOT NULL;

CREATE TABLE channel (
    code       TEXT NOT NULL PRIMARY KEY,
    zh         TEXT NOT NULL,
    en         TEXT NOT NULL,
    letter     TEXT NOT NULL UNIQUE CHECK (letter GLOB '[A-Z]'),
    workdays   INTEGER NOT NULL CHECK (workdays BETWEEN 1 AND 250),
    is_enabled INTEGER NOT NULL DEFAULT 1 CHECK (is_enabled IN (0, 1)),
    position   INTEGER NOT NULL
, version INTEGER NOT NULL DEFAULT 1) STRICT, WITHOUT ROWID;

CREATE TABLE desk_ticket (
    desk      TEXT NOT NULL,
    from_day  INTEGER NOT NULL,
    ticket_id INTEGER NOT NULL,
    PRIMARY KEY (desk, from_day, ticket_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX desk_ticket_by_ticket ON desk_ticket (ticket_id);

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

CREATE TABLE event (
    seq        INTEGER PRIMARY KEY,
    ticket_id  INTEGER NOT NULL DEFAULT 0, -- 0: not about a ticket
    at         INTEGER NOT NULL,
    actor_kind TEXT NOT NULL CHECK (actor_kind IN ('user', 'token') OR actor_kind IN ('citizen', 'timer') OR actor_kind = 'cli'),
    actor_id   INTEGER NOT NULL,
    unit_id    INTEGER NOT NULL,
    type       TEXT NOT NULL,
    from_state TEXT,
    to_state   TEXT,
    version    INTEGER NOT NULL, -- of the ticket after it; 0 when it changed none
    payload    TEXT NOT NULL,
    hash       BLOB NOT NULL
) STRICT;

CREATE INDEX event_by_actor ON event (actor_id, seq) WHERE actor_kind = 'user';

CREATE INDEX event_by_ticket ON event (ticket_id, seq);

CREATE INDEX event_by_type ON event (type, seq);

CREATE TRIGGER event_no_delete BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'event is append-only'); END;

CREATE TRIGGER event_no_replace BEFORE INSERT ON event
WHEN EXISTS (SELECT 1 FROM event WHERE seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'event is append-only'); END;

CREATE TRIGGER event_no_update BEFORE UPDATE ON event
BEGIN SELECT RAISE(ABORT, 'event is append-only'); END;

CREATE TABLE event_text (
    event_seq INTEGER NOT NULL REFERENCES event (seq),
    field     TEXT NOT NULL,
    salt      BLOB NOT NULL,
    text      TEXT,
    sealed    BLOB,
    PRIMARY KEY (event_seq, field)
) STRICT, WITHOUT ROWID;

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

CREATE INDEX export_by_expiry ON export (expires_at) WHERE expires_at > 0;

CREATE INDEX export_by_user ON export (user_id, created_at);

CREATE INDEX export_unfinished ON export (created_at, id) WHERE expires_at = 0;

CREATE TABLE extension (
    id            INTEGER PRIMARY KEY,
    ticket_id     INTEGER NOT NULL REFERENCES ticket (id),
    assignment_id INTEGER NOT NULL REFERENCES assignment (id),
    unit_id       INTEGER NOT NULL,
    state         TEXT NOT NULL CHECK (state IN ('pending', 'granted') OR state IN ('refused', 'withdrawn')),
    asked_at      INTEGER NOT NULL,
    asked_by      INTEGER NOT NULL,
    reason_code   TEXT NOT NULL CHECK (reason_code IN ('investigation', 'coordination') OR reason_code IN ('funding_or_project', 'season_or_weather') OR reason_code IN ('third_party', 'other')),
    reason        TEXT,
    promised_day  INTEGER NOT NULL,
    interim_reply TEXT,
    told_at       INTEGER NOT NULL,
    told_way      TEXT NOT NULL,
    needs_leader  INTEGER NOT NULL CHECK (needs_leader IN (0, 1)),
    decided_at    INTEGER NOT NULL DEFAULT 0,
    decided_by    INTEGER NOT NULL DEFAULT 0,
    decision_note TEXT
) STRICT;

CREATE INDEX extension_by_ticket ON extension (ticket_id, id);

CREATE INDEX extension_by_unit ON extension (unit_id, id);

CREATE UNIQUE INDEX extension_one_pending ON extension (ticket_id) WHERE state = 'pending';

CREATE TABLE idempotency (
    actor     TEXT NOT NULL,
    key       TEXT NOT NULL,
    body_hash BLOB NOT NULL,
    at        INTEGER NOT NULL,
    result    TEXT NOT NULL,
    PRIMARY KEY (actor, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX idempotency_by_time ON idempotency (at);

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

CREATE UNIQUE INDEX import_by_file ON import (file) WHERE file IS NOT NULL;

CREATE INDEX import_by_hash ON import (file_hash) WHERE dry_run = 0;

CREATE INDEX import_unfinished ON import (id) WHERE is_clean = 0;

CREATE TABLE import_assignment (
    id               INTEGER PRIMARY KEY, -- of the row
    round INTEGER, unit_id INTEGER, relation TEXT, is_active INTEGER, is_visible INTEGER,
    is_counted INTEGER, is_designated INTEGER, return_refused INTEGER,
    dispatched_at INTEGER, due_at INTEGER, effective_due_at INTEGER, sign_due_at INTEGER,
    opened_at INTEGER, signed_at INTEGER, sign_late_at INTEGER, contact_due_at INTEGER,
    contacted_at INTEGER, contact_late_at INTEGER, replied_at INTEGER, overdue_at INTEGER,
    rework_count INTEGER, ended_at INTEGER, end_reason TEXT
) STRICT;

CREATE TABLE import_fact (
    id       INTEGER NOT NULL, -- import_ticket
    unit_id  INTEGER NOT NULL,
    day      INTEGER NOT NULL,
    subject  INTEGER NOT NULL,
    is_web   INTEGER NOT NULL,
    measures INTEGER NOT NULL,
    workdays INTEGER NOT NULL,
    PRIMARY KEY (id, unit_id, day, subject)
) STRICT, WITHOUT ROWID;

CREATE TABLE import_fault (
    import_id INTEGER NOT NULL REFERENCES import (id),
    row       INTEGER NOT NULL,
    place     INTEGER NOT NULL,
    field     TEXT, -- NULL: the row as a whole
    code      TEXT NOT NULL,
    value     TEXT NOT NULL,
    PRIMARY KEY (import_id, row, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE import_series (
    import_id INTEGER NOT NULL REFERENCES import (id),
    name      TEXT NOT NULL,
    count     INTEGER NOT NULL DEFAULT 0,
    highest   INTEGER NOT NULL DEFAULT 0, -- of own numbers that look like ours
    base      INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (import_id, name)
) STRICT, WITHOUT ROWID;

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

CREATE TABLE instruction (
    id             INTEGER PRIMARY KEY,
    ticket_id      INTEGER NOT NULL REFERENCES ticket (id),
    leader_id      INTEGER NOT NULL REFERENCES user (id),
    at             INTEGER NOT NULL,
    text           TEXT,
    report_back    INTEGER NOT NULL CHECK (report_back IN (0, 1)),
    waive          INTEGER NOT NULL CHECK (waive IN (0, 1)),
    supervision_id INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX instruction_by_ticket ON instruction (ticket_id, id);

CREATE TABLE limit_rule (
    step    TEXT NOT NULL,
    urgency TEXT NOT NULL CHECK (urgency IN ('normal', 'urgent', 'critical')),
    amount  INTEGER NOT NULL CHECK (amount BETWEEN 0 AND 100000),
    unit    TEXT NOT NULL CHECK (unit IN ('workdays', 'minutes', 'same_day')),
    PRIMARY KEY (step, urgency)
) STRICT, WITHOUT ROWID;

CREATE TABLE login_failure (
    login        TEXT NOT NULL COLLATE NOCASE,
    network      TEXT NOT NULL,
    failures     INTEGER NOT NULL,
    last_at      INTEGER NOT NULL,
    locked_until INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (login, network)
) STRICT, WITHOUT ROWID;

CREATE INDEX login_failure_by_time ON login_failure (last_at);

CREATE TABLE meta (
    key   TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE moment (
    ticket_id INTEGER NOT NULL,
    kind      TEXT NOT NULL,
    subject   INTEGER NOT NULL,
    due_at    INTEGER NOT NULL,
    PRIMARY KEY (ticket_id, kind, subject)
) STRICT, WITHOUT ROWID;

CREATE INDEX moment_by_due ON moment (due_at, ticket_id);

CREATE TABLE moment_fired (
    ticket_id INTEGER NOT NULL,
    kind      TEXT NOT NULL,
    subject   INTEGER NOT NULL,
    due_at    INTEGER NOT NULL,
    fired_at  INTEGER NOT NULL,
    PRIMARY KEY (ticket_id, kind, subject, due_at)
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox (
    id         INTEGER PRIMARY KEY,
    at         INTEGER NOT NULL,
    not_before INTEGER NOT NULL,
    kind       TEXT NOT NULL,
    ticket_id  INTEGER NOT NULL,
    unit_id    INTEGER NOT NULL, -- 0: the office
    user_id    INTEGER NOT NULL DEFAULT 0, -- 0: everybody there
    is_alarm   INTEGER NOT NULL CHECK (is_alarm IN (0, 1)),
    seen_at    INTEGER NOT NULL DEFAULT 0
, call_id INTEGER NOT NULL DEFAULT 0) STRICT;

CREATE INDEX outbox_by_ticket ON outbox (ticket_id, id);

CREATE INDEX outbox_unseen ON outbox (unit_id, user_id, id) WHERE is_alarm = 1 AND seen_at = 0;

CREATE TABLE petitioner (
    id           INTEGER PRIMARY KEY,
    ticket_id    INTEGER NOT NULL REFERENCES ticket (id),
    from_ticket  INTEGER NOT NULL DEFAULT 0, -- 0: the ticket's own
    kind         TEXT NOT NULL CHECK (kind IN ('person', 'company') OR kind = 'org'),
    name         BLOB,
    phone        BLOB,
    phone_index  BLOB,
    contact_note BLOB
) STRICT;

CREATE INDEX petitioner_by_phone ON petitioner (phone_index) WHERE phone_index IS NOT NULL;

CREATE INDEX petitioner_by_ticket ON petitioner (ticket_id);

CREATE TABLE phrase (
    id         INTEGER PRIMARY KEY,
    kind       TEXT NOT NULL CHECK (kind IN ('evasive', 'quick', 'sensitive', 'spam')),
    text       TEXT NOT NULL,
    is_enabled INTEGER NOT NULL DEFAULT 1 CHECK (is_enabled IN (0, 1)),
    version    INTEGER NOT NULL DEFAULT 1,
    UNIQUE (kind, text)
) STRICT;

CREATE TABLE promise (
    id           INTEGER PRIMARY KEY,
    ticket_id    INTEGER NOT NULL REFERENCES ticket (id),
    unit_id      INTEGER NOT NULL,
    source       TEXT NOT NULL CHECK (source IN ('extension', 'reply')),
    state        TEXT NOT NULL CHECK (state IN ('open', 'kept') OR state = 'dropped'),
    made_at      INTEGER NOT NULL,
    promised_day INTEGER NOT NULL,
    broken_at    INTEGER NOT NULL DEFAULT 0,
    kept_at      INTEGER NOT NULL DEFAULT 0,
    kept_by      INTEGER NOT NULL DEFAULT 0,
    evidence     TEXT
) STRICT;

CREATE INDEX promise_by_ticket ON promise (ticket_id, id);

CREATE INDEX promise_by_unit ON promise (unit_id, id);

CREATE INDEX promise_open ON promise (unit_id, promised_day) WHERE state = 'open';

CREATE TABLE public_quota (
    kind         INTEGER NOT NULL,
    subject      BLOB NOT NULL,
    count        INTEGER NOT NULL,
    started_at   INTEGER NOT NULL,
    locked_until INTEGER NOT NULL,
    PRIMARY KEY (kind, subject)
) STRICT, WITHOUT ROWID;

CREATE INDEX public_quota_by_time ON public_quota (started_at);

CREATE TABLE rating (
    id           INTEGER PRIMARY KEY,
    ticket_id    INTEGER NOT NULL REFERENCES ticket (id),
    answered_at  INTEGER NOT NULL, -- which answer: ticket.answered_at then
    rated_at     INTEGER NOT NULL,
    changed_at   INTEGER NOT NULL DEFAULT 0,
    satisfaction TEXT NOT NULL CHECK (satisfaction IN ('satisfied', 'basic', 'unsatisfied')),
    comment      TEXT,
    waits        INTEGER NOT NULL CHECK (waits IN (0, 1)), -- unsatisfied after closing, for a supervisor
    settled_at   INTEGER NOT NULL DEFAULT 0,
    settled_by   INTEGER NOT NULL DEFAULT 0,
    UNIQUE (ticket_id, answered_at)
) STRICT;

CREATE INDEX rating_waits ON rating (waits, ticket_id) WHERE waits = 1;

CREATE TABLE repeat_caller (
    phone_index BLOB PRIMARY KEY,
    last_at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX repeat_caller_by_last ON repeat_caller (last_at);

CREATE TABLE repeated_matter (
    first_id   INTEGER PRIMARY KEY REFERENCES ticket (id),
    ticket_id  INTEGER NOT NULL REFERENCES ticket (id),
    noticed_at INTEGER NOT NULL,
    waits      INTEGER NOT NULL CHECK (waits IN (0, 1)), -- for a supervisor
    settled_at INTEGER NOT NULL DEFAULT 0,
    settled_by INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX repeated_waits ON repeated_matter (waits, ticket_id) WHERE waits = 1;

CREATE TABLE reply (
    id                INTEGER PRIMARY KEY,
    ticket_id         INTEGER NOT NULL REFERENCES ticket (id),
    assignment_id     INTEGER NOT NULL DEFAULT 0, -- 0: answered by the office itself
    unit_id           INTEGER NOT NULL,
    state             TEXT NOT NULL CHECK (state IN ('proposed', 'handed_back') OR state IN ('replaced', 'sent') OR state IN ('approved', 'rejected') OR state = 'withdrawn'),
    at                INTEGER NOT NULL,
    written_by        INTEGER NOT NULL,
    contacted         INTEGER NOT NULL CHECK (contacted IN (0, 1)),
    no_contact_reason TEXT,
    finding           TEXT,
    measures          TEXT,
    basis             TEXT,
    reply_text        TEXT,
    outcome           TEXT NOT NULL,
    told_at           INTEGER NOT NULL DEFAULT 0,
    told_way          TEXT,
    office_tells      INTEGER NOT NULL CHECK (office_tells IN (0, 1)),
    promised_day      INTEGER NOT NULL DEFAULT 0,
    signed_off_by     TEXT,
    co_waived_reason  TEXT,
    reviewed_at       INTEGER NOT NULL DEFAULT 0,
    reviewed_by       INTEGER NOT NULL DEFAULT 0,
    reject_reasons    TEXT,
    review_note       TEXT
, quality_findings TEXT, override_reason TEXT, copy_of TEXT) STRICT;

CREATE INDEX reply_by_ticket ON reply (ticket_id, id);

CREATE TRIGGER search_reply_new AFTER INSERT ON reply
BEGIN
    INSERT INTO search_pending (ticket_id, is_indexed) VALUES (NEW.ticket_id, 1)
        ON CONFLICT (ticket_id) DO NOTHING;
END;

CREATE TABLE report_published (
    month           TEXT NOT NULL PRIMARY KEY CHECK (month GLOB '[12][0-9][0-9][0-9]-[01][0-9]'),
    formula_version INTEGER NOT NULL,
    published_at    INTEGER NOT NULL,
    published_by    INTEGER NOT NULL, -- user
    inputs          TEXT NOT NULL -- JSON
) STRICT, WITHOUT ROWID;

CREATE TABLE return_request (
    id                INTEGER PRIMARY KEY,
    ticket_id         INTEGER NOT NULL REFERENCES ticket (id),
    assignment_id     INTEGER NOT NULL REFERENCES assignment (id),
    unit_id           INTEGER NOT NULL,
    state             TEXT NOT NULL CHECK (state IN ('pending', 'accepted') OR state = 'refused'),
    returned_at       INTEGER NOT NULL,
    returned_by       INTEGER NOT NULL,
    from_state        TEXT NOT NULL,
    reason_code       TEXT NOT NULL CHECK (reason_code IN ('not_our_duty', 'wrong_area') OR reason_code IN ('ownership_unclear', 'duplicate') OR reason_code IN ('content_unclear', 'already_settled')),
    basis             TEXT,
    suggested_unit_id INTEGER NOT NULL,
    decided_at        INTEGER NOT NULL DEFAULT 0,
    decided_by        INTEGER NOT NULL DEFAULT 0,
    decision_note     TEXT
) STRICT;

CREATE INDEX return_by_ticket ON return_request (ticket_id, id);

CREATE INDEX return_by_unit ON return_request (unit_id, id);

CREATE UNIQUE INDEX return_one_pending ON return_request (ticket_id) WHERE state = 'pending';

CREATE TABLE saved_view (
    id        INTEGER PRIMARY KEY,
    user_id   INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
    name      TEXT NOT NULL,
    list      TEXT NOT NULL,
    query     TEXT NOT NULL,
    is_shared INTEGER NOT NULL CHECK (is_shared IN (0, 1)),
    UNIQUE (user_id, list, name)
) STRICT;

CREATE VIRTUAL TABLE search USING fts5 (text, content = '', columnsize = 0, detail = none, tokenize = 'yidan');

CREATE TABLE 'search_config'(k PRIMARY KEY, v) WITHOUT ROWID;

CREATE TABLE 'search_data'(id INTEGER PRIMARY KEY, block BLOB);

CREATE TABLE 'search_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;

CREATE TABLE search_pending (
    ticket_id  INTEGER NOT NULL PRIMARY KEY,
    is_indexed INTEGER NOT NULL CHECK (is_indexed IN (0, 1))
) STRICT;

CREATE TABLE sequence (
    name  TEXT NOT NULL PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE session (
    id           INTEGER PRIMARY KEY,
    token_hash   BLOB NOT NULL UNIQUE,
    user_id      INTEGER NOT NULL REFERENCES user (id),
    epoch        INTEGER NOT NULL,
    csrf         TEXT NOT NULL,
    address      TEXT NOT NULL,
    created_at   INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL
) STRICT;

CREATE INDEX session_by_expiry ON session (expires_at);

CREATE INDEX session_by_user ON session (user_id);

CREATE TABLE setting (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE setting_version (
    list    TEXT NOT NULL PRIMARY KEY CHECK (list IN ('limits', 'settings')),
    version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sms_message (
    token_id      INTEGER NOT NULL,
    message_id    TEXT NOT NULL,
    at            INTEGER NOT NULL,
    content_index BLOB NOT NULL,
    ticket_id     INTEGER NOT NULL REFERENCES ticket (id),
    PRIMARY KEY (token_id, message_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX sms_message_by_content ON sms_message (content_index, at);

CREATE INDEX sms_message_by_time ON sms_message (at);

CREATE TABLE submission (
    id           INTEGER PRIMARY KEY,
    ticket_id    INTEGER NOT NULL REFERENCES ticket (id),
    leader_id    INTEGER NOT NULL REFERENCES user (id),
    submitted_at INTEGER NOT NULL,
    submitted_by INTEGER NOT NULL,
    note         TEXT,
    closed_at    INTEGER NOT NULL DEFAULT 0,
    closed_by    INTEGER NOT NULL DEFAULT 0,
    is_waived    INTEGER NOT NULL DEFAULT 0 CHECK (is_waived IN (0, 1))
) STRICT;

CREATE INDEX submission_by_ticket ON submission (ticket_id, id);

CREATE INDEX submission_open ON submission (leader_id, id) WHERE closed_at = 0;

CREATE TABLE summary_category (
    day      INTEGER NOT NULL,
    category TEXT NOT NULL,
    tickets  INTEGER NOT NULL CHECK (tickets >= 0),
    PRIMARY KEY (day, category)
) STRICT, WITHOUT ROWID;

CREATE TABLE summary_day (
    day     INTEGER NOT NULL,
    measure TEXT NOT NULL,
    unit_id INTEGER NOT NULL,
    channel TEXT NOT NULL,
    tickets INTEGER NOT NULL,
    PRIMARY KEY (day, measure, unit_id, channel)
) STRICT, WITHOUT ROWID;

CREATE TABLE summary_desk (
    desk     TEXT NOT NULL,
    from_day INTEGER NOT NULL,
    tickets  INTEGER NOT NULL CHECK (tickets >= 0),
    PRIMARY KEY (desk, from_day)
) STRICT, WITHOUT ROWID;

CREATE TABLE summary_due (
    day     INTEGER PRIMARY KEY,
    tickets INTEGER NOT NULL CHECK (tickets >= 0)
) STRICT;

CREATE TABLE summary_now (
    unit_id INTEGER NOT NULL,
    state   TEXT NOT NULL,
    light   TEXT NOT NULL,
    tickets INTEGER NOT NULL CHECK (tickets >= 0),
    PRIMARY KEY (unit_id, state, light)
) STRICT, WITHOUT ROWID;

CREATE TABLE supervision (
    id            INTEGER PRIMARY KEY,
    number        TEXT UNIQUE,
    ticket_id     INTEGER NOT NULL REFERENCES ticket (id),
    unit_id       INTEGER NOT NULL, -- who answers; 0 while nobody leads
    state         TEXT NOT NULL CHECK (state IN ('prepared', 'issued') OR state IN ('answered', 'settled')),
    reason_code   TEXT NOT NULL CHECK (reason_code IN ('overdue', 'leader_concern') OR reason_code IN ('public_concern', 'unsatisfied') OR reason_code IN ('repeated', 'media')),
    demand        TEXT,
    issued_at     INTEGER NOT NULL,
    issued_by     INTEGER NOT NULL,
    answer_due_at INTEGER NOT NULL,
    late_at       INTEGER NOT NULL DEFAULT 0,
    read_at       INTEGER NOT NULL DEFAULT 0,
    read_by       INTEGER NOT NULL DEFAULT 0,
    answer        TEXT,
    answered_at   INTEGER NOT NULL DEFAULT 0,
    answered_by   INTEGER NOT NULL DEFAULT 0,
    settled_at    INTEGER NOT NULL DEFAULT 0,
    settled_by    INTEGER NOT NULL DEFAULT 0,
    settle_note   TEXT
) STRICT;

CREATE INDEX supervision_by_ticket ON supervision (ticket_id, id);

CREATE INDEX supervision_by_unit ON supervision (unit_id, id);

CREATE INDEX supervision_open ON supervision (state, answer_due_at) WHERE state IN ('prepared', 'issued');

CREATE INDEX supervision_unsettled ON supervision (ticket_id) WHERE state IN ('issued', 'answered');

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

CREATE TABLE ticket (
    id                   INTEGER PRIMARY KEY,
    no                   TEXT NOT NULL UNIQUE,
    query_code           TEXT NOT NULL,
    channel              TEXT NOT NULL REFERENCES channel (code),
    upstream             TEXT,
    upstream_no          TEXT,
    upstream_received_at INTEGER NOT NULL DEFAULT 0,
    upstream_due_at      INTEGER NOT NULL DEFAULT 0,
    received_at          INTEGER NOT NULL,
    received_by          INTEGER NOT NULL DEFAULT 0, -- user, 0: citizen or another system
    occurred_at          INTEGER NOT NULL DEFAULT 0,
    kind                 TEXT NOT NULL CHECK (kind IN ('consult', 'help') OR kind IN ('complaint', 'report') OR kind IN ('suggest', 'praise') OR kind = 'other'),
    area                 TEXT REFERENCES area (code),
    category             TEXT REFERENCES category (code),
    urgency              TEXT NOT NULL CHECK (urgency IN ('normal', 'urgent') OR urgency = 'critical'),
    sensitive            INTEGER NOT NULL CHECK (sensitive IN (0, 1)),
    anonymous            INTEGER NOT NULL CHECK (anonymous IN (0, 1)),
    confidential         INTEGER NOT NULL CHECK (confidential IN (0, 1)),
    may_publish          INTEGER NOT NULL CHECK (may_publish IN (0, 1)),
    suspect              INTEGER NOT NULL DEFAULT 0 CHECK (suspect IN (0, 1)),
    has_phone            INTEGER NOT NULL CHECK (has_phone IN (0, 1)),
    repeat_of            INTEGER NOT NULL DEFAULT 0, -- ticket
    state                TEXT NOT NULL CHECK (state IN ('received', 'dispatched') OR state IN ('handling', 'returned') OR state IN ('replied', 'feedback') OR state IN ('closed', 'declined') OR state = 'merged'),
    version              INTEGER NOT NULL CHECK (version >= 1),
    round                INTEGER NOT NULL DEFAULT 0, -- counts dispatches
    hard_case            INTEGER NOT NULL DEFAULT 0 CHECK (hard_case IN (0, 1)),
    lead_unit_id         INTEGER NOT NULL DEFAULT 0, -- 0: none
    first_dispatched_at  INTEGER NOT NULL DEFAULT 0,
    dispatched_at        INTEGER NOT NULL DEFAULT 0,
    due_at               INTEGER NOT NULL DEFAULT 0,
    effective_due_at     INTEGER NOT NULL DEFAULT 0,
    due_provisional      INTEGER NOT NULL DEFAULT 0 CHECK (due_provisional IN (0, 1)),
    due_capped           INTEGER NOT NULL DEFAULT 0 CHECK (due_capped IN (0, 1)), -- upstream's deadline is earlier
    light                TEXT NOT NULL DEFAULT 'none' CHECK (light IN ('none', 'green') OR light IN ('yellow', 'red')),
    overdue_at           INTEGER NOT NULL DEFAULT 0,
    state_due_at         INTEGER NOT NULL DEFAULT 0, -- by when the present turn must be over: dispatch, review, callback
    replied_at           INTEGER NOT NULL DEFAULT 0,
    answered_at          INTEGER NOT NULL DEFAULT 0, -- the answer became visible to the citizen
    outcome              TEXT CHECK (outcome IN ('solved', 'partly') OR outcome IN ('promised', 'explained') OR outcome IN ('answered', 'untrue') OR outcome IN ('no_authority', 'withdrawn')),
    told_at              INTEGER NOT NULL DEFAULT 0,
    told_way             TEXT CHECK (told_way IN ('phone', 'visit') OR told_way IN ('sms', 'online') OR told_way = 'letter'),
    satisfaction_first   TEXT CHECK (satisfaction_first IN ('satisfied', 'basic') OR satisfaction_first IN ('unsatisfied', 'no_opinion') OR satisfaction_first = 'unreachable'),
    satisfaction_final   TEXT CHECK (satisfaction_final IN ('satisfied', 'basic') OR satisfaction_final IN ('unsatisfied', 'no_opinion') OR satisfaction_final = 'unreachable'),
    solved               INTEGER NOT NULL DEFAULT 0, -- callback: 0 unknown, 1 no, 2 yes
    exclude_class        TEXT,
    published_at         INTEGER NOT NULL DEFAULT 0,
    merged_into          INTEGER NOT NULL DEFAULT 0, -- ticket
    merged_at            INTEGER NOT NULL DEFAULT 0,
    merged_from_state    TEXT, -- what unmerge restores
    return_count         INTEGER NOT NULL DEFAULT 0,
    extension_count      INTEGER NOT NULL DEFAULT 0,
    rework_count         INTEGER NOT NULL DEFAULT 0,
    urge_count           INTEGER NOT NULL DEFAULT 0,
    citizen_urge_count   INTEGER NOT NULL DEFAULT 0,
    supervision_count    INTEGER NOT NULL DEFAULT 0,
    closed_at            INTEGER NOT NULL DEFAULT 0,
    closed_unreachable   INTEGER NOT NULL DEFAULT 0 CHECK (closed_unreachable IN (0, 1)), clock_from_at INTEGER NOT NULL DEFAULT 0, citizen_urged_at INTEGER NOT NULL DEFAULT 0, rated_at INTEGER NOT NULL DEFAULT 0,
    CHECK ((state = 'closed') = (closed_at > 0) OR state IN ('declined', 'merged')),
    CHECK (state <> 'closed' OR outcome IS NOT NULL)
) STRICT;

CREATE INDEX ticket_by_category ON ticket (category, received_at, id) WHERE category IS NOT NULL;

CREATE INDEX ticket_by_closed ON ticket (closed_at, id) WHERE closed_at > 0;

CREATE INDEX ticket_by_due ON ticket (effective_due_at, id) WHERE effective_due_at > 0;

CREATE INDEX ticket_by_lead ON ticket (lead_unit_id, received_at, id);

CREATE INDEX ticket_by_light ON ticket (light, effective_due_at, id) WHERE light <> 'none';

CREATE INDEX ticket_by_merged ON ticket (merged_into) WHERE merged_into > 0;

CREATE INDEX ticket_by_overdue ON ticket (overdue_at, id) WHERE overdue_at > 0;

CREATE INDEX ticket_by_received ON ticket (received_at, id);

CREATE INDEX ticket_by_repeat ON ticket (repeat_of) WHERE repeat_of > 0;

CREATE INDEX ticket_by_state ON ticket (state, received_at, id);

CREATE INDEX ticket_by_state_due ON ticket (state, effective_due_at, id);

CREATE UNIQUE INDEX ticket_by_upstream ON ticket (upstream, upstream_no) WHERE upstream IS NOT NULL;

CREATE INDEX ticket_confidential ON ticket (state) WHERE confidential = 1;

CREATE INDEX ticket_grave ON ticket (state) WHERE sensitive = 1 OR urgency = 'critical';

CREATE INDEX ticket_published ON ticket (published_at, id) WHERE published_at > 0;

CREATE TABLE ticket_backdated (
    ticket_id INTEGER NOT NULL PRIMARY KEY
) STRICT;

CREATE TABLE ticket_text (
    ticket_id        INTEGER PRIMARY KEY REFERENCES ticket (id),
    title            TEXT NOT NULL,
    content          TEXT NOT NULL,
    demand           TEXT,
    respondent       TEXT,
    address          TEXT,
    tags             TEXT,
    sensitive_reason TEXT,
    repeat_relation  TEXT,
    public_text      TEXT
) STRICT;

CREATE TRIGGER search_text_changed AFTER UPDATE OF title, content, respondent, address ON ticket_text
BEGIN
    INSERT INTO search_pending (ticket_id, is_indexed) VALUES (NEW.ticket_id, 1)
        ON CONFLICT (ticket_id) DO NOTHING;
END;

CREATE TRIGGER search_text_new AFTER INSERT ON ticket_text
BEGIN
    INSERT INTO search_pending (ticket_id, is_indexed) VALUES (NEW.ticket_id, 0)
        ON CONFLICT (ticket_id) DO NOTHING;
END;

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

CREATE TABLE totp (
    user_id      INTEGER PRIMARY KEY REFERENCES user (id),
    secret       BLOB NOT NULL,
    confirmed_at INTEGER NOT NULL DEFAULT 0, -- 0: no code was shown yet, it counts for nothing
    used_step    INTEGER NOT NULL DEFAULT 0  -- the last step a code was taken of; none counts twice
) STRICT;

CREATE TABLE unit (
    id            INTEGER PRIMARY KEY,
    code          TEXT NOT NULL UNIQUE,
    name          TEXT NOT NULL,
    short_name    TEXT NOT NULL,
    kind          TEXT NOT NULL CHECK (kind IN ('office', 'township', 'department', 'stationed', 'enterprise')),
    parent_id     INTEGER REFERENCES unit (id),
    duty_keywords TEXT NOT NULL DEFAULT '',
    head          TEXT NOT NULL DEFAULT '',
    deputy        TEXT NOT NULL DEFAULT '',
    contact       TEXT NOT NULL DEFAULT '',
    phone         TEXT NOT NULL DEFAULT '',
    night_phone   TEXT NOT NULL DEFAULT '',
    sign_off      TEXT NOT NULL DEFAULT 'recorded' CHECK (sign_off IN ('recorded', 'online')),
    search_key    TEXT NOT NULL DEFAULT '',
    is_enabled    INTEGER NOT NULL DEFAULT 1 CHECK (is_enabled IN (0, 1)),
    version       INTEGER NOT NULL DEFAULT 1
) STRICT;

CREATE INDEX unit_by_parent ON unit (parent_id);

CREATE TABLE unit_area (
    unit_id INTEGER NOT NULL REFERENCES unit (id),
    area    TEXT NOT NULL REFERENCES area (code),
    PRIMARY KEY (unit_id, area)
) STRICT, WITHOUT ROWID;

CREATE INDEX unit_area_by_area ON unit_area (area);

CREATE TABLE upstream_answer (
    id        INTEGER PRIMARY KEY,
    upstream  TEXT NOT NULL,
    ticket_id INTEGER NOT NULL REFERENCES ticket (id),
    at        INTEGER NOT NULL
) STRICT;

CREATE INDEX upstream_answer_by_platform ON upstream_answer (upstream, id);

CREATE TABLE urge (
    id        INTEGER PRIMARY KEY,
    number    TEXT UNIQUE,
    ticket_id INTEGER NOT NULL REFERENCES ticket (id),
    unit_id   INTEGER NOT NULL,
    kind      TEXT NOT NULL CHECK (kind IN ('auto_before', 'auto_overdue') OR kind IN ('manual', 'citizen') OR kind = 'notice'),
    issued_at INTEGER NOT NULL,
    issued_by INTEGER NOT NULL, -- user; 0: timer, citizen or another system
    text      TEXT,
    read_at   INTEGER NOT NULL DEFAULT 0,
    read_by   INTEGER NOT NULL DEFAULT 0
, answer TEXT, answered_at INTEGER NOT NULL DEFAULT 0, answered_by INTEGER NOT NULL DEFAULT 0) STRICT;

CREATE INDEX urge_by_ticket ON urge (ticket_id, id);

CREATE INDEX urge_by_unit ON urge (unit_id, id);

CREATE INDEX urge_unanswered ON urge (ticket_id, unit_id) WHERE answered_at = 0;

CREATE INDEX urge_unread ON urge (unit_id, ticket_id) WHERE read_at = 0;

CREATE TABLE user (
    id                  INTEGER PRIMARY KEY,
    login               TEXT NOT NULL COLLATE NOCASE UNIQUE,
    name                TEXT NOT NULL,
    unit_id             INTEGER NOT NULL REFERENCES unit (id),
    roles               INTEGER NOT NULL CHECK (roles > 0),
    password_hash       TEXT NOT NULL,
    epoch               INTEGER NOT NULL DEFAULT 1,
    is_enabled          INTEGER NOT NULL DEFAULT 1 CHECK (is_enabled IN (0, 1)),
    created_at          INTEGER NOT NULL,
    version             INTEGER NOT NULL DEFAULT 1
, must_change_password INTEGER NOT NULL DEFAULT 0
    CHECK (must_change_password IN (0, 1)), extension TEXT
    CHECK (extension NOT GLOB '*[^0-9]*' AND length(extension) BETWEEN 2 AND 10)) STRICT;

CREATE INDEX user_by_extension ON user (extension) WHERE extension IS NOT NULL;

CREATE INDEX user_by_unit ON user (unit_id);
