/* spam.c - see the header. */
#include "domain/spam.h"

#include <string.h>
#include <strings.h>

#include "domain/personal.h"

#define REPEATS_MAX 8     /* the same character so often in a row */
#define SAMPLE_BYTES 4096 /* the beginning of a message says enough */
#define PHRASE_BYTES 512

static size_t
character_bytes(const char *at)
{
    unsigned char first = (unsigned char)*at;

    return first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
}

/* At most `room` - 1 bytes of `text`, cut at a character. */
static void
cut(const char *text, size_t room, char *ret_text)
{
    size_t bytes = 0;

    while (text[bytes] != '\0' && bytes + character_bytes(text + bytes) < room)
        bytes += character_bytes(text + bytes);
    memcpy(ret_text, text, bytes);
    ret_text[bytes] = '\0';
}

static bool
has_link(const char *text)
{
    static const char *const marks[] = { "http://", "https://", "www.", "://" };

    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (strcasestr(text, marks[i]) != NULL)
            return true;
    return false;
}

/* A character, or a group of up to four, again and again; lines of dashes and dots and round sums are not. */
static bool
is_repeated(const char *text)
{
    for (const char *at = text; *at != '\0'; at += character_bytes(at)) {
        size_t bytes = 0;

        if (strchr("-_=.*~0", *at) != NULL)
            continue;
        for (int characters = 1; characters <= 4 && at[bytes] != '\0'; characters++) {
            bytes += character_bytes(at + bytes);
            int repeats = 1;
            while (strncmp(at, at + (size_t)repeats * bytes, bytes) == 0)
                repeats++;
            if (repeats >= REPEATS_MAX)
                return true;
        }
    }
    return false;
}

bool
spam_suspected(const char *text, const char *const *phrases, size_t count)
{
    char sample[SAMPLE_BYTES], folded[SAMPLE_BYTES];
    char cut_phrase[PHRASE_BYTES], phrase[PHRASE_BYTES];

    cut(text, sizeof sample, sample);
    personal_fold(sample, true, folded);
    if (has_link(folded) || is_repeated(folded))
        return true;
    for (size_t i = 0; i < count; i++) {
        cut(phrases[i], sizeof cut_phrase, cut_phrase);
        personal_fold(cut_phrase, true, phrase);
        if (phrase[0] != '\0' && strcasestr(folded, phrase) != NULL)
            return true;
    }
    return false;
}
