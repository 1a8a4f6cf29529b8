/*
 * api_imports.c - old ledgers: bring one in, see how far it is, give it up.
 *
 * Whoever may import sees every import, because the office has one ledger.
 * Nothing of a row is told but where it is wrong.
 */
#include <stdlib.h>
#include <string.h>

#include "api_internal.h"
#include "command/cmd_import.h"
#include "list_cursor.h"
#include "store/reader.h"
#include "store/upload.h"
#include "ticket_json.h"

#define CURSOR_IMPORTS 'i'
#define CURSOR_FAULTS 'f'
#define PAIRS_CHARACTERS 2000

/* --- POST /imports --------------------------------------------------------------------- */

struct bring_query {
    bool dry_run, skip_bad;
    int charset;
    const char *map, *set;
};

static const struct json_field bring_fields[] = {
    JSON_BOOL("dry_run", struct bring_query, dry_run, JSON_OPTIONAL),
    JSON_BOOL("skip_bad", struct bring_query, skip_bad, JSON_OPTIONAL),
    JSON_CHOICE("charset", struct bring_query, charset, &words_charset, JSON_OPTIONAL),
    JSON_TEXT("map", struct bring_query, map, 1, PAIRS_CHARACTERS, JSON_OPTIONAL),
    JSON_TEXT("set", struct bring_query, set, 1, PAIRS_CHARACTERS, JSON_OPTIONAL),
    JSON_END
};

static enum err
read_bring(struct request *req, struct bring_query *ret_asked)
{
    *ret_asked = (struct bring_query){ .charset = CHOICE_NONE, .map = "", .set = "" };
    TRY(request_query_read(req, bring_fields, ret_asked, NULL));
    if (!ledger_pairs_are_good(ret_asked->map))
        return problem_value(&req->problem, ERR_HTTP_QUERY, "map");
    if (!ledger_pairs_are_good(ret_asked->set))
        return problem_value(&req->problem, ERR_HTTP_QUERY, "set");
    return OK;
}

enum err
import_create_admit(struct request *req)
{
    struct bring_query asked;

    return read_bring(req, &asked);
}

/* The key's hash is over method, path and query here; the command adds the file's. */
static enum err
read_idempotency(struct request *req, const struct bring_query *asked,
                 struct idempotency *ret_idempotency)
{
    uint8_t choices[] = { asked->dry_run, asked->skip_bad,
                          (uint8_t)(asked->charset + 1) };
    struct hash_state state;

    TRY(api_idempotency(req, ret_idempotency));
    hash_init(&state);
    hash_add_part(&state, ret_idempotency->body_hash, HASH_BYTES);
    hash_add_part(&state, choices, sizeof choices);
    hash_add_part(&state, asked->map, strlen(asked->map));
    hash_add_part(&state, asked->set, strlen(asked->set));
    hash_done(&state, ret_idempotency->body_hash);
    return OK;
}

enum err
import_create_begin(struct request *req, struct job **ret_job)
{
    struct cmd_import_create *cmd = arena_make(req->arena, struct cmd_import_create);
    struct bring_query asked;

    if (cmd == NULL)
        return ERR_NO_MEMORY;
    cmd_import_create_init(cmd);
    TRY(read_bring(req, &asked));
    TRY(read_idempotency(req, &asked, &cmd->idempotency));
    cmd->import.dry_run = asked.dry_run;
    cmd->import.skip_bad = asked.skip_bad;
    cmd->import.charset = asked.charset;
    cmd->import.mapping = asked.map;
    cmd->import.fixed = asked.set;
    cmd->import.actor = api_actor(req)->actor;
    cmd->now = req->now;
    cmd->upload = req->upload;
    *ret_job = &cmd->job;
    return OK;
}

/* --- What is told ------------------------------------------------------------------------ */

static void
write_members(struct json_out *out, const struct import *import)
{
    json_int(out, "id", import->id);
    api_choice(out, "state", &words_import_state, import->state);
    json_bool(out, "dry_run", import->dry_run);
    json_bool(out, "skip_bad", import->skip_bad);
    json_time(out, "created_at", import->created_at);
    json_time(out, "finished_at", import->finished_at);
    json_int(out, "bytes", import->file_bytes);
    api_choice(out, "charset", &words_charset, import->charset);
    json_text(out, "map", import->mapping);
    json_text(out, "set", import->fixed);
    json_int(out, "rows_read", import->rows_read);
    json_int(out, "rows_bad", import->rows_bad);
    json_int(out, "rows_good", import->rows_good);
    json_int(out, "fault_count", import->faults);
    json_int(out, "tickets", import->tickets);
    json_text(out, "reason", import->reason);
}

enum err
import_create_end(struct request *req, struct job *job)
{
    const struct cmd_import_create *cmd = job_as(job, struct cmd_import_create);
    const struct api_services *services = req->http->services;
    const char *location =
        arena_printf(req->arena, "/api/v1/imports/%lld", (long long)cmd->id);
    struct import import;
    struct json_out out;

    if (location == NULL)
        return ERR_NO_MEMORY;
    if (services->wake_importer != NULL)
        services->wake_importer(services->importer);
    TRY(imports_by_id(req->reader->db, req->arena, cmd->id, &import));
    json_out_init(&out, req->arena);
    json_object_open(&out, NULL);
    write_members(&out, &import);
    json_object_close(&out);
    TRY(reply_json(req, cmd->is_the_same ? 200 : 201, &out));
    return reply_header(req, "Location", location);
}

