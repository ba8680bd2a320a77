// SPDX-License-Identifier: LGPL-2.1-or-later
/* The life of calls, tasks and programs. */
#include "decode_run.h"
#include "unit.h"
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>

static int setup(void **state)
{
    struct decode_run *run = mem_new(1, sizeof(*run));

    drive_init(run);
    *state = run;
    return 0;
}

static int setup_unstarted(void **state)
{
    struct decode_run *run = mem_new(1, sizeof(*run));

    drive_init_unstarted(run);
    *state = run;
    return 0;
}

static int teardown(void **state)
{
    drive_done(*state);
    free(*state);
    return 0;
}

static void test_plain_calls_are_cheap_and_counted_once(void **state)
{
    struct decode_run *run = *state;

    drive_enter(run, "futex", ARGS(1, 2));
    unsigned before = run->fake.proc_reads;
    assert_false(drive_enter(run, "read", ARGS(3, 4, 5)));
    drive_exit(run, 5);
    assert_false(drive_enter(run, "write", ARGS(1, 4, 5)));
    drive_exit(run, -EPIPE);
    assert_false(drive_enter(run, "mmap", ARGS(0, 4096, 3, 0x22, -1ul)));
    assert_false(drive_enter(run, "close", ARGS(3)));
    assert_int_equal(run->fake.proc_reads, before + 1); /* the program's name, once */
    drive_event(run, TRACE_DONE, 0, 0);
    assert_int_equal(seen_syscall(run, "futex", OUTCOME_UNKNOWN), 1);
    assert_int_equal(seen_syscall(run, "read", 0), 1);
    assert_int_equal(seen_syscall(run, "write", EPIPE), 1);
    assert_int_equal(seen_syscall(run, "mmap", OUTCOME_UNKNOWN), 1);
    assert_int_equal(seen_syscall(run, "close", OUTCOME_UNKNOWN), 1);
    assert_int_equal(seen_count(run, FACT_SYSCALL), 5);
}

static void test_unknown_numbers_are_kept(void **state)
{
    struct decode_run *run = *state;
    struct trace_event event = { .kind = TRACE_ENTER,
                                 .tid = RUN_TID,
                                 .tgid = RUN_TID,
                                 .arch = AUDIT_ARCH_X86_64,
                                 .number = 9999 };
    size_t count;

    decoder_event(run->decoder, &event);
    drive_event(run, TRACE_GONE, RUN_TID, 0);
    const struct fact *const *facts = profile_facts(run->profile, FACT_SYSCALL, &count);
    assert_int_equal(count, 1);
    assert_null(facts[0]->syscall.name);
    assert_int_equal(facts[0]->syscall.number, 9999);
    assert_int_equal(facts[0]->outcome, OUTCOME_UNKNOWN);
}

static void test_end_without_begin_is_nothing(void **state)
{
    struct decode_run *run = *state;

    drive_exit(run, 0);
    drive_event(run, TRACE_GONE, 77, 0);
    drive_event(run, TRACE_TICK, 0, 0);
    drive_event(run, TRACE_SIGNAL, RUN_TID, 0);
    assert_int_equal(seen_count(run, FACT_SYSCALL), 0);
}

static void test_death_inside_a_call(void **state)
{
    struct decode_run *run = *state;

    fake_file(&run->fake, "/etc/x");
    drive_enter(run, "openat", ARGS(CWD, STRING(run, "/etc/x"), O_RDONLY));
    drive_event(run, TRACE_GONE, RUN_TID, 0);
    assert_int_equal(seen_syscall(run, "openat", OUTCOME_UNKNOWN), 1);
    assert_int_equal(seen_path(run, PATH_READ, "/etc/x", NULL, OUTCOME_UNKNOWN), 1);
}

static void test_lost_task(void **state)
{
    struct decode_run *run = *state;

    drive_enter(run, "pause", ARGS(0));
    drive_event(run, TRACE_LOST, RUN_TID, 0);
    assert_int_equal(seen_blind_spot(run, "lost-task", "it vanished"), 1);
    assert_int_equal(seen_syscall(run, "pause", OUTCOME_UNKNOWN), 1);
}

