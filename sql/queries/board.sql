-- Tables desk_ticket, summary_desk, summary_due, summary_category and repeat_caller,
-- and what the board reads.

-- Desks --------------------------------------------------------------------------------

-- name: desk_facts
-- access: read
-- A moment fired belongs to the present turn when its due moment does.  Only what is
-- asked is looked up: each answer costs a table and its index.
SELECT CASE WHEN :asks_dispatch_late THEN
       EXISTS (SELECT 1 FROM moment_fired AS fired
                WHERE fired.ticket_id = :ticket_id AND fired.kind = 'dispatch_late'
                  AND fired.subject = 0 AND fired.due_at = :state_due_at) ELSE 0 END,
       CASE WHEN :asks_unopened THEN
       EXISTS (SELECT 1 FROM assignment AS part
                CROSS JOIN moment_fired AS fired
                WHERE part.ticket_id = :ticket_id AND part.is_active = 1
                  AND part.opened_at = 0 AND fired.ticket_id = :ticket_id
                  AND fired.kind = 'unopened' AND fired.subject = part.id) ELSE 0 END,
       CASE WHEN :asks_criticism THEN
       EXISTS (SELECT 1 FROM moment_fired AS fired
                WHERE fired.ticket_id = :ticket_id AND fired.kind = 'criticism'
                  AND fired.subject = 0 AND fired.due_at >= :effective_due_at) ELSE 0 END,
       CASE WHEN :asks_instruction THEN
       EXISTS (SELECT 1 FROM instruction
                WHERE instruction.ticket_id = :ticket_id
                  AND (instruction.waive = 0 OR instruction.report_back = 1)) ELSE 0 END,
       CASE WHEN :asks_urge THEN
       EXISTS (SELECT 1 FROM urge INDEXED BY urge_unanswered
                WHERE urge.ticket_id = :ticket_id AND urge.unit_id = :lead_unit
                  AND urge.answered_at = 0 AND (urge.kind IN ('manual', 'citizen') OR urge.kind = 'notice')) ELSE 0 END,
       CASE WHEN :asks_urge THEN
       ifnull((SELECT max(urge.answered_at) FROM urge INDEXED BY urge_by_ticket
                WHERE urge.ticket_id = :ticket_id AND urge.unit_id = :lead_unit), 0) ELSE 0 END,
       CASE WHEN :asks_promise THEN
       EXISTS (SELECT 1 FROM promise
                WHERE promise.ticket_id = :ticket_id AND promise.state = 'open'
                  AND promise.broken_at > 0) ELSE 0 END;

-- name: desk_places
-- access: read
SELECT desk, from_day
  FROM desk_ticket INDEXED BY desk_ticket_by_ticket
 WHERE ticket_id = :ticket_id;

-- name: desk_put
-- access: write
INSERT INTO desk_ticket (desk, from_day, ticket_id)
VALUES (:desk, :from_day, :ticket_id);

-- name: desk_take
-- access: write
DELETE FROM desk_ticket
 WHERE desk = :desk AND from_day = :from_day AND ticket_id = :ticket_id;

-- name: summary_desk_add
-- access: write
INSERT INTO summary_desk (desk, from_day, tickets)
VALUES (:desk, :from_day, 1)
    ON CONFLICT (desk, from_day) DO UPDATE SET tickets = tickets + 1;

-- name: summary_desk_take
-- access: write
UPDATE summary_desk
   SET tickets = tickets - 1
 WHERE desk = :desk AND from_day = :from_day;

-- name: desk_clear
-- access: write
DELETE FROM desk_ticket;

-- name: summary_desk_clear
-- access: write
DELETE FROM summary_desk;

-- name: desk_candidates
-- access: read
-- scan: verification reads every place
-- Tickets that may stand somewhere, and those that do.
SELECT id
  FROM ticket INDEXED BY ticket_by_state
 WHERE state IN ('received', 'dispatched', 'handling', 'returned', 'replied', 'feedback')
 UNION
SELECT ticket_id FROM promise WHERE state = 'open'
 UNION
SELECT ticket_id FROM desk_ticket;

