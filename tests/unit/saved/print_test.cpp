#include <gtest/gtest.h>

#include <algorithm>

#include "contract/test_data.hpp"
#include "plan/binding.hpp"
#include "saved/saved.hpp"

namespace ndcall {
namespace {

const std::vector<SavedFile> files = {{true, "code.0a.so", std::string(64, 'a')}, {false, "m", "libm.so.6"}, {false, "z", ""}};
const std::string file_lines =
    "library file \"code.0a.so\" sha256 " + std::string(64, 'a') + "\nlibrary named \"m\" soname \"libm.so.6\"\nlibrary named \"z\"\n";

bool all(const std::string&) { return true; }

std::string print_again(const std::string& text) {
    const SavedLibrary saved = parse_saved(text);
    const auto selected = [&](const std::string& name) { return std::count(saved.hidden.begin(), saved.hidden.end(), name) == 0; };
    return print_saved(saved.files, make_registry(saved, "saved"), selected);
}

// The lines of contracts that are saved, and the hidden functions in front of them.
std::string save_lines(const Registry& registry, const std::function<bool(const std::string&)>& selected = all) {
    const std::string text = print_saved({}, registry, selected);
    return text.substr(15, text.find("ndcall declarations") - 15);
}

constexpr const char* two =
    "function sadd fn(a: *const f4, b: *const f4, c: *f4, n: i8) -> void at 0:3\n"
    "function dadd fn(a: *const f8, b: *const f8, c: *f8, n: i8) -> void at 0:6\n"
    "function size fn(n: i8) -> i8 at 0:8\n"
    "struct fields at 0:9 size 16 align 8\n  aliases fields_t\n  field n i8 at 0\n  field one *f8 at 8\n";

TEST(PrintSaved, GivesTheSameTextForWhatItPrinted) {
    const std::string text = test::read_data("everything.ndcall");
    ASSERT_NE(text, "");
    EXPECT_EQ(print_again(text), text);
}

TEST(PrintSaved, NamesLibrariesFirst) {
    EXPECT_EQ(print_saved(files, Registry(test::declare("function f fn() -> void at 0:1\n")), all),
              "ndcall saved 1\n" + file_lines +
                  "ndcall declarations 1\ntarget \"x86_64-pc-linux-gnu\"\nfile \"code.c\"\nfunction f fn() -> void at 0:1\nend\n");
}

TEST(PrintSaved, WritesTheLineThatHoldsAsItsAuthorWroteIt) {
    Registry registry(test::declare(two));
    registry.add_text(Rank::File, "dadd:  a[n],b[n]   # the inputs\n  -> c[n]  # the result\nsize: n\n", "code.contract");
    registry.add_pair("size", "n -> return", "contracts=");
    EXPECT_EQ(save_lines(registry), "contracts\n  dadd: a[n],b[n]\n      -> c[n]\n  size: n -> return\n");
}

TEST(PrintSaved, WritesAFamilyAsOneLine) {
    Registry registry(test::declare(two));
    registry.add_pair("add = {s,d}add", "a: {float32, float64}[n], b[n] -> c[n]", "contracts=");
    EXPECT_EQ(save_lines(registry), "contracts\n  add = {s,d}add: a: {float32,float64}[n], b[n] -> c[n]\n");
}

TEST(PrintSaved, KeepsTheMembersOfAFamilyThatStay) {
    Registry registry(test::declare(two));
    registry.add_text(Rank::File, "add = {s,d}add: a: {float32, float64}[n], b[n] -> c[n]\n", "code.contract");
    const auto without = [](const std::string& name) { return name != "sadd"; };
    EXPECT_EQ(save_lines(registry, without), "contracts\n  add = dadd: a: float64[n], b[n] -> c[n]\n");
    registry.add_pair("dadd", "a[k], b[k] -> c[k]", "contracts=");
    EXPECT_EQ(save_lines(registry), "contracts\n  add = sadd: a: float32[n], b[n] -> c[n]\n  dadd: a[k], b[k] -> c[k]\n");
}

TEST(PrintSaved, KeepsOverloadsHeadsAndStructs) {
    Registry registry(test::declare(two));
    const std::string lines =
        "add = sadd: a[n], b[n] -> c[n]\nadd = dadd: a[n], b[n] -> c[n]\nsize(count): count -> return\nstruct fields_t: one[n]\n";
    registry.add_text(Rank::File, lines, "code.contract");
    EXPECT_EQ(save_lines(registry),
              "contracts\n  add = sadd: a[n], b[n] -> c[n]\n  add = dadd: a[n], b[n] -> c[n]\n  size(count): count -> return\n"
              "  struct fields_t: one[n]\n");
}

TEST(PrintSaved, TakesAContractOutOfItsComment) {
    Registry registry(
        test::declare("function f fn(x: *f8, n: i8) -> void at 0:5\n"
                      "  comment at 0:2 \"/** Doubles.\\n *\\n * ndcall: inout x[n]\\n *     ; gil\\n * Twice. */\"\n"
                      "function g fn(x: *f8, n: i8) -> void at 0:9\n  comment at 0:8 \"/// ndcall: inout x[n]\"\n"));
    registry.add_comments();
    EXPECT_EQ(print_saved({}, registry, all),
              "ndcall saved 1\ncontracts\n  f: inout x[n]\n      ; gil\n  g: inout x[n]\n"
              "ndcall declarations 1\ntarget \"x86_64-pc-linux-gnu\"\nfile \"code.c\"\n"
              "function f fn(x: *f8, n: i8) -> void at 0:5\n  comment at 0:2 \"// Doubles.\\n//\\n// Twice.\"\n"
              "function g fn(x: *f8, n: i8) -> void at 0:9\nend\n");
}

TEST(PrintSaved, HidesFunctionsThatOnlyContractsCall) {
    Registry registry(
        test::declare("function f fn(x: *f8, n: i8) -> void at 0:1\nfunction unused fn() -> void at 0:2\n"
                      "function length fn(n: i8) -> i8 at 0:3\nfunction longest fn() -> i8 at 0:4\n"));
    registry.add_text(Rank::File, "f: inout x[length(n)]\nlength: n -> return; check n < longest()\n", "code.contract");
    EXPECT_EQ(print_saved({}, registry, [](const std::string& name) { return name == "f"; }),
              "ndcall saved 1\nhidden length longest\ncontracts\n  f: inout x[length(n)]\n  length: n -> return; check n < longest()\n"
              "ndcall declarations 1\ntarget \"x86_64-pc-linux-gnu\"\nfile \"code.c\"\nfunction f fn(x: *f8, n: i8) -> void at 0:1\n"
              "function length fn(n: i8) -> i8 at 0:3\nfunction longest fn() -> i8 at 0:4\nend\n");
}

TEST(PrintSaved, TellsNothingOfTheFoldersOfThisMachine) {
    const auto declarations = std::make_shared<Declarations>(parse_declarations(
        "ndcall declarations 1\ntarget \"x\"\nfile \"/home/me/unused.h\"\nfile \"/home/me/code.c\"\nfile \"C:\\\\me\\\\code.h\"\n"
        "file \"/usr/include/code.c\"\nwarning \"/home/me/code.c:1: odd\"\nstruct s at 2:1\nfunction f fn() -> void at 1:1\n"
        "  comment at 3:7 \"// there\"\nend\n"));
    EXPECT_EQ(print_saved({}, Registry(declarations), all),
              "ndcall saved 1\nndcall declarations 1\ntarget \"x\"\nfile \"code.h\"\nfile \"code.c\"\nstruct s at 0:1\n"
              "function f fn() -> void at 1:1\n  comment at 1:7 \"// there\"\nend\n");
}

TEST(PrintSaved, RefusesAFunctionWhoseContractIsWrong) {
    Registry registry(test::declare(two));
    registry.add_text(Rank::File, "sadd: a[n\ndadd: b)\n", "code.contract");
    try {
        (void)print_saved({}, registry, [](const std::string& name) { return name != "dadd"; });
        FAIL();
    } catch (const BindFailure& failure) {
        EXPECT_EQ(std::string(failure.what()),
                  "contracts that are wrong cannot be saved\n  fix       mend them, or leave their functions out with exclude=\n" +
                      *registry.find_mistake("sadd"));
    }
    EXPECT_EQ(save_lines(registry, [](const std::string& name) { return name == "size"; }), "");
}

}  // namespace
}  // namespace ndcall
