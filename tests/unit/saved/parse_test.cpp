#include <gtest/gtest.h>

#include "saved/saved.hpp"
#include "text/error.hpp"

namespace ndcall {
namespace {

const std::string digest(64, 'a');
const std::string head = "ndcall saved 1\n";
const std::string library = "library file \"f.so\" sha256 " + digest + "\n";
const std::string tail =
    "ndcall declarations 1\ntarget \"x86_64-linux-gnu\"\nfile \"f.c\"\nfunction f fn(x: *const f8, n: i8) -> f8 at 0:1\nend\n";

std::string refuse(const std::string& text) {
    try {
        const SavedLibrary saved = parse_saved(text, "f.ndcall");
        (void)make_registry(saved, "f.ndcall");
    } catch (const TextError& error) {
        return error.what();
    }
    return "accepted";
}

// Without the line and the caret below it: a line longer than a terminal is shortened there.
std::string refuse_briefly(const std::string& text) {
    const std::string whole = refuse(text);
    return whole.substr(0, whole.find('\n'));
}

TEST(ParseSaved, TakesLibrariesHiddenFunctionsContractsAndDeclarations) {
    const SavedLibrary saved = parse_saved(head + "contracts\n  f: x[n]\n\n    -> return\n" + library +
                                           "library named \"m\" soname \"libm.so.6\"\nlibrary named \"z\"\nhidden f \"f\"\n" + tail);
    ASSERT_EQ(saved.files.size(), 3u);
    EXPECT_TRUE(saved.files[0].is_beside);
    EXPECT_EQ(saved.files[0].name + " " + saved.files[0].proof, "f.so " + digest);
    EXPECT_FALSE(saved.files[1].is_beside);
    EXPECT_EQ(saved.files[1].name + " " + saved.files[1].proof, "m libm.so.6");
    EXPECT_EQ(saved.files[2].name + saved.files[2].proof, "z");
    EXPECT_EQ(saved.hidden, (std::vector<std::string>{"f", "f"}));
    EXPECT_EQ(saved.contracts, "  f: x[n]\n\n    -> return\n");
    EXPECT_EQ(saved.contracts_line, 3u);
    EXPECT_EQ(saved.declarations->functions.size(), 1u);
}

TEST(ParseSaved, SaysLineAndColumnOfEveryMistake) {
    EXPECT_EQ(refuse(""), "f.ndcall:1:1: this is no saved library: the first line is not 'ndcall saved 1'\n  \n  ^");
    EXPECT_EQ(
        refuse("ndcall saved 2\n"),
        "f.ndcall:1:14: version 2 of the format: a newer ndcall wrote it, this one reads version 1\n  ndcall saved 2\n               ^");
    EXPECT_EQ(refuse("ndcall saved 0\n"), "f.ndcall:1:14: there is no version 0 of the format\n  ndcall saved 0\n               ^");
    EXPECT_EQ(refuse(head), "f.ndcall:2:1: the text was cut: its declarations are missing\n  \n  ^");
    EXPECT_EQ(refuse(head + tail),
              "f.ndcall:2:1: no 'library' line stands above: which file has the functions?\n  ndcall declarations 1\n  ^");
    EXPECT_EQ(refuse(head + library + "hiden f\n" + tail),
              "f.ndcall:3:1: expected 'library', 'hidden', 'contracts' or 'ndcall declarations 1'\n  hiden f\n  ^");
    EXPECT_EQ(refuse(head + "library \"f.so\"\n" + tail), "f.ndcall:2:8: expected 'file' or 'named'\n  library \"f.so\"\n         ^");
    EXPECT_EQ(refuse(head + library + "hidden f g\n" + tail),
              "f.ndcall:3:10: no function 'g' is declared here\n  hidden f g\n           ^");
    EXPECT_EQ(refuse(head + library + "contracts\n  f: x[n]\ncontracts\n" + tail),
              "f.ndcall:5:10: the contracts are there twice\n  contracts\n           ^");
    EXPECT_EQ(refuse(head + library + "contracts\n  f: x[n]"),
              "f.ndcall:4:3: the text was cut: its declarations are missing\n    f: x[n]\n    ^");
    EXPECT_EQ(refuse(head + library + "ndcall declarations 1\nend\n"),
              "f.ndcall:3:1: the declarations do not say for which machine: no 'target' line\n  ndcall declarations 1\n  ^");
    EXPECT_EQ(refuse(head + library + "ndcall declarations 1\nfunktion\n"),
              "f.ndcall:4:1: expected an entry such as 'function' or 'struct', or 'end'\n  funktion\n  ^");
    EXPECT_EQ(refuse(head + library + "\xff\n" + tail), "f.ndcall:3:1: the text is not UTF-8 here\n  \xff\n  ^");
}

TEST(ParseSaved, NamesTheLineEndsOfWindows) {
    EXPECT_EQ(refuse_briefly("ndcall saved 1\r\n"),
              "f.ndcall:1:15: the line ends with a carriage return, as on Windows: a line feed alone ends it here");
}

TEST(ParseSaved, RefusesALibraryThatIsNamedByAPath) {
    for (const std::string name : {"../f.so", "/lib/f.so", "sub/f.so", "..", ".", ""})
        EXPECT_EQ(refuse_briefly(head + "library file \"" + name + "\" sha256 " + digest + "\n" + tail),
                  "f.ndcall:2:14: a library is named without a folder");
    EXPECT_EQ(refuse(head + "library named \"a/b\"\n" + tail),
              "f.ndcall:2:15: a library is named without a folder\n  library named \"a/b\"\n                ^");
}

TEST(ParseSaved, RefusesANameThatIsNoText) {
    EXPECT_EQ(refuse(head + "library named \"a\\xff\"\n" + tail),
              "f.ndcall:2:15: a library's name is UTF-8\n  library named \"a\\xff\"\n                ^");
}

TEST(ParseSaved, RefusesAHashThatIsNone) {
    for (const std::string& wrong : {digest.substr(1), digest + "a", "A" + digest.substr(1), std::string()})
        EXPECT_EQ(refuse_briefly(head + "library file \"f.so\" sha256 " + wrong + "\n" + tail),
                  "f.ndcall:2:28: expected the SHA-256 of the file: 64 hexadecimal digits");
    EXPECT_EQ(refuse(head + "library file \"f.so\"\n" + tail),
              "f.ndcall:2:20: expected 'sha256'\n  library file \"f.so\"\n                     ^");
}

TEST(ParseSaved, RefusesMoreLibrariesThanAnyoneHas) {
    std::string many = head;
    for (int i = 0; i < 64; ++i) many += "library named \"m\"\n";
    EXPECT_EQ(refuse(many + tail), "accepted");
    EXPECT_EQ(refuse(many + "library named \"m\"\n" + tail),
              "f.ndcall:66:15: more than 64 libraries\n  library named \"m\"\n                ^");
}

TEST(ParseSaved, ShowsAWrongContractWhereItStands) {
    EXPECT_EQ(refuse(head + library + "contracts\n  f: x[n\n" + tail).substr(0, 15), "f.ndcall:4:9: e");
    EXPECT_EQ(refuse(head + library + "contracts\n  g: x[n]\n" + tail), "f.ndcall:4:3: there is no function 'g' here\n    g: x[n]\n    ^");
    EXPECT_EQ(refuse(head + library + "contracts\n  handle f: free g\n" + tail),
              "f.ndcall:4:3: 'handle' is understood, but not bound yet: this version of ndcall cannot use it\n    handle f: free g\n    ^");
}

TEST(ParseSaved, IsAnErrorWhereverTheTextIsCut) {
    const std::string whole = head + library + "hidden f\ncontracts\n  f: x[n]\n" + tail;
    EXPECT_EQ(refuse(whole), "accepted");
    for (std::size_t size = 0; size < whole.size(); ++size) EXPECT_EQ(refuse(whole.substr(0, size)).substr(0, 9), "f.ndcall:") << size;
}

}  // namespace
}  // namespace ndcall
