#include "support/http_toy.h"

#include <check.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/timeutil.h"

/* What the routes share; a test process has one toy at a time. */
static struct http_toy *toy_of_routes;
static atomic_int hidden_count;

static enum err
toy_who(struct request *req)
{
    const char *who = request_header(req, "X-Who");

    ck_assert_ptr_nonnull(req->reader);
    ck_assert_ptr_nonnull(req->rulebook);
    return who != NULL && strcmp(who, "nobody") == 0 ? ERR_SESSION_REQUIRED : OK;
}

/* --- Reads -------------------------------------------------------------------------------- */

static enum err
show_root(struct request *req)
{
    return reply_static(req, 200, "text/plain; charset=utf-8", "root", 4);
}

static enum err
show_hidden(struct request *req)
{
    (void)atomic_fetch_add(&hidden_count, 1);
    return reply_text(req, 200, "text/plain; charset=utf-8", "hidden", 6);
}

static enum err
show_thing(struct request *req)
{
    struct json_out out;

    json_out_init(&out, req->arena);
    json_object_open(&out, NULL);
    json_text(&out, "id", request_path(req, "id"));
    json_text(&out, "query", request_query(req, "q"));
    json_text(&out, "cookie", request_cookie(req, "yidan_session"));
    json_text(&out, "address", req->address);
    json_bool(&out, "loopback", req->is_loopback);
    json_object_close(&out);
    TRY(reply_json(req, 200, &out));
    return reply_header(req, "X-Thing", request_path(req, "id"));
}

static enum err
show_special(struct request *req)
{
    static const char body[] = "{\"id\":\"the special one\"}";

    return reply_static(req, 200, "application/json", body, sizeof body - 1);
}

static enum err
put_part_begin(struct request *req, struct job **ret_job)
{
    ck_assert_str_ne(request_path(req, "id"), "");
    ck_assert_str_ne(request_path(req, "part"), "");
    *ret_job = NULL;
    return OK;
}

static enum err
put_part_end(struct request *req, struct job *job)
{
    ck_assert_ptr_null(job);
    return reply_empty(req, 204);
}

struct search {
    int64_t limit;
    bool overdue;
    const char *text;
    int light;
    uint64_t states;
    int32_t from;
};

static const struct choice light_items[] = { { "green", "绿", "green" },
                                             { "red", "红", "red" } };
static const struct choices lights = { "light", light_items, 2 };

static const struct json_field search_fields[] = {
    JSON_INT("limit", struct search, limit, 1, 200, JSON_OPTIONAL),
    JSON_BOOL("overdue", struct search, overdue, JSON_OPTIONAL),
    JSON_TEXT("q", struct search, text, 1, 10, JSON_OPTIONAL),
    JSON_CHOICE("light", struct search, light, &lights, JSON_OPTIONAL),
    JSON_CHOICES("lights", struct search, states, &lights, 1, 2, JSON_OPTIONAL),
    JSON_DATE("from", struct search, from, JSON_OPTIONAL),
    JSON_END,
};

static enum err
show_search(struct request *req)
{
    struct search search = { .limit = 50, .light = -1 };
    uint64_t present = 0;
    struct json_out out;

    TRY(request_query_read(req, search_fields, &search, &present));
    json_out_init(&out, req->arena);
    json_object_open(&out, NULL);
    json_int(&out, "limit", search.limit);
    json_bool(&out, "overdue", search.overdue);
    json_text(&out, "q", search.text);
    json_int(&out, "light", search.light);
    json_int(&out, "lights", (int64_t)search.states);
    json_date(&out, "from", search.from);
    json_int(&out, "present", (int64_t)present);
    json_object_close(&out);
    return reply_json(req, 200, &out);
}

static enum err
show_fail(struct request *req)
{
    const char *code = request_path(req, "code");

    for (int err = 1; err < ERR_COUNT; err++)
        if (strcmp(err_code((enum err)err), code) == 0) {
            const char *value = request_query(req, "value");

            if (value != NULL)
                return problem_value(&req->problem, (enum err)err, "%s", value);
            if (err == ERR_FIELDS) {
                (void)problem_add(&req->problem, "title", ERR_FIELD_TOO_LONG, "80");
                (void)problem_add(&req->problem, "petitioner.phone", ERR_FIELD_MISSING,
                                  NULL);
            }
            return (enum err)err;
        }
    return ERR_NOT_FOUND;
}

