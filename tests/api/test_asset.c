#include <check.h>
#include <string.h>

#include "base/text.h"
#include "support/http_client.h"
#include "support/http_toy.h"

Suite *suite_asset(void);

static struct http_toy toy;

#define FORM(text, tag)                                                                  \
    {                                                                                    \
        .bytes = (const unsigned char *)(text), .size = sizeof(text) - 1, .etag = tag    \
    }

static const struct asset assets[] = {
    { .path = "/assets/app-Ab12Cd34.js",
      .media_type = "text/javascript; charset=utf-8",
      .is_immutable = true,
      .plain = FORM("plain script", "\"p\""),
      .gzip = FORM("gzip script", "\"g\""),
      .brotli = FORM("br script", "\"b\"") },
    { .path = "/icon.svg",
      .media_type = "image/svg+xml",
      .plain = FORM("<svg/>", "\"i\"") },
    { .path = "/index.html",
      .media_type = "text/html; charset=utf-8",
      .plain = FORM("the application", "\"index\"") },
};

static void
setup(void)
{
    http_toy_prepare(&toy);
    toy.assets = (struct asset_table){ assets, sizeof assets / sizeof *assets };
    http_toy_start(&toy);
}

static void
teardown(void)
{
    http_toy_close(&toy);
}

static void
expect_body(const char *target, const char *fields, const char *body)
{
    struct http_reply reply = http_ask(toy.port, "GET", target, fields, NULL);

    ck_assert_msg(reply.status == 200 && strcmp(reply.body, body) == 0, "%s: %d %s",
                  target, reply.status, reply.body);
    http_reply_free(&reply);
}

static void
expect_field(const char *target, const char *fields, const char *name, const char *wanted)
{
    struct http_reply reply = http_ask(toy.port, "GET", target, fields, NULL);
    char value[400];

    ck_assert_str_eq(http_reply_field(&reply, name, value, sizeof value), wanted);
    http_reply_free(&reply);
}

/* --- What is answered with a page ------------------------------------------------------- */

START_TEST(a_path_of_the_application_is_answered_with_its_page)
{
    static const char *const targets[] = {
        "/tickets",
        "/tickets/20261123-R0042",
        "/tickets?state=received&sort=due",
        "/login/",
        "/apis",
        "/a/b/c",
        "/publicity",
    };

    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++)
        expect_body(targets[i], NULL, "the application");
    expect_field("/tickets", NULL, "Content-Type", "text/html; charset=utf-8");
}
END_TEST

START_TEST(a_page_may_load_what_is_ours_and_nothing_else)
{
    expect_field("/tickets", NULL, "Referrer-Policy", "same-origin");
    expect_field("/tickets", NULL, "Permissions-Policy",
                 "camera=(), geolocation=(), microphone=(), payment=(), usb=()");
    expect_field("/tickets", NULL, "Content-Security-Policy",
                 "default-src 'none'; script-src 'self'; style-src 'self'; "
                 "img-src 'self' data: blob:; media-src 'self'; connect-src 'self'; "
                 "form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
}
END_TEST

START_TEST(a_route_wins_over_a_page)
{
    expect_body("/", NULL, "root");
    expect_body("/hidden", NULL, "hidden");
}
END_TEST

START_TEST(a_file_or_data_that_is_not_there_is_never_answered_with_html)
{
    static const char *const targets[] = {
        "/assets/app-00000000.js",
        "/assets",
        "/assets/",
        "/assets/none",
        "/api",
        "/api/v1/no",
        "/public",
        "/public/help",
        "/favicon.ico",
        "/app.js",
        "/tickets/a.b",
        "/.env",
        "/assets%2Fapp.js",
        "/index%2ehtml.x",
    };

    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++)
        http_expect_refused(toy.port, "GET", targets[i], NULL, NULL, 404,
                            "http.not_found");
}
END_TEST

START_TEST(a_page_is_only_read)
{
    struct http_reply reply = http_ask(toy.port, "POST", "/tickets", NULL, NULL);
    char allow[100];

    ck_assert_int_eq(reply.status, 405);
    ck_assert_str_eq(http_reply_field(&reply, "Allow", allow, sizeof allow), "GET, HEAD");
    http_reply_free(&reply);
    reply = http_ask(toy.port, "HEAD", "/tickets", NULL, NULL);
    ck_assert_int_eq(reply.status, 200);
    ck_assert_str_eq(http_reply_field(&reply, "Content-Length", allow, sizeof allow),
                     "15");
    http_reply_free(&reply);
}
END_TEST

START_TEST(nothing_is_served_when_the_program_has_no_pages)
{
    http_toy_close(&toy);
    http_toy_open(&toy);
    http_expect_refused(toy.port, "GET", "/tickets", NULL, NULL, 404, "http.not_found");
}
END_TEST

/* --- How long it may be kept -------------------------------------------------------------- */

START_TEST(what_changes_its_name_is_kept_for_ever_and_a_page_is_asked_for_again)
{
    expect_field("/assets/app-Ab12Cd34.js", NULL, "Cache-Control",
                 "public, max-age=31536000, immutable");
    expect_field("/tickets", NULL, "Cache-Control", "no-cache");
    expect_field("/icon.svg", NULL, "Cache-Control", "no-cache");
    expect_field("/tickets", NULL, "ETag", "\"index\"");
    expect_field("/tickets", NULL, "X-Content-Type-Options", "nosniff");
}
END_TEST

