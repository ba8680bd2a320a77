// SPDX-License-Identifier: LGPL-2.1-or-later
/* The explanation: the witness of every line, and the veto of every directive that is not set. */
#include "render/layout.h"
#include "render/query.h"
#include "render/refusal.h"
#include <cinch/systemd/unwritten_table.h>
#include <string.h>

/* Facts listed for one query; more are counted. */
#define EXPLANATION_FACTS 40

static const char indent[] = "    ";

static void explanation_line(struct str *ret, const char *depth, const char *text)
{
    CLEANUP(free_char) char *rest = mem_printf("%s  ", depth);

    layout_wrap(ret, depth, rest, text);
}

/* Unless `said` (NULL: nothing) names it already. */
static void explanation_fact(struct str *ret, const char *label, const struct fact *fact,
                             const char *said)
{
    if (!fact)
        return;
    CLEANUP(free_char) char *description = fact_describe(fact);
    if (said && strstr(said, description))
        return;
    CLEANUP(free_char) char *line = mem_printf("%s: %s", label, description);
    explanation_line(ret, indent, line);
}

/* What is granted beyond the evidence, by name as far as names are known. */
static void explanation_excess(struct str *ret, const struct excess *excess)
{
    struct str line = { 0 };

    if (!excess->count)
        return;
    CLEANUP(free_char) char *granted = excess_describe(excess);
    str_addf(&line, "also allows what training did not use: %s", granted);
    for (size_t i = 0; i < excess->names.count; i++)
        str_addf(&line, "%s %s", i ? "" : ":", excess->names.items[i]);
    if (excess->names.count && excess->names.count < excess->count)
        str_add(&line, " ...");
    explanation_line(ret, indent, line.data);
    str_done(&line);
}

/* What a value says beyond its directive; NULL: nothing. */
static const char *explanation_value_why(const struct verdict *verdict, const struct value *value)
{
    bool says_more =
        value->why && value->why[0] && strcmp(value->why, verdict->why ? verdict->why : "") != 0;

    return says_more ? value->why : NULL;
}

/* What stands below a value, or below the directive whose only one it is. */
static void explanation_value_rest(struct str *ret, const struct verdict *verdict,
                                   const struct value *value)
{
    if (value->excess.count != 1 || !value->excess.names.count ||
        strcmp(value->excess.names.items[0], value->text) != 0)
        explanation_excess(ret, &value->excess);
    if (value->witness != verdict->witness)
        explanation_fact(ret, "observed", value->witness, value->why);
}

static void explanation_value(struct str *ret, const struct verdict *verdict,
                              const struct value *value)
{
    CLEANUP(free_char) char *text = layout_value_text(value);
    const char *why = explanation_value_why(verdict, value);
    CLEANUP(free_char)
    char *line = mem_printf("%s=%s%s%s", verdict->name, text, why ? ": " : "", why ? why : "");

    explanation_line(ret, "  ", line);
    explanation_value_rest(ret, verdict, value);
}

/* Its directive's title names it already. */
static void explanation_only_value(struct str *ret, const struct verdict *verdict)
{
    const struct value *value = &verdict->values[0];
    const char *why = explanation_value_why(verdict, value);

    if (why)
        explanation_line(ret, "  ", why);
    explanation_value_rest(ret, verdict, value);
}

/* "NoNewPrivileges=yes" or "SystemCallFilter= (42 values)". */
static char *explanation_title(const struct verdict *verdict)
{
    if (!verdict->emitted)
        return mem_printf("%s= is not set", verdict->name);
    if (!verdict->count)
        return mem_printf("%s= is reset to an empty list", verdict->name);
    if (verdict->count > 1)
        return mem_printf("%s= (%zu values)", verdict->name, verdict->count);
    CLEANUP(free_char) char *text = layout_value_text(&verdict->values[0]);
    return mem_printf("%s=%s", verdict->name, text[0] ? text : " (an empty list)");
}

/* How a directive came out, in one paragraph. */
static void explanation_head(struct str *ret, const char *title, const struct verdict *verdict)
{
    bool scalar = layout_is_scalar(verdict);
    const char *why = verdict->why && verdict->why[0] ? verdict->why
                      : scalar                        ? verdict->values[0].why
                                                      : NULL;
    const struct fact *witness =
        verdict->witness || !scalar ? verdict->witness : verdict->values[0].witness;
    CLEANUP(free_char)
    char *line = mem_printf("%s: %s", title, why ? why : "no reason was recorded");

    layout_wrap(ret, "", "  ", line);
    explanation_fact(ret, verdict->emitted ? "observed" : "vetoed by", witness, why);
}

