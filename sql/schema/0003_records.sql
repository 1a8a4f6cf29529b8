-- Records laid upon a ticket. Their texts are erasable, like event_text.

-- 催办. number only for notices. receiver unit 0: the office.
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
) STRICT;
CREATE INDEX urge_by_ticket ON urge (ticket_id, id);
CREATE INDEX urge_by_unit ON urge (unit_id, id);
CREATE INDEX urge_unread ON urge (unit_id, ticket_id) WHERE read_at = 0;

-- 督办. prepared: by the timer, not yet issued and without a number.
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

-- 呈批 and 批示. Open until that leader instructed or waived.
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

-- 延期
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
CREATE UNIQUE INDEX extension_one_pending ON extension (ticket_id) WHERE state = 'pending';
CREATE INDEX extension_by_unit ON extension (unit_id, id);

-- 退单
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
CREATE UNIQUE INDEX return_one_pending ON return_request (ticket_id) WHERE state = 'pending';
CREATE INDEX return_by_unit ON return_request (unit_id, id);

-- 回复 and 呈签: what a unit said, each draft and each round.
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
) STRICT;
CREATE INDEX reply_by_ticket ON reply (ticket_id, id);

-- 承诺台账
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

-- 回访: each attempt. half_day: 2 * day + (0 morning, 1 afternoon).
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

-- What the timer will do and when: derived from the ticket after each change.
-- subject: which assignment, supervision or promise; 0 for the ticket itself.
CREATE TABLE moment (
    ticket_id INTEGER NOT NULL,
    kind      TEXT NOT NULL,
    subject   INTEGER NOT NULL,
    due_at    INTEGER NOT NULL,
    PRIMARY KEY (ticket_id, kind, subject)
) STRICT, WITHOUT ROWID;
CREATE INDEX moment_by_due ON moment (due_at, ticket_id);

-- What the timer did. The key makes it exactly once.
CREATE TABLE moment_fired (
    ticket_id INTEGER NOT NULL,
    kind      TEXT NOT NULL,
    subject   INTEGER NOT NULL,
    due_at    INTEGER NOT NULL,
    fired_at  INTEGER NOT NULL,
    PRIMARY KEY (ticket_id, kind, subject, due_at)
) STRICT, WITHOUT ROWID;

-- Flags for whoever must act (inbox), and what waits to be sent. Written in the
-- transaction of the change it tells of.
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
) STRICT;
CREATE INDEX outbox_unseen ON outbox (unit_id, user_id, id) WHERE is_alarm = 1 AND seen_at = 0;
CREATE INDEX outbox_by_ticket ON outbox (ticket_id, id);
