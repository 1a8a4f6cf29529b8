-- Tables ticket, ticket_text, petitioner, assignment and sequence.

-- fragment: ticket_columns
    ticket.id, ticket.no, ticket.query_code, ticket.channel, ticket.upstream,
    ticket.upstream_no, ticket.upstream_received_at, ticket.upstream_due_at,
    ticket.received_at, ticket.received_by, ticket.occurred_at, ticket.kind,
    ticket.area, ticket.category, ticket.urgency, ticket.sensitive, ticket.anonymous,
    ticket.confidential, ticket.may_publish, ticket.suspect, ticket.has_phone,
    ticket.repeat_of, ticket.state, ticket.version, ticket.round, ticket.hard_case,
    ticket.lead_unit_id, ticket.first_dispatched_at, ticket.dispatched_at,
    ticket.due_at, ticket.effective_due_at, ticket.clock_from_at,
    ticket.due_provisional, ticket.due_capped, ticket.light, ticket.overdue_at, ticket.state_due_at, ticket.replied_at,
    ticket.answered_at, ticket.outcome, ticket.told_at, ticket.told_way,
    ticket.satisfaction_first, ticket.satisfaction_final, ticket.solved,
    ticket.exclude_class, ticket.published_at, ticket.merged_into, ticket.merged_at,
    ticket.merged_from_state, ticket.return_count, ticket.extension_count,
    ticket.rework_count, ticket.urge_count, ticket.citizen_urge_count,
    ticket.supervision_count, ticket.closed_at, ticket.closed_unreachable,
    ticket.citizen_urged_at, ticket.rated_at

-- name: ticket_by_no
-- access: read
SELECT /*= ticket_columns */
  FROM ticket
 WHERE no = :no;

-- name: ticket_by_id
-- access: read
SELECT /*= ticket_columns */
  FROM ticket
 WHERE id = :id;

-- name: ticket_id_by_upstream
-- access: read
SELECT id, no
  FROM ticket
 WHERE upstream IS NOT NULL AND upstream = :upstream AND upstream_no = :upstream_no;

-- fragment: ticket_facts
    query_code, channel, upstream, upstream_no, upstream_received_at, upstream_due_at,
    received_at, received_by, occurred_at, kind, area, category, urgency, sensitive,
    anonymous, confidential, may_publish, suspect, has_phone, repeat_of, state, version,
    round, hard_case, lead_unit_id, first_dispatched_at, dispatched_at, due_at,
    effective_due_at, clock_from_at, due_provisional, due_capped, light, overdue_at,
    state_due_at, replied_at, answered_at, outcome, told_at, told_way,
    satisfaction_first, satisfaction_final, solved, exclude_class, published_at,
    merged_into, merged_at, merged_from_state, return_count, extension_count,
    rework_count, urge_count, citizen_urge_count, supervision_count, closed_at,
    closed_unreachable, citizen_urged_at, rated_at

-- fragment: ticket_facts_given
    :query_code, :channel, :upstream, :upstream_no, :upstream_received_at,
    :upstream_due_at, :received_at, :received_by, :occurred_at, :kind, :area, :category,
    :urgency, :sensitive, :anonymous, :confidential, :may_publish, :suspect, :has_phone,
    :repeat_of, :state, :version, :round, :hard_case, :lead_unit_id,
    :first_dispatched_at, :dispatched_at, :due_at, :effective_due_at, :clock_from_at,
    :due_provisional, :due_capped, :light, :overdue_at, :state_due_at, :replied_at,
    :answered_at, :outcome, :told_at, :told_way, :satisfaction_first,
    :satisfaction_final, :solved, :exclude_class, :published_at, :merged_into,
    :merged_at, :merged_from_state, :return_count, :extension_count, :rework_count,
    :urge_count, :citizen_urge_count, :supervision_count, :closed_at,
    :closed_unreachable, :citizen_urged_at, :rated_at

-- name: ticket_insert
-- access: write
INSERT INTO ticket (no, /*= ticket_facts */)
VALUES (:no, /*= ticket_facts_given */);

-- name: ticket_newest
-- access: read
SELECT ifnull(max(received_at), 0) FROM ticket;

-- name: ticket_note_backdated
-- access: write
INSERT INTO ticket_backdated (ticket_id) VALUES (:id);

-- name: ticket_save
-- access: write
-- The writer is alone, so the version was checked in this transaction.
UPDATE ticket
   SET upstream_due_at = :upstream_due_at,
       occurred_at = :occurred_at,
       kind = :kind,
       area = :area,
       category = :category,
       urgency = :urgency,
       sensitive = :sensitive,
       anonymous = :anonymous,
       confidential = :confidential,
       may_publish = :may_publish,
       suspect = :suspect,
       has_phone = :has_phone,
       repeat_of = :repeat_of,
       state = :state,
       version = :version,
       round = :round,
       hard_case = :hard_case,
       lead_unit_id = :lead_unit_id,
       first_dispatched_at = :first_dispatched_at,
       dispatched_at = :dispatched_at,
       due_at = :due_at,
       effective_due_at = :effective_due_at,
       clock_from_at = :clock_from_at,
       due_provisional = :due_provisional,
       due_capped = :due_capped,
       light = :light,
       overdue_at = :overdue_at,
       state_due_at = :state_due_at,
       replied_at = :replied_at,
       answered_at = :answered_at,
       outcome = :outcome,
       told_at = :told_at,
       told_way = :told_way,
       satisfaction_first = :satisfaction_first,
       satisfaction_final = :satisfaction_final,
       solved = :solved,
       exclude_class = :exclude_class,
       published_at = :published_at,
       merged_into = :merged_into,
       merged_at = :merged_at,
       merged_from_state = :merged_from_state,
       return_count = :return_count,
       extension_count = :extension_count,
       rework_count = :rework_count,
       urge_count = :urge_count,
       citizen_urge_count = :citizen_urge_count,
       supervision_count = :supervision_count,
       closed_at = :closed_at,
       closed_unreachable = :closed_unreachable,
       citizen_urged_at = :citizen_urged_at,
       rated_at = :rated_at
 WHERE id = :id;

