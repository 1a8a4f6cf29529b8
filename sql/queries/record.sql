-- Records laid upon a ticket: written by commands, read into its case.

-- name: urge_insert
-- access: write
INSERT INTO urge (number, ticket_id, unit_id, kind, issued_at, issued_by, text)
VALUES (:number, :ticket_id, :unit_id, :kind, :issued_at, :issued_by, :text);

-- name: urge_mark_read
-- access: write
UPDATE urge
   SET read_at = :now, read_by = :user_id
 WHERE ticket_id = :ticket_id AND unit_id = :unit_id AND read_at = 0;

-- name: urge_answer
-- access: write
UPDATE urge
   SET answer = :answer, answered_at = :now, answered_by = :user_id
 WHERE ticket_id = :ticket_id AND unit_id = :unit_id AND answered_at = 0;

-- name: supervision_insert
-- access: write
INSERT INTO supervision (number, ticket_id, unit_id, state, reason_code, demand, issued_at,
                         issued_by, answer_due_at)
VALUES (:number, :ticket_id, :unit_id, :state, :reason_code, :demand, :issued_at, :issued_by,
        :answer_due_at);

-- name: supervision_prepared
-- access: read
SELECT id
  FROM supervision
 WHERE ticket_id = :ticket_id AND state = 'prepared'
 ORDER BY id
 LIMIT 1;

-- name: supervision_issue
-- access: write
UPDATE supervision
   SET number = :number, unit_id = :unit_id, state = 'issued', reason_code = :reason_code,
       demand = :demand, issued_at = :issued_at, issued_by = :issued_by,
       answer_due_at = :answer_due_at
 WHERE id = :id AND state = 'prepared';

-- name: supervision_answer
-- access: write
UPDATE supervision
   SET state = 'answered', answer = :answer, answered_at = :now, answered_by = :user_id
 WHERE id = (SELECT min(id) FROM supervision
              WHERE ticket_id = :ticket_id AND state = 'issued' AND (:id = 0 OR id = :id));

-- name: supervision_settle
-- access: write
UPDATE supervision
   SET state = 'settled', settled_at = :now, settled_by = :user_id, settle_note = :note
 WHERE id = (SELECT min(id) FROM supervision
              WHERE ticket_id = :ticket_id AND state IN ('issued', 'answered')
                AND (:id = 0 OR id = :id));

-- name: supervision_drop_prepared
-- access: write
-- A draft of the timer that nobody issued; the trail has the event.
DELETE FROM supervision
 WHERE ticket_id = :ticket_id AND state = 'prepared';

-- name: supervision_settle_answered
-- access: write
UPDATE supervision
   SET state = 'settled', settled_at = :now
 WHERE ticket_id = :ticket_id AND state = 'answered';

-- name: supervision_pass
-- access: write
UPDATE supervision
   SET unit_id = :unit_id
 WHERE ticket_id = :ticket_id AND state IN ('prepared', 'issued');

-- name: supervision_mark_read
-- access: write
UPDATE supervision
   SET read_at = :now, read_by = :user_id
 WHERE ticket_id = :ticket_id AND unit_id = :unit_id AND read_at = 0 AND state <> 'prepared';

-- name: supervision_mark_late
-- access: write
UPDATE supervision
   SET late_at = :now
 WHERE id = :id AND late_at = 0;

-- name: supervisions_open
-- access: read
SELECT id, answer_due_at, state = 'answered'
  FROM supervision
 WHERE ticket_id = :ticket_id AND state IN ('issued', 'answered')
 ORDER BY id;

-- name: submission_insert
-- access: write
INSERT INTO submission (ticket_id, leader_id, submitted_at, submitted_by, note)
VALUES (:ticket_id, :leader_id, :submitted_at, :submitted_by, :note);

-- name: submission_close
-- access: write
UPDATE submission
   SET closed_at = :now, closed_by = :user_id, is_waived = :waive
 WHERE ticket_id = :ticket_id AND closed_at = 0
   AND (leader_id = :leader_id OR (:waive = 1 AND submitted_at < :older_than));

-- name: submissions_of_ticket
-- access: read
SELECT id, leader_id, submitted_at, closed_at
  FROM submission
 WHERE ticket_id = :ticket_id
 ORDER BY id;

-- name: instruction_insert
-- access: write
INSERT INTO instruction (ticket_id, leader_id, at, text, report_back, waive, supervision_id)
VALUES (:ticket_id, :leader_id, :at, :text, :report_back, :waive, :supervision_id);

-- name: extension_insert
-- access: write
INSERT INTO extension (ticket_id, assignment_id, unit_id, state, asked_at, asked_by,
                       reason_code, reason, promised_day, interim_reply, told_at, told_way,
                       needs_leader)
VALUES (:ticket_id, :assignment_id, :unit_id, 'pending', :asked_at, :asked_by, :reason_code,
        :reason, :promised_day, :interim_reply, :told_at, :told_way, :needs_leader);

-- name: extension_decide
-- access: write
UPDATE extension
   SET state = :state, decided_at = :now, decided_by = :user_id, decision_note = :note
 WHERE ticket_id = :ticket_id AND state = 'pending';

-- name: extension_pending
-- access: read
SELECT id, asked_at, promised_day, needs_leader
  FROM extension
 WHERE ticket_id = :ticket_id AND state = 'pending';

