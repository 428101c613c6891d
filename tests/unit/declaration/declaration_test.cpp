#include "declaration/declaration.hpp"

#include <gtest/gtest.h>

namespace ndcall {
namespace {

FunctionDeclaration make_function(const std::string& name) {
    FunctionDeclaration out;
    out.name = name;
    return out;
}

TEST(LookUp, FindsEntriesWithAndWithoutAnIndex) {
    Declarations all;
    all.functions.push_back(make_function("f"));
    EXPECT_EQ(all.find_function("f"), &all.functions[0]);
    all.index_names();
    EXPECT_EQ(all.find_function("f"), &all.functions[0]);
    EXPECT_EQ(all.find_function("g"), nullptr);
}

TEST(LookUp, FindsEntriesThatWereAddedAfterIndexing) {
    Declarations all;
    all.functions.push_back(make_function("f"));
    all.index_names();
    all.functions.push_back(make_function("g"));
    EXPECT_EQ(all.find_function("g"), &all.functions[1]);
}

TEST(LookUp, FindsTheFirstOfSeveral) {
    Declarations all;
    all.enums.resize(2);
    all.enums[0].tag = all.enums[1].tag = "color";
    all.index_names();
    EXPECT_EQ(all.find_enum("color"), &all.enums[0]);
}

TEST(LookUp, FindsStructsByTagBeforeAlias) {
    Declarations all;
    all.structs.resize(2);
    all.structs[0].tag = "first";
    all.structs[0].aliases = {"second", "other"};
    all.structs[1].tag = "second";
    for (int round = 0; round < 2; ++round) {
        EXPECT_EQ(all.find_struct("second"), &all.structs[1]);
        EXPECT_EQ(all.find_struct("other"), &all.structs[0]);
        all.index_names();
    }
}

TEST(LookUp, SurvivesAMove) {
    Declarations all;
    all.structs.resize(1);
    all.structs[0].tag = "point";
    all.index_names();
    const Declarations moved = std::move(all);
    EXPECT_EQ(moved.find_struct("point"), &moved.structs[0]);
}

}  // namespace
}  // namespace ndcall
