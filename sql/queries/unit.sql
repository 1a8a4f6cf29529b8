-- Units: offices, townships, departments.

-- fragment: unit_columns
    unit.id, unit.code, unit.name, unit.short_name, unit.kind, unit.parent_id,
    parent.code, unit.duty_keywords, (SELECT group_concat(unit_area.area) FROM unit_area WHERE unit_area.unit_id = unit.id),
     unit.head, unit.deputy, unit.contact,
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
   AND (:q IS NULL OR instr(unit.name, :q) > 0 OR instr(unit.short_name, :q) > 0
        OR instr(unit.search_key, lower(:q)) > 0 OR instr(unit.duty_keywords, :q) > 0)
 ORDER BY unit.code
 LIMIT :limit;

-- name: unit_insert
-- access: write
INSERT INTO unit (code, name, short_name, kind, parent_id, duty_keywords, head, deputy,
                  contact, phone, night_phone, sign_off, search_key)
VALUES (:code, :name, :short_name, :kind, :parent_id, :duty_keywords, :head, :deputy,
        :contact, :phone, :night_phone, :sign_off, :search_key)
RETURNING id;

-- name: unit_update
-- access: write
-- Optimistic lock: changes no row when somebody else was first.
UPDATE unit
   SET name = :name, short_name = :short_name, kind = :kind, parent_id = :parent_id,
       duty_keywords = :duty_keywords, head = :head, deputy = :deputy,
       contact = :contact, phone = :phone, night_phone = :night_phone, sign_off = :sign_off,
       search_key = :search_key, is_enabled = :is_enabled, version = version + 1
 WHERE id = :id AND version = :version;

-- name: unit_area_insert
-- access: write
INSERT INTO unit_area (unit_id, area) VALUES (:unit_id, :area);

-- name: unit_areas_delete
-- access: write
DELETE FROM unit_area WHERE unit_id = :unit_id;

-- name: unit_used
-- access: read
-- scan: only when somebody deletes a unit; it ends at the first that refers to it
-- Whatever names a unit in a record comes with an assignment or an event of it.
SELECT EXISTS (SELECT 1 FROM user WHERE user.unit_id = :id)
    OR EXISTS (SELECT 1 FROM unit AS below WHERE below.parent_id = :id)
    OR EXISTS (SELECT 1 FROM category WHERE category.unit_id = :id)
    OR EXISTS (SELECT 1 FROM assignment WHERE assignment.unit_id = :id)
    OR EXISTS (SELECT 1 FROM return_request WHERE return_request.suggested_unit_id = :id)
    OR EXISTS (SELECT 1 FROM event WHERE event.unit_id = :id);

-- name: unit_delete
-- access: write
-- scan: foreign keys are looked at, only when somebody deletes a unit
DELETE FROM unit WHERE id = :id;
