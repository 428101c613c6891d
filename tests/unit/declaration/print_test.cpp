#include <gtest/gtest.h>

#include <bit>
#include <limits>
#include <random>

#include "declaration/text.hpp"
#include "text/error.hpp"

namespace ndcall {
namespace {

// One of everything, in the printer's own order.
const std::string everything = R"lib(ndcall declarations 1
target "x86_64-linux-gnu"
file "filter.c"
file "/usr/include/über \xff\x01.h"
warning "filter.c:3: \"quoted\" \\ text\nsecond line\ttab"
struct point at 0:9 size 48 align 8
  aliases point_t also_point
  field x f8 at 0 comment "/**< metre */"
  field next *struct point/48/8 at 8
  field flags u4 at 16 bits 3 shift 5
  field in struct point.in/4/4 at 20
  field call *fn(x: f8, *void) -> f8 at 24
  field tail []f8 at 48
  comment "/// a point"
struct point.in at 0:9 size 4 align 4
  field a i4 at 0
struct opaque at 1:2
union both at 0:20 size 8 align 8
  field i "long long"=i8 at 0
  field d f8/8/4 at 0
struct broken at 0:30 size 1 align 1
  invalid "unknown type name 'nope_t' (line 30)"
enum color u4 at 0:33
  aliases colour
  member RED 0
  member BLUE -5
  comment "// colours"
enum "" i8 at 0:34
  member BIG 9223372036854775807
constant N integer -3 at 0:1
constant M unsigned 18446744073709551615 at 0:1
constant PI real 3.25 at 0:1
constant HUGE real inf at 0:1
constant NAME text "nd\"call" at 0:1
variable table [3]const f8 at 0:40 static
variable errors i4 at 0:41 thread_local
  symbol "errors@@V1"
  comment "/* how many */"
function sum fn(n: size_t=u8, x: [restrict static n]const f8, b: ["*"]f8, c: ["2 * n + 1"][4]f8, ...) -> f8 at 0:50 definition static inline
  symbol "sum_"
  text "double sum(size_t n)"
  comment at 0:49 "/// adds"
  reads b x
  writes c x.data
  statics counter
  spans b "2"
  spans x
function g oldfn() -> const *volatile i4 at 0:60
  invalid "conflicting types"
function h fn(v: v4=other/16/16, "__int128"=other/16/16, z: c32, f: mat3=[3][3]f8, e: enum color u4) -> *fn(i4) -> void at 0:61
end
)lib";

std::string with_bare_words(std::string text) {
    const std::string quoted = "\"__int128\"";
    return text.replace(text.find(quoted), quoted.size(), "__int128");
}

TEST(PrintedDeclarations, AreReadBackAndPrintedTheSame) {
    EXPECT_EQ(print_declarations(parse_declarations(everything)), with_bare_words(everything));
}

TEST(PrintedDeclarations, SurviveAnyBytesInTheirStrings) {
    Declarations all;
    all.files.push_back("a.c");
    std::string bytes;
    for (int byte = 1; byte < 256; ++byte) bytes += static_cast<char>(byte);
    all.warnings = {bytes, "\xe2\x82", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xc0\xaf", "é→𝄞"};
    EXPECT_EQ(parse_declarations(print_declarations(all)).warnings, all.warnings);
}

TEST(PrintedDeclarations, KeepEveryBitOfAConstant) {
    Declarations all;
    all.files.push_back("a.c");
    for (const double value : {0.1, -0.0, 5e-324, 1.7976931348623157e308, -std::numeric_limits<double>::infinity()}) {
        all.constants.push_back({"c" + std::to_string(all.constants.size()), value, {0, 1}});
    }
    const Declarations back = parse_declarations(print_declarations(all));
    for (std::size_t i = 0; i < all.constants.size(); ++i) {
        const double before = std::get<double>(all.constants[i].value), after = std::get<double>(back.constants[i].value);
        EXPECT_EQ(std::bit_cast<std::uint64_t>(before), std::bit_cast<std::uint64_t>(after));
    }
}

// Either a TextError, or declarations that print to a text which is read back the same.
void expect_harmless(const std::string& text) {
    std::string printed;
    try {
        printed = print_declarations(parse_declarations(text));
    } catch (const TextError& error) {
        EXPECT_GE(error.place().line, 1u);
        return;
    }
    EXPECT_EQ(print_declarations(parse_declarations(printed)), printed);
}

TEST(PrintedDeclarations, AreRefusedOrReadWhereverTheyAreCut) {
    for (std::size_t size = 0; size < everything.size(); ++size) expect_harmless(everything.substr(0, size));
}

TEST(PrintedDeclarations, AreRefusedOrReadWhateverByteIsWrong) {
    const std::string replacements = "\n \"\\/:=*[]()09afs\xff";
    std::mt19937 random(1);  // NOLINT(cert-msc51-cpp): the same mutations in every run
    for (int i = 0; i < 4000; ++i) {
        std::string text = everything;
        for (int change = 0; change < 1 + i % 3; ++change) {
            const std::size_t at = random() % text.size();
            const char byte = replacements[random() % replacements.size()];
            switch (random() % 3) {
                case 0: text[at] = byte; break;
                case 1: text.insert(at, 1, byte); break;
                default: text.erase(at, 1 + random() % 4); break;
            }
        }
        expect_harmless(text);
    }
}

TEST(PrintedDeclarations, AreRefusedOrReadWhenLinesAreExchanged) {
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < everything.size();) {
        const std::size_t end = everything.find('\n', at) + 1;
        lines.push_back(everything.substr(at, end - at));
        at = end;
    }
    std::mt19937 random(2);  // NOLINT(cert-msc51-cpp): the same mutations in every run
    for (int i = 0; i < 1000; ++i) {
        std::vector<std::string> mixed = lines;
        std::swap(mixed[random() % mixed.size()], mixed[random() % mixed.size()]);
        mixed.insert(mixed.begin() + static_cast<std::ptrdiff_t>(random() % mixed.size()), lines[random() % lines.size()]);
        std::string text;
        for (const std::string& line : mixed) text += line;
        expect_harmless(text);
    }
}

}  // namespace
}  // namespace ndcall
