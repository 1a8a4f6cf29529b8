#include "store/users.h"

#include "store/query.h"
#include "store/writer.h"

/* users.c - see the header. */

/* In the order of the columns of user_by_login, user_by_id and user_list. */
static enum err
read_user(struct stmt *q, struct arena *arena, struct user *user)
{
    user->id = row_int(q);
    user->login = row_text_copy(q, arena);
    user->name = row_text_copy(q, arena);
    user->unit_id = row_int(q);
    user->unit_code = row_text_copy(q, arena);
    user->unit_name = row_text_copy(q, arena);
    user->roles = (uint32_t)row_int(q);
    user->epoch = row_int(q);
    user->is_enabled = row_int(q) != 0;
    user->created_at = row_int(q);
    user->version = row_int(q);
    user->must_change_password = row_int(q) != 0;
    user->has_totp = row_int(q) != 0;
    user->extension = row_text_copy(q, arena);
    return user->login == NULL || user->name == NULL || user->unit_code == NULL ||
                   user->unit_name == NULL
               ? ERR_NO_MEMORY
               : OK;
}

enum err
users_by_login(struct db *db, struct arena *arena, const char *login,
               struct user *ret_user)
{
    struct stmt *q = query(db, Q_USER_BY_LOGIN);

    bind_text(q, ":login", login);
    TRY(query_one(q));
    enum err err = read_user(q, arena, ret_user);
    query_end(q);
    return err;
}

enum err
users_by_id(struct db *db, struct arena *arena, int64_t id, struct user *ret_user)
{
    struct stmt *q = query(db, Q_USER_BY_ID);

    bind_int(q, ":id", id);
    TRY(query_one(q));
    enum err err = read_user(q, arena, ret_user);
    query_end(q);
    return err;
}

enum err
users_password(struct db *db, int64_t id, char ret_hash[PASSWORD_HASH_BYTES])
{
    struct stmt *q = query(db, Q_USER_PASSWORD);

    bind_int(q, ":id", id);
    TRY(query_one(q));
    row_copy(q, ret_hash, PASSWORD_HASH_BYTES);
    query_end(q);
    return OK;
}

enum err
users_list(struct db *db, struct arena *arena, const struct users_filter *filter,
           int64_t after, int limit, struct user **ret_users, size_t *ret_count)
{
    struct user *users = arena_array(arena, struct user, (size_t)limit);
    size_t count = 0;
    bool has_row = false;

    if (users == NULL)
        return ERR_NO_MEMORY;
    struct stmt *q = query(db, Q_USER_LIST);
    bind_int(q, ":after", after);
    bind_int(q, ":roles", filter->roles);
    bind_text(q, ":unit", filter->unit);
    if (filter->has_enabled)
        bind_int(q, ":enabled", filter->is_enabled);
    else
        bind_null(q, ":enabled");
    bind_int(q, ":limit", limit);
    for (;;) {
        TRY(query_next(q, &has_row));
        if (!has_row)
            break;
        enum err err = read_user(q, arena, &users[count++]);
        if (err != OK) {
            query_end(q);
            return err;
        }
    }
    *ret_users = users;
    *ret_count = count;
    return OK;
}

enum err
users_other_with_role(struct db *db, int64_t id, uint32_t roles, bool *ret_exists)
{
    struct stmt *q = query(db, Q_USER_OTHER_WITH_ROLE);
    bool has_row = false;

    bind_int(q, ":id", id);
    bind_int(q, ":roles", roles);
    TRY(query_next(q, &has_row));
    query_end(q);
    *ret_exists = has_row;
    return OK;
}

enum err
users_is_used(struct db *db, int64_t id, bool *ret_used)
{
    struct stmt *q = query(db, Q_USER_USED);

    bind_int(q, ":id", id);
    TRY(query_one(q));
    *ret_used = row_int(q) != 0;
    query_end(q);
    return OK;
}

enum err
users_delete(struct txn *txn, int64_t id)
{
    struct stmt *q = query(txn->db, Q_USER_DELETE);

    bind_int(q, ":id", id);
    return query_run(q, NULL);
}

enum err
users_insert(struct txn *txn, const struct user *user, const char *hash, int64_t *ret_id)
{
    struct stmt *q = query(txn->db, Q_USER_INSERT);

    bind_text(q, ":login", user->login);
    bind_text(q, ":name", user->name);
    bind_int(q, ":unit_id", user->unit_id);
    bind_int(q, ":roles", user->roles);
    bind_text(q, ":password_hash", hash);
    bind_int(q, ":must_change_password", user->must_change_password);
    bind_text(q, ":extension", user->extension);
    bind_int(q, ":created_at", user->created_at);
    TRY(query_one(q));
    *ret_id = row_int(q);
    query_end(q);
    return OK;
}

enum err
users_update(struct txn *txn, const struct user *user)
{
    struct stmt *q = query(txn->db, Q_USER_UPDATE);
    int64_t changes = 0;

    bind_text(q, ":name", user->name);
    bind_int(q, ":unit_id", user->unit_id);
    bind_int(q, ":roles", user->roles);
    bind_int(q, ":is_enabled", user->is_enabled);
    bind_int(q, ":epoch", user->epoch);
    bind_text(q, ":extension", user->extension);
    bind_int(q, ":id", user->id);
    bind_int(q, ":version", user->version);
    TRY(query_run(q, &changes));
    return changes == 1 ? OK : ERR_VERSION_CONFLICT;
}

enum err
users_set_password(struct txn *txn, int64_t id, const char *hash, bool must_change)
{
    struct stmt *q = query(txn->db, Q_USER_SET_PASSWORD);

    bind_text(q, ":password_hash", hash);
    bind_int(q, ":must_change_password", must_change);
    bind_int(q, ":id", id);
    return query_run(q, NULL);
}

enum err
users_set_own_password(struct txn *txn, int64_t id, const char *hash)
{
    struct stmt *q = query(txn->db, Q_USER_SET_OWN_PASSWORD);

    bind_text(q, ":password_hash", hash);
    bind_int(q, ":id", id);
    return query_run(q, NULL);
}
