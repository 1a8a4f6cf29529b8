-- Records laid upon tickets, as lists: newest first by number of the row, which
-- grows with time.  Each kind of record has one SELECT for each way in: all,
-- of one ticket, of one unit.  src/store/record_lists.c names the columns.

-- fragment: record_ticket
    CROSS JOIN ticket
    CROSS JOIN ticket_text AS text

-- fragment: record_head
    ticket.no, text.title, unit.code, unit.name, unit.short_name

-- Each kind compares its own ticket_id, so that what is not seen costs no look at a ticket.
-- fragment: record_viewer
SELECT 1 FROM assignment AS seen
        WHERE seen.unit_id = :viewer_unit AND seen.is_visible = 1 AND seen.ticket_id

-- The few tickets of a small unit, as a way in.
-- fragment: record_viewer_tickets
SELECT mine.ticket_id FROM assignment AS mine INDEXED BY assignment_visible
                WHERE mine.unit_id = :viewer_unit AND mine.is_visible = 1

-- Urges ------------------------------------------------------------------------

-- fragment: urge_select
SELECT urge.id, /*= record_head */,
       urge.number, urge.kind, urge.text, urge.issued_at, issuer.name, urge.read_at,
       reader.name, urge.answer, urge.answered_at, answerer.name
  FROM urge

-- fragment: urge_rest
    /*= record_ticket */
    LEFT JOIN unit ON unit.id = urge.unit_id
    LEFT JOIN user AS issuer ON issuer.id = urge.issued_by
    LEFT JOIN user AS reader ON reader.id = urge.read_by
    LEFT JOIN user AS answerer ON answerer.id = urge.answered_by
 WHERE urge.id < :before AND ticket.id = urge.ticket_id AND text.ticket_id = ticket.id
   AND (:kind IS NULL OR urge.kind = :kind)
   AND urge.issued_at BETWEEN :from AND :to
   AND (:sees_all = 1 OR EXISTS (/*= record_viewer */ = urge.ticket_id))

-- name: urge_list
-- access: read
/*= urge_select */ NOT INDEXED
/*= urge_rest */
 ORDER BY urge.id DESC LIMIT :limit;

-- name: urge_list_of_ticket
-- access: read
/*= urge_select */ INDEXED BY urge_by_ticket
/*= urge_rest */
   AND urge.ticket_id = :ticket_id
   AND (:unit_id IS NULL OR urge.unit_id = :unit_id)
 ORDER BY urge.id DESC LIMIT :limit;

-- name: urge_list_of_unit
-- access: read
/*= urge_select */ INDEXED BY urge_by_unit
/*= urge_rest */
   AND urge.unit_id = :unit_id
 ORDER BY urge.id DESC LIMIT :limit;

-- name: urge_list_of_viewer
-- access: read
/*= urge_select */ INDEXED BY urge_by_ticket
/*= urge_rest */
   AND urge.ticket_id IN (/*= record_viewer_tickets */)
   AND (:unit_id IS NULL OR urge.unit_id = :unit_id)
 ORDER BY urge.id DESC LIMIT :limit;

-- Supervisions -----------------------------------------------------------------

-- fragment: supervision_select
SELECT supervision.id, /*= record_head */,
       supervision.number, supervision.state, supervision.reason_code, supervision.demand,
       supervision.issued_at, issuer.name, supervision.answer_due_at, supervision.late_at,
       supervision.read_at, supervision.answer, supervision.answered_at, answerer.name,
       supervision.settled_at, settler.name, supervision.settle_note
  FROM supervision

-- fragment: supervision_rest
    /*= record_ticket */
    LEFT JOIN unit ON unit.id = supervision.unit_id
    LEFT JOIN user AS issuer ON issuer.id = supervision.issued_by
    LEFT JOIN user AS answerer ON answerer.id = supervision.answered_by
    LEFT JOIN user AS settler ON settler.id = supervision.settled_by
 WHERE supervision.id < :before AND ticket.id = supervision.ticket_id
   AND text.ticket_id = ticket.id
   AND (:kind IS NULL OR supervision.state = :kind)
   AND supervision.issued_at BETWEEN :from AND :to
   -- What the timer prepared is the supervisor's until it is issued.
   AND (:sees_all = 1 OR supervision.state <> 'prepared')
   AND (:sees_all = 1 OR EXISTS (/*= record_viewer */ = supervision.ticket_id))

