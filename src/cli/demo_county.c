/*
 * demo_county.c - the made-up county: areas, units and people, and the table
 *                 of accounts that is printed at the end.
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "command/cmd_unit.h"
#include "command/cmd_user.h"
#include "command/cmd_vocabulary.h"
#include "command/cmd_settings.h"
#include "command/seed_rows.h"
#include "demo.h"
#include "demo_internal.h"
#include "store/phrases.h"
#include "store/reader.h"
#include "store/vocabulary.h"
#include "store/users.h"
#include "store/writer.h"

#define OFFICE "office"

static const struct actor cli_actor = { .kind = ACTOR_CLI };

/*
 * Commands to be run in one transaction: two hundred small commits would be
 * most of the time the demo takes.
 */
struct together {
    struct job job;
    struct job *jobs[DEMO_UNITS * 3 + DEMO_TOPICS];
    size_t count;
};

static enum err
together_run(struct txn *txn, struct job *job)
{
    struct together *together = job_as(job, struct together);

    for (size_t i = 0; i < together->count; i++)
        TRY(together->jobs[i]->run(txn, together->jobs[i]));
    return OK;
}

static enum err
together_add(struct together *together, struct job *job)
{
    if (together->count == sizeof together->jobs / sizeof *together->jobs)
        return ERR_INTERNAL;
    together->jobs[together->count++] = job;
    return OK;
}

/* --- Areas and topics -------------------------------------------------------------------- */

struct areas_job {
    struct job job;
    const struct demo *demo;
};

static enum err
areas_run(struct txn *txn, struct job *job)
{
    const struct demo *demo = job_as(job, struct areas_job)->demo;

    for (size_t i = 0; i < demo->area_count; i++) {
        const struct demo_area *area = &demo->areas[i];
        TRY(areas_insert(
            txn, &(struct area){ .code = area->code,
                                 .parent = area->parent[0] != '\0' ? area->parent : NULL,
                                 .name = area->name,
                                 .is_enabled = true,
                                 .position = (int64_t)i,
                                 .search_key = area->search_key }));
    }
    return OK;
}

static enum err
make_areas(struct demo *demo)
{
    struct areas_job cmd = { .job = { .name = "demo_areas", .run = areas_run },
                             .demo = demo };
    const char *fields[SEED_FIELDS_MAX];
    struct seed_rows rows;
    const char *parent_name = "";

    TRY(seed_rows_open(demo->arena, "demo/areas.csv", &rows));
    while (seed_rows_next(&rows, fields) && demo->area_count < DEMO_AREAS) {
        if (fields[1][0] == '\0')
            parent_name = fields[2]; /* its villages follow */
        demo->areas[demo->area_count++] =
            (struct demo_area){ .code = fields[0],
                                .parent = fields[1],
                                .name = fields[2],
                                .search_key = fields[3],
                                .parent_name = parent_name };
    }
    return writer_run(demo->writer, &cmd.job);
}

static enum err
read_topics(struct demo *demo)
{
    const char *f[SEED_FIELDS_MAX];
    struct seed_rows rows;

    TRY(seed_rows_open(demo->arena, "demo/topics.csv", &rows));
    while (seed_rows_next(&rows, f) && demo->topic_count < DEMO_TOPICS)
        demo->topics[demo->topic_count++] =
            (struct demo_topic){ f[0], f[1], f[2], f[3], f[4], f[5], f[6], f[7], f[8] };
    return OK;
}

/* --- Units and people -------------------------------------------------------------------- */

static enum err
make_unit(struct demo *demo, struct together *together,
          const char *const f[SEED_FIELDS_MAX], size_t number)
{
    struct cmd_unit_create *cmd = arena_make(demo->arena, struct cmd_unit_create);
    struct cmd_unit_change *change = arena_make(demo->arena, struct cmd_unit_change);

    const char **area = arena_array(demo->arena, const char *, 1);

    if (cmd == NULL || change == NULL || area == NULL)
        return ERR_NO_MEMORY;
    area[0] = f[4];
    cmd_unit_create_init(cmd);
    cmd->actor = cli_actor;
    cmd->now = demo->now;
    cmd->draft.code = f[0];
    cmd->draft.kind = choice_find(&words_unit_kind, f[1]);
    cmd->draft.name = f[2];
    cmd->draft.short_name = f[3];
    cmd->draft.areas = (struct text_list){ area, f[4][0] == '\0' ? 0 : 1 };
    cmd->draft.sign_off = choice_find(&words_sign_off, f[5]);
    cmd->draft.duty_keywords = f[6];
    cmd->draft.search_key = f[7];
    cmd->draft.parent = strcmp(f[0], OFFICE) == 0 ? "" : OFFICE;
    cmd->draft.head = arena_printf(demo->arena, "%s主要负责人", f[3]);
    cmd->draft.deputy = arena_printf(demo->arena, "%s分管负责人", f[3]);
    cmd->draft.contact = arena_printf(demo->arena, "%s专职人员", f[3]);
    cmd->draft.phone = arena_printf(demo->arena, "0000-%07zu", 1000000 + number);
    cmd->draft.night_phone = arena_printf(demo->arena, "0000-%07zu", 2000000 + number);
    if (strcmp(f[0], OFFICE) != 0)
        return together_add(together, &cmd->job);

    /* The office is there already: every database has one. */
    cmd_unit_change_init(change);
    change->actor = cli_actor;
    change->now = demo->now;
    change->draft = cmd->draft;
    return together_add(together, &change->job);
}

