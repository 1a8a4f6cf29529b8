-- What waits for the index is noted without a look of its own: INSERT ... SELECT from the
-- table it writes goes through a temporary table, for each ticket that comes in.
DROP TRIGGER search_text_new;
DROP TRIGGER search_text_changed;
DROP TRIGGER search_reply_new;

CREATE TRIGGER search_text_new AFTER INSERT ON ticket_text
BEGIN
    INSERT INTO search_pending (ticket_id, is_indexed) VALUES (NEW.ticket_id, 0)
        ON CONFLICT (ticket_id) DO NOTHING;
END;
CREATE TRIGGER search_text_changed AFTER UPDATE OF title, content, respondent, address ON ticket_text
BEGIN
    INSERT INTO search_pending (ticket_id, is_indexed) VALUES (NEW.ticket_id, 1)
        ON CONFLICT (ticket_id) DO NOTHING;
END;
CREATE TRIGGER search_reply_new AFTER INSERT ON reply
BEGIN
    INSERT INTO search_pending (ticket_id, is_indexed) VALUES (NEW.ticket_id, 1)
        ON CONFLICT (ticket_id) DO NOTHING;
END;