#define RESTARTSYS   (-512)
#define RESTARTBLOCK (-516)

static void test_restart_at_once(void **state)
{
    struct decode_run *run = *state;

    fake_socket(&run->fake, 4, 2, 1);
    for (int i = 0; i < 3; i++) {
        assert_true(drive_enter(run, "accept", ARGS(4, 0, 0)));
        drive_exit(run, RESTARTSYS);
    }
    drive_enter(run, "accept", ARGS(4, 0, 0));
    drive_exit(run, 5);
    assert_int_equal(seen_syscall(run, "accept", 0), 1);
    assert_int_equal(seen_count(run, FACT_SYSCALL), 1);
}

static void test_restart_after_a_handler(void **state)
{
    struct decode_run *run = *state;

    drive_enter(run, "wait4", ARGS(1));
    drive_exit(run, RESTARTSYS);
    drive_call(run, "getpid", ARGS(0), 1);
    assert_true(drive_enter(run, "rt_sigreturn", ARGS(0)));
    drive_exit(run, 61); /* it goes back to before the call: its number */
    drive_enter(run, "wait4", ARGS(1));
    drive_exit(run, 77);
    assert_int_equal(seen_syscall(run, "wait4", 0), 1);
    assert_int_equal(seen_syscall(run, "rt_sigreturn", 0), 1);
    assert_int_equal(seen_syscall(run, "wait4", OUTCOME_UNKNOWN), 0);
}

/* It goes back to after the call, and the program makes the same call anew. */
static void test_interrupted_and_made_again(void **state)
{
    struct decode_run *run = *state;

    drive_enter(run, "wait4", ARGS(1));
    drive_exit(run, RESTARTSYS);
    assert_true(drive_enter(run, "rt_sigreturn", ARGS(0)));
    drive_exit(run, -EINTR);
    drive_enter(run, "wait4", ARGS(1));
    drive_exit(run, 77);
    assert_false(drive_enter(run, "rt_sigreturn", ARGS(0))); /* nothing waits for it */
    assert_int_equal(seen_syscall(run, "wait4", EINTR), 1);
    assert_int_equal(seen_syscall(run, "wait4", 0), 1);
}

static void test_interrupted_for_good(void **state)
{
    struct decode_run *run = *state;

    drive_enter(run, "wait4", ARGS(1));
    drive_exit(run, RESTARTSYS);
    drive_enter(run, "rt_sigreturn", ARGS(0));
    drive_enter(run, "getpid", ARGS(0));
    assert_int_equal(seen_syscall(run, "wait4", EINTR), 1);
}

static void test_restart_syscall(void **state)
{
    struct decode_run *run = *state;

    drive_enter(run, "clock_nanosleep", ARGS(1, 0, 5));
    drive_exit(run, RESTARTBLOCK);
    assert_true(drive_enter(run, "restart_syscall", ARGS(1, 0, 5)));
    drive_exit(run, RESTARTBLOCK);
    drive_enter(run, "restart_syscall", ARGS(1, 0, 5));
    drive_exit(run, 0);
    assert_int_equal(seen_syscall(run, "clock_nanosleep", 0), 1);
    assert_int_equal(seen_syscall(run, "restart_syscall", 0), 1);
    assert_int_equal(seen_syscall(run, "restart_syscall", OUTCOME_UNKNOWN), 1);
}

/* ---- programs ---- */

static const char script[] = "#!/usr/bin/env -S python3 -u \nprint(1)\n";
static const char outer_script[] = "#! ./inner\n";

struct tiny_elf {
    Elf64_Ehdr header;
    Elf64_Phdr segments[2];
    char interpreter[32];
};

static struct tiny_elf tiny_elf(const char *interpreter)
{
    struct tiny_elf elf = { 0 };

