-- Tables draft and saved_view: everybody's small belongings.

-- name: draft_list
-- access: read
SELECT form, subject, saved_at FROM draft WHERE user_id = :user_id ORDER BY form, subject;

-- name: draft_find
-- access: read
SELECT id, saved_at, content FROM draft
 WHERE user_id = :user_id AND form = :form AND subject = :subject;

-- name: draft_count
-- access: read
SELECT count(*) FROM draft WHERE user_id = :user_id;

-- name: draft_insert
-- access: write
INSERT INTO draft (user_id, form, subject, saved_at)
VALUES (:user_id, :form, :subject, :saved_at)
RETURNING id;

-- name: draft_save
-- access: write
UPDATE draft SET content = :content, saved_at = :saved_at WHERE id = :id;

-- name: draft_delete
-- access: write
DELETE FROM draft WHERE user_id = :user_id AND form = :form AND subject = :subject;

-- name: draft_sweep
-- access: write
DELETE FROM draft
 WHERE id IN (SELECT old.id FROM draft AS old
               WHERE old.saved_at < :before ORDER BY old.saved_at LIMIT :limit);

-- name: view_list
-- access: read
-- One's own, and what colleagues share.
SELECT saved_view.id, saved_view.name, saved_view.list, saved_view.query,
       saved_view.is_shared, saved_view.user_id = :user_id, owner.name
  FROM user AS owner CROSS JOIN saved_view ON saved_view.user_id = owner.id
 WHERE owner.unit_id = :unit_id
   AND (owner.id = :user_id OR saved_view.is_shared = 1)
 ORDER BY saved_view.id LIMIT :limit;

-- name: view_by_id
-- access: read
SELECT saved_view.id, saved_view.name, saved_view.list, saved_view.query,
       saved_view.is_shared, 1, owner.name
  FROM saved_view CROSS JOIN user AS owner ON owner.id = saved_view.user_id
 WHERE saved_view.id = :id AND saved_view.user_id = :user_id;

-- name: view_by_name
-- access: read
SELECT id FROM saved_view WHERE user_id = :user_id AND list = :list AND name = :name;

-- name: view_count
-- access: read
SELECT count(*) FROM saved_view WHERE user_id = :user_id;

-- name: view_insert
-- access: write
INSERT INTO saved_view (user_id, name, list, query, is_shared)
VALUES (:user_id, :name, :list, :query, :is_shared)
RETURNING id;

-- name: view_delete
-- access: write
DELETE FROM saved_view WHERE id = :id AND user_id = :user_id;
