#include "call/evaluate.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <limits>

#include "call/scene.hpp"

namespace ndcall::test {
namespace {

constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t smallest = std::numeric_limits<std::int64_t>::min();
const double nan = std::nan("");

void expect_integer(const Term& term, std::int64_t value) {
    const Evaluation evaluation = evaluate(term);
    ASSERT_EQ(evaluation.status, EvalStatus::Done) << term.text << ": " << evaluation.failure;
    EXPECT_EQ(evaluation.number.form, Number::Form::Integer) << term.text;
    EXPECT_EQ(evaluation.number.integer, value) << term.text;
    EXPECT_EQ(evaluation.failure, "");
}

void expect_real(const Term& term, double value) {
    const Evaluation evaluation = evaluate(term);
    ASSERT_EQ(evaluation.status, EvalStatus::Done) << term.text << ": " << evaluation.failure;
    EXPECT_EQ(evaluation.number.form, Number::Form::Real) << term.text;
    EXPECT_EQ(evaluation.number.real, value) << term.text;
}

void expect_failure(const Term& term, const std::string& failure) {
    const Evaluation evaluation = evaluate(term);
    EXPECT_EQ(evaluation.status, EvalStatus::Failed) << term.text;
    EXPECT_EQ(evaluation.failure, failure);
}

void expect_status(const Term& term, EvalStatus status) { EXPECT_EQ(evaluate(term).status, status) << term.text; }

TEST(Evaluate, integers_are_added_subtracted_and_multiplied) {
    Scene s;
    const Term n = s.cell("n", 7), m = s.cell("m", -3);
    expect_integer(n + m, 4);
    expect_integer(n - m, 10);
    expect_integer(n * m, -21);
    expect_integer(-n, -7);
    expect_integer(~n, -8);
}

TEST(Evaluate, division_of_integers_rounds_down_and_the_remainder_has_the_divisors_sign) {
    Scene s;
    const Term plus = s.cell("p", 7), minus = s.cell("q", -7);
    expect_integer(plus / 2, 3);
    expect_integer(minus / 2, -4);
    expect_integer(plus / -2, -4);
    expect_integer(minus / -2, 3);
    expect_integer(plus % 2, 1);
    expect_integer(minus % 2, 1);
    expect_integer(plus % -2, -1);
    expect_integer(minus % -7, 0);
    expect_integer(s.integer(smallest) % -1, 0);
}

TEST(Evaluate, a_real_operand_makes_the_result_real) {
    Scene s;
    const Term x = s.real_cell("x", 7.0), n = s.cell("n", 2);
    expect_real(x / n, 3.5);
    expect_real(n + x, 9);
    expect_real(-x % n, 1);
    expect_real(x % -n, -1);
    expect_real(x - n, 5);
    expect_real(s.operation(Op::Plus, {x}, "+x"), 7);
    expect_integer(s.operation(Op::Plus, {n}, "+n"), 2);
    expect_failure(x & n, "'&' takes integers in x & n");
}

TEST(Evaluate, overflow_is_a_failure_that_names_the_expression) {
    Scene s;
    const Term n = s.cell("n", largest), m = s.cell("m", smallest);
    expect_failure(n + 1, "n+1 does not fit 64 bits");
    expect_failure(m - 1, "m-1 does not fit 64 bits");
    expect_failure(n * m, "n*m does not fit 64 bits");
    expect_failure(-m, "-m does not fit 64 bits");
    expect_failure(m / -1, "m/-1 does not fit 64 bits");
    expect_failure(s.call(Function::Abs, "abs", {m}), "abs(m) does not fit 64 bits");
    expect_failure(s.integer(1) << s.integer(63), "1 << 63 does not fit 64 bits");
}

TEST(Evaluate, division_by_zero_is_a_failure) {
    Scene s;
    const Term n = s.cell("n", 4), k = s.cell("k", 0), x = s.real_cell("x", 0.0);
    expect_failure(n / k, "division by zero in n/k");
    expect_failure(n % k, "division by zero in n%k");
    expect_failure(n / x, "division by zero in n/x");
    expect_failure(n % x, "division by zero in n%x");
}

TEST(Evaluate, shifts_are_checked) {
    Scene s;
    const Term one = s.integer(1);
    expect_integer(one << s.integer(62), std::int64_t{1} << 62);
    expect_integer(s.integer(-8) >> s.integer(1), -4);
    expect_integer(s.integer(-1) << s.integer(63), smallest);
    expect_failure(one << s.integer(64), "shift by 64 bits in 1 << 64");
    expect_failure(one >> s.integer(-1), "shift by -1 bits in 1 >> -1");
}

TEST(Evaluate, bits_are_combined) {
    Scene s;
    const Term a = s.cell("a", 12), b = s.cell("b", 10);
    expect_integer(a & b, 8);
    expect_integer(a | b, 14);
    expect_integer(a ^ b, 6);
}

TEST(Evaluate, comparisons_chain_and_stop_at_the_first_that_fails) {
    Scene s;
    const Term n = s.cell("n", 3), unset = s.unknown("k");
    expect_integer(s.compare({s.integer(0), n, s.integer(5)}, {Comparison::LessEqual, Comparison::Less}), 1);
    expect_integer(s.compare({s.integer(0), n, s.integer(3)}, {Comparison::LessEqual, Comparison::Less}), 0);
    expect_integer(s.compare({s.integer(9), n, unset}, {Comparison::Less, Comparison::Less}), 0);
    expect_status(s.compare({s.integer(0), n, unset}, {Comparison::Less, Comparison::Less}), EvalStatus::Unknown);
}

TEST(Evaluate, an_integer_and_a_real_number_are_compared_exactly) {
    Scene s;
    const Term big = s.cell("n", largest), x = s.real_cell("x", 0x1p63);
    expect_integer(less(big, x), 1);
    expect_integer(equal(big, x), 0);
    expect_integer(equal(s.integer(3), s.real(3)), 1);
}

TEST(Evaluate, nan_is_unequal_to_everything_and_has_no_order) {
    Scene s;
    const Term x = s.real_cell("x", nan);
    expect_integer(equal(x, x), 0);
    expect_integer(not_equal(x, x), 1);
    expect_integer(less(x, s.integer(1)), 0);
    expect_integer(less(s.integer(1), x), 0);
}

TEST(Evaluate, logic_yields_zero_or_one_and_looks_no_further_than_needed) {
    Scene s;
    const Term yes = s.cell("yes", 5), no = s.cell("no", 0), unset = s.unknown("k");
    expect_integer(both(yes, yes), 1);
    expect_integer(both(no, unset), 0);
    expect_integer(either(yes, unset), 1);
    expect_integer(either(no, no), 0);
    expect_integer(!yes, 0);
    expect_integer(!no, 1);
    expect_status(both(yes, unset), EvalStatus::Unknown);
}

TEST(Evaluate, what_is_not_zero_and_not_null_is_true) {
    Scene s;
    expect_integer(!s.real_cell("x", 0.5), 0);
    expect_integer(!s.real_cell("y", -0.0), 1);
    expect_integer(!s.real_cell("z", nan), 0);
    expect_integer(!s.text_value("name", ""), 0);
    expect_integer(!s.null(), 1);
}

TEST(Evaluate, a_conditional_evaluates_only_the_branch_taken) {
    Scene s;
    const Term yes = s.cell("yes", 1), no = s.cell("no", 0), unset = s.unknown("k"), n = s.cell("n", 4);
    expect_integer(if_else(n, yes, unset), 4);
    expect_integer(if_else(unset, no, n), 4);
    expect_status(if_else(n, no, unset), EvalStatus::Unknown);
}

TEST(Evaluate, a_comparison_with_an_array_means_every_element) {
    Scene s;
    const Term ai = s.array<std::int32_t>("Ai", 'i', {0, 4, 2}), n = s.cell("n", 5);
    expect_integer(s.compare({s.integer(0), ai, n}, {Comparison::LessEqual, Comparison::Less}), 1);
    expect_integer(s.compare({s.integer(0), ai, s.integer(4)}, {Comparison::LessEqual, Comparison::Less}), 0);
    expect_integer(less(s.integer(0), ai), 0);
    expect_integer(s.compare({s.integer(5), ai}, {Comparison::Greater}), 1);
    const Term empty = s.array<double>("e", 'f', {});
    expect_integer(less(empty, s.integer(-1)), 1);
}

TEST(Evaluate, arrays_of_equal_shape_are_compared_element_by_element) {
    Scene s;
    const Term lo = s.array<double>("lo", 'f', {0, 1, 2}), hi = s.array<std::int16_t>("hi", 'i', {1, 2, 3}),
               two = s.array<double>("two", 'f', {1, 2});
    expect_integer(less(lo, hi), 1);
    expect_integer(less(hi, lo), 0);
    expect_failure(less(lo, two), "'lo' and 'two' have different shapes in lo < two");
}

TEST(Evaluate, elements_of_any_real_dtype_are_read) {
    Scene s;
    const auto is_five = [&](const Term& x) { expect_integer(equal(x, s.integer(5)), 1); };
    is_five(s.array<std::int8_t>("x", 'i', {5}));
    is_five(s.array<std::int16_t>("x", 'i', {5}));
    is_five(s.array<std::int64_t>("x", 'i', {5}));
    is_five(s.array<std::uint8_t>("x", 'u', {5}));
    is_five(s.array<std::uint16_t>("x", 'u', {5}));
    is_five(s.array<std::uint32_t>("x", 'u', {5}));
    is_five(s.array<std::uint64_t>("x", 'u', {5}));
    is_five(s.array<std::uint16_t>("x", 'f', {0x4500}));  // float16
    is_five(s.array<float>("x", 'f', {5}));
    is_five(s.array<double>("x", 'f', {5}));
    is_five(s.array<long double>("x", 'f', {5}));
    expect_integer(equal(s.array<bool>("x", 'b', {true}), s.integer(1)), 1);
    expect_integer(less(s.integer(largest), s.array<std::uint64_t>("x", 'u', {~std::uint64_t{0}})), 1);
}

TEST(Evaluate, elements_in_the_other_byte_order_are_read) {
    Scene s;
    const Term x = s.array<std::uint32_t>("x", 'i', {0x05000000});
    s.last_dtype().swapped = true;
    expect_integer(equal(x, s.integer(5)), 1);
    expect_integer(s.item(x, s.integer(0)), 5);
}

TEST(Evaluate, misaligned_strided_and_reversed_arrays_are_read) {
    Scene s;
    const Term x = s.array<std::int32_t>("x", 'i', {1, -9, 2, -9, 3, -9});
    s.last_store().shape = {3};
    s.last_store().byte_strides = {8};
    expect_integer(less(s.integer(0), x), 1);
    expect_integer(s.item(x, s.integer(2)), 3);
    s.last_store().offset = 16;
    s.last_store().byte_strides = {-8};
    expect_integer(less(s.integer(0), x), 1);
    expect_integer(s.item(x, s.integer(2)), 1);
    const Term y = s.array<std::uint8_t>("y", 'i', {0, 7, 0, 0, 0});
    s.last_store().offset = 1;
    s.last_store().shape = {1};
    s.last_dtype().itemsize = 4;
    expect_integer(equal(y, s.integer(7)), 1);
}

TEST(Evaluate, every_element_of_an_array_of_many_dimensions_is_visited) {
    for (int wrong = 0; wrong < 24; ++wrong) {
        Scene s;
        const Term x = s.array<std::int8_t>("x", 'i', {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, {2, 3, 4});
        expect_integer(equal(x, s.integer(0)), 1);
        s.last_store().memory[static_cast<std::size_t>(wrong)] = std::byte{1};
        expect_integer(equal(x, s.integer(0)), 0);
    }
}

TEST(Evaluate, complex_elements_have_no_order_but_may_be_finite) {
    Scene s;
    const Term z = s.array<double>("z", 'c', {1, 2, 3, 4}, {2});
    s.last_store().byte_strides = {16};
    s.last_dtype().itemsize = 16;
    expect_failure(less(z, s.integer(1)), "the elements of 'z' cannot be compared in z < 1");
    expect_integer(s.call(Function::Finite, "finite", {z}), 1);
    const Term bad = s.array<double>("bad", 'c', {1, nan}, {1});
    s.last_dtype().itemsize = 16;
    expect_integer(s.call(Function::Finite, "finite", {bad}), 0);
}

TEST(Evaluate, an_element_is_read_by_its_index_and_never_outside) {
    Scene s;
    const Term ap = s.array<double>("Ap", 'f', {0, 2.5}), n = s.cell("n", 2);
    expect_real(s.item(ap, s.integer(1)), 2.5);
    expect_failure(s.item(ap, n), "index 2 is outside 'Ap', which has length 2, in Ap[n]");
    expect_failure(s.item(ap, s.integer(-1)), "index -1 is outside 'Ap', which has length 2, in Ap[-1]");
    expect_failure(s.item(ap, s.real(1)), "an integer is wanted in Ap[1.0]");
    expect_failure(s.item(s.array<std::uint64_t>("u", 'u', {~std::uint64_t{0}}), s.integer(0)), "'u[0]' is no real 64-bit number in u[0]");
    expect_failure(s.item(s.array<double>("a", 'f', {0}, {1, 1}), s.integer(0)), "'a' has 2 dimensions, and no one index, in a[0]");
}

TEST(Evaluate, functions_of_numbers) {
    Scene s;
    const Term n = s.cell("n", 3), x = s.real_cell("x", -2.5);
    expect_integer(s.call(Function::Max, "max", {n, x, s.integer(1)}), 3);
    expect_real(s.call(Function::Min, "min", {n, x}), -2.5);
    expect_real(s.call(Function::Abs, "abs", {x}), 2.5);
    expect_integer(s.call(Function::Abs, "abs", {s.integer(-4)}), 4);
    expect_integer(s.call(Function::Int, "int", {x}), -2);
    expect_failure(s.call(Function::Int, "int", {s.real(1e19)}), "int(1e+19) does not fit 64 bits");
    expect_failure(s.call(Function::Int, "int", {s.real_cell("y", nan)}), "int(y) does not fit 64 bits");
    expect_integer(s.call(Function::Finite, "finite", {x}), 1);
    expect_integer(s.call(Function::Finite, "finite", {n}), 1);
    expect_integer(s.call(Function::Finite, "finite", {s.real_cell("y", nan)}), 0);
    expect_integer(s.call(Function::Finite, "finite", {s.real(-INFINITY)}), 0);
    expect_failure(s.call(Function::Max, "max", {n, s.null()}), "min, max, abs and int take numbers in max(n, NULL)");
}

TEST(Evaluate, shape_and_steps_of_an_array) {
    Scene s;
    const Term a = s.array<double>("a", 'f', {1, 2, 3, 4, 5, 6}, {2, 3}), one = s.integer(1);
    expect_integer(s.call(Function::Len, "len", {a}), 2);
    expect_integer(s.call(Function::Size, "size", {a}), 6);
    expect_integer(s.call(Function::Ndim, "ndim", {a}), 2);
    expect_integer(s.call(Function::Itemsize, "itemsize", {a}), 8);
    expect_integer(s.call(Function::Shape, "shape", {a, one}), 3);
    expect_integer(s.call(Function::Stride, "stride", {a, s.integer(0)}), 3);
    expect_integer(s.call(Function::ByteStride, "byte_stride", {a, s.integer(0)}), 24);
    expect_failure(s.call(Function::Shape, "shape", {a, s.integer(2)}), "'a' has no axis 2 (it has 2) in shape(a, 2)");
    expect_failure(s.call(Function::Shape, "shape", {a}), "shape(a) is a list, not a number");
    expect_failure(s.call(Function::ByteStrides, "byte_strides", {a}), "byte_strides(a) is a list, not a number");
    s.last_store().byte_strides = {28, 8};
    expect_failure(s.call(Function::Stride, "stride", {a, s.integer(0)}),
                   "the step of 'a' along axis 0, 28 bytes, is no multiple of its item size, 8 bytes");
    expect_integer(s.call(Function::Len, "len", {s.text_value("name", "abc")}), 3);
}

TEST(Evaluate, an_axis_of_one_element_has_the_contiguous_step) {
    Scene s;
    const Term a = s.array<double>("a", 'f', {1, 2, 3}, {1, 3});
    s.last_store().byte_strides = {8, 8};
    expect_integer(s.call(Function::Stride, "stride", {a, s.integer(0)}), 3);
    const Term f = s.array<double>("f", 'f', {1, 2, 3}, {3, 1});
    s.last_store().byte_strides = {8, 8};
    s.plan.arrays.back().fortran = true;
    expect_integer(s.call(Function::Stride, "stride", {f, s.integer(1)}), 3);
}

TEST(Evaluate, properties_of_all_elements) {
    Scene s;
    const auto ask = [&](Function function, std::initializer_list<double> elements) {
        return evaluate(s.call(function, "f", {s.array<double>("x", 'f', elements)})).number.integer;
    };
    const double inf = std::numeric_limits<double>::infinity();
    EXPECT_EQ(ask(Function::Increasing, {1, 2, 3}), 1);
    EXPECT_EQ(ask(Function::Increasing, {1, 2, 2}), 0);
    EXPECT_EQ(ask(Function::Increasing, {}), 1);
    EXPECT_EQ(ask(Function::Increasing, {nan}), 0);
    EXPECT_EQ(ask(Function::Sorted, {1, 2, 2}), 1);
    EXPECT_EQ(ask(Function::Sorted, {1, nan, 2}), 0);
    EXPECT_EQ(ask(Function::Sorted, {2, 1}), 0);
    EXPECT_EQ(ask(Function::Finite, {1, -2}), 1);
    EXPECT_EQ(ask(Function::Finite, {1, inf}), 0);
    EXPECT_EQ(ask(Function::Finite, {nan}), 0);
}

TEST(Evaluate, alignment_is_that_of_the_address) {
    Scene s;
    const Term x = s.array<double>("x", 'f', {1, 2, 3, 4});
    expect_integer(s.call(Function::Aligned, "aligned", {x, s.integer(8)}), 1);
    s.last_store().offset = 1;
    expect_integer(s.call(Function::Aligned, "aligned", {x, s.integer(8)}), 0);
    expect_failure(s.call(Function::Aligned, "aligned", {x, s.integer(0)}), "an alignment is at least 1 byte, not 0, in aligned(x, 0)");
}

TEST(Evaluate, what_was_not_given_is_absent_and_may_only_be_compared_with_null) {
    Scene s;
    const Term x = s.absent_array("x"), given = s.array<double>("y", 'f', {1}), text = s.text_value("name", nullptr);
    expect_status(less(x, s.integer(1)), EvalStatus::Absent);
    expect_status(s.item(x, s.integer(0)), EvalStatus::Absent);
    expect_status(s.call(Function::Len, "len", {x}), EvalStatus::Absent);
    expect_status(s.call(Function::Len, "len", {text}), EvalStatus::Absent);
    expect_integer(equal(x, s.null()), 1);
    expect_integer(not_equal(given, s.null()), 1);
    expect_integer(equal(text, s.null()), 1);
    expect_integer(if_else(s.call(Function::Len, "len", {x}), not_equal(x, s.null()), s.integer(0)), 0);
    expect_failure(less(text, s.null()), "NULL has no order in name < NULL");
}

TEST(Evaluate, texts_are_equal_by_their_characters) {
    Scene s;
    const std::string copy = "abc";
    const Term a = s.text_value("a", "abc"), b = s.text_value("b", copy.c_str());
    expect_integer(equal(a, b), 1);
    expect_failure(equal(a, s.integer(1)), "a text compares with NULL or a text, for equality, in a == 1");
    expect_failure(a + 1, "a text is no number in a+1");
    expect_failure(s.null() + 1, "NULL is no number in NULL+1");
}

TEST(Evaluate, an_array_alone_is_no_number) {
    Scene s;
    expect_failure(s.array<double>("x", 'f', {1}) + 1, "'x' stands for all its elements, and has no one value, in x+1");
}

TEST(Evaluate, a_value_beyond_64_signed_bits_and_a_complex_value_are_failures) {
    Scene s;
    const Term u = s.cell("u", -1, {ScalarKind::Signed, 8}), z = s.cell("z", 1, {ScalarKind::Complex, 16});
    const Program root = (u + 1).program;
    s.plan.cells[0].type = {ScalarKind::Unsigned, 8};
    Frame frame(s.plan);
    std::fill_n(frame.cells[0].bytes, 8, std::byte{0xff});
    frame.cells[0].known = true;
    EXPECT_EQ(ndcall::evaluate(frame, root).failure, "the value of 'u' does not fit 64 bits in u+1");
    s.plan.cells[0].type = {ScalarKind::Signed, 8};
    expect_failure(z + 1, "'z' is complex in z+1");
}

TEST(Evaluate, a_complex_element_is_no_number) {
    Scene s;
    const Term z = s.array<std::complex<double>>("z", 'c', {{1, 2}});
    expect_failure(s.item(z, s.integer(0)) + 1, "'z[0]' is no real 64-bit number in z[0]+1");
}

TEST(Evaluate, lists_are_evaluated_one_by_one) {
    Scene s;
    const Term n = s.cell("n", 2), a = s.array<double>("a", 'f', {1, 2, 3, 4, 5, 6}, {2, 3}), unset = s.unknown("k");
    const auto list = [&](const Term& term) {
        std::vector<std::int64_t> values;
        std::string failure;
        EXPECT_EQ(evaluate_list(s.frame(), term.program, values, failure), EvalStatus::Done) << failure;
        return values;
    };
    EXPECT_EQ(list(s.list({n, n + 1})), (std::vector<std::int64_t>{2, 3}));
    EXPECT_EQ(list(n), (std::vector<std::int64_t>{2}));
    EXPECT_EQ(list(s.call(Function::Shape, "shape", {a})), (std::vector<std::int64_t>{2, 3}));
    EXPECT_EQ(list(s.call(Function::ByteStrides, "byte_strides", {a})), (std::vector<std::int64_t>{24, 8}));
    std::vector<std::int64_t> values;
    std::string failure;
    EXPECT_EQ(evaluate_list(s.frame(), s.list({n, unset}).program, values, failure), EvalStatus::Unknown);
    EXPECT_EQ(evaluate_list(s.frame(), s.list({s.real(2.5)}).program, values, failure), EvalStatus::Failed);
    EXPECT_EQ(failure, "an integer is wanted in [2.5]");
}

TEST(Evaluate, simple_programs_are_seen_at_once) {
    Scene s;
    const Term n = s.cell("n", 3), i = s.cell("i", -4, Scalar{ScalarKind::Signed, 4}), k = s.unknown("k"), x = s.real_cell("x", 1.5),
               sum = n + 1;
    std::int64_t value = 0;
    const Frame& frame = s.frame();
    EXPECT_TRUE(evaluate_simple(frame, n.program, value) && value == 3);
    EXPECT_TRUE(evaluate_simple(frame, i.program, value) && value == -4);
    EXPECT_FALSE(evaluate_simple(frame, k.program, value));
    EXPECT_FALSE(evaluate_simple(frame, x.program, value));
    EXPECT_FALSE(evaluate_simple(frame, sum.program, value));
    s.plan.cells[0].type = {ScalarKind::Unsigned, 8};
    Frame large(s.plan);
    large.cells[0].known = true;
    std::fill_n(large.cells[0].bytes, 8, std::byte{0xff});
    EXPECT_FALSE(evaluate_simple(large, n.program, value));
}

TEST(ShowValues, every_name_is_shown_once_with_its_value) {
    Scene s;
    const Term n = s.cell("n", 3), x = s.real_cell("x", 2.0), ap = s.array<std::int32_t>("Ap", 'i', {0, 1, 2, 9}), k = s.unknown("k");
    const Term condition = both(equal(s.item(ap, n), n + k), less(x, n));
    EXPECT_EQ(show_values(s.frame(), condition.program), "n = 3, Ap[3] = 9, x = 2.0");
}

TEST(ShowValues, of_an_array_the_element_is_shown_that_makes_a_condition_false) {
    Scene s;
    const Term m = s.cell("m", 3), index = s.array<std::int32_t>("index", 'i', {0, 2, 3, -1});
    const Term grid = s.array<double>("grid", 'f', {1, 2, 3, 4, 0, 6}, {2, 3}), gaps = s.array<double>("x", 'f', {1, NAN});
    const auto show = [&](const Term& term) { return show_values(s.frame(), term.program); };
    EXPECT_EQ(show(s.compare({s.integer(0), index, m}, {Comparison::LessEqual, Comparison::Less})), "m = 3, index[3] = -1, index[2] = 3");
    EXPECT_EQ(show(s.compare({grid, s.integer(0)}, {Comparison::Greater})), "grid[1, 1] = 0.0");
    EXPECT_EQ(show(s.compare({grid, s.integer(0)}, {Comparison::GreaterEqual})), "");
    EXPECT_EQ(show(s.call(Function::Sorted, "sorted", {index})), "index[2] = 3, index[3] = -1");
    EXPECT_EQ(show(s.call(Function::Finite, "finite", {gaps})), "x[1] = nan");
}

}  // namespace
}  // namespace ndcall::test
