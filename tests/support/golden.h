#ifndef YIDAN_TESTS_GOLDEN_H
#define YIDAN_TESTS_GOLDEN_H

/*
 * golden.h - compare a text with a file under tests/golden.
 *
 * With UPDATE_GOLDEN=1 in the environment the file is rewritten instead, so
 * that a reviewer sees a changed right as a changed line.
 */

/* Fails the running test when `text` is not the content of tests/golden/`name`. */
void golden_check(const char *name, const char *text);

#endif
