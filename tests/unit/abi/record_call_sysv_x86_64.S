// See record_call.hpp. x86-64 System V.
#if defined(__x86_64__) && defined(__LP64__) && defined(__ELF__)

    .text
    .globl ndcall_test_record_call
    .type ndcall_test_record_call, @function
ndcall_test_record_call:
    .cfi_startproc
    endbr64
    leaq ndcall_test_record(%rip), %r11
    movq %rdi, 0(%r11)
    movq %rsi, 8(%r11)
    movq %rdx, 16(%r11)
    movq %rcx, 24(%r11)
    movq %r8, 32(%r11)
    movq %r9, 40(%r11)
    movsd %xmm0, 64(%r11)
    movsd %xmm1, 72(%r11)
    movsd %xmm2, 80(%r11)
    movsd %xmm3, 88(%r11)
    movsd %xmm4, 96(%r11)
    movsd %xmm5, 104(%r11)
    movsd %xmm6, 112(%r11)
    movsd %xmm7, 120(%r11)
    movq %rax, 128(%r11)
    movq %rsp, 136(%r11)
    movq 144(%r11), %rcx
    movq 152(%r11), %rdi
    leaq 8(%rsp), %rsi
    rep movsq
    movq $0x5a5a5a5a5a5a5a5a, %rdi
    movq %rdi, %rsi
    movq %rdi, %rdx
    movq %rdi, %rcx
    movq %rdi, %r8
    movq %rdi, %r9
    movq %rdi, %r10
    movq %rdi, %xmm1
    movq %rdi, %xmm2
    movq %rdi, %xmm3
    movq %rdi, %xmm4
    movq %rdi, %xmm5
    movq %rdi, %xmm6
    movq %rdi, %xmm7
    movq %rdi, %xmm8
    movq %rdi, %xmm15
    movq 160(%r11), %rax
    movsd 168(%r11), %xmm0
    movq %rdi, %r11
    ret
    .cfi_endproc
    .size ndcall_test_record_call, .-ndcall_test_record_call

    .globl ndcall_test_guard_call
    .type ndcall_test_guard_call, @function
ndcall_test_guard_call:
    .cfi_startproc
    endbr64
    pushq %rbx
    .cfi_adjust_cfa_offset 8
    .cfi_offset %rbx, -16
    pushq %rbp
    .cfi_adjust_cfa_offset 8
    .cfi_offset %rbp, -24
    pushq %r12
    .cfi_adjust_cfa_offset 8
    .cfi_offset %r12, -32
    pushq %r13
    .cfi_adjust_cfa_offset 8
    .cfi_offset %r13, -40
    pushq %r14
    .cfi_adjust_cfa_offset 8
    .cfi_offset %r14, -48
    pushq %r15
    .cfi_adjust_cfa_offset 8
    .cfi_offset %r15, -56
    subq $8, %rsp
    .cfi_adjust_cfa_offset 8
    movq $0x1111, %rbx
    movq $0x2222, %rbp
    movq $0x3333, %r12
    movq $0x4444, %r13
    movq $0x5555, %r14
    movq $0x6666, %r15
    call ndcall_call_words
    // Each difference is zero, and so is their union.
    xorq $0x1111, %rbx
    xorq $0x2222, %rbp
    xorq $0x3333, %r12
    xorq $0x4444, %r13
    xorq $0x5555, %r14
    xorq $0x6666, %r15
    movq %rbx, %rax
    orq %rbp, %rax
    orq %r12, %rax
    orq %r13, %rax
    orq %r14, %rax
    orq %r15, %rax
    addq $8, %rsp
    .cfi_adjust_cfa_offset -8
    popq %r15
    .cfi_adjust_cfa_offset -8
    popq %r14
    .cfi_adjust_cfa_offset -8
    popq %r13
    .cfi_adjust_cfa_offset -8
    popq %r12
    .cfi_adjust_cfa_offset -8
    popq %rbp
    .cfi_adjust_cfa_offset -8
    popq %rbx
    .cfi_adjust_cfa_offset -8
    ret
    .cfi_endproc
    .size ndcall_test_guard_call, .-ndcall_test_guard_call

#endif

    .section .note.GNU-stack, "", %progbits  // also where the rest is another CPU's: without it the stack would be executable
