#include <check.h>
#include <stdio.h>
#include <string.h>

#include "base/crypt.h"
#include "command/cmd_rekey.h"
#include "command/cmd_ticket.h"
#include "store/belongings.h"
#include "store/calls.h"
#include "store/reader.h"
#include "store/similar.h"
#include "store/tickets.h"
#include "store/totps.h"
#include "store/verify.h"
#include "support/office.h"

/*
 * test_rekey.c - what was sealed is sealed with the new keys and with no others.
 * Killed in the middle: tests/journeys/rekey.mjs.
 */

#define PHONE "13977776666"
#define NAME "张小明"
#define DRAFT "没写完"
#define SECRET "JBSWY3DPEHPK3PXP"
#define EXTENSION "801"

static struct office office;
static char no[TICKET_NO_BYTES];
static int64_t ticket_id;
static struct keys fresh;

static struct draft_key
draft_key(void)
{
    return (struct draft_key){ .user_id = office.clerk.id,
                               .form = "intake",
                               .subject = "new" };
}

static enum err
keep_secrets(struct txn *txn, void *context)
{
    struct draft_key key = draft_key();
    int64_t call = 0;

    (void)context;
    TRY(drafts_put(txn, &key, DRAFT, office.now, 5));
    TRY(totps_put(txn, office.clerk.id, SECRET));
    TRY(calls_insert(txn, 1, "c1", EXTENSION, office.now, &call));
    TRY(calls_name_clerk(txn, call, office.clerk.id));
    return calls_set_caller(txn, call, PHONE);
}

static void
receive(void)
{
    struct cmd_ticket_create cmd;

    cmd_ticket_create_init(&cmd);
    cmd.actor = office.clerk;
    cmd.now = office.now;
    cmd.draft.channel = "phone";
    cmd.draft.content = "路灯不亮";
    cmd.draft.petitioner.phone = PHONE;
    cmd.draft.petitioner.name = NAME;
    cmd.draft_present = ticket_draft_present(&cmd.draft);
    ck_assert_int_eq(writer_run(office.fixture.writer, &cmd.job), OK);
    memcpy(no, cmd.no, sizeof no);
}

/* The values before an amendment are sealed texts of its event. */
static void
amend(void)
{
    struct ticket_act act = office_make_act(&office, ACT_AMEND);

    act.changes.petitioner.contact_note = "晚上打";
    act.changes.petitioner.name = NAME;
    act.changes_present = ticket_draft_present(&act.changes);
    ck_assert_int_eq(office_act(&office, &office.clerk, no, &act), OK);
}

static void
set_up(void)
{
    struct problem problem = { .value = "" };
    struct ticket_case now;
    char path[PATH_MAX];

    office_open(&office);
    for (int i = 0; i < 4; i++)
        receive(); /* enough of one phone to be a repeat caller */
    amend();
    office_case(&office, no, &now);
    ticket_id = now.ticket.id;
    ck_assert_int_eq(office_inside(&office, keep_secrets, NULL), OK);
    tempdir_path(&office.fixture.dir, "var/keys.new", path, sizeof path);
    ck_assert_int_eq(keys_load(path, true, &fresh, &problem), OK);
}

static void
tear_down(void)
{
    office_close(&office);
}

static struct rekey_counts
rekey(void)
{
    struct cmd_rekey cmd;

    cmd_rekey_init(&cmd, &fresh, office.now);
    ck_assert_int_eq(writer_run(office.fixture.writer, &cmd.job), OK);
    return cmd.counts;
}

/* Stop, give the new keys their name, start. */
static void
restart(void)
{
    char from[PATH_MAX], to[PATH_MAX];

    tempdir_path(&office.fixture.dir, "var/keys.new", from, sizeof from);
    tempdir_path(&office.fixture.dir, "var/keys", to, sizeof to);
    store_fixture_stop(&office.fixture);
    ck_assert_int_eq(rename(from, to), 0);
    store_fixture_start(&office.fixture);
}

