// SPDX-License-Identifier: LGPL-2.1-or-later
/* Keys and keyrings: which of those that a service shares with others it used (keyrings(7)). */
#include "decode/roles/option_names.h"
#include "decode/roles/role_kinds.h"
#include "decode/roles/role_row.h"
#include "decode/roles/roles.h"
#include "decode/task/decoder.h"
#include "decode/task/record.h"
#include "decode/task/remote.h"
#include <linux/keyctl.h>

static void keyring_tell(struct role_context *context, const char *topic, const char *value)
{
    record_argument(context->decoder, context->task, context->call, topic, value, context->outcome);
}

void keyring_end_keyctl(struct role_context *context)
{
    uint32_t operation = (uint32_t)context->value;
    const char *name = option_name(OPTION_KEYCTL, operation);
    CLEANUP(free_char) char *number = name ? NULL : mem_printf("%u", operation);

    keyring_tell(context, "keyctl", name ? name : number);
}

/* keyrings(7): those that every process can name; others are told by what found them. */
static void keyring_see(struct role_context *context, uint64_t id)
{
    const char *name = option_name(OPTION_KEYRING, (uint64_t)(int64_t)(int32_t)id);

    if (name)
        keyring_tell(context, "keyring", name);
}

void keyring_end(struct role_context *context)
{
    bool is_keyctl = role_row_of(context->call) == ROLE_KEYCTL;
    uint64_t operation = context->call->args[0];

    keyring_see(context, context->value);
    if (!is_keyctl)
        return;
    if (operation == KEYCTL_LINK || operation == KEYCTL_UNLINK || operation == KEYCTL_MOVE)
        keyring_see(context, context_next(context, 1));
    if (operation == KEYCTL_MOVE)
        keyring_see(context, context_next(context, 2));
    if (operation == KEYCTL_SEARCH)
        keyring_see(context, context_next(context, 3));
}

/* A type's name has at most 31 bytes (add_key(2)). */
#define KEY_TYPE_LIMIT 32

void keyring_begin_request(struct role_context *context)
{
    CLEANUP(free_char) char *type = NULL;

    if (remote_string(context->decoder, context->task, context->value, KEY_TYPE_LIMIT, &type) == 0)
        context->call->text = text_encode_string(type);
}

void keyring_end_request(struct role_context *context)
{
    keyring_tell(context, "key-request", context->call->text ? context->call->text : "-");
}
