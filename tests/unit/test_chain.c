#include <check.h>
#include <string.h>

#include "store/chain.h"

/* Suite of src/store/chain.c. */

static const struct chain_row sample = {
    .seq = 7,
    .ticket_id = 42,
    .at = 1795410000,
    .actor_kind = "user",
    .actor_id = 3,
    .unit_id = 5,
    .type = "dispatch",
    .from_state = "received",
    .to_state = "dispatched",
    .version = 2,
    .payload = "{\"lead\":5}",
};

static const char *
hex_of(const struct chain_row *row)
{
    static char text[2 * HASH_BYTES + 1];
    uint8_t hash[HASH_BYTES];

    chain_genesis("0123456789abcdef", hash);
    chain_hash(hash, row, hash); /* they may overlap */
    crypt_hex(hash, sizeof hash, text);
    return text;
}

/*
 * A changed format would make every chain in the field invalid.  The values are
 * of another implementation: BLAKE2b-256 over parts that carry their length.
 */
START_TEST(the_format_never_changes)
{
    uint8_t genesis[HASH_BYTES];
    char text[2 * HASH_BYTES + 1];

    ck_assert_int_eq(crypt_start(), OK);
    chain_genesis("0123456789abcdef", genesis);
    crypt_hex(genesis, sizeof genesis, text);
    ck_assert_str_eq(text,
                     "1798b56cf88edae249794e2f66146639b77a5aabed4dc3d80ab21a5aa322c962");
    ck_assert_str_eq(hex_of(&sample),
                     "aceedeedb8882be9bc41922eaa2cf6aaa2ae2cf6980ecab985ccdc3d477dab4b");
}
END_TEST

START_TEST(every_column_counts)
{
    struct chain_row rows[16];
    char hashes[16][2 * HASH_BYTES + 1];
    size_t count = 0;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        rows[i] = sample;
    count++; /* the first stays as it is */
    rows[count++].seq = 8;
    rows[count++].ticket_id = 43;
    rows[count++].at++;
    rows[count++].actor_kind = "token";
    rows[count++].actor_id = 4;
    rows[count++].unit_id = 6;
    rows[count++].type = "recall";
    rows[count++].from_state = "handling";
    rows[count++].from_state = NULL;
    rows[count++].from_state = "";
    rows[count++].to_state = NULL;
    rows[count++].version = 3;
    rows[count++].payload = "{\"lead\":6}";
    rows[count++].payload = "";
    for (size_t i = 0; i < count; i++)
        memcpy(hashes[i], hex_of(&rows[i]), sizeof hashes[i]);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < i; j++)
            ck_assert_str_ne(hashes[i], hashes[j]);
}
END_TEST

START_TEST(parts_do_not_run_together)
{
    struct chain_row left = sample, right = sample;
    char text[2 * HASH_BYTES + 1];

    left.from_state = "ab";
    left.to_state = "c";
    right.from_state = "a";
    right.to_state = "bc";
    memcpy(text, hex_of(&left), sizeof text);
    ck_assert_str_ne(text, hex_of(&right));
}
END_TEST

START_TEST(the_event_before_counts_and_so_does_the_database)
{
    uint8_t one[HASH_BYTES], two[HASH_BYTES];

    chain_genesis("one", one);
    chain_genesis("two", two);
    ck_assert(!crypt_equal(one, two, HASH_BYTES));
    chain_hash(one, &sample, one);
    chain_hash(two, &sample, two);
    ck_assert(!crypt_equal(one, two, HASH_BYTES));
}
END_TEST

Suite *
suite_chain(void)
{
    Suite *suite = suite_create("chain");
    TCase *cases = tcase_create("chain");

    tcase_add_test(cases, the_format_never_changes);
    tcase_add_test(cases, every_column_counts);
    tcase_add_test(cases, parts_do_not_run_together);
    tcase_add_test(cases, the_event_before_counts_and_so_does_the_database);
    suite_add_tcase(suite, cases);
    return suite;
}