static enum err
make_units(struct demo *demo, struct together *together)
{
    const char *f[SEED_FIELDS_MAX];
    struct seed_rows rows;
    size_t number = 0;

    TRY(seed_rows_open(demo->arena, "demo/units.csv", &rows));
    while (seed_rows_next(&rows, f) && demo->unit_count < DEMO_UNITS) {
        TRY(make_unit(demo, together, f, ++number));
        if (strcmp(f[0], OFFICE) == 0)
            continue; /* tickets go to the others */
        demo->units[demo->unit_count++] = (struct demo_unit){
            .code = f[0],
            .kind = choice_find(&words_unit_kind, f[1]),
            .short_name = f[3],
            .area = f[4],
            .is_online = strcmp(f[5], "online") == 0,
        };
    }
    return OK;
}

/* --- What forms offer ---------------------------------------------------------------- */

/* A category mostly goes to the unit that handles its topic. */
static enum err
make_usual_units(struct demo *demo, struct together *together)
{
    for (size_t i = 0; i < demo->topic_count; i++) {
        const struct demo_topic *topic = &demo->topics[i];
        struct cmd_vocabulary *cmd = arena_make(demo->arena, struct cmd_vocabulary);
        bool is_again = topic->unit[0] == '*'; /* the township of the place */

        if (cmd == NULL)
            return ERR_NO_MEMORY;
        for (size_t before = 0; before < i; before++)
            is_again |= strcmp(demo->topics[before].category, topic->category) == 0;
        if (is_again)
            continue;
        cmd_category_change_init(cmd);
        cmd->actor = cli_actor;
        cmd->now = demo->now;
        cmd->draft.code = topic->category;
        cmd->draft.unit = topic->unit;
        cmd->draft.version = 1; /* as seeded */
        TRY(together_add(together, &cmd->job));
    }
    return OK;
}

struct templates_job {
    struct job job;
    struct demo *demo;
};

static enum err
templates_run(struct txn *txn, struct job *job)
{
    struct demo *demo = job_as(job, struct templates_job)->demo;
    const char *f[SEED_FIELDS_MAX];
    struct seed_rows rows;
    int64_t unused;

    TRY(seed_rows_open(demo->arena, "demo/templates.csv", &rows));
    while (seed_rows_next(&rows, f))
        TRY(templates_insert(
            txn,
            &(struct text_template){ .kind = choice_find(&words_template_kind, f[0]),
                                     .title = f[1],
                                     .text = f[2],
                                     .is_enabled = true },
            &unused));
    return OK;
}

/* Everybody has the same password, so it is hashed once. */
static enum err
make_user(struct demo *demo, struct together *together, const char *login,
          const char *name, const char *unit, int role, char hash[PASSWORD_HASH_BYTES])
{
    struct cmd_user_create *cmd = arena_make(demo->arena, struct cmd_user_create);

    if (cmd == NULL)
        return ERR_NO_MEMORY;
    cmd_user_create_init(cmd);
    cmd->actor = cli_actor;
    cmd->now = demo->now;
    cmd->draft.login = login;
    cmd->draft.name = name;
    cmd->draft.unit = unit;
    cmd->draft.roles = ROLE_BIT(role);
    cmd->draft.password = DEMO_PASSWORD;
    if (hash[0] == '\0') {
        TRY(cmd->job.prepare(&cmd->job));
        memcpy(hash, cmd->hash, PASSWORD_HASH_BYTES);
    }
    memcpy(cmd->hash, hash, PASSWORD_HASH_BYTES);
    return together_add(together, &cmd->job);
}

