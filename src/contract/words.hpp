// The words of the language and what each of them may mean. A new word is a new row here.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "contract/contract.hpp"

namespace ndcall::detail {

struct PrefixWord {
    std::string_view text;
    bool Words::*member;
};

// What follows the word of a clause; a contract's first token is such a word only if this follows.
enum class ClauseOperand : std::uint8_t { None, Name, Return, Expression };

struct ClauseWord {
    std::string_view text;
    ClauseKind kind;
    ClauseOperand operand;
};

struct Hint {
    std::string_view word, text;
};

std::span<const PrefixWord> list_prefix_words();
const PrefixWord* find_prefix_word(std::string_view text);
const ClauseWord* find_clause_word(std::string_view text);
std::string_view clause_text(ClauseKind kind);
bool is_phrase_word(std::string_view text);
bool is_reserved_word(std::string_view text);  // words of expressions, which are never names
bool is_c_type_word(std::string_view text);

const Hint* find_type_hint(std::string_view c_type);          // what to write after ':' instead of a C type
bool depends_on_platform(std::string_view c_type);            // its width
const Hint* find_clause_hint(std::string_view word);          // what to write instead of a word that begins no clause
const Hint* find_foreign_hint(std::string_view symbol);       // operators of other languages
std::string_view find_ascii_for(std::string_view character);  // "" when there is no hint

std::vector<std::string> prefix_word_texts();
std::vector<std::string> clause_word_texts();

}  // namespace ndcall::detail
