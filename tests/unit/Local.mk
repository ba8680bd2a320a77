# SPDX-License-Identifier: LGPL-2.1-or-later
# Programs that need no privileges (cmocka). A test is one line: tests/unit/ROOM/test_X is made of
# test_X.c and linked with every room and with what tests share.
check_SCRIPTS =
UNIT_TESTS = \
	tests/unit/base/test_base \
	tests/unit/base/test_fd_below \
	tests/unit/base/test_proc \
	tests/unit/cli/test_status \
	tests/unit/decode/test_decode_argument \
	tests/unit/decode/test_decode_call \
	tests/unit/decode/test_decode_capability \
	tests/unit/decode/test_decode_names \
	tests/unit/decode/test_decode_notify \
	tests/unit/decode/test_decode_path \
	tests/unit/decode/test_decode_resolve \
	tests/unit/decode/test_decode_seed \
	tests/unit/decode/test_decode_signal \
	tests/unit/decode/test_decode_sockaddr \
	tests/unit/decode/test_decode_socket \
	tests/unit/decode/test_decode_watch \
	tests/unit/decode/test_dns \
	tests/unit/elf/test_elf \
	tests/unit/elf/test_elf_parts \
	tests/unit/evaluate/test_allows \
	tests/unit/evaluate/test_evaluation \
	tests/unit/host/test_host_files \
	tests/unit/host/test_host_groups \
	tests/unit/manager/test_unit_files \
	tests/unit/minimize/test_minimize \
	tests/unit/model/test_collapse \
	tests/unit/model/test_model \
	tests/unit/render/test_quote \
	tests/unit/render/test_refusal \
	tests/unit/render/test_render \
	tests/unit/render/test_show \
	tests/unit/run/test_control_group \
	tests/unit/run/test_pid1 \
	tests/unit/run/test_ready \
	tests/unit/run/test_start \
	tests/unit/store/test_store \
	tests/unit/store/test_store_file \
	tests/unit/store/test_store_refuse \
	tests/unit/systemd/test_advice \
	tests/unit/systemd/test_advice_socket \
	tests/unit/systemd/test_capabilities \
	tests/unit/systemd/test_cost \
	tests/unit/systemd/test_filesystem \
	tests/unit/systemd/test_filesystem_links \
	tests/unit/systemd/test_filesystem_others \
	tests/unit/systemd/test_filesystem_tight \
	tests/unit/systemd/test_filesystem_types \
	tests/unit/systemd/test_network \
	tests/unit/systemd/test_note \
	tests/unit/systemd/test_runs \
	tests/unit/systemd/test_scale \
	tests/unit/systemd/test_systemd \
	tests/unit/systemd/test_systemd_filter \
	tests/unit/systemd/test_systemd_private \
	tests/unit/systemd/test_systemd_rows \
	tests/unit/systemd/test_unit_parse \
	tests/unit/trace/test_filter \
	tests/unit/trace/test_mounts \
	tests/unit/trace/test_stop

if HAVE_CMOCKA
check_LIBRARIES += libcinch_testing.a
libcinch_testing_a_SOURCES = \
	tests/laws/world.c \
	tests/laws/world.h \
	tests/laws/world_calls.c \
	tests/laws/world_inside.h \
	tests/unit/build.h \
	tests/unit/decode_run.c \
	tests/unit/decode_run.h \
	tests/unit/dns_build.h \
	tests/unit/elf_builder.h \
	tests/unit/fake_tracee.c \
	tests/unit/fake_tracee.h \
	tests/unit/filesystem_case.h \
	tests/unit/random_profile.c \
	tests/unit/random_profile.h \
	tests/unit/unit.h \
	tests/unit/without_call.h
check_PROGRAMS += $(UNIT_TESTS) $(LAW_TESTS) $(TABLE_TESTS)
TESTS += $(LAW_TESTS) $(UNIT_TESTS) $(TABLE_TESTS)
else
TESTS += tests/unit/without-cmocka
endif
EXTRA_DIST += tests/run tests/unit/without-cmocka

# The command on its own, compared with ld.so.
check_PROGRAMS += tests/unit/elf/elf_command
tests_unit_elf_elf_command_LDADD = $(ROOM_LIBS)
TESTS += tests/unit/elf/test_elf_command.sh
EXTRA_DIST += tests/unit/elf/test_elf_command.sh
