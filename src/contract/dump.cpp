#include "contract/dump.hpp"

#include <array>
#include <bit>
#include <utility>

#include "contract/words.hpp"

namespace ndcall {

namespace {

struct OperatorName {
    Op op;
    std::string_view name;
};
constexpr std::array operator_names{
    OperatorName{Op::List, "list"},  OperatorName{Op::Negate, "neg"},   OperatorName{Op::Plus, "pos"},
    OperatorName{Op::Invert, "~"},   OperatorName{Op::Not, "not"},      OperatorName{Op::Add, "+"},
    OperatorName{Op::Subtract, "-"}, OperatorName{Op::Multiply, "*"},   OperatorName{Op::Divide, "/"},
    OperatorName{Op::Modulo, "%"},   OperatorName{Op::BitAnd, "&"},     OperatorName{Op::BitOr, "|"},
    OperatorName{Op::BitXor, "^"},   OperatorName{Op::ShiftLeft, "<<"}, OperatorName{Op::ShiftRight, ">>"},
    OperatorName{Op::And, "and"},    OperatorName{Op::Or, "or"},        OperatorName{Op::Conditional, "if"},
};
constexpr std::array<std::string_view, 6> comparison_names{"==", "!=", "<", "<=", ">", ">="};  // in Comparison's order
constexpr std::array<std::string_view, 7> entry_names{"function", "rule", "rename", "handle", "struct", "load", "unload"};
constexpr std::array<std::string_view, 4> step_names{"", "blank", "elements", "bytes"};
constexpr std::array<std::string_view, 3> type_names{"type", "like", "prefix"};
constexpr std::array<std::string_view, 3> phrase_names{"free", "of", "from-one"};
constexpr std::array<std::string_view, 3> keep_names{"forever", "on", "until"};

template <class Enum, std::size_t N>
std::string_view name_of(const std::array<std::string_view, N>& names, Enum value) {
    return names[static_cast<std::size_t>(value)];
}

std::string dump(const Extent& extent);
std::string dump(const Item& item);
std::string dump(const Setting& setting);
std::string dump(const Clause& clause);
std::string dump(const HeadName& name);

// "(" head part part ")"
class Node {
  public:
    explicit Node(std::string_view head) : out_("(" + std::string(head)) {}
    Node& add(std::string_view part) {
        out_ += ' ';
        out_ += part;
        return *this;
    }
    Node& add_quoted(std::string_view text) { return add('"' + std::string(text) + '"'); }
    template <class List>
    Node& add_dumps(const List& list) {
        for (const auto& one : list) add(dump(one));
        return *this;
    }
    std::string close() { return std::move(out_) + ")"; }

