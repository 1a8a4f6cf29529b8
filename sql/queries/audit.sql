-- The trail as an auditor reads it: newest first by seq, without any text but the
-- login an event is about.  One statement for each way in (src/store/audits.c); who
-- may read what is asked in each of them.

-- fragment: audit_select
SELECT event.seq, event.at, event.type, event.actor_kind, user.login, user.name,
       unit.name, ticket.no, event.from_state, event.to_state, event.version,
       event.payload, about.text, reason.text

-- fragment: audit_joins
  LEFT JOIN user ON event.actor_kind = 'user' AND user.id = event.actor_id
  LEFT JOIN unit ON unit.id = event.unit_id
  LEFT JOIN ticket ON ticket.id = event.ticket_id
  LEFT JOIN event_text AS about ON about.event_seq = event.seq AND about.field = 'login'
  LEFT JOIN event_text AS reason ON reason.event_seq = event.seq AND reason.field = 'reason'

-- What is about people and settings; a type that is not named here is none.
-- fragment: audit_settings
(event.type GLOB 'user_*' OR event.type GLOB 'unit_*' OR event.type GLOB 'calendar_*'
        OR event.type GLOB 'area_*' OR event.type GLOB 'setting_*' OR event.type GLOB 'category_*'
        OR event.type GLOB 'channel_*' OR event.type GLOB 'limit_*'
        OR event.type GLOB 'phrase_*' OR event.type GLOB 'template_*'
        OR event.type GLOB 'token_*' OR event.type IN ('login_failed', 'login_locked', 'clock_jump'))

-- One's own doing, as far as one still sees the ticket.
-- fragment: audit_own
(event.actor_kind = 'user' AND event.actor_id = :viewer
        AND (event.ticket_id = 0 OR :sees_tickets_now = 1
             OR EXISTS (SELECT 1 FROM assignment AS seen
                         WHERE seen.ticket_id = event.ticket_id
                           AND seen.unit_id = :viewer_unit AND seen.is_visible = 1)))

-- fragment: audit_filters
       event.seq BETWEEN :first AND :last
   AND (:type IS NULL OR event.type = :type)
   AND (:actor IS NULL OR (event.actor_kind = 'user' AND event.actor_id = :actor))
   AND (:scope_all = 1
        OR (:scope_tickets = 1 AND event.ticket_id > 0)
        OR (:scope_settings = 1 AND event.ticket_id = 0 AND /*= audit_settings */)
        OR /*= audit_own */)

-- name: audit_all
-- access: read
/*= audit_select */
  FROM event NOT INDEXED
/*= audit_joins */
 WHERE /*= audit_filters */
 ORDER BY event.seq DESC LIMIT :limit;

-- name: audit_of_ticket
-- access: read
/*= audit_select */
  FROM event INDEXED BY event_by_ticket
/*= audit_joins */
 WHERE event.ticket_id = :ticket_id AND /*= audit_filters */
 ORDER BY event.seq DESC LIMIT :limit;

-- name: audit_of_actor
-- access: read
/*= audit_select */
  FROM event INDEXED BY event_by_actor
/*= audit_joins */
 WHERE event.actor_kind = 'user' AND event.actor_id = :actor AND /*= audit_filters */
 ORDER BY event.seq DESC LIMIT :limit;

-- name: audit_of_type
-- access: read
/*= audit_select */
  FROM event INDEXED BY event_by_type
/*= audit_joins */
 WHERE event.type = :type AND /*= audit_filters */
 ORDER BY event.seq DESC LIMIT :limit;

-- name: audit_settings_and_own
-- access: read
-- scan: two lists of :limit numbers each, made by the indexes
-- For who reads people and settings only: both ways in, each as far as the page goes.
/*= audit_select */
  FROM event NOT INDEXED
/*= audit_joins */
 WHERE event.seq IN (
           SELECT seq FROM (SELECT event.seq FROM event INDEXED BY event_by_ticket
                             WHERE event.ticket_id = 0 AND event.seq BETWEEN :first AND :last
                               AND /*= audit_settings */
                             ORDER BY event.seq DESC LIMIT :limit)
           UNION ALL
           SELECT seq FROM (SELECT event.seq FROM event INDEXED BY event_by_actor
                             WHERE event.actor_kind = 'user' AND event.actor_id = :viewer
                               AND event.seq BETWEEN :first AND :last AND /*= audit_own */
                             ORDER BY event.seq DESC LIMIT :limit))
 ORDER BY event.seq DESC LIMIT :limit;

-- name: audit_texts
-- access: read
-- What members that somebody typed were and are: "before.name", "after.name".
SELECT field, text
  FROM event_text
 WHERE event_seq = :seq AND text IS NOT NULL
   AND (field GLOB 'before.*' OR field GLOB 'after.*');

-- name: audit_views
-- access: read
-- Who read, printed or took away personal data of one ticket.
/*= audit_select */
  FROM event INDEXED BY event_by_ticket
/*= audit_joins */
 WHERE event.ticket_id = :ticket_id AND event.seq <= :last
   AND event.type IN ('reveal', 'print', 'export')
 ORDER BY event.seq DESC LIMIT :limit;

-- name: event_at
-- access: read
SELECT at
  FROM event
 WHERE seq = :seq;