START_TEST(an_unchanged_page_is_answered_304_without_a_body)
{
    static const char *const fields[] = {
        "If-None-Match: \"index\"\r\n",
        "If-None-Match: \"old\", W/\"index\"\r\n",
        "If-None-Match: *\r\n",
    };
    char value[100];

    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        struct http_reply reply = http_ask(toy.port, "GET", "/tickets", fields[i], NULL);

        ck_assert_int_eq(reply.status, 304);
        ck_assert_str_eq(reply.body, "");
        /* It would take the place of the page's own, and nothing would load. */
        ck_assert_str_eq(
            http_reply_field(&reply, "Content-Security-Policy", value, sizeof value), "");
        ck_assert_str_eq(http_reply_field(&reply, "ETag", value, sizeof value),
                         "\"index\"");
        ck_assert_str_eq(http_reply_field(&reply, "Vary", value, sizeof value),
                         "Accept-Encoding");
        http_reply_free(&reply);
    }
    expect_body("/tickets", "If-None-Match: \"inde\"\r\n", "the application");
    expect_body("/tickets", "If-None-Match: index\r\n", "the application");
}
END_TEST

/* --- Which form ------------------------------------------------------------------------------ */

START_TEST(the_form_is_the_one_the_client_likes_best)
{
    static const struct {
        const char *accepted, *body, *coding, *etag;
    } rows[] = {
        { "gzip, deflate, br", "br script", "br", "\"b\"" },
        { "gzip", "gzip script", "gzip", "\"g\"" },
        { "GZIP;q=1.0", "gzip script", "gzip", "\"g\"" },
        { "br;q=0.5, gzip;q=0.8", "gzip script", "gzip", "\"g\"" },
        { "br;q=0, gzip;q=0.001", "gzip script", "gzip", "\"g\"" },
        { "*", "br script", "br", "\"b\"" },
        { "*;q=0.5, br;q=0", "gzip script", "gzip", "\"g\"" },
        { "gzip;q=0", "plain script", "", "\"p\"" },
        { "deflate, zstd", "plain script", "", "\"p\"" },
        { "brotli", "plain script", "", "\"p\"" },
        { "identity", "plain script", "", "\"p\"" },
    };
    char field[100], value[100];

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ck_assert(text_format(field, sizeof field, "Accept-Encoding: %s\r\n",
                              rows[i].accepted));
        struct http_reply reply =
            http_ask(toy.port, "GET", "/assets/app-Ab12Cd34.js", field, NULL);

        ck_assert_msg(strcmp(reply.body, rows[i].body) == 0, "%s: %s", rows[i].accepted,
                      reply.body);
        ck_assert_str_eq(
            http_reply_field(&reply, "Content-Encoding", value, sizeof value),
            rows[i].coding);
        ck_assert_str_eq(http_reply_field(&reply, "ETag", value, sizeof value),
                         rows[i].etag);
        ck_assert_str_eq(http_reply_field(&reply, "Vary", value, sizeof value),
                         "Accept-Encoding");
        http_reply_free(&reply);
    }
    expect_body("/assets/app-Ab12Cd34.js", NULL, "plain script");
    expect_body("/icon.svg", "Accept-Encoding: br, gzip\r\n", "<svg/>");
}
END_TEST

/* --- From a folder ------------------------------------------------------------------------------ */

static void
serve_folder(void)
{
    http_toy_close(&toy);
    http_toy_prepare(&toy);
    strcpy(toy.config->web_dir, "tests/fixtures/web");
    http_toy_start(&toy);
}

START_TEST(a_folder_is_served_instead_while_developing)
{
    serve_folder();
    expect_body("/tickets", NULL, "<!doctype html><title>fixture</title>\n");
    expect_body("/assets/one.js", NULL, "one();\n");
    expect_field("/assets/one.js", NULL, "Content-Type",
                 "text/javascript; charset=utf-8");
    expect_field("/assets/one.js", NULL, "Cache-Control", "no-cache");
}
END_TEST

START_TEST(no_path_leaves_the_folder)
{
    static const char *const targets[] = {
        "/%2e%2e/tools.sh", "/assets/..%2f..%2findex.html", "/assets",
        "/none.js",         "/assets/one.js/x.js",
    };

    serve_folder();
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        int status = http_status(toy.port, "GET", targets[i], NULL, NULL);

        ck_assert_msg(status == 404 || status == 400, "%s: %d", targets[i], status);
    }
}
END_TEST

Suite *
suite_asset(void)
{
    Suite *suite = suite_create("asset");
    TCase *pages = tcase_create("pages");

    tcase_add_checked_fixture(pages, setup, teardown);
    tcase_add_test(pages, a_path_of_the_application_is_answered_with_its_page);
    tcase_add_test(pages, a_page_may_load_what_is_ours_and_nothing_else);
    tcase_add_test(pages, a_route_wins_over_a_page);
    tcase_add_test(pages, a_file_or_data_that_is_not_there_is_never_answered_with_html);
    tcase_add_test(pages, a_page_is_only_read);
    tcase_add_test(pages, nothing_is_served_when_the_program_has_no_pages);
    tcase_add_test(pages,
                   what_changes_its_name_is_kept_for_ever_and_a_page_is_asked_for_again);
    tcase_add_test(pages, an_unchanged_page_is_answered_304_without_a_body);
    tcase_add_test(pages, the_form_is_the_one_the_client_likes_best);
    tcase_add_test(pages, a_folder_is_served_instead_while_developing);
    tcase_add_test(pages, no_path_leaves_the_folder);
    suite_add_tcase(suite, pages);
    return suite;
}
