// SPDX-License-Identifier: LGPL-2.1-or-later
/* A fact in words. All text from a profile is encoded with text_encode(). */
#include <cinch/systemd.h>
#include <string.h>
#include <sys/socket.h>

/* Appends untrusted text encoded; NULL and "" give `otherwise`. */
static void add_text(struct str *out, const char *text, const char *otherwise)
{
    CLEANUP(free_char) char *encoded = text && *text ? text_encode_string(text) : NULL;

    str_add(out, encoded ? encoded : otherwise);
}

static const char *fact_call(const struct fact *fact, const char *otherwise)
{
    const struct seen *first = evidence_first(&fact->evidence);

    return first && first->call && *first->call ? first->call : otherwise;
}

static void describe_syscall(struct str *out, const struct fact *fact)
{
    if (fact->syscall.name)
        add_text(out, fact->syscall.name, "?");
    else if (fact->syscall.number == SYSCALL_ANY)
        str_add(out, "unnamed system calls of many numbers");
    else
        str_addf(out, "system call %llu", (unsigned long long)fact->syscall.number);
    str_add(out, " (");
    add_text(out, fact->syscall.arch, "?");
    str_add(out, ")");
}

/* A path, or the collapsed names of a directory. */
static void add_path(struct str *out, const char *path)
{
    CLEANUP(free_char) char *directory = path_is_collapsed(path) ? path_parent(path) : NULL;

    if (directory)
        str_add(out, "names in ");
    add_text(out, directory ? directory : path, "?");
}

static void describe_path(struct str *out, const struct fact *fact)
{
    add_text(out, fact_call(fact, NULL), "use");
    str_add(out, " of ");
    add_path(out, fact->path.requested);
    str_addf(out, " (%s)", path_use_name(fact->path.use));
    if (strcmp(fact->path.requested, fact->path.path) != 0) {
        str_add(out, ", which is ");
        add_path(out, fact->path.path);
    }
}

static void describe_move(struct str *out, const struct fact *fact)
{
    add_text(out, fact_call(fact, NULL), "move");
    str_add(out, " from ");
    add_text(out, fact->move.from, "?");
    str_add(out, " into ");
    add_text(out, fact->move.to, "?");
}

static void add_family(struct str *out, int family)
{
    const char *name = family_name(family);

    if (name)
        str_add(out, name);
    else if (family == SOCKET_ANY)
        str_add(out, "unnamed address families");
    else
        str_addf(out, "address family %d", family);
}

static void add_type(struct str *out, int type)
{
    static const char *const names[] = { [SOCK_STREAM] = "stream",
                                         [SOCK_DGRAM] = "datagram",
                                         [SOCK_RAW] = "raw",
                                         [SOCK_RDM] = "rdm",
                                         [SOCK_SEQPACKET] = "seqpacket" };

    if (type > 0 && (size_t)type < ELEMENTS_OF(names) && names[type])
        str_addf(out, " %s", names[type]);
    else if (type >= 0)
        str_addf(out, " type %d", type);
}

static void describe_socket(struct str *out, const struct fact *fact)
{
    str_addf(out, "%s socket ", socket_origin_name(fact->socket.origin));
    add_family(out, fact->socket.family);
    add_type(out, fact->socket.type);
    if (fact->socket.protocol == SOCKET_ANY)
        str_add(out, " of many protocols");
    else if (fact->socket.protocol > 0)
        str_addf(out, " protocol %d", fact->socket.protocol);
}

static void describe_address(struct str *out, const struct fact *fact)
{
    const struct address_fact *address = &fact->address;

    add_text(out, fact_call(fact, NULL), "use");
    str_addf(out, " of address ");
    add_text(out, address->host, "(unnamed)");
    if (address->port)
        str_addf(out, " port %d", address->port);
    str_addf(out, " (%s, ", address_use_name(address->use));
    add_family(out, address->family);
    add_type(out, address->type);
    str_add(out, ")");
}

