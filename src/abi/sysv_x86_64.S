// void ndcall_call_words(void (*function)(), const CallWords* words, CallReturn* returned), x86-64 System V.
//
// The frame is described by rbp from its first instruction to its last, so that exceptions, debuggers and profilers can unwind at any
// point. No personality routine: an exception passes, and the frame owns nothing. st0 and st1 stay as the callee left them:
// sysv_x86_64.cpp relies on it.

#if defined(__x86_64__) && defined(__LP64__) && defined(__ELF__)

#include "abi/call_words.h"

    .text
    .p2align 4
    .globl ndcall_call_words
    .hidden ndcall_call_words
    .type ndcall_call_words, @function
ndcall_call_words:
    .cfi_startproc
    endbr64
    pushq %rbp
    .cfi_def_cfa_offset 16
    .cfi_offset %rbp, -16
    movq %rsp, %rbp
    .cfi_def_cfa_register %rbp
    pushq %rbx
    .cfi_offset %rbx, -24

    movq %rdi, %r11             // function
    movq %rsi, %r10             // words
    movq %rdx, %rbx             // returned, across the call

    // rsp is 8 below a multiple of 16 here: an even number of stack words needs one more word for the callee to find rsp aligned.
    movl WORDS_STACK_WORDS(%r10), %ecx
    testb $1, %cl
    jnz 1f
    subq $8, %rsp
1:  testl %ecx, %ecx
    jz 3f
    // The last word first, by push: that touches every page on the way down, so a guard page is never jumped over.
    movq WORDS_STACK(%r10), %rdx
2:  pushq -8(%rdx,%rcx,8)
    decq %rcx
    jnz 2b

3:  movl WORDS_FLOATS_USED(%r10), %eax
    testl %eax, %eax
    jz 4f
    movsd WORDS_FLOATS+0(%r10), %xmm0
    movsd WORDS_FLOATS+16(%r10), %xmm1
    movsd WORDS_FLOATS+32(%r10), %xmm2
    movsd WORDS_FLOATS+48(%r10), %xmm3
    movsd WORDS_FLOATS+64(%r10), %xmm4
    movsd WORDS_FLOATS+80(%r10), %xmm5
    movsd WORDS_FLOATS+96(%r10), %xmm6
    movsd WORDS_FLOATS+112(%r10), %xmm7
    // al, which variadic callees read, now holds the number of vector registers.
4:  movq WORDS_INTEGERS+0(%r10), %rdi
    movq WORDS_INTEGERS+8(%r10), %rsi
    movq WORDS_INTEGERS+16(%r10), %rdx
    movq WORDS_INTEGERS+24(%r10), %rcx
    movq WORDS_INTEGERS+32(%r10), %r8
    movq WORDS_INTEGERS+40(%r10), %r9
    call *%r11

    movq %rax, RETURN_INTEGERS+0(%rbx)
    movsd %xmm0, RETURN_FLOATS+0(%rbx)
    movq %rdx, RETURN_INTEGERS+8(%rbx)
    movsd %xmm1, RETURN_FLOATS+16(%rbx)
    movq -8(%rbp), %rbx
    .cfi_restore %rbx
    leave
    .cfi_def_cfa %rsp, 8
    .cfi_restore %rbp
    ret
    .cfi_endproc
    .size ndcall_call_words, .-ndcall_call_words

// Control-flow enforcement: without this note one object would switch it off for the whole library. IBT (endbr64) and SHSTK (calls and
// returns pair up).
    .section .note.gnu.property, "a"
    .p2align 3
    .long 4                     // size of the name
    .long 16                    // size of the description
    .long 5                     // NT_GNU_PROPERTY_TYPE_0
    .asciz "GNU"
    .long 0xc0000002            // GNU_PROPERTY_X86_FEATURE_1_AND
    .long 4
    .long 3                     // IBT | SHSTK
    .long 0

#endif

    .section .note.GNU-stack, "", %progbits  // also where the rest is another CPU's: without it the stack would be executable
