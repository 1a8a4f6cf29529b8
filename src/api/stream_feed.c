#include <stdlib.h>
#include <string.h>

#include "api_internal.h"
#include "base/text.h"
#include "base/timeutil.h"
#include "http/stream.h"
#include "store/live.h"
#include "store/reader.h"
#include "stream_counts.h"
#include "ticket_json.h"

/*
 * stream_feed.c - GET /stream: what happened, told to whoever may know of it.
 *
 * 1. An event is told with its number, and the number and code of ticket and
 *    unit, or the number of the row of a call; never a text or a caller.  Its id is its place in the trail (`seq`), so that a
 *    listener who comes back is told what it missed by the same condition that
 *    its lists have.
 * 2. A listener begins inside a round: up to `seen_seq` it was told everything,
 *    and nothing is told twice or left out.
 * 3. Whose session is over, or whose user has another role or unit now, is told
 *    nothing more: that is looked at before anything is sent, when something
 *    happened to people and otherwise each second.
 * 4. All of this runs on the streams' thread; only listener_new() does not.
 */

#define BATCH_MAX 500    /* events told one by one; after more: "reload" */
#define REPLAY_MAX 200   /* events told to one who comes back */
#define REPLAY_SPAN 2000 /* how far back is looked for them */
#define CHECK_EVERY_MS 1000
#define RETRY_MS "3000"
#define SEQ_MAX ((INT64_C(1) << 53) - 1) /* what JSON has */

struct stream_feed {
    struct arena *arena; /* emptied after each round */
    int64_t told_seq;    /* everybody who has begun was told up to here */
    int64_t checked_at_ms;
    char version[96];
};

/* What is kept of a listener: the memory of its stream. */
struct listener {
    struct ticket_viewer viewer;
    uint8_t session_hash[HASH_BYTES];
    uint32_t roles; /* of the user when it began, and the unit */
    int64_t unit_id;
    int64_t asked_seq; /* what it knows, by its own word; 0: nothing */
    int64_t seen_seq;  /* invariant 2 */
    bool has_begun, is_over;
    struct stream_counted counted;
};

/* --- The request ------------------------------------------------------------------- */

struct stream_query {
    int64_t after;
};

static const struct json_field stream_query_fields[] = {
    JSON_INT("after", struct stream_query, after, 0, SEQ_MAX, JSON_OPTIONAL), JSON_END
};

/* A browser that reconnects by itself says it in a field; a word that is none counts for nothing. */
static int64_t
last_event_id(const struct request *req, int64_t fallback)
{
    const char *text = request_header(req, "Last-Event-ID");
    size_t bytes = text == NULL ? 0 : strlen(text);

    if (bytes == 0 || bytes > 18 || strspn(text, "0123456789") != bytes)
        return fallback;
    return strtoll(text, NULL, 10);
}

/* GET /stream */
enum err
stream_show(struct request *req)
{
    const struct api_actor *actor = api_actor(req);
    struct stream_query asked = { .after = 0 };

    TRY(request_query_read(req, stream_query_fields, &asked, NULL));
    struct listener *listener = calloc(1, sizeof *listener);

    if (listener == NULL)
        return ERR_NO_MEMORY;
    listener->viewer = request_viewer(req);
    listener->roles = actor->actor.roles;
    listener->unit_id = actor->actor.unit_id;
    listener->asked_seq = last_event_id(req, asked.after);
    memcpy(listener->session_hash, actor->session_hash, HASH_BYTES);
    enum err err =
        reply_stream_take(req, actor->actor.id, "retry: " RETRY_MS "\n\n", listener);

    /* When to try again; until then the page asks /inbox. */
    return err == ERR_STREAM_TOO_MANY ? problem_value(&req->problem, err, "60") : err;
}

/* --- Words --------------------------------------------------------------------------- */

