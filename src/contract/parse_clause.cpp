// Clauses: everything behind the first ';'.
#include <array>
#include <string>

#include "contract/grammar.hpp"
#include "contract/words.hpp"
#include "text/nearest.hpp"

namespace ndcall::detail {

namespace {

// A contract's first token begins a clause only if what the clause needs follows: `ok error == 0`, but `ok[n]`, `error, tol -> x`.
bool is_followed_by(const Token& next, ClauseOperand operand) {
    switch (operand) {
        case ClauseOperand::None: return next.kind == TokenKind::End || next.is(";") || next.is(")");
        case ClauseOperand::Name:
        case ClauseOperand::Return: return next.kind == TokenKind::Name;
        case ClauseOperand::Expression: break;
    }
    if (next.kind == TokenKind::End) return false;
    return next.kind != TokenKind::Symbol || next.is("(") || next.is("-") || next.is("+") || next.is("~") || next.is("!");
}

FailureText parse_text(Cursor& cursor) {
    FailureText out;
    const Token& first = cursor.peek();
    if (first.kind == TokenKind::Character) cursor.fail(Message::QuotedText);
    if (first.kind == TokenKind::Text) {
        out.form = FailureText::Form::Text;
        out.text = cursor.take().text;
    } else if (cursor.take_if("errno")) {
        out.form = FailureText::Form::Errno;
    } else if (cursor.next_is("(")) {
        out.form = FailureText::Form::Call;
        out.call = parse_call(cursor);
    } else {
        out.form = FailureText::Form::Name;
        out.text = cursor.take_dotted("a text in double quotes, 'errno', an output or a call");
        if (cursor.take_if("free")) out.free_name = cursor.take_name("a function after 'free'").text;
    }
    out.at = cursor.span_from(first);
    return out;
}

Expression parse_condition(Cursor& cursor) {
    cursor.in_test = true;
    Expression out = parse_expression(cursor);
    if (cursor.at("=")) cursor.fail(Message::EqualInTest);
    cursor.in_test = false;
    return out;
}

void parse_test(Cursor& cursor, Clause& clause) {
    clause.value = parse_condition(cursor);
    if (cursor.at(TokenKind::Text)) cursor.fail(Message::ElseMissing);
    if (cursor.take_if("else")) clause.text = parse_text(cursor);
}

void parse_warning(Cursor& cursor, Clause& clause) {
    clause.value = parse_condition(cursor);
    if (cursor.at("else")) cursor.fail(Message::WarnElse);
    if (cursor.at(TokenKind::Text)) clause.text = parse_text(cursor);
}

Setting parse_setting(Cursor& cursor) {
    Setting out;
    const Token& first = cursor.peek();
    out.name = cursor.take_dotted("a name before '='");
    out.at = cursor.span_from(first);
    cursor.need("=", "after the name");
    out.value = parse_expression(cursor);
    return out;
}

std::vector<Setting> parse_settings(Cursor& cursor) {
    std::vector<Setting> out;
    do {
        out.push_back(parse_setting(cursor));
    } while (cursor.take_if(","));
    return out;
}

void parse_name(Cursor& cursor, Clause& clause) {
    const Token& first = cursor.peek();
    clause.names.push_back(cursor.take_dotted("a name after '" + std::string(clause_text(clause.kind)) + "'"));
    clause.name_spans.push_back(cursor.span_from(first));
}

void parse_names(Cursor& cursor, Clause& clause) {
    do {
        parse_name(cursor, clause);
    } while (cursor.take_if(","));
}

void parse_user(Cursor& cursor, Clause& clause) {
    parse_name(cursor, clause);
    if (cursor.at(",")) cursor.fail(Message::OneUser);
}

void parse_keep(Cursor& cursor, Clause& clause) {
    parse_names(cursor, clause);
    if (cursor.take_if("on")) {
        clause.keep = Clause::KeepForm::On;
        clause.keep_name = cursor.take_dotted("an argument or 'return' after 'on'");
        if (cursor.take_if("[")) {
            clause.keep_slot = parse_expression(cursor);
            cursor.need("]", "to close the slot");
        }
    } else if (cursor.take_if("until")) {
        clause.keep = Clause::KeepForm::Until;
        clause.keep_name = cursor.take_dotted("the callback that C calls when it lets go, after 'until'");
    }
}

void parse_first(Cursor& cursor, Clause& clause) {
    clause.settings = parse_settings(cursor);
    cursor.need("then", "after what the first call gets");
    clause.then_settings = parse_settings(cursor);
}

void parse_halo(Cursor& cursor, Clause& clause) {
    clause.value = parse_sum(cursor);
    cursor.need("on", "after the width");
    parse_names(cursor, clause);
}

void parse_error(Cursor& cursor, Clause& clause) { clause.value = parse_expression(cursor); }
void parse_scratch(Cursor& cursor, Clause& clause) { clause.items = parse_items(cursor, Side::Left); }
void parse_ignore(Cursor& cursor, Clause&) { cursor.need("return", "after 'ignore'"); }

void parse_nothing(Cursor& cursor, Clause& clause) {
    if (cursor.at(TokenKind::End) || cursor.at_any({";", ")"})) return;
    cursor.refuse_known_mistakes();
    cursor.fail(Message::AloneClause, {clause_text(clause.kind), ", found " + show_token(cursor.peek()) + " after it"});
}

struct OperandParser {
    ClauseKind kind;
    void (*parse)(Cursor&, Clause&);
};
constexpr std::array operand_parsers{
    OperandParser{ClauseKind::Ok, parse_test},           OperandParser{ClauseKind::Check, parse_test},
    OperandParser{ClauseKind::Warn, parse_warning},      OperandParser{ClauseKind::Scratch, parse_scratch},
    OperandParser{ClauseKind::First, parse_first},       OperandParser{ClauseKind::User, parse_user},
    OperandParser{ClauseKind::Error, parse_error},       OperandParser{ClauseKind::Keep, parse_keep},
    OperandParser{ClauseKind::Alias, parse_names},       OperandParser{ClauseKind::Ignore, parse_ignore},
    OperandParser{ClauseKind::Broadcast, parse_nothing}, OperandParser{ClauseKind::Each, parse_names},
    OperandParser{ClauseKind::Halo, parse_halo},         OperandParser{ClauseKind::Whole, parse_nothing},
    OperandParser{ClauseKind::Serial, parse_nothing},    OperandParser{ClauseKind::Gil, parse_nothing},
    OperandParser{ClauseKind::Nogil, parse_nothing},
};

void parse_operand(Cursor& cursor, Clause& clause) {
    for (const OperandParser& row : operand_parsers) {
        if (row.kind == clause.kind) row.parse(cursor, clause);
    }
}

[[noreturn]] void fail_unknown_clause(const Cursor& cursor) {
    const Token &word = cursor.peek(), &next = cursor.peek(1);
    for (const std::string_view comparison : {"<", "<=", ">", ">=", "==", "!="}) {
        if (next.is(comparison)) cursor.fail(Message::NeedsWord);
    }
    for (const std::string_view symbol : {"[", "(", ":", "?", "->", ","}) {
        if (next.is(symbol)) cursor.fail(Message::ItemAfterSides, {word.text});
    }
    if (const Hint* hint = find_clause_hint(word.text)) cursor.fail(Message::NotAClause, {word.text, "; " + std::string(hint->text)});
    const std::string near = suggest_nearest(word.text, clause_word_texts());
    cursor.fail(Message::NotAClause, {word.text, near.empty() ? "; arguments and results stand before the first ';'" : near});
}

}  // namespace

bool at_clause(const Cursor& cursor) {
    const ClauseWord* word = cursor.at(TokenKind::Name) ? find_clause_word(cursor.peek().text) : nullptr;
    return word != nullptr && is_followed_by(cursor.peek(1), word->operand);
}

Clause parse_clause(Cursor& cursor) {
    Clause out;
    const Token& first = cursor.peek();
    out.at = first.at;
    if (first.is("->")) cursor.fail(Message::ResultsLate);
    if (first.kind != TokenKind::Name) cursor.fail_expected("a clause");
    if (cursor.next_is("=") || cursor.next_is(".")) {
        out.kind = ClauseKind::Set;
        out.settings.push_back(parse_setting(cursor));
        return out;
    }
    const ClauseWord* word = find_clause_word(first.text);
    if (word == nullptr) fail_unknown_clause(cursor);
    cursor.take();
    out.kind = word->kind;
    parse_operand(cursor, out);
    return out;
}

}  // namespace ndcall::detail
