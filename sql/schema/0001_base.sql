-- What the program knows about itself and about the office: settings, calendar,
-- channels, categories, areas, units, people, sessions.
-- Times are UTC seconds in columns named _at; days since 1970-01-01 in the
-- service's zone in columns named day or _day.

-- Facts about this database: its random id, which seeds the event chain.
CREATE TABLE meta (
    key   TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Settings that were changed; what is not here has its default in the code.
CREATE TABLE setting (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Limits that were changed (product: time); the defaults are in the code.
CREATE TABLE limit_rule (
    step    TEXT NOT NULL,
    urgency TEXT NOT NULL CHECK (urgency IN ('normal', 'urgent', 'critical')),
    amount  INTEGER NOT NULL CHECK (amount BETWEEN 0 AND 100000),
    unit    TEXT NOT NULL CHECK (unit IN ('workdays', 'minutes', 'same_day')),
    PRIMARY KEY (step, urgency)
) STRICT, WITHOUT ROWID;

-- Years whose holidays have been entered; another year knows only weekdays.
CREATE TABLE calendar_year (
    year      INTEGER NOT NULL PRIMARY KEY CHECK (year BETWEEN 1970 AND 9999),
    loaded_at INTEGER NOT NULL,
    source    TEXT NOT NULL
) STRICT;

-- Days that break the Monday-to-Friday rule.
CREATE TABLE calendar_day (
    day        INTEGER NOT NULL PRIMARY KEY,
    is_workday INTEGER NOT NULL CHECK (is_workday IN (0, 1)),
    name       TEXT NOT NULL
) STRICT;

-- How citizens reach the office. The letter stands in the ticket's number.
CREATE TABLE channel (
    code       TEXT NOT NULL PRIMARY KEY,
    zh         TEXT NOT NULL,
    en         TEXT NOT NULL,
    letter     TEXT NOT NULL UNIQUE CHECK (letter GLOB '[A-Z]'),
    workdays   INTEGER NOT NULL CHECK (workdays BETWEEN 1 AND 250),
    is_enabled INTEGER NOT NULL DEFAULT 1 CHECK (is_enabled IN (0, 1)),
    position   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO channel (code, zh, en, letter, workdays, position) VALUES
    ('phone',   '热线电话',        'Hotline',        'R', 5, 1),
    ('sms',     '短信',            'SMS',            'S', 5, 2),
    ('mailbox', '市长/县长信箱',   'Mayor''s mailbox', 'X', 5, 3),
    ('web',     '网站留言',        'Web message',    'W', 3, 4),
    ('visit',   '来访',            'Visit',          'V', 5, 5),
    ('letter',  '来信',            'Letter',         'L', 5, 6),
    ('other',   '其他',            'Other',          'O', 5, 7);

-- What tickets are about, three levels. A retired one stays readable.
CREATE TABLE category (
    code       TEXT NOT NULL PRIMARY KEY,
    parent     TEXT REFERENCES category (code),
    level      INTEGER NOT NULL CHECK (level BETWEEN 1 AND 3),
    name       TEXT NOT NULL,
    is_enabled INTEGER NOT NULL DEFAULT 1 CHECK (is_enabled IN (0, 1)),
    CHECK ((parent IS NULL) = (level = 1))
) STRICT, WITHOUT ROWID;
CREATE INDEX category_by_parent ON category (parent);

-- Where: township, then village.
CREATE TABLE area (
    code   TEXT NOT NULL PRIMARY KEY,
    parent TEXT REFERENCES area (code),
    name   TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX area_by_parent ON area (parent);

CREATE TABLE unit (
    id            INTEGER PRIMARY KEY,
    code          TEXT NOT NULL UNIQUE,
    name          TEXT NOT NULL,
    short_name    TEXT NOT NULL,
    kind          TEXT NOT NULL CHECK (kind IN ('office', 'township', 'department', 'stationed', 'enterprise')),
    parent_id     INTEGER REFERENCES unit (id),
    duty_keywords TEXT NOT NULL DEFAULT '',
    area          TEXT REFERENCES area (code),
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
CREATE INDEX unit_by_area ON unit (area);

-- roles is a set of bits, see enum role. epoch ends all sessions when it grows.
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
) STRICT;
CREATE INDEX user_by_unit ON user (unit_id);

-- Only the hash of the cookie's secret is kept.
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
CREATE INDEX session_by_user ON session (user_id);
CREATE INDEX session_by_expiry ON session (expires_at);

-- Wrong passwords by account and network, until the lock ends.
CREATE TABLE login_failure (
    login        TEXT NOT NULL COLLATE NOCASE,
    network      TEXT NOT NULL,
    failures     INTEGER NOT NULL,
    last_at      INTEGER NOT NULL,
    locked_until INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (login, network)
) STRICT, WITHOUT ROWID;
CREATE INDEX login_failure_by_time ON login_failure (last_at);

-- What a key of an actor did, so that a retry answers and does not do it twice.
-- actor is "user:7", "token:3"; result names what was made or changed.
CREATE TABLE idempotency (
    actor     TEXT NOT NULL,
    key       TEXT NOT NULL,
    body_hash BLOB NOT NULL,
    at        INTEGER NOT NULL,
    result    TEXT NOT NULL,
    PRIMARY KEY (actor, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_by_time ON idempotency (at);

-- Gap-free counters: ticket numbers by day and channel, record numbers by year.
CREATE TABLE sequence (
    name  TEXT NOT NULL PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