/* clang-format off */
static const struct {
    const char *type, *name;
} names[] = {
    { "ticket_created",     "ticket.created" },
    { "dispatch",           "ticket.assigned" },
    { "sign",               "ticket.signed" },
    { "reply",              "ticket.replied" },
    { "return",             "ticket.returned" },
    { "urge",               "ticket.urged" },
    { "timer.notice",       "ticket.urged" },
    { "supervise",          "ticket.supervised" },
    { "instruct",           "ticket.instructed" },
    { "rate",               "ticket.rated" },
    { "timer.yellow",       "deadline.yellow" },
    { "timer.co_yellow",    "deadline.yellow" },
    { "timer.red",          "deadline.red" },
    { "timer.co_red",       "deadline.red" },
    /* Who looked at what changes nothing that a page shows. */
    { "opened",             NULL },
    { "reveal",             NULL },
    { "print",              NULL },
};
/* clang-format on */

/* The name of the event in the stream; NULL: it is not told. */
static const char *
name_of(const struct live_event *event)
{
    if (event->call_id != 0)
        return "call";
    if (event->no == NULL)
        return NULL;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i].type, event->type) == 0)
            return names[i].name;
    bool has_closed =
        event->to_state != NULL && strcmp(event->to_state, "closed") == 0 &&
        (event->from_state == NULL || strcmp(event->from_state, event->to_state) != 0);

    return has_closed ? "ticket.closed" : "ticket.changed";
}

static const char *
frame(struct arena *arena, int64_t id, const char *name, struct json_out *data)
{
    const char *text = NULL;
    size_t bytes = 0;

    if (json_out_done(data, &text, &bytes) != OK)
        return NULL;
    if (id == 0)
        return arena_printf(arena, "event: %s\ndata: %s\n\n", name, text);
    return arena_printf(arena, "id: %lld\nevent: %s\ndata: %s\n\n", (long long)id, name,
                        text);
}

static const char *
event_text(struct arena *arena, const struct live_event *event, const char *name,
           bool is_own)
{
    struct json_out out;

    json_out_init(&out, arena);
    json_object_open(&out, NULL);
    if (event->call_id != 0) {
        json_int(&out, "call", event->call_id);
    } else {
        json_text(&out, "no", event->no);
        json_text(&out, "unit", event->unit_code);
        json_bool(&out, "own", is_own);
    }
    json_object_close(&out);
    return frame(arena, event->seq, name, &out);
}

/* --- Sending --------------------------------------------------------------------------- */

static enum err
send_text(struct stream *stream, const char *text)
{
    if (text == NULL)
        return ERR_NO_MEMORY;
    stream_send(stream, text, strlen(text));
    return OK;
}

static enum err
send_version(struct stream_feed *feed, struct stream *stream)
{
    struct json_out out;

    json_out_init(&out, feed->arena);
    json_object_open(&out, NULL);
    json_text(&out, "version", feed->version);
    json_object_close(&out);
    return send_text(stream, frame(feed->arena, 0, "version", &out));
}

/* Too much to be told one by one: whoever listens asks for everything anew. */
static enum err
send_reload(struct stream_feed *feed, struct stream *stream, int64_t seq)
{
    struct json_out out;

    json_out_init(&out, feed->arena);
    json_object_open(&out, NULL);
    json_object_close(&out);
    return send_text(stream, frame(feed->arena, seq, "reload", &out));
}

/* One event in its two forms; it is the same text for nearly everybody. */
struct told {
    const struct live_event *event;
    const char *own, *other;
};

static enum err
tell_each(struct arena *arena, const struct live_events *events, struct told **ret_told,
          size_t *ret_count)
{
    struct told *told = arena_array(arena, struct told, events->count);
    size_t count = 0;

    if (told == NULL)
        return ERR_NO_MEMORY;
    for (size_t i = 0; i < events->count; i++) {
        const struct live_event *event = &events->items[i];
        const char *name = name_of(event);

        if (name == NULL)
            continue;
        told[count] = (struct told){ event, event_text(arena, event, name, true),
                                     event_text(arena, event, name, false) };
        if (told[count].own == NULL || told[count].other == NULL)
            return ERR_NO_MEMORY;
        count++;
    }
    *ret_told = told;
    *ret_count = count;
    return OK;
}

