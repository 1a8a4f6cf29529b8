-- Tables assessment_fact and assessment_day.

-- name: assessment_records
-- access: read
-- What lies beside a ticket's case: one row of a record, as its facts need it.
SELECT 'extension' AS kind, id, unit_id, assignment_id, 0 AS at, 0 AS day, 0 AS is_good
  FROM extension
 WHERE ticket_id = :ticket_id AND state = 'granted'
 UNION ALL
SELECT 'return', id, unit_id, assignment_id, returned_at, 0, state = 'accepted'
  FROM return_request
 WHERE ticket_id = :ticket_id AND state <> 'pending'
 UNION ALL
SELECT CASE state WHEN 'rejected' THEN 'rejection' ELSE 'reply' END, id, unit_id,
       assignment_id, at, 0, state = 'approved'
  FROM reply
 WHERE ticket_id = :ticket_id AND (state IN ('sent', 'approved') OR state = 'rejected')
 UNION ALL
SELECT 'promise', id, unit_id, 0, 0, promised_day, state = 'kept' AND broken_at = 0
  FROM promise
 WHERE ticket_id = :ticket_id AND (state = 'kept' OR (state = 'open' AND broken_at > 0))
 UNION ALL
SELECT 'supervision', id, unit_id, 0, answer_due_at, 0,
       answered_at > 0 AND answered_at <= answer_due_at
  FROM supervision
 WHERE ticket_id = :ticket_id AND unit_id > 0 AND state <> 'prepared'
   AND (answered_at > 0 OR late_at > 0)
 UNION ALL
SELECT 'callback', id, 0, 0, at, 0, connected
  FROM callback
 WHERE ticket_id = :ticket_id AND round = :round
 UNION ALL
SELECT 'accountability', id, unit_id, 0, 0, decided_day, 0
  FROM accountability
 WHERE ticket_id = :ticket_id;

-- name: assessment_facts_of_ticket
-- access: read
SELECT id, unit_id, day, subject, measures, workdays
  FROM assessment_fact
 WHERE ticket_id = :ticket_id
 ORDER BY id;

-- name: assessment_fact_insert
-- access: write
INSERT INTO assessment_fact (ticket_id, unit_id, day, subject, is_web, measures, workdays)
VALUES (:ticket_id, :unit_id, :day, :subject, :is_web, :measures, :workdays);

-- name: assessment_fact_change
-- access: write
UPDATE assessment_fact
   SET measures = :measures, workdays = :workdays
 WHERE id = :id;

-- name: assessment_fact_delete
-- access: write
DELETE FROM assessment_fact WHERE id = :id;

-- name: assessment_day_add
-- access: write
INSERT INTO assessment_day (day, unit_id, is_web, measure, facts, workdays)
VALUES (:day, :unit_id, :is_web, :measure, 1, :workdays)
    ON CONFLICT (day, unit_id, is_web, measure)
       DO UPDATE SET facts = facts + 1, workdays = workdays + excluded.workdays;

-- name: assessment_day_take
-- access: write
UPDATE assessment_day
   SET facts = facts - 1, workdays = workdays - :workdays
 WHERE day = :day AND unit_id = :unit_id AND is_web = :is_web AND measure = :measure;

-- The bits of enum assessment_measure.
-- fragment: assessment_bits
    WITH RECURSIVE bit (measure) AS (VALUES (0)
                                      UNION ALL
                                     SELECT measure + 1 FROM bit WHERE measure < 61)

-- The sums as the facts have them.
-- fragment: assessment_recount
    /*= assessment_bits */
    SELECT day, unit_id, is_web, measure, count(*),
           sum(CASE WHEN measure = :accepted THEN workdays ELSE 0 END)
      FROM assessment_fact
      JOIN bit ON (assessment_fact.measures >> bit.measure) & 1
     GROUP BY day, unit_id, is_web, measure

-- name: assessment_day_differences
-- access: read
-- scan: verification recounts everything
SELECT count(*)
  FROM (SELECT day, unit_id, is_web, measure, facts, workdays FROM assessment_day
         WHERE facts > 0
        EXCEPT
        SELECT * FROM (/*= assessment_recount */))
 UNION ALL
SELECT count(*)
  FROM (SELECT * FROM (/*= assessment_recount */)
        EXCEPT
        SELECT day, unit_id, is_web, measure, facts, workdays FROM assessment_day
         WHERE facts > 0)
 ORDER BY 1 DESC
 LIMIT 1;