    memcpy(elf.header.e_ident, ELFMAG, SELFMAG);
    elf.header.e_ident[EI_CLASS] = ELFCLASS64;
    elf.header.e_phoff = sizeof(elf.header);
    elf.header.e_phentsize = sizeof(Elf64_Phdr);
    elf.header.e_phnum = 2;
    elf.segments[0].p_type = PT_LOAD;
    elf.segments[1] = (Elf64_Phdr){ .p_type = PT_INTERP,
                                    .p_offset = offsetof(struct tiny_elf, interpreter),
                                    .p_filesz = strlen(interpreter) + 1 };
    strcpy(elf.interpreter, interpreter);
    return elf;
}

static void build_programs(struct decode_run *run, struct tiny_elf *elf)
{
    *elf = tiny_elf("/lib64/ld.so");
    fake_program(&run->fake, "/usr/bin/daemon", elf, sizeof(*elf), 04755);
    fake_program(&run->fake, "/usr/bin/env", elf, sizeof(*elf), 0755);
    fake_program(&run->fake, "/srv/inner", script, sizeof(script) - 1, 0755);
    fake_program(&run->fake, "/srv/outer", outer_script, sizeof(outer_script) - 1, 0755);
    fake_link(&run->fake, "/lib64", "usr/lib64");
    fake_file(&run->fake, "/usr/lib64/ld.so");
}

static void test_first_exec_starts_the_run(void **state)
{
    struct decode_run *run = *state;
    struct tiny_elf elf;

    build_programs(run, &elf);
    fake_fd(&run->fake, TRACE_EXE, "/usr/bin/tracer");
    drive_call(run, "getpid", ARGS(0), 1);
    drive_enter(run, "execve", ARGS(STRING(run, "/usr/local/bin/daemon")));
    drive_exit(run, -ENOENT);
    assert_true(drive_enter(run, "execve", ARGS(STRING(run, "/usr/bin/daemon"))));
    fake_fd(&run->fake, TRACE_EXE, "/usr/bin/daemon");
    drive_event(run, TRACE_EXEC, RUN_TID, 0);
    drive_exit(run, 0);
    assert_int_equal(seen_syscall(run, "execve", 0), 1);
    assert_int_equal(seen_count(run, FACT_SYSCALL), 1);
    assert_int_equal(seen_path(run, PATH_EXECUTE, "/usr/bin/daemon", NULL, 0), 1);
    assert_int_equal(seen_path(run, PATH_EXECUTE, "/usr/lib64/ld.so", "/lib64/ld.so", 0), 1);
    assert_int_equal(seen_path(run, PATH_LINK, "/lib64", NULL, 0), 1);
    const struct program_fact *program = seen_program(run, "/usr/bin/daemon");
    assert_non_null(program);
    assert_string_equal(program->interpreter, "/lib64/ld.so");
    assert_string_equal(program->format, "elf");
    assert_int_equal(program->mode, 04755);
    size_t count;
    const struct fact *const *facts = profile_facts(run->profile, FACT_PROGRAM, &count);
    assert_int_equal(count, 1);
    assert_string_equal(evidence_first(&facts[0]->evidence)->program, "/usr/bin/daemon");
    assert_int_equal(seen_count(run, FACT_BLIND_SPOT), 0);
}

static void test_unannounced_exec(void **state)
{
    struct decode_run *run = *state;
    struct tiny_elf elf;

    build_programs(run, &elf);
    drive_event(run, TRACE_EXEC, RUN_TID, 0);
    assert_non_null(seen_program(run, "/usr/bin/daemon"));
    assert_int_equal(seen_path(run, PATH_EXECUTE, "/usr/lib64/ld.so", "/lib64/ld.so", 0), 1);
    assert_int_equal(seen_count(run, FACT_SYSCALL), 0);
}

