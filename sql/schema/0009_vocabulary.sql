-- What forms choose from is edited by the administrator: categories, areas, channels.

-- position orders siblings. search_key: pinyin, as the editor's browser made it.
-- keywords and unit_id serve the recommended unit. workdays: a limit of the
-- category's own, which counts when it is shorter than the channel's; 0: none.
ALTER TABLE category ADD COLUMN position INTEGER NOT NULL DEFAULT 0;
ALTER TABLE category ADD COLUMN search_key TEXT NOT NULL DEFAULT '';
ALTER TABLE category ADD COLUMN keywords TEXT NOT NULL DEFAULT '';
ALTER TABLE category ADD COLUMN unit_id INTEGER REFERENCES unit (id);
ALTER TABLE category ADD COLUMN workdays INTEGER NOT NULL DEFAULT 0 CHECK (workdays BETWEEN 0 AND 250);
ALTER TABLE category ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE INDEX category_by_unit ON category (unit_id) WHERE unit_id IS NOT NULL;

ALTER TABLE area ADD COLUMN is_enabled INTEGER NOT NULL DEFAULT 1 CHECK (is_enabled IN (0, 1));
ALTER TABLE area ADD COLUMN position INTEGER NOT NULL DEFAULT 0;
ALTER TABLE area ADD COLUMN search_key TEXT NOT NULL DEFAULT '';
ALTER TABLE area ADD COLUMN version INTEGER NOT NULL DEFAULT 1;

ALTER TABLE channel ADD COLUMN version INTEGER NOT NULL DEFAULT 1;

-- The areas a unit is responsible for; there may be several, and several units for one.
CREATE TABLE unit_area (
    unit_id INTEGER NOT NULL REFERENCES unit (id),
    area    TEXT NOT NULL REFERENCES area (code),
    PRIMARY KEY (unit_id, area)
) STRICT, WITHOUT ROWID;
CREATE INDEX unit_area_by_area ON unit_area (area);
INSERT INTO unit_area (unit_id, area) SELECT id, area FROM unit WHERE area IS NOT NULL;
DROP INDEX unit_by_area;
ALTER TABLE unit DROP COLUMN area;
