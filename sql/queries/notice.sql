-- Notices that are read without a look at their tickets: exactly those of the group's list.

-- name: notice_read_urges
-- access: write
-- Of one ticket, or of all (:ticket_id 0).
UPDATE urge
   SET read_at = :now, read_by = :user
 WHERE /*= urge_waits */
   AND (:ticket_id = 0 OR urge.ticket_id = :ticket_id)
   AND EXISTS (SELECT 1 FROM ticket
                WHERE ticket.id = urge.ticket_id AND /*= ticket_visible */);

-- name: notice_see_alarms
-- access: write
UPDATE outbox
   SET seen_at = :now
 WHERE /*= alarm_waits */
   AND (:ticket_id = 0 OR outbox.ticket_id = :ticket_id)
   AND EXISTS (SELECT 1 FROM ticket
                WHERE ticket.id = outbox.ticket_id AND /*= ticket_visible */);
