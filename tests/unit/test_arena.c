#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <check.h>

#include "base/arena.h"

Suite *suite_arena(void);

static struct arena *arena;

static void
setup(void)
{
    arena = arena_new();
    ck_assert_ptr_nonnull(arena);
}

static void
teardown(void)
{
    arena_free(arena);
}

/* Sizes around each limit of the blocks: gaps, block ends, blocks of their own. */
static const size_t sizes[] = { 0,    1,     2,     15,    16,    17,     31,    4095,
                                4096, 16000, 16383, 16384, 16385, 65536,  65537, 200000,
                                1,    3,     16368, 16352, 70000, 1 << 20 };
#define SIZE_COUNT (sizeof sizes / sizeof sizes[0])

/* Is each of the `bytes` bytes at `piece` equal to `value`? */
static bool
is_filled(const unsigned char *piece, size_t bytes, unsigned char value)
{
    for (size_t i = 0; i < bytes; i++)
        if (piece[i] != value)
            return false;
    return true;
}

START_TEST(pieces_are_zeroed_aligned_and_do_not_overlap)
{
    unsigned char *pieces[SIZE_COUNT];

    for (size_t i = 0; i < SIZE_COUNT; i++) {
        size_t bytes = sizes[i] == 0 ? 1 : sizes[i];

        pieces[i] = arena_alloc(arena, sizes[i]);
        ck_assert_ptr_nonnull(pieces[i]);
        ck_assert_uint_eq((uintptr_t)pieces[i] % _Alignof(max_align_t), 0);
        ck_assert(is_filled(pieces[i], bytes, 0));
        memset(pieces[i], (int)i + 1, bytes);
    }
    for (size_t i = 0; i < SIZE_COUNT; i++)
        ck_assert_msg(is_filled(pieces[i], sizes[i], (unsigned char)(i + 1)), "piece %zu",
                      i);
}
END_TEST

START_TEST(memory_used_before_a_reset_is_zeroed_again)
{
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < SIZE_COUNT; i++) {
            unsigned char *piece = arena_alloc(arena, sizes[i]);

            ck_assert_ptr_nonnull(piece);
            ck_assert(is_filled(piece, sizes[i], 0));
            memset(piece, 0xA5, sizes[i]);
        }
        arena_reset(arena);
    }
}
END_TEST

START_TEST(a_reset_keeps_the_first_block_for_use_again)
{
    void *first = arena_alloc(arena, 100);

    for (int i = 0; i < 100; i++)
        ck_assert_ptr_nonnull(arena_alloc(arena, 5000));
    arena_reset(arena);
    ck_assert_ptr_eq(arena_alloc(arena, 100), first);
}
END_TEST

START_TEST(sizes_that_overflow_are_out_of_memory)
{
    ck_assert_ptr_null(arena_alloc(arena, SIZE_MAX));
    ck_assert_ptr_null(arena_alloc(arena, SIZE_MAX - 15));
    ck_assert_ptr_null(arena_alloc(arena, SIZE_MAX / 2 + 1));
    ck_assert_ptr_null(arena_array(arena, uint64_t, SIZE_MAX / 8 + 1));
    ck_assert_ptr_null(arena_array(arena, uint64_t, SIZE_MAX));
    ck_assert_ptr_null(arena_copy(arena, "", SIZE_MAX));
    ck_assert_ptr_nonnull(arena_alloc(arena, 1)); /* and the arena is as good as before */
}
END_TEST

START_TEST(an_array_of_nothing_is_still_a_pointer)
{
    ck_assert_ptr_nonnull(arena_array(arena, int, 0));
}
END_TEST

START_TEST(a_copy_ends_with_a_nul_and_stops_where_told)
{
    char *copy = arena_copy(arena, "abcdef", 3);

    ck_assert_str_eq(copy, "abc");
    ck_assert_str_eq(arena_copy(arena, NULL, 0), "");
    ck_assert_str_eq(arena_text(arena, "办件"), "办件");
    ck_assert_ptr_null(arena_text(arena, NULL));
}
END_TEST

START_TEST(printf_has_the_room_it_needs)
{
    char *text = arena_printf(arena, "%s-%05d", "2026", 42);
    char *wide = arena_printf(arena, "%*d", 100000, 7);

    ck_assert_str_eq(text, "2026-00042");
    ck_assert_uint_eq(strlen(wide), 100000);
    ck_assert_int_eq(wide[99999], '7');
    ck_assert_str_eq(arena_printf(arena, "%s", ""), "");
}
END_TEST

Suite *
suite_arena(void)
{
    Suite *suite = suite_create("arena");
    TCase *tcase = tcase_create("arena");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, pieces_are_zeroed_aligned_and_do_not_overlap);
    tcase_add_test(tcase, memory_used_before_a_reset_is_zeroed_again);
    tcase_add_test(tcase, a_reset_keeps_the_first_block_for_use_again);
    tcase_add_test(tcase, sizes_that_overflow_are_out_of_memory);
    tcase_add_test(tcase, an_array_of_nothing_is_still_a_pointer);
    tcase_add_test(tcase, a_copy_ends_with_a_nul_and_stops_where_told);
    tcase_add_test(tcase, printf_has_the_room_it_needs);
    suite_add_tcase(suite, tcase);
    return suite;
}
