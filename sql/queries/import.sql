-- Tables import, import_fault and the staged rows.

-- fragment: import_columns
    id, state, dry_run, skip_bad, created_at, actor_kind, actor_id, unit_id, file,
    file_bytes, file_hash, charset, mapping, fixed, rows_read, rows_bad, rows_good, faults,
    tickets, finished_at, reason

-- name: import_insert
-- access: write
INSERT INTO import (state, dry_run, skip_bad, created_at, actor_kind, actor_id, unit_id,
                    file, file_bytes, file_hash, charset, mapping, fixed)
VALUES ('reading', :dry_run, :skip_bad, :created_at, :actor_kind, :actor_id, :unit_id,
        :file, :file_bytes, :file_hash, :charset, :mapping, :fixed);

-- name: import_by_id
-- access: read
SELECT /*= import_columns */
  FROM import
 WHERE id = :id;

-- name: import_same_file
-- access: read
-- A real run of the same file that is under way or took effect.
SELECT id
  FROM import
 WHERE file_hash = :file_hash AND dry_run = 0 AND state IN ('reading', 'done')
 ORDER BY id
 LIMIT 1;

-- name: import_list
-- access: read
SELECT /*= import_columns */
  FROM import
 WHERE id < :before
 ORDER BY id DESC
 LIMIT :limit;

-- name: import_next_unfinished
-- access: read
SELECT /*= import_columns */
  FROM import
 WHERE is_clean = 0 AND id > :after
 ORDER BY id
 LIMIT 1;

-- name: import_begin_reading
-- access: write
UPDATE import
   SET charset = :charset
 WHERE id = :id;

-- name: import_progress
-- access: write
UPDATE import
   SET rows_read = :rows_read, rows_bad = rows_bad + :rows_bad,
       rows_good = rows_good + :rows_good, faults = faults + :faults
 WHERE id = :id;

-- name: import_end
-- access: write
UPDATE import
   SET state = :state, tickets = :tickets, finished_at = :now, reason = :reason
 WHERE id = :id;

-- name: import_cleaned
-- access: write
UPDATE import
   SET is_clean = 1, file = NULL
 WHERE id = :id;

-- name: import_fault_insert
-- access: write
INSERT INTO import_fault (import_id, row, place, field, code, value)
VALUES (:import_id, :row, :place, :field, :code, :value);

-- name: import_fault_list
-- access: read
SELECT row, place, field, code, value
  FROM import_fault
 WHERE import_id = :import_id AND (row, place) > (:row, :place)
 ORDER BY row, place
 LIMIT :limit;

-- name: import_ticket_insert
-- access: write
INSERT INTO import_ticket (id, no, series, ordinal, /*= ticket_facts */)
VALUES (:id, :no, :series, :ordinal, /*= ticket_facts_given */);

-- name: import_assignment_insert
-- access: write
INSERT INTO import_assignment (id, /*= assignment_facts */)
VALUES (:id, /*= assignment_facts_given */);

-- name: import_text_insert
-- access: write
INSERT INTO import_text (id, title, content, demand, respondent, address, reply_text,
                         petitioner_id, name, phone, phone_index, payload, salts)
VALUES (:id, :title, :content, :demand, :respondent, :address, :reply_text,
        :petitioner_id, :name, :phone, :phone_index, :payload, :salts);

-- name: import_series_count
-- access: write
INSERT INTO import_series (import_id, name, count)
VALUES (:import_id, :name, 1)
    ON CONFLICT (import_id, name) DO UPDATE SET count = count + 1
RETURNING count;

-- name: import_series_own
-- access: write
-- A row with a number of its own that looks like one of ours.
INSERT INTO import_series (import_id, name, highest)
VALUES (:import_id, :name, :highest)
    ON CONFLICT (import_id, name) DO UPDATE SET highest = max(highest, excluded.highest);

-- name: import_number_taken
-- access: read
-- The row of this import, or the ticket, that has the number.
SELECT import_ticket.id & 16777215
  FROM import_ticket
 WHERE import_ticket.no IS NOT NULL AND import_ticket.no = :no
   AND import_ticket.id BETWEEN :first AND :last
 LIMIT 1;

-- name: import_upstream_taken
-- access: read
SELECT import_ticket.id & 16777215
  FROM import_ticket
 WHERE import_ticket.upstream IS NOT NULL AND import_ticket.upstream = :upstream
   AND import_ticket.upstream_no = :upstream_no
   AND import_ticket.id BETWEEN :first AND :last
 LIMIT 1;