-- name: summary_desk_differences
-- access: read
-- scan: verification recounts everything
SELECT count(*)
  FROM (SELECT desk, from_day, tickets FROM summary_desk WHERE tickets > 0
        EXCEPT
        SELECT desk, from_day, count(*) FROM desk_ticket GROUP BY 1, 2)
 UNION ALL
SELECT count(*)
  FROM (SELECT desk, from_day, count(*) FROM desk_ticket GROUP BY 1, 2
        EXCEPT
        SELECT desk, from_day, tickets FROM summary_desk WHERE tickets > 0)
 ORDER BY 1 DESC
 LIMIT 1;

-- Due days and categories ------------------------------------------------------------------

-- name: summary_due_add
-- access: write
INSERT INTO summary_due (day, tickets)
VALUES (:day, 1)
    ON CONFLICT (day) DO UPDATE SET tickets = tickets + 1;

-- name: summary_due_take
-- access: write
UPDATE summary_due SET tickets = tickets - 1 WHERE day = :day;

-- The days of the service's zone, as timeutil.h has them.
-- fragment: summary_due_recount
SELECT (effective_due_at + 28800) / 86400, count(*)
  FROM ticket
 WHERE state IN ('dispatched', 'handling', 'returned') AND effective_due_at > 0
 GROUP BY 1

-- name: summary_due_differences
-- access: read
-- scan: verification recounts everything
SELECT count(*)
  FROM (SELECT day, tickets FROM summary_due WHERE tickets > 0
        EXCEPT
        SELECT * FROM (/*= summary_due_recount */))
 UNION ALL
SELECT count(*)
  FROM (SELECT * FROM (/*= summary_due_recount */)
        EXCEPT
        SELECT day, tickets FROM summary_due WHERE tickets > 0)
 ORDER BY 1 DESC
 LIMIT 1;

-- name: summary_due_clear
-- access: write
DELETE FROM summary_due;

-- name: summary_due_fill
-- access: write
-- scan: a rebuild counts everything
INSERT INTO summary_due (day, tickets)
SELECT * FROM (/*= summary_due_recount */);

-- name: summary_category_add
-- access: write
INSERT INTO summary_category (day, category, tickets)
VALUES (:day, :category, 1)
    ON CONFLICT (day, category) DO UPDATE SET tickets = tickets + 1;

-- name: summary_category_take
-- access: write
UPDATE summary_category
   SET tickets = tickets - 1
 WHERE day = :day AND category = :category;

-- fragment: summary_category_recount
SELECT (received_at + 28800) / 86400, category, count(*)
  FROM ticket
 WHERE category IS NOT NULL
 GROUP BY 1, 2

-- name: summary_category_differences
-- access: read
-- scan: verification recounts everything
SELECT count(*)
  FROM (SELECT day, category, tickets FROM summary_category WHERE tickets > 0
        EXCEPT
        SELECT * FROM (/*= summary_category_recount */))
 UNION ALL
SELECT count(*)
  FROM (SELECT * FROM (/*= summary_category_recount */)
        EXCEPT
        SELECT day, category, tickets FROM summary_category WHERE tickets > 0)
 ORDER BY 1 DESC
 LIMIT 1;

-- name: summary_category_clear
-- access: write
DELETE FROM summary_category;

-- name: summary_category_fill
-- access: write
-- scan: a rebuild counts everything
INSERT INTO summary_category (day, category, tickets)
SELECT * FROM (/*= summary_category_recount */);

-- What a ticket's own row tells of a day.
-- fragment: summary_day_recount
SELECT (received_at + 28800) / 86400 AS day, 'received' AS measure, 0 AS unit_id, channel,
       count(*) AS tickets
  FROM ticket
 GROUP BY 1, 4
 UNION ALL
SELECT (closed_at + 28800) / 86400, 'closed', lead_unit_id, channel, count(*)
  FROM ticket
 WHERE closed_at > 0
 GROUP BY 1, 3, 4
 UNION ALL
SELECT (overdue_at + 28800) / 86400, 'overdue', lead_unit_id, channel, count(*)
  FROM ticket
 WHERE overdue_at > 0
 GROUP BY 1, 3, 4

