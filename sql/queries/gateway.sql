-- What other systems tell and are told.

-- name: sms_find
-- access: read
SELECT ticket.no
  FROM sms_message
 CROSS JOIN ticket ON ticket.id = sms_message.ticket_id
 WHERE sms_message.token_id = :token_id AND sms_message.message_id = :message_id;

-- name: sms_find_same
-- access: read
-- The same words of the same phone, not long ago, by the same gateway: another one is
-- told no number that is not its own.
SELECT ticket.no
  FROM sms_message
 CROSS JOIN ticket ON ticket.id = sms_message.ticket_id
 WHERE sms_message.content_index = :content_index AND sms_message.at >= :since
   AND sms_message.token_id = :token_id
 ORDER BY sms_message.at DESC
 LIMIT 1;

-- name: sms_insert
-- access: write
INSERT INTO sms_message (token_id, message_id, at, content_index, ticket_id)
SELECT :token_id, :message_id, :at, :content_index, ticket.id
  FROM ticket
 WHERE ticket.no = :no;

-- name: sms_sweep
-- access: write
DELETE FROM sms_message
 WHERE (token_id, message_id) IN (SELECT old.token_id, old.message_id
                                    FROM sms_message AS old
                                   WHERE old.at < :before ORDER BY old.at LIMIT :limit);

-- name: upstream_ticket
-- access: read
SELECT no FROM ticket WHERE upstream = :upstream AND upstream_no = :upstream_no;

-- name: upstream_answer_insert
-- access: write
-- The ticket's own platform, and those of the tickets that follow it.
INSERT INTO upstream_answer (upstream, ticket_id, at)
SELECT ticket.upstream, ticket.id, :at
  FROM ticket
 WHERE ticket.id = :ticket_id AND ticket.upstream IS NOT NULL
UNION ALL
SELECT ticket.upstream, ticket.id, :at
  FROM ticket
 WHERE ticket.merged_into = :ticket_id AND ticket.merged_into > 0
   AND ticket.upstream IS NOT NULL;

-- name: upstream_answer_insert_merged
-- access: write
-- Of a ticket that follows one which was answered before.
INSERT INTO upstream_answer (upstream, ticket_id, at)
SELECT ticket.upstream, ticket.id, :at
  FROM ticket
 CROSS JOIN ticket AS target ON target.id = ticket.merged_into
 WHERE ticket.id = :ticket_id AND ticket.upstream IS NOT NULL
   AND target.answered_at > 0 AND target.state = 'feedback';

-- name: upstream_answers
-- access: read
SELECT upstream_answer.id, upstream_answer.ticket_id, upstream_answer.at,
       ticket.upstream_no
  FROM upstream_answer
 CROSS JOIN ticket ON ticket.id = upstream_answer.ticket_id
 WHERE upstream_answer.upstream = :upstream AND upstream_answer.id > :after
 ORDER BY upstream_answer.id
 LIMIT :limit;
