#include "command/cmd_user.h"

#include <string.h>

#include "base/text.h"
#include "command_internal.h"
#include "store/sessions.h"
#include "store/totps.h"
#include "store/units.h"
#include "store/users.h"
#include "store/writer.h"

/*
 * cmd_user.c - making, changing and removing accounts.
 *
 * 1. There is always an enabled administrator, once there was one.
 * 2. A password or its hash is in no event, reply or log.
 */

bool
login_is_valid(const char *login)
{
    static const char first[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    static const char other[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    size_t length = strspn(login, other);

    return login[0] != '\0' && strchr(first, login[0]) != NULL && login[length] == '\0' &&
           length <= LOGIN_CHARACTERS_MAX;
}

bool
extension_is_valid(const char *extension)
{
    size_t digits = strspn(extension, "0123456789");

    return digits >= 2 && digits <= EXTENSION_DIGITS_MAX && extension[digits] == '\0';
}

/* NULL and "" are the same: there is none. */
static bool
is_other_extension(const char *one, const char *other)
{
    return strcmp(one != NULL ? one : "", other != NULL ? other : "") != 0;
}

/* An event about a person; who it is stands in the facts by number. */
static enum err
tell(struct txn *txn, const struct actor *actor, int64_t now, const char *type,
     int64_t user_id, const struct command_changes *changes, const char *login)
{
    return command_tell_changes(
        txn, actor, now, type,
        arena_printf(txn->arena, "\"user\":%lld", (long long)user_id), changes, login);
}

/* "clerk,handler" */
static const char *
roles_text(struct arena *arena, uint32_t roles)
{
    const char *text = "";

    for (int role = 0; role < ROLE_COUNT && text != NULL; role++)
        if ((roles & ROLE_BIT(role)) != 0)
            text = arena_printf(arena, "%s%s%s", text, text[0] == '\0' ? "" : ",",
                                choice_word(&words_role, role));
    return text;
}

/* The unit `code`, which takes people only while it is enabled. */
static enum err
find_unit(struct txn *txn, const char *code, struct unit *ret_unit,
          struct problem *problem)
{
    enum err err = units_by_code(txn->db, txn->arena, code, ret_unit);

    if (err == ERR_NOT_FOUND || (err == OK && !ret_unit->is_enabled))
        return command_field(problem, "unit", ERR_FIELD_NOT_FOUND, code);
    return err;
}

/* --- Create -------------------------------------------------------------------- */

static enum err
create_prepare(struct job *job)
{
    struct cmd_user_create *cmd = job_as(job, struct cmd_user_create);

    return password_hash(cmd->draft.password, cmd->hash);
}

static enum err
create_run(struct txn *txn, struct job *job)
{
    struct cmd_user_create *cmd = job_as(job, struct cmd_user_create);
    const struct user_draft *draft = &cmd->draft;
    struct unit unit;
    struct user user;
    int64_t id = 0;

    TRY(idempotency_find(txn, &cmd->idempotency, cmd->now));
    if (cmd->idempotency.is_replay)
        return OK;
    if (!login_is_valid(draft->login))
        return command_field(&job->problem, "login", ERR_FIELD_INVALID, NULL);
    TRY(find_unit(txn, draft->unit, &unit, &job->problem));

    enum err err = users_by_login(txn->db, txn->arena, draft->login, &user);
    if (err == OK)
        return command_field(&job->problem, "login", ERR_FIELD_TAKEN, draft->login);
    if (err != ERR_NOT_FOUND)
        return err;

    user = (struct user){
        .login = draft->login,
        .name = draft->name,
        .unit_id = unit.id,
        .roles = (uint32_t)draft->roles,
        .must_change_password = draft->must_change_password,
        .extension = draft->extension,
        .created_at = cmd->now,
    };
    TRY(users_insert(txn, &user, cmd->hash, &id));
    TRY(tell(txn, &cmd->actor, cmd->now, "user_created", id, NULL, draft->login));
    return idempotency_save(txn, &cmd->idempotency, draft->login, cmd->now);
}

void
cmd_user_create_init(struct cmd_user_create *cmd)
{
    *cmd = (struct cmd_user_create){
        .job = { .name = "user_create", .prepare = create_prepare, .run = create_run },
    };
}

/* --- Change -------------------------------------------------------------------- */

static enum err
change_prepare(struct job *job)
{
    struct cmd_user_change *cmd = job_as(job, struct cmd_user_change);

    return cmd->draft.password == NULL ? OK
                                       : password_hash(cmd->draft.password, cmd->hash);
}

/* Put what the draft names into `user`, and note what that changes. */
static enum err
change_user(struct txn *txn, const struct user_draft *draft, struct user *user,
            struct command_changes *changes, struct problem *problem)
{
    struct unit unit;

    if (draft->name != NULL && strcmp(draft->name, user->name) != 0) {
        user->name = draft->name;
        command_changed(changes, "name");
    }
    if (draft->unit != NULL && strcmp(draft->unit, user->unit_code) != 0) {
        TRY(find_unit(txn, draft->unit, &unit, problem));
        user->unit_id = unit.id;
        command_changed_word(changes, "unit", user->unit_code, draft->unit);
    }
    if (draft->roles != 0 && draft->roles != user->roles) {
        const char *before = roles_text(txn->arena, user->roles);
        const char *after = roles_text(txn->arena, (uint32_t)draft->roles);

        if (before == NULL || after == NULL)
            return ERR_NO_MEMORY;
        command_changed_word(changes, "roles", before, after);
        user->roles = (uint32_t)draft->roles;
    }
    if (draft->extension != NULL &&
        is_other_extension(draft->extension, user->extension)) {
        const char *before = user->extension;

        user->extension = draft->extension[0] != '\0' ? draft->extension : NULL;
        command_changed_word(changes, "extension", before, user->extension);
    }
    command_change_flag(draft->enabled, &user->is_enabled, "enabled", changes);
    if (draft->password != NULL)
        command_changed(changes, "password");
    if (draft->reset_totp && user->has_totp)
        command_changed(changes, "totp");
    return OK;
}

/* Invariant 1. */
static enum err
check_last_admin(struct txn *txn, const struct user *before, const struct user *after)
{
    uint32_t admin = ROLE_BIT(ROLE_ADMIN);
    bool was_admin = before->is_enabled && (before->roles & admin) != 0;
    bool is_admin = after->is_enabled && (after->roles & admin) != 0;
    bool has_other = true;

    if (was_admin && !is_admin)
        TRY(users_other_with_role(txn->db, before->id, admin, &has_other));
    return has_other ? OK : ERR_USER_LAST_ADMIN;
}

/* What somebody may, or how they come in; not what they are called or rung by. */
static bool
ends_sessions(const struct user_draft *draft, const struct user *before,
              const struct user *after)
{
    return before->unit_id != after->unit_id || before->roles != after->roles ||
           before->is_enabled != after->is_enabled || draft->password != NULL ||
           (draft->reset_totp && before->has_totp);
}

static enum err
change_run(struct txn *txn, struct job *job)
{
    struct cmd_user_change *cmd = job_as(job, struct cmd_user_change);
    struct command_changes changes = { 0 };
    struct user before;
    bool was_there = false;

    TRY(users_by_login(txn->db, txn->arena, cmd->draft.login, &before));
    if (cmd->draft.version != 0 && cmd->draft.version != before.version)
        return command_stale(&job->problem, before.version);
    /* One's own are changed by who knows them (cmd_account.h), not by an open session. */
    if (cmd->actor.kind == ACTOR_USER && cmd->actor.id == before.id &&
        (cmd->draft.password != NULL || cmd->draft.reset_totp))
        return ERR_FORBIDDEN;

    struct user after = before;
    TRY(change_user(txn, &cmd->draft, &after, &changes, &job->problem));
    if (changes.bytes == 0)
        return OK; /* nothing is different: no new version, no event */
    TRY(check_last_admin(txn, &before, &after));

    if (ends_sessions(&cmd->draft, &before, &after)) {
        after.epoch++;
        TRY(sessions_delete_of_user(txn, before.id));
    }
    TRY(users_update(txn, &after));
    if (cmd->draft.password != NULL)
        TRY(users_set_password(txn, before.id, cmd->hash,
                               cmd->draft.must_change_password));
    if (cmd->draft.reset_totp && before.has_totp)
        TRY(totps_delete(txn, before.id, &was_there));
    return tell(txn, &cmd->actor, cmd->now, "user_changed", before.id, &changes,
                before.login);
}

void
cmd_user_change_init(struct cmd_user_change *cmd)
{
    *cmd = (struct cmd_user_change){
        .job = { .name = "user_change", .prepare = change_prepare, .run = change_run },
    };
}

/* --- Delete -------------------------------------------------------------------- */

static enum err
delete_run(struct txn *txn, struct job *job)
{
    struct cmd_user_delete *cmd = job_as(job, struct cmd_user_delete);
    struct user user, gone;
    bool is_used = false;

    TRY(users_by_login(txn->db, txn->arena, cmd->login, &user));
    gone = user;
    gone.is_enabled = false;
    TRY(check_last_admin(txn, &user, &gone));
    TRY(users_is_used(txn->db, user.id, &is_used));
    if (is_used)
        return ERR_IN_USE;
    TRY(users_delete(txn, user.id));
    return tell(txn, &cmd->actor, cmd->now, "user_deleted", user.id, NULL, user.login);
}

void
cmd_user_delete_init(struct cmd_user_delete *cmd)
{
    *cmd = (struct cmd_user_delete){
        .job = { .name = "user_delete", .run = delete_run },
    };
}