-- name: import_conflicts
-- access: read
-- Rows whose number or upstream number somebody took since they were staged.
SELECT import_ticket.id & 16777215, ticket.no, ticket.no = import_ticket.no
  FROM import_ticket
  JOIN ticket ON ticket.no = import_ticket.no
 WHERE import_ticket.no IS NOT NULL AND import_ticket.id BETWEEN :first AND :last
 UNION ALL
SELECT import_ticket.id & 16777215, ticket.no, 0
  FROM import_ticket
  JOIN ticket ON ticket.upstream IS NOT NULL AND ticket.upstream = import_ticket.upstream
       AND ticket.upstream_no = import_ticket.upstream_no
 WHERE import_ticket.upstream IS NOT NULL AND import_ticket.id BETWEEN :first AND :last;

-- name: import_series_take
-- access: write
-- The import's numbers follow those given so far, and its own ones.
INSERT INTO sequence (name, value)
SELECT name, highest + count
  FROM import_series
 WHERE import_id = :import_id
    ON CONFLICT (name) DO UPDATE
   SET value = max(sequence.value, excluded.value
                   - (SELECT count FROM import_series
                       WHERE import_id = :import_id AND name = excluded.name))
             + (SELECT count FROM import_series
                 WHERE import_id = :import_id AND name = excluded.name);

-- name: import_series_base
-- access: write
UPDATE import_series
   SET base = (SELECT sequence.value FROM sequence WHERE sequence.name = import_series.name)
              - count
 WHERE import_id = :import_id;

-- name: ticket_highest_id
-- access: read
SELECT id
  FROM ticket
 WHERE id > 0
 ORDER BY id DESC
 LIMIT 1;

-- name: import_move_tickets
-- access: write
INSERT INTO ticket (id, no, /*= ticket_facts */)
SELECT :base + (import_ticket.id & 16777215),
       ifnull(import_ticket.no,
              substr(import_ticket.series, 8, 8) || '-' || substr(import_ticket.series, 17)
              || printf('%04d', import_series.base + import_ticket.ordinal)),
       /*= ticket_facts */
  FROM import_ticket
  LEFT JOIN import_series
    ON import_series.import_id = :import_id AND import_series.name = import_ticket.series
 WHERE import_ticket.id BETWEEN :first AND :last
 ORDER BY import_ticket.id;

-- name: import_note_backdated
-- access: write
-- scan: of those that came with the import
-- Received before one that was there already, as ticket_newest told it, or that came before it.
INSERT INTO ticket_backdated (ticket_id)
SELECT id
  FROM (SELECT id, received_at, max(received_at) OVER (ORDER BY id) AS newest
          FROM ticket
         WHERE id > :base)
 WHERE received_at < max(newest, :newest);

-- name: import_move_texts
-- access: write
INSERT INTO ticket_text (ticket_id, title, content, demand, respondent, address)
SELECT :base + (id & 16777215), title, content, demand, respondent, address
  FROM import_text
 WHERE id BETWEEN :first AND :last
 ORDER BY id;

-- name: import_move_petitioners
-- access: write
INSERT INTO petitioner (id, ticket_id, kind, name, phone, phone_index)
SELECT petitioner_id, :base + (id & 16777215), 'person', name, phone, phone_index
  FROM import_text
 WHERE id BETWEEN :first AND :last
 ORDER BY id;

-- name: import_move_assignments
-- access: write
INSERT INTO assignment (ticket_id, /*= assignment_facts */)
SELECT :base + (id & 16777215), /*= assignment_facts */
  FROM import_assignment
 WHERE id BETWEEN :first AND :last
 ORDER BY id;

-- name: import_move_replies
-- access: write
INSERT INTO reply (ticket_id, assignment_id, unit_id, state, at, written_by, contacted,
                   reply_text, outcome, office_tells, reviewed_at)
SELECT :base + (import_text.id & 16777215), ifnull(assignment.id, 0),
       import_ticket.lead_unit_id, 'approved', import_ticket.replied_at, 0, 0,
       import_text.reply_text, import_ticket.outcome, 0, import_ticket.replied_at
  FROM import_text
  JOIN import_ticket ON import_ticket.id = import_text.id
  LEFT JOIN assignment ON assignment.ticket_id = :base + (import_text.id & 16777215)
 WHERE import_text.id BETWEEN :first AND :last AND import_text.reply_text IS NOT NULL
 ORDER BY import_text.id;

