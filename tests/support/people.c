#include "support/people.h"

#include <check.h>
#include <string.h>

#include "base/crypt.h"
#include "base/ident.h"
#include "store/sessions.h"
#include "store/store.h"
#include "store/units.h"
#include "store/users.h"

#define PEOPLE_HASH                                                                      \
    "$argon2id$v=19$m=32768,t=2,p=1$MQdc0XT9BiFGoqQ+dXQ+F"                               \
    "A$iGxVrg1LOWJKzQF/YpGxg7Fl3xDBMMsxxLm6eGp55nw"

/* --- Units and accounts ------------------------------------------------------------- */

static enum err
have_unit(struct txn *txn, const char *code, const char *name, int kind, int64_t *ret_id)
{
    struct unit unit;
    enum err err = units_by_code(txn->db, txn->arena, code, &unit);

    if (err == OK) {
        *ret_id = unit.id;
        return OK;
    }
    if (err != ERR_NOT_FOUND)
        return err;
    unit = (struct unit){ .code = code,
                          .name = name,
                          .short_name = name,
                          .kind = kind,
                          .duty_keywords = "",
                          .head = "王镇长",
                          .deputy = "李副镇长",
                          .contact = "赵干事",
                          .phone = "",
                          .night_phone = "",
                          .sign_off = SIGN_OFF_RECORDED,
                          .search_key = "" };
    return units_insert(txn, &unit, ret_id);
}

struct people_job {
    struct job job;
    const char *login, *unit;
    uint32_t roles;
    int64_t now;
    struct actor actor;
    char token[PEOPLE_SECRET_BYTES], csrf[PEOPLE_SECRET_BYTES];
};

static enum err
add(struct txn *txn, const char *login, int64_t unit_id, uint32_t roles, int64_t now)
{
    struct user user = { .login = login,
                         .name = login,
                         .unit_id = unit_id,
                         .roles = roles,
                         .created_at = now };
    int64_t id = 0;

    return users_insert(txn, &user, PEOPLE_HASH, &id);
}

static enum err
fill_run(struct txn *txn, struct job *job)
{
    int64_t now = job_as(job, struct people_job)->now;
    int64_t office = 0, town = 0;

    TRY(have_unit(txn, "office", "县政府办公室", UNIT_OFFICE, &office));
    TRY(have_unit(txn, "town", "城关镇", UNIT_TOWNSHIP, &town));
    for (int role = 0; role < ROLE_COUNT; role++)
        TRY(add(txn, choice_word(&words_role, role),
                role == ROLE_HANDLER || role == ROLE_UNIT_HEAD ? town : office,
                ROLE_BIT(role), now));
    return OK;
}

static void
run(struct writer *writer, struct people_job *job)
{
    enum err err = writer_run(writer, &job->job);

    ck_assert_msg(err == OK, "%s: %s", job->job.name, err_code(err));
}

void
people_fill(struct writer *writer, int64_t now)
{
    struct people_job job = { .job = { .name = "people_fill", .run = fill_run },
                              .now = now };

    run(writer, &job);
}

static enum err
add_run(struct txn *txn, struct job *job)
{
    struct people_job *people = job_as(job, struct people_job);
    struct unit unit;

    TRY(units_by_code(txn->db, txn->arena, people->unit, &unit));
    return add(txn, people->login, unit.id, people->roles, people->now);
}

void
people_add(struct writer *writer, const char *login, const char *unit, uint32_t roles,
           int64_t now)
{
    struct people_job job = { .job = { .name = "people_add", .run = add_run },
                              .login = login,
                              .unit = unit,
                              .roles = roles,
                              .now = now };

    run(writer, &job);
}

/* --- Actors and sessions -------------------------------------------------------------- */

static enum err
actor_run(struct txn *txn, struct job *job)
{
    struct people_job *people = job_as(job, struct people_job);
    struct user user;

    TRY(users_by_login(txn->db, txn->arena, people->login, &user));
    people->actor = (struct actor){ ACTOR_USER, user.id, user.unit_id, user.roles };
    return OK;
}

struct actor
people_actor(struct writer *writer, const char *login)
{
    struct people_job job = { .job = { .name = "people_actor", .run = actor_run },
                              .login = login };

    run(writer, &job);
    return job.actor;
}

static enum err
session_run(struct txn *txn, struct job *job)
{
    struct people_job *people = job_as(job, struct people_job);
    struct session_draft draft = { .csrf = people->csrf, .address = "192.0.2.1" };
    struct user user;
    int64_t id = 0;

    TRY(users_by_login(txn->db, txn->arena, people->login, &user));
    ident_secret(people->token);
    ident_secret(people->csrf);
    hash_once(people->token, strlen(people->token), draft.token_hash);
    draft.user_id = user.id;
    draft.epoch = user.epoch;
    draft.now = people->now;
    draft.expires_at = people->now + store_config(txn->store)->session_max_s;
    return sessions_insert(txn, &draft, &id);
}

void
people_session(struct writer *writer, const char *login, int64_t now,
               char ret_token[PEOPLE_SECRET_BYTES], char ret_csrf[PEOPLE_SECRET_BYTES])
{
    struct people_job job = { .job = { .name = "people_session", .run = session_run },
                              .login = login,
                              .now = now };

    run(writer, &job);
    memcpy(ret_token, job.token, sizeof job.token);
    memcpy(ret_csrf, job.csrf, sizeof job.csrf);
}
