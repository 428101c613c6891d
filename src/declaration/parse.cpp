#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <string_view>
#include <unordered_set>

#include "declaration/check.hpp"
#include "declaration/text.hpp"
#include "declaration/type_text.hpp"
#include "text/error.hpp"

namespace ndcall {

namespace {

constexpr std::uint32_t most = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint32_t most_bits = 1u << 16;

class Parser {
  public:
    Parser(std::string_view text, std::string_view origin, std::uint32_t begin, Declarations& out)
        : scanner_(text, origin, begin), table_(out.types), out_(out) {}

    void parse();

  private:
    using Entry = void (Parser::*)();
    template <class Target>
    struct Detail {
        std::string_view word;
        void (Parser::*read)(Target&);
    };

    void read_target();
    void read_file() { out_.files.push_back(read_text()); }
    void read_warning() { out_.warnings.push_back(read_text()); }
    void read_function();
    void read_struct() { read_record(false); }
    void read_union() { read_record(true); }
    void read_record(bool is_union);
    void read_enum();
    void read_variable();
    void read_constant();
    void read_field(StructDeclaration& entry);
    void read_member(EnumDeclaration& entry);
    void read_function_comment(FunctionDeclaration& entry);
    void read_names(std::vector<std::string>& names);
    void read_reads(FunctionDeclaration& entry) { read_names(entry.body.reads); }
    void read_writes(FunctionDeclaration& entry) { read_names(entry.body.writes); }
    void read_statics(FunctionDeclaration& entry) { read_names(entry.body.statics); }
    void read_span(FunctionDeclaration& entry);
    static bool has_parameter(const FunctionDeclaration& entry, std::string_view name);
    template <class Target>
    void read_aliases(Target& entry) {
        read_names(entry.aliases);
    }
    void read_text_of(FunctionDeclaration& entry) { entry.text = read_text(); }
    template <class Target>
    void read_symbol(Target& entry);
    template <class Target>
    void read_comment(Target& entry) {
        entry.comment = read_text();
    }
    template <class Target>
    void read_invalid(Target& entry) {
        entry.invalid = read_text();
    }

    template <class Target, std::size_t N>
    void read_details(Target& entry, const std::array<Detail<Target>, N>& details);

    std::string read_text();  // a string and the end of its line
    std::string read_identifier();
    std::string read_tag(bool may_be_empty);
    const Type* read_type_here();
    void check_names(const FunctionDeclaration& entry, std::uint32_t begin);
    void check_whole();
    Location read_place();
    std::uint32_t read_number(std::uint32_t largest = most) { return static_cast<std::uint32_t>(scanner_.read_unsigned(largest)); }
    void claim(std::unordered_set<std::string>& names, const std::string& name, std::string_view what);

