-- Full text.  The index holds characters in pairs of each ticket's number, what
-- the citizen wrote and what was replied; never a name or a phone.  What it
-- finds is always looked at again in the texts themselves, so it may hold more
-- than they do, but not less (store/search.c).

-- rowid: the ticket.  Nothing but the index itself is stored.
CREATE VIRTUAL TABLE search USING fts5 (text, content = '', columnsize = 0, detail = none, tokenize = 'yidan');

-- Tickets whose present texts are not in the index: a search reads these itself.
-- is_indexed: what the texts were before they grew is in it.
CREATE TABLE search_pending (
    ticket_id  INTEGER NOT NULL PRIMARY KEY,
    is_indexed INTEGER NOT NULL CHECK (is_indexed IN (0, 1))
) STRICT;
INSERT INTO search_pending (ticket_id, is_indexed) SELECT ticket_id, 0 FROM ticket_text;

CREATE TRIGGER search_text_new AFTER INSERT ON ticket_text
BEGIN
    INSERT INTO search_pending (ticket_id, is_indexed)
    SELECT NEW.ticket_id, 0
     WHERE NOT EXISTS (SELECT 1 FROM search_pending WHERE ticket_id = NEW.ticket_id);
END;
CREATE TRIGGER search_text_changed AFTER UPDATE OF title, content, respondent, address ON ticket_text
BEGIN
    INSERT INTO search_pending (ticket_id, is_indexed)
    SELECT NEW.ticket_id, 1
     WHERE NOT EXISTS (SELECT 1 FROM search_pending WHERE ticket_id = NEW.ticket_id);
END;
CREATE TRIGGER search_reply_new AFTER INSERT ON reply
BEGIN
    INSERT INTO search_pending (ticket_id, is_indexed)
    SELECT NEW.ticket_id, 1
     WHERE NOT EXISTS (SELECT 1 FROM search_pending WHERE ticket_id = NEW.ticket_id);
END;

-- Tickets that came into the database after a newer one, as an import does.  All
-- others are newer than every ticket with a smaller id, so that the index, which
-- is in the order of ids, is for them in the order of receipt too.
CREATE TABLE ticket_backdated (
    ticket_id INTEGER NOT NULL PRIMARY KEY
) STRICT;
CREATE TRIGGER ticket_backdated_new AFTER INSERT ON ticket
WHEN NEW.received_at < (SELECT max(received_at) FROM ticket)
BEGIN
    INSERT INTO ticket_backdated (ticket_id) VALUES (NEW.id);
END;
INSERT INTO ticket_backdated (ticket_id)
SELECT id
  FROM (SELECT id, received_at, max(received_at) OVER (ORDER BY id) AS newest FROM ticket)
 WHERE received_at < newest;