static const char *
text_for(const struct told *told, const struct listener *listener)
{
    return told->event->user_id == listener->viewer.user_id ? told->own : told->other;
}

/* --- A round ---------------------------------------------------------------------------- */

struct round {
    const struct stream_round *of;
    struct stream_feed *feed;
    struct db *db;
    int64_t head_seq;
    struct live_events events; /* since the last round */
    struct told *told;
    size_t told_count;
};

/* What it missed, or that it missed too much; then it is at the head. */
static enum err
begin(struct round *round, struct stream *stream, struct listener *listener)
{
    struct arena *arena = round->feed->arena;
    int64_t after_seq = listener->asked_seq;
    struct live_events missed = { .count = 0 };
    struct told *told = NULL;
    size_t count = 0;

    TRY(send_version(round->feed, stream));
    bool is_near = after_seq > 0 && after_seq <= round->head_seq &&
                   round->head_seq - after_seq <= REPLAY_SPAN;

    if (is_near)
        TRY(live_replay(round->db, arena, &listener->viewer, after_seq, round->head_seq,
                        REPLAY_MAX, &missed));
    if (after_seq > 0 && (!is_near || missed.has_more)) {
        TRY(send_reload(round->feed, stream, round->head_seq));
    } else {
        TRY(tell_each(arena, &missed, &told, &count));
        for (size_t i = 0; i < count; i++)
            TRY(send_text(stream, text_for(&told[i], listener)));
    }
    listener->has_begun = true;
    listener->seen_seq = round->head_seq;
    listener->counted.is_touched = true;
    return OK;
}

static enum err
go_on(struct round *round, struct stream *stream, struct listener *listener)
{
    if (listener->seen_seq >= round->head_seq)
        return OK;
    if (round->events.has_more) {
        listener->counted.is_touched = true;
        TRY(send_reload(round->feed, stream, round->head_seq));
    }
    for (size_t i = 0; i < round->events.count; i++)
        if (round->events.items[i].seq > listener->seen_seq &&
            live_touches(&round->events.items[i], &listener->viewer))
            listener->counted.is_touched = true;
    for (size_t i = 0; i < round->told_count && !round->events.has_more; i++) {
        const struct told *told = &round->told[i];

        if (told->event->seq > listener->seen_seq &&
            live_is_visible(told->event, &listener->viewer))
            TRY(send_text(stream, text_for(told, listener)));
    }
    listener->seen_seq = round->head_seq;
    return OK;
}

/* Invariant 3. */
static enum err
check(struct round *round, struct stream *stream, struct listener *listener)
{
    struct session session;
    enum err err = api_session_by_hash(round->of->http, round->of->reader,
                                       listener->session_hash, round->of->now, &session);

    if (err != OK && err != ERR_SESSION_REQUIRED)
        return err;
    bool is_same = err == OK && session.roles == listener->roles &&
                   session.unit_id == listener->unit_id;

    if (!is_same) {
        listener->is_over = true;
        stream_end(stream);
    }
    return OK;
}

/* Whatever happened to people; not a call, and not who failed to come in. */
static bool
may_end_sessions(const struct live_event *event)
{
    return event->ticket_id == 0 && event->call_id == 0 &&
           strcmp(event->type, "login_failed") != 0;
}

static enum err
check_all(struct round *round)
{
    int64_t now_ms = time_monotonic_ms();
    bool is_due = now_ms - round->feed->checked_at_ms >= CHECK_EVERY_MS;

    for (size_t i = 0; i < round->events.count && !is_due; i++)
        is_due = may_end_sessions(&round->events.items[i]);
    if (!is_due && !round->events.has_more)
        return OK;
    for (size_t i = 0; i < round->of->count; i++) {
        struct listener *listener = stream_listener(round->of->streams[i]);

        if (!listener->is_over)
            TRY(check(round, round->of->streams[i], listener));
    }
    round->feed->checked_at_ms = now_ms;
    return OK;
}

