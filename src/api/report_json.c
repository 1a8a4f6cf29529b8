#include "report_json.h"

#include "base/timeutil.h"
#include "ticket_json.h"

/* report_json.c - see the header. */

static const char *
measure_words(struct arena *arena, uint64_t measures)
{
    const char *words = "";

    for (int i = 0; i < ASSESSMENT_MEASURE_COUNT && words != NULL; i++)
        if ((measures & MEASURE_BIT(i)) != 0)
            words = arena_printf(arena, "%s%s%s", words, *words == '\0' ? "" : ",",
                                 choice_word(&words_measure, i));
    return words;
}

const char *
report_href(struct arena *arena, const struct report_period *period, uint64_t measures)
{
    const struct {
        const char *name, *value;
    } optional[] = {
        { "unit", period->unit },
        { "table", period->table },
        { "channels", period->channels },
    };
    const char *words = measure_words(arena, measures), *more = "";
    char from[TIME_TEXT_BYTES], to[TIME_TEXT_BYTES];

    for (size_t i = 0; i < sizeof optional / sizeof *optional && more != NULL; i++)
        if (optional[i].value != NULL)
            more = arena_printf(arena, "%s&%s=%s", more, optional[i].name,
                                optional[i].value);
    if (words == NULL || more == NULL)
        return NULL;
    time_format_day(period->from, from);
    time_format_day(period->to, to);
    return arena_printf(arena,
                        "/api/v1/reports/assessment/tickets?measure=%s&from=%s&to=%s%s",
                        words, from, to, more);
}

void
report_href_json(struct json_out *out, const char *key, struct arena *arena,
                 const struct report_period *period, uint64_t measures, int64_t count)
{
    if (count == 0 || period->is_frozen) {
        json_null(out, key);
        return;
    }
    const char *href = report_href(arena, period, measures);
    if (href == NULL)
        out->failed = true;
    else
        json_word(out, key, href);
}

void
report_count_json(struct json_out *out, const char *key, struct arena *arena,
                  const struct report_period *period, uint64_t measures, int64_t count)
{
    json_object_open(out, key);
    json_int(out, "count", count);
    report_href_json(out, "href", arena, period, measures, count);
    json_object_close(out);
}

void
report_number_json(struct json_out *out, const char *key, bool is_known, double number)
{
    if (is_known)
        json_real(out, key, number);
    else
        json_null(out, key);
}

void
report_unit_json(struct json_out *out, const char *key, const struct report_unit *unit)
{
    if (unit->code == NULL)
        json_null(out, key);
    else
        unit_json(out, key, unit->code, unit->name, unit->short_name);
}

/* --- What the numbers mean ------------------------------------------------------------ */

static void
write_measures(struct json_out *out, const char *key, uint64_t measures)
{
    json_list_open(out, key);
    for (int i = 0; i < ASSESSMENT_MEASURE_COUNT; i++)
        if ((measures & MEASURE_BIT(i)) != 0)
            json_word(out, NULL, choice_word(&words_measure, i));
    json_list_close(out);
}

static void
write_rate_formula(struct json_out *out, enum assessment_rate rate,
                   const struct assessment_terms *terms)
{
    const struct assessment_rate_row *row = &assessment_rates[rate];

    json_object_open(out, NULL);
    json_word(out, "id", row->id);
    json_text(out, "zh", row->zh);
    json_text(out, "en", row->en);
    json_text(out, "formula_zh", row->formula_zh);
    json_text(out, "formula_en", row->formula_en);
    write_measures(out, "numerator", row->numerator);
    write_measures(out, "denominator", row->denominator);
    json_bool(out, "is_harm", row->of == RATE_OF_HARM);
    if (assessment_is_weighed(rate)) {
        json_int(out, "weight", terms->weights[rate]);
        json_int(out, "threshold", terms->thresholds[rate]);
    } else {
        json_null(out, "weight");
        json_null(out, "threshold");
    }
    json_object_close(out);
}

void
report_formula_json(struct json_out *out, const char *key,
                    const struct assessment_terms *terms)
{
    json_object_open(out, key);
    json_int(out, "version", terms->version);
    json_list_open(out, "rates");
    for (int i = 0; i < ASSESSMENT_RATE_COUNT; i++)
        write_rate_formula(out, (enum assessment_rate)i, terms);
    json_list_close(out);
    json_list_open(out, "measures");
    for (size_t i = 0; i < words_measure.count; i++) {
        json_object_open(out, NULL);
        json_word(out, "id", words_measure.items[i].word);
        json_text(out, "zh", words_measure.items[i].zh);
        json_text(out, "en", words_measure.items[i].en);
        json_object_close(out);
    }
    json_list_close(out);
    json_object_open(out, "volume");
    json_int(out, "large", terms->volume_large);
    json_int(out, "medium", terms->volume_medium);
    json_object_close(out);
    json_object_close(out);
}

/* --- The numbers ------------------------------------------------------------------------ */

static void
write_rate(struct json_out *out, struct arena *arena, const struct report_period *period,
           enum assessment_rate rate, const struct assessment_ratio *ratio,
           const struct assessment_ratio *before)
{
    const struct assessment_rate_row *row = &assessment_rates[rate];

    json_object_open(out, NULL);
    json_word(out, "id", row->id);
    json_int(out, "numerator", ratio->numerator);
    json_int(out, "denominator", ratio->denominator);
    report_number_json(out, "rate", ratio->denominator != 0, ratio->rate);
    report_number_json(out, "before", before != NULL && before->denominator != 0,
                       before == NULL ? 0.0 : before->rate);
    json_bool(out, "is_past_threshold", ratio->is_past);
    report_number_json(out, "deduction", assessment_is_weighed(rate), ratio->deduction);
    report_href_json(out, "numerator_href", arena, period, row->numerator,
                     ratio->numerator);
    report_href_json(out, "denominator_href", arena, period, row->denominator,
                     ratio->denominator);
    json_object_close(out);
}

void
report_figures_json(struct json_out *out, struct arena *arena,
                    const struct report_period *period,
                    const struct assessment_figures *figures,
                    const struct assessment_result *result,
                    const struct assessment_result *before, bool of_office)
{
    uint64_t said = 0;

    json_list_open(out, "rates");
    for (int i = 0; i < ASSESSMENT_RATE_COUNT; i++) {
        const struct assessment_rate_row *row = &assessment_rates[i];
        bool is_one = row->numerator != 0 && (row->numerator & (row->numerator - 1)) == 0;
        if ((row->of == RATE_OF_OFFICE) != of_office)
            continue;
        write_rate(out, arena, period, (enum assessment_rate)i, &result->ratios[i],
                   before == NULL ? NULL : &before->ratios[i]);
        said |= (is_one ? row->numerator : 0);
    }
    json_list_close(out);
    json_list_open(out, "measures");
    for (int i = 0; i < ASSESSMENT_MEASURE_COUNT; i++) {
        if (figures->counts[i] == 0 || (said & MEASURE_BIT(i)) != 0)
            continue;
        json_object_open(out, NULL);
        json_word(out, "id", choice_word(&words_measure, i));
        json_int(out, "count", figures->counts[i]);
        report_href_json(out, "href", arena, period, MEASURE_BIT(i), figures->counts[i]);
        json_object_close(out);
    }
    json_list_close(out);
}
