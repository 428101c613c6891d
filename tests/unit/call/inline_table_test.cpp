#include "call/inline_table.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>

#include "call/frame.hpp"

namespace ndcall {
namespace {

struct Counted {
    static inline int alive = 0;
    Counted() { ++alive; }
    ~Counted() { --alive; }
    int value = 7;
};

TEST(InlineTable, SmallTablesLieInTheObjectItself) {
    InlineTable<int, 4> table(4);
    const auto *begin = reinterpret_cast<const char*>(&table), *data = reinterpret_cast<const char*>(table.data());
    EXPECT_TRUE(data >= begin && data < begin + sizeof table);
    EXPECT_EQ(table.size(), 4u);
}

TEST(InlineTable, LargeTablesLieOutside) {
    InlineTable<int, 4> table(5);
    const auto *begin = reinterpret_cast<const char*>(&table), *data = reinterpret_cast<const char*>(table.data());
    EXPECT_FALSE(data >= begin && data < begin + sizeof table);
    EXPECT_EQ(table.end() - table.begin(), 5);
}

TEST(InlineTable, EveryEntryIsMadeAndDestroyedOnce) {
    for (const std::size_t size : {0u, 3u, 4u, 100u}) {
        {
            const InlineTable<Counted, 4> table(size);
            EXPECT_EQ(Counted::alive, static_cast<int>(size));
            for (std::size_t i = 0; i < size; ++i) EXPECT_EQ(table[i].value, 7);
        }
        EXPECT_EQ(Counted::alive, 0);
    }
}

TEST(InlineTable, NumbersAndPointersBeginAsZero) {
    InlineTable<const char*, 2> texts(9);
    EXPECT_TRUE(std::all_of(texts.begin(), texts.end(), [](const char* text) { return text == nullptr; }));
}

TEST(InlineTable, EntriesKeepTheirAlignment) {
    for (const std::size_t size : {1u, 16u, 17u, 200u}) {
        const InlineTable<RawCell, 16> cells(size);
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(cells.data()) % alignof(RawCell), 0u) << size;
    }
}

}  // namespace
}  // namespace ndcall