-- name: supervision_list
-- access: read
/*= supervision_select */ NOT INDEXED
/*= supervision_rest */
 ORDER BY supervision.id DESC LIMIT :limit;

-- name: supervision_list_of_ticket
-- access: read
/*= supervision_select */ INDEXED BY supervision_by_ticket
/*= supervision_rest */
   AND supervision.ticket_id = :ticket_id
   AND (:unit_id IS NULL OR supervision.unit_id = :unit_id)
 ORDER BY supervision.id DESC LIMIT :limit;

-- name: supervision_list_of_unit
-- access: read
/*= supervision_select */ INDEXED BY supervision_by_unit
/*= supervision_rest */
   AND supervision.unit_id = :unit_id
 ORDER BY supervision.id DESC LIMIT :limit;

-- name: supervision_list_of_viewer
-- access: read
/*= supervision_select */ INDEXED BY supervision_by_ticket
/*= supervision_rest */
   AND supervision.ticket_id IN (/*= record_viewer_tickets */)
   AND (:unit_id IS NULL OR supervision.unit_id = :unit_id)
 ORDER BY supervision.id DESC LIMIT :limit;

-- Instructions -----------------------------------------------------------------

-- fragment: instruction_select
SELECT instruction.id, /*= record_head */,
       leader.name, instruction.at, instruction.text, instruction.report_back,
       instruction.waive, supervision.number, supervision.answer_due_at,
       supervision.answered_at, supervision.answer, supervision.settled_at, ticket.state
  FROM instruction

-- fragment: instruction_rest
    /*= record_ticket */
    LEFT JOIN unit ON unit.id = ticket.lead_unit_id
    LEFT JOIN user AS leader ON leader.id = instruction.leader_id
    LEFT JOIN supervision ON supervision.id = instruction.supervision_id
 WHERE instruction.id < :before AND ticket.id = instruction.ticket_id
   AND text.ticket_id = ticket.id
   AND instruction.at BETWEEN :from AND :to
   AND (:sees_all = 1 OR EXISTS (/*= record_viewer */ = instruction.ticket_id))

-- name: instruction_list
-- access: read
/*= instruction_select */ NOT INDEXED
/*= instruction_rest */
   AND (:unit_id IS NULL OR ticket.lead_unit_id = :unit_id)
 ORDER BY instruction.id DESC LIMIT :limit;

-- name: instruction_list_of_ticket
-- access: read
/*= instruction_select */ INDEXED BY instruction_by_ticket
/*= instruction_rest */
   AND instruction.ticket_id = :ticket_id
   AND (:unit_id IS NULL OR ticket.lead_unit_id = :unit_id)
 ORDER BY instruction.id DESC LIMIT :limit;

-- name: instruction_list_of_viewer
-- access: read
/*= instruction_select */ INDEXED BY instruction_by_ticket
/*= instruction_rest */
   AND instruction.ticket_id IN (/*= record_viewer_tickets */)
   AND (:unit_id IS NULL OR ticket.lead_unit_id = :unit_id)
 ORDER BY instruction.id DESC LIMIT :limit;

-- Submissions to leaders: of one ticket only -----------------------------------