-- name: import_events
-- access: read
SELECT import_text.id & 16777215, import_text.payload, import_text.salts,
       import_ticket.state, import_ticket.version, import_text.demand IS NOT NULL,
       import_text.respondent IS NOT NULL, import_text.address IS NOT NULL,
       import_text.reply_text IS NOT NULL, import_text.name IS NOT NULL,
       import_text.phone IS NOT NULL
  FROM import_text
  JOIN import_ticket ON import_ticket.id = import_text.id
 WHERE import_text.id BETWEEN :first AND :last
 ORDER BY import_text.id;

-- name: import_open_tickets
-- access: read
SELECT import_ticket.id & 16777215
  FROM import_ticket
 WHERE import_ticket.id BETWEEN :first AND :last
   AND import_ticket.state NOT IN ('closed', 'declined', 'merged')
 ORDER BY import_ticket.id;

-- name: import_count_now
-- access: write
INSERT INTO summary_now (unit_id, state, light, tickets)
SELECT lead_unit_id, state, light, count(*)
  FROM import_ticket
 WHERE id BETWEEN :first AND :last
 GROUP BY 1, 2, 3
    ON CONFLICT (unit_id, state, light) DO UPDATE SET tickets = tickets + excluded.tickets;

-- name: import_count_day
-- access: write
-- scan: of the five parts, each the import's own range
-- The days of the service's zone, as timeutil.h has them.
INSERT INTO summary_day (day, measure, unit_id, channel, tickets)
SELECT (at + 28800) / 86400, measure, unit_id, channel, count(*)
  FROM (SELECT received_at AS at, 'received' AS measure, 0 AS unit_id, channel
          FROM import_ticket WHERE id BETWEEN :first AND :last
         UNION ALL
        SELECT dispatched_at, 'dispatched', lead_unit_id, channel
          FROM import_ticket WHERE id BETWEEN :first AND :last
         UNION ALL
        SELECT replied_at, 'replied', lead_unit_id, channel
          FROM import_ticket WHERE id BETWEEN :first AND :last
         UNION ALL
        SELECT overdue_at, 'overdue', lead_unit_id, channel
          FROM import_ticket WHERE id BETWEEN :first AND :last
         UNION ALL
        SELECT closed_at, 'closed', lead_unit_id, channel
          FROM import_ticket WHERE id BETWEEN :first AND :last)
 WHERE at > 0
 GROUP BY 1, 2, 3, 4
    ON CONFLICT (day, measure, unit_id, channel)
       DO UPDATE SET tickets = tickets + excluded.tickets;

-- name: import_count_due
-- access: write
INSERT INTO summary_due (day, tickets)
SELECT (effective_due_at + 28800) / 86400, count(*)
  FROM import_ticket
 WHERE id BETWEEN :first AND :last AND effective_due_at > 0
   AND state IN ('dispatched', 'handling', 'returned')
 GROUP BY 1
    ON CONFLICT (day) DO UPDATE SET tickets = tickets + excluded.tickets;

-- name: import_count_category
-- access: write
INSERT INTO summary_category (day, category, tickets)
SELECT (received_at + 28800) / 86400, category, count(*)
  FROM import_ticket
 WHERE id BETWEEN :first AND :last AND category IS NOT NULL
 GROUP BY 1, 2
    ON CONFLICT (day, category) DO UPDATE SET tickets = tickets + excluded.tickets;

-- name: import_count_callers
-- access: write
-- Those with three rows in the file: whether within 30 days is counted when they are read.
INSERT INTO repeat_caller (phone_index, last_at)
SELECT import_text.phone_index, max(import_ticket.received_at)
  FROM import_text
 CROSS JOIN import_ticket ON import_ticket.id = import_text.id
 WHERE import_text.id BETWEEN :first AND :last AND import_text.phone_index IS NOT NULL
 GROUP BY 1
HAVING count(*) >= 3
    ON CONFLICT (phone_index) DO UPDATE SET last_at = max(last_at, excluded.last_at);

-- name: import_clean_tickets
-- access: write
DELETE FROM import_ticket WHERE id BETWEEN :first AND :last;

-- name: import_clean_texts
-- access: write
DELETE FROM import_text WHERE id BETWEEN :first AND :last;

-- name: import_clean_assignments
-- access: write
DELETE FROM import_assignment WHERE id BETWEEN :first AND :last;

-- name: import_clean_series
-- access: write
DELETE FROM import_series WHERE import_id = :import_id;

-- name: import_first_staged
-- access: read
SELECT id
  FROM import_ticket
 WHERE id BETWEEN :first AND :last
 ORDER BY id
 LIMIT 1;
