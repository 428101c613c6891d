#include <gtest/gtest.h>

#include "plan/binding.hpp"

namespace ndcall::test {
namespace {

constexpr const char* lines =
    "function readf fn(file: i4, ptr: *f8, frames: i8, channels: i4, mode: i4) -> void at 0:3\n"
    "function subtract fn(a: *const f8, b: *const f8, c: *f8, n: i4) -> void at 0:4\n"
    "function keywords fn(in: f8, lambda: f8, out: f8, with: *f8) -> void at 0:5\n"
    "function mean fn(x: *const f8, weights: *const f8, n: i4, k: i4) -> f8 at 0:6\n"
    "function stepped fn(x: *const f8, n: i4, y: *f8, incy: i4) -> void at 0:7\n"
    "function power fn(mode: enum kind i4, name: *const char, x: f8) -> f8 at 0:8\n"
    "function run fn(o: *struct Options, x: *f8) -> void at 0:9\n"
    "function both fn(o: *struct Options, x: f8, p: *struct Options) -> void at 0:10\n"
    "struct Options at 0:1 size 24 align 8\n"
    "  field n i8 at 0\n"
    "  field x f8 at 8\n"
    "  field data *const f8 at 16\n"
    "struct Fields at 0:2 size 40 align 8\n"
    "  field n i4 at 0\n"
    "  field m i4 at 4\n"
    "  field one *f8 at 8\n"
    "  field two **f8 at 16\n"
    "  field three ***f8 at 24\n"
    "  field inside [2]i4 at 32\n"
    "struct hidden at 0:2\n"
    "enum kind i4 at 0:1\n"
    "  member LINEAR 1\n"
    "  member CUBIC 3\n";

class BindPython : public testing::Test {
  protected:
    template <class... Text>
    std::string refuse(const Text&... text) {
        const std::string message = library.refuse(text...);
        return message.substr(0, message.find('\n'));
    }
    Library library{lines};
};

TEST_F(BindPython, TheOrderIsThatOfCForWhatRemainsVisible) {
    EXPECT_EQ(show_inputs(*library.bind("readf", "-> ptr[frames,channels]")),
              "file: number, frames: number, channels: number, mode: number");
    EXPECT_EQ(show_inputs(*library.bind("readf", "inout ptr[frames,channels]")), "file: number, ptr, mode: number");
}

TEST_F(BindPython, ALeftSideThatKeepsCsOrderMayLeaveOut) {
    EXPECT_EQ(show_inputs(*library.bind("readf", "frames, mode -> ptr[frames,channels]")),
              "file: number, frames: number, channels: number, mode: number");
}

TEST_F(BindPython, ALeftSideThatChangesCsOrderListsEverything) {
    EXPECT_EQ(show_inputs(*library.bind("subtract", "b[n], a[n] -> c[n]")), "b, a");
    EXPECT_EQ(show_placements(*library.bind("subtract", "b[n], a[n] -> c[n]")), "data of a, data of b, data of c, n");
    EXPECT_EQ(library.refuse("readf", "mode, file -> ptr[frames,channels]"),
              "contract:1:1: the left side changes C's order, so it must list every argument; 'frames' is missing\n"
              "  mode, file -> ptr[frames,channels]\n"
              "  ^");
}

TEST_F(BindPython, WhatHasADefaultOrMayBeMissingComesLast) {
    EXPECT_EQ(show_inputs(*library.bind("readf", "file = 3, frames, mode = 1 -> ptr[frames,channels]")),
              "frames: number, channels: number, file: number = 3, mode: number = 1");
    EXPECT_EQ(show_inputs(*library.bind("mean", "x[n], weights[n]?, k")), "x, k: number, weights?");
}

TEST_F(BindPython, ASizeThatTheCallerGivesStandsWhereItIsWritten) {
    EXPECT_EQ(show_inputs(*library.bind("readf", "file, height, frames, mode -> ptr[height,channels]")),
              "file: number, height: number, frames: number, channels: number, mode: number");
}

TEST_F(BindPython, PythonsKeywordsAndOutGetAnUnderscore) {
    EXPECT_EQ(show_inputs(*library.bind("keywords", "-> with")), "in_: number, lambda_: number, out_: number");
    EXPECT_EQ(show_results(*library.bind("keywords", "-> with")), "with_: number");
}

TEST_F(BindPython, ASymbolThatOnlyAnAbsentArrayBindsIsZero) {
    EXPECT_EQ(show_hidden(*library.bind("mean", "x[n], weights[k]?; ignore return")), "return (written by C), n, k (or 0)");
    EXPECT_EQ(show_hidden(*library.bind("mean", "x[n], weights[n]?; ignore return; k = 1")), "return (written by C), n, k = 1");
}

TEST_F(BindPython, TheStepOfAResultIsKnownWhenItIsThere) {
    const auto plan = library.bind("stepped", "x[n] -> y[n:incy]");
    EXPECT_EQ(show_inputs(*plan), "x");
    EXPECT_EQ(show_hidden(*plan), "n, incy");
    EXPECT_EQ(show_hidden(*library.bind("stepped", "x[n] -> y[n:incy]?")), "n, incy (or 0)");
}

TEST_F(BindPython, ADefaultFitsWhatItStandsFor) {
    EXPECT_EQ(show_inputs(*library.bind("power", "mode = CUBIC, name = \"a\", x = 2.5")),
              "mode: number = CUBIC, name: text = \"a\", x: number = 2.5");
    const auto named = library.bind("power", "mode = \"CUBIC\", name, x");
    EXPECT_EQ(named->programs.nodes[named->inputs.back().default_value].integer, 3);
    EXPECT_EQ(refuse("power", "mode = \"CUBIK\""), "contract:1:8: 'CUBIK' is no member of kind; did you mean 'CUBIC'?");
    EXPECT_EQ(refuse("power", "x = \"2\""), "contract:1:5: 'x' is double: a text cannot be its default");
    EXPECT_EQ(refuse("power", "mode, name = 3, x"), "contract:1:14: 'name' is const char *: its default is a text in quotes, or NULL");
    EXPECT_EQ(show_inputs(*library.bind("power", "mode, name = NULL, x")), "mode: number, x: number, name: text = NULL");
    EXPECT_EQ(refuse("mean", "x[n], weights[n] = 3"), "contract:1:7: 'weights' is no number: write '?' when it may be missing");
}

TEST_F(BindPython, MembersStandWhereTheirStructStands) {
    EXPECT_EQ(show_inputs(*library.bind("both", "o.n, x, p.n; o.data = NULL; p.data = NULL")), "n: number, x: number, n_: number");
    EXPECT_EQ(show_inputs(*library.bind("run", "o.data[n] -> x[3]")), "data");
    EXPECT_EQ(show_block(*library.bind("run", "o.data[n] -> x[3]"), 0), "0: o.n, 16: data of o.data");
}

TEST_F(BindPython, OnlyMemoryAndNumbersAreResults) {
    EXPECT_EQ(refuse("power", "mode, x -> name"), "contract:1:12: 'name' is a result, but C declares it const: const char *name");
}

TEST_F(BindPython, AStructsOwnLineSaysWhatItsPointersHold) {
    library.add("struct Fields: one[n], rows two[n,m], rows three[n,m,2]");
    const auto plan = library.bind_record("Fields");
    EXPECT_EQ(show_inputs(*plan), "one, two, three");
    EXPECT_EQ(show_arrays(*plan), "one: float64 inout, two: float64 inout rows, three: float64 inout rows");
    EXPECT_EQ(show_block(*plan, 0), "0: n, 4: m, 8: data of one, 16: rows of two, 24: rows of three");
    EXPECT_EQ(show_hidden(*plan), "n, m");
}

TEST_F(BindPython, MembersOfAStructThatNobodySetsAreZero) {
    library.add("struct Options: data[n]");
    const auto plan = library.bind_record("Options");
    EXPECT_EQ(show_inputs(*plan), "data, x: number = 0");
    EXPECT_EQ(plan->programs.nodes[plan->inputs.back().default_value].integer, 0);
}

TEST_F(BindPython, AnUnknownMemberOfAStructsLineGetsTheNearest) {
    library.add("struct Fields: on[n]");
    EXPECT_EQ(library.refuse_record("Fields"),
              "contracts=:1:16: 'on' is not a parameter of struct Fields; did you mean 'one'?\n"
              "  struct Fields: on[n]\n"
              "                 ^");
    EXPECT_EQ(library.refuse_record("hidden"), "struct hidden is declared but not defined here: only its own library can make one");
}

}  // namespace
}  // namespace ndcall::test
