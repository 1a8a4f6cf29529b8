#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <utf8proc.h>

#include "background/indexer.h"
#include "command/cmd_erase.h"
#include "command/cmd_index.h"
#include "command/cmd_ticket.h"
#include "store/search.h"
#include "store/store_internal.h"
#include "store/ticket_lists.h"
#include "support/office.h"

/*
 * test_search.c - what a search finds against a naive scan: random texts that
 * change, random needles, whoever asks, however much of it is indexed.
 */

#define TICKETS 150
#define TEXT_BYTES 400
#define REPLIES_MAX 3

/* A ticket as the test knows it. */
struct known {
    int64_t id, received_at;
    char no[TICKET_NO_BYTES];
    char title[TEXT_BYTES], content[TEXT_BYTES], address[TEXT_BYTES],
        respondent[TEXT_BYTES];
    char replies[REPLIES_MAX][TEXT_BYTES];
    size_t reply_count;
    bool is_waters; /* dispatched to the water office */
};

static struct office office;
static struct known tickets[TICKETS];
static size_t ticket_count;
static struct arena *arena;
static uint32_t chance;

static unsigned
draw(unsigned below)
{
    chance = chance * 1664525u + 1013904223u;
    return (chance >> 10) % below;
}

static void
set_up(void)
{
    office_open(&office);
    ticket_count = 0;
    arena = arena_new();
}

static void
tear_down(void)
{
    arena_free(arena);
    office_close(&office);
}

/* --- Texts ------------------------------------------------------------------------ */

/* Few characters, so that needles are found: of every kind that folds or parts words. */
static const char *const letters[] = {
    "路", "路", "灯",        "灯", "坏", "了", "街", "々", "a", "B",  "b", "１", "1", "2",
    "Ａ", "é",  "e\xCC\x81", "ß",  "，", "。", " ",  "　", "-", "\"", "*", "㎡", "①",
};

static void
draw_text(char text[TEXT_BYTES], unsigned most)
{
    unsigned length = 1 + draw(most);

    text[0] = '\0';
    for (unsigned i = 0; i < length; i++)
        strcat(text, letters[draw(sizeof letters / sizeof *letters)]);
    if (strspn(text, " -\"*") == strlen(text))
        strcat(text, "路");
    strcat(text, "x"); /* never blank */
}

static char *
fold_naively(const char *text)
{
    utf8proc_uint8_t *folded = NULL;

    ck_assert_int_ge(utf8proc_map((const utf8proc_uint8_t *)text, 0, &folded,
                                  UTF8PROC_NULLTERM | UTF8PROC_STABLE | UTF8PROC_COMPAT |
                                      UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD),
                     0);
    return (char *)folded;
}

static bool
holds(const char *text, const char *needle)
{
    char *folded = fold_naively(text);
    bool answer = strstr(folded, needle) != NULL;

    free(folded);
    return answer;
}

static bool
is_found(const struct known *ticket, const char *needle)
{
    bool answer = holds(ticket->no, needle) || holds(ticket->title, needle) ||
                  holds(ticket->content, needle) || holds(ticket->address, needle) ||
                  holds(ticket->respondent, needle);

    for (size_t i = 0; i < ticket->reply_count; i++)
        answer = answer || holds(ticket->replies[i], needle);
    return answer;
}

/* --- Tickets ----------------------------------------------------------------------- */

static void
receive(int64_t at)
{
    struct known *ticket = &tickets[ticket_count++];
    struct cmd_ticket_create cmd;
    struct ticket_case stored;

    memset(ticket, 0, sizeof *ticket);
    draw_text(ticket->title, 8);
    draw_text(ticket->content, 30);
    draw_text(ticket->address, 6);
    draw_text(ticket->respondent, 4);
    cmd_ticket_create_init(&cmd);
    cmd.actor = office.clerk;
    cmd.now = at;
    cmd.draft.channel = "phone";
    cmd.draft.title = ticket->title;
    cmd.draft.content = ticket->content;
    cmd.draft.address = ticket->address;
    cmd.draft.respondent = ticket->respondent;
    cmd.draft.petitioner.name = "路灯坏了";
    cmd.draft.petitioner.phone = "13900001111";
    cmd.draft_present = ticket_draft_present(&cmd.draft);
    ck_assert_int_eq(writer_run(office.fixture.writer, &cmd.job), OK);
    memcpy(ticket->no, cmd.no, sizeof ticket->no);
    office_case(&office, cmd.no, &stored);
    ticket->id = stored.ticket.id;
    ticket->received_at = stored.ticket.received_at;
}

