#include "abi/abi.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <string>

#include "abi/described_call.hpp"
#include "abi/native_abi.hpp"

namespace ndcall {
namespace {

std::string refusal_of(const TypePool& types, const Type* function) {
    try {
        lay_out_call(types.declarations, *function);
    } catch (const UncallableError& error) {
        return error.what();
    }
    return "callable";
}

TEST(Abi, MixedScalarsArriveAtACompiledFunction) {
    const double twelve = 12;
    EXPECT_EQ(call_described(sum_mixed, -1, 2.0, 3, 4.0F, -5, 6.0F, -7, 8.0, 9, true, 'k', &twelve),
              sum_mixed(-1, 2.0, 3, 4.0F, -5, 6.0F, -7, 8.0, 9, true, 'k', &twelve));
}

TEST(Abi, ManyArgumentsSpillToTheStackInOrder) {
    const double x[3] = {1, 2, 3};
    EXPECT_EQ(call_described(sum_thirty, x, 3, .1, .2, .3, .4, .5, .6, .7, .8, .9, 1., -1, -2, -3, 200, -5, true, 1.5F, 2.5F),
              sum_thirty(x, 3, .1, .2, .3, .4, .5, .6, .7, .8, .9, 1., -1, -2, -3, 200, -5, true, 1.5F, 2.5F));
}

TEST(Abi, NarrowIntegersKeepTheirSignAndWidth) {
    EXPECT_EQ(call_described(negate_int8, 100), -100);
    EXPECT_EQ(call_described(add_uint8, 200, 100), 44);
    EXPECT_EQ(call_described(negate_int16, -12345), 12345);
    EXPECT_EQ(call_described(negate_int, INT32_MIN + 1), INT32_MAX);
    EXPECT_EQ(call_described(widen_int8, -3), -3);
    EXPECT_EQ(call_described(widen_uint16, 65535), 65535U);
    EXPECT_TRUE(call_described(is_odd, 3));
    EXPECT_FALSE(call_described(is_odd, 2));
}

TEST(Abi, FloatsAndVoidResultsArePassed) {
    double to = 0;
    EXPECT_EQ(call_described(halve, 3.0F), 1.5F);
    call_described(set_double, &to, 2.5);
    EXPECT_EQ(to, 2.5);
}

TEST(Abi, StructsByValueArriveAndReturn) {
    const point turned = call_described(turn_point, point{1, 2}, 3.0), expected = turn_point({1, 2}, 3.0);
    EXPECT_EQ(turned.x, expected.x);
    EXPECT_EQ(turned.y, expected.y);
    const small moved = call_described(move_small, small{'a', 7, 1.5F}, 2);
    EXPECT_EQ(moved.c, 'c');
    EXPECT_EQ(moved.s, 5);
    EXPECT_EQ(moved.f, 3.0F);
    const big scaled = call_described(scale_big, 5, big{{1, 2, 3, 4, 5}, 6}, 2.0);
    EXPECT_EQ(scaled.a[4], 10);
    EXPECT_EQ(scaled.n, 11);
    const nested swapped = call_described(swap_nested, nested{{{'a', 1, 1}, {'b', 2, 2}}, {3, 4}}, point{5, 6});
    EXPECT_EQ(swapped.s[0].c, 'b');
    EXPECT_EQ(swapped.s[1].f, 1.0F);
    EXPECT_EQ(swapped.p.y, 6);
    EXPECT_EQ(call_described(sum_triple, triple{{1, 2, 3}}, 4), 18);
    EXPECT_EQ(call_described(make_triple, 1.F, 2.F, 3.F).a[2], 3.0F);
}

big spoil_big(big b) {
    for (double& x : b.a) x = -1;
    asm volatile("" ::"r"(&b) : "memory");  // b itself is written
    return {{}, 1};
}

TEST(Abi, ACalleeChangesItsOwnCopyOfAStruct) {
    const big given{{1, 2, 3, 4, 5}, 6};
    TypePool types;
    const CallLayout layout = lay_out_call(types.declarations, *types.function_of(spoil_big));
    const void* values[] = {&given};
    big result{};
    invoke(layout, reinterpret_cast<Untyped>(&spoil_big), values, &result);
    EXPECT_EQ(given.a[4], 5);
    EXPECT_EQ(result.n, 1);
}

TEST(Abi, ComplexAndLongDoubleArriveAndReturn) {
    const float _Complex z = {1, 2};
    EXPECT_EQ(call_described(conjugate_float, z), conjugate_float(z));
    const double _Complex a = {1, 2}, b = {3, -4};
    EXPECT_EQ(call_described(multiply_complex, a, 5, b), multiply_complex(a, 5, b));
    const long double _Complex c = {1, 2}, d = {3, -4};
    EXPECT_EQ(call_described(multiply_long, c, d), multiply_long(c, d));
    EXPECT_EQ(call_described(add_long, 1e-18L, 1, 0.5L), 1e-18L + 1 + 0.5L);
    const wide widened = call_described(widen_struct, wide{1.5L, 2, a}, 2.0);
    EXPECT_EQ(widened.v, 3.0L);
    EXPECT_EQ(widened.n, 3);
    EXPECT_EQ(widened.z, a * 2);
}

extern "C" void double_half();

TEST(Abi, HalfPrecisionTravelsInAFloatRegister) {
    if (has_half == 0 || !NDCALL_HAS_TRAMPOLINE) GTEST_SKIP() << "this compiler or CPU has no _Float16 arguments";
    TypePool types;
    const Type* half = types.scalar(Kind::Float, 2);
    const CallLayout layout = lay_out_call(types.declarations, *types.function(half, {types.of<double>(), half}));
    const double before = 1;
    const std::uint16_t two = 0x4000, five = 0x4500;
    const void* values[] = {&before, &two};
    alignas(16) std::byte result[32];
    invoke(layout, double_half, values, result);
    EXPECT_EQ(std::memcmp(result, &five, 2), 0);
}

TEST(Abi, ABoolIsPassedAsZeroOrOneWhateverItsByteHolds) {
    TypePool types;
    const Type* widen = types.function(types.of<std::int64_t>(), {types.of<bool>()});
    const std::uint8_t odd_byte = 0x80;
    const void* values[] = {&odd_byte};
    alignas(16) std::int64_t result[4] = {};
    invoke(lay_out_call(types.declarations, *widen), reinterpret_cast<Untyped>(&widen_int8), values, result);
    EXPECT_EQ(result[0], 1);
}

TEST(Abi, ABoolComesBackAsZeroOrOneWhateverTheByteThatCReturned) {
    TypePool types;
    const Type* byte = types.of<std::uint8_t>();
    const CallLayout layout = lay_out_call(types.declarations, *types.function(types.of<bool>(), {byte, byte}));
    const std::uint8_t x = 100, y = 28;
    const void* values[] = {&x, &y};
    std::uint8_t result = 0;
    invoke(layout, reinterpret_cast<Untyped>(&add_uint8), values, &result);
    EXPECT_EQ(result, 1);
}

TEST(Abi, ArraysAndFunctionsArePassedAsPointers) {
    TypePool types;
    const Type* item = types.of<double>();
    const Type* callback = types.function(item, {item});
    const CallLayout layout =
        lay_out_call(types.declarations, *types.function(item, {types.array_of(item, 0), callback, types.enumeration()}));
    ASSERT_EQ(layout.parameters.size(), 3U);
    EXPECT_EQ(layout.parameters[0].cls, layout.direct ? AbiClass::Integer : AbiClass::Other);
    EXPECT_EQ(layout.parameters[0].size, sizeof(void*));
    EXPECT_EQ(layout.parameters[1].size, sizeof(void*));
    EXPECT_EQ(layout.parameters[2].size, sizeof(int));
    EXPECT_TRUE(layout.parameters[2].is_signed);
}

TEST(AbiRefusal, NamesTheValueThatCannotBePassed) {
    TypePool types;
    const Type* number = types.of<double>();
    Type vector;
    vector.kind = Kind::Other;
    vector.spelling = "__m256d";
    vector.size = vector.align = 32;
    EXPECT_EQ(refusal_of(types, types.function(number, {number, &vector})), "parameter 2 ('p2'): '__m256d' cannot be passed by value");
    EXPECT_EQ(refusal_of(types, types.function(&vector, {number})), "the result: '__m256d' cannot be passed by value");
}

TEST(AbiRefusal, VariadicFunctionsAreRefused) {
    TypePool types;
    Type function = *types.function(types.of<int>(), {types.of<char*>()});
    function.is_variadic = true;
    EXPECT_EQ(refusal_of(types, &function), "it is variadic (...): its further arguments have no types to check");
}

TEST(AbiRefusal, IncompleteStructsAndUnionsAreRefused) {
    TypePool types;
    const Type* number = types.of<double>();
    EXPECT_EQ(refusal_of(types, types.function(number, {types.structure_type("opaque")})),
              "parameter 1 ('p1'): 'struct opaque' is incomplete: what was read does not say what it holds");
    EXPECT_EQ(refusal_of(types, types.function(number, {types.structure_type("either", Kind::Union, 8, 8)})),
              "parameter 1 ('p1'): 'union either' is a union, and unions cannot be passed by value");
}

TEST(AbiRefusal, PackedStructsAreRefused) {
    TypePool types;
    const Type* number = types.of<double>();
    const Type* packed = types.structure("packed", 12, 4, {types.field("n", types.of<int>(), 0), types.field("x", types.of<double>(), 4)});
    EXPECT_EQ(
        refusal_of(types, types.function(number, {packed})),
        "parameter 1 ('p1'): 'struct packed' is packed or aligned by hand: its member 'x' lies at byte 4 instead of 8, and such structs "
        "cannot be passed by value");
    const Type* aligned = types.structure("aligned", 32, 32, {types.field("x", types.of<double>(), 0)});
    EXPECT_EQ(
        refusal_of(types, types.function(aligned, {})),
        "the result: 'struct aligned' is packed or aligned by hand: it has 32 bytes, aligned to 32, instead of 8, aligned to 8, and such "
        "structs cannot be passed by value");
}

TEST(AbiRefusal, OddMembersAreRefused) {
    TypePool types;
    const Type* number = types.of<double>();
    Field bits = types.field("flag", types.of<unsigned>(), 0);
    bits.bit_width = 1;
    EXPECT_EQ(refusal_of(types, types.function(number, {types.structure("bits", 4, 4, {bits})})),
              "parameter 1 ('p1'): 'struct bits' has a bit-field ('flag'), and such structs cannot be passed by value");
    const Type* open =
        types.structure("open", 8, 8, {types.field("n", types.of<long>(), 0), types.field("x", types.array_of(types.of<double>(), 0), 8)});
    EXPECT_EQ(refusal_of(types, types.function(number, {open})), "parameter 1 ('p1'): 'struct open' has an array of unknown length ('x')");
    EXPECT_EQ(refusal_of(types, types.function(number, {types.structure("empty", 0, 1, {})})),
              "parameter 1 ('p1'): 'struct empty' has no members, and empty structs cannot be passed by value");
    const Type* vast = types.structure("vast", 1 << 20, 1, {types.field("c", types.array_of(types.of<char>(), 1 << 20), 0)});
    EXPECT_EQ(refusal_of(types, types.function(number, {vast})),
              "parameter 1 ('p1'): 'struct vast' is 1048576 bytes long, too much to pass by value");
}

TEST(AbiRefusal, AStructThatHoldsItselfIsRefused) {
    TypePool types;
    const Type* endless = types.structure("endless", 8, 8, {types.field("e", types.structure_type("endless", Kind::Struct, 8, 8), 0)});
    EXPECT_EQ(refusal_of(types, types.function(endless, {})), "the result: 'struct endless' is nested too deeply to be passed by value");
}

struct Thrown {
    int value;
};

[[noreturn]] void throw_after_many(int a, int b, int c, int d, int e, int f, int g, double) { throw Thrown{a + b + c + d + e + f + g}; }
[[noreturn]] void throw_point(point p) { throw Thrown{static_cast<int>(p.x)}; }

TEST(Abi, ACppExceptionPassesThroughTheTrampoline) {
    try {
        call_described(throw_after_many, 1, 2, 3, 4, 5, 6, 7, 1.0);
        FAIL() << "nothing was thrown";
    } catch (const Thrown& thrown) {
        EXPECT_EQ(thrown.value, 28);
    }
}

TEST(Abi, ACppExceptionPassesThroughACallWithAStruct) {
    try {
        call_described(throw_point, point{5, 6});
        FAIL() << "nothing was thrown";
    } catch (const Thrown& thrown) {
        EXPECT_EQ(thrown.value, 5);
    }
}

}  // namespace
}  // namespace ndcall
