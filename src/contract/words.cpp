#include "contract/words.hpp"

#include <algorithm>
#include <array>

namespace ndcall::detail {

namespace {

constexpr std::array prefix_words{
    PrefixWord{"inout", &Words::inout},      PrefixWord{"copy", &Words::copy},     PrefixWord{"rows", &Words::rows},
    PrefixWord{"fortran", &Words::fortran},  PrefixWord{"lowest", &Words::lowest}, PrefixWord{"taken", &Words::taken},
    PrefixWord{"static", &Words::is_static}, PrefixWord{"unset", &Words::unset},
};

constexpr std::array clause_words{
    ClauseWord{"ok", ClauseKind::Ok, ClauseOperand::Expression},         ClauseWord{"check", ClauseKind::Check, ClauseOperand::Expression},
    ClauseWord{"warn", ClauseKind::Warn, ClauseOperand::Expression},     ClauseWord{"scratch", ClauseKind::Scratch, ClauseOperand::Name},
    ClauseWord{"first", ClauseKind::First, ClauseOperand::Name},         ClauseWord{"user", ClauseKind::User, ClauseOperand::Name},
    ClauseWord{"error", ClauseKind::Error, ClauseOperand::Expression},   ClauseWord{"keep", ClauseKind::Keep, ClauseOperand::Name},
    ClauseWord{"alias", ClauseKind::Alias, ClauseOperand::Name},         ClauseWord{"ignore", ClauseKind::Ignore, ClauseOperand::Return},
    ClauseWord{"broadcast", ClauseKind::Broadcast, ClauseOperand::None}, ClauseWord{"each", ClauseKind::Each, ClauseOperand::Name},
    ClauseWord{"halo", ClauseKind::Halo, ClauseOperand::Expression},     ClauseWord{"whole", ClauseKind::Whole, ClauseOperand::None},
    ClauseWord{"serial", ClauseKind::Serial, ClauseOperand::None},       ClauseWord{"gil", ClauseKind::Gil, ClauseOperand::None},
    ClauseWord{"nogil", ClauseKind::Nogil, ClauseOperand::None},
};

constexpr std::array<std::string_view, 3> phrase_words{"free", "of", "from"};
constexpr std::array<std::string_view, 5> reserved_words{"and", "or", "not", "if", "else"};

// The first block has the same width everywhere, the second has not.
constexpr std::array fixed_types{
    Hint{"double", "float64"},
    Hint{"float", "float32"},
    Hint{"int8_t", "int8"},
    Hint{"int16_t", "int16"},
    Hint{"int32_t", "int32"},
    Hint{"int64_t", "int64"},
    Hint{"uint8_t", "uint8"},
    Hint{"uint16_t", "uint16"},
    Hint{"uint32_t", "uint32"},
    Hint{"uint64_t", "uint64"},
    Hint{"_Bool", "bool"},
    Hint{"char", "str, bytes, int8 or uint8"},
    Hint{"void", "the items' dtype, or any"},
    Hint{"_Complex", "complex128 or complex64"},
    Hint{"struct", "the struct's name alone"},
};
constexpr std::array platform_types{
    Hint{"int", "int32"},       Hint{"short", "int16"},   Hint{"long", "int64"},    Hint{"signed", "int32"},
    Hint{"unsigned", "uint32"}, Hint{"size_t", "uint64"}, Hint{"ssize_t", "int64"}, Hint{"ptrdiff_t", "int64"},
};
constexpr std::array<std::string_view, 4> qualifiers{"const", "volatile", "restrict", "enum"};

constexpr std::string_view check_hint = "write 'check CONDITION else \"text\"'";
constexpr std::string_view ok_hint = "write 'ok CONDITION else \"text\"'";
constexpr std::string_view word_hint = "it stands before a name, left or right of '->'";
constexpr std::array clause_hints{
    Hint{"return", "results stand after '->'"},
    Hint{"returns", "results stand after '->'"},
    Hint{"raise", ok_hint},
    Hint{"raises", ok_hint},
    Hint{"throw", ok_hint},
    Hint{"success", ok_hint},
    Hint{"ensure", ok_hint},
    Hint{"require", check_hint},
    Hint{"requires", check_hint},
    Hint{"assert", check_hint},
    Hint{"if", check_hint},
    Hint{"where", "write 'check CONDITION', or 'n = ...' for a hidden argument"},
    Hint{"with", "write 'check CONDITION', or 'n = ...' for a hidden argument"},
    Hint{"workspace", "write 'scratch work[n]'"},
    Hint{"free", "it stands after a result: -> return free f"},
    Hint{"of", "it stands after a result: -> return of owner"},
    Hint{"inout", word_hint},
    Hint{"copy", word_hint},
    Hint{"rows", word_hint},
    Hint{"fortran", word_hint},
    Hint{"lowest", word_hint},
    Hint{"taken", word_hint},
    Hint{"static", word_hint},
    Hint{"unset", word_hint},
};

constexpr std::array foreign_symbols{
    Hint{"**", "for a power write n*n, for a power of two 1 << n, for T ** 'rows' before the name"},
    Hint{"//", "'/' divides integers rounding down, and '#' begins a comment"},
    Hint{"/*", "'#' begins a comment"},
    Hint{"&&", "write 'and'"},
    Hint{"||", "write 'or'"},
    Hint{"!", "write 'not'"},
    Hint{"=>", "write '->' between what goes in and what comes out, '>=' to compare"},
    Hint{"...", "write [*] for any shape, [*n] to give it a name"},
};

constexpr std::array not_ascii{
    Hint{"→", "->"},
    Hint{"⇒", "->"},
    Hint{"⟶", "->"},
    Hint{"≤", "<="},
    Hint{"⩽", "<="},
    Hint{"≥", ">="},
    Hint{"⩾", ">="},
    Hint{"≠", "!="},
    Hint{"×", "*"},
    Hint{"·", "*"},
    Hint{"⋅", "*"},
    Hint{"∗", "*"},
    Hint{"÷", "/"},
    Hint{"−", "-"},
    Hint{"–", "-"},
    Hint{"—", "-"},
    Hint{"“", "\""},
    Hint{"”", "\""},
    Hint{"„", "\""},
    Hint{"«", "\""},
    Hint{"»", "\""},
    Hint{"’", "'"},
    Hint{"‘", "'"},
    Hint{"…", "*"},
    Hint{"²", "a product, n*n"},
    Hint{"³", "a product, n*n*n"},
    Hint{"∧", "and"},
    Hint{"∨", "or"},
    Hint{"¬", "not"},
    Hint{"\u00a0", "an ordinary blank"},
};

template <class Table>
const Hint* find_hint(const Table& table, std::string_view word) {
    const auto found = std::find_if(table.begin(), table.end(), [&](const Hint& hint) { return hint.word == word; });
    return found == table.end() ? nullptr : &*found;
}

template <class Table>
auto find_row(const Table& table, std::string_view text) -> decltype(table.data()) {
    const auto found = std::find_if(table.begin(), table.end(), [&](const auto& row) { return row.text == text; });
    return found == table.end() ? nullptr : &*found;
}

template <class Table>
std::vector<std::string> list_texts(const Table& table) {
    std::vector<std::string> out;
    for (const auto& row : table) out.emplace_back(row.text);
    return out;
}

}  // namespace

std::span<const PrefixWord> list_prefix_words() { return prefix_words; }
const PrefixWord* find_prefix_word(std::string_view text) { return find_row(prefix_words, text); }
const ClauseWord* find_clause_word(std::string_view text) { return find_row(clause_words, text); }

std::string_view clause_text(ClauseKind kind) {
    const auto found = std::find_if(clause_words.begin(), clause_words.end(), [&](const ClauseWord& row) { return row.kind == kind; });
    return found == clause_words.end() ? std::string_view() : found->text;
}

bool is_phrase_word(std::string_view text) { return std::find(phrase_words.begin(), phrase_words.end(), text) != phrase_words.end(); }
bool is_reserved_word(std::string_view text) {
    return std::find(reserved_words.begin(), reserved_words.end(), text) != reserved_words.end();
}

bool is_c_type_word(std::string_view text) {
    return find_type_hint(text) != nullptr || std::find(qualifiers.begin(), qualifiers.end(), text) != qualifiers.end();
}

const Hint* find_type_hint(std::string_view c_type) {
    const Hint* fixed = find_hint(fixed_types, c_type);
    return fixed != nullptr ? fixed : find_hint(platform_types, c_type);
}

bool depends_on_platform(std::string_view c_type) { return find_hint(platform_types, c_type) != nullptr; }
const Hint* find_clause_hint(std::string_view word) { return find_hint(clause_hints, word); }
const Hint* find_foreign_hint(std::string_view symbol) { return find_hint(foreign_symbols, symbol); }

std::string_view find_ascii_for(std::string_view character) {
    const Hint* hint = find_hint(not_ascii, character);
    return hint == nullptr ? std::string_view() : hint->text;
}

std::vector<std::string> prefix_word_texts() { return list_texts(prefix_words); }
std::vector<std::string> clause_word_texts() { return list_texts(clause_words); }

}  // namespace ndcall::detail
