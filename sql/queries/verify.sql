-- What `yidan verify` reads: everything, beside a running server.

-- name: verify_schema
-- access: read
-- scan: the schema is small
SELECT type, name, sql
  FROM sqlite_schema
 WHERE name NOT LIKE 'sqlite_%' AND sql IS NOT NULL
 ORDER BY type, name;

-- name: verify_moves
-- access: read
SELECT ticket_id, seq, type, from_state, to_state, version
  FROM event
 WHERE ticket_id > 0
 ORDER BY ticket_id, seq;

-- name: verify_tickets_without_events
-- access: read
-- scan: verification reads every ticket
SELECT ticket.no
  FROM ticket
 WHERE NOT EXISTS (SELECT 1 FROM event WHERE event.ticket_id = ticket.id)
 ORDER BY ticket.id;

-- name: verify_counters
-- access: read
-- scan: verification reads every ticket
SELECT ticket.no
  FROM ticket
 WHERE return_count <> (SELECT count(*) FROM return_request AS one
                         WHERE one.ticket_id = ticket.id AND one.state = 'accepted')
    OR extension_count <> (SELECT count(*) FROM extension AS one
                            WHERE one.ticket_id = ticket.id AND one.state = 'granted')
    OR supervision_count <> (SELECT count(*) FROM supervision AS one
                              WHERE one.ticket_id = ticket.id AND one.state <> 'prepared')
    OR urge_count <> (SELECT count(*) FROM urge AS one
                       WHERE one.ticket_id = ticket.id AND one.kind <> 'citizen')
    OR citizen_urge_count <> (SELECT count(*) FROM urge AS one
                               WHERE one.ticket_id = ticket.id AND one.kind = 'citizen')
    OR rework_count <> (SELECT count(*) FROM event
                         WHERE event.ticket_id = ticket.id AND event.to_state = 'handling'
                           AND event.type IN ('reject_reply', 'call_back', 'reopen'))
    OR round <> (SELECT count(*) FROM event
                  WHERE event.ticket_id = ticket.id AND event.type = 'dispatch')
 ORDER BY ticket.id;

-- name: verify_clocks
-- access: read
-- scan: verification reads every ticket
-- Tickets whose deadlines are not those that their events told last.  What the timer
-- did tells another moment; an imported one's are told by its import.
SELECT ticket.no
  FROM ticket
 WHERE NOT EXISTS (SELECT 1 FROM event
                    WHERE event.ticket_id = ticket.id AND event.type = 'ticket_imported')
   AND (due_at <> ifnull((SELECT unixepoch(json_extract(event.payload, '$.due_at'))
                            FROM event
                           WHERE event.ticket_id = ticket.id
                             AND event.type NOT LIKE 'timer.%'
                             AND json_type(event.payload, '$.due_at') IS NOT NULL
                           ORDER BY event.seq DESC LIMIT 1), 0)
     OR effective_due_at <> ifnull((SELECT unixepoch(json_extract(event.payload,
                                                                  '$.effective_due_at'))
                            FROM event
                           WHERE event.ticket_id = ticket.id
                             AND event.type NOT LIKE 'timer.%'
                             AND json_type(event.payload, '$.effective_due_at') IS NOT NULL
                           ORDER BY event.seq DESC LIMIT 1), 0))
 ORDER BY ticket.id;

-- name: verify_rounds
-- access: read
-- Open tickets with a running round whose limit can be derived again: nothing that it
-- rests on has changed since their dispatch.
SELECT ticket.id
  FROM ticket
 WHERE lead_unit_id <> 0 AND dispatched_at > 0
   AND state IN ('dispatched', 'handling', 'returned', 'replied', 'feedback')
   AND NOT EXISTS (SELECT 1 FROM event
                    WHERE event.ticket_id = ticket.id AND event.type = 'ticket_imported')
   AND NOT EXISTS (SELECT 1 FROM event
                    WHERE event.ticket_id = ticket.id
                      AND event.type IN ('amend', 'deadline_recomputed')
                      AND event.seq > (SELECT max(last.seq) FROM event AS last
                                        WHERE last.ticket_id = ticket.id
                                          AND last.type = 'dispatch'))
   AND (SELECT max(last.seq) FROM event AS last
         WHERE last.ticket_id = ticket.id AND last.type = 'dispatch')
       > ifnull((SELECT max(event.seq) FROM event
                  WHERE event.ticket_id = 0
                    AND (event.type LIKE 'calendar%' OR event.type LIKE 'limit%'
                         OR event.type LIKE 'category%' OR event.type LIKE 'channel%')), 0)
 ORDER BY ticket.id;

-- name: verify_texts
-- access: read
-- scan: verification reads every text
-- Each text with the commitment that its event holds.
SELECT event_text.event_seq, event_text.field, event_text.salt, event_text.text,
       event_text.sealed, json_extract(event.payload, '$.texts."' || event_text.field || '"')
  FROM event_text
  JOIN event ON event.seq = event_text.event_seq
 ORDER BY event_text.event_seq, event_text.field;

-- name: verify_texts_missing
-- access: read
-- scan: verification reads the whole trail
-- Events that committed to more texts than there are, and whose ticket was not erased.
SELECT event.seq
  FROM event
 WHERE (SELECT count(*) FROM json_each(event.payload, '$.texts'))
       <> (SELECT count(*) FROM event_text WHERE event_text.event_seq = event.seq)
   AND NOT EXISTS (SELECT 1 FROM event AS erased
                    WHERE erased.ticket_id = event.ticket_id AND erased.type = 'erased'
                      AND erased.seq > event.seq)
 ORDER BY event.seq;

-- name: verify_attachments
-- access: read
-- scan: verification reads every attachment
-- Each with what its event says.
SELECT attachment.id, attachment.bytes, attachment.hash, attachment.erased_at,
       json_extract(event.payload, '$.attachment'),
       json_extract(event.payload, '$.hash'), json_extract(event.payload, '$.bytes'),
       event.ticket_id = attachment.ticket_id AND event.type = 'attached'
  FROM attachment
  LEFT JOIN event ON event.seq = attachment.event_seq
 ORDER BY attachment.event_seq;

-- name: verify_attachments_missing
-- access: read
-- Files that were attached and whose row is gone.
SELECT event.seq
  FROM event INDEXED BY event_by_type
 WHERE event.type = 'attached'
   AND NOT EXISTS (SELECT 1 FROM attachment WHERE attachment.event_seq = event.seq)
 ORDER BY event.seq;
