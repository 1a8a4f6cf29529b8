-- Table accountability, written; it is read in record_list.sql.

-- name: accountability_assignment
-- access: read
-- Has the unit ever had a part in the ticket?
SELECT 1 FROM assignment WHERE ticket_id = :ticket_id AND unit_id = :unit_id LIMIT 1;

-- name: accountability_insert
-- access: write
INSERT INTO accountability (ticket_id, unit_id, person, finding, measure, decided_day,
                            laid_at, laid_by)
VALUES (:ticket_id, :unit_id, :person, :finding, :measure, :decided_day, :laid_at, :laid_by);
