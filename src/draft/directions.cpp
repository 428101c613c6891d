// What C does with the memory behind a pointer: reads it, writes it, or both.
#include <algorithm>

#include "draft/names.hpp"
#include "draft/sketch.hpp"
#include "plan/types.hpp"

namespace ndcall::detail {

namespace {

using Found = std::optional<std::string>;

Found set(Part& part, Direction direction) {
    part.direction = direction;
    return "";
}

Found is_const(Sketch&, Part& part) { return part.element->is_const ? set(part, Direction::In) : std::nullopt; }

// A struct with pointers in it must be given: C looks at what they lead to before it writes there.
bool may_be_made(const Sketch& sketch, const Part& part) {
    if (part.form != Form::Record) return true;
    const StructDeclaration* record = sketch.scene.declarations->find_struct(part.element->tag);
    return record && !record->is_union && std::all_of(record->fields.begin(), record->fields.end(), [](const Field& field) {
               return find_scalar(*field.type).has_value();
           });
}

Found is_only_written(Sketch& sketch, Part& part) {
    if (!may_be_made(sketch, part)) return std::nullopt;
    return sketch.writes(part) && !sketch.reads(part) ? set(part, Direction::Out) : std::nullopt;
}

Found is_read_and_written(Sketch& sketch, Part& part) {
    return sketch.writes(part) && sketch.reads(part) ? set(part, Direction::InOut) : std::nullopt;
}

Found is_only_read(Sketch& sketch, Part& part) {
    return sketch.function.is_definition && sketch.reads(part) && sketch.find_span(part) ? set(part, Direction::In) : std::nullopt;
}

Found is_read_as_far_as_seen(Sketch& sketch, Part& part) {
    return sketch.function.is_definition && sketch.reads(part) ? set(part, Direction::In) : std::nullopt;
}

Found is_named_like_a_result(Sketch& sketch, Part& part) {
    const bool is_named = is_result_name(part.name) || is_single_result_name(part.name) || is_statistic_name(part.name);
    return is_named && !sketch.function.is_definition && may_be_made(sketch, part) ? set(part, Direction::Out) : std::nullopt;
}

// A struct is an object of the caller's: given, and perhaps changed. That is what it means without a word.
Found is_record(Sketch&, Part& part) { return part.form == Form::Record ? set(part, Direction::In) : std::nullopt; }

// The caller's array, passed as it is, is right for every reading of the header; a result of its own only for one.
Found may_be_either(Sketch&, Part& part) { return set(part, Direction::InOut); }

constexpr Rule rules[] = {
    {is_const, Certainty::Sure, "{x} is const: input"},
    {is_only_written, Certainty::Sure, "the body writes {x} and never reads it: result"},
    {is_read_and_written, Certainty::Sure, "the body reads and writes {x}: changed in place"},
    {is_only_read, Certainty::Sure, "the body reads {x} and never writes it: input"},
    {is_read_as_far_as_seen, Certainty::Likely, "the body reads {x}, and nothing is seen that writes it: input"},
    {is_named_like_a_result, Certainty::Likely, "{x} is called like a result, and C may write it: result"},
    {is_record, Certainty::Sure, ""},
    {may_be_either, Certainty::Likely, "C may read and write {x}: the caller's own array; if C only writes it, it belongs behind '->'"},
};

}  // namespace

void decide_directions(Sketch& sketch) {
    for (Part& part : sketch.parts) {
        const bool has_direction = part.form == Form::Elements || part.form == Form::Unknown || part.form == Form::Rows ||
                                   part.form == Form::Stated || part.form == Form::Buffer || part.form == Form::Record;
        if (has_direction && part.depth > 0 && !part.is_shaped && !part.is_both) apply_rules(sketch, part, rules);
    }
}

}  // namespace ndcall::detail
