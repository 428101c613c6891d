// void ndcall_call_words(void (*function)(), const CallWords* words, CallReturn* returned), x86-64 System V.
//
// The frame is described by rbp from its first instruction to its last, so that exceptions, debuggers and profilers can unwind at any
// point. No personality routine: an exception passes, and the frame owns nothing. st0 and st1 stay as the callee left them:
// sysv_x86_64.cpp relies on it.

#if defined(__x86_64__) && defined(__LP64__) && defined(__ELF__)

// Offsets in CallWords and CallReturn; abi.cpp asserts them.
#define INTEGERS 0
#define FLOATS 64
#define STACK 128
#define STACK_WORDS 136
#define FLOATS_USED 140
#define RETURN_INTEGER 0
#define RETURN_FLOATING 8
#define RETURN_SECOND_INTEGER 16
#define RETURN_SECOND_FLOATING 24

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
    movl STACK_WORDS(%r10), %ecx
    testb $1, %cl
    jnz 1f
    subq $8, %rsp
1:  testl %ecx, %ecx
    jz 3f
    // The last word first, by push: that touches every page on the way down, so a guard page is never jumped over.
    movq STACK(%r10), %rdx
2:  pushq -8(%rdx,%rcx,8)
    decq %rcx
    jnz 2b

3:  movl FLOATS_USED(%r10), %eax
    testl %eax, %eax
    jz 4f
    movsd FLOATS+0(%r10), %xmm0
    movsd FLOATS+8(%r10), %xmm1
    movsd FLOATS+16(%r10), %xmm2
    movsd FLOATS+24(%r10), %xmm3
    movsd FLOATS+32(%r10), %xmm4
    movsd FLOATS+40(%r10), %xmm5
    movsd FLOATS+48(%r10), %xmm6
    movsd FLOATS+56(%r10), %xmm7
    // al, which variadic callees read, now holds the number of vector registers.
4:  movq INTEGERS+0(%r10), %rdi
    movq INTEGERS+8(%r10), %rsi
    movq INTEGERS+16(%r10), %rdx
    movq INTEGERS+24(%r10), %rcx
    movq INTEGERS+32(%r10), %r8
    movq INTEGERS+40(%r10), %r9
    call *%r11

    movq %rax, RETURN_INTEGER(%rbx)
    movsd %xmm0, RETURN_FLOATING(%rbx)
    movq %rdx, RETURN_SECOND_INTEGER(%rbx)
    movsd %xmm1, RETURN_SECOND_FLOATING(%rbx)
    movq -8(%rbp), %rbx
    .cfi_restore %rbx
    leave
    .cfi_def_cfa %rsp, 8
    .cfi_restore %rbp
    ret
    .cfi_endproc
    .size ndcall_call_words, .-ndcall_call_words

    .section .note.GNU-stack, "", @progbits

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
