/*
 * importer.c - see the header.
 *
 * Invariants
 *  1. What is slow (reading, looking up, deadlines, sealing, hashing) is done
 *     here, on this thread; a write only stores what is ready.
 *  2. No reader is held while a write runs.
 */
#include "background/importer.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/ident.h"
#include "base/log.h"
#include "base/text.h"
#include "base/timeutil.h"
#include "command/cmd_import.h"
#include "command/ledger_names.h"
#include "ledger_file.h"
#include "rounds.h"
#include "store/reader.h"
#include "store/rulebook.h"
#include "store/store.h"
#include "store/upload.h"
#include "store/writer.h"

#define TITLE_CHARACTERS 60
#define TITLE_BYTES (TITLE_CHARACTERS * 4 + 1)
#define CLEAN_ROWS 500
#define SKIPPED_ROWS 1000
#define RETRY_MS 5000 /* after a failure that may pass: a full disk, a full queue */

struct importer {
    struct store *store;
    struct reader_pool *readers;
    struct writer *writer;
    int64_t (*clock)(void);
    struct rounds *rounds; /* NULL: on the caller's thread */
};

/* One import under way. */
struct reading {
    struct importer *importer;
    struct import import;
    struct ledger_file *file;
    const struct rulebook *rulebook;
    const struct ledger_names *names;
    struct arena *arena; /* of the import */
    struct arena *batch; /* of the rows that wait to be written */
    struct cmd_import_stage stage;
    int64_t read; /* the last row that was looked at */
    size_t room;
};

static int64_t
now_of(const struct importer *importer)
{
    return importer->clock == NULL ? time_now() : importer->clock();
}

/* --- One row ---------------------------------------------------------------------------- */

static void
fact_time(struct json_out *out, const struct ledger_row *row, enum ledger_field field)
{
    if (row->texts[field] != NULL)
        json_time(out, choice_word(&words_ledger_field, (int)field), row->times[field]);
}

/* What the event tells: the times as they were, codes and numbers; no text. */
static enum err
make_facts(const struct reading *reading, const struct import_ready *ready,
           const char **ret_facts)
{
    const struct ticket *ticket = &ready->ticket;
    const struct ledger_row *row = ready->row;
    struct json_out out;
    const char *object;
    size_t bytes;

    json_out_init(&out, reading->batch);
    json_object_open(&out, NULL);
    json_int(&out, "import", reading->import.id);
    json_int(&out, "row", ready->number);
    json_text(&out, "channel", ticket->channel);
    json_text(&out, "kind", choice_word(&words_kind, ticket->kind));
    json_text(&out, "urgency", choice_word(&words_urgency, ticket->urgency));
    if (ticket->lead_unit_id != 0) {
        json_int(&out, "lead_unit_id", ticket->lead_unit_id);
        json_time(&out, "due_at", ticket->due_at);
    }
    fact_time(&out, row, LEDGER_RECEIVED_AT);
    fact_time(&out, row, LEDGER_DISPATCHED_AT);
    fact_time(&out, row, LEDGER_SIGNED_AT);
    fact_time(&out, row, LEDGER_REPLIED_AT);
    if (ticket->closed_at != 0)
        json_time(&out, "closed_at", ticket->closed_at);
    if (ticket->outcome != CHOICE_NONE)
        json_text(&out, "outcome", choice_word(&words_outcome, ticket->outcome));
    if (ticket->satisfaction_final != CHOICE_NONE)
        json_text(&out, "satisfaction",
                  choice_word(&words_satisfaction, ticket->satisfaction_final));
    json_object_close(&out);
    TRY(json_out_done(&out, &object, &bytes));
    *ret_facts =
        arena_copy(reading->batch, object + 1, bytes - 2); /* without the braces */
    return *ret_facts != NULL ? OK : ERR_NO_MEMORY;
}

static enum err
seal(const struct reading *reading, const struct import_ready *ready, const char *column,
     const char *text, const uint8_t **ret_sealed, size_t *ret_bytes)
{
    char place[64];

    if (text == NULL)
        return OK;
    if (!text_format(place, sizeof place, "petitioner.%s:%lld", column,
                     (long long)imports_petitioner_id(reading->import.id, ready->number)))
        return ERR_INTERNAL;
    return crypt_seal(store_keys(reading->importer->store), reading->batch, text, place,
                      ret_sealed, ret_bytes);
}

static enum err
make_title(const struct reading *reading, struct import_ready *ready)
{
    ready->title = ready->row->texts[LEDGER_TITLE];
    if (ready->title != NULL)
        return OK;
    char *title = arena_alloc(reading->batch, TITLE_BYTES);
    if (title == NULL)
        return ERR_NO_MEMORY;
    text_title(ready->row->texts[LEDGER_CONTENT], TITLE_CHARACTERS, title, TITLE_BYTES);
    ready->title = title;
    return OK;
}

