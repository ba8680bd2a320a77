// SPDX-License-Identifier: LGPL-2.1-or-later
#include "render/layout.h"
#include <string.h>

#define LAYOUT_WIDTH 98
/* More words than this with a witness of their own share one comment. */
#define LAYOUT_WORDS_EXPLAINED 8

/* ---- text ------------------------------------------------------------------------------------ */

/* Whys come encoded; whatever byte got here unencoded all the same is encoded now. */
static char *layout_printable(const char *text)
{
    struct str result = { 0 };

    for (; *text; text++) {
        if (*text >= 0x20 && *text <= 0x7e) {
            str_add_char(&result, *text);
        } else {
            CLEANUP(free_char) char *encoded = text_encode(text, 1);
            str_add(&result, encoded);
        }
    }
    return str_steal(&result);
}

/* systemd before 240 continued even a comment that ends in a backslash. */
static void layout_end_line(struct str *ret)
{
    if (ret->length && ret->data[ret->length - 1] == '\\')
        str_add(ret, " .");
    str_add_char(ret, '\n');
}

void layout_wrap(struct str *ret, const char *first, const char *rest, const char *text)
{
    CLEANUP(free_char) char *printable = layout_printable(text);
    size_t column = strlen(first);
    bool fresh = true;

    str_add(ret, first);
    for (const char *at = printable; *at;) {
        size_t blanks = strspn(at, " ");
        size_t length = strcspn(at + blanks, " ");
        length = length < LAYOUT_WORD_MOST ? length : LAYOUT_WORD_MOST;
        if (!fresh && column + blanks + length > LAYOUT_WIDTH) {
            layout_end_line(ret);
            str_add(ret, rest);
            column = strlen(rest);
            at += blanks;
            blanks = 0;
        }
        str_add_bytes(ret, at, blanks + length);
        column += blanks + length;
        at += blanks + length;
        fresh = false;
    }
    layout_end_line(ret);
}

void layout_comment(struct str *ret, const char *text)
{
    layout_wrap(ret, "# ", "#   ", text);
}

char *layout_value_text(const struct value *value)
{
    struct str text = { 0 };

    str_add(&text, value->optional ? "-" : "");
    str_add(&text, value->in_root ? "+" : "");
    str_add(&text, value->text);
    if (value->destination)
        str_addf(&text, ":%s", value->destination);
    if (value->options)
        str_addf(&text, ":%s", value->options);
    char *encoded = text_encode(text.data, text.length);
    str_done(&text);
    return encoded;
}

/* ---- assignments ----------------------------------------------------------------------------- */

void layout_assign(struct layout *layout, const char *name, const char *value)
{
    if (layout->form == QUOTE_UNIT) {
        str_addf(layout->out, "%s=%s\n", name, value);
        return;
    }
    /* What was a boolean at first has a name of its own for systemd-run (257). */
    static const char *const extended[] = { "PrivateTmp", "PrivateUsers", "ProtectControlGroups" };
    bool ex = false;
    for (size_t i = 0; i < ELEMENTS_OF(extended); i++)
        ex |=
            strcmp(name, extended[i]) == 0 && strcmp(value, "yes") != 0 && strcmp(value, "no") != 0;
    /* systemd-run refuses "none" and takes an empty list for it; in a unit file that is a reset
     * (252, 257). */
    bool none = strcmp(name, "RestrictAddressFamilies") == 0 && strcmp(value, "none") == 0;
    CLEANUP(free_char)
    char *assignment = mem_printf("%s%s=%s", name, ex ? "Ex" : "", none ? "" : value);
    str_add(layout->out, "-p ");
    quote_shell(layout->out, assignment);
    str_add_char(layout->out, '\n');
}

static void layout_why(struct layout *layout, const char *why)
{
    if (layout->comments && why && why[0])
        layout_comment(layout->out, why);
}

/* What is granted beyond the evidence; its names are for explain. */
static void layout_excess(struct layout *layout, const struct excess *excess)
{
    CLEANUP(free_char) char *granted = excess_describe(excess);
    CLEANUP(free_char) char *line = mem_printf("also allows %s not used in training", granted);

    layout_why(layout, excess->count ? line : NULL);
}

/* A word that brings more than itself, as a group does. */
static void layout_word_excess(struct layout *layout, const struct value *value)
{
    const struct excess *excess = &value->excess;
    CLEANUP(free_char) char *text = layout_value_text(value);
    CLEANUP(free_char) char *granted = excess_describe(excess);
    CLEANUP(free_char)
    char *line = mem_printf("%s also allows %s not used in training", text, granted);
    bool itself =
        excess->count == 1 && excess->names.count == 1 && strcmp(excess->names.items[0], text) == 0;

    layout_why(layout, excess->count && !itself ? line : NULL);
}

