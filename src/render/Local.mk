# SPDX-License-Identifier: LGPL-2.1-or-later
noinst_LIBRARIES += libcinch_render.a
libcinch_render_a_SOURCES = \
	src/render/dropin.c \
	src/render/explanation.c \
	src/render/install.c \
	src/render/json.c \
	src/render/layout.c \
	src/render/layout.h \
	src/render/layout_origin.c \
	src/render/near_names.c \
	src/render/page.c \
	src/render/page.h \
	src/render/path_tree.c \
	src/render/path_tree.h \
	src/render/path_uses.c \
	src/render/query.c \
	src/render/query.h \
	src/render/quote.c \
	src/render/refusal.c \
	src/render/refusal.h \
	src/render/refusal_call.c \
	src/render/refusal_capability.c \
	src/render/refusal_find.c \
	src/render/refusal_network.c \
	src/render/refusal_path.c \
	src/render/run_args.c \
	src/render/short.c \
	src/render/short.h \
	src/render/short_header.c \
	src/render/short_table.c \
	src/render/show.c \
	src/render/show_calls.c \
	src/render/show_gaps.c \
	src/render/show_network.c \
	src/render/show_paths.c \
	src/render/show_privileges.c \
	src/render/show_programs.c \
	src/render/show_runs.c \
	src/render/unit_check.c \
	src/render/unit_form.c
