-- What lists are driven by.  Each index names the statements that need it.

-- The ticket's received_at, which never changes: a unit's list is read in its
-- order without looking at all the unit ever had.
ALTER TABLE assignment ADD COLUMN received_at INTEGER NOT NULL DEFAULT 0;

CREATE TRIGGER assignment_received_at AFTER INSERT ON assignment
BEGIN
    UPDATE assignment
       SET received_at = (SELECT ticket.received_at FROM ticket WHERE ticket.id = NEW.ticket_id)
     WHERE id = NEW.id;
END;

-- ticket_list_unit: what a unit sees, newest first.
CREATE INDEX assignment_visible ON assignment (unit_id, received_at, ticket_id) WHERE is_visible = 1;

-- ticket_list_state_due: any list by time left.
CREATE INDEX ticket_by_state_due ON ticket (state, effective_due_at, id);

-- ticket_list_category: a category and those below it, newest first.
CREATE INDEX ticket_by_category ON ticket (category, received_at, id) WHERE category IS NOT NULL;

-- ticket_list_todo, group contact: the clerk speaks with these citizens.
CREATE INDEX ticket_confidential ON ticket (state) WHERE confidential = 1;

-- ticket_list_todo, group submit.
CREATE INDEX ticket_grave ON ticket (state) WHERE sensitive = 1 OR urgency = 'critical';

-- ticket_list_supervised; ticket_list_todo, group settle.
CREATE INDEX supervision_unsettled ON supervision (ticket_id) WHERE state IN ('issued', 'answered');

-- ticket_list_todo, group promise.
CREATE INDEX promise_open ON promise (unit_id, promised_day) WHERE state = 'open';
