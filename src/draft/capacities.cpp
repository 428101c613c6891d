// `dest, size_t *dest_len`: a buffer, and how much of it was filled.
#include "draft/names.hpp"
#include "draft/sketch.hpp"

namespace ndcall::detail {

namespace {

// Fortran has numbers behind pointers too, `n` and `m`: the name alone must say it.
bool says_length(const std::string& name) {
    const std::string low = to_lower(name);
    return low.find("len") != std::string::npos || low.find("size") != std::string::npos || low.find("count") != std::string::npos;
}

}  // namespace

// `size_t *x_len`: how much fits before the call, how much is there after it. Until `x[x_len <= ...]` is bound the caller says how much fits.
void find_capacities(Sketch& sketch) {
    for (Part& part : sketch.parts) {
        const bool may_be_filled = part.depth == 1 && !part.element->is_const && (part.form == Form::Elements || part.form == Form::Buffer);
        if (!may_be_filled || sketch.find_span(part)) continue;
        for (Part& count : sketch.parts) {
            const bool is_its_count = is_own_count(count.name, part.name) || (&count == sketch.find_next(part) && says_length(count.name));
            const bool is_pointer = count.depth == 1 && count.form == Form::Elements && !count.element->is_const;
            const bool is_whole = count.element->kind == Kind::Signed || count.element->kind == Kind::Unsigned;
            if (!is_its_count || !is_pointer || !is_whole || count.element->size < 2 || &count == &part || count.type->kind == Kind::Array)
                continue;
            if (sketch.function.is_definition && !(sketch.reads(count) && sketch.writes(count))) continue;
            part.capacity = count.name;
            count.is_both = true;
            break;
        }
    }
}

}  // namespace ndcall::detail