-- fragment: summary_day_recounted
SELECT day, measure, channel, sum(tickets)
  FROM (/*= summary_day_recount */)
 GROUP BY 1, 2, 3

-- fragment: summary_day_kept
SELECT day, measure, channel, sum(tickets)
  FROM summary_day
 WHERE measure IN ('received', 'closed', 'overdue')
 GROUP BY 1, 2, 3
HAVING sum(tickets) <> 0

-- name: summary_day_differences
-- access: read
-- scan: verification recounts everything
SELECT count(*)
  FROM (SELECT * FROM (/*= summary_day_kept */)
        EXCEPT
        SELECT * FROM (/*= summary_day_recounted */))
 UNION ALL
SELECT count(*)
  FROM (SELECT * FROM (/*= summary_day_recounted */)
        EXCEPT
        SELECT * FROM (/*= summary_day_kept */))
 ORDER BY 1 DESC
 LIMIT 1;

-- name: summary_day_clear
-- access: write
-- scan: a rebuild counts everything
DELETE FROM summary_day WHERE measure IN ('received', 'closed', 'overdue');

-- name: summary_day_fill
-- access: write
-- scan: a rebuild counts everything
-- Nobody leads a ticket when it is received.
INSERT INTO summary_day (day, measure, unit_id, channel, tickets)
SELECT day, measure, unit_id, channel, tickets FROM (/*= summary_day_recount */);

-- Repeat callers ----------------------------------------------------------------------------

-- name: caller_tickets
-- access: read
-- One caller's own tickets, newest row first.
SELECT ticket.id, ticket.no, ticket.received_at, text.title
  FROM petitioner AS person INDEXED BY petitioner_by_phone
 CROSS JOIN ticket
 CROSS JOIN ticket_text AS text
 WHERE person.phone_index IS NOT NULL AND person.phone_index = :phone_index
   AND person.from_ticket = 0
   AND ticket.id = person.ticket_id AND text.ticket_id = ticket.id
   AND ticket.received_at >= :since
 ORDER BY person.id DESC
 LIMIT :limit;

-- name: caller_has_called
-- access: read
-- Has this phone :least tickets of its own, of any time?
SELECT 1
  FROM petitioner INDEXED BY petitioner_by_phone
 WHERE phone_index IS NOT NULL AND phone_index = :phone_index AND from_ticket = 0
 LIMIT 1 OFFSET :least - 1;

-- name: repeat_caller_note
-- access: write
-- A ticket has this phone: when it is the :least-th of :within_s, its caller is one.
INSERT INTO repeat_caller (phone_index, last_at)
SELECT :phone_index, own.received_at
  FROM ticket AS own
 WHERE own.id = :ticket_id
   AND EXISTS (SELECT 1
                 FROM petitioner AS person INDEXED BY petitioner_by_phone
                CROSS JOIN ticket
                WHERE person.phone_index IS NOT NULL AND person.phone_index = :phone_index
                  AND person.from_ticket = 0
                  AND ticket.id = person.ticket_id
                  AND ticket.received_at >= own.received_at - :within_s
                LIMIT 1 OFFSET :least - 1)
    ON CONFLICT (phone_index) DO UPDATE SET last_at = max(last_at, excluded.last_at);

-- Phones with a ticket that was the third one in time when it came (:least, :within_s).
-- :with_imported 0: for tickets that came one by one.
-- fragment: repeat_callers_recount
SELECT person.phone_index AS phone_index, max(ticket.received_at) AS last_at
  FROM petitioner AS person
 CROSS JOIN ticket
 WHERE person.phone_index IS NOT NULL AND person.from_ticket = 0
   AND ticket.id = person.ticket_id
   AND (:with_imported
        OR NOT EXISTS (SELECT 1 FROM event
                        WHERE event.ticket_id = ticket.id AND event.type = 'ticket_imported'))
   AND (SELECT count(*)
          FROM (SELECT 1
                  FROM petitioner AS other INDEXED BY petitioner_by_phone
                 CROSS JOIN ticket AS theirs
                 WHERE other.phone_index IS NOT NULL
                   AND other.phone_index = person.phone_index
                   AND other.from_ticket = 0 AND other.id <= person.id
                   AND theirs.id = other.ticket_id
                   AND theirs.received_at >= ticket.received_at - :within_s
                 ORDER BY other.id DESC
                 LIMIT :least)) = :least
 GROUP BY 1