    Scanner scanner_;
    TypeTable table_;
    Declarations& out_;
    std::uint32_t name_at_ = 0;  // of the entry being read, for errors that show only at its end
    std::unordered_set<std::string> functions_, tags_, variables_, constants_, fields_;
    std::vector<std::uint32_t> type_places_, struct_places_;  // where each of out_.types and out_.structs begins in the text
};

void Parser::parse() {
    static constexpr std::array<std::pair<std::string_view, Entry>, 9> entries = {{
        {"function", &Parser::read_function},
        {"struct", &Parser::read_struct},
        {"union", &Parser::read_union},
        {"enum", &Parser::read_enum},
        {"variable", &Parser::read_variable},
        {"constant", &Parser::read_constant},
        {"target", &Parser::read_target},
        {"file", &Parser::read_file},
        {"warning", &Parser::read_warning},
    }};
    if (!scanner_.take("ndcall declarations "))
        scanner_.fail("these are no saved declarations: the first line is not 'ndcall declarations 1'");
    if (!scanner_.take("1\n")) scanner_.fail("declarations of another version of ndcall: this one reads version 1");
    while (true) {
        const std::uint32_t begin = scanner_.position();
        if (scanner_.at_end()) scanner_.fail("the text was cut: its last line is not 'end'");
        const std::string_view word = scanner_.take_word();
        if (word == "end") break;
        const auto found = std::find_if(entries.begin(), entries.end(), [&](const auto& row) { return row.first == word; });
        if (found == entries.end()) scanner_.fail_at(begin, "expected an entry such as 'function' or 'struct', or 'end'");
        (this->*found->second)();
    }
    scanner_.end_line();
    if (!scanner_.at_end()) scanner_.fail("something stands after 'end'");
    out_.index_names();
    check_whole();
}

void Parser::check_whole() {
    const std::optional<Inconsistency> wrong = find_inconsistency(out_);
    if (!wrong) return;
    const auto& places = wrong->in == Inconsistency::In::Type ? type_places_ : struct_places_;
    scanner_.fail_at(places[wrong->index], wrong->message);
}

const Type* Parser::read_type_here() {
    scanner_.skip_blanks();
    const std::uint32_t begin = scanner_.position();
    const Type* type = read_type(scanner_, table_);
    type_places_.resize(out_.types.size(), begin);
    return type;
}

std::string Parser::read_text() {
    std::string text = scanner_.read_string();
    scanner_.end_line();
    return text;
}

std::string Parser::read_identifier() {
    scanner_.skip_blanks();
    name_at_ = scanner_.position();
    std::string name = scanner_.read_word_or_string();
    if (!is_identifier(name)) scanner_.fail_at(name_at_, "expected an identifier");
    return name;
}

std::string Parser::read_tag(bool may_be_empty) {
    scanner_.skip_blanks();
    name_at_ = scanner_.position();
    std::string name = scanner_.read_word_or_string();
    if (!is_dotted_name(name) && !(may_be_empty && name.empty())) scanner_.fail_at(name_at_, "expected a tag");
    return name;
}

Location Parser::read_place() {
    if (!scanner_.take_keyword("at")) scanner_.fail("expected 'at FILE:LINE'");
    scanner_.skip_blanks();
    const std::uint32_t begin = scanner_.position();
    Location place;
    place.file = read_number();
    scanner_.expect(":");
    place.line = read_number();
    if (place.file >= out_.files.size()) scanner_.fail_at(begin, "no 'file' line with this number stands above");
    if (place.line == 0) scanner_.fail_at(begin, "lines are counted from 1");
    return place;
}

void Parser::claim(std::unordered_set<std::string>& names, const std::string& name, std::string_view what) {
    if (!name.empty() && !names.insert(name).second) scanner_.fail_at(name_at_, std::string(what) + " '" + name + "' is there twice");
}

template <class Target, std::size_t N>
void Parser::read_details(Target& entry, const std::array<Detail<Target>, N>& details) {
    while (scanner_.take("  ")) {
        const std::uint32_t begin = scanner_.position();
        const std::string_view word = scanner_.take_word();
        const auto found = std::find_if(details.begin(), details.end(), [&](const auto& row) { return row.word == word; });
        if (found == details.end()) scanner_.fail_at(begin, "this line says nothing that such an entry has");
        (this->*found->read)(entry);
    }
}

void Parser::read_target() {
    if (!out_.target.empty()) scanner_.fail("the target is there twice");
    scanner_.skip_blanks();
    const std::uint32_t begin = scanner_.position();
    out_.target = read_text();
    if (!is_linker_name(out_.target)) scanner_.fail_at(begin, "expected the name of a target");
}

template <class Target>
void Parser::read_symbol(Target& entry) {
    scanner_.skip_blanks();
    const std::uint32_t begin = scanner_.position();
    entry.symbol = read_text();
    if (!is_linker_name(entry.symbol)) scanner_.fail_at(begin, "expected a linker's name");
}

void Parser::read_function_comment(FunctionDeclaration& entry) {
    entry.comment_location = read_place();
    entry.comment = read_text();
}

void Parser::read_names(std::vector<std::string>& names) {
    scanner_.skip_blanks();
    while (!scanner_.at_line_end()) {
        const std::uint32_t begin = scanner_.position();
        names.push_back(scanner_.read_word_or_string());
        if (!is_dotted_name(names.back())) scanner_.fail_at(begin, "expected a name");
        scanner_.skip_blanks();
    }
    scanner_.end_line();
}

bool Parser::has_parameter(const FunctionDeclaration& entry, std::string_view name) {
    const auto& parameters = entry.type->parameters;
    return std::any_of(parameters.begin(), parameters.end(), [&](const Parameter& one) { return !name.empty() && one.name == name; });
}

// `x m n`: the parameter, then its extents.
void Parser::read_span(FunctionDeclaration& entry) {
    constexpr std::size_t most_digits = 18;
    std::vector<std::string> words;
    for (scanner_.skip_blanks(); !scanner_.at_line_end() || words.empty(); scanner_.skip_blanks()) {
        const std::uint32_t begin = scanner_.position();
        const std::string word = scanner_.read_word_or_string();
        const bool is_number = !word.empty() && word.size() <= most_digits && word.find_first_not_of("0123456789") == std::string::npos;
        if (!has_parameter(entry, word) && (!is_number || words.empty()))
            scanner_.fail_at(begin, "'" + word + "' is no parameter of this function");
        words.push_back(word);
    }
    scanner_.end_line();
    entry.body.spans.push_back({words.front(), {words.begin() + 1, words.end()}});
}

void Parser::check_names(const FunctionDeclaration& entry, std::uint32_t begin) {
    for (const auto* names : {&entry.body.reads, &entry.body.writes})
        for (const std::string& name : *names)
            if (!has_parameter(entry, std::string_view(name).substr(0, name.find('.'))))
                scanner_.fail_at(begin, "'" + name + "' is no parameter of this function");
}

void Parser::read_function() {
    static constexpr std::array<Detail<FunctionDeclaration>, 8> details = {{
        {"symbol", &Parser::read_symbol<FunctionDeclaration>},
        {"text", &Parser::read_text_of},
        {"comment", &Parser::read_function_comment},
        {"invalid", &Parser::read_invalid<FunctionDeclaration>},
        {"reads", &Parser::read_reads},
        {"writes", &Parser::read_writes},
        {"statics", &Parser::read_statics},
        {"spans", &Parser::read_span},
    }};
    FunctionDeclaration entry;
    entry.symbol = entry.name = read_identifier();
    claim(functions_, entry.name, "function");
    const std::uint32_t type_at = scanner_.position();
    entry.type = read_type_here();
    if (entry.type->kind != Kind::Function) scanner_.fail_at(type_at, "a function needs a type that begins with 'fn'");
    entry.location = read_place();
    entry.is_definition = scanner_.take_keyword("definition");
    entry.is_static = scanner_.take_keyword("static");
    entry.is_inline = scanner_.take_keyword("inline");
    scanner_.end_line();
    const std::uint32_t details_at = scanner_.position();
    read_details(entry, details);
    check_names(entry, details_at);
    out_.functions.push_back(std::move(entry));
}

void Parser::read_field(StructDeclaration& entry) {
    scanner_.skip_blanks();
    const std::uint32_t begin = scanner_.position();
    Field field;
    field.name = scanner_.read_word_or_string();
    if (!field.name.empty() && !is_identifier(field.name)) scanner_.fail_at(begin, "expected an identifier");
    field.type = read_type_here();
    if (!scanner_.take_keyword("at")) scanner_.fail("expected 'at' and the offset in bytes");
    field.offset = read_number();
    if (scanner_.take_keyword("bits")) {
        field.bit_width = static_cast<std::int32_t>(read_number(most_bits));
        if (!scanner_.take_keyword("shift")) scanner_.fail("expected 'shift' and the first bit");
        field.bit_shift = read_number(7);
    }
    if (scanner_.take_keyword("comment")) field.comment = scanner_.read_string();
    scanner_.end_line();
    if (!field.name.empty() && !fields_.insert(field.name).second) scanner_.fail_at(begin, "field '" + field.name + "' is there twice");
    if (const auto wrong = find_wrong_field(entry, field)) scanner_.fail_at(begin, *wrong);
    entry.fields.push_back(std::move(field));
}

void Parser::read_record(bool is_union) {
    static constexpr std::array<Detail<StructDeclaration>, 4> details = {{
        {"aliases", &Parser::read_aliases<StructDeclaration>},
        {"field", &Parser::read_field},
        {"comment", &Parser::read_comment<StructDeclaration>},
        {"invalid", &Parser::read_invalid<StructDeclaration>},
    }};
    StructDeclaration entry;
    entry.is_union = is_union;
    entry.tag = read_tag(false);
    struct_places_.push_back(name_at_);
    fields_.clear();
    claim(tags_, entry.tag, "tag");
    entry.location = read_place();
    if (scanner_.take_keyword("size")) {
        entry.is_complete = true;
        entry.size = read_number();
        if (!scanner_.take_keyword("align")) scanner_.fail("expected 'align'");
        entry.align = read_number();
        if ((entry.align & (entry.align - 1)) != 0) scanner_.fail("an alignment is a power of two");
    }
    scanner_.end_line();
    read_details(entry, details);
    out_.structs.push_back(std::move(entry));
}

void Parser::read_member(EnumDeclaration& entry) {
    Enumerator member;
    member.name = read_identifier();
    member.value = scanner_.read_signed();
    scanner_.end_line();
    entry.members.push_back(std::move(member));
}

void Parser::read_enum() {
    static constexpr std::array<Detail<EnumDeclaration>, 4> details = {{
        {"aliases", &Parser::read_aliases<EnumDeclaration>},
        {"member", &Parser::read_member},
        {"comment", &Parser::read_comment<EnumDeclaration>},
        {"invalid", &Parser::read_invalid<EnumDeclaration>},
    }};
    EnumDeclaration entry;
    entry.tag = read_tag(true);
    claim(tags_, entry.tag, "tag");
    const std::uint32_t type_at = scanner_.position();
    entry.underlying = read_type_here();
    if (!is_enum_base(*entry.underlying)) scanner_.fail_at(type_at, "an enum needs an integer type");
    entry.location = read_place();
    scanner_.end_line();
    read_details(entry, details);
    out_.enums.push_back(std::move(entry));
}

void Parser::read_variable() {
    static constexpr std::array<Detail<VariableDeclaration>, 3> details = {{
        {"symbol", &Parser::read_symbol<VariableDeclaration>},
        {"comment", &Parser::read_comment<VariableDeclaration>},
        {"invalid", &Parser::read_invalid<VariableDeclaration>},
    }};
    VariableDeclaration entry;
    entry.symbol = entry.name = read_identifier();
    claim(variables_, entry.name, "variable");
    entry.type = read_type_here();
    entry.location = read_place();
    entry.is_static = scanner_.take_keyword("static");
    entry.is_thread_local = scanner_.take_keyword("thread_local");
    scanner_.end_line();
    read_details(entry, details);
    out_.variables.push_back(std::move(entry));
}

void Parser::read_constant() {
    ConstantDeclaration entry;
    entry.name = read_identifier();
    claim(constants_, entry.name, "constant");
    if (scanner_.take_keyword("integer")) {
        entry.value = scanner_.read_signed();
    } else if (scanner_.take_keyword("unsigned")) {
        entry.value = scanner_.read_unsigned(std::numeric_limits<std::uint64_t>::max());
    } else if (scanner_.take_keyword("real")) {
        entry.value = scanner_.read_real();
    } else if (scanner_.take_keyword("text")) {
        entry.value = scanner_.read_string();
    } else {
        scanner_.fail("expected 'integer', 'unsigned', 'real' or 'text'");
    }
    entry.location = read_place();
    scanner_.end_line();
    out_.constants.push_back(std::move(entry));
}

}  // namespace

Declarations parse_declarations(std::string_view text, std::string_view origin, std::uint32_t begin) {
    check_text(text, origin);
    Declarations out;
    Parser(text, origin, begin, out).parse();
    return out;
}

}  // namespace ndcall
