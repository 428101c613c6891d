// See record_call.hpp. AArch64.
#if defined(__AARCH64EL__) && defined(__LP64__) && defined(__ELF__)

    .text
    .globl ndcall_test_record_call
    .type ndcall_test_record_call, %function
ndcall_test_record_call:
    .cfi_startproc
    hint #34                    // bti c
    adrp x9, ndcall_test_record
    add x9, x9, :lo12:ndcall_test_record
    stp x0, x1, [x9]
    stp x2, x3, [x9, #16]
    stp x4, x5, [x9, #32]
    stp x6, x7, [x9, #48]
    stp d0, d1, [x9, #64]
    stp d2, d3, [x9, #80]
    stp d4, d5, [x9, #96]
    stp d6, d7, [x9, #112]
    mov x10, sp
    str x10, [x9, #136]
    ldp x11, x12, [x9, #144]    // words, and where they go
    cbz x11, 2f
1:  ldr x13, [x10], #8
    str x13, [x12], #8
    subs x11, x11, #1
    b.ne 1b
2:  ldr x0, [x9, #160]
    ldr d0, [x9, #168]
    mov x1, #0x6666666666666666
    .irp n, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18
    mov x\n, x1
    .endr
    .irp n, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    dup v\n\().2d, x1
    .endr
    // Of these the callee must keep the low halves only.
    .irp n, 8, 9, 10, 11, 12, 13, 14, 15
    mov v\n\().d[1], x1
    .endr
    ret
    .cfi_endproc
    .size ndcall_test_record_call, .-ndcall_test_record_call

    .macro save_pair kind, a, b, at, dwarf
    stp \kind\()\a, \kind\()\b, [sp, #\at]
    .cfi_offset \dwarf + \a, \at - 176
    .cfi_offset \dwarf + \b, \at - 168
    .endm

    .macro take_pair kind, a, b, at
    ldp \kind\()\a, \kind\()\b, [sp, #\at]
    .cfi_restore \kind\()\a
    .cfi_restore \kind\()\b
    .endm

    // x0 becomes the union of all differences.
    .macro differ n, value
    mov x1, #\value
    eor x1, x1, x\n
    orr x0, x0, x1
    .endm

    .globl ndcall_test_guard_call
    .type ndcall_test_guard_call, %function
ndcall_test_guard_call:
    .cfi_startproc
    hint #34                    // bti c
    sub sp, sp, #176
    .cfi_def_cfa_offset 176
    save_pair x, 29, 30, 0, 0
    save_pair x, 19, 20, 16, 0
    save_pair x, 21, 22, 32, 0
    save_pair x, 23, 24, 48, 0
    save_pair x, 25, 26, 64, 0
    save_pair x, 27, 28, 80, 0
    save_pair d, 8, 9, 96, 64
    save_pair d, 10, 11, 112, 64
    save_pair d, 12, 13, 128, 64
    save_pair d, 14, 15, 144, 64
    .irp n, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29
    mov x\n, #0x1100 + \n
    .endr
    .irp n, 8, 9, 10, 11, 12, 13, 14, 15
    mov x9, #0x2200 + \n
    fmov d\n, x9
    .endr
    bl ndcall_call_words
    mov x0, #0
    .irp n, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29
    differ \n, 0x1100 + \n
    .endr
    .irp n, 8, 9, 10, 11, 12, 13, 14, 15
    fmov x9, d\n
    differ 9, 0x2200 + \n
    .endr
    take_pair x, 29, 30, 0
    take_pair x, 19, 20, 16
    take_pair x, 21, 22, 32
    take_pair x, 23, 24, 48
    take_pair x, 25, 26, 64
    take_pair x, 27, 28, 80
    take_pair d, 8, 9, 96
    take_pair d, 10, 11, 112
    take_pair d, 12, 13, 128
    take_pair d, 14, 15, 144
    add sp, sp, #176
    .cfi_def_cfa_offset 0
    ret
    .cfi_endproc
    .size ndcall_test_guard_call, .-ndcall_test_guard_call

#endif

    .section .note.GNU-stack, "", %progbits  // also where the rest is another CPU's: without it the stack would be executable