-- name: submission_list_of_ticket
-- access: read
SELECT submission.id, /*= record_head */,
       leader.login, leader.name, submission.submitted_at, submitter.name, submission.note,
       submission.closed_at, closer.name, submission.is_waived
  FROM submission INDEXED BY submission_by_ticket
    /*= record_ticket */
    LEFT JOIN unit ON unit.id = ticket.lead_unit_id
    LEFT JOIN user AS leader ON leader.id = submission.leader_id
    LEFT JOIN user AS submitter ON submitter.id = submission.submitted_by
    LEFT JOIN user AS closer ON closer.id = submission.closed_by
 WHERE submission.ticket_id = :ticket_id AND submission.id < :before
   AND ticket.id = submission.ticket_id AND text.ticket_id = ticket.id
   AND submission.submitted_at BETWEEN :from AND :to
   AND (:unit_id IS NULL OR ticket.lead_unit_id = :unit_id)
   AND (:sees_all = 1 OR EXISTS (/*= record_viewer */ = submission.ticket_id))
 ORDER BY submission.id DESC LIMIT :limit;

-- Extensions -------------------------------------------------------------------

-- fragment: extension_select
SELECT extension.id, /*= record_head */,
       extension.state, extension.asked_at, asker.name, extension.reason_code,
       extension.reason, extension.promised_day, extension.interim_reply, extension.told_at,
       extension.told_way, extension.needs_leader, extension.decided_at, decider.name,
       extension.decision_note
  FROM extension

-- fragment: extension_rest
    /*= record_ticket */
    LEFT JOIN unit ON unit.id = extension.unit_id
    LEFT JOIN user AS asker ON asker.id = extension.asked_by
    LEFT JOIN user AS decider ON decider.id = extension.decided_by
 WHERE extension.id < :before AND ticket.id = extension.ticket_id
   AND text.ticket_id = ticket.id
   AND (:kind IS NULL OR extension.state = :kind)
   AND extension.asked_at BETWEEN :from AND :to
   AND (:sees_all = 1 OR EXISTS (/*= record_viewer */ = extension.ticket_id))

-- name: extension_list
-- access: read
/*= extension_select */ NOT INDEXED
/*= extension_rest */
 ORDER BY extension.id DESC LIMIT :limit;

-- name: extension_list_of_ticket
-- access: read
/*= extension_select */ INDEXED BY extension_by_ticket
/*= extension_rest */
   AND extension.ticket_id = :ticket_id
   AND (:unit_id IS NULL OR extension.unit_id = :unit_id)
 ORDER BY extension.id DESC LIMIT :limit;

-- name: extension_list_of_unit
-- access: read
/*= extension_select */ INDEXED BY extension_by_unit
/*= extension_rest */
   AND extension.unit_id = :unit_id
 ORDER BY extension.id DESC LIMIT :limit;

-- name: extension_list_of_viewer
-- access: read
/*= extension_select */ INDEXED BY extension_by_ticket
/*= extension_rest */
   AND extension.ticket_id IN (/*= record_viewer_tickets */)
   AND (:unit_id IS NULL OR extension.unit_id = :unit_id)
 ORDER BY extension.id DESC LIMIT :limit;

-- Returns ----------------------------------------------------------------------

-- fragment: return_select
SELECT return_request.id, /*= record_head */,
       return_request.state, return_request.returned_at, returner.name,
       return_request.reason_code, return_request.basis, suggested.code, suggested.name,
       return_request.decided_at, decider.name, return_request.decision_note
  FROM return_request

-- fragment: return_rest
    /*= record_ticket */
    LEFT JOIN unit ON unit.id = return_request.unit_id
    LEFT JOIN unit AS suggested ON suggested.id = return_request.suggested_unit_id
    LEFT JOIN user AS returner ON returner.id = return_request.returned_by
    LEFT JOIN user AS decider ON decider.id = return_request.decided_by
 WHERE return_request.id < :before AND ticket.id = return_request.ticket_id
   AND text.ticket_id = ticket.id
   AND (:kind IS NULL OR return_request.state = :kind)
   AND return_request.returned_at BETWEEN :from AND :to
   AND (:sees_all = 1 OR EXISTS (/*= record_viewer */ = return_request.ticket_id))

-- name: return_list
-- access: read
/*= return_select */ NOT INDEXED
/*= return_rest */
 ORDER BY return_request.id DESC LIMIT :limit;

