-- Tables event and event_text.

-- name: event_last
-- access: read
SELECT seq, at, hash
  FROM event
 WHERE seq > 0
 ORDER BY seq DESC
 LIMIT 1;

-- name: event_insert
-- access: write
INSERT INTO event (seq, ticket_id, at, actor_kind, actor_id, unit_id, type, from_state,
                   to_state, version, payload, hash)
VALUES (:seq, :ticket_id, :at, :actor_kind, :actor_id, :unit_id, :type, :from_state,
        :to_state, :version, :payload, :hash);

-- name: event_text_insert
-- access: write
INSERT INTO event_text (event_seq, field, salt, text, sealed)
VALUES (:event_seq, :field, :salt, :text, :sealed);

-- name: events_of_ticket
-- access: read
SELECT event.seq, event.ticket_id, event.at, event.actor_id, event.unit_id, event.version,
       event.actor_kind, COALESCE(user.name, token.name), unit.name, event.type, event.from_state,
       event.to_state, event.payload
  FROM event
  LEFT JOIN user ON event.actor_kind = 'user' AND user.id = event.actor_id
  LEFT JOIN token ON event.actor_kind = 'token' AND token.id = event.actor_id
  LEFT JOIN unit ON unit.id = event.unit_id
 WHERE event.ticket_id = :ticket_id AND event.seq > :after_seq
 ORDER BY event.seq
 LIMIT :limit;

-- name: event_texts
-- access: read
SELECT field, text, sealed IS NOT NULL
  FROM event_text
 WHERE event_seq = :event_seq
 ORDER BY field;

-- name: events_all
-- access: read
-- scan: verification reads the whole chain
SELECT seq, ticket_id, at, actor_kind, actor_id, unit_id, type, from_state, to_state,
       version, payload, hash
  FROM event
 ORDER BY seq;

-- name: meta_value
-- access: read
SELECT value
  FROM meta
 WHERE key = :key;

-- name: meta_insert
-- access: write
INSERT INTO meta (key, value)
VALUES (:key, :value);
