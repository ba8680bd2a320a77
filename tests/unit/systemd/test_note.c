// SPDX-License-Identifier: LGPL-2.1-or-later
/* Notes as data: severity, topic and text do not depend on each other's wording. */
#include "build.h"
#include "unit.h"
#include <string.h>

static void test_note_keeps_its_parts(void **state)
{
    CLEANUP(notes_done) struct notes notes = { 0 };

    (void)state;
    notes_add(&notes, SEVERITY_WARNING, TOPIC_PATH, "/srv/a\nb", mem_strdup("note: it moved"));
    notes_add(&notes, SEVERITY_NOTE, TOPIC_NONE, NULL, mem_strdup("warning: it moved"));
    assert_int_equal(notes.count, 2);
    assert_int_equal(notes.items[0].severity, SEVERITY_WARNING);
    assert_string_equal(notes.items[0].about, "/srv/a\nb");
    assert_null(notes.items[1].about);
    assert_true(notes_have(&notes, "note: it moved"));
    assert_false(notes_have(&notes, "it moved"));
    CLEANUP(free_char) char *first = note_describe(&notes.items[0]);
    CLEANUP(free_char) char *second = note_describe(&notes.items[1]);
    assert_string_equal(first, "warning: note: it moved");
    assert_string_equal(second, "note: warning: it moved");
}

static void test_names(void **state)
{
    (void)state;
    assert_string_equal(note_severity_name(SEVERITY_NOTE), "note");
    assert_string_equal(note_severity_name(SEVERITY_WARNING), "warning");
    assert_string_equal(note_topic_name(TOPIC_DIRECTIVE), "directive");
    assert_string_equal(note_topic_name(TOPIC_CALL), "call");
    assert_null(note_topic_name(TOPIC_NONE));
}

/* A failed workload is a warning about its run, whatever it is called. */
static void test_topic_of_a_run(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = build_profile();
    CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };
    struct suggest_options options = { .target = { .version = 252 } };
    struct run run = { .id = build_text("r7"), .complete = true, .workload_status = 3 };
    size_t found = 0;

    (void)state;
    run.workload = build_text("true");
    profile_add_run(profile, &run);
    suggest(profile, &options, &suggestion);
    for (size_t i = 0; i < suggestion.notes.count; i++)
        found += suggestion.notes.items[i].topic == TOPIC_RUN &&
                 suggestion.notes.items[i].severity == SEVERITY_WARNING &&
                 strcmp(suggestion.notes.items[i].about, "r7") == 0;
    assert_int_equal(found, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_note_keeps_its_parts),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_topic_of_a_run),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
