#include "call/explain.hpp"

#include <gtest/gtest.h>

namespace ndcall {
namespace {

Mismatch make(MismatchKind kind, const std::string& argument, std::int32_t position, const std::string& problem,
              const std::string& expected = "", const std::string& got = "", const std::string& fix = "") {
    return {kind, argument, position, problem, expected, got, fix};
}

TEST(Explain, mismatches_of_one_argument_share_a_block) {
    const std::string expected = "(n,) float64, C-contiguous, writeable (inout)", got = "(3,) float64, strides (16,), read-only",
                      fix = "x = np.array(x)   (a writeable copy, 24 bytes; results go to the copy)";
    const Mismatches mismatches = {make(MismatchKind::Layout, "x", 0, "is not C-contiguous", expected, got, fix),
                                   make(MismatchKind::Layout, "x", 0, "is not writeable", expected, got, fix)};
    EXPECT_EQ(explain("scale(x, a)", 2, mismatches),
              "scale(x, a): argument 'x' (1st of 2) is not C-contiguous and not writeable\n"
              "  expected  (n,) float64, C-contiguous, writeable (inout)\n"
              "  got       (3,) float64, strides (16,), read-only\n"
              "  fix       x = np.array(x)   (a writeable copy, 24 bytes; results go to the copy)");
    EXPECT_STREQ(exception_name(mismatches), "LayoutError");
}

TEST(Explain, three_problems_are_listed_and_a_verb_is_repeated_only_when_it_changes) {
    const Mismatches mismatches = {make(MismatchKind::Layout, "x", -1, "is not writeable"),
                                   make(MismatchKind::Dtype, "x", -1, "has dtype int64, not float64"),
                                   make(MismatchKind::Layout, "x", -1, "is not aligned")};
    EXPECT_EQ(explain("f(a)", 1, mismatches),
              "f(a): argument 'x' (the result) has dtype int64, not float64; is not writeable and not aligned");
    EXPECT_STREQ(exception_name(mismatches), "DtypeError");
}

TEST(Explain, several_arguments_give_several_blocks_and_the_one_that_names_the_exception_comes_first) {
    const Mismatches mismatches = {make(MismatchKind::Shape, "a", 0, "has length 3", "(n,) float64, where n = 4 from 'b'", "(3,) float64"),
                                   make(MismatchKind::Object, "k", 1, "is None", "an integer (int)", "None")};
    EXPECT_EQ(explain("f(a, k, b)", 3, mismatches),
              "f(a, k, b): argument 'k' (2nd of 3) is None\n"
              "  expected  an integer (int)\n"
              "  got       None\n"
              "argument 'a' (1st of 3) has length 3\n"
              "  expected  (n,) float64, where n = 4 from 'b'\n"
              "  got       (3,) float64");
    EXPECT_STREQ(exception_name(mismatches), "ArgumentError");
}

TEST(Explain, the_only_input_has_no_position) {
    EXPECT_EQ(explain("f(x)", 1, {make(MismatchKind::Ndim, "x", 0, "has 1 dimension, not 2")}),
              "f(x): argument 'x' has 1 dimension, not 2");
    EXPECT_EQ(explain("f(y)", 1, {make(MismatchKind::Count, "y", -1, "is unknown")}), "f(y): argument 'y' is unknown");
}

TEST(Explain, the_call_as_a_whole_has_no_argument) {
    const Mismatches mismatches = {make(MismatchKind::Count, "", -1, "takes 2 arguments, 3 were given"),
                                   make(MismatchKind::Check, "", -1, "n must be a power of two", "n & (n-1) == 0", "n = 6")};
    EXPECT_EQ(explain("fft(x, n)", 2, mismatches),
              "fft(x, n): takes 2 arguments, 3 were given\n"
              "n must be a power of two\n"
              "  expected  n & (n-1) == 0\n"
              "  got       n = 6");
}

TEST(Explain, different_demands_on_one_argument_are_all_shown) {
    const Mismatches mismatches = {make(MismatchKind::Range, "n", 0, "does not fit int", "-2147483648 to 2147483647", "3000000000"),
                                   make(MismatchKind::Shape, "n", 0, "is not the length of 'x'", "3", "3000000000")};
    EXPECT_EQ(explain("f(n, x)", 2, mismatches),
              "f(n, x): argument 'n' (1st of 2) does not fit int; is not the length of 'x'\n"
              "  expected  3\n"
              "  got       3000000000\n"
              "  expected  -2147483648 to 2147483647\n"
              "  got       3000000000");
}

TEST(ExceptionName, follows_the_first_kind) {
    const std::pair<MismatchKind, const char*> table[] = {
        {MismatchKind::Count, "ArgumentError"},  {MismatchKind::Object, "ArgumentError"}, {MismatchKind::Dtype, "DtypeError"},
        {MismatchKind::Ndim, "ShapeError"},      {MismatchKind::Shape, "ShapeError"},     {MismatchKind::Layout, "LayoutError"},
        {MismatchKind::Overlap, "OverlapError"}, {MismatchKind::Range, "RangeError"},     {MismatchKind::Check, "CheckError"}};
    for (const auto& [kind, name] : table)
        EXPECT_STREQ(exception_name({make(MismatchKind::Check, "x", 0, "is wrong"), make(kind, "x", 0, "is wrong")}), name);
    EXPECT_STREQ(exception_name({}), "ContractError");
}

struct Described {
    alignas(16) std::byte memory[64] = {};
    std::vector<std::ptrdiff_t> shape, strides;
    ArrayView view;