/* `query` NULL: all values; else only those it names or covers. */
static void explanation_verdict(struct str *ret, const struct verdict *verdict,
                                const struct query *query)
{
    CLEANUP(free_char) char *title = explanation_title(verdict);
    bool listed = verdict->emitted && !layout_is_scalar(verdict);

    explanation_head(ret, title, verdict);
    if (!query)
        explanation_excess(ret, &verdict->excess);
    for (size_t i = 0; listed && i < verdict->count; i++) {
        if (query && !query_matches_value(query, &verdict->values[i]))
            continue;
        if (verdict->count == 1)
            explanation_only_value(ret, verdict);
        else
            explanation_value(ret, verdict, &verdict->values[i]);
    }
    str_add_char(ret, '\n');
}

/* Neighbours that are left out for the same reason are told together. */
static void explanation_left_out(struct str *ret, const struct suggestion *suggestion)
{
    const struct verdict *first = NULL;
    struct str names = { 0 };
    size_t count = 0;

    for (size_t i = 0; i <= suggestion->count; i++) {
        const struct verdict *next = i < suggestion->count ? &suggestion->verdicts[i] : NULL;
        if (next && next->emitted)
            continue;
        bool same = first && next && first->why && next->why &&
                    strcmp(first->why, next->why) == 0 && first->witness == next->witness;
        if (first && !same) {
            CLEANUP(free_char)
            char *title = mem_printf("%s %s not set", names.data, count == 1 ? "is" : "are");
            explanation_head(ret, title, first);
            str_add_char(ret, '\n');
            str_done(&names);
            count = 0;
        }
        if (!next)
            break;
        str_addf(&names, "%s%s=", count++ ? ", " : "", next->name);
        if (!same)
            first = next;
    }
    str_done(&names);
}

static void explanation_header(struct str *ret, const struct suggestion *suggestion,
                               const struct profile *profile)
{
    CLEANUP(free_char) char *origin = layout_origin(profile);
    CLEANUP(free_char)
    char *line = mem_printf("For systemd %d; %s", suggestion->target.version, origin);

    layout_wrap(ret, "", "  ", line);
    str_add_char(ret, '\n');
}

static void explanation_note(struct str *ret, const struct note *note)
{
    CLEANUP(free_char) char *first = mem_printf("%s: ", note_severity_name(note->severity));

    layout_wrap(ret, first, "  ", note->text);
}

static void explanation_notes(struct str *ret, const struct suggestion *suggestion)
{
    for (size_t i = 0; i < suggestion->notes.count; i++)
        explanation_note(ret, &suggestion->notes.items[i]);
    if (suggestion->notes.count)
        str_add_char(ret, '\n');
}

/* What could not be seen: each of it blocks or widens something. */
static void explanation_blind_spots(struct str *ret, const struct profile *profile)
{
    size_t count;
    const struct fact *const *facts = profile_facts(profile, FACT_BLIND_SPOT, &count);

    if (!count)
        return;
    str_add(ret, "Blind spots of the training:\n");
    for (size_t i = 0; i < count; i++) {
        CLEANUP(free_char) char *description = fact_describe(facts[i]);
        explanation_line(ret, "  ", description);
    }
    str_add_char(ret, '\n');
}

static void explanation_all(struct str *ret, const struct suggestion *suggestion,
                            const struct profile *profile)
{
    explanation_notes(ret, suggestion);
    explanation_blind_spots(ret, profile);
    for (size_t i = 0; i < suggestion->count; i++)
        if (suggestion->verdicts[i].emitted)
            explanation_verdict(ret, &suggestion->verdicts[i], NULL);
    explanation_left_out(ret, suggestion);
}

/* The facts a query is about; returns how many there are. */
static size_t explanation_facts(struct str *ret, const struct profile *profile,
                                const struct query *query)
{
    size_t found = 0;

    for (int kind = 0; kind < FACT_KIND_COUNT; kind++) {
        size_t count;
        const struct fact *const *facts = profile_facts(profile, (enum fact_kind)kind, &count);
        for (size_t i = 0; i < count; i++) {
            if (!query_matches_fact(query, facts[i]))
                continue;
            if (++found > EXPLANATION_FACTS)
                continue;
            CLEANUP(free_char) char *description = fact_describe(facts[i]);
            str_add(ret, found == 1 ? "Observed in training:\n" : "");
            explanation_line(ret, "  ", description);
        }
    }
    if (found > EXPLANATION_FACTS)
        str_addf(ret, "  ... and %zu more\n", found - EXPLANATION_FACTS);
    str_add(ret, found ? "\n" : "");
    return found;
}

