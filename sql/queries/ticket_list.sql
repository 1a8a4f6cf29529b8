-- Lists of tickets.  One statement for each way in (the driving index); all
-- other filters are conditions on what it finds.  src/store/ticket_lists.c
-- chooses.  A page begins after the row of its cursor (:value, :id).  What is
-- listed is a ticket's id and the value it is sorted by, which are in the index;
-- what a line shows is read for each (ticket_line).

-- The id is the text's, which is at hand; the ticket's would be read from the index again.
-- fragment: ticket_line_columns
    text.ticket_id, ticket.no, text.title, ticket.channel, ticket.kind, ticket.urgency,
    ticket.state, ticket.light, ticket.area, ticket.category, ticket.lead_unit_id,
    ticket.version, ticket.received_at, ticket.effective_due_at,
    ticket.state_due_at, ticket.overdue_at, ticket.sensitive, ticket.confidential,
    ticket.suspect, ticket.hard_case, ticket.rework_count, ticket.urge_count

-- fragment: ticket_line_joins
    CROSS JOIN ticket_text AS text ON text.ticket_id = ticket.id

-- Whose list it is.  Nothing bound is nothing seen.
-- What is there to be read, and for whom; the list of it and the statement that marks it
-- read (notice.sql) ask the same.
-- fragment: urge_waits
    urge.read_at = 0 AND urge.unit_id IN (:my_unit, iif(:is_clerk = 1, 0, -1))

-- fragment: alarm_waits
    outbox.is_alarm = 1 AND outbox.seen_at = 0
           AND outbox.unit_id IN (:my_unit, 0) AND outbox.user_id IN (0, :user)
           AND (outbox.unit_id <> 0 OR :is_office = 1 OR outbox.user_id = :user)

-- fragment: ticket_visible
    (:sees_all = 1
     OR EXISTS (SELECT 1 FROM assignment AS seen
                 WHERE seen.ticket_id = ticket.id AND seen.unit_id = :viewer_unit
                   AND seen.is_visible = 1))

-- The bounds have a "+", so that the driving index begins at the cursor and not at them.
-- Most lists are asked for without a filter: that is one comparison a row, not twenty.
-- fragment: ticket_filters
    /*= ticket_visible */
    AND (:unfiltered = 1
         OR ((:states IS NULL OR instr(:states, ticket.state) > 0)
             AND (:channel IS NULL OR ticket.channel = :channel)
             AND (:kind IS NULL OR ticket.kind = :kind)
             AND (:urgency IS NULL OR ticket.urgency = :urgency)
             AND (:light IS NULL OR ticket.light = :light)
             AND (:area IS NULL OR ticket.area = :area
                  OR ticket.area IN (SELECT code FROM area WHERE parent = :area))
             AND (:category IS NULL OR ticket.category = :category
                  OR ticket.category IN (SELECT code FROM category WHERE parent = :category)
                  OR ticket.category IN (SELECT low.code
                                           FROM category AS middle
                                          CROSS JOIN category AS low
                                             ON low.parent = middle.code
                                          WHERE middle.parent = :category))
             AND (:overdue IS NULL OR (ticket.overdue_at > 0) = :overdue)
             AND (:sensitive IS NULL OR ticket.sensitive = :sensitive)
             AND (:suspect IS NULL OR ticket.suspect = :suspect)
             AND (:supervised IS NULL
                  OR EXISTS (SELECT 1 FROM supervision
                              WHERE supervision.ticket_id = ticket.id
                                AND supervision.state IN ('issued', 'answered')) = :supervised)
             AND (:part_unit IS NULL
                  OR EXISTS (SELECT 1 FROM assignment AS part
                              WHERE part.ticket_id = ticket.id AND part.unit_id = :part_unit
                                AND part.is_visible = 1
                                -- The role is the one it has now, or had at the end.
                                AND (:part IS NULL
                                     OR part.relation = :part
                                        AND (part.is_active = 1
                                             OR ticket.state IN ('closed', 'declined',
                                                                 'merged')))))
             AND +ticket.received_at BETWEEN :received_from AND :received_to
             AND +ticket.effective_due_at BETWEEN :due_from AND :due_to
             AND +ticket.closed_at BETWEEN :closed_from AND :closed_to
             AND +ticket.overdue_at BETWEEN :overdue_from AND :overdue_to))
    AND (:needle IS NULL OR /*= ticket_holds */)