static void test_script_of_a_script(void **state)
{
    struct decode_run *run = *state;
    struct tiny_elf elf;

    build_programs(run, &elf);
    drive_enter(run, "execve", ARGS(STRING(run, "outer")));
    fake_fd(&run->fake, TRACE_EXE, "/usr/bin/env");
    drive_event(run, TRACE_EXEC, RUN_TID, 0);
    assert_int_equal(seen_path(run, PATH_EXECUTE, "/srv/outer", NULL, 0), 1);
    assert_int_equal(seen_path(run, PATH_EXECUTE, "/srv/inner", NULL, 0), 1);
    assert_int_equal(seen_path(run, PATH_EXECUTE, "/usr/bin/env", NULL, 0), 1);
    assert_int_equal(seen_path(run, PATH_EXECUTE, "/usr/lib64/ld.so", "/lib64/ld.so", 0), 1);
    assert_string_equal(seen_program(run, "/srv/outer")->interpreter, "./inner");
    const struct program_fact *inner = seen_program(run, "/srv/inner");
    assert_string_equal(inner->format, "script");
    assert_string_equal(inner->interpreter, "/usr/bin/env");
    assert_string_equal(inner->script_option, "-S python3 -u");
    assert_non_null(seen_program(run, "/usr/bin/env"));
    assert_int_equal(seen_count(run, FACT_PROGRAM), 3);
}

static void test_script_that_names_itself_ends(void **state)
{
    struct decode_run *run = *state;
    static const char loop[] = "#!/srv/loop\n";

    fake_program(&run->fake, "/srv/loop", loop, sizeof(loop) - 1, 0755);
    drive_enter(run, "execve", ARGS(STRING(run, "/srv/loop")));
    fake_fd(&run->fake, TRACE_EXE, "/srv/loop");
    drive_event(run, TRACE_EXEC, RUN_TID, 0);
    assert_int_equal(seen_count(run, FACT_PROGRAM), 1);
}

static void test_exec_that_fails(void **state)
{
    struct decode_run *run = *state;

    drive_call(run, "execve", ARGS(STRING(run, "/usr/bin/none")), -ENOENT);
    assert_int_equal(seen_path(run, PATH_EXECUTE, "/usr/bin/none", NULL, ENOENT), 1);
    assert_int_equal(seen_count(run, FACT_PROGRAM), 0);
    assert_int_equal(seen_syscall(run, "execve", ENOENT), 1);
}

static void test_exec_of_a_memory_file(void **state)
{
    struct decode_run *run = *state;

    fake_fd(&run->fake, 5, "/memfd:payload (deleted)");
    fake_fd(&run->fake, TRACE_EXE, "/memfd:payload (deleted)");
    drive_enter(run, "execveat", ARGS(5, STRING(run, ""), 0, 0, AT_EMPTY_PATH));
    drive_event(run, TRACE_EXEC, RUN_TID, 0);
    assert_int_equal(seen_argument(run, "execute", "memfd", 0), 1);
    assert_int_equal(seen_count(run, FACT_PATH), 0);
    assert_int_equal(seen_count(run, FACT_PROGRAM), 0);
    assert_int_equal(seen_syscall(run, "execveat", 0), 1);
}

static void test_binfmt_misc_runs_another_file(void **state)
{
    struct decode_run *run = *state;
    struct tiny_elf elf;
    static const char other[] = "\x7fXYZ";

    build_programs(run, &elf);
    fake_program(&run->fake, "/srv/foreign", other, 4, 0755);
    drive_enter(run, "execve", ARGS(STRING(run, "/srv/foreign")));
    fake_fd(&run->fake, TRACE_EXE, "/usr/bin/env");
    drive_event(run, TRACE_EXEC, RUN_TID, 0);
    assert_string_equal(seen_program(run, "/srv/foreign")->format, "other");
    assert_int_equal(seen_path(run, PATH_EXECUTE, "/usr/bin/env", NULL, 0), 1);
    assert_int_equal(seen_path(run, PATH_EXECUTE, "/usr/lib64/ld.so", "/lib64/ld.so", 0), 1);
}

