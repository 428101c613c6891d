#include <gtest/gtest.h>

#include "plan/binding.hpp"

namespace ndcall::test {
namespace {

constexpr const char* lines =
    "function integrate fn(a: f8, b: f8, result: *f8) -> i4 at 0:3\n"
    "function cube fn(x: f8) -> f8 at 0:4\n"
    "function name fn(code: i4) -> *const char at 0:5\n"
    "function make fn(n: i4) -> *f8 at 0:6\n"
    "function wide fn(n: i4) -> __int128=other/16/16 at 0:6\n"
    "function sincos fn(x: f8) -> struct pair at 0:7\n"
    "function square fn(z: struct dcomplex) -> struct dcomplex at 0:8\n"
    "function rotate fn(r: *const f8, p: *const f8, rp: *f8) -> void at 0:9\n"
    "function count fn(x: *f8, n: i4) -> i8 at 0:10 definition\n"
    "  reads x\n"
    "  writes x\n"
    "  statics calls total\n"
    "function fill fn(x: *f8, y: *const f8, n: i4) -> void at 0:10 definition\n"
    "  reads y\n"
    "  writes x\n"
    "  spans x n\n"
    "  spans y\n"
    "function turn fn(z: *const f8, w: *f8) -> void at 0:10 definition\n"
    "  reads z\n"
    "  writes w\n"
    "  spans w 2\n"
    "  spans z 2\n"
    "function quiet fn(x: *f8, n: i4) -> void at 0:11\n"
    "function read fn(x: *f8, n: i4) -> i4 at 0:12\n"
    "struct pair at 0:1 size 24 align 8\n"
    "  field x f8 at 0\n"
    "  field y f8 at 8\n"
    "  field flag i4 at 16\n"
    "struct dcomplex at 0:1 size 16 align 8\n"
    "  field re f8 at 0\n"
    "  field im f8 at 8\n";

class BindClauses : public testing::Test {
  protected:
    template <class... Text>
    std::string refuse(const Text&... text) {
        const std::string message = library.refuse(text...);
        return message.substr(0, message.find('\n'));
    }
    Library library{lines};
};

TEST_F(BindClauses, TestsStandInTheirOrderWithTheirTexts) {
    const auto plan = library.bind("integrate",
                                   "a, b -> result; check a < b else \"order\"; warn return > 0 \"dubious\"; ok return >= 0 else errno; ok "
                                   "return == 0 else name(return)");
    EXPECT_EQ(show_tests(*plan), "check a < b \"order\"; warn return > 0 \"dubious\"; ok return >= 0 errno; ok return == 0 name(return)");
    EXPECT_TRUE(plan->uses_errno);
    EXPECT_EQ(show_results(*plan), "result: number");
}

TEST_F(BindClauses, AReturnValueThatIsNeitherReturnedNorTestedIsRefused) {
    EXPECT_EQ(library.refuse("integrate", "a, b -> result"),
              "contract:1:9: integrate returns int, which this contract neither returns nor tests: add 'return' to the results, or '; ok "
              "return == 0', or "
              "'; ignore return'\n"
              "  a, b -> result\n"
              "          ^");
    EXPECT_EQ(show_results(*library.bind("integrate", "a, b -> result, return")), "result: number, return_: number");
    EXPECT_EQ(show_results(*library.bind("integrate", "a, b -> result; ignore return")), "result: number");
}

TEST_F(BindClauses, AWarningIsNoTest) {
    EXPECT_EQ(refuse("integrate", "a, b -> result; warn return > 0 \"dubious\"").substr(0, 38), "contract:1:9: integrate returns int, w");
    EXPECT_EQ(show_results(*library.bind("cube", "x; warn return > 1e6 \"large\"")), "return_: number");
    EXPECT_EQ(show_results(*library.bind("cube", "x; ok return >= 0")), "");
}

TEST_F(BindClauses, WithoutAContractTheReturnValueIsTheResult) {
    EXPECT_EQ(show_results(*library.bind("cube")), "return_: number");
    EXPECT_EQ(show_results(*library.bind("name")), "return_: text");
    EXPECT_EQ(show_results(*library.bind("sincos")), "return_: struct");
    EXPECT_EQ(show_results(*library.bind("square")), "return_: number");
    EXPECT_EQ(library.bind("name")->return_form, ReturnForm::Text);
}

TEST_F(BindClauses, ATextMayBeNullWhereTheContractSaysSo) {
    EXPECT_FALSE(library.bind("name", "code -> return")->results[0].may_be_null);
    EXPECT_TRUE(library.bind("name", "code -> return?")->results[0].may_be_null);
    EXPECT_FALSE(library.bind("name", "code -> return?")->results[0].is_optional);
}

TEST_F(BindClauses, MembersOfAReturnedStructAreResults) {
    const auto plan = library.bind("sincos", "-> return.x, return.y");
    EXPECT_EQ(show_results(*plan), "x: number, y: number");
    ASSERT_EQ(plan->readbacks.size(), 3u);
    EXPECT_EQ(plan->readbacks[1].offset, 8u);
    EXPECT_EQ(show_tests(*library.bind("sincos", "-> return.x; ok return.flag == 0")), "ok return.flag == 0");
    EXPECT_EQ(refuse("sincos", "-> return.z"), "contract:1:4: 'return.z' is no member of what sincos returns");
    EXPECT_EQ(refuse("quiet", "inout x[n] -> return"), "contract:1:15: quiet returns nothing (void)");
}

TEST_F(BindClauses, MemoryOfCsOwnIsNotReturnedYet) {
    const std::string message =
        "it returns double *: memory that C owns is not bound yet; a short C function of your own can use it and free it";
    EXPECT_EQ(refuse("make"), message);
    EXPECT_EQ(refuse("make", "n -> return"), message);
    EXPECT_EQ(show_tests(*library.bind("make", "n; ok return != NULL")), "ok return != NULL");
    EXPECT_EQ(refuse("wide"), "it returns __int128, which is neither a number, a text nor a struct");
    EXPECT_EQ(show_results(*library.bind("make", "n; ignore return")), "");
}

TEST_F(BindClauses, ACheckKnowsNothingThatReturns) {
    EXPECT_EQ(refuse("integrate", "a, b -> result; check return == 0"),
              "contract:1:17: 'check' comes before the call, when nothing has returned: write 'ok'");
}

TEST_F(BindClauses, ATextThatCWroteIsNotBoundYet) {
    EXPECT_EQ(
        refuse("integrate", "a, b -> result; ok return == 0 else message"),
        "contract:1:37: a text that C wrote ('else message') is understood, but not bound yet: this version of ndcall cannot call it");
}

TEST_F(BindClauses, ArraysOfOneAliasMayBeTheSame) {
    const auto plan = library.bind("rotate", "r[3,3], p[3] -> rp[3]; alias p, rp");
    EXPECT_EQ(plan->arrays[0].alias_group, none);
    EXPECT_NE(plan->arrays[1].alias_group, none);
    EXPECT_EQ(plan->arrays[1].alias_group, plan->arrays[2].alias_group);
    EXPECT_EQ(refuse("rotate", "r[3,3], p[3] -> rp[3]; alias p, RP_"),
              "contract:1:33: 'RP_' is not an array of rotate; did you mean 'rp'?");
    EXPECT_EQ(refuse("integrate", "a, b -> result; alias a, b; ok return == 0"),
              "contract:1:23: 'a' is not an array: nothing can overlap it");
}

TEST_F(BindClauses, TheGilIsHeldOrReleasedAsTheContractOrTheBodySays) {
    EXPECT_EQ(library.bind("quiet", "inout x[n]")->gil, GilRule::BySize);
    EXPECT_EQ(library.bind("quiet", "inout x[n]; gil")->gil, GilRule::Hold);
    EXPECT_EQ(library.bind("quiet", "inout x[n]; serial")->gil_reason, "held: the contract says serial, one call at a time");
    EXPECT_EQ(library.bind("quiet", "inout x[n]; nogil")->gil, GilRule::Release);
    const auto counted = library.bind("count", "inout x[n]");
    EXPECT_EQ(counted->gil, GilRule::Hold);
    EXPECT_EQ(counted->gil_reason, "held: the body uses static 'calls', 'total'");
    EXPECT_EQ(library.bind("count", "inout x[n]; nogil")->gil_reason, "released: the contract says nogil");
}

TEST_F(BindClauses, OneValueWhereTheBodyGoesOnIsRefused) {
    const std::string says = "the body of fill goes on behind the first value of 'x': write 'x[n]'";
    EXPECT_EQ(refuse("fill", "y -> x"), "contract:1:6: " + says);
    EXPECT_EQ(refuse("fill", "y -> x: complex128"), "contract:1:6: " + says);
    EXPECT_EQ(show_results(*library.bind("turn", "z: complex128 -> w: complex128")), "w: number");
    EXPECT_EQ(refuse("turn", "z: complex128 -> w"), "contract:1:18: the body of turn goes on behind the first value of 'w': write 'w[2]'");
    EXPECT_EQ(refuse("fill", "inout x, y"), "contract:1:7: " + says);
    EXPECT_EQ(show_results(*library.bind("fill", "y -> x[n]")), "x");
    EXPECT_EQ(show_results(*library.bind("fill", "y -> x[2*n]")), "x");
}

TEST_F(BindClauses, AVisibleWriteToAnInputIsRefused) {
    EXPECT_EQ(library.refuse("count", "x[n]"),
              "contract:1:1: the body of count writes 'x', which this contract calls an input: write 'inout x', or 'copy x' when the "
              "change may be lost\n"
              "  x[n]\n"
              "  ^");
    EXPECT_EQ(show_arrays(*library.bind("count", "copy x[n]")), "x: float64 in copied");
    EXPECT_EQ(show_arrays(*library.bind("count", "x[n] -> x, return")), "x: float64 inout copied");
    EXPECT_EQ(show_arrays(*library.bind("read", "x[n]")), "x: float64 in");  // nobody saw the body: the contract is the promise
}

TEST_F(BindClauses, AFixedValueMayBeASymbolThatCDoesNotHave) {
    EXPECT_EQ(show_hidden(*library.bind("quiet", "inout x[m]; m = 2*n")), "m = 2*n");
    EXPECT_EQ(show_inputs(*library.bind("quiet", "inout x[m]; m = 2*n")), "x, n: number");
    EXPECT_EQ(refuse("quiet", "inout x[m]; m = 2; m = 3"), "contract:1:20: 'm' is set twice");
}

}  // namespace
}  // namespace ndcall::test