/* Everything that is sealed can be read, and the caller is found by the phone. */
static enum err
read_secrets(struct txn *txn, void *context)
{
    static struct petitioner people[PETITIONERS_MAX];
    struct similar_draft typed = { .phone = PHONE };
    struct similar_answer *answer = arena_make(txn->arena, struct similar_answer);
    struct draft_key key = draft_key();
    struct call *calls = NULL;
    size_t call_count = 0;
    struct totp totp;
    const char *content = "";
    int64_t saved_at;
    size_t count;

    (void)context;
    TRY(tickets_petitioners(txn->db, txn->store, txn->arena, ticket_id, people, &count));
    ck_assert_uint_eq(count, 1);
    ck_assert_str_eq(people[0].name, NAME);
    ck_assert_str_eq(people[0].phone, PHONE);
    ck_assert_str_eq(people[0].contact_note, "晚上打");
    TRY(drafts_open(txn->store, txn->db, txn->arena, &key, &content, &saved_at));
    ck_assert_str_eq(content, DRAFT);
    TRY(totps_find(txn->store, txn->db, txn->arena, office.clerk.id, &totp));
    ck_assert_str_eq(totp.secret, SECRET);
    TRY(calls_list(txn->store, txn->db, txn->arena, EXTENSION, office.clerk.id, 1, &calls,
                   &call_count));
    ck_assert_uint_eq(call_count, 1);
    ck_assert_str_eq(calls[0].caller, PHONE);
    TRY(similar_find(txn->db, txn->store, txn->arena, &typed, office.now, answer));
    ck_assert_uint_eq(answer->caller_count, 4);
    return OK;
}

static void
abort_at(void *context, const struct verify_finding *finding)
{
    (void)context;
    ck_abort_msg("%s: %s", finding->check, finding->what);
}

static void
verify(void)
{
    struct reader_pool *pool;
    struct reader *reader;
    struct verify_result result;
    struct arena *arena = arena_new();

    ck_assert_int_eq(reader_pool_open(office.fixture.store, 1, &pool), OK);
    ck_assert_int_eq(reader_acquire(pool, 0, &reader), OK);
    ck_assert_int_eq(verify_run(reader, arena, abort_at, NULL, &result), OK);
    ck_assert_int_eq(result.findings, 0);
    reader_release(pool, reader);
    reader_pool_close(pool);
    arena_free(arena);
}

START_TEST(everything_is_read_with_the_new_keys)
{
    int64_t callers =
        store_fixture_number(&office.fixture.dir, "SELECT count(*) FROM repeat_caller");
    struct rekey_counts counts = rekey();

    ck_assert_int_eq(counts.people, 4);
    ck_assert_int_ge(counts.texts, 1);
    ck_assert_int_eq(counts.others, 3);
    restart();
    ck_assert_int_eq(office_inside(&office, read_secrets, NULL), OK);
    verify();
    ck_assert_int_eq(callers, 1);
    ck_assert_int_eq(
        store_fixture_number(&office.fixture.dir, "SELECT count(*) FROM repeat_caller"),
        callers);
    ck_assert_int_eq(
        store_fixture_number(&office.fixture.dir,
                             "SELECT count(*) FROM event WHERE type = 'rekeyed'"),
        1);
}
END_TEST

START_TEST(the_old_keys_open_nothing_any_more)
{
    struct problem problem = { .value = "" };
    struct store *store = NULL;

    ck_assert_int_eq(office_inside(&office, read_secrets, NULL), OK);
    (void)rekey();
    ck_assert_int_eq(office_inside(&office, read_secrets, NULL), ERR_SEAL_BROKEN);
    store_fixture_stop(&office.fixture);
    ck_assert_int_eq(store_open(&office.fixture.config, &store, &problem), ERR_KEY_FILE);
    restart();
}
END_TEST

/* A new column of bytes is either sealed, and then in rekeys.c, or it is named here. */
START_TEST(whatever_is_sealed_is_known)
{
    ck_assert_int_eq(
        store_fixture_number(
            &office.fixture.dir,
            "SELECT count(*) FROM sqlite_schema AS t, pragma_table_info(t.name) AS c"
            " WHERE t.type = 'table' AND c.type = 'BLOB'"
            "   AND t.name NOT LIKE 'search%'"
            "   AND t.name || '.' || c.name NOT IN ("
            /* sealed, or an index with the key: rekeys.c */
            "       'petitioner.name', 'petitioner.phone', 'petitioner.contact_note',"
            "       'petitioner.phone_index', 'import_text.name', 'import_text.phone',"
            "       'import_text.phone_index', 'draft.content', 'totp.secret', "
            "'call.caller',"
            "       'event_text.sealed', 'repeat_caller.phone_index',"
            "       'public_quota.subject',"
            /* hashes and salts without a key; keyed, but only for hours: a replay is
               refused and a message with another number counts as a new one */
            "       'attachment.hash', 'event.hash', 'event_text.salt',"
            "       'import.file_hash', 'import_text.salts', 'session.token_hash',"
            "       'token.secret_hash', 'idempotency.body_hash', "
            "'sms_message.content_index')"),
        0);
}
END_TEST

Suite *
suite_rekey(void)
{
    Suite *suite = suite_create("rekey");
    TCase *tests = tcase_create("rekey");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, everything_is_read_with_the_new_keys);
    tcase_add_test(tests, the_old_keys_open_nothing_any_more);
    tcase_add_test(tests, whatever_is_sealed_is_known);
    suite_add_tcase(suite, tests);
    return suite;
}
