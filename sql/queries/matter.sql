-- Matters: tickets that repeat each other or were merged (matters.c).

-- name: matter_repeats
-- access: read
-- scan: what is walked over are the tickets of one matter
-- All tickets of one matter, whichever way they hang together: its oldest, how many
-- of the others were received since, and was it ever noticed?
WITH RECURSIVE matter (id) AS (
    SELECT :ticket_id
     UNION
    SELECT this.repeat_of
      FROM matter CROSS JOIN ticket AS this ON this.id = matter.id
     WHERE this.repeat_of > 0
     UNION
    SELECT this.merged_into
      FROM matter CROSS JOIN ticket AS this ON this.id = matter.id
     WHERE this.merged_into > 0
     UNION
    SELECT later.id
      FROM matter CROSS JOIN ticket AS later INDEXED BY ticket_by_repeat
     WHERE later.repeat_of = matter.id AND later.repeat_of > 0
     UNION
    SELECT merged.id
      FROM matter CROSS JOIN ticket AS merged INDEXED BY ticket_by_merged
     WHERE merged.merged_into = matter.id AND merged.merged_into > 0
)
SELECT first.id, first.no,
       (SELECT count(*)
          FROM matter CROSS JOIN ticket AS other ON other.id = matter.id
         WHERE other.id <> first.id AND other.received_at >= :since),
       (SELECT count(*)
          FROM matter CROSS JOIN repeated_matter AS known ON known.first_id = matter.id) > 0
  FROM ticket AS first
 WHERE first.id = (SELECT min(id) FROM matter);

-- name: matter_notice
-- access: write
INSERT INTO repeated_matter (first_id, ticket_id, noticed_at, waits)
VALUES (:first_id, :ticket_id, :now, 1);

-- name: matter_settle
-- access: write
UPDATE repeated_matter
   SET waits = 0, settled_at = :now, settled_by = :user_id
 WHERE ticket_id = :ticket_id AND waits = 1;