-- name: extensions_granted
-- access: read
SELECT count(*)
  FROM extension
 WHERE ticket_id = :ticket_id AND assignment_id = :assignment_id AND state = 'granted';

-- name: return_insert
-- access: write
INSERT INTO return_request (ticket_id, assignment_id, unit_id, state, returned_at,
                            returned_by, from_state, reason_code, basis, suggested_unit_id)
VALUES (:ticket_id, :assignment_id, :unit_id, 'pending', :returned_at, :returned_by,
        :from_state, :reason_code, :basis, :suggested_unit_id);

-- name: return_decide
-- access: write
UPDATE return_request
   SET state = :state, decided_at = :now, decided_by = :user_id, decision_note = :note
 WHERE ticket_id = :ticket_id AND state = 'pending';

-- name: return_pending
-- access: read
SELECT id, unit_id, from_state
  FROM return_request
 WHERE ticket_id = :ticket_id AND state = 'pending';

-- name: reply_replace
-- access: write
UPDATE reply
   SET state = 'replaced'
 WHERE ticket_id = :ticket_id AND state = 'proposed';

-- name: reply_insert
-- access: write
INSERT INTO reply (ticket_id, assignment_id, unit_id, state, at, written_by, contacted,
                   no_contact_reason, finding, measures, basis, reply_text, outcome, told_at,
                   told_way, office_tells, promised_day, signed_off_by, co_waived_reason,
                   quality_findings, override_reason, copy_of)
VALUES (:ticket_id, :assignment_id, :unit_id, :state, :at, :written_by, :contacted,
        :no_contact_reason, :finding, :measures, :basis, :reply_text, :outcome, :told_at,
        :told_way, :office_tells, :promised_day, :signed_off_by, :co_waived_reason,
        :quality_findings, :override_reason, :copy_of);

-- Near copies (reply_copies.c): what other tickets were answered ---------------------

-- name: reply_copy_of_ticket
-- access: read
-- Of a ticket that the viewer may see: anything else would let a unit try out what
-- another one answered.
SELECT reply.reply_text
  FROM ticket
 CROSS JOIN reply INDEXED BY reply_by_ticket ON reply.ticket_id = ticket.id
 WHERE ticket.id = :ticket_id AND reply.reply_text IS NOT NULL
   AND (reply.state IN ('proposed', 'sent') OR reply.state = 'approved')
   AND /*= ticket_visible */;

-- name: reply_copy_pending
-- access: read
-- scan: this is the tail that is not indexed yet, and the newest of it
SELECT search_pending.ticket_id
  FROM search_pending
 CROSS JOIN reply INDEXED BY reply_by_ticket ON reply.ticket_id = search_pending.ticket_id
 ORDER BY search_pending.ticket_id DESC
 LIMIT :limit;

-- name: reply_copy_name
-- access: read
SELECT no FROM ticket WHERE id = :ticket_id;

-- name: reply_review
-- access: write
UPDATE reply
   SET state = :to, reviewed_at = :now, reviewed_by = :user_id,
       reject_reasons = :reject_reasons, review_note = :note
 WHERE id = (SELECT max(id) FROM reply WHERE ticket_id = :ticket_id AND state = :from);

-- name: reply_present
-- access: read
SELECT id, state = 'proposed', office_tells, outcome, promised_day, told_at
  FROM reply
 WHERE ticket_id = :ticket_id AND (state IN ('proposed', 'sent') OR state = 'approved')
 ORDER BY id DESC
 LIMIT 1;

-- name: promise_insert
-- access: write
INSERT INTO promise (ticket_id, unit_id, source, state, made_at, promised_day)
VALUES (:ticket_id, :unit_id, :source, 'open', :made_at, :promised_day);

-- name: promise_keep
-- access: write
UPDATE promise
   SET state = 'kept', kept_at = :now, kept_by = :user_id, evidence = :evidence
 WHERE id = (SELECT min(id) FROM promise
              WHERE ticket_id = :ticket_id AND unit_id = :unit_id AND state = 'open'
                AND (:id = 0 OR id = :id));

-- name: promise_drop
-- access: write
UPDATE promise
   SET state = 'dropped'
 WHERE ticket_id = :ticket_id AND unit_id = :unit_id AND state = 'open';

-- name: promise_mark_broken
-- access: write
UPDATE promise
   SET broken_at = :now
 WHERE id = :id AND broken_at = 0;

-- name: promises_open
-- access: read
SELECT id, unit_id, promised_day
  FROM promise
 WHERE ticket_id = :ticket_id AND state = 'open'
 ORDER BY id;

-- name: callback_insert
-- access: write
INSERT INTO callback (ticket_id, round, at, made_by, half_day, connected, contacted_by_unit,
                      solved, satisfaction, comment, rework)
VALUES (:ticket_id, :round, :at, :made_by, :half_day, :connected, :contacted_by_unit,
        :solved, :satisfaction, :comment, :rework);

-- name: callback_half_days
-- access: read
SELECT DISTINCT half_day
  FROM callback
 WHERE ticket_id = :ticket_id AND round = :round AND connected = 0
 ORDER BY half_day;

-- name: urge_values
-- access: read
-- What an urging text may say of a ticket.
SELECT text.title, ticket.state, ticket.lead_unit_id, ticket.effective_due_at,
       ticket.urge_count
  FROM ticket
 CROSS JOIN ticket_text AS text ON text.ticket_id = ticket.id
 WHERE ticket.no = :no;
