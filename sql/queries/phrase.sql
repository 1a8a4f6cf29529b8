-- Tables phrase and template.

-- fragment: template_columns
    template.id, template.kind, template.title, template.text, unit.code,
    template.is_enabled, template.version

-- name: phrase_page
-- access: read
SELECT id, kind, text, is_enabled, version
  FROM phrase
 WHERE id > :after
   AND (:kind IS NULL OR kind = :kind)
   AND (:enabled IS NULL OR is_enabled = :enabled)
 ORDER BY id LIMIT :limit;

-- name: phrase_by_id
-- access: read
SELECT id, kind, text, is_enabled, version FROM phrase WHERE id = :id;

-- name: phrase_by_text
-- access: read
SELECT id, kind, text, is_enabled, version FROM phrase WHERE kind = :kind AND text = :text;

-- name: phrase_any
-- access: read
-- scan: it ends at the first row
SELECT EXISTS (SELECT 1 FROM phrase);

-- name: phrase_insert
-- access: write
INSERT INTO phrase (kind, text, is_enabled) VALUES (:kind, :text, :is_enabled)
RETURNING id;

-- name: phrase_update
-- access: write
-- Optimistic lock: changes no row when somebody else was first.
UPDATE phrase SET kind = :kind, text = :text, is_enabled = :is_enabled, version = version + 1
 WHERE id = :id AND version = :version;

-- name: phrase_delete
-- access: write
DELETE FROM phrase WHERE id = :id;

-- name: template_page
-- access: read
-- :viewer_unit NULL: of all units.
SELECT /*= template_columns */
  FROM template LEFT JOIN unit ON unit.id = template.unit_id
 WHERE template.id > :after
   AND (:viewer_unit IS NULL OR template.unit_id IS NULL OR template.unit_id = :viewer_unit)
   AND (:kind IS NULL OR template.kind = :kind)
   AND (:enabled IS NULL OR template.is_enabled = :enabled)
 ORDER BY template.id LIMIT :limit;

-- name: template_by_id
-- access: read
SELECT /*= template_columns */
  FROM template LEFT JOIN unit ON unit.id = template.unit_id
 WHERE template.id = :id
   AND (:viewer_unit IS NULL OR template.unit_id IS NULL OR template.unit_id = :viewer_unit);

-- name: template_insert
-- access: write
INSERT INTO template (kind, title, text, unit_id, is_enabled)
VALUES (:kind, :title, :text, (SELECT id FROM unit WHERE unit.code = :unit), :is_enabled)
RETURNING id;

-- name: template_update
-- access: write
-- Optimistic lock: changes no row when somebody else was first.
UPDATE template
   SET kind = :kind, title = :title, text = :text,
       unit_id = (SELECT id FROM unit WHERE unit.code = :unit), is_enabled = :is_enabled,
       version = version + 1
 WHERE id = :id AND version = :version;

-- name: template_delete
-- access: write
DELETE FROM template WHERE id = :id;
