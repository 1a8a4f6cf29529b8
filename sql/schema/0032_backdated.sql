-- Who makes tickets notes which of them came out of order: with a trigger for it SQLite kept a
-- copy of every page that a new ticket changes, in case the trigger should fail half way.
DROP TRIGGER ticket_backdated_new;