/* Everything that a good row will be, so that its write has nothing to work out. */
static enum err
make_ready(const struct reading *reading, const struct ledger_row *row,
           struct ticket_case *scratch, struct import_ready *ready)
{
    const struct store *store = reading->importer->store;
    const char *phone = row->texts[LEDGER_PETITIONER_PHONE];
    struct event event = { .text_count = 0 };
    char normal[PHONE_BYTES];

    *ready = (struct import_ready){ .number = row->number, .row = row };
    ready->own_no = row->texts[LEDGER_NO];
    ledger_case(row, &reading->import.actor, reading->rulebook->calendar,
                &reading->rulebook->limits, now_of(reading->importer), scratch);
    ready->ticket = scratch->ticket;
    ready->ticket.received_by = 0; /* whoever it was is not known here */
    ident_digits(ready->ticket.query_code);
    ready->has_assignment = scratch->assignment_count > 0;
    if (ready->has_assignment)
        ready->assignment = scratch->assignments[0];
    TRY(make_title(reading, ready));
    TRY(seal(reading, ready, "name", row->texts[LEDGER_PETITIONER_NAME], &ready->name,
             &ready->name_bytes));
    TRY(seal(reading, ready, "phone", phone, &ready->phone, &ready->phone_bytes));
    ready->has_index =
        phone != NULL && text_phone(phone, store_config(store)->area_code, normal);
    if (ready->has_index)
        crypt_index(store_keys(reading->importer->store), normal, ready->phone_index);
    TRY(make_facts(reading, ready, &event.facts));
    imports_event_texts(ready, &event);
    return events_payload(reading->batch, &event, ready->salts, &ready->payload);
}

/* --- Batches of rows ---------------------------------------------------------------------- */

static enum err
begin_batch(struct reading *reading)
{
    arena_reset(reading->batch);
    cmd_import_stage_init(&reading->stage);
    reading->stage.import_id = reading->import.id;
    reading->stage.is_dry = reading->import.dry_run;
    if (reading->import.charset == CHOICE_NONE)
        reading->stage.charset = (int)ledger_file_charset(reading->file);
    reading->stage.rows = arena_array(reading->batch, struct import_ready, reading->room);
    reading->stage.checked =
        arena_array(reading->batch, struct ledger_row, reading->room);
    return reading->stage.rows == NULL || reading->stage.checked == NULL ? ERR_NO_MEMORY
                                                                         : OK;
}

static enum err
write_batch(struct reading *reading, bool *ret_over)
{
    reading->stage.rows_read = reading->read;
    TRY(writer_run(reading->importer->writer, &reading->stage.job));
    reading->import.charset = (int)ledger_file_charset(reading->file);
    *ret_over = reading->stage.is_over;
    return begin_batch(reading);
}

/* No row from here on is read. */
static void
refuse_rest(struct ledger_row *row)
{
    char most[TICKET_NO_BYTES];

    (void)text_format(most, sizeof most, "%d", IMPORT_ROWS_MAX);
    *row = (struct ledger_row){ .number = row->number };
    ledger_fault(row, CHOICE_NONE, ERR_IMPORT_TOO_MANY, most);
}

/* Read on from where the last write came to.  `*ret_over`: cancelled, or we stop. */
static enum err
read_rows(struct reading *reading, bool *ret_over)
{
    const struct config *config = store_config(reading->importer->store);
    struct ticket_case *scratch = arena_make(reading->arena, struct ticket_case);
    bool is_end = false, is_full = false;

    *ret_over = false;
    if (scratch == NULL)
        return ERR_NO_MEMORY;
    TRY(begin_batch(reading));
    for (;;) {
        struct ledger_row *row = &reading->stage.checked[reading->stage.count];

        TRY(ledger_file_next(reading->file, reading->batch, config->area_code,
                             now_of(reading->importer), row, &is_end));
        if (is_end)
            break;
        if (row->number <= reading->import.rows_read) { /* settled before */
            if (row->number % SKIPPED_ROWS == 0)
                TRY(begin_batch(reading)); /* their texts need not be kept */
            continue;
        }
        is_full = row->number > IMPORT_ROWS_MAX;
        if (is_full)
            refuse_rest(row);
        reading->read = row->number;
        ledger_names_find(reading->names, row);
        if (row->fault_count == 0)
            TRY(make_ready(reading, row, scratch,
                           &reading->stage.rows[reading->stage.count]));
        reading->stage.count++;
        if (is_full)
            break;
        if (reading->stage.count < reading->room)
            continue;
        TRY(write_batch(reading, ret_over));
        *ret_over = *ret_over || rounds_is_stopping(reading->importer->rounds);
        if (*ret_over)
            return OK;
    }
    return write_batch(reading, ret_over);
}

/* --- One import ----------------------------------------------------------------------------- */

static enum err
load_names(struct reading *reading)
{
    struct reader *reader;

    TRY(reader_acquire(reading->importer->readers, 0, &reader));
    enum err err =
        ledger_names_make(reader->db, reading->arena, reading->rulebook, &reading->names);
    reader_release(reading->importer->readers, reader);
    return err;
}