static void
amend(struct known *ticket)
{
    struct ticket_act act = office_make_act(&office, ACT_AMEND);

    draw_text(ticket->content, 30);
    draw_text(ticket->address, 6);
    act.changes.title = ticket->title;
    act.changes.content = ticket->content;
    act.changes.address = ticket->address;
    act.changes_present = ticket_draft_present(&act.changes);
    ck_assert_int_eq(office_act(&office, &office.clerk, ticket->no, &act), OK);
}

static void
reply(struct known *ticket)
{
    struct ticket_act act;

    if (!ticket->is_waters) {
        act = office_make_act(&office, ACT_DISPATCH);
        ck_assert_int_eq(office_act(&office, &office.clerk, ticket->no, &act), OK);
        act = office_make_act(&office, ACT_SIGN);
        ck_assert_int_eq(office_act(&office, &office.handlers[WATER], ticket->no, &act),
                         OK);
        ticket->is_waters = true;
    }
    if (ticket->reply_count == REPLIES_MAX)
        return;
    char *text = ticket->replies[ticket->reply_count++];
    draw_text(text, 30);
    act = office_make_act(&office, ACT_REPLY);
    act.finding = act.measures = "x";
    act.reply_text = text;
    ck_assert_int_eq(office_act(&office, &office.handlers[WATER], ticket->no, &act), OK);
    act = office_make_act(&office, ACT_REJECT_REPLY);
    ck_assert_int_eq(office_act(&office, &office.clerk, ticket->no, &act), OK);
}

static void
index_some(int batch)
{
    struct cmd_index cmd;

    cmd_index_init(&cmd, batch);
    ck_assert_int_eq(writer_run(office.fixture.writer, &cmd.job), OK);
}

static void
fill(size_t count, bool with_backdated)
{
    while (ticket_count < count) {
        int64_t at = office.now + (int64_t)ticket_count * 60;
        if (with_backdated && draw(4) == 0)
            at -= (int64_t)draw(30) * 3600;
        receive(at);
        if (draw(4) == 0)
            reply(&tickets[draw((unsigned)ticket_count)]);
        if (draw(5) == 0)
            amend(&tickets[draw((unsigned)ticket_count)]);
        if (draw(6) == 0)
            index_some((int)draw(20));
    }
}

/* --- Asking ------------------------------------------------------------------------ */

static int
compare_known(const void *a, const void *b)
{
    const struct known *left = *(const struct known *const *)a;
    const struct known *right = *(const struct known *const *)b;

    if (left->received_at != right->received_at)
        return left->received_at < right->received_at ? 1 : -1;
    return left->id < right->id ? 1 : -1;
}

struct question {
    struct ticket_viewer viewer;
    struct ticket_filter filter;
    int limit;
    int64_t ids[TICKETS];
    size_t count;
};

/* All pages, one after the other. */
static enum err
ask(struct txn *txn, void *context)
{
    struct question *question = context;
    struct ticket_page page = { .has_more = true };

    question->count = 0;
    while (page.has_more) {
        TRY(ticket_lists_page(txn->db, txn->arena, &question->viewer, &question->filter,
                              question->limit, &page));
        for (size_t i = 0; i < page.count; i++) {
            ck_assert_uint_lt(question->count, TICKETS);
            question->ids[question->count++] = page.ids[i];
        }
        if (page.count == 0)
            break;
        question->filter.after = page.last;
    }
    return OK;
}

/* A piece of some text, or something drawn; folded, never blank. */
static const char *
draw_needle(void)
{
    char text[TEXT_BYTES];
    const char *needle = NULL;

    arena_reset(arena);
    while (needle == NULL) {
        if (draw(2) == 0)
            draw_text(text, 2);
        else {
            const struct known *ticket = &tickets[draw((unsigned)ticket_count)];
            const char *const texts[] = { ticket->title, ticket->content, ticket->no,
                                          ticket->replies[0], ticket->respondent };
            char *folded = fold_naively(texts[draw(5)]);
            size_t bytes = strlen(folded), begin = bytes == 0 ? 0 : draw((unsigned)bytes);
            while (begin > 0 && ((unsigned char)folded[begin] & 0xC0) == 0x80)
                begin--;
            size_t end = begin, wanted = 1 + draw(8);
            for (size_t i = 0; i < wanted && end < bytes; i++)
                do
                    end++;
                while (end < bytes && ((unsigned char)folded[end] & 0xC0) == 0x80);
            memcpy(text, folded + begin, end - begin);
            text[end - begin] = '\0';
            free(folded);
        }
        ck_assert_int_eq(search_needle(arena, text, &needle), OK);
    }
    return needle;
}

