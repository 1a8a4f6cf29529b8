#include "base/text.h"

#include <stdint.h>
#include <string.h>

#include "base_internal.h"

/*
 * phone.c - text_phone(): one spelling for each telephone number.
 *
 * The index of sealed phones (crypt_index()) only finds equal texts, so two
 * ways to type one number must end here as one text.
 */

#define DIGITS_MAX 20
#define TYPED_DIGITS_MAX 40 /* with every prefix that may go */

/* The digits of a number while prefixes are taken from its front. */
struct digits {
    char text[TYPED_DIGITS_MAX + 1];
    size_t count;
};

static bool
is_filler(uint32_t character)
{
    switch (character) {
    case ' ':
    case '\t':
    case '-':
    case '(':
    case ')':
    case '[':
    case ']':
    case 0x00A0: /* no-break space */
    case 0x2212: /* minus */
    case 0x3000: /* ideographic space */
    case 0x3010: /* 【 */
    case 0x3011:
    case 0xFF08: /* （ */
    case 0xFF09:
    case 0xFF0D: /* － */
        return true;
    default:
        return character >= 0x2010 && character <= 0x2015; /* hyphens and dashes */
    }
}

static bool
digits_add(struct digits *digits, char digit)
{
    if (digits->count == TYPED_DIGITS_MAX)
        return false;
    digits->text[digits->count++] = digit;
    digits->text[digits->count] = '\0';
    return true;
}

/* Take the first `count` digits away. */
static void
digits_drop(struct digits *digits, size_t count)
{
    digits->count -= count;
    memmove(digits->text, digits->text + count, digits->count + 1);
}

static bool
digits_begin(const struct digits *digits, const char *prefix)
{
    return strncmp(digits->text, prefix, strlen(prefix)) == 0;
}

/* Fold `typed` to ASCII digits; a leading "+" becomes the "00" it stands for. */
static bool
digits_read(struct digits *digits, const char *typed)
{
    size_t bytes = strlen(typed);

    digits->count = 0;
    digits->text[0] = '\0';
    for (size_t at = 0; at < bytes;) {
        uint32_t character = 0;
        size_t length = text_decode(typed + at, bytes - at, &character);

        if (length == 0)
            return false;
        at += length;
        if (is_filler(character))
            continue;
        if (character >= 0xFF10 && character <= 0xFF19) /* full-width digits */
            character = character - 0xFF10 + '0';
        if (character >= '0' && character <= '9') {
            if (!digits_add(digits, (char)character))
                return false;
        } else if ((character == '+' || character == 0xFF0B) && digits->count == 0) {
            memcpy(digits->text, "00", sizeof "00");
            digits->count = 2;
        } else {
            return false;
        }
    }
    return true;
}

static bool
is_mobile(const struct digits *digits)
{
    return digits->count == 11 && digits->text[0] == '1';
}

/*
 * Abroad an area code is dialled without its 0; put it back, so that
 * "+86 21 …" and "021 …" are one.  Mobile and 400, 800 numbers never have it.
 */
static void
restore_trunk_zero(struct digits *digits)
{
    if (is_mobile(digits) || digits->text[0] == '0' || digits->count < 10 ||
        digits->count > 11 || digits_begin(digits, "400") || digits_begin(digits, "800"))
        return;
    memmove(digits->text + 1, digits->text, digits->count + 1);
    digits->text[0] = '0';
    digits->count++;
}

/* "+86", "0086" and "17951" may stand before each other in either order. */
static void
drop_prefixes(struct digits *digits)
{
    for (;;) {
        if (digits_begin(digits, "0086") && digits->count > 4) {
            digits_drop(digits, 4);
            restore_trunk_zero(digits);
        } else if (digits_begin(digits, "17951") && digits->count >= 5 + 7) {
            digits_drop(digits, 5); /* a whole number must be left */
        } else {
            return;
        }
    }
}

/* The county's own area code says nothing before a landline of 7 or 8 digits. */
static void
drop_area_code(struct digits *digits, const char *area_code)
{
    size_t length = strlen(area_code);

    if (length == 0 || !digits_begin(digits, area_code) ||
        (digits->count != length + 7 && digits->count != length + 8))
        return;
    if (digits->text[length] != '0' && !is_mobile(digits))
        digits_drop(digits, length);
}

bool
text_phone(const char *typed, const char *area_code, char *ret_phone)
{
    struct digits digits;

    if (!digits_read(&digits, typed))
        return false;
    drop_prefixes(&digits);
    drop_area_code(&digits, area_code);
    if (digits.count < 3 || digits.count > DIGITS_MAX)
        return false;
    memcpy(ret_phone, digits.text, digits.count + 1);
    return true;
}

bool
text_phone_is_usual(const char *phone)
{
    size_t count = strlen(phone);

    if (phone[0] == '0') /* an area code, perhaps an extension behind; or "00" */
        return count >= 10;
    if (phone[0] == '1')
        return count == 11 && phone[1] >= '3';
    if (count == 10)
        return strncmp(phone, "400", 3) == 0 || strncmp(phone, "800", 3) == 0;
    return count == 7 || count == 8;
}
