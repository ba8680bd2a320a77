// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * On which kind of file system something lies. The kernel's number of the kind decides what
 * RestrictFileSystems= lets through (super_block.s_magic), and that is what statfs(2) tells, of an
 * overlay or a fuse, too. The names are systemd's (systemd-analyze filesystems of 257): one for
 * each number, of several the usual one.
 */
#include "host/census.h"
#include <sys/vfs.h>

static const struct {
    uint32_t type;
    const char *name;
} kinds[] = {
    { 0xadf5, "adfs" },
    { 0xadff, "affs" },
    { 0x6b414653, "afs" },
    { 0x5346414f, "afs" },
    { 0x9041934, "anon_inodefs" },
    { 0x5a3c69f0, "apparmorfs" },
    { 0x187, "autofs" },
    { 0x13661366, "balloon-kvm" },
    { 0xca451a4e, "bcachefs" },
    { 0x62646576, "bdev" },
    { 0x6c6f6f70, "binder" },
    { 0x42494e4d, "binfmt_misc" },
    { 0xcafe4a11, "bpf" },
    { 0x9123683e, "btrfs" },
    { 0x73727279, "btrfs_test_fs" },
    { 0xc36400, "ceph" },
    { 0x27e0eb, "cgroup" },
    { 0x63677270, "cgroup2" },
    { 0xff534d42, "cifs" },
    { 0xfe534d42, "cifs" },
    { 0x73757245, "coda" },
    { 0x62656570, "configfs" },
    { 0x28cd3d45, "cramfs" },
    { 0x64646178, "dax" },
    { 0x64626720, "debugfs" },
    { 0x454d444d, "devmem" },
    { 0x1cd1, "devpts" },
    { 0x444d4142, "dmabuf" },
    { 0xf15f, "ecryptfs" },
    { 0xde5e81e4, "efivarfs" },
    { 0x414a53, "efs" },
    { 0xe0f5e1e2, "erofs" },
    { 0x2011bab0, "exfat" },
    { 0xef53, "ext4" },
    { 0xf2f52010, "f2fs" },
    { 0x65735546, "fuse" },
    { 0x65735543, "fusectl" },
    { 0x1161970, "gfs2" },
    { 0xc0ffee, "hostfs" },
    { 0xf995e849, "hpfs" },
    { 0x958458f6, "hugetlbfs" },
    { 0x9660, "iso9660" },
    { 0x72b6, "jffs2" },
    { 0x137f, "minix" },
    { 0x138f, "minix" },
    { 0x2468, "minix" },
    { 0x2478, "minix" },
    { 0x4d5a, "minix" },
    { 0x19800202, "mqueue" },
    { 0x564c, "ncpfs" },
    { 0x6969, "nfs" },
    { 0x3434, "nilfs2" },
    { 0x6e736673, "nsfs" },
    { 0x5346544e, "ntfs" },
    { 0x7366746e, "ntfs3" },
    { 0x7461636f, "ocfs2" },
    { 0x9fa1, "openpromfs" },
    { 0x20030529, "orangefs" },
    { 0x794c7630, "overlay" },
    { 0x50494446, "pidfs" },
    { 0x50495045, "pipefs" },
    { 0xc7571590, "ppc-cmm" },
    { 0x9fa0, "proc" },
    { 0x6165676c, "pstore" },
    { 0x2f, "qnx4" },
    { 0x68191122, "qnx6" },
    { 0x858458f6, "ramfs" },
    { 0x52654973, "reiserfs" },
    { 0x7655821, "resctrl" },
    { 0x67596969, "rpc_pipefs" },
    { 0x5345434d, "secretmem" },
    { 0x73636673, "securityfs" },
    { 0xf97cff8c, "selinuxfs" },
    { 0x6a656a62, "shiftfs" },
    { 0x43415d53, "smackfs" },
    { 0x517b, "smbfs" },
    { 0x534f434b, "sockfs" },
    { 0x73717368, "squashfs" },
    { 0x62656572, "sysfs" },
    { 0x1021994, "tmpfs" },
    { 0x74726163, "tracefs" },
    { 0x15013346, "udf" },
    { 0x9fa2, "usbdevfs" },
    { 0x1021997, "v9fs" },
    { 0x786f4256, "vboxsf" },
    { 0x4d44, "vfat" },
    { 0xabba1974, "xenfs" },
    { 0x58465342, "xfs" },
    { 0x33, "z3fold" },
    { 0x5a4f4653, "zonefs" },
    { 0x58295829, "zsmalloc" },
};

char *census_filesystem_name(uint64_t type)
{
    for (size_t i = 0; i < ELEMENTS_OF(kinds); i++)
        if (kinds[i].type == type)
            return mem_strdup(kinds[i].name);
    return mem_printf("0x%llx", (unsigned long long)type);
}

char *census_filesystem(int fd)
{
    struct statfs known;

    if (fstatfs(fd, &known) < 0)
        return mem_strdup("");
    /* The field is signed, and on some machines 32 bits wide; s_magic is compared as 32 bits. */
    return census_filesystem_name((uint32_t)known.f_type);
}
