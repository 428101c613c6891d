#include "draft/sketch.hpp"

#include <algorithm>

#include "contract/words.hpp"
#include "declaration/scanner.hpp"
#include "draft/names.hpp"
#include "plan/types.hpp"

namespace ndcall::detail {

namespace {

bool holds(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_indirect(const Type& type) { return type.kind == Kind::Pointer || type.kind == Kind::Array; }

bool is_record(const Type& type) { return type.kind == Kind::Struct || type.kind == Kind::Union; }

bool states_all_extents(const Type& type) {
    const Type* level = &type;
    if (level->kind != Kind::Array) return false;
    for (; level->kind == Kind::Array; level = level->target)
        if (level->extent.empty() || level->extent == "*") return false;
    return true;
}

// fftw_complex: double[2], under a name that says so.
bool is_pair(const Type& type) {
    const bool has_name = to_lower(type.spelling).find("complex") != std::string::npos;
    return type.kind == Kind::Array && type.extent == "2" && type.target->kind == Kind::Float && has_name;
}

// Without the underscores in front that belong to headers of the system: the language takes both.
std::string say_plainly(const std::string& name, const std::vector<Parameter>& parameters) {
    const std::string plain = name.substr(std::min(name.find_first_not_of('_'), name.size()));
    const bool is_taken = std::any_of(parameters.begin(), parameters.end(), [&](const Parameter& other) { return other.name == plain; });
    const bool is_word = find_prefix_word(plain) || find_clause_word(plain) || is_phrase_word(plain) || is_reserved_word(plain);
    return !is_identifier(plain) || is_word || is_taken ? name : plain;
}

Form classify(const Part& part, const Declarations& declarations) {
    const Type& type = *part.type;
    if (find_scalar(type)) return Form::Number;
    if (type.kind == Kind::Function) return Form::Function;
    if (!is_indirect(type)) return is_record(type) ? Form::Record : Form::Other;
    if (part.element->kind == Kind::Function) return part.depth == 1 ? Form::Function : Form::Other;
    if (states_all_extents(type)) return Form::Stated;
    const bool has_pointers_inside = is_indirect(*type.target) && type.target->kind == Kind::Pointer;
    if (is_record(*part.element)) {
        const StructDeclaration* record = declarations.find_struct(part.element->tag);
        const bool is_complete = record && record->is_complete;
        const bool is_array = type.kind == Kind::Array;
        if (is_complete && !has_pointers_inside) return is_array || find_complex_struct(*record) ? Form::Elements : Form::Record;
        return part.depth == 1 ? Form::Handle : part.depth == 2 && !is_complete ? Form::Made : Form::Other;
    }
    if (part.element->kind == Kind::Void) return part.depth == 1 ? Form::Unknown : Form::Other;
    if (part.element->kind == Kind::Character && part.depth == 1) return part.element->is_const ? Form::Text : Form::Buffer;
    if (!find_scalar(*part.element)) return Form::Other;
    if (has_pointers_inside) return part.element->kind == Kind::Character ? Form::Other : Form::Rows;
    return Form::Elements;
}

std::string join(const std::vector<std::string>& texts, const char* between) {
    std::string out;
    for (const std::string& text : texts) out += (out.empty() ? "" : between) + text;
    return out;
}

std::string write_item(const Part& part) {
    return part.words + part.name + (part.dtype.empty() ? "" : ": " + part.dtype) + part.extents + part.phrase;
}

std::string replace_all(std::string text, const std::string& mark, const std::string& by) {
    for (std::size_t at = 0; (at = text.find(mark, at)) != std::string::npos; at += by.size()) text.replace(at, mark.size(), by);
    return text;
}

}  // namespace

Sketch::Sketch(const FunctionDeclaration& declared, const Scene& library) : function(declared), scene(library) {
    bool is_renamed = false;
    std::vector<std::string> names;
    for (std::size_t i = 0; i < declared.type->parameters.size(); ++i) {
        const Parameter& parameter = declared.type->parameters[i];
        Part part;
        part.declared = parameter.name;
        part.name = parameter.name.empty() ? "arg" + std::to_string(i + 1) : say_plainly(parameter.name, declared.type->parameters);
        // A parameter that is called like one of the words before a name is renamed in a head, which names all of them.
        if (find_prefix_word(part.name)) part.name += "_", is_renamed = true;
        part.type = parameter.type;
        part.element = parameter.type;
        while (is_indirect(*part.element)) part.is_pair = is_pair(*part.element), part.element = part.element->target, ++part.depth;
        if (part.is_pair) --part.depth;
        part.form = classify(part, *library.declarations);
        names.push_back(part.name);
        parts.push_back(std::move(part));
    }
    for (Part& part : parts) {  // text has no steps: these are numbers of one byte
        const Part* next = find_next(part);
        const bool is_bytes =
            (part.form == Form::Text || part.form == Form::Buffer) && next && is_integer(*next) && is_step_name(next->name);
        if (is_bytes) part.form = Form::Elements, part.dtype = "int8";
        part.is_counted_text = part.form == Form::Text && next && is_integer(*next) && is_count_name(next->name);
        if (part.is_counted_text) part.form = Form::Elements, part.dtype = "bytes";
    }
    if (is_renamed) head = "(" + join(names, ", ") + ")";
}

bool is_integer(const Part& part) {
    const Kind kind = part.type->kind;
    return (kind == Kind::Signed || kind == Kind::Unsigned) && part.type->size >= 2;
}

bool Sketch::reads(const Part& part) const { return !part.declared.empty() && holds(function.body.reads, part.declared); }
bool Sketch::writes(const Part& part) const { return !part.declared.empty() && holds(function.body.writes, part.declared); }

const BodyFacts::Span* Sketch::find_span(const Part& part) const {
    const auto& spans = function.body.spans;
    const auto found = std::find_if(spans.begin(), spans.end(), [&](const auto& span) { return span.parameter == part.declared; });
    return part.declared.empty() || found == spans.end() ? nullptr : &*found;
}

std::vector<const Part*> Sketch::list_integers() const {
    std::vector<const Part*> out;
    for (const Part& part : parts)
        if (is_integer(part) && !is_step_name(part.name) && !is_leading_name(part.name) && !is_index_name(part.name)) out.push_back(&part);
    return out;
}

std::vector<const Part*> Sketch::list_counts() const {
    std::vector<const Part*> out = list_integers();
    std::erase_if(out, [](const Part* part) { return !is_count_name(part->name); });
    return out;
}

const Part* Sketch::find_next(const Part& part) const {
    const Part* next = &part + 1;
    return next == parts.data() + parts.size() ? nullptr : next;
}

std::string Sketch::say(const std::string& declared) const {
    for (const Part& part : parts)
        if (part.declared == declared) return part.name;
    return declared;
}

bool Sketch::has_results() const {
    return std::any_of(parts.begin(), parts.end(), [](const Part& part) { return part.is_written && part.direction == Direction::Out; });
}

std::string Sketch::write_line() const {
    if (is_whole) return function.name + head + ": " + whole;
    std::vector<std::string> inputs, results;
    for (const Part& part : parts) {
        if (!part.is_written || !part.fixed.empty()) continue;
        (part.direction == Direction::Out ? results : inputs).push_back(write_item(part));
        if (part.is_both) results.push_back(part.name);
    }
    if (!returned.empty()) results.push_back(returned);
    std::vector<std::string> texts;
    const std::string left = join(inputs, ", "), right = join(results, ", ");
    if (!left.empty() || !right.empty()) texts.push_back(left + (right.empty() ? "" : (left.empty() ? "-> " : " -> ") + right));
    for (const Part& part : parts)
        if (!part.fixed.empty()) texts.push_back(part.name + " = " + part.fixed);
    texts.insert(texts.end(), clauses.begin(), clauses.end());
    return texts.empty() ? "" : function.name + head + ": " + join(texts, "; ");
}

void note_rule(Sketch& sketch, Part& part, const Rule& rule, const std::string& found) {
    part.certainty = std::min(part.certainty, rule.certainty);
    sketch.certainty = std::min(sketch.certainty, rule.certainty);
    const std::string reason = replace_all(replace_all(rule.reason, "{x}", part.name), "{n}", found);
    if (!reason.empty()) sketch.reasons.push_back(reason);
}

}  // namespace ndcall::detail