-- name: return_list_of_ticket
-- access: read
/*= return_select */ INDEXED BY return_by_ticket
/*= return_rest */
   AND return_request.ticket_id = :ticket_id
   AND (:unit_id IS NULL OR return_request.unit_id = :unit_id)
 ORDER BY return_request.id DESC LIMIT :limit;

-- name: return_list_of_unit
-- access: read
/*= return_select */ INDEXED BY return_by_unit
/*= return_rest */
   AND return_request.unit_id = :unit_id
 ORDER BY return_request.id DESC LIMIT :limit;

-- name: return_list_of_viewer
-- access: read
/*= return_select */ INDEXED BY return_by_ticket
/*= return_rest */
   AND return_request.ticket_id IN (/*= record_viewer_tickets */)
   AND (:unit_id IS NULL OR return_request.unit_id = :unit_id)
 ORDER BY return_request.id DESC LIMIT :limit;

-- Replies: of one ticket only ----------------------------------------------------

-- name: reply_list_of_ticket
-- access: read
SELECT reply.id, /*= record_head */,
       reply.state, reply.at, writer.name, reply.contacted, reply.no_contact_reason,
       reply.finding, reply.measures, reply.basis, reply.reply_text, reply.outcome,
       reply.told_at, reply.told_way, reply.office_tells, reply.promised_day,
       reply.signed_off_by, reply.co_waived_reason, reply.reviewed_at, reviewer.name,
       reply.reject_reasons, reply.review_note, reply.quality_findings,
       reply.override_reason, CASE WHEN :sees_all = 1 THEN reply.copy_of END
  FROM reply INDEXED BY reply_by_ticket
    /*= record_ticket */
    LEFT JOIN unit ON unit.id = reply.unit_id
    LEFT JOIN user AS writer ON writer.id = reply.written_by
    LEFT JOIN user AS reviewer ON reviewer.id = reply.reviewed_by
 WHERE reply.ticket_id = :ticket_id AND reply.id < :before
   AND ticket.id = reply.ticket_id AND text.ticket_id = ticket.id
   AND (:kind IS NULL OR reply.state = :kind)
   AND reply.at BETWEEN :from AND :to
   AND (:unit_id IS NULL OR reply.unit_id = :unit_id)
   AND (:sees_all = 1 OR EXISTS (/*= record_viewer */ = reply.ticket_id))
 ORDER BY reply.id DESC LIMIT :limit;

-- Promises -----------------------------------------------------------------------

-- fragment: promise_select
SELECT promise.id, /*= record_head */,
       promise.source, promise.state, promise.made_at, promise.promised_day,
       promise.broken_at, promise.kept_at, keeper.name, promise.evidence
  FROM promise

-- fragment: promise_rest
    /*= record_ticket */
    LEFT JOIN unit ON unit.id = promise.unit_id
    LEFT JOIN user AS keeper ON keeper.id = promise.kept_by
 WHERE promise.id < :before AND ticket.id = promise.ticket_id AND text.ticket_id = ticket.id
   AND (:kind IS NULL OR promise.state = :kind)
   AND promise.made_at BETWEEN :from AND :to
   AND (:sees_all = 1 OR EXISTS (/*= record_viewer */ = promise.ticket_id))

-- name: promise_list
-- access: read
/*= promise_select */ NOT INDEXED
/*= promise_rest */
 ORDER BY promise.id DESC LIMIT :limit;

-- name: promise_list_of_ticket
-- access: read
/*= promise_select */ INDEXED BY promise_by_ticket
/*= promise_rest */
   AND promise.ticket_id = :ticket_id
   AND (:unit_id IS NULL OR promise.unit_id = :unit_id)
 ORDER BY promise.id DESC LIMIT :limit;

-- name: promise_list_of_unit
-- access: read
/*= promise_select */ INDEXED BY promise_by_unit
/*= promise_rest */
   AND promise.unit_id = :unit_id
 ORDER BY promise.id DESC LIMIT :limit;

