// The contract line that would most likely make a function callable. A guess for a person to read: it is shown, never bound.
#include <algorithm>
#include <array>

#include "contract/words.hpp"
#include "plan/binder.hpp"

namespace ndcall::detail {

namespace {

enum class Direction : std::uint8_t { In, Out, InOut };

constexpr std::array<std::string_view, 10> output_names{"out",  "output",      "result", "res",    "dst",
                                                        "dest", "destination", "ret",    "target", "answer"};

bool holds(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_count(const Type& type) { return (type.kind == Kind::Signed || type.kind == Kind::Unsigned) && type.size >= 2; }

bool sounds_like_output(const std::string& name) {
    for (const std::string_view word : output_names)
        if (name == word || name.rfind(std::string(word) + "_", 0) == 0 ||
            (name.size() > word.size() && name.ends_with("_" + std::string(word))))
            return true;
    return false;
}

Direction guess_direction(const FunctionDeclaration& function, const Parameter& parameter) {
    if (parameter.type->target->is_const) return Direction::In;
    const bool reads = holds(function.body.reads, parameter.name), writes = holds(function.body.writes, parameter.name);
    if (function.is_definition) return !writes ? Direction::In : reads ? Direction::InOut : Direction::Out;
    return sounds_like_output(parameter.name) ? Direction::Out : Direction::InOut;
}

// The integer parameters that are not array steps, in C's order: the likely extents.
std::vector<std::string> list_counts(const FunctionDeclaration& function) {
    std::vector<std::string> counts;
    for (const Parameter& parameter : function.type->parameters)
        if (is_count(*parameter.type) && parameter.name.rfind("inc", 0) != 0 && parameter.name.rfind("ld", 0) != 0)
            counts.push_back(parameter.name);
    return counts;
}

// A length of one's own: `xlen`, `len_x`, `n_x`, `size_x`, `nx` for x.
std::string find_own_count(const std::vector<std::string>& counts, const std::string& name) {
    for (const std::string& count : counts)
        for (const std::string& own : {name + "_len", name + "len", "len_" + name, "n_" + name, "n" + name, name + "_size", "size_" + name,
                                       name + "_n", name + "Len"})
            if (count == own) return count;
    return {};
}

std::string guess_extents(const std::vector<std::string>& counts, const std::string& name, std::size_t depth) {
    if (counts.empty()) return depth > 1 ? "[m,n]" : "[n]";
    const std::string own = find_own_count(counts, name);
    if (depth <= 1 && !own.empty()) return "[" + own + "]";
    std::string text;
    const std::size_t wanted = depth > 1 ? depth : counts.size() <= 3 ? counts.size() : 1;
    for (std::size_t i = 0; i < wanted && i < counts.size(); ++i) text += (i ? "," : "") + counts[i];
    return "[" + text + "]";
}

std::string describe_item(const Parameter& parameter, const std::vector<std::string>& counts, Direction direction) {
    const Type* element = parameter.type->target;
    std::size_t depth = 1;
    for (; element->kind == Kind::Pointer; element = element->target) ++depth;
    const bool is_single = counts.empty() && depth == 1 && direction == Direction::Out && element->kind != Kind::Void;
    std::string text = direction == Direction::InOut ? "inout " : "";
    if (depth > 1) text += "rows ";
    text += parameter.name.empty() ? "x" : parameter.name;
    if (element->kind == Kind::Void) text += ": float64";
    if (!is_single) text += guess_extents(counts, parameter.name, depth);
    return text;
}

// A parameter that is called like one of the words before a name is renamed in a head, which names all of them.
std::string rename_words(FunctionDeclaration& function, Type& type) {
    std::string head;
    bool is_renamed = false;
    for (Parameter& parameter : type.parameters) {
        const bool is_word = find_prefix_word(parameter.name) != nullptr;
        for (std::vector<std::string>* names : {&function.body.reads, &function.body.writes})
            if (is_word) std::replace(names->begin(), names->end(), parameter.name, parameter.name + "_");
        if (is_word) parameter.name += "_";
        is_renamed |= is_word;
        head += (head.empty() ? "" : ", ") + (parameter.name.empty() ? "_" : parameter.name);
    }
    return is_renamed ? "(" + head + ")" : "";
}

}  // namespace

std::string suggest_line(const FunctionDeclaration& declared, const Declarations& declarations) {
    FunctionDeclaration function = declared;
    Type type = *declared.type;
    function.type = &type;
    const std::string head = rename_words(function, type);
    const std::vector<std::string> counts = list_counts(function);
    std::string inputs, results;
    for (const Parameter& parameter : function.type->parameters) {
        if (parameter.type->kind != Kind::Pointer || parameter.name.empty()) continue;
        const Type& pointee = *parameter.type->target;
        const bool is_text = pointee.kind == Kind::Character && pointee.is_const;
        if (is_text || pointee.kind == Kind::Function || pointee.kind == Kind::Array) continue;
        if (pointee.kind == Kind::Struct || pointee.kind == Kind::Union) {
            const StructDeclaration* record = declarations.find_struct(pointee.tag);
            if (!record || !find_complex_struct(*record)) continue;
        }
        const Direction direction = guess_direction(function, parameter);
        std::string& side = direction == Direction::Out ? results : inputs;
        side += (side.empty() ? "" : ", ") + describe_item(parameter, counts, direction);
    }
    if (inputs.empty() && results.empty()) return {};
    if (!results.empty() && function.type->target->kind != Kind::Void) results += ", return";
    return function.name + head + ": " + inputs + (results.empty() ? "" : (inputs.empty() ? "-> " : " -> ") + results);
}

}  // namespace ndcall::detail
