/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside render/: the text layout of directives, comments and reasons. */
#ifndef CINCH_RENDER_LAYOUT_H
#define CINCH_RENDER_LAYOUT_H

#include <cinch/render.h>

/* The file name of the drop-in; it sorts after the drop-ins it was derived against. */
#define LAYOUT_DROPIN_NAME UNIT_OWN_DROPIN

/* A longer word continues on the next line: systemd refuses a file with a line of 1 MiB
 * (LONG_LINE_MAX). */
#define LAYOUT_WORD_MOST ((size_t)1 << 16)

/* Where assignments go and how they are written. */
struct layout {
    struct str *out;
    const struct target *target;
    enum quote_form form;
    bool comments; /* write reasons and unwritable values between the assignments */
    bool resets;   /* write empty assignments before lists, because a drop-in adds to the unit */
    struct strings refused; /* values that cannot be written, one line each, encoded */
};

/* Appends `text` wrapped at about 100 columns, `first` before its first line, `rest` before the
 * others. Bytes outside printable ASCII are encoded, and no line ends in a backslash. */
void layout_wrap(struct str *ret, const char *first, const char *rest, const char *text);
/* layout_wrap as a comment of a unit file. */
void layout_comment(struct str *ret, const char *text);
/* One assignment in the layout's form. */
void layout_assign(struct layout *layout, const char *name, const char *value);
/* The quoted value (owned), or NULL after saying that it cannot be expressed. */
char *layout_quoted(struct layout *layout, const char *name, const struct value *value);
/* Whether a directive has one plain value, such as NoNewPrivileges=yes. */
bool layout_is_scalar(const struct verdict *verdict);
/* An emitted directive: its reason, its reset, its values. */
void layout_verdict(struct layout *layout, const struct verdict *verdict);
/* All emitted directives, a blank line between them when there are comments. */
void layout_emitted(struct layout *layout, const struct suggestion *suggestion);
/* The directives that are not set, as comments. */
void layout_left_out(struct str *ret, const struct suggestion *suggestion);
/* The notes, as comments. */
void layout_notes(struct str *ret, const struct suggestion *suggestion);
/* The refused values, as comments. */
void layout_refused(struct str *ret, const struct layout *layout);
void layout_done(struct layout *layout);

/* The value as a person reads it, encoded: "-/a:/b". */
char *layout_value_text(const struct value *value);
/* The run that names the service: the one that started first; NULL when there is none. */
const struct run *layout_run(const struct profile *profile);
/* "cinch 0.1.0 from 2 runs of /usr/sbin/nginx -g ...", encoded. */
char *layout_origin(const struct profile *profile);

/* install.c: the unit that the drop-in is for, of a template an instance; "NAME.service" when it is
 * not known. Owned. */
char *install_name(const struct unit *unit);
/* The file it goes to and the commands after that. Owned. */
char *install_text(const struct suggestion *suggestion, const struct unit *unit);
/* layout_origin.c: the commands that were trained, encoded; owned. */
char *layout_commands(const struct profile *profile);

#endif