static size_t
compare(unsigned round)
{
    const struct actor *actors[] = { &office.clerk, &office.handlers[WATER],
                                     &office.handlers[ROADS] };
    const struct actor *actor = actors[draw(4) % 3];
    struct question question = { .limit = 1 + (int)draw(20) };
    const struct known *expected[TICKETS];
    size_t count = 0;

    question.viewer = ticket_viewer(actor, office.now);
    ticket_filter_init(&question.filter);
    question.filter.needle = draw_needle();
    if (draw(4) == 0)
        question.filter.states = STATE_BIT(TICKET_HANDLING);
    for (size_t i = 0; i < ticket_count; i++) {
        bool is_seen = actor == &office.clerk ||
                       (actor == &office.handlers[WATER] && tickets[i].is_waters);
        bool is_wanted = question.filter.states == 0 || tickets[i].is_waters;
        if (is_seen && is_wanted && is_found(&tickets[i], question.filter.needle))
            expected[count++] = &tickets[i];
    }
    qsort(expected, count, sizeof *expected, compare_known);
    ck_assert_int_eq(office_inside(&office, ask, &question), OK);
    ck_assert_msg(question.count == count, "round %u: \"%s\" found %zu, not %zu", round,
                  question.filter.needle, question.count, count);
    for (size_t i = 0; i < count; i++)
        ck_assert_msg(question.ids[i] == expected[i]->id,
                      "round %u: \"%s\": place %zu is %lld, not %lld", round,
                      question.filter.needle, i, (long long)question.ids[i],
                      (long long)expected[i]->id);
    return count;
}

static void
compare_often(unsigned rounds)
{
    size_t found = 0;

    for (unsigned round = 0; round < rounds; round++)
        found += compare(round);
    ck_assert_uint_gt(found, rounds); /* something was there to be found */
}

START_TEST(a_search_finds_what_a_scan_finds_however_much_is_indexed)
{
    static const int batches[] = { 0, 40, 1000 };

    chance = (uint32_t)_i * 7919u + 1;
    fill(TICKETS, _i % 2 == 1);
    for (size_t i = 0; i < sizeof batches / sizeof *batches; i++) {
        index_some(batches[i]);
        compare_often(250);
    }
}
END_TEST

/* --- The index itself ---------------------------------------------------------------- */

static int64_t
rows_in_index(const char *match)
{
    char sql[200];

    (void)snprintf(sql, sizeof sql,
                   "SELECT count(*) FROM search WHERE search MATCH '\"%s\"'", match);
    struct db *db = NULL;
    int64_t count = 0;
    ck_assert_int_eq(db_open(office.fixture.store, DB_READER, &db), OK);
    ck_assert_int_eq(db_number(db, sql, &count), OK);
    db_close(db);
    return count;
}

static int64_t
rows_pending(void)
{
    return store_fixture_number(&office.fixture.dir,
                                "SELECT count(*) FROM search_pending");
}

static enum err
forget_first(struct txn *txn, void *context)
{
    (void)context;
    TRY(search_forget(txn, tickets[0].id));
    return search_forget(txn, tickets[0].id); /* once more is harmless */
}

static enum err
compact(struct txn *txn, void *context)
{
    (void)context;
    return search_compact(txn);
}

START_TEST(what_is_forgotten_is_in_the_index_no_more)
{
    chance = 5;
    fill(3, false);
    struct ticket_act act = office_make_act(&office, ACT_AMEND);
    act.changes.content = "secret words";
    act.changes_present = ticket_draft_present(&act.changes);
    ck_assert_int_eq(office_act(&office, &office.clerk, tickets[0].no, &act), OK);
    index_some(100);
    ck_assert_int_eq(rows_pending(), 0);
    ck_assert_int_eq(rows_in_index("se"), 1);
    reply(&tickets[0]); /* it has grown, and is not indexed anew */
    ck_assert_int_eq(rows_pending(), 1);
    ck_assert_int_eq(office_inside(&office, forget_first, NULL), OK);
    ck_assert_int_eq(rows_in_index("se"), 0);
    ck_assert_int_eq(rows_in_index("ds"), 0);
    ck_assert_int_eq(rows_pending(), 1);
    ck_assert_int_eq(office_inside(&office, compact, NULL), OK);
    index_some(100);
    ck_assert_int_eq(rows_in_index("se"), 1);
}
END_TEST

