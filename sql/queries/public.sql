-- The public side: quotas, and what a citizen is shown.

-- name: public_quota_find
-- access: read
SELECT count, started_at, locked_until
  FROM public_quota
 WHERE kind = :kind AND subject = :subject;

-- name: public_quota_put
-- access: write
INSERT INTO public_quota (kind, subject, count, started_at, locked_until)
VALUES (:kind, :subject, :count, :started_at, :locked_until)
    ON CONFLICT (kind, subject) DO UPDATE
   SET count = excluded.count, started_at = excluded.started_at,
       locked_until = excluded.locked_until;

-- name: public_quota_sweep
-- access: write
DELETE FROM public_quota
 WHERE (kind, subject) IN (SELECT old.kind, old.subject FROM public_quota AS old
                            WHERE old.started_at < :before
                            ORDER BY old.started_at LIMIT :limit);

-- name: citizen_key
-- access: read
-- scan: of one row made here; there is one whether there is such a ticket or not, so that both cost the same
SELECT ifnull(found.id, 0), ifnull(found.query_code, '')
  FROM (SELECT :no AS no) AS asked
  LEFT JOIN ticket AS found ON found.no = asked.no;

-- name: citizen_answer
-- access: read
SELECT reply_text, outcome
  FROM reply
 WHERE ticket_id = :ticket_id AND state = 'approved'
 ORDER BY id DESC
 LIMIT 1;

-- name: citizen_guidance
-- access: read
-- Where a citizen whose ticket was declined should go.
SELECT event_text.text
  FROM event
 CROSS JOIN event_text ON event_text.event_seq = event.seq AND event_text.field = 'guidance'
 WHERE event.ticket_id = :ticket_id AND event.type = 'decline'
 ORDER BY event.seq DESC
 LIMIT 1;

-- name: citizen_extension
-- access: read
-- The one granted last in the present round.
SELECT extension.promised_day, extension.reason_code, extension.interim_reply
  FROM extension
 CROSS JOIN assignment ON assignment.id = extension.assignment_id
 WHERE extension.ticket_id = :ticket_id AND extension.state = 'granted'
   AND assignment.is_active = 1
 ORDER BY extension.id DESC
 LIMIT 1;

-- fragment: public_reply_columns
    ticket.id, ticket.published_at, ticket.kind, category.name, unit.name,
    ticket_text.public_text

-- name: public_replies
-- access: read
SELECT /*= public_reply_columns */
  FROM ticket INDEXED BY ticket_published
 CROSS JOIN ticket_text ON ticket_text.ticket_id = ticket.id
  LEFT JOIN category ON category.code = ticket.category
  LEFT JOIN unit ON unit.id = ticket.lead_unit_id
 WHERE ticket.published_at > 0 AND ticket.state = 'closed'
   AND (ticket.published_at, ticket.id) < (:before_at, :before_id)
   AND (:category IS NULL
        OR ticket.category IN (SELECT code FROM category WHERE code = :category
                                UNION ALL
                               SELECT code FROM category WHERE parent = :category
                                UNION ALL
                               SELECT low.code
                                 FROM category AS middle
                                CROSS JOIN category AS low ON low.parent = middle.code
                                WHERE middle.parent = :category))
   AND ticket_text.public_text IS NOT NULL
 ORDER BY ticket.published_at DESC, ticket.id DESC
 LIMIT :limit;
