-- What is erased of a ticket: see include/store/erasures.h for what and why.  Each
-- UPDATE changes only rows that still hold something, so that its count is true.

-- name: erase_petitioners
-- access: write
UPDATE petitioner
   SET name = NULL, phone = NULL, phone_index = NULL, contact_note = NULL
 WHERE ticket_id = :ticket_id
   AND coalesce(name, phone, phone_index, contact_note) IS NOT NULL;

-- name: erase_repeat_caller
-- access: write
-- Before the people go: phones of no other ticket.
DELETE FROM repeat_caller
 WHERE phone_index IN (SELECT person.phone_index FROM petitioner AS person
                        WHERE person.ticket_id = :ticket_id
                          AND person.phone_index IS NOT NULL)
   AND NOT EXISTS (SELECT 1 FROM petitioner AS other INDEXED BY petitioner_by_phone
                    WHERE other.phone_index IS NOT NULL
                      AND other.phone_index = repeat_caller.phone_index
                      AND other.ticket_id <> :ticket_id
                      AND other.from_ticket <> :ticket_id);

-- name: erase_petitioners_merged
-- access: write
-- The ticket's people among those of the ticket it was merged into.
UPDATE petitioner
   SET name = NULL, phone = NULL, phone_index = NULL, contact_note = NULL
 WHERE ticket_id = (SELECT merged_into FROM ticket WHERE id = :ticket_id)
   AND from_ticket = :ticket_id
   AND coalesce(name, phone, phone_index, contact_note) IS NOT NULL;

-- name: erase_has_phone
-- access: write
UPDATE ticket SET has_phone = 0 WHERE id = :ticket_id;

-- name: erase_ticket_text
-- access: write
-- title and content cannot be without a value; public_text is published already.
UPDATE ticket_text
   SET title = :erased, content = :erased, demand = NULL, respondent = NULL,
       address = NULL, tags = NULL, sensitive_reason = NULL, repeat_relation = NULL
 WHERE ticket_id = :ticket_id AND content <> :erased;

-- name: erase_event_texts
-- access: write
-- With its salt: a commitment without one cannot be tried out.
DELETE FROM event_text
 WHERE event_seq IN (SELECT event.seq FROM event
                      WHERE event.ticket_id = :ticket_id AND event.type <> 'erased');

-- name: erase_drafts
-- access: write
-- scan: drafts are few, and gone after a while by themselves
-- Unsent forms about the ticket, of whoever began them.
DELETE FROM draft WHERE subject = (SELECT no FROM ticket WHERE id = :ticket_id);

-- name: erase_sms_messages
-- access: write
-- scan: messages are forgotten after some days
-- The keyed hash of phone and words; the gateway's own number of it stays.
UPDATE sms_message SET content_index = x''
 WHERE ticket_id = :ticket_id AND content_index <> x'';

-- name: erase_urges
-- access: write
UPDATE urge SET text = NULL WHERE ticket_id = :ticket_id AND text IS NOT NULL;

-- name: erase_supervisions
-- access: write
UPDATE supervision
   SET demand = NULL, answer = NULL, settle_note = NULL
 WHERE ticket_id = :ticket_id AND coalesce(demand, answer, settle_note) IS NOT NULL;

-- name: erase_submissions
-- access: write
UPDATE submission SET note = NULL WHERE ticket_id = :ticket_id AND note IS NOT NULL;

-- name: erase_instructions
-- access: write
UPDATE instruction SET text = NULL WHERE ticket_id = :ticket_id AND text IS NOT NULL;

-- name: erase_extensions
-- access: write
UPDATE extension
   SET reason = NULL, interim_reply = NULL, decision_note = NULL
 WHERE ticket_id = :ticket_id AND coalesce(reason, interim_reply, decision_note) IS NOT NULL;

-- name: erase_returns
-- access: write
UPDATE return_request
   SET basis = NULL, decision_note = NULL
 WHERE ticket_id = :ticket_id AND coalesce(basis, decision_note) IS NOT NULL;

