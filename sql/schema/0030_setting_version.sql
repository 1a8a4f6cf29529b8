-- How often the limits, and the settings of the office, were changed: each is one list that
-- is read and written as a whole, and a change carries the version it saw.
CREATE TABLE setting_version (
    list    TEXT NOT NULL PRIMARY KEY CHECK (list IN ('limits', 'settings')),
    version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO setting_version (list, version) VALUES ('limits', 1), ('settings', 1);
