#include <string.h>

#include "api_internal.h"
#include "base/config.h"
#include "base/crypt.h"
#include "base/text.h"
#include "embedded.gen.h"
#include "store/store.h"
#include "store/writer.h"

/*
 * api_health.c - alive, ready, figures, and the contract itself.
 *
 * What tells of the inside of the machine is for this machine, or for whoever
 * has the monitor's token.
 */

static enum err
check_monitor(const struct request *req)
{
    const char *token = req->http->config->monitor_token;
    const char *header = request_header(req, "Authorization");
    static const char scheme[] = "Bearer ";

    if (req->is_loopback)
        return OK;
    if (token[0] == '\0' || header == NULL ||
        strncmp(header, scheme, sizeof scheme - 1) != 0)
        return ERR_FORBIDDEN;
    /* Hashed first, so that not even the length can be measured. */
    uint8_t given[HASH_BYTES], wanted[HASH_BYTES];

    header += sizeof scheme - 1;
    hash_once(header, strlen(header), given);
    hash_once(token, strlen(token), wanted);
    return crypt_equal(given, wanted, HASH_BYTES) ? OK : ERR_FORBIDDEN;
}

/* GET /healthz - the process answers. */
enum err
health_live(struct request *req)
{
    static const char body[] = "{\"status\":\"ok\"}";

    return reply_static(req, 200, "application/json", body, sizeof body - 1);
}

/* GET /readyz - 200, or 503 with every reason why not. */
enum err
health_ready(struct request *req)
{
    const struct api_services *services = req->http->services;
    enum err reason = OK;
    struct json_out out;

    TRY(check_monitor(req));
    bool is_draining =
        services->server != NULL && http_server_is_draining(services->server);
    bool is_writable = store_is_writable(req->store, &reason);
    bool is_ready = !is_draining && is_writable;

    json_out_init(&out, req->arena);
    json_object_open(&out, NULL);
    json_text(&out, "status", is_ready ? "ready" : "unready");
    json_list_open(&out, "reasons");
    if (is_draining)
        json_text(&out, NULL, err_code(ERR_SHUTTING_DOWN));
    if (!is_writable)
        json_text(&out, NULL, err_code(reason));
    json_list_close(&out);
    json_int(&out, "schema_version", store_schema_version(req->store));
    json_object_close(&out);
    return reply_json(req, is_ready ? 200 : 503, &out);
}

/* --- Figures ------------------------------------------------------------------------- */

#define METRICS_ROOM 8192

struct metrics {
    char *text;
    size_t bytes;
};

/* One figure; `labels` is "" or "{name=\"value\"}". */
static void
put(struct metrics *metrics, const char *name, const char *labels, int64_t value)
{
    size_t room = METRICS_ROOM - metrics->bytes;
    char *end = metrics->text + metrics->bytes;

    if (text_format(end, room, "yidan_%s%s %lld\n", name, labels, (long long)value))
        metrics->bytes += strlen(end);
    else
        *end = '\0';
}

static void
put_type(struct metrics *metrics, const char *name, const char *type)
{
    size_t room = METRICS_ROOM - metrics->bytes;
    char *end = metrics->text + metrics->bytes;

    if (text_format(end, room, "# TYPE yidan_%s %s\n", name, type))
        metrics->bytes += strlen(end);
    else
        *end = '\0';
}

static void
put_one(struct metrics *metrics, const char *name, const char *type, int64_t value)
{
    put_type(metrics, name, type);
    put(metrics, name, "", value);
}

static void
put_http(struct metrics *metrics, const struct http_server *server)
{
    struct http_stats stats;

    http_stats(server, &stats);
    put_one(metrics, "http_requests_total", "counter", stats.requests);
    put_type(metrics, "http_replies_total", "counter");
    for (int class = 1; class < 6; class ++) {
        char labels[24];

        (void)text_format(labels, sizeof labels, "{class=\"%dxx\"}", class);
        put(metrics, "http_replies_total", labels, stats.replies[class]);
    }
    put_one(metrics, "http_suspended", "gauge", stats.suspended);
    put_one(metrics, "http_connections", "gauge", stats.connections);
    put_one(metrics, "http_swept_connections_total", "counter", stats.swept_connections);
    put_one(metrics, "http_guard_refusals_total", "counter", stats.guard_refusals);
    put_one(metrics, "http_streams", "gauge", stats.streams);
    put_one(metrics, "http_dropped_streams_total", "counter", stats.dropped_streams);
}

static void
put_writer(struct metrics *metrics, struct writer *writer)
{
    struct writer_stats stats;

    writer_stats(writer, &stats);
    put_one(metrics, "writer_jobs_total", "counter", stats.jobs);
    put_one(metrics, "writer_failed_jobs_total", "counter", stats.failed_jobs);
    put_one(metrics, "writer_batches_total", "counter", stats.batches);
    put_one(metrics, "writer_waiting_jobs", "gauge", stats.waiting);
    put_one(metrics, "writer_wait_microseconds_total", "counter", stats.wait_us_total);
    put_one(metrics, "writer_commit_microseconds_total", "counter",
            stats.commit_us_total);
    put_one(metrics, "writer_commit_microseconds_max", "gauge", stats.commit_us_max);
}

/* GET /metrics - Prometheus text. */
enum err
health_metrics(struct request *req)
{
    const struct api_services *services = req->http->services;
    struct metrics metrics = { .text = arena_alloc(req->arena, METRICS_ROOM) };
    enum err reason = OK;

    TRY(check_monitor(req));
    if (metrics.text == NULL)
        return ERR_NO_MEMORY;
    put_one(&metrics, "uptime_seconds", "gauge", req->now - services->started_at);
    put_one(&metrics, "store_writable", "gauge", store_is_writable(req->store, &reason));
    put_one(&metrics, "store_wal_bytes", "gauge", store_wal_bytes(req->store));
    put_one(&metrics, "store_free_bytes", "gauge", store_free_bytes(req->store));
    put_writer(&metrics, req->writer);
    if (services->server != NULL)
        put_http(&metrics, services->server);
    return reply_text(req, 200, "text/plain; version=0.0.4; charset=utf-8", metrics.text,
                      metrics.bytes);
}

/* GET /api/v1/openapi.yaml - the contract, as it is in the source. */
enum err
contract_show(struct request *req)
{
    for (size_t i = 0; i < embedded_file_count; i++)
        if (strcmp(embedded_files[i].name, "openapi.yaml") == 0)
            return reply_static(req, 200, "application/yaml; charset=utf-8",
                                embedded_files[i].bytes, embedded_files[i].size);
    return ERR_HTTP_NOT_FOUND;
}
