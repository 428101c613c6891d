// Contracts and lines of contract files as the language writes them.
#include "contract/contract.hpp"
#include "contract/cursor.hpp"
#include "contract/entry.hpp"
#include "contract/family.hpp"
#include "contract/words.hpp"

namespace ndcall {

namespace {

template <class List, class Append>
void append_list(std::string& out, const List& list, const Append& append_one) {
    bool first = true;
    for (const auto& one : list) {
        if (!first) out += ", ";
        first = false;
        append_one(out, one);
    }
}

void append_type(std::string& out, const ContractType& type) {
    switch (type.form) {
        case ContractType::Form::Name: out += type.name; break;
        case ContractType::Form::Like: out += "like(" + type.name + ")"; break;
        case ContractType::Form::Prefix: out += type.name + "*"; break;
    }
}

// A value that begins with the name `until` would be read as an end mark when a sign or a bracket follows.
void append_count(std::string& out, const Expression& value) {
    constexpr std::string_view word = "until";
    const std::string text = print_sum(value);
    const bool is_mark = text.compare(0, word.size(), word) == 0 && text.size() > word.size() &&
                         std::string_view("-+~([").find(text[word.size()]) != std::string_view::npos;
    out += is_mark ? "(" + text + ")" : text;
}

void append_extent(std::string& out, const Extent& extent) {
    switch (extent.form) {
        case Extent::Form::Sum: append_count(out, extent.value); break;
        case Extent::Form::AnyShape: out += "*" + extent.shape_name; break;
        case Extent::Form::Until: out += "until " + print(extent.value); break;
    }
    if (extent.capacity) out += " <= " + print_sum(*extent.capacity);
    if (extent.step_form != Extent::Step::None) out += ':';
    if (extent.step) out += print_sum(*extent.step);
    if (extent.step_form == Extent::Step::Bytes) out += " bytes";
}

void append_phrase(std::string& out, const Phrase& phrase) {
    switch (phrase.form) {
        case Phrase::Form::FromOne: out += "from 1"; break;
        case Phrase::Form::Of: out += "of " + phrase.name; break;
        case Phrase::Form::Free:
            out += "free";
            if (!phrase.name.empty()) out += " " + (phrase.call ? print(*phrase.call) : phrase.name);
    }
}

void append_words(std::string& out, const Words& words) {
    for (const detail::PrefixWord& row : detail::list_prefix_words()) {
        if (words.*row.member) (out += row.text) += ' ';
    }
}

void append_item(std::string& out, const Item& item) {
    append_words(out, item.words);
    out += item.name;
    if (item.callback) out += "(" + print(*item.callback) + ")";
    if (item.type) append_type(out += ": ", *item.type);
    if (item.has_extents) {
        out += '[';
        append_list(out, item.extents, append_extent);
        out += ']';
    }
    if (item.is_optional) out += '?';
    if (item.phrase) append_phrase(out += ' ', *item.phrase);
    if (item.default_value) out += " = " + print(*item.default_value);
}

void append_text(std::string& out, const FailureText& text) {
    switch (text.form) {
        case FailureText::Form::None: break;
        case FailureText::Form::Text: out += '"' + text.text + '"'; break;
        case FailureText::Form::Errno: out += "errno"; break;
        case FailureText::Form::Call: out += print(*text.call); break;
        case FailureText::Form::Name:
            out += text.text;
            if (!text.free_name.empty()) out += " free " + text.free_name;
    }
}

void append_setting(std::string& out, const Setting& setting) { out += setting.name + " = " + print(setting.value); }
void append_name(std::string& out, const std::string& name) { out += name; }

void append_keep(std::string& out, const Clause& clause) {
    append_list(out, clause.names, append_name);
    if (clause.keep == Clause::KeepForm::On) out += " on " + clause.keep_name;
    if (clause.keep == Clause::KeepForm::Until) out += " until " + clause.keep_name;
    if (clause.keep_slot) out += "[" + print(*clause.keep_slot) + "]";
}

void append_test(std::string& out, const Clause& clause) {
    out += print(*clause.value);
    if (clause.text.form == FailureText::Form::None) return;
    out += clause.kind == ClauseKind::Warn ? " " : " else ";
    append_text(out, clause.text);
}

void append_operand(std::string& out, const Clause& clause) {
    switch (clause.kind) {
        case ClauseKind::Ok:
        case ClauseKind::Check:
        case ClauseKind::Warn: append_test(out, clause); break;
        case ClauseKind::Scratch: append_list(out, clause.items, append_item); break;
        case ClauseKind::Set: append_setting(out, clause.settings.front()); break;
        case ClauseKind::First:
            append_list(out, clause.settings, append_setting);
            out += " then ";
            append_list(out, clause.then_settings, append_setting);
            break;
        case ClauseKind::Error: out += print(*clause.value); break;
        case ClauseKind::Halo:
            out += print_sum(*clause.value) + " on ";
            append_list(out, clause.names, append_name);
            break;
        case ClauseKind::Keep: append_keep(out, clause); break;
        case ClauseKind::Ignore: out += "return"; break;
        default: append_list(out, clause.names, append_name);
    }
}

void append_clause(std::string& out, const Clause& clause) {
    const std::string_view word = detail::clause_text(clause.kind);
    out += word;
    std::string operand;
    append_operand(operand, clause);
    if (!word.empty() && !operand.empty()) out += ' ';
    out += operand;
}

// At the beginning of a contract `n = 3` is an argument with a default, and `ok [a, b] == c` one with extents.
bool needs_separator(const Clause& clause, const std::string& text) {
    return clause.kind == ClauseKind::Set || text.compare(detail::clause_text(clause.kind).size(), 2, " [") == 0;
}

void append_head(std::string& out, const Entry& entry) {
    if (!entry.has_head) return;
    out += '(';
    append_list(out, entry.head, [](std::string& text, const HeadName& name) {
        text += name.name;
        if (!name.ctype.empty()) text += ": " + name.ctype;
    });
    out += ')';
}

void append_handle(std::string& out, const Entry& entry) {
    out += "handle " + entry.patterns.front();
    if (!entry.ctype.empty()) out += " = " + entry.ctype;
    append_phrase(out += ": ", *entry.free);
    if (!entry.ref.empty()) out += "; ref " + entry.ref;
    if (entry.serial) out += "; serial";
}

void append_target(std::string& out, const Entry& entry) {
    if (entry.kind == Entry::Kind::Struct) out += "struct ";
    if (!entry.python_name.empty()) out += entry.python_name + " = ";
    if (!entry.ctype.empty()) out += entry.ctype + " ";
    append_list(out, entry.patterns, append_name);
    append_head(out, entry);
}

// One line with braces again: what they held for the members that stay.
std::string print_family(std::span<const Entry* const> members) {
    std::vector<std::uint32_t> kept;
    for (const Entry* member : members) kept.push_back(member->family);
    const std::shared_ptr<const SourceText>& source = members.front()->contract.source;
    detail::MappedText whole;
    whole.append(source->text, 0);
    const detail::MappedText narrowed = detail::narrow_family(whole, *source, kept);
    return detail::Cursor(source, narrowed).copy_rest();
}

}  // namespace

std::string print(const Contract& contract) {
    std::string out;
    append_list(out, contract.parameters, append_item);
    if (contract.has_arrow) out += out.empty() ? "-> " : " -> ";
    append_list(out, contract.results, append_item);
    for (const Clause& clause : contract.clauses) {
        std::string next;
        append_clause(next, clause);
        if (!out.empty() || needs_separator(clause, next)) out += "; ";
        out += next;
    }
    return out;
}

std::string print(const Entry& entry) {
    std::string out;
    switch (entry.kind) {
        case Entry::Kind::Function:
        case Entry::Kind::Rule:
        case Entry::Kind::Struct:
            append_target(out, entry);
            out += ": " + print(entry.contract);
            break;
        case Entry::Kind::Rename: append_target(out, entry); break;
        case Entry::Kind::Handle: append_handle(out, entry); break;
        case Entry::Kind::Load: out += "load " + print(*entry.call); break;
        case Entry::Kind::Unload: out += "unload " + print(*entry.call); break;
    }
    return out;
}

std::string print_as_written(std::span<const Entry* const> members) {
    const Entry& entry = *members.front();
    if (members.size() > 1) return print_family(members);
    std::string out;
    append_target(out, entry);
    return out + ": " + entry.source;
}

}  // namespace ndcall
