-- Categories and areas: what forms choose from.

-- name: category_list
-- access: read
-- scan: the whole tree is wanted, a few hundred rows
SELECT code, parent, level, name, is_enabled FROM category ORDER BY code;

-- name: area_list
-- access: read
-- scan: the whole tree is wanted, a few hundred rows
SELECT code, parent, name FROM area ORDER BY code;

-- name: area_exists
-- access: read
SELECT 1 FROM area WHERE code = :code;