-- Is :needle (folded) in one of the texts that are searched?  What stands here is
-- what search.c puts into the index.
-- fragment: ticket_holds
    (EXISTS (SELECT 1 FROM ticket_text AS text
              WHERE text.ticket_id = ticket.id
                AND search_holds(:needle, ticket.no, text.title, text.content, text.address,
                                 text.respondent))
     OR EXISTS (SELECT 1 FROM reply AS said
                 WHERE said.ticket_id = ticket.id
                   AND search_holds(:needle, said.finding, said.measures, said.basis,
                                    said.reply_text)))

-- The moment a ticket is measured by: its unit's, or (:by_clock, where tickets of all
-- states wait side by side) that of the clock that runs.  A light burns while the
-- unit's does; else it is the office's own, and nobody's once a ticket is merged.
-- fragment: ticket_measured_at
    CASE WHEN :by_clock = 0 OR ticket.light <> 'none' THEN ticket.effective_due_at
         WHEN ticket.state = 'merged' THEN 0
         ELSE ticket.state_due_at END

-- The order by which few tickets are sorted when the driving index has another
-- one: (:key, :id_key) is the cursor.  Both sort upwards.
-- fragment: ticket_sort_key
    CASE WHEN :by_due = 0 THEN -ticket.received_at
         ELSE ifnull(nullif(/*= ticket_measured_at */, 0), 9223372036854775807) END

-- fragment: ticket_sorted_key
    ticket.id, iif(:by_due = 0, ticket.received_at, /*= ticket_measured_at */)

-- fragment: ticket_sorted
   AND (/*= ticket_sort_key */, CASE WHEN :by_due = 0 THEN -ticket.id ELSE ticket.id END)
       > (:key, :id_key)
 ORDER BY /*= ticket_sort_key */, CASE WHEN :by_due = 0 THEN -ticket.id ELSE ticket.id END
 LIMIT :limit

-- Newest first, straight from an index -------------------------------------------

-- name: ticket_list_all
-- access: read
SELECT ticket.id, ticket.received_at
  FROM ticket INDEXED BY ticket_by_received
 WHERE (ticket.received_at, ticket.id) < (:value, :id)
   AND ticket.received_at >= :received_from
   AND /*= ticket_filters */
 ORDER BY ticket.received_at DESC, ticket.id DESC
 LIMIT :limit;

-- name: ticket_list_state
-- access: read
SELECT ticket.id, ticket.received_at
  FROM ticket INDEXED BY ticket_by_state
 WHERE ticket.state = :driver
   AND (ticket.received_at, ticket.id) < (:value, :id)
   AND ticket.received_at >= :received_from
   AND /*= ticket_filters */
 ORDER BY ticket.received_at DESC, ticket.id DESC
 LIMIT :limit;

-- name: ticket_list_category
-- access: read
SELECT ticket.id, ticket.received_at
  FROM ticket INDEXED BY ticket_by_category
 WHERE ticket.category IS NOT NULL AND ticket.category = :driver
   AND (ticket.received_at, ticket.id) < (:value, :id)
   AND ticket.received_at >= :received_from
   AND /*= ticket_filters */
 ORDER BY ticket.received_at DESC, ticket.id DESC
 LIMIT :limit;

-- name: ticket_list_unit
-- access: read
SELECT mine.ticket_id, mine.received_at
  FROM assignment AS mine INDEXED BY assignment_visible
 CROSS JOIN ticket ON ticket.id = mine.ticket_id
 WHERE mine.unit_id = :driver AND mine.is_visible = 1
   AND (mine.received_at, mine.ticket_id) < (:value, :id)
   AND mine.received_at >= :received_from
   AND /*= ticket_filters */
 ORDER BY mine.received_at DESC, mine.ticket_id DESC
 LIMIT :limit;