-- name: repeat_callers_missing
-- access: read
-- scan: verification recounts everything
-- Rows that nobody needs any more may stay.
SELECT count(*)
  FROM (/*= repeat_callers_recount */) AS due
  LEFT JOIN repeat_caller ON repeat_caller.phone_index = due.phone_index
 WHERE ifnull(repeat_caller.last_at, 0) < due.last_at;

-- name: repeat_callers_clear
-- access: write
DELETE FROM repeat_caller;

-- name: repeat_callers_fill
-- access: write
-- scan: a rebuild counts everything
INSERT INTO repeat_caller (phone_index, last_at)
SELECT * FROM (/*= repeat_callers_recount */);

-- name: repeat_callers
-- access: read
SELECT phone_index
  FROM repeat_caller
 WHERE last_at >= :since
 ORDER BY last_at DESC
 LIMIT :limit;

-- What the board reads ------------------------------------------------------------------------

-- name: board_now
-- access: read
-- scan: a row for each unit, state and light
SELECT unit_id, state, light, tickets
  FROM summary_now
 WHERE tickets > 0
 ORDER BY unit_id, state, light;

-- name: board_desks
-- access: read
-- scan: a row for each desk and day ahead
SELECT desk, sum(tickets)
  FROM summary_desk
 WHERE from_day <= :today
 GROUP BY desk;

-- name: board_due
-- access: read
SELECT ifnull((SELECT tickets FROM summary_due WHERE day = :today), 0);

-- name: board_days
-- access: read
-- What happened on each day from :first to :last.
SELECT day, measure, sum(tickets)
  FROM summary_day
 WHERE day BETWEEN :first AND :last
 GROUP BY day, measure;

-- name: board_oldest
-- access: read
SELECT received_at
  FROM ticket INDEXED BY ticket_by_state
 WHERE state = 'received' AND suspect = 0
 ORDER BY received_at
 LIMIT 1;

-- name: board_categories
-- access: read
-- The second level, each with all below it.
SELECT middle.code, middle.name,
       ifnull(sum(counted.tickets) FILTER (WHERE counted.day >= :from), 0) AS present,
       ifnull(sum(counted.tickets) FILTER (WHERE counted.day < :from), 0) AS before
  FROM summary_category AS counted
  JOIN category AS own ON own.code = counted.category
  JOIN category AS parent ON parent.code = own.parent
  JOIN category AS middle
    ON middle.code = iif(parent.parent IS NULL, own.code, parent.code)
 WHERE counted.day BETWEEN :before_from AND :to AND counted.tickets > 0
 GROUP BY middle.code
 ORDER BY present DESC, before DESC, middle.code
 LIMIT :limit;

-- name: board_bursts
-- access: read
-- scan: of what came in one day
-- Three or more of one category and area within a day; those of categories and
-- areas below are counted as the list counts them.
WITH recent AS MATERIALIZED (
    SELECT category, area, received_at
      FROM ticket INDEXED BY ticket_by_received
     WHERE received_at >= :since AND category IS NOT NULL AND area IS NOT NULL),
burst AS (
    SELECT category, area FROM recent GROUP BY 1, 2 HAVING count(*) >= :least)
SELECT burst.category, kind.name, burst.area, place.name, count(*), min(recent.received_at),
       max(recent.received_at)
  FROM burst
  JOIN category AS kind ON kind.code = burst.category
  JOIN area AS place ON place.code = burst.area
  JOIN recent
    ON (recent.category = burst.category
        OR recent.category IN (SELECT code FROM category WHERE parent = burst.category)
        OR recent.category IN (SELECT low.code
                                 FROM category AS middle
                                CROSS JOIN category AS low ON low.parent = middle.code
                                WHERE middle.parent = burst.category))
   AND (recent.area = burst.area
        OR recent.area IN (SELECT code FROM area WHERE parent = burst.area))
 GROUP BY burst.category, burst.area
 ORDER BY count(*) DESC, max(recent.received_at) DESC, burst.category, burst.area
 LIMIT :limit;
