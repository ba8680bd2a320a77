// SPDX-License-Identifier: LGPL-2.1-or-later
/* Why a directive is not written; docs/DIRECTIVES.md has the list, cinch explain an answer each. */
#include <cinch/base.h>
#include <cinch/systemd/unwritten_table.h>
#include <string.h>
#include <strings.h>

const struct unwritten_row unwritten_rows[] = {
    { "User=, Group=, DynamicUser=, SupplementaryGroups=",
      "the unit decides which user the service runs as; a note advises" },
    { "MountFlags=", "PrivateMounts= covers it; \"shared\" cannot undo the mount namespace of "
                     "another directive" },
    { "SecureBits=", "no observation proves that it is safe, and an empty "
                     "CapabilityBoundingSet= is stricter" },
    { "Delegate=, DelegateSubgroup=",
      "off unless the unit sets it; cinch leaves the unit's setting" },
    { "RootImage=, RootHash=, ExtensionImages=, ExtensionDirectories=, RootEphemeral=, "
      "RootMStack=",
      "images belong to a build, not to a drop-in" },
    { "BindLogSockets=", "an empty root binds the journal's sockets when they were used" },
    { "NetworkNamespacePath=, IPCNamespacePath=, UserNamespacePath=, JoinsNamespaceOf=",
      "only the administrator knows which services share a namespace" },
    { "DelegateNamespaces=, BPFDelegateCommands= and the like",
      "they grant rights and block nothing" },
    { "IPIngressFilterPath=, IPEgressFilterPath=, BPFProgram=, NFTSet=, BindNetworkInterface=",
      "they name programs that a profile cannot know" },
    { "SELinuxContext=, AppArmorProfile=, SmackProcessLabel=", "they belong to a separate policy" },
    { "MemoryMax=, TasksMax=, Limit*=, MemoryKSM=", "they limit amounts, not access" },
    { "RestrictFileSystemAccess=", "it is a setting of the whole service manager" },
};
const size_t unwritten_row_count = ELEMENTS_OF(unwritten_rows);

/* Whether the `length` bytes at `name`, "Delegate=" or "Limit*=", stand for the directive. */
static bool names_directive(const char *name, size_t length, const char *directive)
{
    if (!length || name[length - 1] != '=')
        return false;
    length--;
    if (length && name[length - 1] == '*')
        return strlen(directive) >= length && strncasecmp(name, directive, length - 1) == 0;
    return strlen(directive) == length && strncasecmp(name, directive, length) == 0;
}

const struct unwritten_row *unwritten_find(const char *directive)
{
    for (size_t i = 0; i < unwritten_row_count; i++) {
        for (const char *at = unwritten_rows[i].names; *at; at += strspn(at, ", ")) {
            size_t length = strcspn(at, ", ");
            if (names_directive(at, length, directive))
                return &unwritten_rows[i];
            at += length;
        }
    }
    return NULL;
}
