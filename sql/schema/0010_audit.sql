-- audit_of_type: one kind of event, newest first, among millions.
CREATE INDEX event_by_type ON event (type, seq);
