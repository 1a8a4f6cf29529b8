/*
 * The table of endpoints as a page: a new route or a changed right is a changed
 * line of tests/golden/routes.txt, which the contract is compared with too.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "api/api.h"
#include "support/golden.h"

#define PAGE_BYTES 32768
#define SIGNED_IN ((UINT32_C(1) << ROLE_COUNT) - 1)

static const char *const methods[METHOD_COUNT] = {
    [METHOD_GET] = "GET",     [METHOD_POST] = "POST",     [METHOD_PUT] = "PUT",
    [METHOD_PATCH] = "PATCH", [METHOD_DELETE] = "DELETE",
};

static const char *const kinds[] = {
    [ROUTE_READ] = "read",
    [ROUTE_WRITE] = "write",
    [ROUTE_PLAIN] = "plain",
    [ROUTE_UPLOAD] = "upload",
};

/*
 * "clerk,admin"; what every role may is "signed-in", what needs none "anyone",
 * what only tokens may "no-user"; "own-account" is open while the password must
 * be changed first.
 */
static void
print_roles(uint32_t roles, uint32_t scopes, FILE *page)
{
    const char *comma = "";

    if (roles == 0 && scopes == 0) {
        fputs("anyone", page);
        return;
    }
    if (roles == (SIGNED_IN | ROUTE_OWN_ACCOUNT)) {
        fputs("signed-in,own-account", page);
        return;
    }
    if (roles == 0 || roles == SIGNED_IN) {
        fputs(roles == 0 ? "no-user" : "signed-in", page);
        return;
    }
    for (int role = 0; role < ROLE_COUNT; role++)
        if ((roles & ROLE_BIT(role)) != 0) {
            fprintf(page, "%s%s", comma, choice_word(&words_role, role));
            comma = ",";
        }
}

START_TEST(the_routes_are_the_golden_ones)
{
    static char text[PAGE_BYTES];
    FILE *page = fmemopen(text, sizeof text, "w");

    ck_assert_ptr_nonnull(page);
    fputs("# method path kind roles, and scopes of tokens\n", page);
    for (size_t i = 0; i < api_route_count; i++) {
        const struct route *route = &api_routes[i];
        fprintf(page, "%s %s %s ", methods[route->method], route->path,
                kinds[route->kind]);
        print_roles(route->roles, route->scopes, page);
        for (int scope = 0; scope < SCOPE_COUNT; scope++)
            if ((route->scopes & SCOPE_BIT(scope)) != 0)
                fprintf(page, " token:%s", choice_word(&words_scope, scope));
        fputs(route->needs_key ? " key" : "", page);
        fputs(route->no_csrf ? " no-csrf" : "", page);
        fputs("\n", page);
    }
    ck_assert_int_eq(fclose(page), 0);
    golden_check("routes.txt", text);
}
END_TEST

/* Signing in is the only write without a token: nobody has one yet. */
START_TEST(every_write_of_somebody_needs_a_csrf_token)
{
    for (size_t i = 0; i < api_route_count; i++)
        if (api_routes[i].kind == ROUTE_WRITE || api_routes[i].kind == ROUTE_UPLOAD)
            ck_assert_msg(api_routes[i].no_csrf ==
                              ((api_routes[i].roles | api_routes[i].scopes) == 0),
                          "%s", api_routes[i].path);
}
END_TEST

START_TEST(every_route_has_the_functions_of_its_kind)
{
    for (size_t i = 0; i < api_route_count; i++) {
        const struct route *route = &api_routes[i];
        bool is_upload = route->kind == ROUTE_UPLOAD;
        bool is_write = route->kind == ROUTE_WRITE || is_upload;
        ck_assert_msg((route->show == NULL) == is_write, "%s", route->path);
        ck_assert_msg((route->admit != NULL) == is_upload, "%s", route->path);
        ck_assert_msg((route->begin != NULL && route->end != NULL) == is_write, "%s",
                      route->path);
        ck_assert_msg(!route->needs_key || route->method == METHOD_POST, "%s",
                      route->path);
    }
}
END_TEST

START_TEST(no_route_stands_twice)
{
    for (size_t i = 0; i < api_route_count; i++)
        for (size_t k = 0; k < i; k++)
            ck_assert_msg(api_routes[i].method != api_routes[k].method ||
                              strcmp(api_routes[i].path, api_routes[k].path) != 0,
                          "%s", api_routes[i].path);
}
END_TEST

Suite *
suite_routes(void)
{
    Suite *suite = suite_create("routes");
    TCase *tcase = tcase_create("table");

    tcase_add_test(tcase, the_routes_are_the_golden_ones);
    tcase_add_test(tcase, every_write_of_somebody_needs_a_csrf_token);
    tcase_add_test(tcase, every_route_has_the_functions_of_its_kind);
    tcase_add_test(tcase, no_route_stands_twice);
    suite_add_tcase(suite, tcase);
    return suite;
}
