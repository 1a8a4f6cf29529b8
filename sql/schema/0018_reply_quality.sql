-- What was found in a reply when it was sent, and why it was sent all the same.

-- Words of quality_finding with commas between; NULL: nothing was found.
ALTER TABLE reply ADD COLUMN quality_findings TEXT;
-- Erasable, like the other texts of a reply.
ALTER TABLE reply ADD COLUMN override_reason TEXT;
-- The number of the ticket whose reply it nearly copies.
ALTER TABLE reply ADD COLUMN copy_of TEXT;