-- Least time left first, straight from an index: first those with a deadline
-- (:due_from 1 at least), then those without --------------------------------------

-- name: ticket_list_state_due
-- access: read
SELECT ticket.id, ticket.effective_due_at
  FROM ticket INDEXED BY ticket_by_state_due
 WHERE ticket.state = :driver
   AND (ticket.effective_due_at, ticket.id) > (:value, :id)
   AND ticket.effective_due_at <= :due_to
   AND /*= ticket_filters */
 ORDER BY ticket.effective_due_at, ticket.id
 LIMIT :limit;

-- name: ticket_list_light_due
-- access: read
SELECT ticket.id, ticket.effective_due_at
  FROM ticket INDEXED BY ticket_by_light
 WHERE ticket.light <> 'none' AND ticket.light = :driver
   AND (ticket.effective_due_at, ticket.id) > (:value, :id)
   AND ticket.effective_due_at <= :due_to
   AND /*= ticket_filters */
 ORDER BY ticket.effective_due_at, ticket.id
 LIMIT :limit;

-- Few tickets, found by an index and then sorted --------------------------------------

-- name: ticket_list_light
-- access: read
SELECT /*= ticket_sorted_key */
  FROM ticket INDEXED BY ticket_by_light
 WHERE ticket.light <> 'none' AND ticket.light = :driver
   AND /*= ticket_filters */
   /*= ticket_sorted */;

-- name: ticket_list_due_range
-- access: read
SELECT /*= ticket_sorted_key */
  FROM ticket INDEXED BY ticket_by_due
 WHERE ticket.effective_due_at > 0
   AND ticket.effective_due_at BETWEEN :due_from AND :due_to
   AND /*= ticket_filters */
   /*= ticket_sorted */;

-- name: ticket_list_received_range
-- access: read
SELECT /*= ticket_sorted_key */
  FROM ticket INDEXED BY ticket_by_received
 WHERE ticket.received_at BETWEEN :received_from AND :received_to
   AND /*= ticket_filters */
   /*= ticket_sorted */;

-- name: ticket_list_closed_range
-- access: read
SELECT /*= ticket_sorted_key */
  FROM ticket INDEXED BY ticket_by_closed
 WHERE ticket.closed_at > 0
   AND ticket.closed_at BETWEEN :closed_from AND :closed_to
   AND /*= ticket_filters */
   /*= ticket_sorted */;

-- name: ticket_list_overdue_range
-- access: read
SELECT /*= ticket_sorted_key */
  FROM ticket INDEXED BY ticket_by_overdue
 WHERE ticket.overdue_at > 0
   AND ticket.overdue_at BETWEEN :overdue_from AND :overdue_to
   AND /*= ticket_filters */
   /*= ticket_sorted */;

-- name: ticket_list_unit_open
-- access: read
-- An open ticket's visible parts are the active ones.
SELECT /*= ticket_sorted_key */
  FROM assignment AS mine INDEXED BY assignment_open_by_unit
 CROSS JOIN ticket ON ticket.id = mine.ticket_id
 WHERE mine.unit_id = :driver AND mine.is_active = 1
   AND /*= ticket_filters */
   /*= ticket_sorted */;

-- name: ticket_list_unit_sorted
-- access: read
SELECT /*= ticket_sorted_key */
  FROM assignment AS mine INDEXED BY assignment_visible
 CROSS JOIN ticket ON ticket.id = mine.ticket_id
 WHERE mine.unit_id = :driver AND mine.is_visible = 1
   AND mine.received_at BETWEEN :received_from AND :received_to
   AND /*= ticket_filters */
   /*= ticket_sorted */;

-- name: ticket_list_supervised
-- access: read
SELECT /*= ticket_sorted_key */
  FROM ticket
 WHERE ticket.id IN (SELECT open.ticket_id
                       FROM supervision AS open INDEXED BY supervision_unsettled
                      WHERE open.state IN ('issued', 'answered') AND open.ticket_id > 0)
   AND /*= ticket_filters */
   /*= ticket_sorted */;

