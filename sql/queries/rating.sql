-- Ratings by citizens.

-- name: rating_put
-- access: write
INSERT INTO rating (ticket_id, answered_at, rated_at, satisfaction, comment, waits)
VALUES (:ticket_id, :answered_at, :now, :satisfaction, :comment, :waits)
    ON CONFLICT (ticket_id, answered_at) DO UPDATE
   SET changed_at = :now, satisfaction = excluded.satisfaction, comment = excluded.comment,
       waits = excluded.waits, settled_at = 0, settled_by = 0;

-- name: rating_settle
-- access: write
UPDATE rating
   SET waits = 0, settled_at = :now, settled_by = :user_id
 WHERE ticket_id = :ticket_id AND waits = 1;

-- name: rating_present
-- access: read
SELECT rated_at, changed_at, satisfaction, comment
  FROM rating
 WHERE ticket_id = :ticket_id AND answered_at = :answered_at;
