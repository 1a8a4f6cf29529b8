-- The ticket: facts in one narrow row, free text and personal data in erasable
-- rows beside it.
-- A CHECK lists its words in twos: for three SQLite would build a temporary index
-- each time a row is written, which costs more than the row.

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
    closed_unreachable   INTEGER NOT NULL DEFAULT 0 CHECK (closed_unreachable IN (0, 1)),
    CHECK ((state = 'closed') = (closed_at > 0) OR state IN ('declined', 'merged')),
    CHECK (state <> 'closed' OR outcome IS NOT NULL)
) STRICT;
CREATE UNIQUE INDEX ticket_by_upstream ON ticket (upstream, upstream_no) WHERE upstream IS NOT NULL;
CREATE INDEX ticket_by_received ON ticket (received_at, id);
CREATE INDEX ticket_by_state ON ticket (state, received_at, id);
CREATE INDEX ticket_by_due ON ticket (effective_due_at, id) WHERE effective_due_at > 0;
CREATE INDEX ticket_by_light ON ticket (light, effective_due_at, id) WHERE light <> 'none';
CREATE INDEX ticket_by_lead ON ticket (lead_unit_id, received_at, id);
CREATE INDEX ticket_by_merged ON ticket (merged_into) WHERE merged_into > 0;

-- Erasable: what the citizen wrote.
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

-- Erasable: who asks. name, phone and contact_note are sealed; phone_index is a
-- keyed hash of the normalised phone. A merge adds the other ticket's people.
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
CREATE INDEX petitioner_by_ticket ON petitioner (ticket_id);
CREATE INDEX petitioner_by_phone ON petitioner (phone_index) WHERE phone_index IS NOT NULL;

-- One unit's part in one round. The lead's clocks stand here and, for the
-- present round, in the ticket. is_active: the unit may act. is_visible: it may
-- see the ticket. is_counted: the round counts in its assessment.
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
) STRICT;
CREATE UNIQUE INDEX assignment_by_ticket ON assignment (ticket_id, round, unit_id);
CREATE UNIQUE INDEX assignment_one_lead ON assignment (ticket_id) WHERE is_active = 1 AND relation = 'lead';
CREATE INDEX assignment_by_unit ON assignment (unit_id, ticket_id) WHERE is_visible = 1;
CREATE INDEX assignment_open_by_unit ON assignment (unit_id, effective_due_at, ticket_id) WHERE is_active = 1;

-- Everything that happened, in one total order, never changed. Personal and
-- free text is not here: payload holds salted commitments to event_text.
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
CREATE INDEX event_by_ticket ON event (ticket_id, seq);
CREATE INDEX event_by_actor ON event (actor_id, seq) WHERE actor_kind = 'user';

CREATE TRIGGER event_no_update BEFORE UPDATE ON event
BEGIN SELECT RAISE(ABORT, 'event is append-only'); END;
CREATE TRIGGER event_no_delete BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'event is append-only'); END;
CREATE TRIGGER event_no_replace BEFORE INSERT ON event
WHEN EXISTS (SELECT 1 FROM event WHERE seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'event is append-only'); END;

-- Erasable: the texts an event carried. sealed: the text is a sealed blob.
CREATE TABLE event_text (
    event_seq INTEGER NOT NULL REFERENCES event (seq),
    field     TEXT NOT NULL,
    salt      BLOB NOT NULL,
    text      TEXT,
    sealed    BLOB,
    PRIMARY KEY (event_seq, field)
) STRICT, WITHOUT ROWID;
