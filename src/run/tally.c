// SPDX-License-Identifier: LGPL-2.1-or-later
/* What a person wants counted of a profile. */
#include <cinch/run.h>
#include <string.h>
#include <sys/socket.h>

/* ---- names: facts differ by outcome and use, a name is counted once ---- */

static bool same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool same_syscall(const struct fact *a, const struct fact *b)
{
    return strcmp(a->syscall.arch, b->syscall.arch) == 0 &&
           same_text(a->syscall.name, b->syscall.name) && a->syscall.number == b->syscall.number;
}

static bool same_path(const struct fact *a, const struct fact *b)
{
    return strcmp(a->path.path, b->path.path) == 0;
}

static bool never_same(const struct fact *a, const struct fact *b)
{
    (void)a;
    (void)b;
    return false;
}

/* Facts of one name stand together: a profile sorts them by what they say. */
static size_t count_names(const struct profile *profile, enum fact_kind kind,
                          bool (*same)(const struct fact *, const struct fact *))
{
    size_t count, names = 0;
    const struct fact *const *facts = profile_facts(profile, kind, &count);

    for (size_t i = 0; i < count; i++)
        names += i == 0 || !same(facts[i - 1], facts[i]);
    return names;
}

/* ---- peers ---- */

/* Connecting a datagram socket sends nothing. */
static bool is_peer(const struct address_fact *address)
{
    if (address->family != AF_INET && address->family != AF_INET6)
        return false;
    switch (address->use) {
    case ADDRESS_CONNECT:
        return address->type != SOCK_DGRAM;
    case ADDRESS_SEND:
    case ADDRESS_ACCEPT:
    case ADDRESS_RECEIVE:
        return true;
    case ADDRESS_BIND:
    case ADDRESS_LISTEN:
    case ADDRESS_JOIN:
    case ADDRESS_USE_COUNT:
        break;
    }
    return false;
}

static size_t count_peers(const struct profile *profile)
{
    size_t count;
    const struct fact *const *facts = profile_facts(profile, FACT_ADDRESS, &count);
    CLEANUP(strings_done) struct strings hosts = { 0 };

    for (size_t i = 0; i < count; i++)
        if (is_peer(&facts[i]->address))
            strings_add(&hosts, facts[i]->address.host);
    strings_sort_unique(&hosts);
    return hosts.count;
}

void tally_count(const struct profile *profile, struct tally *ret)
{
    *ret = (struct tally){
        .syscalls = count_names(profile, FACT_SYSCALL, same_syscall),
        .paths = count_names(profile, FACT_PATH, same_path),
        .sockets = count_names(profile, FACT_SOCKET, never_same),
        .addresses = count_names(profile, FACT_ADDRESS, never_same),
        .programs = count_names(profile, FACT_PROGRAM, never_same),
        .peers = count_peers(profile),
    };
}

/* ---- discovery ---- */

static void discover(const struct seen *seen, struct discovery *discovery, int64_t *last_ms)
{
    if (seen->phases == 1u << PHASE_STOP || seen->first_ms > discovery->worked_ms)
        return;
    int64_t slice = seen->first_ms * DISCOVERY_SLICES / (discovery->worked_ms + 1);
    discovery->slices[slice]++;
    if (seen->first_ms > *last_ms)
        *last_ms = seen->first_ms;
}

void discovery_of(const struct profile *profile, int64_t worked_ms, struct discovery *ret)
{
    int64_t last_ms = 0;
    size_t count;

    *ret = (struct discovery){ .worked_ms = worked_ms > 0 ? worked_ms : 0 };
    for (int kind = 0; kind < FACT_KIND_COUNT; kind++) {
        const struct fact *const *facts = profile_facts(profile, (enum fact_kind)kind, &count);
        for (size_t i = 0; i < count; i++)
            for (size_t j = 0; j < facts[i]->evidence.count; j++)
                discover(&facts[i]->evidence.seen[j], ret, &last_ms);
    }
    ret->quiet_ms = ret->worked_ms - last_ms;
}
