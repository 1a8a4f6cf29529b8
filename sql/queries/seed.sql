-- What a new database is filled with.

-- name: seed_category_insert
-- access: write
INSERT INTO category (code, parent, level, name) VALUES (:code, :parent, :level, :name);

-- name: seed_area_insert
-- access: write
INSERT INTO area (code, parent, name) VALUES (:code, :parent, :name);