-- name: erase_replies
-- access: write
-- Who signed it is staff, and stays.
UPDATE reply
   SET no_contact_reason = NULL, finding = NULL, measures = NULL, basis = NULL,
       reply_text = NULL, co_waived_reason = NULL, review_note = NULL, override_reason = NULL
 WHERE ticket_id = :ticket_id
   AND coalesce(no_contact_reason, finding, measures, basis, reply_text, co_waived_reason,
                review_note, override_reason) IS NOT NULL;

-- name: erase_promises
-- access: write
UPDATE promise SET evidence = NULL WHERE ticket_id = :ticket_id AND evidence IS NOT NULL;

-- name: erase_callbacks
-- access: write
UPDATE callback SET comment = NULL WHERE ticket_id = :ticket_id AND comment IS NOT NULL;

-- name: erase_accountability
-- access: write
UPDATE accountability
   SET person = NULL, finding = NULL, measure = NULL
 WHERE ticket_id = :ticket_id AND coalesce(person, finding, measure) IS NOT NULL;

-- name: erase_attachments
-- access: write
UPDATE attachment
   SET name = NULL, erased_at = :now
 WHERE ticket_id = :ticket_id AND erased_at = 0
   AND (:all_files = 1 OR kind = 'citizen');

-- name: erasure_counts
-- access: read
-- scan: drafts are few, and messages are forgotten after some days
-- What the statements above would change: people, texts of the ticket and its events,
-- records.
SELECT (SELECT count(*) FROM petitioner
         WHERE ticket_id = :ticket_id
           AND coalesce(name, phone, phone_index, contact_note) IS NOT NULL)
     + (SELECT count(*) FROM petitioner
         WHERE ticket_id = (SELECT merged_into FROM ticket WHERE id = :ticket_id)
           AND from_ticket = :ticket_id
           AND coalesce(name, phone, phone_index, contact_note) IS NOT NULL),
       (SELECT count(*) FROM ticket_text
         WHERE ticket_id = :ticket_id AND content <> :erased)
     + (SELECT count(*) FROM draft
         WHERE subject = (SELECT no FROM ticket WHERE id = :ticket_id))
     + (SELECT count(*) FROM sms_message
         WHERE ticket_id = :ticket_id AND content_index <> x'')
     + (SELECT count(*) FROM event_text
         WHERE event_seq IN (SELECT event.seq FROM event
                              WHERE event.ticket_id = :ticket_id AND event.type <> 'erased')),
       (SELECT count(*) FROM urge WHERE ticket_id = :ticket_id AND text IS NOT NULL)
     + (SELECT count(*) FROM supervision
         WHERE ticket_id = :ticket_id AND coalesce(demand, answer, settle_note) IS NOT NULL)
     + (SELECT count(*) FROM submission WHERE ticket_id = :ticket_id AND note IS NOT NULL)
     + (SELECT count(*) FROM instruction WHERE ticket_id = :ticket_id AND text IS NOT NULL)
     + (SELECT count(*) FROM extension
         WHERE ticket_id = :ticket_id
           AND coalesce(reason, interim_reply, decision_note) IS NOT NULL)
     + (SELECT count(*) FROM return_request
         WHERE ticket_id = :ticket_id AND coalesce(basis, decision_note) IS NOT NULL)
     + (SELECT count(*) FROM reply
         WHERE ticket_id = :ticket_id
           AND coalesce(no_contact_reason, finding, measures, basis, reply_text,
                        co_waived_reason, review_note, override_reason) IS NOT NULL)
     + (SELECT count(*) FROM promise WHERE ticket_id = :ticket_id AND evidence IS NOT NULL)
     + (SELECT count(*) FROM callback WHERE ticket_id = :ticket_id AND comment IS NOT NULL)
     + (SELECT count(*) FROM accountability
         WHERE ticket_id = :ticket_id AND coalesce(person, finding, measure) IS NOT NULL);

-- name: erasure_attachments
-- access: read
-- Those that would go.
SELECT id, bytes
  FROM attachment
 WHERE ticket_id = :ticket_id AND erased_at = 0
   AND (:all_files = 1 OR kind = 'citizen')
 ORDER BY event_seq;

-- name: erasure_merged
-- access: read
-- Tickets that were merged into it: what they hold themselves is erased apart.
SELECT no
  FROM ticket
 WHERE merged_into = :ticket_id AND merged_into > 0
 ORDER BY id;
