-- A password that somebody else has set is good for one thing: to set one's own.
ALTER TABLE user ADD COLUMN must_change_password INTEGER NOT NULL DEFAULT 0
    CHECK (must_change_password IN (0, 1));
