-- Units: offices, townships, departments.

-- fragment: unit_columns
    unit.id, unit.code, unit.name, unit.short_name, unit.kind, unit.parent_id,
    parent.code, unit.duty_keywords, unit.area, unit.head, unit.deputy, unit.contact,
    unit.phone, unit.night_phone, unit.sign_off, unit.search_key, unit.is_enabled,
    unit.version

-- name: unit_by_code
-- access: read
SELECT /*= unit_columns */
  FROM unit LEFT JOIN unit AS parent ON parent.id = unit.parent_id
 WHERE unit.code = :code;

-- name: unit_by_id
-- access: read
SELECT /*= unit_columns */
  FROM unit LEFT JOIN unit AS parent ON parent.id = unit.parent_id
 WHERE unit.id = :id;

-- name: unit_list
-- access: read
SELECT /*= unit_columns */
  FROM unit LEFT JOIN unit AS parent ON parent.id = unit.parent_id
 WHERE unit.code > :after
   AND (:kind IS NULL OR unit.kind = :kind)
   AND (:enabled IS NULL OR unit.is_enabled = :enabled)
 ORDER BY unit.code
 LIMIT :limit;

-- name: unit_insert
-- access: write
INSERT INTO unit (code, name, short_name, kind, parent_id, duty_keywords, area, head, deputy,
                  contact, phone, night_phone, sign_off, search_key)
VALUES (:code, :name, :short_name, :kind, :parent_id, :duty_keywords, :area, :head, :deputy,
        :contact, :phone, :night_phone, :sign_off, :search_key)
RETURNING id;

-- name: unit_update
-- access: write
-- Optimistic lock: changes no row when somebody else was first.
UPDATE unit
   SET name = :name, short_name = :short_name, kind = :kind, parent_id = :parent_id,
       duty_keywords = :duty_keywords, area = :area, head = :head, deputy = :deputy,
       contact = :contact, phone = :phone, night_phone = :night_phone, sign_off = :sign_off,
       search_key = :search_key, is_enabled = :is_enabled, version = version + 1
 WHERE id = :id AND version = :version;