  private:
    std::string out_;
};

std::string dump_real(double value) {
    constexpr std::string_view digits = "0123456789abcdef";
    const auto bits = std::bit_cast<std::uint64_t>(value);
    std::string out;
    for (int shift = 60; shift >= 0; shift -= 4) out += digits[(bits >> static_cast<unsigned>(shift)) & 0xFU];
    return Node("real").add(out).close();
}

std::string dump_comparison(const Expression& expression) {
    Node out("compare");
    out.add(dump(expression.operands.front()));
    for (std::size_t i = 0; i < expression.comparisons.size(); ++i) {
        out.add(name_of(comparison_names, expression.comparisons[i])).add(dump(expression.operands[i + 1]));
    }
    return out.close();
}

std::string dump_operator(const Expression& expression) {
    for (const OperatorName& row : operator_names) {
        if (row.op == expression.op) return Node(row.name).add_dumps(expression.operands).close();
    }
    return {};
}

std::string dump(const ContractType& type) { return Node(name_of(type_names, type.form)).add(type.name).close(); }

std::string dump(const Phrase& phrase) {
    Node out(name_of(phrase_names, phrase.form));
    if (phrase.call) return out.add(dump(*phrase.call)).close();
    if (!phrase.name.empty()) out.add(phrase.name);
    return out.close();
}

std::string dump(const Extent& extent) {
    Node out("extent");
    if (extent.form == Extent::Form::AnyShape) {
        out.add(Node("any").add_quoted(extent.shape_name).close());
    } else if (extent.form == Extent::Form::Until) {
        out.add(Node("until").add(dump(extent.value)).close());
    } else {
        out.add(dump(extent.value));
    }
    if (extent.capacity) out.add(Node("capacity").add(dump(*extent.capacity)).close());
    if (extent.step_form != Extent::Step::None) {
        Node step("step");
        step.add(name_of(step_names, extent.step_form));
        if (extent.step) step.add(dump(*extent.step));
        out.add(step.close());
    }
    return out.close();
}

std::string dump(const Item& item) {
    Node out("item");
    for (const detail::PrefixWord& row : detail::list_prefix_words()) {
        if (item.words.*row.member) out.add(row.text);
    }
    out.add_quoted(item.name);
    if (item.callback) out.add(dump(*item.callback));
    if (item.type) out.add(dump(*item.type));
    if (item.has_extents) out.add(Node("extents").add_dumps(item.extents).close());
    if (item.is_optional) out.add("optional");
    if (item.phrase) out.add(dump(*item.phrase));
    if (item.default_value) out.add(Node("default").add(dump(*item.default_value)).close());
    return out.close();
}

std::string dump(const FailureText& text) {
    switch (text.form) {
        case FailureText::Form::Text: return Node("text").add_quoted(text.text).close();
        case FailureText::Form::Errno: return "(errno)";
        case FailureText::Form::Call: return dump(*text.call);
        case FailureText::Form::Name: return Node("output").add(text.text).add_quoted(text.free_name).close();
        case FailureText::Form::None: break;
    }
    return "(no-text)";
}

std::string dump(const Setting& setting) { return Node("set").add(setting.name).add(dump(setting.value)).close(); }

std::string dump(const Clause& clause) {
    if (clause.kind == ClauseKind::Set) return dump(clause.settings.front());
    Node out(detail::clause_text(clause.kind));
    if (clause.value) out.add(dump(*clause.value));
    const bool is_test = clause.kind == ClauseKind::Ok || clause.kind == ClauseKind::Check || clause.kind == ClauseKind::Warn;
    if (is_test) out.add(dump(clause.text));
    out.add_dumps(clause.items).add_dumps(clause.settings);
    if (clause.kind == ClauseKind::First) out.add("then").add_dumps(clause.then_settings);
    for (const std::string& name : clause.names) out.add(name);
    if (clause.kind == ClauseKind::Keep) {
        Node owner(name_of(keep_names, clause.keep));
        if (!clause.keep_name.empty()) owner.add(clause.keep_name);
        if (clause.keep_slot) owner.add(dump(*clause.keep_slot));
        out.add(owner.close());
    }
    return out.close();
}

std::string dump(const HeadName& name) { return Node("name").add(name.name).add_quoted(name.ctype).close(); }

}  // namespace

std::string dump(const Expression& expression) {
    switch (expression.op) {
        case Op::Integer: return std::to_string(expression.integer);
        case Op::Real: return dump_real(expression.real);
        case Op::Character: return Node("char").add(std::to_string(expression.integer)).close();
        case Op::Text: return Node("text").add_quoted(expression.text).close();
        case Op::Null: return "NULL";
        case Op::Name: return Node("name").add(expression.text).close();
        case Op::Call: return Node("call").add(expression.text).add_dumps(expression.operands).close();
        case Op::Item: return Node("at").add(expression.text).add_dumps(expression.operands).add_quoted(expression.member).close();
        case Op::Compare: return dump_comparison(expression);
        default: return dump_operator(expression);
    }
}

std::string dump(const Contract& contract) {
    return Node("contract")
        .add(Node("left").add_dumps(contract.parameters).close())
        .add(Node("right").add_dumps(contract.results).close())
        .add(Node("clauses").add_dumps(contract.clauses).close())
        .close();
}

std::string dump(const Entry& entry) {
    Node out(name_of(entry_names, entry.kind));
    out.add_quoted(entry.python_name).add_quoted(entry.ctype);
    for (const std::string& pattern : entry.patterns) out.add(pattern);
    if (entry.has_head) out.add(Node("head").add_dumps(entry.head).close());
    if (entry.free) out.add(dump(*entry.free)).add_quoted(entry.ref);
    if (entry.serial) out.add("serial");
    if (entry.call) out.add(dump(*entry.call));
    return out.add(dump(entry.contract)).close();
}

}  // namespace ndcall