    Described(std::vector<std::ptrdiff_t> extents, std::vector<std::ptrdiff_t> steps, DType dtype, int flags)
        : shape(std::move(extents)), strides(std::move(steps)) {
        view = {memory, shape.data(), strides.data(), nullptr, static_cast<std::uint16_t>(shape.size()), static_cast<std::uint16_t>(flags),
                dtype};
    }
};

TEST(DescribeArray, shows_only_what_is_unusual) {
    const int usual = c_contiguous | aligned | writeable;
    EXPECT_EQ(describe_array(Described({3}, {8}, {'f', false, 8}, usual | f_contiguous).view), "(3,) float64");
    EXPECT_EQ(describe_array(Described({2, 3}, {24, 8}, {'c', false, 16}, usual).view), "(2, 3) complex128");
    EXPECT_EQ(describe_array(Described({}, {}, {'b', false, 1}, usual).view), "() bool");
    EXPECT_EQ(describe_array(Described({2, 3}, {8, 16}, {'f', false, 8}, f_contiguous | aligned | writeable).view),
              "(2, 3) float64, strides (8, 16)");
    EXPECT_EQ(describe_array(Described({3}, {16}, {'i', false, 4}, aligned).view), "(3,) int32, strides (16,), read-only");
    EXPECT_EQ(describe_array(Described({3}, {1}, {'O', false, 8}, usual).view), "(3,) object");
    EXPECT_EQ(describe_array(Described({3}, {24}, {'V', false, 24}, usual).view), "(3,) void of 24 bytes");
}

TEST(DescribeArray, tells_byte_order_and_alignment) {
    EXPECT_EQ(describe_array(Described({3}, {8}, {'f', true, 8}, c_contiguous | writeable).view), "(3,) >f8, not aligned to 8 bytes");
    EXPECT_EQ(describe_array(Described({3}, {16}, {'c', false, 16}, c_contiguous | writeable).view),
              "(3,) complex128, not aligned to 8 bytes");
}

struct Demanded {
    Plan plan;
    Array array;