static void describe_name(struct str *out, const struct fact *fact)
{
    str_add(out, "lookup of ");
    add_text(out, fact->name.name, "?");
    str_add(out, ", which is ");
    add_text(out, fact->name.host, "?");
    if (fact->name.ttl_s >= 0)
        str_addf(out, " (TTL %lld s)", (long long)fact->name.ttl_s);
}

static void describe_argument(struct str *out, const struct fact *fact)
{
    add_text(out, fact->argument.call, "call");
    str_add(out, " with ");
    add_text(out, fact->argument.topic, "?");
    str_add(out, " ");
    add_text(out, fact->argument.value, "?");
}

static void describe_program(struct str *out, const struct fact *fact)
{
    const struct program_fact *program = &fact->program;

    str_add(out, "execution of ");
    add_text(out, program->path, "?");
    if (program->mode & 06000)
        str_addf(out, " (set-id, mode %04o)", program->mode);
    if (program->file_caps)
        str_add(out, " (has file capabilities)");
    if (program->exec_stack)
        str_add(out, " (requests an executable stack)");
    if (program->text_rel)
        str_add(out, " (has text relocations)");
}

static void describe_blind_spot(struct str *out, const struct fact *fact)
{
    str_add(out, "blind spot ");
    add_text(out, fact->blind_spot.topic, "?");
    const char *words = blind_spot_words(fact->blind_spot.topic);
    if (words)
        str_addf(out, ", %s", words);
    if (fact->blind_spot.detail && *fact->blind_spot.detail) {
        str_add(out, ": ");
        add_text(out, fact->blind_spot.detail, "");
    }
}

static void describe_capability(struct str *out, const struct fact *fact)
{
    static const char *const words[] = {
        [CAPABILITY_RULE] = "needs",
        [CAPABILITY_GUESS] = "may need",
        [CAPABILITY_KERNEL] = "was checked by the kernel for",
    };

    add_text(out, fact->capability.call, "an action outside system calls");
    str_addf(out, " %s ", words[fact->capability.basis]);
    add_text(out, fact->capability.name, "?");
}

static void (*const describers[FACT_KIND_COUNT])(struct str *, const struct fact *) = {
    [FACT_SYSCALL] = describe_syscall,
    [FACT_PATH] = describe_path,
    [FACT_MOVE] = describe_move,
    [FACT_SOCKET] = describe_socket,
    [FACT_ADDRESS] = describe_address,
    [FACT_NAME] = describe_name,
    [FACT_ARGUMENT] = describe_argument,
    [FACT_PROGRAM] = describe_program,
    [FACT_BLIND_SPOT] = describe_blind_spot,
    [FACT_CAPABILITY] = describe_capability,
};

static void add_outcome(struct str *out, int outcome)
{
    if (outcome == OUTCOME_UNKNOWN)
        str_add(out, ", result unknown");
    else if (outcome != 0 && errno_name(outcome))
        str_addf(out, ", failed with %s", errno_name(outcome));
    else if (outcome != 0)
        str_addf(out, ", failed with errno %d", outcome);
}

static void add_phases(struct str *out, unsigned phases)
{
    const char *separator = __builtin_popcount(phases) > 1 ? ", phases " : ", phase ";

    for (int phase = 0; phase < PHASE_COUNT; phase++) {
        if (!(phases & 1u << phase))
            continue;
        str_addf(out, "%s%s", separator, phase_name((enum phase)phase));
        separator = "+";
    }
}

static void add_evidence(struct str *out, const struct evidence *evidence)
{
    const struct seen *first = evidence_first(evidence);
    uint64_t total = evidence_total(evidence);

    if (total == 1)
        str_add(out, ", once");
    else if (total > 1)
        str_addf(out, ", %llu times", (unsigned long long)total);
    if (first && first->program && *first->program) {
        str_add(out, " by ");
        add_text(out, first->program, "");
    }
    add_phases(out, evidence_phases(evidence));
}

char *fact_describe(const struct fact *fact)
{
    struct str out = { 0 };

    describers[fact->kind](&out, fact);
    add_outcome(&out, fact->outcome);
    add_evidence(&out, &fact->evidence);
    return str_steal(&out);
}
