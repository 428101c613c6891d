// Declarations as text: what the reader process prints and what a saved library holds. One format, one printer, one parser.
//
//     ndcall declarations 1
//     target "x86_64-pc-linux-gnu"
//     file "filter.c"
//     file "/usr/include/stdlib.h"
//     function sum fn(n: size_t=u8, x: *const f8, ...) -> f8 at 0:3 definition
//       text "double sum(size_t n, const double *x, ...)"
//       comment at 0:2 "/// adds"
//     struct point at 0:9 size 16 align 8
//       field x f8 at 0
//       field y f8 at 8
//     end
//
// The first line names the format and its version, the last is `end`: a text that was cut is noticed. A line without blanks in front begins
// an entry, a line with two blanks belongs to the entry above it. Words are separated by one or more blanks. The entries, PLACE being
// `at FILE:LINE` with FILE the position of a `file` line (from 0) and LINE counted from 1:
//
//     target STRING | file STRING | warning STRING
//     function NAME TYPE PLACE [definition] [static] [inline]
//         lines: symbol STRING | text STRING | comment PLACE STRING | invalid STRING | reads NAMES | writes NAMES | statics NAMES
//                | spans NAME EXTENTS          (an extent is a parameter's NAME or a number)
//     struct NAME PLACE [size N align N]        (no size: incomplete; `union` likewise)
//         lines: aliases NAMES | field NAME TYPE at N [bits N shift N] [comment STRING] | comment STRING | invalid STRING
//     enum NAME TYPE PLACE
//         lines: aliases NAMES | member NAME N | comment STRING | invalid STRING
//     variable NAME TYPE PLACE [static] [thread_local]
//         lines: symbol STRING | comment STRING | invalid STRING
//     constant NAME (integer N | unsigned N | real R | text STRING) PLACE
//
// A NAME is a C identifier, for a tag also several joined by dots; "" where C gives none. A STRING stands in double quotes with \" \\ \n
// \t \r and \xHH for a byte that is no UTF-8 or no printable character (never \x00). A TYPE is written from outside to inside:
//
//     void bool char       C's own; plain `char` is text
//     i1 u2 f8 c16         signed, unsigned, floating, complex, with the size in bytes
//     *T                   pointer
//     [n]T [3]T []T [static n]T ["2 * n"]T [restrict n]T ["*"]T     array; the extent is C text
//     fn(a: T, T, ...) -> T     function; `oldfn` when nothing tells its parameters
//     struct TAG, union TAG, enum TAG T, other
//     const volatile restrict   in front of what they qualify: `*const f8` points to const, `const *f8` is a const pointer
//     size_t=u8 "long long"=i8  the name the source used; not before qualifiers
//     /SIZE/ALIGN               behind the first word of a type, where bytes differ from what the word says: struct point/16/8, f8/8/4
//
// The text is untrusted: parse_declarations checks everything it takes (sizes, offsets inside their struct, identifiers, depth of types,
// counts) and throws TextError with line and column; it never crashes, and never takes memory out of proportion to the text.
#pragma once

#include <string>
#include <string_view>

#include "declaration/declaration.hpp"

namespace ndcall {

// Types nested deeper, and structs by value within structs, are refused: what walks them may then recurse.
inline constexpr unsigned deepest_type = 64;

std::string print_declarations(const Declarations& declarations);
// They begin at the byte `begin` of the text and end with it.
Declarations parse_declarations(std::string_view text, std::string_view origin = "declarations", std::uint32_t begin = 0);

}  // namespace ndcall