    explicit Demanded(std::vector<std::string> extents) {
        array.dtype = {'f', false, 8};
        for (std::string& extent : extents) {
            plan.programs.nodes.emplace_back();
            plan.programs.texts.push_back(std::move(extent));
            array.axes.push_back({static_cast<Program>(plan.programs.texts.size() - 1), StepRule::Contiguous, no_program});
        }
    }
};

TEST(DescribeDemand, an_input_is_told_how_it_needs_no_copy) {
    Demanded in({"m", "n+1"});
    in.array.read = in.array.is_input = true;
    EXPECT_EQ(describe_demand(in.plan, in.array), "(m, n+1) float64, C-contiguous");
}

TEST(DescribeDemand, what_c_writes_must_lie_as_c_expects_it) {
    Demanded inout({"n"});
    inout.array.read = inout.array.written = inout.array.is_input = true;
    EXPECT_EQ(describe_demand(inout.plan, inout.array), "(n,) float64, C-contiguous, writeable (inout)");
    inout.array.is_input = inout.array.read = false;
    inout.array.is_result = true;
    EXPECT_EQ(describe_demand(inout.plan, inout.array), "(n,) float64, C-contiguous, writeable (out)");
    inout.array.axes[0].step = StepRule::Elements;
    EXPECT_EQ(describe_demand(inout.plan, inout.array), "(n,) float64, any positive step in elements, writeable (out)");
    inout.array.lowest = true;
    EXPECT_EQ(describe_demand(inout.plan, inout.array), "(n,) float64, any step in elements, writeable (out)");
    inout.array.axes[0].step = StepRule::Any;
    EXPECT_EQ(describe_demand(inout.plan, inout.array), "(n,) float64, any strides, writeable (out)");
    inout.array.copied = true;
    EXPECT_EQ(describe_demand(inout.plan, inout.array), "(n,) float64, any strides");
}

TEST(DescribeDemand, steps_of_rows_and_columns) {
    Demanded a({"m", "n"});
    a.array.written = a.array.is_input = true;
    a.array.axes[0].step = StepRule::Elements;
    EXPECT_EQ(describe_demand(a.plan, a.array), "(m, n) float64, contiguous rows, any positive step in elements, writeable (inout)");
    a.array.axes[0].step = StepRule::Bytes;
    EXPECT_EQ(describe_demand(a.plan, a.array), "(m, n) float64, contiguous rows, any positive step in bytes, writeable (inout)");
    a.array.axes = {a.array.axes[1], a.array.axes[0]};
    a.array.fortran = true;
    EXPECT_EQ(describe_demand(a.plan, a.array), "(n, m) float64, contiguous columns, any positive step in bytes, writeable (inout)");
    a.array.axes[1].step = StepRule::Any;
    EXPECT_EQ(describe_demand(a.plan, a.array), "(n, m) float64, contiguous columns, any strides, writeable (inout)");
    a.array.axes[1].step = StepRule::Contiguous;
    EXPECT_EQ(describe_demand(a.plan, a.array), "(n, m) float64, F-contiguous, writeable (inout)");
    a.array.fortran = false;
    a.array.rows = true;
    EXPECT_EQ(describe_demand(a.plan, a.array), "(n, m) float64, contiguous rows, writeable (inout)");
}

TEST(DescribeDemand, dtypes_and_shapes_that_are_left_open) {
    Demanded x({});
    x.array.any_shape = true;
    EXPECT_EQ(describe_demand(x.plan, x.array), "(...) float64, C-contiguous");
    x.plan.shape_groups.push_back({"s"});
    x.array.shape_group = 0;
    x.array.dtype_rule = DTypeRule::Any;
    EXPECT_EQ(describe_demand(x.plan, x.array), "(*s) any dtype, C-contiguous");
    x.plan.arrays.emplace_back().name = "src";
    x.array.dtype_rule = DTypeRule::Like;
    x.array.like = 0;
    EXPECT_EQ(describe_demand(x.plan, x.array), "(*s) dtype of 'src', C-contiguous");
    x.array.dtype_rule = DTypeRule::Exact;
    x.array.dtype_name = "Fields";
    EXPECT_EQ(describe_demand(x.plan, x.array), "(*s) Fields, C-contiguous");
}

}  // namespace
}  // namespace ndcall