-- What a search finds (ticket_search.c): always looked at again, in the filters --------

-- name: ticket_list_found
-- access: read
-- Tickets in order, so that the index's order is that of receipt.
SELECT ticket.id, ticket.received_at
  FROM search
 CROSS JOIN ticket ON ticket.id = search.rowid
 WHERE search MATCH :match AND search.rowid <= :first_id
   AND (ticket.received_at, ticket.id) < (:value, :id)
   AND ticket.received_at >= :received_from
   AND NOT EXISTS (SELECT 1 FROM ticket_backdated WHERE ticket_id = ticket.id)
   AND /*= ticket_filters */
 ORDER BY search.rowid DESC
 LIMIT :limit;

-- name: ticket_list_found_backdated
-- access: read
SELECT /*= ticket_sorted_key */
  FROM search
 CROSS JOIN ticket ON ticket.id = search.rowid
 WHERE search MATCH :match AND search.rowid BETWEEN :from_id AND :to_id
   AND ticket.received_at >= :worst
   AND EXISTS (SELECT 1 FROM ticket_backdated WHERE ticket_id = ticket.id)
   AND /*= ticket_filters */
   /*= ticket_sorted */;

-- name: ticket_list_pending
-- access: read
-- scan: this is the tail that is not indexed yet
SELECT /*= ticket_sorted_key */
  FROM search_pending
 CROSS JOIN ticket ON ticket.id = search_pending.ticket_id
 WHERE /*= ticket_filters */
   /*= ticket_sorted */;

-- What waits for somebody --------------------------------------------------------------