-- name: assessment_day_clear
-- access: write
DELETE FROM assessment_day;

-- name: assessment_day_fill
-- access: write
-- scan: a rebuild counts everything
INSERT INTO assessment_day (day, unit_id, is_web, measure, facts, workdays)
SELECT * FROM (/*= assessment_recount */);

-- name: assessment_sums
-- access: read
-- scan: of the sums, a few for each unit
-- :unit_id NULL: every unit.
SELECT sums.unit_id, unit.kind, sums.is_web, sums.measure, sums.facts, sums.workdays
  FROM (SELECT unit_id, is_web, measure, sum(facts) AS facts, sum(workdays) AS workdays
          FROM assessment_day
         WHERE day BETWEEN :from AND :to AND facts > 0
           AND (:unit_id IS NULL OR unit_id = :unit_id)
         GROUP BY unit_id, is_web, measure) AS sums
  LEFT JOIN unit ON unit.id = sums.unit_id
 ORDER BY sums.unit_id, sums.is_web, sums.measure;

-- name: assessment_tickets
-- access: read
-- The facts of one unit behind a figure, with their tickets as far as the viewer
-- may know of them.  A page begins after the row of its cursor (:after_day, :after).
SELECT fact.id, fact.day, (/*= ticket_visible */), /*= ticket_line_columns */
  FROM assessment_fact AS fact INDEXED BY assessment_fact_by_unit
 CROSS JOIN ticket ON ticket.id = fact.ticket_id
  /*= ticket_line_joins */
 WHERE fact.unit_id = :unit_id
   AND (fact.day, fact.id) > (:after_day, :after)
   AND fact.day <= :to
   AND (fact.measures & :measures) <> 0
   AND (:is_web IS NULL OR fact.is_web = :is_web)
 ORDER BY fact.day, fact.id
 LIMIT :limit;

-- name: assessment_next_unit
-- access: read
SELECT id
  FROM unit
 WHERE id > :after AND (:is_town IS NULL OR (kind = 'township') = :is_town)
 ORDER BY id
 LIMIT 1;

-- Rebuilding -----------------------------------------------------------------------

-- name: assessment_next_ticket
-- access: read
SELECT id
  FROM ticket
 WHERE id > :after
 ORDER BY id
 LIMIT 1;

-- name: assessment_built
-- access: read
-- By which version of the measures the facts were derived.
SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'assessment_facts';

-- name: assessment_set_built
-- access: write
INSERT INTO meta (key, value) VALUES ('assessment_facts', CAST(:version AS TEXT))
    ON CONFLICT (key) DO UPDATE SET value = excluded.value;

-- Imports --------------------------------------------------------------------------

-- name: import_fact_insert
-- access: write
INSERT INTO import_fact (id, unit_id, day, subject, is_web, measures, workdays)
VALUES (:id, :unit_id, :day, :subject, :is_web, :measures, :workdays);

-- name: import_move_facts
-- access: write
INSERT INTO assessment_fact (ticket_id, unit_id, day, subject, is_web, measures, workdays)
SELECT :base + (import_fact.id & 16777215), import_fact.unit_id, import_fact.day,
       CASE import_fact.subject WHEN 0 THEN 0 ELSE assignment.id END,
       import_fact.is_web, import_fact.measures, import_fact.workdays
  FROM import_fact
  LEFT JOIN assignment ON assignment.ticket_id = :base + (import_fact.id & 16777215)
 WHERE import_fact.id BETWEEN :first AND :last
 ORDER BY import_fact.id;

-- name: import_count_facts
-- access: write
-- scan: of the import's own range, grouped
INSERT INTO assessment_day (day, unit_id, is_web, measure, facts, workdays)
/*= assessment_bits */
SELECT day, unit_id, is_web, measure, count(*),
       sum(CASE WHEN measure = :accepted THEN workdays ELSE 0 END)
  FROM import_fact
  JOIN bit ON (import_fact.measures >> bit.measure) & 1
 WHERE import_fact.id BETWEEN :first AND :last
 GROUP BY day, unit_id, is_web, measure
    ON CONFLICT (day, unit_id, is_web, measure)
       DO UPDATE SET facts = facts + excluded.facts, workdays = workdays + excluded.workdays;

-- name: import_clean_facts
-- access: write
DELETE FROM import_fact WHERE id BETWEEN :first AND :last;
