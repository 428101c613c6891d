// Items of the two sides: `copy a: float64[n:lda, m]? free f = 1`.
#include <array>
#include <string>

#include "contract/grammar.hpp"
#include "contract/words.hpp"
#include "text/nearest.hpp"

namespace ndcall::detail {

namespace {

constexpr std::array<std::string_view, 5> intent_words{"in", "out", "input", "output", "intent"};

bool is_intent_word(std::string_view text) {
    for (const std::string_view word : intent_words) {
        if (word == text) return true;
    }
    return false;
}

// What follows a name inside an item, so that two names side by side are no mistake.
bool at_name_with_phrase(const Cursor& cursor) { return is_phrase_word(cursor.peek(1).text); }

// Two names side by side where only a word may stand before a name.
[[noreturn]] void fail_two_names(const Cursor& cursor) {
    const std::string_view first = cursor.peek().text, second = cursor.peek(1).text;
    if (first == "return") cursor.fail_at(cursor.peek(1), Message::ReturnValue, {"name"});
    if (is_intent_word(first)) cursor.fail(Message::IntentWord, {first});
    if (is_c_type_word(first)) cursor.fail(Message::CType, {first});
    if (const ClauseWord* clause = find_clause_word(first)) {
        if (clause->operand == ClauseOperand::None) cursor.fail(Message::AloneClause, {first, ": write ';' before it and after it"});
        if (!cursor.previous().is(",")) cursor.fail(Message::SeparatorClause, {first});
        cursor.fail(Message::ClauseInItems, {first});
    }
    if (find_prefix_word(second) != nullptr) cursor.fail_at(cursor.peek(1), Message::WordBeforeName, {second});
    if (find_clause_word(second) != nullptr) cursor.fail_at(cursor.peek(1), Message::SeparatorClause, {second});
    cursor.fail(Message::TwoNames, {first, second, suggest_nearest(first, prefix_word_texts())});
}

Words parse_words(Cursor& cursor) {
    Words out;
    while (const PrefixWord* word = cursor.at(TokenKind::Name) ? find_prefix_word(cursor.peek().text) : nullptr) {
        if (cursor.peek(1).kind != TokenKind::Name) cursor.fail(Message::WordBeforeName, {word->text});
        if (out.*(word->member)) cursor.fail(Message::WordTwice, {word->text});
        out.*(word->member) = true;
        cursor.take();
    }
    return out;
}

void refuse_wrong_start(const Cursor& cursor) {
    const Token& second = cursor.peek(1);
    if (cursor.at("**") || (cursor.at("*") && second.kind == TokenKind::Name)) cursor.fail(Message::Star);
    if (cursor.at("&")) cursor.fail(Message::Address);
    if (!cursor.at(TokenKind::Name)) return;
    if (second.kind == TokenKind::Name && !at_name_with_phrase(cursor)) fail_two_names(cursor);
    if (is_c_type_word(cursor.peek().text) && (second.is("*") || second.is("**"))) cursor.fail(Message::CType, {cursor.peek().text});
}

void parse_callback(Cursor& cursor, Item& item) {
    cursor.take();
    item.callback = std::make_unique<Contract>(parse_callback_contract(cursor));
    if (!cursor.take_if(")")) {
        cursor.refuse_known_mistakes();
        cursor.fail(Message::UnclosedCallback, {item.name, show_token(cursor.peek())});
    }
}

void parse_default(Cursor& cursor, Item& item, Side side) {
    if (!cursor.at("=")) return;
    if (side == Side::Right) cursor.fail(Message::ResultDefault, {item.name});
    if (item.is_optional) cursor.fail(Message::QuestionDefault);
    cursor.take();
    item.default_value = parse_expression(cursor);
}

Item parse_star(Cursor& cursor) {
    Item out;
    out.name = "*";
    out.at = cursor.take().at;
    if (cursor.at_any({"[", ":", "?", "(", "="})) cursor.fail(Message::StarWord);
    return out;
}

Item parse_item(Cursor& cursor, Side side) {
    if (side == Side::Right && cursor.at("*") && cursor.peek(1).kind != TokenKind::Name) return parse_star(cursor);
    Item out;
    out.words = parse_words(cursor);
    refuse_wrong_start(cursor);
    const Token& first = cursor.peek();
    if (side == Side::Left && first.is("return")) cursor.fail(Message::ReturnLeft);
    out.name = cursor.take_dotted(side == Side::Left ? "an argument" : "a result");
    out.at = cursor.span_from(first);
    if (cursor.at("(")) {
        parse_callback(cursor, out);
    } else {
        if (cursor.take_if(":")) out.type = parse_type(cursor);
        out.has_extents = cursor.at("[");
        if (out.has_extents) out.extents = parse_extents(cursor);
        if (cursor.at(":")) cursor.fail(Message::TypePlace);
    }
    out.is_optional = cursor.take_if("?");
    if (out.is_optional && cursor.at_any({":", "["})) cursor.fail_at(cursor.previous(), Message::QuestionLast);
    out.phrase = parse_phrase(cursor);
    if (out.phrase && cursor.at("?")) cursor.fail(Message::QuestionLast);
    parse_default(cursor, out, side);
    return out;
}

// `extent [":" [step]]`; the step of `x[n:]` is blank.
void parse_step(Cursor& cursor, Extent& extent) {
    if (!cursor.take_if(":")) return;
    if (cursor.at_any({",", "]"})) {
        extent.step_form = Extent::Step::Blank;
        return;
    }
    extent.step = parse_sum(cursor);
    extent.step_form = cursor.take_if("bytes") ? Extent::Step::Bytes : Extent::Step::Elements;
}

// `until` begins an end mark when a value follows it; otherwise it is a name like any other.
bool at_until(const Cursor& cursor) {
    if (!cursor.at("until")) return false;
    const Token& next = cursor.peek(1);
    if (next.kind == TokenKind::End) return false;
    return next.kind != TokenKind::Symbol || next.is("-") || next.is("+") || next.is("~") || next.is("(") || next.is("[");
}

void parse_extent_value(Cursor& cursor, Extent& extent) {
    if (cursor.take_if("*")) {
        extent.form = Extent::Form::AnyShape;
        if (cursor.at(TokenKind::Name)) extent.shape_name = cursor.take_name("a name").text;
    } else if (at_until(cursor)) {
        cursor.take();
        extent.form = Extent::Form::Until;
        extent.value = parse_expression(cursor);
    } else {
        extent.value = parse_sum(cursor);
        if (cursor.take_if("<=")) extent.capacity = parse_sum(cursor);
    }
}

Extent parse_extent(Cursor& cursor) {
    Extent out;
    const Token& first = cursor.peek();
    parse_extent_value(cursor, out);
    if (cursor.at_any({"<", "<=", ">", ">=", "==", "!=", "=", "and", "or", "if"})) cursor.fail(Message::Condition);
    parse_step(cursor, out);
    if (cursor.at_member_arrow()) cursor.fail(Message::MemberArrow);
    out.at = cursor.span_from(first);
    return out;
}

void parse_free(Cursor& cursor, Phrase& phrase) {
    if (!cursor.at(TokenKind::Name)) return;
    phrase.name = cursor.peek().text;
    if (cursor.next_is("(")) {
        phrase.call = parse_call(cursor);
    } else {
        cursor.take_name("a function");
    }
}

}  // namespace

std::vector<Item> parse_items(Cursor& cursor, Side side) {
    std::vector<Item> out;
    do {
        out.push_back(parse_item(cursor, side));
    } while (cursor.take_if(","));
    return out;
}

std::vector<Extent> parse_extents(Cursor& cursor) {
    cursor.need("[", "before the extents");
    if (cursor.at("]")) cursor.fail_at(cursor.previous(), Message::NoLength);
    std::vector<Extent> out;
    do {
        out.push_back(parse_extent(cursor));
    } while (cursor.take_if(","));
    cursor.need("]", "to close the extents");
    if (cursor.at("[")) cursor.fail(Message::OneBracket);
    return out;
}

ContractType parse_type(Cursor& cursor) {
    constexpr std::string_view what = "a dtype, a struct or a handle after ':'";
    ContractType out;
    const Token& first = cursor.peek();
    if (first.is("return")) cursor.fail_expected(what);
    const Token& name = cursor.take_name(what);
    if (const Hint* hint = find_type_hint(name.text)) {
        cursor.fail_at(name, depends_on_platform(name.text) ? Message::TypeOfC : Message::TypeOfCSame, {name.text, hint->text});
    }
    out.name = name.text;
    if (cursor.at("(")) {
        if (name.text != "like") cursor.fail(Message::TypeCall, {name.text});
        cursor.take();
        out.form = ContractType::Form::Like;
        out.name = cursor.take_dotted("an argument in like(x)");
        cursor.need(")", "to close '('");
    } else if (cursor.at("*") && cursor.peek().begin == name.end) {
        cursor.take();
        out.form = ContractType::Form::Prefix;
    }
    out.at = cursor.span_from(first);
    return out;
}

std::optional<Phrase> parse_phrase(Cursor& cursor) {
    if (!cursor.at(TokenKind::Name) || !is_phrase_word(cursor.peek().text)) return std::nullopt;
    const Token& word = cursor.take();
    Phrase out;
    if (word.text == "from") {
        if (!cursor.at(TokenKind::Integer) || cursor.peek().text != "1") cursor.fail(Message::FromOne);
        cursor.take();
        out.form = Phrase::Form::FromOne;
    } else if (word.text == "of") {
        out.form = Phrase::Form::Of;
        out.name = cursor.take_dotted("an argument after 'of'");
    } else {
        parse_free(cursor, out);
    }
    out.at = cursor.span_from(word);
    if (cursor.at(TokenKind::Name) && is_phrase_word(cursor.peek().text)) cursor.fail(Message::PhraseTwice);
    return out;
}

}  // namespace ndcall::detail