-- name: ticket_mark
-- access: write
-- What the timer marks (tickets.c says why apart).
UPDATE ticket
   SET light = :light,
       overdue_at = :overdue_at,
       urge_count = :urge_count
 WHERE id = :id;

-- name: ticket_text_by_ticket
-- access: read
SELECT title, content, demand, respondent, address, tags, sensitive_reason, repeat_relation,
       public_text
  FROM ticket_text
 WHERE ticket_id = :ticket_id;

-- name: ticket_text_save
-- access: write
INSERT INTO ticket_text (ticket_id, title, content, demand, respondent, address, tags,
                         sensitive_reason, repeat_relation, public_text)
VALUES (:ticket_id, :title, :content, :demand, :respondent, :address, :tags,
        :sensitive_reason, :repeat_relation, :public_text)
    ON CONFLICT (ticket_id) DO UPDATE
   SET title = excluded.title, content = excluded.content, demand = excluded.demand,
       respondent = excluded.respondent, address = excluded.address, tags = excluded.tags,
       sensitive_reason = excluded.sensitive_reason,
       repeat_relation = excluded.repeat_relation, public_text = excluded.public_text;

-- name: petitioner_last
-- access: read
-- The sealed columns are bound to the row's id, so it is chosen before the row is written.
SELECT max(id)
  FROM petitioner;

-- name: petitioner_insert
-- access: write
INSERT INTO petitioner (id, ticket_id, from_ticket, kind, phone_index, name, phone, contact_note)
VALUES (:id, :ticket_id, :from_ticket, :kind, :phone_index, :name, :phone, :contact_note);

-- name: petitioner_drop
-- access: write
DELETE FROM petitioner
 WHERE ticket_id = :ticket_id AND from_ticket = :from_ticket;

-- name: petitioners_by_ticket
-- access: read
SELECT petitioner.id, petitioner.from_ticket, ifnull(origin.confidential, 0), petitioner.kind,
       petitioner.name, petitioner.phone, petitioner.contact_note
  FROM petitioner
  LEFT JOIN ticket AS origin ON origin.id = petitioner.from_ticket
 WHERE petitioner.ticket_id = :ticket_id
 ORDER BY petitioner.id
 LIMIT 20;

-- fragment: assignment_columns
    id, round, unit_id, relation, is_active, is_visible, is_counted, is_designated,
    return_refused, dispatched_at, due_at, effective_due_at, sign_due_at, opened_at,
    signed_at, sign_late_at, contact_due_at, contacted_at, contact_late_at, replied_at,
    overdue_at, rework_count, ended_at, end_reason

-- name: assignments_by_ticket
-- access: read
SELECT /*= assignment_columns */
  FROM assignment
 WHERE ticket_id = :ticket_id
 ORDER BY round;

-- fragment: assignment_facts
    round, unit_id, relation, is_active, is_visible, is_counted, is_designated,
    return_refused, dispatched_at, due_at, effective_due_at, sign_due_at, opened_at,
    signed_at, sign_late_at, contact_due_at, contacted_at, contact_late_at, replied_at,
    overdue_at, rework_count, ended_at, end_reason

-- fragment: assignment_facts_given
    :round, :unit_id, :relation, :is_active, :is_visible, :is_counted, :is_designated,
    :return_refused, :dispatched_at, :due_at, :effective_due_at, :sign_due_at,
    :opened_at, :signed_at, :sign_late_at, :contact_due_at, :contacted_at,
    :contact_late_at, :replied_at, :overdue_at, :rework_count, :ended_at, :end_reason

-- name: assignment_insert
-- access: write
INSERT INTO assignment (ticket_id, /*= assignment_facts */)
VALUES (:ticket_id, /*= assignment_facts_given */);

-- name: assignment_save
-- access: write
UPDATE assignment
   SET is_active = :is_active,
       is_visible = :is_visible,
       is_counted = :is_counted,
       return_refused = :return_refused,
       due_at = :due_at,
       effective_due_at = :effective_due_at,
       sign_due_at = :sign_due_at,
       opened_at = :opened_at,
       signed_at = :signed_at,
       sign_late_at = :sign_late_at,
       contact_due_at = :contact_due_at,
       contacted_at = :contacted_at,
       contact_late_at = :contact_late_at,
       replied_at = :replied_at,
       overdue_at = :overdue_at,
       rework_count = :rework_count,
       ended_at = :ended_at,
       end_reason = :end_reason
 WHERE id = :id;

-- name: assignment_mark
-- access: write
UPDATE assignment
   SET sign_late_at = :sign_late_at,
       contact_late_at = :contact_late_at,
       overdue_at = :overdue_at
 WHERE id = :id;

-- name: lead_sign_off
-- access: read
SELECT sign_off
  FROM unit
 WHERE id = :id;

-- name: sequence_raise
-- access: write
INSERT INTO sequence (name, value)
VALUES (:name, 1)
    ON CONFLICT (name) DO UPDATE SET value = value + 1;

-- name: sequence_value
-- access: read
SELECT value
  FROM sequence
 WHERE name = :name;

-- name: ticket_has_merged
-- access: read
SELECT 1
  FROM ticket
 WHERE merged_into > 0 AND merged_into = :id
 LIMIT 1;

-- name: category_enabled
-- access: read
SELECT name
  FROM category
 WHERE code = :code AND is_enabled = 1;
