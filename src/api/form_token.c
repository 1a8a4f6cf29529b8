#include "form_token.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/config.h"
#include "base/crypt.h"
#include "base/text.h"
#include "domain/personal.h"
#include "store/store.h"

/* form_token.c - see the header.  "made_at.nonce.signature", all but the first in hex. */

#define NONCE_RAW_BYTES 16
#define SIGNATURE_RAW_BYTES 16
#define SIGNED_BYTES 128

/* A keyed hash of what is named, of which nobody else knows the key. */
static void
hash_of(const struct request *req, const char *what, const char *text,
        uint8_t ret_hash[HASH_BYTES])
{
    char named[SIGNED_BYTES];

    (void)snprintf(named, sizeof named, "%s %s", what, text); /* ours, and fits */
    crypt_index(store_keys(req->store), named, ret_hash);
}

static void
write_token(const struct request *req, struct form_token *token)
{
    uint8_t hash[HASH_BYTES];
    char head[64], signature[2 * SIGNATURE_RAW_BYTES + 1];

    (void)snprintf(head, sizeof head, "%lld.%s", (long long)token->made_at, token->nonce);
    hash_of(req, "public form", head, hash);
    crypt_hex(hash, SIGNATURE_RAW_BYTES, signature);
    (void)snprintf(token->text, sizeof token->text, "%s.%s", head, signature);
}

void
form_token_make(const struct request *req, struct form_token *ret_token)
{
    uint8_t nonce[NONCE_RAW_BYTES];

    crypt_random(nonce, sizeof nonce);
    *ret_token = (struct form_token){ .made_at = req->now };
    crypt_hex(nonce, sizeof nonce, ret_token->nonce);
    write_token(req, ret_token);
}

enum err
form_token_read(const struct request *req, const char *text, struct form_token *ret_token)
{
    const struct config *config = req->http->config;
    struct form_token token = { 0 };
    char typed[FORM_TOKEN_BYTES] = { 0 };
    const char *dot = strchr(text, '.');
    size_t digits = strspn(text, "0123456789");

    /* Written again from its parts, it must be the same: nothing is left to parse. */
    if (dot != text + digits || digits == 0 || digits > 18 ||
        strlen(text) >= sizeof typed || strlen(dot + 1) < sizeof token.nonce - 1)
        return ERR_PUBLIC_FORM_EXPIRED;
    memcpy(typed, text, strlen(text));
    token.made_at = strtoll(text, NULL, 10);
    memcpy(token.nonce, dot + 1, sizeof token.nonce - 1);
    write_token(req, &token);
    if (!crypt_equal(typed, token.text, sizeof typed))
        return ERR_PUBLIC_FORM_EXPIRED;
    if (req->now > token.made_at + config->public_form_max_s)
        return ERR_PUBLIC_FORM_EXPIRED;
    if (req->now < token.made_at + config->public_form_min_s)
        return ERR_PUBLIC_TOO_QUICK;
    *ret_token = token;
    return OK;
}

/* "until.no.signature" */
static void
write_upload_token(const struct request *req, int64_t until, const char *no,
                   char ret_text[UPLOAD_TOKEN_BYTES])
{
    uint8_t hash[HASH_BYTES];
    char head[64], signature[2 * SIGNATURE_RAW_BYTES + 1];

    (void)snprintf(head, sizeof head, "%lld.%s", (long long)until, no); /* fits */
    hash_of(req, "public upload", head, hash);
    crypt_hex(hash, SIGNATURE_RAW_BYTES, signature);
    memset(ret_text, 0, UPLOAD_TOKEN_BYTES);
    (void)snprintf(ret_text, UPLOAD_TOKEN_BYTES, "%s.%s", head, signature);
}

void
upload_token_make(const struct request *req, const char *no,
                  char ret_text[UPLOAD_TOKEN_BYTES])
{
    write_upload_token(req, req->now + req->http->config->public_form_max_s, no,
                       ret_text);
}

enum err
upload_token_read(const struct request *req, const char *text,
                  char ret_no[TICKET_NO_BYTES])
{
    char typed[UPLOAD_TOKEN_BYTES] = { 0 }, ours[UPLOAD_TOKEN_BYTES];
    size_t digits = strspn(text, "0123456789");

    if (digits == 0 || digits > 18 || text[digits] != '.' || strlen(text) >= sizeof typed)
        return ERR_PUBLIC_UPLOAD_EXPIRED;
    const char *no = text + digits + 1;
    size_t bytes = strcspn(no, ".");

    if (!text_format(ret_no, TICKET_NO_BYTES, "%.*s", (int)bytes, no))
        return ERR_PUBLIC_UPLOAD_EXPIRED;
    /* Written again from its parts, it must be the same. */
    int64_t until = strtoll(text, NULL, 10);
    memcpy(typed, text, strlen(text));
    write_upload_token(req, until, ret_no, ours);
    return crypt_equal(typed, ours, sizeof typed) && req->now <= until
               ? OK
               : ERR_PUBLIC_UPLOAD_EXPIRED;
}

/* Two numbers from 1 to 9. */
static void
numbers_of(const struct request *req, const struct form_token *token, int ret_numbers[2])
{
    uint8_t hash[HASH_BYTES];

    hash_of(req, "public question", token->nonce, hash);
    ret_numbers[0] = 1 + hash[0] % 9;
    ret_numbers[1] = 1 + hash[1] % 9;
}

void
form_question(const struct request *req, const struct form_token *token,
              enum language language, char ret_question[FORM_QUESTION_BYTES])
{
    static const char *const words[LANGUAGE_COUNT][10] = {
        [LANGUAGE_ZH] = { "零", "一", "二", "三", "四", "五", "六", "七", "八", "九" },
        [LANGUAGE_EN] = { "zero", "one", "two", "three", "four", "five", "six", "seven",
                          "eight", "nine" },
    };
    int numbers[2];

    numbers_of(req, token, numbers);
    (void)snprintf(ret_question, FORM_QUESTION_BYTES,
                   language == LANGUAGE_ZH ? "%s加%s等于几？" : "what is %s plus %s?",
                   words[language][numbers[0]], words[language][numbers[1]]);
}

bool
form_answer_is_right(const struct request *req, const struct form_token *token,
                     const char *answer)
{
    char folded[64], wanted[8];
    int numbers[2];

    if (answer == NULL || strlen(answer) >= sizeof folded)
        return false;
    personal_fold(answer, true, folded);
    numbers_of(req, token, numbers);
    return text_format(wanted, sizeof wanted, "%d", numbers[0] + numbers[1]) &&
           strcmp(folded, wanted) == 0;
}
