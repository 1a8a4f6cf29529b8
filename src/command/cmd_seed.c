/*
 * cmd_seed.c - see the header.
 */
#include "command/cmd_seed.h"

#include <string.h>

#include "command/cmd_calendar.h"
#include "command/seed_rows.h"
#include "domain/ticket_words.h"
#include "embedded.gen.h"
#include "store/calendars.h"
#include "store/phrases.h"
#include "store/vocabulary.h"
#include "store/writer.h"

#define HOLIDAYS "seed/holidays.csv"

static enum err
seed_categories(struct txn *txn, bool *ret_done)
{
    const char *fields[SEED_FIELDS_MAX];
    struct category *present;
    struct seed_rows rows;
    size_t count;

    TRY(categories_all(txn->db, txn->arena, &present, &count));
    if (count > 0)
        return OK;
    TRY(seed_rows_open(txn->arena, "seed/categories.csv", &rows));
    while (seed_rows_next(&rows, fields)) {
        struct category category = {
            .code = fields[0],
            .parent = fields[1][0] == '\0' ? NULL : fields[1],
            .name = fields[2],
            .level = (int)strlen(fields[0]) / 2, /* two digits a level */
            .is_enabled = true,
            .search_key = fields[3],
            .keywords = "",
        };
        TRY(categories_insert(txn, &category));
    }
    *ret_done = true;
    return OK;
}

/* An office that keeps some of them keeps exactly those. */
static enum err
seed_phrases(struct txn *txn)
{
    const char *fields[SEED_FIELDS_MAX];
    struct seed_rows rows;
    bool is_any = false;
    int64_t unused;

    TRY(phrases_any(txn->db, &is_any));
    if (is_any)
        return OK;
    TRY(seed_rows_open(txn->arena, "seed/phrases.csv", &rows));
    while (seed_rows_next(&rows, fields)) {
        struct phrase phrase = {
            .kind = choice_find(&words_phrase_kind, fields[0]),
            .text = fields[1],
            .is_enabled = true,
        };
        TRY(phrases_insert(txn, &phrase, &unused));
    }
    return OK;
}

static enum err
parse_holidays(struct calendar_csv **ret_csv)
{
    for (size_t i = 0; i < embedded_file_count; i++)
        if (strcmp(embedded_files[i].name, HOLIDAYS) == 0)
            return calendar_csv_parse((const char *)embedded_files[i].bytes,
                                      embedded_files[i].size, ret_csv);
    return ERR_NOT_FOUND;
}

/* The shipped file takes effect as any other file of holidays does. */
static enum err
seed_calendar(struct txn *txn, struct cmd_seed *cmd)
{
    struct cmd_calendar import;
    struct calendar_csv *csv;
    size_t count;
    int *years;

    TRY(calendars_years(txn->db, txn->arena, &years, &count));
    if (count > 0)
        return OK;
    TRY(parse_holidays(&csv));
    cmd_calendar_import_init(&import);
    import.actor = (struct actor){ .kind = ACTOR_CLI };
    import.csv = csv;
    import.source = "shipped";
    import.now = cmd->now;
    import.arena = txn->arena;
    enum err err =
        csv->fault_count == 0 ? import.job.run(txn, &import.job) : ERR_INTERNAL;
    calendar_csv_free(csv);
    if (err != OK)
        return err;
    cmd->job.changes_rulebook = import.job.changes_rulebook;
    cmd->did_calendar = true;
    return OK;
}

static enum err
cmd_seed_run(struct txn *txn, struct job *job)
{
    struct cmd_seed *cmd = job_as(job, struct cmd_seed);

    TRY(seed_categories(txn, &cmd->did_categories));
    TRY(seed_phrases(txn));
    return seed_calendar(txn, cmd);
}

void
cmd_seed_init(struct cmd_seed *cmd)
{
    *cmd = (struct cmd_seed){ .job = { .name = "seed", .run = cmd_seed_run } };
}
