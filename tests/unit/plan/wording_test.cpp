#include "plan/wording.hpp"

#include <gtest/gtest.h>

namespace ndcall {
namespace {

TEST(PrintPosition, has_english_endings) {
    const std::pair<std::size_t, const char*> table[] = {{0, "1st"},   {1, "2nd"},   {2, "3rd"},   {3, "4th"},   {10, "11th"},
                                                         {11, "12th"}, {12, "13th"}, {20, "21st"}, {21, "22nd"}, {110, "111th"}};
    for (const auto& [position, text] : table) EXPECT_EQ(print_position(position, 120), std::string(text) + " of 120");
}

TEST(PrintBytes, uses_powers_of_a_thousand_and_at_most_one_decimal) {
    const std::pair<std::size_t, const char*> table[] = {{0, "0 bytes"},   {1, "1 byte"},       {24, "24 bytes"},    {999, "999 bytes"},
                                                         {1000, "1 kB"},   {1249, "1.2 kB"},    {8000, "8 kB"},      {999949, "999.9 kB"},
                                                         {999960, "1 MB"}, {1200000, "1.2 MB"}, {8000000000, "8 GB"}};
    for (const auto& [bytes, text] : table) EXPECT_EQ(print_bytes(bytes), text);
}

TEST(PrintTuple, is_pythons) {
    const std::vector<std::string> items = {"m", "n"};
    EXPECT_EQ(print_tuple({}), "()");
    EXPECT_EQ(print_tuple({items.data(), 1}), "(m,)");
    EXPECT_EQ(print_tuple(items), "(m, n)");
}

TEST(NameAnyDtype, knows_what_no_c_function_takes) {
    EXPECT_EQ(name_any_dtype({'O', false, 8}), "object");
    EXPECT_EQ(name_any_dtype({'U', false, 12}), "str");
    EXPECT_EQ(name_any_dtype({'M', false, 8}), "datetime64");
    EXPECT_EQ(name_any_dtype({'f', false, 2}), "float16");
    EXPECT_EQ(name_any_dtype({'f', false, 16}), "longdouble");
    EXPECT_EQ(name_any_dtype({'c', false, 32}), "clongdouble");
}

}  // namespace
}  // namespace ndcall