/* `reason`: the file cannot be read, and never will be. */
static enum err
finish(struct reading *reading, const char *reason)
{
    struct cmd_import_finish cmd;
    int64_t started_ms = time_monotonic_ms();

    cmd_import_finish_init(&cmd, reading->import.id, now_of(reading->importer));
    cmd.reason = reason;
    TRY(writer_run(reading->importer->writer, &cmd.job));
    log_event(LOG_INFO, "import_finished", log_int("import", reading->import.id),
              log_text("state", choice_word(&words_import_state, cmd.state)),
              log_int("tickets", cmd.tickets),
              log_int("commit_ms", time_monotonic_ms() - started_ms));
    return OK;
}

static enum err
read_import(struct reading *reading)
{
    struct store *store = reading->importer->store;
    const struct import *import = &reading->import;
    bool is_over = false;
    int fd = -1;

    if (import->file == NULL || upload_open_kept(store, import->file, &fd) != OK)
        return finish(reading, err_code(ERR_STORE));
    TRY(ledger_file_open(fd, import->charset, import->mapping, import->fixed,
                         &reading->file));
    TRY(load_names(reading));
    TRY(read_rows(reading, &is_over));
    if (is_over)
        return OK;
    enum err err = finish(reading, NULL);
    /* What will not pass by itself: a row names what was removed meanwhile. */
    return err == ERR_STORE || err == ERR_INTERNAL ? finish(reading, err_code(err)) : err;
}

/* Staged rows go in small writes; then the file. */
static enum err
clean(struct reading *reading)
{
    struct importer *importer = reading->importer;
    struct cmd_import_clean cmd;

    do {
        cmd_import_clean_init(&cmd, reading->import.id, CLEAN_ROWS);
        TRY(writer_run(importer->writer, &cmd.job));
    } while (cmd.has_more && !rounds_is_stopping(importer->rounds));
    if (!cmd.has_more && reading->import.file != NULL)
        upload_remove(importer->store, reading->import.file);
    return OK;
}

static enum err
load_next(struct reading *reading, int64_t after)
{
    struct reader *reader;

    TRY(reader_acquire(reading->importer->readers, 0, &reader));
    enum err err =
        imports_next_unfinished(reader->db, reading->arena, after, &reading->import);
    reader_release(reading->importer->readers, reader);
    return err;
}

/* The next import after `*after`: read it, or clean up behind it. ERR_NOT_FOUND: none. */
static enum err
do_next(struct importer *importer, int64_t *after)
{
    struct reading reading = { .importer = importer,
                               .arena = arena_new(),
                               .batch = arena_new() };
    enum err err = reading.arena == NULL || reading.batch == NULL ? ERR_NO_MEMORY : OK;

    reading.room = (size_t)store_config(importer->store)->import_batch;
    reading.rulebook = rulebook_acquire(importer->store);
    if (err == OK)
        err = load_next(&reading, *after);
    if (err == OK) {
        bool is_reading = reading.import.state == IMPORT_READING;
        if (!is_reading)
            *after = reading.import.id;
        err = is_reading ? read_import(&reading) : clean(&reading);
    }
    ledger_file_close(reading.file);
    rulebook_release(reading.rulebook);
    arena_free(reading.arena);
    arena_free(reading.batch);
    return err;
}

static enum err
do_all(struct importer *importer)
{
    int64_t after = 0;
    enum err err = OK;

    while (err == OK && !rounds_is_stopping(importer->rounds))
        err = do_next(importer, &after);
    return err == ERR_NOT_FOUND ? OK : err;
}

/* --- The thread -------------------------------------------------------------------------------- */

static int64_t
do_round(void *context)
{
    enum err err = do_all(context);

    if (err != OK && err != ERR_SHUTTING_DOWN)
        log_event(LOG_ERROR, "import_failed", log_text("code", err_code(err)));
    return err == OK ? ROUNDS_UNTIL_WOKEN : RETRY_MS;
}

enum err
importer_start(struct store *store, struct reader_pool *readers, struct writer *writer,
               int64_t (*clock)(void), struct importer **ret_importer)
{
    struct importer *importer = malloc(sizeof *importer);

    if (importer == NULL)
        return ERR_NO_MEMORY;
    *importer = (struct importer){
        .store = store, .readers = readers, .writer = writer, .clock = clock
    };
    enum err err = rounds_start(do_round, importer, &importer->rounds);
    if (err != OK) {
        free(importer);
        return err;
    }
    *ret_importer = importer;
    return OK;
}

void
importer_wake(struct importer *importer)
{
    rounds_wake(importer->rounds);
}

void
importer_stop(struct importer *importer)
{
    if (importer == NULL)
        return;
    rounds_stop(importer->rounds);
    free(importer);
}

enum err
importer_run(struct store *store, struct reader_pool *readers, struct writer *writer,
             int64_t (*clock)(void))
{
    struct importer importer = {
        .store = store, .readers = readers, .writer = writer, .clock = clock
    };

    return do_all(&importer);
}
