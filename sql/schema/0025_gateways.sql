-- What other systems tell: messages of the SMS gateway, and answers that a platform
-- is told of.

-- By which a message is known again: the gateway's number of it, and for a while the
-- same words from the same phone (a keyed hash of both).
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

-- Each time a ticket of a platform was answered or declined, in the order of the
-- commits: a list by id neither loses nor doubles one.
CREATE TABLE upstream_answer (
    id        INTEGER PRIMARY KEY,
    upstream  TEXT NOT NULL,
    ticket_id INTEGER NOT NULL REFERENCES ticket (id),
    at        INTEGER NOT NULL
) STRICT;
CREATE INDEX upstream_answer_by_platform ON upstream_answer (upstream, id);
