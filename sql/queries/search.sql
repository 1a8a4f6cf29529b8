-- The full-text index and what is not in it yet (store/search.c).

-- name: search_add
-- access: write
INSERT INTO search (rowid, text) VALUES (:ticket_id, :text);

-- name: search_drop
-- access: write
-- The text must be the one that was added.
INSERT INTO search (search, rowid, text) VALUES ('delete', :ticket_id, :text);

-- name: search_compact
-- access: write
-- One segment, without what was dropped.
INSERT INTO search (search) VALUES ('optimize');

-- name: search_pending_first
-- access: read
SELECT ticket_id FROM search_pending WHERE ticket_id > :after ORDER BY ticket_id LIMIT 1;

-- name: search_pending_of
-- access: read
SELECT is_indexed FROM search_pending WHERE ticket_id = :ticket_id;

-- name: search_pending_save
-- access: write
INSERT INTO search_pending (ticket_id, is_indexed) VALUES (:ticket_id, :is_indexed)
    ON CONFLICT (ticket_id) DO UPDATE SET is_indexed = excluded.is_indexed;

-- name: search_pending_done
-- access: write
DELETE FROM search_pending WHERE ticket_id = :ticket_id;

-- name: search_document
-- access: read
-- What is searched of a ticket, but for its replies.
SELECT ticket.no, ticket_text.title, ticket_text.content, ticket_text.address,
       ticket_text.respondent
  FROM ticket
 CROSS JOIN ticket_text ON ticket_text.ticket_id = ticket.id
 WHERE ticket.id = :ticket_id;

-- name: search_replies
-- access: read
SELECT finding, measures, basis, reply_text
  FROM reply
 WHERE ticket_id = :ticket_id
 ORDER BY id;

-- Where a page begins and what may come before it ---------------------------------------

-- name: search_first_id
-- access: read
-- Of the tickets in order: the id of the first one on a page.
SELECT ticket.id
  FROM ticket INDEXED BY ticket_by_received
 WHERE (ticket.received_at, ticket.id) < (:value, :id)
   AND NOT EXISTS (SELECT 1 FROM ticket_backdated WHERE ticket_id = ticket.id)
 ORDER BY ticket.received_at DESC, ticket.id DESC
 LIMIT 1;

-- name: search_newer
-- access: read
-- To be stepped so many times: how far back the newest tickets reach.
SELECT ticket.received_at
  FROM ticket INDEXED BY ticket_by_received
 WHERE (ticket.received_at, ticket.id) < (:value, :id)
   AND ticket.received_at >= :received_from
 ORDER BY ticket.received_at DESC, ticket.id DESC
 LIMIT :limit;

-- name: search_backdated_reach
-- access: read
SELECT (SELECT min(ticket_id) FROM ticket_backdated), (SELECT max(ticket_id) FROM ticket_backdated);

-- While a clerk types (similar.c) -------------------------------------------------------

-- name: similar_caller
-- access: read
SELECT /*= ticket_line_columns */
  FROM ticket
  /*= ticket_line_joins */
 WHERE ticket.id IN (SELECT person.ticket_id
                       FROM petitioner AS person INDEXED BY petitioner_by_phone
                      WHERE person.phone_index IS NOT NULL AND person.phone_index = :phone_index)
 ORDER BY ticket.received_at DESC, ticket.id DESC
 LIMIT :limit;

-- name: similar_since
-- access: read
-- Every ticket received since then has this id or a greater one.
SELECT ticket.id
  FROM ticket INDEXED BY ticket_by_received
 WHERE ticket.received_at >= :since
   AND NOT EXISTS (SELECT 1 FROM ticket_backdated WHERE ticket_id = ticket.id)
 ORDER BY ticket.received_at, ticket.id
 LIMIT 1;

-- name: similar_rows
-- access: read
-- Not those that are pending: they are read themselves.
SELECT search.rowid
  FROM search
 WHERE search MATCH :match AND search.rowid >= :since_id
   AND NOT EXISTS (SELECT 1 FROM search_pending WHERE ticket_id = search.rowid)
 ORDER BY search.rowid DESC
 LIMIT :limit;

-- name: similar_pending
-- access: read
-- scan: this is the tail that is not indexed yet, and the newest of it
SELECT search_pending.ticket_id, text.title, text.content, text.address
  FROM search_pending
 CROSS JOIN ticket_text AS text ON text.ticket_id = search_pending.ticket_id
 ORDER BY search_pending.ticket_id DESC
 LIMIT :limit;

-- name: similar_line
-- access: read
SELECT /*= ticket_line_columns */
  FROM ticket
  /*= ticket_line_joins */
 WHERE ticket.id = :ticket_id AND ticket.received_at >= :since;

-- name: similar_closed
-- access: read
SELECT ticket.no, ticket.lead_unit_id
  FROM ticket
 WHERE ticket.id = :ticket_id AND ticket.state = 'closed' AND ticket.lead_unit_id <> 0;