static void test_exec_by_another_thread(void **state)
{
    struct decode_run *run = *state;
    struct tiny_elf elf;

    build_programs(run, &elf);
    drive_enter(run, "futex", ARGS(1));
    run->tid = RUN_TID + 5;
    drive_enter(run, "futex", ARGS(2));
    run->tid = RUN_TID + 6;
    drive_enter(run, "execve", ARGS(STRING(run, "inner")));
    fake_fd(&run->fake, TRACE_EXE, "/usr/bin/env");
    drive_event(run, TRACE_EXEC, RUN_TID, RUN_TID + 6);
    assert_int_equal(seen_syscall(run, "execve", 0), 1);
    assert_int_equal(seen_syscall(run, "futex", OUTCOME_UNKNOWN), 2);
    assert_int_equal(seen_path(run, PATH_EXECUTE, "/srv/inner", NULL, 0), 1);
    run->tid = RUN_TID;
    drive_exit(run, 0);
    assert_int_equal(seen_syscall(run, "execve", 0), 1);
}

static void test_evidence_names_program_call_and_phase(void **state)
{
    struct decode_run *run = *state;
    size_t count;

    decoder_set_phase(run->decoder, PHASE_RELOAD);
    drive_event(run, TRACE_NEW_TASK, RUN_TID + 9, RUN_TID);
    drive_call(run, "unlink", ARGS(STRING(run, "/srv/x")), -ENOENT);
    const struct fact *const *facts = profile_facts(run->profile, FACT_PATH, &count);
    const struct seen *seen = evidence_first(&facts[0]->evidence);
    assert_string_equal(seen->program, "/usr/bin/daemon");
    assert_string_equal(seen->call, "unlink");
    assert_string_equal(seen->run, "run");
    assert_int_equal(seen->phases, 1u << PHASE_RELOAD);
    assert_int_equal(seen->first_ms, 2);
}

static unsigned phases_of(const struct decode_run *run, const char *call)
{
    size_t count;
    const struct fact *const *facts = profile_facts(run->profile, FACT_SYSCALL, &count);

    for (size_t i = 0; i < count; i++)
        if (strcmp(facts[i]->syscall.name, call) == 0)
            return evidence_phases(&facts[i]->evidence);
    return 0;
}

/* A service waits in one call from its start to its stop. */
static void test_a_call_belongs_to_the_phase_it_began_in(void **state)
{
    struct decode_run *run = *state;

    drive_enter(run, "pause", ARGS(0));
    decoder_set_phase(run->decoder, PHASE_STOP);
    drive_call(run, "unlink", ARGS(STRING(run, "/srv/x")), -ENOENT);
    assert_int_equal(phases_of(run, "pause"), 1u << PHASE_START);
    assert_int_equal(phases_of(run, "unlink"), 1u << PHASE_STOP);
}

static void test_a_call_that_never_ends_is_made(void **state)
{
    struct decode_run *run = *state;

    size_t before = decoder_call_kinds(run->decoder);
    drive_enter(run, "pause", ARGS(0));
    assert_true(decoder_call_kinds(run->decoder) > before);
    assert_int_equal(seen_syscall(run, "pause", OUTCOME_UNKNOWN), 0);
    decoder_cut_off(run->decoder);
    assert_int_equal(seen_syscall(run, "pause", OUTCOME_UNKNOWN), 1);
}

#define TEST(name)      cmocka_unit_test_setup_teardown(name, setup, teardown)
#define UNSTARTED(name) cmocka_unit_test_setup_teardown(name, setup_unstarted, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_plain_calls_are_cheap_and_counted_once),
        TEST(test_unknown_numbers_are_kept),
        TEST(test_end_without_begin_is_nothing),
        TEST(test_death_inside_a_call),
        TEST(test_lost_task),
        TEST(test_restart_at_once),
        TEST(test_restart_after_a_handler),
        TEST(test_interrupted_and_made_again),
        TEST(test_interrupted_for_good),
        TEST(test_restart_syscall),
        UNSTARTED(test_first_exec_starts_the_run),
        UNSTARTED(test_unannounced_exec),
        TEST(test_script_of_a_script),
        TEST(test_script_that_names_itself_ends),
        TEST(test_exec_that_fails),
        TEST(test_exec_of_a_memory_file),
        TEST(test_binfmt_misc_runs_another_file),
        TEST(test_exec_by_another_thread),
        TEST(test_evidence_names_program_call_and_phase),
        TEST(test_a_call_belongs_to_the_phase_it_began_in),
        TEST(test_a_call_that_never_ends_is_made),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