/* --- GET /imports ------------------------------------------------------------------------ */

struct page_query {
    int64_t limit;
    const char *cursor;
};

static const struct json_field page_fields[] = {
    JSON_INT("limit", struct page_query, limit, 1, LIST_LIMIT_MAX, JSON_OPTIONAL),
    JSON_TEXT("cursor", struct page_query, cursor, 1, LIST_CURSOR_CHARACTERS,
              JSON_OPTIONAL),
    JSON_END
};

static enum err
read_page(struct request *req, char order, int *ret_limit, int64_t *ret_value,
          int64_t *ret_id)
{
    struct page_query asked = { .limit = LIST_LIMIT_DEFAULT };

    *ret_value = *ret_id = 0;
    TRY(request_query_read(req, page_fields, &asked, NULL));
    *ret_limit = (int)asked.limit;
    return asked.cursor == NULL
               ? OK
               : list_cursor_read(req, asked.cursor, order, ret_value, ret_id);
}

enum err
import_list(struct request *req)
{
    struct import *imports = NULL;
    struct json_out out;
    int64_t unused, before;
    size_t count = 0;
    int limit;

    TRY(read_page(req, CURSOR_IMPORTS, &limit, &unused, &before));
    TRY(imports_list(req->reader->db, req->arena, before, limit + 1, &imports, &count));
    size_t shown = count > (size_t)limit ? (size_t)limit : count;
    json_out_init(&out, req->arena);
    json_object_open(&out, NULL);
    json_list_open(&out, "items");
    for (size_t i = 0; i < shown; i++) {
        json_object_open(&out, NULL);
        write_members(&out, &imports[i]);
        json_object_close(&out);
    }
    json_list_close(&out);
    TRY(list_cursor_write(req, &out, count > shown, CURSOR_IMPORTS, 0,
                          shown == 0 ? 0 : imports[shown - 1].id));
    json_object_close(&out);
    return reply_json(req, 200, &out);
}

/* --- GET /imports/{id}, DELETE /imports/{id} ---------------------------------------------- */

static bool
read_id(const struct request *req, int64_t *ret_id)
{
    const char *text = request_path(req, "id");
    char *end;

    if (strspn(text, "0123456789") != strlen(text) || strlen(text) > 15)
        return false;
    *ret_id = strtoll(text, &end, 10);
    return *ret_id > 0;
}

static void
write_fault(struct request *req, struct json_out *out, const struct import_fault *fault)
{
    json_object_open(out, NULL);
    json_int(out, "row", fault->row);
    json_text(out, "field", fault->field);
    json_text(out, "code", fault->code);
    json_text(out, "message", reply_message(req, err_find(fault->code), fault->value));
    json_object_close(out);
}

enum err
import_show(struct request *req)
{
    struct import_fault *faults = NULL;
    struct import import;
    struct json_out out;
    int64_t id, row, place;
    size_t count = 0;
    int limit;

    TRY(read_page(req, CURSOR_FAULTS, &limit, &row, &place));
    if (!read_id(req, &id))
        return ERR_NOT_FOUND;
    TRY(imports_by_id(req->reader->db, req->arena, id, &import));
    TRY(imports_faults(req->reader->db, req->arena, id, row, row == 0 ? -1 : place,
                       limit + 1, &faults, &count));
    size_t shown = count > (size_t)limit ? (size_t)limit : count;
    json_out_init(&out, req->arena);
    json_object_open(&out, NULL);
    write_members(&out, &import);
    json_list_open(&out, "items");
    for (size_t i = 0; i < shown; i++)
        write_fault(req, &out, &faults[i]);
    json_list_close(&out);
    TRY(list_cursor_write(req, &out, count > shown, CURSOR_FAULTS,
                          shown == 0 ? 0 : faults[shown - 1].row,
                          shown == 0 ? 0 : faults[shown - 1].place));
    json_object_close(&out);
    return reply_json(req, 200, &out);
}

enum err
import_cancel_begin(struct request *req, struct job **ret_job)
{
    struct cmd_import_cancel *cmd = arena_make(req->arena, struct cmd_import_cancel);
    struct import import;

    if (cmd == NULL)
        return ERR_NO_MEMORY;
    cmd_import_cancel_init(cmd);
    if (!read_id(req, &cmd->import_id))
        return ERR_NOT_FOUND;
    TRY(imports_by_id(req->reader->db, req->arena, cmd->import_id, &import));
    cmd->actor = api_actor(req)->actor;
    cmd->now = req->now;
    *ret_job = &cmd->job;
    return OK;
}

enum err
import_cancel_end(struct request *req, struct job *job)
{
    const struct api_services *services = req->http->services;

    (void)job; /* it has nothing to tell */
    if (services->wake_importer != NULL)
        services->wake_importer(services->importer);
    return reply_empty(req, 204);
}