/* The events since the last round, unless everybody here is new. */
static enum err
read_events(struct round *round)
{
    struct stream_feed *feed = round->feed;
    bool has_old = false;

    TRY(live_head(round->db, &round->head_seq));
    for (size_t i = 0; i < round->of->count; i++) {
        const struct listener *listener = stream_listener(round->of->streams[i]);

        has_old = has_old || listener->has_begun;
    }
    if (!has_old || feed->told_seq >= round->head_seq)
        return OK;
    TRY(live_read(round->db, feed->arena, feed->told_seq, round->head_seq, BATCH_MAX,
                  &round->events));
    return tell_each(feed->arena, &round->events, &round->told, &round->told_count);
}

static enum err
count_all(struct round *round)
{
    struct stream_counting counting;

    stream_counting_init(&counting, round->db, round->feed->arena);
    for (size_t i = 0; i < round->of->count; i++) {
        struct stream *stream = round->of->streams[i];
        struct listener *listener = stream_listener(stream);
        struct json_out out;
        bool has_changed = false;

        if (listener->is_over || !listener->has_begun)
            continue;
        listener->viewer.today = time_day(round->of->now);
        bool is_first = !listener->counted.is_known;

        TRY(stream_count(&counting, &listener->viewer, &listener->counted, &has_changed));
        if (!has_changed)
            continue;
        json_out_init(&out, round->feed->arena);
        stream_counted_json(&out, &listener->viewer, &listener->counted);
        /* Its first one says where it stands, for who is told nothing else. */
        TRY(send_text(stream, frame(round->feed->arena, is_first ? listener->seen_seq : 0,
                                    "counts", &out)));
    }
    return OK;
}

/* Which pages and which program: what an open page was made for may be gone. */
static void
find_version(struct stream_feed *feed, const struct http_config *http)
{
    const struct api_services *services = http->services;
    const char *etag = "\"\"";

    if (feed->version[0] != '\0')
        return;
    for (size_t i = 0; i < http->assets.count; i++)
        if (strcmp(http->assets.items[i].path, "/index.html") == 0)
            etag = http->assets.items[i].plain.etag;
    if (!text_format(feed->version, sizeof feed->version, "%s+%.*s", services->version,
                     (int)strcspn(etag + 1, "\""), etag + 1))
        feed->version[sizeof feed->version - 1] = '\0'; /* cut, and still its own */
}

static enum err
do_round(struct round *round)
{
    TRY(read_events(round));
    TRY(check_all(round));
    for (size_t i = 0; i < round->of->count; i++) {
        struct stream *stream = round->of->streams[i];
        struct listener *listener = stream_listener(stream);

        if (listener->is_over)
            continue;
        TRY(listener->has_begun ? go_on(round, stream, listener)
                                : begin(round, stream, listener));
    }
    round->feed->told_seq = round->head_seq;
    return count_all(round);
}

enum err
stream_feed_round(const struct stream_round *of)
{
    const struct api_services *services = of->http->services;
    struct round round = { .of = of, .feed = services->feed, .db = of->reader->db };

    find_version(round.feed, of->http);
    enum err err = do_round(&round);

    arena_reset(round.feed->arena);
    return err;
}

struct stream_feed *
stream_feed_new(void)
{
    struct stream_feed *feed = calloc(1, sizeof *feed);

    if (feed == NULL)
        return NULL;
    feed->arena = arena_new();
    if (feed->arena == NULL) {
        free(feed);
        return NULL;
    }
    return feed;
}

void
stream_feed_free(struct stream_feed *feed)
{
    if (feed == NULL)
        return;
    arena_free(feed->arena);
    free(feed);
}
