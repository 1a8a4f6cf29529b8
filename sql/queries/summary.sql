-- Tables summary_now and summary_day, and the mark of who counted them.

-- name: summary_now_add
-- access: write
INSERT INTO summary_now (unit_id, state, light, tickets)
VALUES (:unit_id, :state, :light, 1)
    ON CONFLICT (unit_id, state, light) DO UPDATE SET tickets = tickets + 1;

-- name: summary_now_take
-- access: write
UPDATE summary_now
   SET tickets = tickets - 1
 WHERE unit_id = :unit_id AND state = :state AND light = :light;

-- name: summary_day_add
-- access: write
INSERT INTO summary_day (day, measure, unit_id, channel, tickets)
VALUES (:day, :measure, :unit_id, :channel, 1)
    ON CONFLICT (day, measure, unit_id, channel) DO UPDATE SET tickets = tickets + 1;

-- name: summary_day_take
-- access: write
-- Another unit may lead it by now: of a day, the units' sum is what holds.
INSERT INTO summary_day (day, measure, unit_id, channel, tickets)
VALUES (:day, :measure, :unit_id, :channel, -1)
    ON CONFLICT (day, measure, unit_id, channel) DO UPDATE SET tickets = tickets - 1;

-- fragment: summary_now_recount
SELECT lead_unit_id, state, light, count(*) FROM ticket GROUP BY 1, 2, 3

-- name: summary_now_differences
-- access: read
-- scan: verification recounts everything
SELECT count(*)
  FROM (SELECT unit_id, state, light, tickets FROM summary_now WHERE tickets > 0
        EXCEPT
        SELECT * FROM (/*= summary_now_recount */))
 UNION ALL
SELECT count(*)
  FROM (SELECT * FROM (/*= summary_now_recount */)
        EXCEPT
        SELECT unit_id, state, light, tickets FROM summary_now WHERE tickets > 0)
 ORDER BY 1 DESC
 LIMIT 1;

-- name: summary_now_clear
-- access: write
DELETE FROM summary_now;

-- name: summary_now_fill
-- access: write
-- scan: a rebuild counts everything
INSERT INTO summary_now (unit_id, state, light, tickets)
SELECT * FROM (/*= summary_now_recount */);

-- name: summary_built
-- access: read
-- By which version of the summaries everything was counted.
SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'summaries';

-- name: summary_set_built
-- access: write
INSERT INTO meta (key, value) VALUES ('summaries', CAST(:version AS TEXT))
    ON CONFLICT (key) DO UPDATE SET value = excluded.value;