/* "T01" signs in as t01. */
static const char *
login_of(struct demo *demo, const char *code, const char *suffix)
{
    char *login = arena_printf(demo->arena, "%s%s", code, suffix);

    for (char *c = login; c != NULL && *c != '\0'; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
    return login;
}

static enum err
make_staff(struct demo *demo, struct together *together)
{
    char hash[PASSWORD_HASH_BYTES] = "";
    const char *f[SEED_FIELDS_MAX];
    struct seed_rows rows;

    TRY(seed_rows_open(demo->arena, "demo/staff.csv", &rows));
    while (seed_rows_next(&rows, f))
        TRY(make_user(demo, together, f[0], f[1], OFFICE, choice_find(&words_role, f[2]),
                      hash));
    for (size_t i = 0; i < demo->unit_count; i++) {
        struct demo_unit *unit = &demo->units[i];
        unit->handler_login = login_of(demo, unit->code, "");
        unit->head_login = login_of(demo, unit->code, "-head");
        TRY(make_user(demo, together, unit->handler_login,
                      arena_printf(demo->arena, "%s经办人", unit->short_name), unit->code,
                      ROLE_HANDLER, hash));
        /* Named as the deputy head, so that copies of notices find the account. */
        TRY(make_user(demo, together, unit->head_login,
                      arena_printf(demo->arena, "%s分管负责人", unit->short_name),
                      unit->code, ROLE_UNIT_HEAD, hash));
    }
    return OK;
}

static enum err
find_actor(struct demo *demo, struct db *db, const char *login, struct actor *ret_actor)
{
    struct user user;

    TRY(users_by_login(db, demo->step, login, &user));
    *ret_actor = (struct actor){
        .kind = ACTOR_USER, .id = user.id, .unit_id = user.unit_id, .roles = user.roles
    };
    return OK;
}

static enum err
find_actors(struct demo *demo, struct db *db)
{
    char login[32];

    for (size_t i = 0; i < DEMO_CLERKS; i++) {
        (void)text_format(login, sizeof login, "clerk%zu", i + 1); /* fits */
        TRY(find_actor(demo, db, login, &demo->clerks[i]));
    }
    TRY(find_actor(demo, db, "supervisor1", &demo->supervisors[0]));
    TRY(find_actor(demo, db, "supervisor2", &demo->supervisors[1]));
    TRY(find_actor(demo, db, "leader1", &demo->leaders[0]));
    TRY(find_actor(demo, db, "leader2", &demo->leaders[1]));
    for (size_t i = 0; i < demo->unit_count; i++) {
        TRY(find_actor(demo, db, demo->units[i].handler_login, &demo->units[i].handler));
        TRY(find_actor(demo, db, demo->units[i].head_login, &demo->units[i].head));
    }
    arena_reset(demo->step);
    return OK;
}

/* What stands at the head of pages and printed forms. */
static enum err
name_county(struct demo *demo)
{
    struct cmd_settings_change cmd;

    cmd_settings_change_init(&cmd);
    cmd.actor = (struct actor){ .kind = ACTOR_CLI };
    cmd.draft.version = 1; /* nobody has set anything yet */
    cmd.draft.text[SETTING_county_name] = "云溪县";
    cmd.draft.text[SETTING_office_name] = "云溪县人民政府办公室";
    cmd.now = demo->now;
    return writer_run(demo->writer, &cmd.job);
}

enum err
demo_county(struct demo *demo, struct reader_pool *pool)
{
    struct reader *reader;

    struct together *together = arena_make(demo->arena, struct together);

    if (together == NULL)
        return ERR_NO_MEMORY;
    struct templates_job templates = {
        .job = { .name = "demo_templates", .run = templates_run },
        .demo = demo,
    };

    together->job = (struct job){ .name = "demo_county", .run = together_run };
    TRY(name_county(demo));
    TRY(make_areas(demo));
    TRY(read_topics(demo));
    TRY(make_units(demo, together));
    TRY(make_staff(demo, together));
    TRY(make_usual_units(demo, together));
    TRY(writer_run(demo->writer, &together->job));
    TRY(writer_run(demo->writer, &templates.job));
    TRY(reader_acquire(pool, 0, &reader));
    enum err err = find_actors(demo, reader->db);
    reader_release(pool, reader);
    return err;
}

void
demo_print(const struct demo *demo, FILE *out)
{
    static const struct {
        const char *login, *role;
    } office[] = {
        { "clerk1 … clerk4", "受理员 clerk" },
        { "supervisor1, supervisor2", "督查员 supervisor" },
        { "leader1, leader2", "县领导 leader" },
        { "admin", "管理员 admin" },
        { "auditor", "审计员 auditor" },
    };

    (void)fprintf(out,
                  "云溪县（虚构）演示数据 / a made-up county\n"
                  "start: yidan serve --data DIR\n"
                  "password of every account: %s\n\n",
                  DEMO_PASSWORD);
    for (size_t i = 0; i < sizeof office / sizeof *office; i++)
        (void)fprintf(out, "  %-26s %-24s 县政府办\n", office[i].login, office[i].role);
    for (size_t i = 0; i < demo->unit_count; i++)
        (void)fprintf(out, "  %-5s经办人 handler, %-9s负责人 unit_head   %s\n",
                      demo->units[i].handler_login, demo->units[i].head_login,
                      demo->units[i].short_name);
    (void)fputc('\n', out);
}
