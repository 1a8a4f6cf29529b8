-- Everything that is sealed, page by page, to be sealed anew. A row begins with its
-- key and the number its values are sealed for; then come the values, and of people
-- the index of the phone.

-- name: rekey_petitioners
-- access: read
SELECT id, id, name, phone, contact_note, phone_index FROM petitioner
 WHERE id > :after
 ORDER BY id
 LIMIT :limit;

-- name: rekey_petitioner_save
-- access: write
UPDATE petitioner
   SET name = :name, phone = :phone, contact_note = :contact_note,
       phone_index = :phone_index
 WHERE id = :id;

-- name: rekey_imports
-- access: read
SELECT id, petitioner_id, name, phone, phone_index FROM import_text
 WHERE id > :after
 ORDER BY id
 LIMIT :limit;

-- name: rekey_import_save
-- access: write
UPDATE import_text SET name = :name, phone = :phone, phone_index = :phone_index
 WHERE id = :id;

-- name: rekey_drafts
-- access: read
SELECT id, id, content FROM draft WHERE id > :after ORDER BY id LIMIT :limit;

-- name: rekey_draft_save
-- access: write
UPDATE draft SET content = :content WHERE id = :id;

-- name: rekey_totps
-- access: read
SELECT user_id, user_id, secret FROM totp
 WHERE user_id > :after
 ORDER BY user_id
 LIMIT :limit;

-- name: rekey_totp_save
-- access: write
UPDATE totp SET secret = :secret WHERE user_id = :id;

-- name: rekey_calls
-- access: read
SELECT id, id, caller FROM call WHERE id > :after ORDER BY id LIMIT :limit;

-- name: rekey_call_save
-- access: write
UPDATE call SET caller = :caller WHERE id = :id;

-- name: rekey_texts
-- access: read
SELECT event_seq, field, sealed FROM event_text
 WHERE (event_seq, field) > (:after, :field) AND sealed IS NOT NULL
 ORDER BY event_seq, field
 LIMIT :limit;

-- name: rekey_text_save
-- access: write
UPDATE event_text SET sealed = :sealed WHERE event_seq = :id AND field = :field;

-- name: rekey_caller_save
-- access: write
UPDATE OR REPLACE repeat_caller SET phone_index = :phone_index WHERE phone_index = :old;

-- name: rekey_callers_forget
-- access: write
-- scan: once, after all people have new indexes
-- Those whose people are gone.
DELETE FROM repeat_caller
 WHERE NOT EXISTS (SELECT 1 FROM petitioner AS person
                    WHERE person.phone_index = repeat_caller.phone_index);

-- name: rekey_quotas_forget
-- access: write
-- What they are about is a keyed hash of what nobody keeps.
DELETE FROM public_quota;

-- name: rekey_mark
-- access: write
UPDATE meta SET value = :value WHERE key = 'keys_mark';
