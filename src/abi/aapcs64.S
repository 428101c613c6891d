// void ndcall_call_words(void (*function)(), const CallWords* words, CallReturn* returned), AArch64, little-endian ELF.
//
// The frame is described by x29 from its first instructions to its last, so that exceptions, debuggers and profilers can unwind at any
// point. No personality routine: an exception passes, and the frame owns nothing.

#if defined(__AARCH64EL__) && defined(__LP64__) && defined(__ELF__)

#include "abi/call_words.h"

    .text
    .p2align 4
    .globl ndcall_call_words
    .hidden ndcall_call_words
    .type ndcall_call_words, %function
ndcall_call_words:
    .cfi_startproc
    hint #25                    // paciasp: signs the return address, and is a landing pad; older CPUs do nothing
    .cfi_negate_ra_state
    stp x29, x30, [sp, #-32]!
    .cfi_def_cfa_offset 32
    .cfi_offset x29, -32
    .cfi_offset x30, -24
    mov x29, sp
    .cfi_def_cfa_register x29
    str x19, [sp, #16]
    .cfi_offset x19, -16

    mov x16, x0                 // function
    mov x9, x1                  // words
    mov x19, x2                 // returned, across the call

    // Pairs, the last first: sp stays aligned, and every page on the way down is touched, so a guard page is never jumped over.
    ldr w10, [x9, #WORDS_STACK_WORDS]
    cbz w10, 2f
    ldr x11, [x9, #WORDS_STACK]
    add x11, x11, x10, lsl #3   // behind the last word
    tbz w10, #0, 1f
    ldr x12, [x11, #-8]!
    stp x12, xzr, [sp, #-16]!
    subs x10, x10, #1
    b.eq 2f
1:  ldp x12, x13, [x11, #-16]!
    stp x12, x13, [sp, #-16]!
    subs x10, x10, #2
    b.ne 1b

2:  ldr w10, [x9, #WORDS_FLOATS_USED]
    cbz w10, 3f
    ldp q0, q1, [x9, #WORDS_FLOATS+0]
    ldp q2, q3, [x9, #WORDS_FLOATS+32]
    ldp q4, q5, [x9, #WORDS_FLOATS+64]
    ldp q6, q7, [x9, #WORDS_FLOATS+96]
3:  ldp x0, x1, [x9, #WORDS_INTEGERS+0]
    ldp x2, x3, [x9, #WORDS_INTEGERS+16]
    ldp x4, x5, [x9, #WORDS_INTEGERS+32]
    ldp x6, x7, [x9, #WORDS_INTEGERS+48]
    ldr x8, [x9, #WORDS_INTEGERS+64]
    blr x16

    stp q0, q1, [x19, #RETURN_FLOATS+0]
    stp q2, q3, [x19, #RETURN_FLOATS+32]
    stp x0, x1, [x19, #RETURN_INTEGERS]
    mov sp, x29
    .cfi_def_cfa_register sp
    ldr x19, [sp, #16]
    .cfi_restore x19
    ldp x29, x30, [sp], #32
    .cfi_def_cfa_offset 0
    .cfi_restore x29
    .cfi_restore x30
    hint #29                    // autiasp
    .cfi_negate_ra_state
    ret
    .cfi_endproc
    .size ndcall_call_words, .-ndcall_call_words

// Branch protection: without this note one object would switch it off for the whole library. BTI (landing pads) and PAC (signed returns).
    .section .note.gnu.property, "a"
    .p2align 3
    .word 4                     // size of the name
    .word 16                    // size of the description
    .word 5                     // NT_GNU_PROPERTY_TYPE_0
    .asciz "GNU"
    .word 0xc0000000            // GNU_PROPERTY_AARCH64_FEATURE_1_AND
    .word 4
    .word 3                     // BTI | PAC
    .word 0

#endif

    .section .note.GNU-stack, "", %progbits  // also where the rest is another CPU's: without it the stack would be executable
