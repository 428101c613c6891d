#include "abi/ffi.hpp"

#include "abi/compiled_cases.hpp"

namespace ndcall {
namespace {

// What libffi 3.4.4 loses on x86-64, and why it makes no call there: a struct result that is one long double stays on the x87 stack, where
// it spoils later results too; and a struct of an integer and a double overwrites xmm0 when it takes the last integer register (libffi
// issue 574; three parameters are too few for that).
bool is_lost(const Case& checked) { return checked.function->target->tag == typeid(LongDouble).name(); }

TEST(Ffi, CompiledFunctionsReceiveRandomStructsComplexAndLongDouble) {
    TypePool types;
    std::mt19937_64 dice(seed);
    int called = 0;
    for (const Case& checked : make_cases<3>(types, std::make_index_sequence<100>())) {
        if (is_lost(checked)) continue;
        ++called;
        SCOPED_TRACE(print_c(*checked.function, "f"));
        const CallLayout layout = lay_out_ffi_call(types.declarations, *checked.function);
        for (int repeat = 0; repeat < 3; ++repeat) check_case(types, checked, layout, dice);
    }
    EXPECT_GT(called, 80);
}

TEST(Ffi, NarrowIntegersAndBoolComeBackInTheirOwnWidth) {
    TypePool types;
    const Type* negate = types.function_of(negate_int8);
    const CallLayout layout = lay_out_ffi_call(types.declarations, *negate);
    const std::int8_t value = 100;
    const void* values[] = {&value};
    std::int8_t result[2] = {0, 77};
    invoke(layout, reinterpret_cast<void (*)()>(&negate_int8), values, result);
    EXPECT_EQ(result[0], -100);
    EXPECT_EQ(result[1], 77);
    EXPECT_EQ(describe_place(layout.parameters[0]), "libffi");
    EXPECT_EQ(describe_result_place(layout.result), "libffi");
}

[[noreturn]] void throw_its_argument(point p) { throw p; }

TEST(Ffi, ACppExceptionPasses) {
    TypePool types;
    const CallLayout layout = lay_out_ffi_call(types.declarations, *types.function_of(throw_its_argument));
    const point thrown{5, 6};
    const void* values[] = {&thrown};
    try {
        invoke(layout, reinterpret_cast<void (*)()>(&throw_its_argument), values, nullptr);
        FAIL() << "nothing was thrown";
    } catch (const point& caught) {
        EXPECT_EQ(caught.y, 6);
    }
}

TEST(Ffi, HalfPrecisionIsRefusedByName) {
    TypePool types;
    try {
        lay_out_ffi_call(types.declarations, *types.function(types.of<void>(), {types.scalar(Kind::Float, 2)}));
        FAIL() << "it was taken";
    } catch (const UncallableError& error) {
        EXPECT_STREQ(error.what(), "parameter 1 ('p1'): libffi, which has to make this call, cannot pass '_Float16'");
    }
}

}  // namespace
}  // namespace ndcall