static void layout_refuse(struct layout *layout, const char *name, const struct value *value)
{
    CLEANUP(free_char) char *text = layout_value_text(value);
    CLEANUP(free_char)
    char *line = mem_printf("cannot be written for systemd %d: %s= \"%s\" (%s)",
                            layout->target->version, name, text, value->why ? value->why : "");

    strings_add(&layout->refused, line);
    if (layout->comments)
        layout_comment(layout->out, line);
}

char *layout_quoted(struct layout *layout, const char *name, const struct value *value)
{
    struct str quoted = { 0 };

    if (quote_value(&quoted, name, value, layout->target, layout->form) == 0)
        return str_steal(&quoted);
    layout_refuse(layout, name, value);
    return NULL;
}

static bool layout_same(const char *left, const char *right)
{
    return strcmp(left ? left : "", right ? right : "") == 0;
}

/* One value a line, its why before it unless the line before had the same. */
static void layout_paths(struct layout *layout, const struct verdict *verdict)
{
    const char *before = verdict->why;

    for (size_t i = 0; i < verdict->count; i++) {
        const struct value *value = &verdict->values[i];
        CLEANUP(free_char) char *quoted = layout_quoted(layout, verdict->name, value);
        if (!quoted)
            continue;
        if (!layout_same(before, value->why) || value->excess.count)
            layout_why(layout, value->why);
        layout_excess(layout, &value->excess);
        layout_assign(layout, verdict->name, quoted);
        before = value->excess.count ? NULL : value->why;
    }
}

/* ---- words: several on a line, grouped by why ------------------------------------------------ */

/* A word list that systemd reads from one line only in old versions: RestrictNamespaces= adds up
 * from 241 on. */
static bool layout_is_one_line(const struct verdict *verdict)
{
    return strcmp(verdict->name, "RestrictNamespaces") == 0;
}

static void layout_flush_words(struct layout *layout, const struct verdict *verdict,
                               struct str *line)
{
    CLEANUP(free_char)
    char *words =
        line->length ? mem_printf("%s%s", verdict->inverted ? "~" : "", line->data) : NULL;

    if (words)
        layout_assign(layout, verdict->name, words);
    line->length = 0;
}

static void layout_add_word(struct layout *layout, const struct verdict *verdict,
                            const struct value *value, struct str *line)
{
    CLEANUP(free_char) char *quoted = layout_quoted(layout, verdict->name, value);

    if (!quoted)
        return;
    if (line->length && !layout_is_one_line(verdict) &&
        strlen(verdict->name) + 2 + line->length + strlen(quoted) > LAYOUT_WIDTH)
        layout_flush_words(layout, verdict, line);
    if (line->length)
        str_add_char(line, ' ');
    str_add(line, quoted);
}

static size_t layout_count_witnessed(const struct verdict *verdict)
{
    size_t count = 0;

    for (size_t i = 0; i < verdict->count; i++)
        count += verdict->values[i].witness != NULL;
    return count;
}

/* All values with a witness under one comment: their whys are as many as they are. */
static void layout_witnessed_words(struct layout *layout, const struct verdict *verdict,
                                   size_t count)
{
    CLEANUP(free_char)
    char *why =
        mem_printf("%zu used in training (cinch explain PROFILE NAME shows by what):", count);
    struct str line = { 0 };

    layout_why(layout, why);
    for (size_t i = 0; i < verdict->count; i++)
        if (verdict->values[i].witness)
            layout_add_word(layout, verdict, &verdict->values[i], &line);
    layout_flush_words(layout, verdict, &line);
    str_done(&line);
}

/* The values that share the why of value `first`, on lines of their own. */
static void layout_word_group(struct layout *layout, const struct verdict *verdict, size_t first,
                              bool unwitnessed_only)
{
    const char *why = verdict->values[first].why;
    struct str line = { 0 };

    for (size_t i = 0; i < first; i++)
        if (layout_same(verdict->values[i].why, why) &&
            !(unwitnessed_only && verdict->values[i].witness))
            return; /* printed with that one */
    if (!layout_same(why, verdict->why))
        layout_why(layout, why);
    for (size_t i = first; i < verdict->count; i++)
        if (layout_same(verdict->values[i].why, why))
            layout_word_excess(layout, &verdict->values[i]);
    for (size_t i = first; i < verdict->count; i++)
        if (layout_same(verdict->values[i].why, why) &&
            !(unwitnessed_only && verdict->values[i].witness))
            layout_add_word(layout, verdict, &verdict->values[i], &line);
    layout_flush_words(layout, verdict, &line);
    str_done(&line);
}