static enum err
show_big(struct request *req)
{
    struct json_out out;

    json_out_init(&out, req->arena);
    json_list_open(&out, NULL);
    for (int i = 0; i < 65000; i++)
        json_text(&out, NULL, "0123456789abc");
    json_list_close(&out);
    return reply_json(req, 200, &out);
}

/* Whose stream it is stands in the query, for the limits. */
static enum err
show_stream(struct request *req)
{
    const char *user = request_query(req, "user");

    req->query_is_read = true;
    return reply_stream_take(req, user == NULL ? 1 : atoll(user), "data: open\n\n",
                             calloc(1, sizeof(int)));
}

/* --- Writes ------------------------------------------------------------------------------- */

struct note {
    const char *name;
    bool waits;
};

static const struct json_field note_fields[] = {
    JSON_TEXT("name", struct note, name, 1, 60, JSON_REQUIRED),
    JSON_BOOL("wait", struct note, waits, JSON_OPTIONAL),
    JSON_END,
};

static enum err
note_begin(struct request *req, struct job **ret_job)
{
    struct note note = { .waits = false };
    struct sql_job *job = arena_make(req->arena, struct sql_job);

    if (job == NULL)
        return ERR_NO_MEMORY;
    TRY(request_body(req, note_fields, &note, NULL));
    sql_job_init(
        job, arena_printf(req->arena, "INSERT INTO setting VALUES ('%s', '')", note.name),
        NULL);
    if (note.waits)
        job->before = &toy_of_routes->gate;
    *ret_job = &job->job;
    return OK;
}

static enum err
note_end(struct request *req, struct job *job)
{
    struct json_out out;

    ck_assert_ptr_nonnull(job);
    ck_assert_ptr_nonnull(req->reader);
    json_out_init(&out, req->arena);
    json_object_open(&out, NULL);
    json_text(&out, "sql", job_as(job, struct sql_job)->sql);
    json_object_close(&out);
    return reply_json(req, 201, &out);
}

static enum err
conflict_run(struct txn *txn, struct job *job)
{
    (void)txn;
    return problem_value(&job->problem, ERR_VERSION_CONFLICT, "%d", 7);
}

static enum err
conflict_begin(struct request *req, struct job **ret_job)
{
    struct job *job = arena_make(req->arena, struct job);

    if (job == NULL)
        return ERR_NO_MEMORY;
    job->name = "conflict";
    job->run = conflict_run;
    *ret_job = job;
    return OK;
}

static enum err
never_end(struct request *req, struct job *job)
{
    (void)req;
    (void)job;
    ck_abort_msg("a job that failed has no end()");
    return ERR_INTERNAL;
}

static enum err
now_begin(struct request *req, struct job **ret_job)
{
    (void)req;
    *ret_job = NULL;
    return OK;
}

static enum err
now_end(struct request *req, struct job *job)
{
    ck_assert_ptr_null(job);
    ck_assert_ptr_nonnull(req->reader);
    return reply_empty(req, 200);
}

struct slow {
    struct job job;
    bool is_prepared;
};

static enum err
slow_prepare(struct job *job)
{
    job_as(job, struct slow)->is_prepared = true;
    return OK;
}

static enum err
slow_run(struct txn *txn, struct job *job)
{
    (void)txn;
    ck_assert(job_as(job, struct slow)->is_prepared);
    return OK;
}

static enum err
slow_begin(struct request *req, struct job **ret_job)
{
    struct slow *slow = arena_make(req->arena, struct slow);

    if (slow == NULL)
        return ERR_NO_MEMORY;
    slow->job.name = "slow";
    slow->job.prepare = slow_prepare;
    slow->job.run = slow_run;
    *ret_job = &slow->job;
    return OK;
}

static enum err
slow_end(struct request *req, struct job *job)
{
    ck_assert(job_as(job, struct slow)->is_prepared);
    return reply_empty(req, 204);
}