START_TEST(an_amended_text_leaves_nothing_behind)
{
    chance = 6;
    fill(2, false);
    struct ticket_act act = office_make_act(&office, ACT_AMEND);
    act.changes.content = "wrong qqq";
    act.changes_present = ticket_draft_present(&act.changes);
    ck_assert_int_eq(office_act(&office, &office.clerk, tickets[1].no, &act), OK);
    index_some(100);
    ck_assert_int_eq(rows_in_index("qq"), 1);
    act.changes.content = "right";
    ck_assert_int_eq(office_act(&office, &office.clerk, tickets[1].no, &act), OK);
    ck_assert_int_eq(rows_in_index("qq"), 0);
    index_some(100);
    ck_assert_int_eq(rows_in_index("qq"), 0);
    ck_assert_int_eq(rows_in_index("ht"), 1);
}
END_TEST

START_TEST(the_indexer_leaves_nothing_pending)
{
    struct indexer *indexer = NULL;

    chance = 8;
    office.fixture.config.index_batch = 2;
    fill(9, false);
    ck_assert_int_gt(rows_pending(), 2);
    ck_assert_int_eq(indexer_start(office.fixture.store, office.fixture.writer, &indexer),
                     OK);
    indexer_settle(indexer);
    ck_assert_int_eq(rows_pending(), 0);
    receive(office.now + 3600);
    ck_assert_int_eq(rows_pending(), 1);
    indexer_settle(indexer);
    ck_assert_int_eq(rows_pending(), 0);
    indexer_stop(indexer);
    indexer_stop(NULL);
}
END_TEST

START_TEST(what_is_erased_is_in_the_index_no_more)
{
    struct cmd_erase erase;

    chance = 9;
    fill(1, false);
    struct ticket_act act = office_make_act(&office, ACT_AMEND);
    act.changes.content = "zqzq";
    act.changes_present = ticket_draft_present(&act.changes);
    ck_assert_int_eq(office_act(&office, &office.clerk, tickets[0].no, &act), OK);
    index_some(100);
    ck_assert_int_eq(rows_in_index("zq"), 1);
    act = office_make_act(&office, ACT_DECLINE);
    ck_assert_int_eq(office_act(&office, &office.clerk, tickets[0].no, &act), OK);
    cmd_erase_init(&erase);
    erase.actor = office.clerk;
    erase.now = office.now;
    erase.reason = "asked for";
    memcpy(erase.no, tickets[0].no, sizeof tickets[0].no);
    ck_assert_int_eq(writer_run(office.fixture.writer, &erase.job), OK);
    ck_assert_int_eq(rows_in_index("zq"), 0);
    index_some(100);
    ck_assert_int_eq(rows_in_index("zq"), 0);
    ck_assert_int_eq(rows_pending(), 0);
}
END_TEST

START_TEST(names_and_phones_are_not_in_the_index)
{
    chance = 7;
    receive(office.now);
    index_some(100);
    ck_assert_int_eq(rows_in_index("39"), 0);
    ck_assert_int_eq(rows_in_index("坏了"), 0);
}
END_TEST

START_TEST(a_needle_is_folded_and_trimmed)
{
    const char *needle;

    ck_assert_int_eq(search_needle(arena, " 　ＡＢ c　", &needle), OK);
    ck_assert_str_eq(needle, "ab c");
    ck_assert_int_eq(search_needle(arena, "　 ", &needle), OK);
    ck_assert_ptr_null(needle);
}
END_TEST

Suite *
suite_search(void)
{
    Suite *suite = suite_create("search");
    TCase *tcase = tcase_create("search");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_loop_test(tcase, a_search_finds_what_a_scan_finds_however_much_is_indexed,
                        0, 4);
    tcase_add_test(tcase, what_is_forgotten_is_in_the_index_no_more);
    tcase_add_test(tcase, an_amended_text_leaves_nothing_behind);
    tcase_add_test(tcase, the_indexer_leaves_nothing_pending);
    tcase_add_test(tcase, what_is_erased_is_in_the_index_no_more);
    tcase_add_test(tcase, names_and_phones_are_not_in_the_index);
    tcase_add_test(tcase, a_needle_is_folded_and_trimmed);
    suite_add_tcase(suite, tcase);
    return suite;
}