static bool explanation_touches(const struct verdict *verdict, const struct query *query)
{
    if (verdict->witness && query_matches_fact(query, verdict->witness))
        return true;
    for (size_t i = 0; verdict->emitted && i < verdict->count; i++)
        if (query_matches_value(query, &verdict->values[i]))
            return true;
    return false;
}

/* What the lines refuse of it. */
static void explanation_refusals(struct str *ret, const struct strings *lines, bool used)
{
    if (used && lines->count)
        str_add(ret, "With these directives:\n");
    for (size_t i = 0; i < lines->count; i++)
        explanation_line(ret, "  ", lines->items[i]);
    str_add(ret, lines->count || !used ? "\n" : "");
}

/* A word that means nothing here. */
static void explanation_unknown(struct str *ret, const struct suggestion *suggestion,
                                const struct profile *profile, const struct query *query)
{
    CLEANUP(free_char) char *encoded = text_encode_string(query->text);
    CLEANUP(strings_done) struct strings near = { 0 };

    near_names(suggestion, profile, query->text, &near);
    CLEANUP(free_char) char *names = strings_list(&near, near.count);
    CLEANUP(free_char)
    char *line = near.count
                     ? mem_printf("%s is unknown. Similar names: %s.", encoded, names)
                     : mem_printf("%s is unknown. A query is a directive (PrivateTmp), a system "
                                  "call (openat), a path (/etc/passwd), an address "
                                  "(127.0.0.1:80), a capability (CAP_CHOWN) or an address family "
                                  "(AF_INET).",
                                  encoded);

    layout_wrap(ret, "", "", line);
}

/* The empty root holds every path and shows none. */
static bool explanation_is_about(const struct verdict *verdict, const struct query *query)
{
    return strcmp(verdict->name, "TemporaryFileSystem") != 0 && explanation_touches(verdict, query);
}

static bool explanation_is_touched(const struct suggestion *suggestion, const struct query *query)
{
    for (size_t i = 0; i < suggestion->count; i++)
        if (explanation_is_about(&suggestion->verdicts[i], query))
            return true;
    return false;
}

/* The directives that have something to do with it. */
static void explanation_touched(struct str *ret, const struct suggestion *suggestion,
                                const struct query *query)
{
    for (size_t i = 0; i < suggestion->count; i++)
        if (explanation_is_about(&suggestion->verdicts[i], query))
            explanation_verdict(ret, &suggestion->verdicts[i], query);
}

/* A directive that cinch does not write. */
static bool explanation_unwritten(struct str *ret, const struct query *query)
{
    const struct unwritten_row *row = unwritten_find(query->directive);
    CLEANUP(free_char) char *name = text_encode_string(query->directive);
    CLEANUP(free_char)
    char *line = mem_printf("%s= is not written by cinch (%s: %s).", name, row ? row->names : "",
                            row ? row->why : "");

    if (row)
        layout_wrap(ret, "", "  ", line);
    return row != NULL;
}

static bool explanation_query(struct str *ret, const struct suggestion *suggestion,
                              const struct profile *profile, const struct query *query)
{
    bool found = false;

    for (size_t i = 0; i < suggestion->count; i++)
        if (query_matches_directive(query, &suggestion->verdicts[i])) {
            explanation_verdict(ret, &suggestion->verdicts[i], NULL);
            found = true;
        }
    if (found || explanation_unwritten(ret, query))
        return true;
    CLEANUP(refusal_done) struct refusal refusal = { .suggestion = suggestion, .profile = profile };
    bool known = refusal_find(&refusal, query);
    bool used = explanation_facts(ret, profile, query) > 0;
    bool touched = explanation_is_touched(suggestion, query);
    CLEANUP(free_char) char *encoded = text_encode_string(query->text);

    if (!known && !used && !touched) {
        explanation_unknown(ret, suggestion, profile, query);
        return false;
    }
    if (!used && encoded[0] == '@')
        str_addf(ret, "%s:\n", encoded);
    else if (!used)
        str_addf(ret, "%s was never used in training.\n", encoded);
    if (!used && !refusal.lines.count)
        refusal_say(&refusal, "not refused by these directives");
    explanation_refusals(ret, &refusal.lines, used);
    explanation_touched(ret, suggestion, query);
    return true;
}

char *render_explanation(const struct suggestion *suggestion, const struct profile *profile,
                         char *const *queries, size_t count, bool *ret_found)
{
    struct str text = { 0 };

    *ret_found = true;
    explanation_header(&text, suggestion, profile);
    for (size_t i = 0; i < count; i++) {
        CLEANUP(query_done) struct query asked = { 0 };
        query_init(&asked, queries[i]);
        *ret_found &= explanation_query(&text, suggestion, profile, &asked);
    }
    if (!count)
        explanation_all(&text, suggestion, profile);
    return str_steal(&text);
}
