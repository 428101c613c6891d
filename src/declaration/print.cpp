#include <charconv>

#include "declaration/text.hpp"
#include "declaration/type_text.hpp"

namespace ndcall {

namespace {

class Printer {
  public:
    explicit Printer(std::string& out) : out_(out) {}

    void line(std::string_view word, std::string_view text) {
        out_ += word;
        out_ += ' ';
        append_string(out_, text);
        out_ += '\n';
    }

    // A line that is left out when there is nothing to say.
    void detail(std::string_view word, std::string_view text) {
        if (!text.empty()) line(word, text);
    }

    void names(std::string_view word, const std::vector<std::string>& names) {
        if (names.empty()) return;
        out_ += word;
        for (const std::string& name : names) {
            out_ += ' ';
            append_name(out_, name);
        }
        out_ += '\n';
    }

    void head(std::string_view word, std::string_view name) {
        out_ += word;
        out_ += ' ';
        append_name(out_, name);
    }

    void type(const Type& type) {
        out_ += ' ';
        append_type(out_, type);
    }

    void place(const Location& location) {
        out_ += " at ";
        number(location.file);
        out_ += ':';
        number(location.line);
    }

    void pair(std::string_view word, std::uint32_t value) {
        out_ += ' ';
        out_ += word;
        out_ += ' ';
        number(value);
    }

    void flag(bool set, std::string_view word) {
        if (!set) return;
        out_ += ' ';
        out_ += word;
    }

    template <class Number>
    void number(Number value) {
        char digits[32];
        const auto end = std::to_chars(digits, digits + sizeof digits, value);
        out_.append(digits, end.ptr);
    }

    void end_line() { out_ += '\n'; }

    void function(const FunctionDeclaration& entry);
    void structure(const StructDeclaration& entry);
    void enumeration(const EnumDeclaration& entry);
    void variable(const VariableDeclaration& entry);
    void constant(const ConstantDeclaration& entry);

  private:
    std::string& out_;
};

void Printer::function(const FunctionDeclaration& entry) {
    head("function", entry.name);
    type(*entry.type);
    place(entry.location);
    flag(entry.is_definition, "definition");
    flag(entry.is_static, "static");
    flag(entry.is_inline, "inline");
    end_line();
    if (entry.symbol != entry.name) detail("  symbol", entry.symbol);
    detail("  text", entry.text);
    if (!entry.comment.empty()) {
        out_ += "  comment";
        place(entry.comment_location);
        line("", entry.comment);
    }
    detail("  invalid", entry.invalid);
    names("  reads", entry.body.reads);
    names("  writes", entry.body.writes);
    names("  statics", entry.body.statics);
    for (const BodyFacts::Span& span : entry.body.spans) {
        std::vector<std::string> words{span.parameter};
        words.insert(words.end(), span.extents.begin(), span.extents.end());
        names("  spans", words);
    }
}

void Printer::structure(const StructDeclaration& entry) {
    head(entry.is_union ? "union" : "struct", entry.tag);
    place(entry.location);
    if (entry.is_complete) {
        pair("size", entry.size);
        pair("align", entry.align);
    }
    end_line();
    names("  aliases", entry.aliases);
    for (const Field& field : entry.fields) {
        head("  field", field.name);
        type(*field.type);
        pair("at", field.offset);
        if (field.bit_width >= 0) {
            pair("bits", static_cast<std::uint32_t>(field.bit_width));
            pair("shift", field.bit_shift);
        }
        if (field.comment.empty()) {
            end_line();
        } else {
            line(" comment", field.comment);
        }
    }
    detail("  comment", entry.comment);
    detail("  invalid", entry.invalid);
}

void Printer::enumeration(const EnumDeclaration& entry) {
    head("enum", entry.tag);
    type(*entry.underlying);
    place(entry.location);
    end_line();
    names("  aliases", entry.aliases);
    for (const Enumerator& member : entry.members) {
        head("  member", member.name);
        out_ += ' ';
        number(member.value);
        end_line();
    }
    detail("  comment", entry.comment);
    detail("  invalid", entry.invalid);
}

void Printer::variable(const VariableDeclaration& entry) {
    head("variable", entry.name);
    type(*entry.type);
    place(entry.location);
    flag(entry.is_static, "static");
    flag(entry.is_thread_local, "thread_local");
    end_line();
    if (entry.symbol != entry.name) detail("  symbol", entry.symbol);
    detail("  comment", entry.comment);
    detail("  invalid", entry.invalid);
}

void Printer::constant(const ConstantDeclaration& entry) {
    head("constant", entry.name);
    if (const auto* integer = std::get_if<std::int64_t>(&entry.value)) {
        out_ += " integer ";
        number(*integer);
    } else if (const auto* natural = std::get_if<std::uint64_t>(&entry.value)) {
        out_ += " unsigned ";
        number(*natural);
    } else if (const auto* real = std::get_if<double>(&entry.value)) {
        out_ += " real ";
        number(*real);
    } else {
        out_ += " text ";
        append_string(out_, std::get<std::string>(entry.value));
    }
    place(entry.location);
    end_line();
}

}  // namespace

std::string print_declarations(const Declarations& declarations) {
    std::string out = "ndcall declarations 1\n";
    Printer printer(out);
    printer.detail("target", declarations.target);
    for (const std::string& file : declarations.files) printer.line("file", file);
    for (const std::string& warning : declarations.warnings) printer.line("warning", warning);
    for (const StructDeclaration& entry : declarations.structs) printer.structure(entry);
    for (const EnumDeclaration& entry : declarations.enums) printer.enumeration(entry);
    for (const ConstantDeclaration& entry : declarations.constants) printer.constant(entry);
    for (const VariableDeclaration& entry : declarations.variables) printer.variable(entry);
    for (const FunctionDeclaration& entry : declarations.functions) printer.function(entry);
    return out += "end\n";
}

}  // namespace ndcall