-- The tickets of the group :todo for :user of :my_unit (-1: not a unit's user).
-- One branch for each row of TICKET_TODOS; those of other groups cost one comparison.
-- fragment: todo_tickets
        SELECT todo.id FROM ticket AS todo INDEXED BY ticket_by_state
         WHERE :todo = 'dispatch' AND todo.state = 'received' AND todo.suspect = 0
         UNION ALL
        SELECT todo.id FROM ticket AS todo INDEXED BY ticket_by_state
         WHERE :todo = 'suspect' AND todo.state = 'received' AND todo.suspect = 1
         UNION ALL
        SELECT todo.id FROM ticket AS todo INDEXED BY ticket_by_state
         WHERE :todo = 'return' AND todo.state = 'returned'
         UNION ALL
        SELECT todo.id FROM ticket AS todo INDEXED BY ticket_by_state
         WHERE :todo IN ('review', 'tell') AND todo.state = 'replied'
           AND (todo.told_at = 0
                AND EXISTS (SELECT 1 FROM reply
                             WHERE reply.ticket_id = todo.id AND reply.state = 'sent'
                               AND reply.office_tells = 1)) = (:todo = 'tell')
         UNION ALL
        SELECT todo.id FROM ticket AS todo INDEXED BY ticket_by_state
         WHERE :todo = 'callback' AND todo.state = 'feedback'
           AND (todo.has_phone = 1 OR todo.rated_at > 0)
           AND (todo.rated_at = 0 OR todo.satisfaction_final IS NOT 'unsatisfied')
         UNION ALL
        SELECT todo.id FROM ticket AS todo INDEXED BY ticket_by_state
         WHERE :todo = 'unsatisfied' AND :is_clerk = 1 AND todo.state = 'feedback'
           AND todo.rated_at > 0 AND todo.satisfaction_final = 'unsatisfied'
        UNION ALL
        SELECT todo.id
          FROM rating INDEXED BY rating_waits
         CROSS JOIN ticket AS todo ON todo.id = rating.ticket_id
         WHERE :todo = 'unsatisfied' AND :is_supervisor = 1 AND rating.waits = 1
           AND todo.state = 'closed'
         UNION ALL
        SELECT repeated.ticket_id
          FROM repeated_matter AS repeated INDEXED BY repeated_waits
         WHERE :todo = 'repeated' AND :is_supervisor = 1 AND repeated.waits = 1
         UNION ALL
        SELECT todo.id FROM ticket AS todo INDEXED BY ticket_grave
         WHERE :todo = 'submit' AND (todo.sensitive = 1 OR todo.urgency = 'critical')
           AND todo.state IN ('received', 'dispatched', 'handling', 'returned', 'replied',
                              'feedback')
           AND todo.suspect = 0
           AND NOT EXISTS (SELECT 1 FROM submission WHERE submission.ticket_id = todo.id)
         UNION ALL
        SELECT part.ticket_id
          FROM assignment AS part INDEXED BY assignment_open_by_unit
         CROSS JOIN ticket AS todo ON todo.id = part.ticket_id
         WHERE :todo = 'sign' AND part.unit_id = :my_unit AND part.is_active = 1
           AND part.signed_at = 0
           AND (todo.state = 'dispatched' OR part.relation = 'co' AND todo.state = 'handling')
         UNION ALL
        SELECT part.ticket_id
          FROM assignment AS part INDEXED BY assignment_open_by_unit
         CROSS JOIN ticket AS todo ON todo.id = part.ticket_id
         WHERE :todo = 'contact' AND part.unit_id = :my_unit
           AND part.is_active = 1 AND part.relation = 'lead' AND part.signed_at > 0
           AND part.contacted_at = 0 AND todo.confidential = 0
           AND todo.state IN ('dispatched', 'handling')
         UNION ALL
        SELECT todo.id
          FROM ticket AS todo INDEXED BY ticket_confidential
         CROSS JOIN assignment AS part
         WHERE :todo = 'contact' AND :is_clerk = 1 AND todo.confidential = 1
           AND todo.state IN ('dispatched', 'handling')
           AND part.ticket_id = todo.id AND part.is_active = 1 AND part.relation = 'lead'
           AND part.contacted_at = 0
         UNION ALL
        SELECT part.ticket_id
          FROM assignment AS part INDEXED BY assignment_open_by_unit
         CROSS JOIN ticket AS todo ON todo.id = part.ticket_id
         WHERE :todo IN ('handle', 'draft') AND part.unit_id = :my_unit AND part.is_active = 1
           AND part.relation = 'lead' AND todo.state = 'handling'
           AND EXISTS (SELECT 1 FROM reply
                        WHERE reply.ticket_id = todo.id AND reply.state = 'proposed')
               = (:todo = 'draft')
         UNION ALL
        SELECT part.ticket_id
          FROM assignment AS part INDEXED BY assignment_open_by_unit
         CROSS JOIN ticket AS todo ON todo.id = part.ticket_id
         WHERE :todo = 'co' AND part.unit_id = :my_unit AND part.is_active = 1
           AND part.relation = 'co' AND part.replied_at = 0
           AND todo.state IN ('dispatched', 'handling')
         UNION ALL
        SELECT open.ticket_id FROM supervision AS open INDEXED BY supervision_open
         WHERE :todo = 'supervision' AND open.state IN ('prepared', 'issued')
           AND open.state = 'issued' AND open.unit_id = :my_unit
         UNION ALL
        SELECT urge.ticket_id FROM urge INDEXED BY urge_unread
         WHERE :todo = 'urge' AND /*= urge_waits */
         UNION ALL
        SELECT promise.ticket_id FROM promise INDEXED BY promise_open
         WHERE :todo = 'promise' AND promise.state = 'open' AND promise.unit_id = :my_unit
           AND promise.promised_day <= :today + 1
         UNION ALL
        SELECT extension.ticket_id FROM extension INDEXED BY extension_one_pending
         WHERE :todo = 'extension' AND extension.state = 'pending' AND extension.ticket_id > 0
           AND iif(extension.needs_leader = 1, :is_leader, :is_supervisor) = 1
         UNION ALL
        SELECT open.ticket_id FROM supervision AS open INDEXED BY supervision_open
         WHERE :todo = 'supervise' AND open.state IN ('prepared', 'issued')
           AND open.state = 'prepared'
         UNION ALL
        SELECT open.ticket_id FROM supervision AS open INDEXED BY supervision_unsettled
         WHERE :todo = 'settle' AND open.state IN ('issued', 'answered')
           AND open.ticket_id > 0 AND open.state = 'answered'
         UNION ALL
        SELECT submission.ticket_id FROM submission INDEXED BY submission_open
         WHERE :todo = 'instruct' AND submission.closed_at = 0 AND submission.leader_id = :user
         UNION ALL
        SELECT outbox.ticket_id FROM outbox INDEXED BY outbox_unseen
         WHERE :todo = 'alarm' AND /*= alarm_waits */

-- name: ticket_list_desk
-- access: read
SELECT /*= ticket_sorted_key */
  FROM ticket
 WHERE ticket.id IN (SELECT place.ticket_id FROM desk_ticket AS place
                      WHERE place.desk = :desk AND place.from_day <= :today)
   AND /*= ticket_filters */
   /*= ticket_sorted */;

-- name: ticket_list_todo
-- access: read
SELECT /*= ticket_sorted_key */
  FROM ticket
 WHERE ticket.id IN (/*= todo_tickets */)
   AND /*= ticket_filters */
   /*= ticket_sorted */;

-- name: ticket_count_todo
-- access: read
SELECT count(*), count(*) FILTER (WHERE ticket.light = 'yellow'),
       count(*) FILTER (WHERE ticket.light = 'red')
  FROM ticket
 WHERE ticket.id IN (/*= todo_tickets */)
   AND /*= ticket_visible */;

-- One ticket --------------------------------------------------------------------------

-- name: ticket_line
-- access: read
SELECT /*= ticket_line_columns */
  FROM ticket
  /*= ticket_line_joins */
 WHERE ticket.id = :ticket_id;

-- name: ticket_names
-- access: read
SELECT receiver.name, category.name, area.name, earlier.no, target.no
  FROM ticket AS this
  LEFT JOIN user AS receiver ON receiver.id = this.received_by
  LEFT JOIN category ON category.code = this.category
  LEFT JOIN area ON area.code = this.area
  LEFT JOIN ticket AS earlier ON earlier.id = this.repeat_of
        AND (:sees_all = 1
             OR EXISTS (SELECT 1 FROM assignment AS seen
                         WHERE seen.ticket_id = earlier.id AND seen.unit_id = :viewer_unit
                           AND seen.is_visible = 1))
  LEFT JOIN ticket AS target ON target.id = this.merged_into
        AND (:sees_all = 1
             OR EXISTS (SELECT 1 FROM assignment AS seen
                         WHERE seen.ticket_id = target.id AND seen.unit_id = :viewer_unit
                           AND seen.is_visible = 1))
 WHERE this.id = :ticket_id;

-- name: ticket_unseen
-- access: read
SELECT EXISTS (SELECT 1 FROM urge
                WHERE urge.unit_id = :unit_id AND urge.ticket_id = :ticket_id
                  AND urge.read_at = 0)
    OR EXISTS (SELECT 1 FROM supervision
                WHERE supervision.ticket_id = :ticket_id AND supervision.unit_id = :unit_id
                  AND supervision.read_at = 0 AND supervision.state <> 'prepared')
    OR EXISTS (SELECT 1 FROM outbox
                WHERE outbox.ticket_id = :ticket_id AND outbox.unit_id = :unit_id
                  AND outbox.is_alarm = 1 AND outbox.seen_at = 0);

-- name: unit_tickets
-- access: read
-- To be counted up to :limit.
SELECT 1
  FROM assignment INDEXED BY assignment_visible
 WHERE unit_id = :unit_id AND is_visible = 1
 LIMIT :limit;

-- name: category_below
-- access: read
-- The category and all below it.
SELECT code FROM category WHERE code = :code
 UNION ALL
SELECT code FROM category WHERE parent = :code
 UNION ALL
SELECT low.code
  FROM category AS middle CROSS JOIN category AS low ON low.parent = middle.code
 WHERE middle.parent = :code
 LIMIT :limit;
