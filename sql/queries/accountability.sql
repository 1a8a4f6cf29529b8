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

-- name: accountability_between
-- access: read
-- scan: few are ever laid
SELECT unit.name, ticket.no, accountability.person, accountability.finding,
       accountability.measure, accountability.decided_day
  FROM accountability
  JOIN unit ON unit.id = accountability.unit_id
  JOIN ticket ON ticket.id = accountability.ticket_id
 WHERE accountability.decided_day BETWEEN :from AND :to
 ORDER BY accountability.decided_day, accountability.id
 LIMIT :limit;
