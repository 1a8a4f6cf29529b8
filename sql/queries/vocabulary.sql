-- Categories and areas: what forms choose from.

-- fragment: category_columns
    category.code, category.parent, category.level, category.name, category.is_enabled,
    category.position, category.search_key, category.keywords, unit.code,
    category.workdays, category.version

-- fragment: area_columns
    area.code, area.parent, area.name, area.is_enabled, area.position, area.search_key,
    (SELECT group_concat(unit.code)
       FROM unit_area CROSS JOIN unit ON unit.id = unit_area.unit_id
      WHERE unit_area.area = area.code),
    area.version

-- name: category_list
-- access: read
-- scan: the whole tree is wanted, a few hundred rows
SELECT /*= category_columns */
  FROM category LEFT JOIN unit ON unit.id = category.unit_id
 ORDER BY category.code;

-- name: category_page
-- access: read
SELECT /*= category_columns */
  FROM category LEFT JOIN unit ON unit.id = category.unit_id
 WHERE category.code > :after
   AND (:enabled IS NULL OR category.is_enabled = :enabled)
   AND (:parent IS NULL OR category.parent = :parent)
   AND (:q IS NULL OR instr(category.name, :q) > 0 OR instr(category.search_key, lower(:q)) > 0
        OR instr(category.keywords, :q) > 0)
 ORDER BY category.code
 LIMIT :limit;

-- name: category_by_code
-- access: read
SELECT /*= category_columns */
  FROM category LEFT JOIN unit ON unit.id = category.unit_id
 WHERE category.code = :code;

-- name: category_insert
-- access: write
INSERT INTO category (code, parent, level, name, is_enabled, position, search_key, keywords,
                      unit_id, workdays)
VALUES (:code, :parent, :level, :name, :is_enabled, :position, :search_key, :keywords,
        (SELECT id FROM unit WHERE unit.code = :unit), :workdays);

-- name: category_update
-- access: write
-- Optimistic lock: changes no row when somebody else was first.
UPDATE category
   SET name = :name, is_enabled = :is_enabled, position = :position,
       search_key = :search_key, keywords = :keywords,
       unit_id = (SELECT id FROM unit WHERE unit.code = :unit), workdays = :workdays,
       version = version + 1
 WHERE code = :code AND version = :version;

-- name: category_used
-- access: read
SELECT EXISTS (SELECT 1 FROM category AS below WHERE below.parent = :code)
    OR EXISTS (SELECT 1 FROM ticket WHERE ticket.category = :code);

-- name: category_delete
-- access: write
DELETE FROM category WHERE code = :code;

-- name: area_list
-- access: read
-- scan: the whole tree is wanted, a few hundred rows
SELECT /*= area_columns */ FROM area ORDER BY area.code;

-- name: area_page
-- access: read
SELECT /*= area_columns */
  FROM area
 WHERE area.code > :after
   AND (:enabled IS NULL OR area.is_enabled = :enabled)
   AND (:parent IS NULL OR area.parent = :parent)
   AND (:q IS NULL OR instr(area.name, :q) > 0 OR instr(area.search_key, lower(:q)) > 0)
 ORDER BY area.code
 LIMIT :limit;

-- name: area_by_code
-- access: read
SELECT /*= area_columns */ FROM area WHERE area.code = :code;

-- name: area_enabled
-- access: read
SELECT name FROM area WHERE code = :code AND is_enabled = 1;

-- name: area_insert
-- access: write
INSERT INTO area (code, parent, name, is_enabled, position, search_key)
VALUES (:code, :parent, :name, :is_enabled, :position, :search_key);

-- name: area_update
-- access: write
-- Optimistic lock: changes no row when somebody else was first.
UPDATE area
   SET name = :name, is_enabled = :is_enabled, position = :position,
       search_key = :search_key, version = version + 1
 WHERE code = :code AND version = :version;

-- name: area_used
-- access: read
-- scan: only when somebody deletes an area, and it ends at the first ticket
SELECT EXISTS (SELECT 1 FROM area AS below WHERE below.parent = :code)
    OR EXISTS (SELECT 1 FROM unit_area WHERE unit_area.area = :code)
    OR EXISTS (SELECT 1 FROM ticket WHERE ticket.area = :code);

-- name: area_delete
-- access: write
-- scan: the foreign key of ticket is looked at, only when somebody deletes an area
DELETE FROM area WHERE code = :code;