static const struct route routes[] = {
    { .method = METHOD_GET, .path = "/", .kind = ROUTE_PLAIN, .show = show_root },
    { .method = METHOD_GET, .path = "/hidden", .kind = ROUTE_PLAIN, .show = show_hidden },
    { .method = METHOD_GET,
      .path = "/things/{id}",
      .kind = ROUTE_READ,
      .show = show_thing },
    { .method = METHOD_GET,
      .path = "/things/special",
      .kind = ROUTE_READ,
      .show = show_special },
    { .method = METHOD_PUT,
      .path = "/things/{id}/{part}",
      .kind = ROUTE_WRITE,
      .begin = put_part_begin,
      .end = put_part_end },
    { .method = METHOD_GET, .path = "/search", .kind = ROUTE_READ, .show = show_search },
    { .method = METHOD_GET,
      .path = "/fail/{code}",
      .kind = ROUTE_READ,
      .show = show_fail },
    { .method = METHOD_GET, .path = "/stream", .kind = ROUTE_READ, .show = show_stream },
    { .method = METHOD_GET, .path = "/big", .kind = ROUTE_READ, .show = show_big },
    { .method = METHOD_POST,
      .path = "/notes",
      .kind = ROUTE_WRITE,
      .begin = note_begin,
      .end = note_end },
    { .method = METHOD_POST,
      .path = "/notes/conflict",
      .kind = ROUTE_WRITE,
      .begin = conflict_begin,
      .end = never_end },
    { .method = METHOD_POST,
      .path = "/notes/now",
      .kind = ROUTE_WRITE,
      .begin = now_begin,
      .end = now_end },
    { .method = METHOD_POST,
      .path = "/notes/keyed",
      .kind = ROUTE_WRITE,
      .begin = now_begin,
      .end = now_end,
      .needs_key = true },
    { .method = METHOD_POST,
      .path = "/notes/slow",
      .kind = ROUTE_WRITE,
      .begin = slow_begin,
      .end = slow_end },
};

static void
note_commit(void *server)
{
    http_server_note_commit(server);
}

/* --- The server ---------------------------------------------------------------------------- */

void
http_toy_prepare(struct http_toy *toy)
{
    *toy = (struct http_toy){ .port = 0 };
    store_fixture_prepare(&toy->store);
    toy->config = &toy->store.config;
    strcpy(toy->config->listen, "127.0.0.1:0");
    gate_init(&toy->gate);
    toy_of_routes = toy;
    atomic_store(&hidden_count, 0);
}

void
http_toy_start(struct http_toy *toy)
{
    struct problem problem = { .value = "" };

    store_fixture_start(&toy->store);
    ck_assert_int_eq(reader_pool_open(toy->store.store,
                                      (int)toy->config->http_threads + 1, &toy->readers),
                     OK);
    ck_assert_int_eq(workers_start(1, 16, &toy->workers), OK);
    toy->http = (struct http_config){ .config = toy->config,
                                      .routes = routes,
                                      .route_count = sizeof routes / sizeof routes[0],
                                      .who = toy_who,
                                      .offload = workers_offload,
                                      .workers = toy->workers,
                                      .stream_round = toy->round,
                                      .assets = toy->assets };
    enum err error = http_server_start(&toy->http, toy->store.store, toy->readers,
                                       toy->store.writer, &toy->server, &problem);

    ck_assert_msg(error == OK, "%s: %s", err_code(error), problem.value);
    toy->port = http_server_port(toy->server);
    if (toy->round != NULL)
        writer_on_commit(toy->store.writer, note_commit, toy->server);
}

void
http_toy_open(struct http_toy *toy)
{
    http_toy_prepare(toy);
    http_toy_start(toy);
}

void
http_toy_stop(struct http_toy *toy)
{
    if (toy->server == NULL)
        return;
    http_server_quiesce(toy->server);
    writer_drain(toy->store.writer);
    http_server_stop(toy->server);
    toy->server = NULL;
    workers_free(toy->workers);
    reader_pool_close(toy->readers);
}

void
http_toy_close(struct http_toy *toy)
{
    http_toy_stop(toy);
    store_fixture_close(&toy->store);
}

int
http_toy_hidden(const struct http_toy *toy)
{
    (void)toy; /* there is one at a time */
    return atomic_load(&hidden_count);
}

void
http_toy_await_suspended(const struct http_toy *toy, int count)
{
    struct http_stats stats = { .requests = 0 };
    int64_t until_ms = time_monotonic_ms() + 10000;

    while (stats.suspended != count) {
        http_stats(toy->server, &stats);
        ck_assert_msg(time_monotonic_ms() < until_ms, "%d are suspended, not %d",
                      (int)stats.suspended, count);
        (void)sched_yield();
    }
}
