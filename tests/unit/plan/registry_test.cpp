#include "plan/registry.hpp"

#include <gtest/gtest.h>

#include "plan/binding.hpp"

namespace ndcall::test {
namespace {

constexpr const char* lines =
    "function sadd fn(a: *const f4, b: *const f4, c: *f4, n: i8) -> void at 0:3\n"
    "function dadd fn(a: *const f8, b: *const f8, c: *f8, n: i8) -> void at 0:6\n"
    "  comment at 0:5 \"/// ndcall: a[n], b[n] -> c[n]\"\n"
    "function total fn(x: *const f8, n: i8) -> f8 at 0:9\n"
    "  comment at 0:7 \"/// The sum.\\n/// ndcall: x[m -> return\"\n"
    "function lambda fn(x: f8) -> f8 at 0:10\n"
    "function secret fn(x: f8) -> f8 at 0:11\n"
    "struct Fields at 0:1 size 16 align 8\n"
    "  field n i8 at 0\n"
    "  field one *f8 at 8\n";

class RegistryTest : public testing::Test {
  protected:
    // "add: sadd dadd family": the names in Python, the functions behind each, and where their lines stood.
    std::string show(const Offer& offer) const {
        std::string text = offer.name + ":";
        for (const Offer::Member& member : offer.members)
            text += " " + member.function->name + "@" + (member.line.entry ? member.line.origin : "");
        return text + (offer.is_family ? " family" : "") + (offer.is_given ? " given" : "");
    }
    std::string list() const {
        std::string text;
        for (const Offer& offer : registry.list_offers([](const std::string& name) { return name != "secret"; }))
            text += show(offer) + "\n";
        return text;
    }
    std::string origin_of(const std::string& name) const {
        return registry.find_member(*registry.declarations().find_function(name)).line.origin;
    }
    template <class Add>
    static std::string refuse(const Add& add) {
        try {
            add();
        } catch (const TextError& error) {
            return error.what();
        }
        return "accepted";
    }
    Registry registry{declare(lines)};
};

TEST_F(RegistryTest, EveryChosenFunctionIsOfferedUnderItsOwnName) {
    EXPECT_EQ(list(), "sadd: sadd@\ndadd: dadd@\ntotal: total@\nlambda: lambda@\n");
}

TEST_F(RegistryTest, TheHigherPlaceReplacesTheWholeLine) {
    registry.add_comments();
    EXPECT_EQ(origin_of("dadd"), "code.c:5");
    registry.add_text(Rank::File, "dadd: a[n], b[n], inout c[n]\n", "code.contract");
    EXPECT_EQ(origin_of("dadd"), "code.contract:1");
    registry.add_pair("dadd", "a[m], b[m] -> c[m]", "contracts=");
    EXPECT_EQ(origin_of("dadd"), "contracts=");
    registry.add_text(Rank::File, "dadd: a[k], b[k] -> c[k]\n", "other.contract");
    EXPECT_EQ(origin_of("dadd"), "contracts=");
}

TEST_F(RegistryTest, ACommentDoesNotReplaceAFile) {
    registry.add_text(Rank::File, "dadd: a[n], b[n], inout c[n]\n", "code.contract");
    registry.add_comments();
    EXPECT_EQ(origin_of("dadd"), "code.contract:1");
}

TEST_F(RegistryTest, AFamilyIsOneNameOverItsMembers) {
    registry.add_pair("add = {s,d}add", "a[n], b[n] -> c[n]", "contracts=");
    EXPECT_EQ(list(),
              "add: sadd@contracts= dadd@contracts= family given\nsadd: sadd@contracts=\ndadd: dadd@contracts=\ntotal: total@\nlambda: "
              "lambda@\n");
}

TEST_F(RegistryTest, LinesWithOneNameInPythonAreOverloads) {
    registry.add_text(Rank::Call, "add = sadd: a[n], b[n] -> c[n]\nadd = dadd: a[n], b[n] -> c[n]\n", "contracts=");
    EXPECT_EQ(list().substr(0, 42), "add: sadd@contracts= dadd@contracts= given");
}

TEST_F(RegistryTest, AFunctionMayHaveSeveralNames) {
    registry.add_text(Rank::File, "plus = dadd: a[n], b[n] -> c[n]\ninto = dadd: a[n], b[n], inout c[n]\n", "code.contract");
    EXPECT_NE(list().find("plus: dadd@code.contract:1\ninto: dadd@code.contract:2\ndadd: dadd@code.contract:1\n"), std::string::npos);
}

TEST_F(RegistryTest, AnUnknownFunctionGetsTheNearest) {
    EXPECT_EQ(refuse([&] { registry.add_pair("dad", "a[n], b[n] -> c[n]", "contracts="); }),
              "contracts=:1:1: there is no function 'dad' here; did you mean 'dadd'?\n"
              "  dad: a[n], b[n] -> c[n]\n"
              "  ^");
    EXPECT_EQ(refuse([&] { registry.add_text(Rank::Call, "struct Field: one[n]", "contracts="); }),
              "contracts=:1:8: there is no struct 'Field' here; did you mean 'Fields'?\n"
              "  struct Field: one[n]\n"
              "         ^");
}

TEST_F(RegistryTest, AMistakeInAFileSpoilsOnlyItsOwnFunction) {
    registry.add_text(Rank::File, "sadd: a[n, b[n] -> c[n]\ndadd: a[n], b[n] -> c[n]\n", "code.contract");
    ASSERT_NE(registry.find_mistake("sadd"), nullptr);
    EXPECT_EQ(registry.find_mistake("sadd")->substr(0, 16), "code.contract:1:");
    EXPECT_EQ(registry.find_mistake("dadd"), nullptr);
    EXPECT_EQ(origin_of("dadd"), "code.contract:2");
}

TEST_F(RegistryTest, AMistakeInACommentIsHiddenByABetterLine) {
    registry.add_comments();
    ASSERT_NE(registry.find_mistake("total"), nullptr);
    EXPECT_EQ(registry.find_mistake("total")->substr(0, 9), "code.c:8:");
    registry.add_pair("total", "x[n]", "contracts=");
    EXPECT_EQ(registry.find_mistake("total"), nullptr);
}

TEST_F(RegistryTest, AMistakeInTheCallIsThrown) {
    EXPECT_NE(refuse([&] { registry.add_pair("total", "x[n", "contracts="); }), "accepted");
    EXPECT_NE(refuse([&] { registry.add_text(Rank::Call, "total: x[n", "contracts="); }), "accepted");
}

TEST_F(RegistryTest, ALineForAFunctionThatAFileDoesNotHaveStaysWithItsName) {
    registry.add_text(Rank::File, "zadd: a[n], b[n] -> c[n]\n", "code.contract");
    ASSERT_NE(registry.find_mistake("zadd"), nullptr);
    EXPECT_EQ(registry.find_mistake("zadd")->substr(0, 53), "code.contract:1:1: there is no function 'zadd' here; ");
}

TEST_F(RegistryTest, KindsOfLinesThatAreNotBoundYetAreRefusedByName) {
    const std::string later = " is understood, but not bound yet: this version of ndcall cannot use it";
    const std::pair<const char*, const char*> kinds[] = {{"void *add: a[n], b[n] -> c[n]", "a rule over a name pattern"},
                                                         {"* = lib_*", "a name pattern"},
                                                         {"handle Fields: free secret", "'handle'"},
                                                         {"load secret(1)", "'load'"},
                                                         {"unload secret(1)", "'unload'"}};
    for (const auto& kind : kinds) {
        const std::string message = refuse([&] { registry.add_text(Rank::Call, kind.first, "contracts="); });
        EXPECT_EQ(message.substr(0, message.find('\n')), "contracts=:1:1: " + std::string(kind.second) + later) << kind.first;
    }
}

TEST_F(RegistryTest, ARuleInAFileSpoilsTheFunctionsThatItFits) {
    registry.add_text(Rank::File, "*add: a[n], b[n] -> c[n]\ntotal: x[n]\n", "code.contract");
    EXPECT_NE(registry.find_mistake("sadd"), nullptr);
    EXPECT_NE(registry.find_mistake("dadd"), nullptr);
    EXPECT_EQ(registry.find_mistake("total"), nullptr);
}

TEST_F(RegistryTest, AStructHasALineOfItsOwn) {
    EXPECT_EQ(registry.find_struct_entry("Fields"), nullptr);
    EXPECT_EQ(registry.find_struct_line("Fields").entry, nullptr);
    registry.add_text(Rank::File, "struct Fields: one[n]\n", "code.contract");
    ASSERT_NE(registry.find_struct_entry("Fields"), nullptr);
    EXPECT_EQ(registry.find_struct_line("Fields").origin, "code.contract:1");
}

TEST_F(RegistryTest, ASavedLineStandsBetweenAFileAndAComment) {
    registry.add_text(Rank::Saved, "\n  dadd: a[m], b[m] -> c[m]\n", "code.ndcall", 3);
    EXPECT_EQ(origin_of("dadd"), "code.ndcall:4");
    registry.add_comments();
    EXPECT_EQ(origin_of("dadd"), "code.ndcall:4");
    registry.add_text(Rank::File, "dadd: a[k], b[k] -> c[k]\n", "code.contract");
    EXPECT_EQ(origin_of("dadd"), "code.contract:1");
}

TEST_F(RegistryTest, AMistakeInASavedLineIsThrown) {
    EXPECT_EQ(refuse([&] { registry.add_text(Rank::Saved, "  dad: a[n]\n", "code.ndcall", 3); }),
              "code.ndcall:3:3: there is no function 'dad' here; did you mean 'dadd'?\n    dad: a[n]\n    ^");
}

TEST_F(RegistryTest, ListsTheLinesThatHoldWithTheMembersOfAFamilyTogether) {
    registry.add_text(Rank::File, "total: x[n]\nadd = {d,s}add: a[n], b[n] -> c[n]\nstruct Fields: one[n]\nsecret: x\n", "code.contract");
    std::string names;
    for (const auto& line : registry.list_lines([](const std::string& name) { return name != "secret"; })) {
        for (const Entry* entry : line) names += entry->patterns.at(0) + " ";
        names += "| ";
    }
    EXPECT_EQ(names, "sadd dadd | total | Fields | ");
}

}  // namespace
}  // namespace ndcall::test
