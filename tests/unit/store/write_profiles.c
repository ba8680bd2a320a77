// SPDX-License-Identifier: LGPL-2.1-or-later
/* Writes random profiles as cinch does, for tests/schema/run: write_profiles DIRECTORY COUNT */
#include "random_profile.h"
#include <cinch/store.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    CLEANUP(err_done) struct err err = { 0 };
    int result = 0;

    if (argc != 3)
        return 2;
    for (int seed = 0; seed < atoi(argv[2]) && result == 0; seed++) {
        CLEANUP(profile_freep)
        struct profile *profile = random_profile((uint64_t)seed, (size_t)seed % 20);
        CLEANUP(free_char) char *path = mem_printf("%s/%d.json", argv[1], seed);
        result = store_save(profile, path, &err);
    }
    if (err.text)
        fprintf(stderr, "%s\n", err.text);
    return result ? 1 : 0;
}
