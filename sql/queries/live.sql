-- Live updates: what happened after a place in the trail, and who may know of it.

-- fragment: live_columns
    event.seq, event.ticket_id, event.type, event.from_state, event.to_state,
    iif(event.actor_kind = 'user', event.actor_id, 0), ticket.no, unit.code,
    iif(event.type = 'call_shown' AND json_extract(event.payload, '$.opens'),
        json_extract(event.payload, '$.call'), 0)

-- name: live_events
-- access: read
-- Of everybody; who may see which is asked with live_units.
SELECT /*= live_columns */
  FROM event
  LEFT JOIN ticket ON ticket.id = event.ticket_id
  LEFT JOIN unit ON unit.id = event.unit_id
 WHERE event.seq > :after_seq AND event.seq <= :last_seq
 ORDER BY event.seq
 LIMIT :limit;

-- name: live_units
-- access: read
-- The units that have or had a part of the ticket; of those the list shows it to
-- whose is_visible is 1 (fragment ticket_visible).
SELECT unit_id, max(is_visible)
  FROM assignment INDEXED BY assignment_by_ticket
 WHERE ticket_id = :ticket_id
 GROUP BY unit_id;

-- name: live_clerks
-- access: read
-- For whom a call came.
SELECT user_id FROM call_clerk WHERE call_id = :call_id;

-- name: live_replay
-- access: read
-- Of one viewer: the condition of every list decides, and for whom a call came.
SELECT /*= live_columns */
  FROM event
  LEFT JOIN ticket ON ticket.id = event.ticket_id
  LEFT JOIN unit ON unit.id = event.unit_id
 WHERE event.seq > :after_seq AND event.seq <= :last_seq
   AND iif(event.type = 'call_shown',
           EXISTS (SELECT 1 FROM call_clerk
                    WHERE call_clerk.call_id = json_extract(event.payload, '$.call')
                      AND call_clerk.user_id = :viewer),
           ticket.id IS NOT NULL AND /*= ticket_visible */)
 ORDER BY event.seq
 LIMIT :limit;