/* Everything on one line, the whys before it. */
static void layout_one_line(struct layout *layout, const struct verdict *verdict)
{
    struct str line = { 0 };

    for (size_t i = 0; i < verdict->count; i++)
        if (!layout_same(verdict->values[i].why, verdict->why))
            layout_why(layout, verdict->values[i].why);
    for (size_t i = 0; i < verdict->count; i++)
        layout_add_word(layout, verdict, &verdict->values[i], &line);
    layout_flush_words(layout, verdict, &line);
    str_done(&line);
}

static void layout_words(struct layout *layout, const struct verdict *verdict)
{
    size_t witnessed = layout_count_witnessed(verdict);
    bool together = witnessed > LAYOUT_WORDS_EXPLAINED;

    if (together)
        layout_witnessed_words(layout, verdict, witnessed);
    for (size_t i = 0; i < verdict->count; i++)
        if (!together || !verdict->values[i].witness)
            layout_word_group(layout, verdict, i, together);
}

/* ---- directives ------------------------------------------------------------------------------ */

bool layout_is_scalar(const struct verdict *verdict)
{
    return verdict->emitted && verdict->count == 1 && !verdict->reset &&
           !verdict->values[0].is_path;
}

/* NAME=VALUE of a directive with one value: one why is enough. */
static void layout_scalar(struct layout *layout, const struct verdict *verdict)
{
    CLEANUP(free_char) char *quoted = NULL;

    layout_why(layout, verdict->why && verdict->why[0] ? verdict->why : verdict->values[0].why);
    layout_excess(layout, &verdict->excess);
    if (verdict->values[0].text[0]) /* the empty list is a value, too */
        quoted = layout_quoted(layout, verdict->name, &verdict->values[0]);
    if (quoted || !verdict->values[0].text[0])
        layout_assign(layout, verdict->name, quoted ? quoted : "");
}

void layout_verdict(struct layout *layout, const struct verdict *verdict)
{
    if (layout_is_scalar(verdict)) {
        layout_scalar(layout, verdict);
        return;
    }
    layout_why(layout, verdict->why);
    layout_excess(layout, &verdict->excess);
    if (verdict->reset && layout->resets)
        layout_assign(layout, verdict->name, "");
    if (verdict->count && verdict->values[0].is_path)
        layout_paths(layout, verdict);
    else if (!layout->comments || layout_is_one_line(verdict))
        layout_one_line(layout, verdict);
    else
        layout_words(layout, verdict);
}

/* Whether it leaves a line: a bare reset says nothing outside a drop-in. */
static bool layout_has_lines(const struct layout *layout, const struct verdict *verdict)
{
    return verdict->emitted && (verdict->count || (verdict->reset && layout->resets));
}

void layout_emitted(struct layout *layout, const struct suggestion *suggestion)
{
    bool separate = false;

    for (size_t i = 0; i < suggestion->count; i++) {
        const struct verdict *verdict = &suggestion->verdicts[i];
        if (!layout_has_lines(layout, verdict))
            continue;
        if (separate && layout->comments)
            str_add_char(layout->out, '\n');
        layout_verdict(layout, verdict);
        separate = true;
    }
}

static const char *layout_left_out_why(const struct verdict *verdict)
{
    return verdict->why ? verdict->why : "training showed nothing for it";
}

/* Neighbours that are left out for the same reason share a line. */
void layout_left_out(struct str *ret, const struct suggestion *suggestion)
{
    struct str names = { 0 };
    bool first = true;

    for (size_t i = 0; i < suggestion->count; i++) {
        const struct verdict *verdict = &suggestion->verdicts[i];
        const struct verdict *next = i + 1 < suggestion->count ? verdict + 1 : NULL;
        if (verdict->emitted)
            continue;
        const char *why = layout_left_out_why(verdict);
        str_addf(&names, "%s%s=", names.length ? ", " : "", verdict->name);
        if (next && !next->emitted && strcmp(layout_left_out_why(next), why) == 0)
            continue;
        CLEANUP(free_char) char *line = mem_printf("not set: %s (%s)", names.data, why);
        str_add(ret, first ? "\n" : "");
        layout_comment(ret, line);
        first = false;
        str_done(&names);
        names = (struct str){ 0 };
    }
    str_done(&names);
}

void layout_notes(struct str *ret, const struct suggestion *suggestion)
{
    for (size_t i = 0; i < suggestion->notes.count; i++) {
        CLEANUP(free_char) char *line = note_describe(&suggestion->notes.items[i]);
        layout_comment(ret, line);
    }
}

void layout_refused(struct str *ret, const struct layout *layout)
{
    for (size_t i = 0; i < layout->refused.count; i++)
        layout_comment(ret, layout->refused.items[i]);
}

void layout_done(struct layout *layout)
{
    strings_done(&layout->refused);
}
