-- The public side: what strangers did, counted without knowing who they are.

-- kind: see enum quota_kind. subject is a keyed hash of a ticket number, an
-- address or a phone. locked_until: nothing more until then.
CREATE TABLE public_quota (
    kind         INTEGER NOT NULL,
    subject      BLOB NOT NULL,
    count        INTEGER NOT NULL,
    started_at   INTEGER NOT NULL,
    locked_until INTEGER NOT NULL,
    PRIMARY KEY (kind, subject)
) STRICT, WITHOUT ROWID;
CREATE INDEX public_quota_by_time ON public_quota (started_at);

-- public_replies: what was published, newest first.
CREATE INDEX ticket_published ON ticket (published_at, id) WHERE published_at > 0;
