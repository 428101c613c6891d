#include <gtest/gtest.h>

#include "plan/binding.hpp"

namespace ndcall::test {
namespace {

constexpr const char* lines =
    "function dadd fn(a: *const f8, b: *const f8, c: *f8, n: long=i8) -> void at 0:3\n"
    "  text \"void dadd(const double *a, const double *b, double *c, long n)\"\n"
    "function hidden fn() -> i4 at 0:5 definition static\n"
    "function quick fn() -> i4 at 0:6 definition inline\n"
    "function old oldfn() -> i4 at 0:7\n"
    "function print fn(format: *const char, ...) -> i4 at 0:8\n"
    "function broken fn(x: i4) -> i4 at 0:9\n"
    "  invalid \"code.c:9: unknown type name 'real'\"\n"
    "function unnamed fn(f8, f8) -> f8 at 0:10\n"
    "  text \"double unnamed(double, double)\"\n"
    "function reserved fn(__x: f8, _y: f8) -> f8 at 0:11\n"
    "function integrate fn(f: *fn(x: f8) -> f8, a: f8, b: f8) -> f8 at 0:12\n"
    "function resample fn(data: *struct SRC_DATA, type: i4) -> i4 at 0:13\n"
    "  text \"int resample(SRC_DATA *data, int type)\"\n"
    "function sizes fn(count: i4, dims: *i4, x: *const f8) -> void at 0:14\n"
    "struct SRC_DATA at 0:1 size 48 align 8\n"
    "  field data_in *const f4 at 0\n"
    "  field data_out *f4 at 8\n"
    "  field input_frames i8 at 16\n"
    "  field output_frames i8 at 24\n"
    "  field ratio f8 at 32\n"
    "  field flag i4 at 40 bits 1 shift 0\n"
    "struct opaque at 0:2\n"
    "function use fn(handle: *struct opaque) -> void at 0:20\n";

class BindSlots : public testing::Test {
  protected:
    Library library{lines};
};

TEST_F(BindSlots, PlacesEachParameterInCsOrder) {
    const auto plan = library.bind("dadd", "a[n], b[n] -> c[n]");
    EXPECT_EQ(show_inputs(*plan), "a, b");
    EXPECT_EQ(show_results(*plan), "c");
    EXPECT_EQ(show_placements(*plan), "data of a, data of b, data of c, n");
    EXPECT_EQ(plan->parameter_names, (std::vector<std::string>{"a", "b", "c", "n"}));
    EXPECT_EQ(show_hidden(*plan), "n");
}

TEST_F(BindSlots, AHeadGivesTheParametersTheirNames) {
    const auto plan = library.bind("dadd(x, y, z, m)", "x[m], y[m] -> z[m]");
    EXPECT_EQ(show_inputs(*plan), "x, y");
    EXPECT_EQ(show_placements(*plan), "data of x, data of y, data of z, m");
    EXPECT_EQ(library.refuse("dadd(x, y, z)", "x[m], y[m] -> z[m]").substr(0, 15), "contract:1:1: t");
}

TEST_F(BindSlots, ParametersWithoutANameGoByPosition) {
    EXPECT_EQ(show_inputs(*library.bind("unnamed")), "arg1: number (by position), arg2: number (by position)");
    EXPECT_EQ(show_inputs(*library.bind("unnamed(x, y)", "")), "x: number, y: number");
}

TEST_F(BindSlots, LeadingUnderscoresOfTheHeaderMayBeLeftOut) {
    EXPECT_EQ(show_inputs(*library.bind("reserved", "x, y = 1.0")), "__x: number, _y: number = 1.0");
}

TEST_F(BindSlots, WhatTheLibraryDoesNotExportIsRefused) {
    EXPECT_EQ(library.refuse("hidden"),
              "it is static: the library does not export it. Take `static` away, or call it from a function that is not static");
}

TEST_F(BindSlots, AnInlineFunctionIsBoundBecauseALibraryMayHoldIt) { EXPECT_EQ(show_inputs(*library.bind("quick")), ""); }

TEST_F(BindSlots, WhatCDoesNotDescribeIsRefused) {
    EXPECT_EQ(library.refuse("old"), "its declaration has no prototype: write `(void)` when it takes nothing, or the parameters' types");
    EXPECT_EQ(library.refuse("broken"), "code.c:9: unknown type name 'real'");
}

TEST_F(BindSlots, AVariadicFunctionIsRefusedByThatWord) {
    EXPECT_EQ(
        library.refuse("print"),
        "it is variadic: a variable number of arguments (`...`) is understood, but not bound yet: this version of ndcall cannot call it");
}

TEST_F(BindSlots, AnUnknownNameGetsTheNearest) {
    EXPECT_EQ(library.refuse("sizes", "x[count], dim[2]"),
              "contract:1:11: 'dim' is not a parameter of sizes; did you mean 'dims'?\n"
              "  x[count], dim[2]\n"
              "            ^");
    EXPECT_EQ(library.refuse("dadd", "a[n], b[n] -> output[n]"),
              "contract:1:15: 'output' is not a parameter of dadd\n"
              "  a[n], b[n] -> output[n]\n"
              "                ^");
}

TEST_F(BindSlots, ABareNameThatNothingUsesIsASpellingMistake) {
    EXPECT_EQ(library.refuse("sizes", "coumt, x[count] -> dims[count]"),
              "contract:1:1: 'coumt' is not a parameter of sizes, and no extent or expression uses it; did you mean 'count'?\n"
              "  coumt, x[count] -> dims[count]\n"
              "  ^");
}

TEST_F(BindSlots, ANameStandsOnceOnEachSide) {
    EXPECT_EQ(library.refuse("dadd", "a[n], b[n], a[n] -> c[n]"),
              "contract:1:13: 'a' stands twice left of '->'\n"
              "  a[n], b[n], a[n] -> c[n]\n"
              "              ^");
    EXPECT_EQ(library.refuse("dadd", "a[n], b[n] -> c[n], c"),
              "contract:1:21: 'c' stands twice right of '->'\n"
              "  a[n], b[n] -> c[n], c\n"
              "                      ^");
}

TEST_F(BindSlots, AFixedValueHidesWhatIsNeitherArgumentNorResult) {
    const auto plan = library.bind("dadd", "a[n], b[n] -> c[n]; n = 3");
    EXPECT_EQ(show_hidden(*plan), "n = 3");
    EXPECT_EQ(library.refuse("dadd", "a[n], b[n], n -> c[n]; n = 3"),
              "contract:1:24: 'n' is an argument already: a fixed value after ';' hides it; a default stands left of '->'\n"
              "  a[n], b[n], n -> c[n]; n = 3\n"
              "                         ^");
    EXPECT_EQ(library.refuse("dadd", "a[n], b[n] -> c[n]; c = NULL"),
              "contract:1:21: 'c' is a result: it has no fixed value\n"
              "  a[n], b[n] -> c[n]; c = NULL\n"
              "                      ^");
    EXPECT_EQ(library.refuse("dadd", "a[n], b[n] -> c[n]; n = 3; n = 4"),
              "contract:1:28: 'n' is set twice\n"
              "  a[n], b[n] -> c[n]; n = 3; n = 4\n"
              "                             ^");
}

TEST_F(BindSlots, MembersOfAStructStandForTheStructThatTheCallBuilds) {
    const auto plan = library.bind("resample",
                                   "data.data_in[input_frames], data.ratio, type -> data.data_out[output_frames]; data.output_frames = "
                                   "2*data.input_frames; ok return == 0");
    EXPECT_EQ(show_inputs(*plan), "data_in, ratio: number, type: number");
    EXPECT_EQ(show_results(*plan), "data_out");
    EXPECT_EQ(show_placements(*plan), "&block data, type");
    EXPECT_EQ(show_block(*plan, 0),
              "0: data of data.data_in, 8: data of data.data_out, 16: data.input_frames, 24: data.output_frames, 32: data.ratio");
    EXPECT_EQ(plan->blocks[0].size, 48u);
}

TEST_F(BindSlots, AMemberThatDoesNotExistGetsTheNearest) {
    EXPECT_EQ(library.refuse("resample", "data.data_im[4]; ok return == 0"),
              "contract:1:1: 'data.data_im' is not a parameter of resample; did you mean 'data.data_in', 'data.data_out' or 'data.ratio'?\n"
              "  data.data_im[4]; ok return == 0\n"
              "  ^");
    EXPECT_EQ(library.refuse("resample", "type.x[4]; ok return == 0"),
              "contract:1:1: 'type' is int, not a struct: it has no members\n"
              "  type.x[4]; ok return == 0\n"
              "  ^");
    EXPECT_EQ(library.refuse("use", "handle.x[4]"),
              "contract:1:1: struct opaque is declared but not defined here: its members are not known\n"
              "  handle.x[4]\n"
              "  ^");
}

TEST_F(BindSlots, WordsStandOnTheirOwnSide) {
    EXPECT_EQ(library.refuse("dadd", "a[n], b[n] -> inout c[n]"),
              "contract:1:21: 'inout' stands left of '->': what C changes in place is the caller's array\n"
              "  a[n], b[n] -> inout c[n]\n"
              "                      ^");
    EXPECT_EQ(library.refuse("dadd", "a[n], b[n] -> copy c[n]"),
              "contract:1:20: 'copy' stands left of '->': it is an input that C destroys\n"
              "  a[n], b[n] -> copy c[n]\n"
              "                     ^");
    EXPECT_EQ(library.refuse("dadd", "unset a[n], b[n] -> c[n]"),
              "contract:1:7: 'unset' stands right of '->': only a result is allocated\n"
              "  unset a[n], b[n] -> c[n]\n"
              "        ^");
}

TEST_F(BindSlots, ParenthesesBehindAnArrayAreToldFromACallback) {
    EXPECT_EQ(library.refuse("dadd", "a(n), b[n] -> c[n]"),
              "contract:1:1: 'a' is const double *, not a function: extents stand in [ ]\n"
              "  a(n), b[n] -> c[n]\n"
              "  ^");
}

// The message of a word that is parsed and not bound, without the line and the caret below it.
std::string first_line(const std::string& message) { return message.substr(0, message.find('\n')); }

TEST_F(BindSlots, EachWordThatIsNotBoundYetIsRefusedByName) {
    const std::string later = " is understood, but not bound yet: this version of ndcall cannot call it";
    const std::pair<const char*, const char*> clauses[] = {
        {"scratch c[n]", "'scratch'"}, {"first n = -1 then n = 4", "'first ... then'"},
        {"user n", "'user'"},          {"error -1", "'error'"},
        {"keep a", "'keep'"},          {"broadcast", "'broadcast'"},
        {"each n", "'each'"},          {"halo 1 on n", "'halo'"},
        {"whole", "'whole'"},
    };
    for (const auto& [clause, name] : clauses)
        EXPECT_EQ(first_line(library.refuse("dadd", std::string("a[n], b[n] -> c[n]; ") + clause)),
                  "contract:1:21: " + std::string(name) + later);
    const std::pair<const char*, const char*> items[] = {
        {"a[n], b[n] -> *", "contract:1:15: '-> *'"},
        {"taken a, b[n] -> c[n]", "contract:1:7: 'taken'"},
        {"a[n], b[n] -> static c[n]", "contract:1:22: 'static'"},
        {"a[n], b[n] -> c[n] free f", "contract:1:20: 'free'"},
        {"a[n], b[n] -> c[n] of a", "contract:1:20: 'of'"},
        {"a[n], b[n] -> c[m <= n]", "contract:1:17: 'count <= capacity'"},
        {"a[until 0], b[n] -> c[n]", "contract:1:3: 'until'"},
        {"a[n], b[n] -> c: str[n]", "contract:1:18: 'str' here"},
        {"a: str[n], b[n] -> c[n]", "contract:1:4: 'str' here"},
        {"a[n], b[n] -> return[n]", "contract:1:15: a returned pointer with extents or type"},
        {"rows a[n,*], b[n] -> c[n]", "contract:1:6: '*' in 'rows'"},
    };
    for (const auto& [contract, message] : items) EXPECT_EQ(first_line(library.refuse("dadd", contract)), message + later) << contract;
    EXPECT_EQ(first_line(library.refuse("integrate", "f(x -> return), a, b")), "contract:1:1: a callback" + later);
}

}  // namespace
}  // namespace ndcall::test