-- name: promise_list_of_viewer
-- access: read
/*= promise_select */ INDEXED BY promise_by_ticket
/*= promise_rest */
   AND promise.ticket_id IN (/*= record_viewer_tickets */)
   AND (:unit_id IS NULL OR promise.unit_id = :unit_id)
 ORDER BY promise.id DESC LIMIT :limit;

-- Callbacks ------------------------------------------------------------------------

-- fragment: callback_select
SELECT callback.id, /*= record_head */,
       callback.at, caller.name, callback.connected, callback.contacted_by_unit,
       callback.solved, callback.satisfaction, callback.comment, callback.rework
  FROM callback

-- fragment: callback_rest
    /*= record_ticket */
    LEFT JOIN unit ON unit.id = ticket.lead_unit_id
    LEFT JOIN user AS caller ON caller.id = callback.made_by
 WHERE callback.id < :before AND ticket.id = callback.ticket_id
   AND text.ticket_id = ticket.id
   AND (:kind IS NULL OR callback.satisfaction = :kind)
   AND callback.at BETWEEN :from AND :to
   AND (:sees_all = 1 OR EXISTS (/*= record_viewer */ = callback.ticket_id))

-- name: callback_list
-- access: read
/*= callback_select */ NOT INDEXED
/*= callback_rest */
   AND (:unit_id IS NULL OR ticket.lead_unit_id = :unit_id)
 ORDER BY callback.id DESC LIMIT :limit;

-- name: callback_list_of_ticket
-- access: read
/*= callback_select */ INDEXED BY callback_by_ticket
/*= callback_rest */
   AND callback.ticket_id = :ticket_id
   AND (:unit_id IS NULL OR ticket.lead_unit_id = :unit_id)
 ORDER BY callback.id DESC LIMIT :limit;

-- name: callback_list_of_viewer
-- access: read
/*= callback_select */ INDEXED BY callback_by_ticket
/*= callback_rest */
   AND callback.ticket_id IN (/*= record_viewer_tickets */)
   AND (:unit_id IS NULL OR ticket.lead_unit_id = :unit_id)
 ORDER BY callback.id DESC LIMIT :limit;

-- Accountability -------------------------------------------------------------------
-- A unit sees what is about itself, and only on tickets it sees.

-- fragment: accountability_select
SELECT accountability.id, /*= record_head */,
       accountability.person, accountability.finding, accountability.measure,
       accountability.decided_day, accountability.laid_at, layer.name
  FROM accountability

-- fragment: accountability_rest
    /*= record_ticket */
    LEFT JOIN unit ON unit.id = accountability.unit_id
    LEFT JOIN user AS layer ON layer.id = accountability.laid_by
 WHERE accountability.id < :before AND ticket.id = accountability.ticket_id
   AND text.ticket_id = ticket.id
   AND accountability.laid_at BETWEEN :from AND :to
   AND (:sees_all = 1 OR accountability.unit_id = :viewer_unit
                         AND EXISTS (/*= record_viewer */ = accountability.ticket_id))

-- name: accountability_list
-- access: read
/*= accountability_select */ NOT INDEXED
/*= accountability_rest */
 ORDER BY accountability.id DESC LIMIT :limit;

-- name: accountability_list_of_ticket
-- access: read
/*= accountability_select */ INDEXED BY accountability_by_ticket
/*= accountability_rest */
   AND accountability.ticket_id = :ticket_id
   AND (:unit_id IS NULL OR accountability.unit_id = :unit_id)
 ORDER BY accountability.id DESC LIMIT :limit;

-- name: accountability_list_of_unit
-- access: read
/*= accountability_select */ INDEXED BY accountability_by_unit
/*= accountability_rest */
   AND accountability.unit_id = :unit_id
 ORDER BY accountability.id DESC LIMIT :limit;

-- name: accountability_list_of_viewer
-- access: read
/*= accountability_select */ INDEXED BY accountability_by_ticket
/*= accountability_rest */
   AND accountability.ticket_id IN (/*= record_viewer_tickets */)
   AND (:unit_id IS NULL OR accountability.unit_id = :unit_id)
 ORDER BY accountability.id DESC LIMIT :limit;
