#include "api_internal.h"
#include "command/cmd_channel.h"
#include "store/channels.h"
#include "store/reader.h"

/*
 * api_channels.c - /channels: staff read them, the administrator writes.
 */

#define LETTER(letter)                                                                   \
    {                                                                                    \
        letter, letter, letter                                                           \
    }
static const struct choice letter_items[] = {
    LETTER("A"), LETTER("B"), LETTER("C"), LETTER("D"), LETTER("E"), LETTER("F"),
    LETTER("G"), LETTER("H"), LETTER("I"), LETTER("J"), LETTER("K"), LETTER("L"),
    LETTER("M"), LETTER("N"), LETTER("O"), LETTER("P"), LETTER("Q"), LETTER("R"),
    LETTER("S"), LETTER("T"), LETTER("U"), LETTER("V"), LETTER("W"), LETTER("X"),
    LETTER("Y"), LETTER("Z"),
};
static const struct choices letters = { "letter", letter_items,
                                        sizeof letter_items / sizeof *letter_items };

static void
write_channel(struct json_out *out, const struct channel_row *row)
{
    const struct channel *channel = &row->channel;

    json_object_open(out, NULL);
    json_text(out, "code", channel->code);
    json_text(out, "zh", channel->zh);
    json_text(out, "en", channel->en);
    api_choice(out, "letter", &letters, channel->letter - 'A');
    json_int(out, "workdays", channel->workdays);
    json_bool(out, "enabled", channel->is_enabled);
    json_int(out, "position", row->position);
    json_int(out, "version", row->version);
    json_object_close(out);
}

/* GET /channels - all of them: there are no more than letters. */
enum err
channel_list(struct request *req)
{
    struct channel_row *rows = NULL;
    struct json_out out;
    size_t count = 0;

    TRY(channels_all(req->reader->db, req->arena, &rows, &count));
    json_out_init(&out, req->arena);
    json_object_open(&out, NULL);
    json_list_open(&out, "items");
    for (size_t i = 0; i < count; i++)
        write_channel(&out, &rows[i]);
    json_list_close(&out);
    json_null(&out, "next");
    json_object_close(&out);
    return reply_json(req, 200, &out);
}

static enum err
reply_channel(struct request *req, int status, const char *code)
{
    struct channel_row row;
    struct json_out out;

    TRY(channels_by_code(req->reader->db, code, &row));
    json_out_init(&out, req->arena);
    write_channel(&out, &row);
    return reply_json(req, status, &out);
}

/* GET /channels/{code} */
enum err
channel_show(struct request *req)
{
    return reply_channel(req, 200, request_path(req, "code"));
}

/* --- Writes -------------------------------------------------------------------- */

#define D struct channel_draft
#define CHANNEL_ROWS(need)                                                               \
    JSON_TEXT("zh", D, zh, 1, 10, need), JSON_TEXT("en", D, en, 1, 30, need),            \
        JSON_CHOICE("letter", D, letter, &letters, need),                                \
        JSON_INT("workdays", D, workdays, 1, 250, need),                                 \
        JSON_INT("position", D, position, 0, 100000, JSON_OPTIONAL),                     \
        JSON_TRISTATE("enabled", D, enabled, JSON_OPTIONAL)

static const struct json_field create_fields[] = {
    JSON_TEXT("code", D, code, 1, CHANNEL_CODE_BYTES - 1, JSON_REQUIRED),
    CHANNEL_ROWS(JSON_REQUIRED), JSON_END
};
static const struct json_field change_fields[] = {
    JSON_INT("version", D, version, 1, INT32_MAX, JSON_REQUIRED),
    CHANNEL_ROWS(JSON_OPTIONAL), JSON_END
};
#undef D

static enum err
begin(struct request *req, void (*init)(struct cmd_channel *cmd),
      const struct json_field *fields, struct job **ret_job)
{
    struct cmd_channel *cmd = arena_make(req->arena, struct cmd_channel);

    if (cmd == NULL)
        return ERR_NO_MEMORY;
    init(cmd);
    if (req->method == METHOD_POST)
        TRY(api_idempotency(req, &cmd->idempotency));
    if (fields != NULL)
        TRY(request_body(req, fields, &cmd->draft, NULL));
    if (req->method != METHOD_POST)
        cmd->draft.code = request_path(req, "code");
    cmd->actor = api_actor(req)->actor;
    cmd->now = req->now;
    *ret_job = &cmd->job;
    return OK;
}

/* POST /channels */
enum err
channel_create_begin(struct request *req, struct job **ret_job)
{
    return begin(req, cmd_channel_create_init, create_fields, ret_job);
}

enum err
channel_create_end(struct request *req, struct job *job)
{
    const char *code = job_as(job, struct cmd_channel)->draft.code;

    TRY(reply_channel(req, 201, code));
    return api_location(req, "channels", code);
}

/* PATCH /channels/{code} */
enum err
channel_change_begin(struct request *req, struct job **ret_job)
{
    return begin(req, cmd_channel_change_init, change_fields, ret_job);
}

enum err
channel_change_end(struct request *req, struct job *job)
{
    return reply_channel(req, 200, job_as(job, struct cmd_channel)->draft.code);
}

/* DELETE /channels/{code} */
enum err
channel_delete_begin(struct request *req, struct job **ret_job)
{
    return begin(req, cmd_channel_delete_init, NULL, ret_job);
}

enum err
channel_delete_end(struct request *req, struct job *job)
{
    return api_gone(req, job);
}
