// SPDX-License-Identifier: LGPL-2.1-or-later
#include "elf/arch.h"
#include <elf.h>

#ifndef EM_LOONGARCH
#define EM_LOONGARCH 258
#endif

/* glibc: sysdeps/generic/ldconfig.h FLAG_*; 3 is FLAG_ELF_LIBC6. */
#define DIRS64     "/lib64:/usr/lib64:/lib:/usr/lib"
#define DIRS       "/lib:/usr/lib"
#define C64        ELFCLASS64
#define C32        ELFCLASS32
#define LSB        ELFDATA2LSB
#define MSB        ELFDATA2MSB
#define ARM_HARD   0x400u
#define MIPS_N32   0x20u
#define RISCV_ABI  0x6u
#define LOONG_ABI  0x7u
#define PPC64_ABI  0x3u
#define UNKNOWN_ID (-1)

static const struct elf_arch archs[] = {
    { EM_X86_64, C64, LSB, 0, 0, "x86_64", 0x0303, true, "x86_64", DIRS64 },
    { EM_X86_64, C32, LSB, 0, 0, "x32", 0x0803, true, "x86_64", "/libx32:/usr/libx32:" DIRS },
    { EM_386, C32, LSB, 0, 0, "x86", 0x0003, true, "i686", "/lib32:/usr/lib32:" DIRS },
    { EM_AARCH64, C64, LSB, 0, 0, "aarch64", 0x0a03, false, "aarch64", DIRS64 },
    { EM_ARM, C32, LSB, ARM_HARD, ARM_HARD, "arm", 0x0903, true, "v7l", DIRS },
    { EM_ARM, C32, LSB, 0, 0, "arm", 0x0b03, true, "v7l", DIRS },
    { EM_RISCV, C64, LSB, RISCV_ABI, 4, "riscv64", 0x1003, false, "", "/lib64/lp64d:" DIRS64 },
    { EM_RISCV, C64, LSB, 0, 0, "riscv64", 0x0f03, false, "", "/lib64/lp64:" DIRS64 },
    { EM_LOONGARCH, C64, LSB, LOONG_ABI, 3, "loongarch64", 0x1203, false, "", DIRS64 },
    { EM_LOONGARCH, C64, LSB, 0, 0, "loongarch64", 0x1103, false, "", DIRS64 },
    { EM_PPC64, C64, LSB, PPC64_ABI, 2, "ppc64le", 0x0503, false, "", DIRS64 },
    { EM_PPC64, C64, LSB, 0, 0, "ppc64le", 0x0503, false, "", DIRS64 },
    { EM_PPC64, C64, MSB, 0, 0, "ppc64", 0x0503, false, "", DIRS64 },
    { EM_PPC, C32, MSB, 0, 0, "ppc", 0x0003, true, "", DIRS },
    { EM_S390, C64, MSB, 0, 0, "s390x", 0x0403, true, "", DIRS64 },
    { EM_S390, C32, MSB, 0, 0, "s390", 0x0003, true, "", DIRS },
    { EM_MIPS, C64, LSB, 0, 0, "mipsel64", 0x0703, true, "", DIRS64 },
    { EM_MIPS, C64, MSB, 0, 0, "mips64", 0x0703, true, "", DIRS64 },
    { EM_MIPS, C32, LSB, MIPS_N32, MIPS_N32, "mipsel64n32", 0x0603, true, "", "/lib32:" DIRS },
    { EM_MIPS, C32, MSB, MIPS_N32, MIPS_N32, "mips64n32", 0x0603, true, "", "/lib32:" DIRS },
    { EM_MIPS, C32, LSB, 0, 0, "mipsel", 0x0003, true, "", DIRS },
    { EM_MIPS, C32, MSB, 0, 0, "mips", 0x0003, true, "", DIRS },
    { EM_PARISC, C64, MSB, 0, 0, "parisc64", 0x0003, true, "", DIRS },
    { EM_PARISC, C32, MSB, 0, 0, "parisc", 0x0003, true, "", DIRS },
    { EM_68K, C32, MSB, 0, 0, "m68k", 0x0003, true, "", DIRS },
    { EM_SH, C32, LSB, 0, 0, "sh", 0x0003, true, "", DIRS },
    { EM_SH, C32, MSB, 0, 0, "sheb", 0x0003, true, "", DIRS },
    { 0, 0, 0, 0, 0, "", UNKNOWN_ID, true, "", DIRS64 },
};

const struct elf_arch *elf_arch_find(uint16_t machine, unsigned char class, unsigned char data,
                                     uint32_t flags)
{
    const struct elf_arch *arch = archs;

    while (arch->machine &&
           !(arch->machine == machine && arch->class == class && arch->data == data &&
             (flags & arch->flags_mask) == arch->flags_value))
        arch++;
    return arch;
}
