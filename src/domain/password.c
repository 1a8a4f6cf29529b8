/* password.c - see the header. */
#include "domain/password.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define DIFFERENT_MIN 5
#define LOGIN_BYTES_MIN 3 /* a shorter one stands in many a good password by chance */
#define WORD_BYTES 32

static char
lower(char c)
{
    if (c >= 'A' && c <= 'Z')
        return (char)(c - 'A' + 'a');
    return c;
}

static bool
is_letter(char c)
{
    return lower(c) >= 'a' && lower(c) <= 'z';
}

static bool
holds(const char *text, const char *part)
{
    size_t bytes = strlen(part);

    for (; *text != '\0'; text++) {
        size_t same = 0;

        while (same < bytes && lower(text[same]) == lower(part[same]))
            same++;
        if (same == bytes)
            return true;
    }
    return false;
}

static size_t
different_bytes(const char *text)
{
    bool is_seen[UINT8_MAX + 1] = { false };
    size_t count = 0;

    for (; *text != '\0'; text++) {
        unsigned char byte = (unsigned char)lower(*text);

        count += !is_seen[byte];
        is_seen[byte] = true;
    }
    return count;
}

/* Of ten neighbours at least eight are the same, or follow each other up or down. */
static bool
is_run(const char *text)
{
    size_t bytes = strlen(text), close = 0;

    for (size_t i = 1; i < bytes; i++) {
        int step = lower(text[i]) - lower(text[i - 1]);

        close += step >= -1 && step <= 1;
    }
    return bytes > 1 && close * 10 >= (bytes - 1) * 8;
}

/* Its letters without what stands around and between them. */
static bool
is_first_guess(const char *text)
{
    static const char *const words[] = {
        "password", "passwd",  "admin", "administrator", "qwerty",  "qwertyuiop",
        "asdfgh",   "welcome", "yidan", "iloveyou",      "woaini",  "mima",
        "hotline",  "letmein", "abc",   "qazwsx",        "zhengfu",
    };
    char word[WORD_BYTES];
    size_t bytes = 0;

    for (; *text != '\0'; text++) {
        if ((unsigned char)*text >= 0x80)
            return false; /* Chinese: nobody's first guess */
        if (is_letter(*text) && bytes < sizeof word - 1)
            word[bytes++] = lower(*text);
    }
    word[bytes] = '\0';
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(word, words[i]) == 0)
            return true;
    return false;
}

bool
password_is_weak(const char *password, const char *login)
{
    if (strlen(login) >= LOGIN_BYTES_MIN && holds(password, login))
        return true;
    return different_bytes(password) < DIFFERENT_MIN || is_run(password) ||
           is_first_guess(password);
}
