#include "call/invoke_fast.hpp"

#include <gtest/gtest.h>

#include <cstdarg>
#include <cstring>

#include "abi/described_call.hpp"

#if NDCALL_HAS_TRAMPOLINE

namespace ndcall {
namespace {

// Calls `function` as the fast path does: each argument in the word of its register, nothing more known than the layout.
template <bool is_declared_by_c = true, class R, class... A, class... Given>
R call_by_words(R (*function)(A...), Given... given) {
    const CallLayout layout = layout_of(function);
    FastRoute route = find_route(layout).value();
    route.address = reinterpret_cast<Untyped>(function);
    route.is_declared_by_c = is_declared_by_c;
    std::uint64_t words[most_fast_words];
    std::memset(words, 0xee, sizeof words);
    std::size_t i = 0;
    [[maybe_unused]] const auto place = [&](auto value) {
        const ValuePlace& at = layout.parameters[i++];
        words[find_place_word(at)] = load_word(at, &value);
    };
    (place(static_cast<A>(given)), ...);
    CallReturn returned;
    std::memset(&returned, 0xee, sizeof returned);
    invoke_fast(route, words, returned);
    R result{};
    store_result(layout.result, returned, &result);
    return result;
}

int weigh_integers(std::int8_t a, std::int64_t b, bool c, unsigned d, const int* e, short f) {
    return static_cast<int>(a + 2 * b + 4 * c + 8 * d + 16 * *e) + 32 * f;
}
double weigh_mixed(std::int64_t a, double b, float c, std::int8_t d) {
    return static_cast<double>(a) + 2 * b + 4 * static_cast<double>(c) + 8 * d;
}
std::int16_t round_down(double a) { return static_cast<std::int16_t>(a); }
float no_arguments() { return 1.5F; }

TEST(InvokeFast, IntegersTravelInRegisters) {
    const int five = 5;
    EXPECT_EQ(call_by_words(weigh_integers, -1, 2, true, 4, &five, -6), weigh_integers(-1, 2, true, 4, &five, -6));
}

TEST(InvokeFast, FloatingNumbersTravelBesideIntegers) {
    EXPECT_EQ(call_by_words(weigh_mixed, -7, 0.5, 0.25F, -2), weigh_mixed(-7, 0.5, 0.25F, -2));
    EXPECT_EQ(call_by_words(round_down, -7.5), -7);
}

TEST(InvokeFast, AFloatingResultComesBackWithoutFloatingArguments) { EXPECT_EQ(call_by_words(no_arguments), 1.5F); }

double sum_variadic(int count, ...) {
    std::va_list list;
    va_start(list, count);
    double sum = 0;
    for (int i = 0; i < count; ++i) sum += va_arg(list, double);
    va_end(list);
    return sum;
}

TEST(InvokeFast, AFunctionThatNobodyDeclaredMayBeVariadic) {
    // SAFETY: to call it by another type is what the test is about; both ABIs pass named and variadic arguments alike.
    const auto as_plain = reinterpret_cast<double (*)(int, double, double)>(reinterpret_cast<Untyped>(sum_variadic));
    EXPECT_EQ(call_by_words<false>(as_plain, 2, 1.5, 2.5), 4.0);
}

TEST(InvokeFast, WhatFindsNoRegisterTravelsOnTheStack) {
    const double x[3] = {1, 2, 3};
    EXPECT_EQ(call_by_words(sum_thirty, x, 3, .1, .2, .3, .4, .5, .6, .7, .8, .9, 1., -1, -2, -3, 200, -5, true, 1.5F, 2.5F),
              sum_thirty(x, 3, .1, .2, .3, .4, .5, .6, .7, .8, .9, 1., -1, -2, -3, 200, -5, true, 1.5F, 2.5F));
}

}  // namespace
}  // namespace ndcall

#endif
