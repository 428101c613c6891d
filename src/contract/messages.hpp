// Every text that the contract parser can answer with, one row each. {} is filled in, in order.
// A row without a test that shows it fails tests/unit/contract/messages_test.cpp.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace ndcall::detail {

// clang-format off
#define NDCALL_CONTRACT_MESSAGES(X) \
    /* characters, numbers, strings */ \
    X(NotAscii, "'{}' is not ASCII: write {}") \
    X(NotAsciiUnknown, "{} is not ASCII: names and signs in a contract are plain letters") \
    X(NoMeaning, "{} has no meaning in a contract") \
    X(QuotedText, "single quotes hold one ASCII character; a text stands in double quotes") \
    X(OpenText, "this text does not end on its line: its closing '\"' is missing") \
    X(BadText, "a text between quotes is UTF-8 without control characters") \
    X(IntegerTooLarge, "{} does not fit a 64-bit integer") \
    X(RealTooLarge, "{} is outside the range of a double") \
    X(NumberSuffix, "numbers take no suffix here: write {}") \
    X(LeadingZero, "'{}' is octal in C and decimal elsewhere: write it without the leading 0, or as 0x...") \
    X(NotANumber, "'{}' is neither a number nor a name") \
    X(ProductSign, "'{}' is neither a number nor a name; a product is written {}*{}") \
    X(TextTooLong, "a contract is at most {} long, its file at most {}") \
    /* braces */ \
    X(OpenBrace, "this '{' is not closed") \
    X(LoneBrace, "this '}' closes nothing") \
    X(NestedBrace, "braces do not nest: put all alternatives in one pair") \
    X(CommentInBraces, "no comment between braces") \
    X(OneAlternative, "braces hold two or more alternatives: {s,d}add") \
    X(BraceCount, "all braces of a line step together: {} here, {} in the first pair") \
    X(TooManyAlternatives, "a line stands for at most {} functions") \
    X(BraceAlone, "braces stand for several functions, but this contract is for one") \
    /* expressions */ \
    X(Expected, "expected {}, found {}") \
    X(Foreign, "'{}' is not in the language: {}") \
    X(TooLong, "this expression is too long: more than {} parts") \
    X(TooDeep, "more than {} parentheses, brackets and signs inside each other") \
    X(EqualInTest, "'=' sets a value; to compare, write '=='") \
    X(ReservedWord, "'{}' is a word of expressions; a parameter of that name gets another one in a head: f(a, b): ...") \
    X(ChoiceOutside, "a choice stands in parentheses: (a if condition else b)") \
    X(MemberArrow, "a member is written with '.', also behind a pointer: x.n") \
    X(DottedCall, "only functions of the library and the built-in ones can be called, and their names have no '.'") \
    X(ReturnValue, "'return' is C's own return value: it takes no {}") \
    X(OneIndex, "only x[i] can be read here: one index in one pair of brackets") \
    X(Subscript, "only a name can be indexed: x[i]") \
    X(Address, "'&' before a name has no meaning here: the prototype knows what is a pointer") \
    /* items */ \
    X(Star, "names stand without '*': the prototype knows what is a pointer; 'rows' before the name says that T ** is a table of rows") \
    X(CType, "'{}' is C's: types come from the prototype, here stand the names alone") \
    X(IntentWord, "'{}' is not needed: what C reads stands left of '->', what it gives stands right, 'inout' is for both in one array") \
    X(WordBeforeName, "'{}' is a word that stands before a name; a parameter called so gets another name in a head: f(a, b): ...") \
    X(WordTwice, "'{}' stands here twice") \
    X(ClauseInItems, "'{}' begins a clause: write ';' before it, not ','") \
    X(TwoNames, "'{}' and '{}' side by side: write ',' between two names{}") \
    X(ReturnLeft, "'return' is what C gives back: it stands right of '->', or in a condition") \
    X(StarWord, "'*' stands alone: every pointer that C may write and that is not mentioned yet") \
    X(PhraseTwice, "one of 'free', 'of' and 'from' is enough") \
    X(QuestionLast, "'?' comes after the type and the extents, before 'free', 'of' and 'from': name: type[extents]?") \
    X(QuestionDefault, "'?' already has the default None: leave one of the two out") \
    X(ResultDefault, "a result has no default; to set a hidden argument write '; {} = ...'") \
    X(TypePlace, "':' gives a type and stands once, before the extents: name: type[extents]") \
    X(TypeOfC, "'{}' is a C type, whose width depends on the platform: write {}, or nothing where the prototype has a type") \
    X(TypeOfCSame, "'{}' is a C type: write {}, or nothing where the prototype has a type") \
    X(TypeCall, "'{}' takes no parentheses: only like(x) does, the dtype of x") \
    X(FromOne, "'from' is followed by 1: indices that C counts from one") \
    /* extents */ \
    X(NoLength, "'[]' says no length: write [n], or [*] for any shape") \
    X(OneBracket, "one pair of brackets holds all extents: write [m,n], not [m][n]") \
    X(Condition, "an extent is a value, or 'count <= capacity'; a condition stands in a 'check' clause") \
    /* clauses */ \
    X(NotAClause, "'{}' is not a clause{}") \
    X(ItemAfterSides, "'{}' is not a clause: arguments and results stand before the first ';'") \
    X(NeedsWord, "a condition needs a word: 'check' tests before the call, 'ok' after it") \
    X(ResultsLate, "results come before the clauses: what you pass -> what you get ; everything else") \
    X(ElseMissing, "write 'else' before the text") \
    X(WarnElse, "'warn' takes its text without 'else': warn CONDITION \"text\"") \
    X(OneUser, "'user' takes one name: the pointer that C hands to the callback unread") \
    X(AloneClause, "'{}' stands alone{}") \
    X(OneArrow, "a contract has one '->'") \
    X(Separator, "expected {} before '{}'") \
    X(SeparatorClause, "write ';' before '{}'") \
    X(CallbackDepth, "callbacks inside callbacks: at most {} deep") \
    X(UnclosedCallback, "the '(' of '{}' is not closed: expected ')', found {}") \
    /* lines of files, heads, comments */ \
    X(ContinuesNothing, "a line that begins with blanks continues the one above; there is none") \
    X(OneBlank, "a line that continues the one above begins with two blanks") \
    X(ColonMissing, "expected ':' after the function's name, found {}") \
    X(ContractArrowName, "a line of a contract file begins with the function's name and ':'") \
    X(NotAPattern, "'{}' is not a function's name; '*' in it stands for any letters") \
    X(NotACType, "'{}' is not a C type; before the ':' stand the type that the functions return, then their names") \
    X(NotAPythonName, "'{}' is not a Python name; it may have '.' for methods") \
    X(RuleRenamed, "a rule fits several functions and cannot give one Python name: write 'python_name = name: ...' or 'a.* = pattern'") \
    X(StarsDiffer, "'*' is the same text on both sides: the left side has {}, the right side {}") \
    X(HeadOfRule, "a head gives names to the parameters of one function, not of a pattern") \
    X(HeadName, "a head holds the parameters' names alone: f(a, b, n){}") \
    X(HeadTwice, "'{}' stands twice in the head") \
    X(HeadType, "after '{}:' stands the C type of an argument of a variadic function") \
    X(TypeBeforeStruct, "'struct' is followed by one name: struct NAME: ...") \
    X(HandleFree, "a handle says who frees it: handle NAME: free FUNCTION") \
    X(HandleClause, "a handle takes 'free', then 'ref FUNCTION' and 'serial', found {}") \
    X(CallExpected, "'{}' is followed by one call: {} f()") \
    X(TwoContracts, "this comment has two contracts")
// clang-format on

enum class Message : std::uint8_t {
#define NDCALL_ROW(name, text) name,
    NDCALL_CONTRACT_MESSAGES(NDCALL_ROW)
#undef NDCALL_ROW
};

struct MessageRow {
    std::string_view name, text;
};

inline constexpr std::array message_rows{
#define NDCALL_ROW(name, text) MessageRow{#name, text},
    NDCALL_CONTRACT_MESSAGES(NDCALL_ROW)
#undef NDCALL_ROW
};

std::string format_message(Message message, std::initializer_list<std::string_view> values);

}  // namespace ndcall::detail
