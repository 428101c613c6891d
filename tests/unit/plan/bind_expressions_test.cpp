#include <gtest/gtest.h>

#include "plan/binding.hpp"

namespace ndcall::test {
namespace {

constexpr const char* lines =
    "function table fn(order: i4, t: *f8) -> void at 0:3\n"
    "function table_size fn(order: i4) -> i4 at 0:4\n"
    "function norm fn(x: *const f8, n: i4) -> f8 at 0:5\n"
    "function report fn(code: i4) -> *const char at 0:6\n"
    "function spline fn(s: *const struct grid, x: *const f8, y: *f8) -> void at 0:7\n"
    "function solve fn(n: i4, x: *const f8, dims: *const i4, info: *i4) -> i4 at 0:8\n"
    "function open fn(path: *const char, x: *const f8, n: i4) -> void at 0:9\n"
    "struct grid at 0:1 size 24 align 8\n"
    "  field size struct inner at 0\n"
    "  field step f8 at 16\n"
    "struct inner at 0:1 size 16 align 8\n"
    "  field n i8 at 0\n"
    "  field name *char at 8\n"
    "enum mode i4 at 0:1\n"
    "  member FAST 7\n"
    "constant LIMIT integer 12 at 0:1\n"
    "constant BIG unsigned 9 at 0:1\n"
    "constant PI real 3.25 at 0:1\n"
    "constant NAME text \"abc\" at 0:1\n";

class BindExpressions : public testing::Test {
  protected:
    template <class... Text>
    std::string refuse(const Text&... text) {
        const std::string message = library.refuse(text...);
        return message.substr(0, message.find('\n'));
    }
    // The node at the root of the first axis of the only result.
    Node find_extent(const std::string& extent) {
        plan = library.bind("table", "order -> t[" + extent + "]");
        return plan->programs.nodes[plan->arrays[0].axes[0].extent];
    }
    Library library{lines};
    std::shared_ptr<Plan> plan;
};

TEST_F(BindExpressions, NamesOfTheHeaderAreNumbersByThen) {
    EXPECT_EQ(find_extent("FAST").integer, 7);
    EXPECT_EQ(find_extent("LIMIT").integer, 12);
    EXPECT_EQ(find_extent("BIG").integer, 9);
    EXPECT_EQ(find_extent("PI").real, 3.25);
    EXPECT_EQ(find_extent("NAME").text, "abc");
    EXPECT_EQ(find_extent("0x10").integer, 16);
    EXPECT_EQ(find_extent("'V'").integer, 'V');
}

TEST_F(BindExpressions, ASizeIsANumberToo) {
    EXPECT_EQ(find_extent("sizeof(double)").integer, 8);
    EXPECT_EQ(find_extent("sizeof(grid)").integer, 24);
    EXPECT_EQ(refuse("table", "order -> t[sizeof(grind)]"), "contract:1:19: the size of 'grind' is not known");
    EXPECT_EQ(refuse("table", "order -> t[sizeof(2)]"), "contract:1:12: sizeof takes one type by name");
}

TEST_F(BindExpressions, TheTextOfAnExtentIsKeptForMessages) {
    find_extent("(order+1)*2");
    EXPECT_EQ(plan->programs.texts[plan->arrays[0].axes[0].extent], "(order+1)*2");
}

TEST_F(BindExpressions, AFunctionOfTheLibraryIsCalledThroughItsOwnPlan) {
    const Node call = find_extent("table_size(order)");
    EXPECT_EQ(call.kind, NodeKind::Call);
    EXPECT_EQ(plan->callees.at(call.index).plan->c_name, "table_size");
    EXPECT_EQ(show_tests(*library.bind("solve", "x[n], dims[2]; ok info == 0 else report(info); ignore return")),
              "ok info == 0 report(info)");
}

TEST_F(BindExpressions, ACallMustFitTheFunctionsOwnContract) {
    EXPECT_EQ(refuse("table", "order -> t[table_size(order, 2)]"), "contract:1:12: table_size takes 1 arguments, here 2");
    EXPECT_EQ(refuse("table", "order -> t[tabel_size(order)]"),
              "contract:1:12: 'tabel_size' is neither a function of the language nor of the library; did you mean 'table_size'?");
    EXPECT_EQ(
        refuse("table", "order -> t[gsl_strerror(order)]"),
        "contract:1:12: 'gsl_strerror' is neither a function of the language nor of the library; load the header that declares it, or "
        "write its prototype into the source");
    library.add("norm: x[n] -> return");
    EXPECT_EQ(refuse("table", "order -> t[norm(order)]"),
              "contract:1:12: in an expression a function takes numbers and texts only; norm takes 'x'");
}

TEST_F(BindExpressions, BuiltInFunctionsTakeTheirOperands) {
    EXPECT_EQ(find_extent("max(1, order)").function, Function::Max);
    EXPECT_EQ(refuse("table", "order -> t[min(order)]"), "contract:1:12: min() takes 2 or more operands, here 1");
    EXPECT_EQ(refuse("table", "order -> t[abs(1, 2)]"), "contract:1:12: abs() takes 1 operands, here 2");
    EXPECT_EQ(refuse("table", "order -> t[size(order)]"), "contract:1:17: size() takes an array of this function");
}

TEST_F(BindExpressions, AnUnknownNameGetsTheNearest) {
    EXPECT_EQ(library.refuse("solve", "x[n], dims[2]; check LIMT > n; ok return == 0; info = NULL"),
              "contract:1:22: 'LIMT' is not known here: no parameter, extent or constant of the header\n"
              "  x[n], dims[2]; check LIMT > n; ok return == 0; info = NULL\n"
              "                       ^");
    EXPECT_EQ(refuse("solve", "x[n], dims[2]; check dimz[0] > 0; ok return == 0; info = NULL"),
              "contract:1:22: 'dimz' is not an array of this function");
    EXPECT_EQ(refuse("solve", "x[n], dims[2]; check sixe(x) > 0; ok return == 0; info = NULL"),
              "contract:1:22: 'sixe' is neither a function of the language nor of the library; did you mean 'size'?");
}

TEST_F(BindExpressions, AnElementOfAnotherArrayMayBeAnExtent) {
    const auto bound = library.bind("solve", "n, dims[2], x[dims[0], dims[1]]; ok return == 0; info = NULL");
    EXPECT_EQ(show_equations(*bound), "x[0] = dims[0], x[1] = dims[1], dims[0] = 2");
    EXPECT_EQ(refuse("solve", "x[dims], dims[2]; ok return == 0; info = NULL"),
              "contract:1:3: an array as an extent (ragged rows) is understood, but not bound yet: this version of ndcall cannot call it");
}

TEST_F(BindExpressions, MembersOfAStructArgumentAreReadAtTheCall) {
    const auto bound = library.bind("spline", "s, x[s.size.n] -> y[n]; n = s.size.n; check s.step > 0");
    EXPECT_EQ(show_inputs(*bound), "s: struct, x");
    const Node& member = bound->programs.nodes[bound->arrays[0].axes[0].extent];
    EXPECT_EQ(member.kind, NodeKind::Member);
    EXPECT_EQ(member.integer, 0);
    EXPECT_EQ(member.scalar, (Scalar{ScalarKind::Signed, 8}));
    EXPECT_EQ(show_tests(*bound), "check s.step > 0");
    EXPECT_EQ(refuse("spline", "s, x[s.length] -> y[3]"),
              "contract:1:6: 's.length' is not known here: no parameter, extent or constant of the header");
    EXPECT_EQ(refuse("spline", "s, x[s.size.name] -> y[3]"),
              "contract:1:6: 's.size.name' is not known here: no parameter, extent or constant of the header");
}

TEST_F(BindExpressions, APointerThatOnlyATestMentionsIsPassedAndNotReturned) {
    const auto bound = library.bind("solve", "x[n], dims[2]; ok info == 0; ignore return");
    EXPECT_EQ(show_inputs(*bound), "x, dims");
    EXPECT_EQ(show_results(*bound), "");
    EXPECT_EQ(show_placements(*bound), "n, data of x, data of dims, &info");
    EXPECT_EQ(show_hidden(*bound), "return (written by C), n, info (written by C)");
}

TEST_F(BindExpressions, ATextMayBeComparedWithNull) {
    const auto bound = library.bind("open", "path?, x[n]; check path != NULL");
    EXPECT_EQ(bound->programs.nodes[bound->programs.nodes[bound->tests[0].condition].operands[0]].kind, NodeKind::TextValue);
}

}  // namespace
}  // namespace ndcall::test
