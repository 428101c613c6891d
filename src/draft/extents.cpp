// How many elements lie behind a pointer, and how far apart they are.
#include <algorithm>

#include "draft/names.hpp"
#include "draft/sketch.hpp"

namespace ndcall::detail {

namespace {

using Found = std::optional<std::string>;

std::string join_extents(const std::vector<std::string>& extents) {
    std::string out;
    for (const std::string& extent : extents) out += (out.empty() ? "" : ",") + extent;
    return "[" + out + "]";
}

// The step between elements that belongs to an array: by its name, or because it comes next.
const Part* find_step(const Sketch& sketch, const Part& array) {
    for (const Part& part : sketch.parts)
        if (is_integer(part) && is_own_step(part.name, array.name)) return &part;
    const Part* next = sketch.find_next(array);
    return next && is_integer(*next) && is_step_name(next->name) ? next : nullptr;
}

std::string write_step(const Part& step) {
    return ":" + step.name + (to_lower(step.name).find("byte") != std::string::npos ? " bytes" : "");
}

const Part* find_own_count(const Sketch& sketch, const Part& array) {
    for (const Part* count : sketch.list_integers())
        if (is_own_count(count->name, array.name)) return count;
    return nullptr;
}

bool is_declared_array(const Part& part) { return part.type->kind == Kind::Array; }

Found shape(Part& part, std::string extents, std::string found = "") {
    part.is_shaped = true;
    part.extents = std::move(extents);
    return found;
}

Found is_stated(Sketch&, Part& part) { return part.form == Form::Stated ? shape(part, "") : std::nullopt; }

Found touches_one(Sketch& sketch, Part& part) {
    const BodyFacts::Span* span = sketch.find_span(part);
    return span && span->extents.empty() && part.depth == 1 ? shape(part, "") : std::nullopt;
}

Found is_bounded_by_loops(Sketch& sketch, Part& part) {
    const BodyFacts::Span* span = sketch.find_span(part);
    if (!span || span->extents.empty() || (part.form == Form::Rows && span->extents.size() != part.depth)) return std::nullopt;
    std::vector<std::string> extents;
    for (const std::string& extent : span->extents) extents.push_back(sketch.say(extent));
    std::string bounds;
    for (const std::string& extent : extents) bounds += (bounds.empty() ? "" : " and ") + extent;
    return shape(part, join_extents(extents), bounds);
}

// An item of more than a byte behind `void *`: nothing of its length can be told before its dtype is.
bool has_items(const Part& part) { return part.form == Form::Elements; }

// gsl_complex_packed_array is double *: two numbers an element, which only the typedef's name tells.
bool is_packed_complex(const Part& part) {
    const bool is_real = part.element->kind == Kind::Float && (part.element->size == 4 || part.element->size == 8);
    return part.is_pair ? is_real : is_real && part.depth == 1 && to_lower(part.type->spelling).find("complex") != std::string::npos;
}

// `x, stride, n`: the length comes next.
const Part* find_count_behind(const Sketch& sketch, const Part& step) {
    const Part* next = sketch.find_next(step);
    return next && is_integer(*next) && is_count_name(next->name) ? next : nullptr;
}

Found has_own_step(Sketch& sketch, Part& part) {
    const Part* step = find_step(sketch, part);
    if (!step || !has_items(part)) return std::nullopt;
    const Part* own = find_own_count(sketch, part);
    if (!own && step == sketch.find_next(part)) own = find_count_behind(sketch, *step);
    const std::vector<const Part*> counts = sketch.list_counts();
    if (!own && counts.size() != 1) return std::nullopt;
    const Part* count = own ? own : counts[0];
    return shape(part, "[" + count->name + write_step(*step) + "]", step->name + " is the step of " + part.name + ", " + count->name);
}

Found has_own_leading(Sketch& sketch, Part& part) {
    const std::vector<const Part*> counts = sketch.list_counts();
    for (const Part& other : sketch.parts) {
        if (!is_integer(other) || !is_own_leading(other.name, part.name) || !has_items(part)) continue;
        const std::string rows = counts.empty() ? "ROWS" : counts[0]->name;
        const std::string columns = counts.empty() ? "COLUMNS" : counts.size() > 1 ? counts[1]->name : counts[0]->name;
        return shape(part, "[" + rows + ":" + other.name + "," + columns + "]", other.name);
    }
    return std::nullopt;
}

Found has_own_count(Sketch& sketch, Part& part) {
    const Part* own = find_own_count(sketch, part);
    return own && has_items(part) ? shape(part, "[" + own->name + "]", own->name) : std::nullopt;
}

bool is_named_like_many(const Part& part) {
    const std::string low = to_lower(part.name);
    return low.find("array") != std::string::npos || low.find("vec") != std::string::npos || low.find("list") != std::string::npos;
}

Found has_capacity(Sketch&, Part& part) {
    if (part.capacity.empty()) return std::nullopt;
    part.direction = Direction::Out;
    return shape(part, "[" + part.capacity + "]", part.capacity);
}

// As a str it would have to be as long as the caller says.
Found is_text_with_length(Sketch& sketch, Part& part) {
    if (!part.is_counted_text) return std::nullopt;
    const std::string count = sketch.find_next(part)->name;
    return shape(part, "[" + count + "]", count);
}

Found goes_in_and_out(Sketch&, Part& part) { return part.is_both ? shape(part, "") : std::nullopt; }

// `nmin, nmax` are the first and the last index; `lmax` alone is the last of those from 0.
Found counts_to_last(Sketch& sketch, Part& part) {
    const bool fits = has_items(part) && part.depth == 1 && !part.element->is_const && is_named_like_many(part);
    if (!fits || !sketch.list_counts().empty() || sketch.function.is_definition) return std::nullopt;
    for (const Part& last : sketch.parts) {
        if (!is_integer(last) || !to_lower(last.name).ends_with("max")) continue;
        const std::string stem = last.name.substr(0, last.name.size() - 3);
        for (const Part& first : sketch.parts)
            if (is_integer(first) && to_lower(first.name) == to_lower(stem) + "min")
                return shape(part, "[" + last.name + "-" + first.name + "+1]", first.name + " to " + last.name);
        return shape(part, "[" + last.name + "+1]", "0 to " + last.name);
    }
    return std::nullopt;
}

bool is_alone(const Sketch& sketch, const Part& part) { return sketch.find_span(part) == nullptr && !is_declared_array(part); }

// `result` beside `abserr` is one value too.
bool is_single_here(const Sketch& sketch, const Part& part) {
    const auto tells_error = [](const Part& other) { return other.depth == 1 && to_lower(other.name) == "abserr"; };
    const bool is_statistic = is_statistic_name(part.name) && sketch.list_counts().size() <= 1;
    return is_single_result_name(part.name) || is_statistic ||
           (is_result_name(part.name) && std::any_of(sketch.parts.begin(), sketch.parts.end(), tells_error));
}

// An object that C may change between calls: a value beside it may go in as well as come out.
bool has_state(const Sketch& sketch) {
    return std::any_of(sketch.parts.begin(), sketch.parts.end(), [](const Part& part) {
        return part.depth == 1 && !part.element->is_const && (part.form == Form::Record || part.form == Form::Handle);
    });
}

// An author who writes `a[]` for arrays writes `*x` for one value.
Found is_single_by_style(Sketch& sketch, Part& part) {
    const bool fits = has_items(part) && is_alone(sketch, part) && !part.element->is_const && !sketch.function.is_definition;
    const bool has_brackets =
        std::any_of(sketch.parts.begin(), sketch.parts.end(), [](const Part& other) { return is_declared_array(other); });
    if (!fits || !has_brackets || has_state(sketch) || is_named_like_many(part)) return std::nullopt;
    part.direction = Direction::Out;
    return shape(part, "");
}

Found is_single_beside_state(Sketch& sketch, Part& part) {
    const bool has_brackets =
        std::any_of(sketch.parts.begin(), sketch.parts.end(), [](const Part& other) { return is_declared_array(other); });
    const bool fits = has_items(part) && is_alone(sketch, part) && !part.element->is_const && !sketch.function.is_definition;
    return fits && has_brackets && has_state(sketch) && !is_named_like_many(part) ? shape(part, "") : std::nullopt;
}

Found is_unsized(Sketch& sketch, Part& part) {
    const bool fits =
        is_unsized_name(part.name) && !sketch.find_span(part) && !(is_alone(sketch, part) && is_single_result_name(part.name));
    return fits ? shape(part, "[LENGTH_OF_" + part.name + "]") : std::nullopt;
}

bool is_sparse(const Sketch& sketch) {
    const auto is_index = [](const Part& part) { return part.depth == 1 && part.form == Form::Elements && is_index_array_name(part.name); };
    return !sketch.function.is_definition && std::any_of(sketch.parts.begin(), sketch.parts.end(), is_index);
}

Found begins_columns(Sketch& sketch, Part& part) {
    const std::vector<const Part*> counts = sketch.list_counts();
    const bool fits = is_sparse(sketch) && is_index_array_name(part.name) && !counts.empty();
    return fits ? shape(part, "[" + counts.back()->name + "+1]", counts.back()->name) : std::nullopt;
}

Found is_part_of_sparse(Sketch& sketch, Part& part) {
    const bool fits = is_sparse(sketch) && has_items(part) && part.depth == 1;
    return fits ? shape(part, "[LENGTH_OF_" + part.name + "]") : std::nullopt;
}

// Two real numbers may be one of these elements.
Found may_be_pairs(Sketch& sketch, Part& part) {
    const auto says_complex = [](const std::string& low) {
        const std::size_t at = low.find("complex");
        return at != std::string::npos && (at < 4 || low.compare(at - 4, 4, "half") != 0);
    };
    const bool names_complex = says_complex(to_lower(sketch.function.name)) || says_complex(to_lower(part.name));
    const std::vector<const Part*> counts = sketch.list_counts();
    if (!names_complex || counts.empty() || part.element->kind != Kind::Float || part.depth != 1 || is_packed_complex(part))
        return std::nullopt;
    part.dtype = part.element->size == 4 ? "complex64" : "complex128";
    const Part* step = find_step(sketch, part);
    return shape(part, "[" + counts[0]->name + (step ? write_step(*step) : "") + "]");
}

Found is_single_by_name(Sketch& sketch, Part& part) {
    const bool fits = has_items(part) && is_alone(sketch, part) && !part.element->is_const && is_single_here(sketch, part);
    if (!fits || sketch.function.is_definition) return std::nullopt;
    part.direction = Direction::Out;
    return shape(part, "");
}

// `void *base, size_t count, size_t size`: items of any type, and how large one is.
Found is_any_with_size(Sketch& sketch, Part& part) {
    if (part.form != Form::Unknown) return std::nullopt;
    const Part* size = nullptr;
    for (Part& other : sketch.parts)
        if (is_integer(other) && is_item_size_name(other.name)) size = &other;
    const std::vector<const Part*> counts = sketch.list_integers();
    const auto other_count = std::find_if(counts.begin(), counts.end(), [&](const Part* count) { return count != size; });
    const bool is_first = std::none_of(sketch.parts.begin(), sketch.parts.end(), [&](const Part& other) { return other.dtype == "any"; });
    const auto pointers =
        std::count_if(sketch.parts.begin(), sketch.parts.end(), [](const Part& other) { return other.form == Form::Unknown; });
    if (!size || other_count == counts.end() || counts.size() > 2 || !is_first || pointers > 1) return std::nullopt;
    part.dtype = "any";
    for (Part& other : sketch.parts)
        if (&other == size) other.fixed = "itemsize(" + part.name + ")";
    return shape(part, "[" + (*other_count)->name + "]", size->name);
}

Found is_only_count(Sketch& sketch, Part& part) {
    const std::vector<const Part*> counts = sketch.list_counts();
    if (counts.size() != 1 || part.depth != 1 || !has_items(part)) return std::nullopt;
    if (sketch.list_integers().size() != 1 && sketch.find_next(part) != counts[0]) return std::nullopt;
    const Part* before = counts[0] == sketch.parts.data() ? nullptr : counts[0] - 1;  // a text has its own length
    if (before && (before->form == Form::Text || before->form == Form::Buffer || before->is_counted_text)) return std::nullopt;
    return shape(part, "[" + counts[0]->name + "]", counts[0]->name);
}

// Of several arrays that C may write one is often longer than the others.
bool is_one_of_several_written(const Sketch& sketch, const Part& part) {
    return part.direction != Direction::In && std::any_of(sketch.parts.begin(), sketch.parts.end(), [&](const Part& other) {
               const bool is_array = has_items(other) && other.depth == 1 && !(other.is_shaped && other.extents.empty());
               return &other != &part && is_array && other.direction != Direction::In && !is_single_here(sketch, other);
           });
}

Found is_perhaps_only_count(Sketch& sketch, Part& part) {
    const bool is_adjacent = sketch.find_next(part) && is_count_name(sketch.find_next(part)->name);
    const bool is_beside_state = has_state(sketch) && !part.element->is_const && !is_adjacent;
    const bool is_unseen = !sketch.function.is_definition && is_one_of_several_written(sketch, part);
    return is_beside_state || is_unseen ? is_only_count(sketch, part) : std::nullopt;
}

Found comes_before_count(Sketch& sketch, Part& part) {
    const Part* next = sketch.find_next(part);
    if (!next || part.depth != 1 || part.form == Form::Rows) return std::nullopt;
    const std::vector<const Part*> counts = sketch.list_counts();
    if (std::find(counts.begin(), counts.end(), next) == counts.end()) return std::nullopt;
    const Part* after = sketch.find_next(*next);
    if (after && std::find(counts.begin(), counts.end(), after) != counts.end()) return std::nullopt;
    const std::string low = to_lower(next->name);
    const bool counts_bytes =
        low.find("len") != std::string::npos || low.find("size") != std::string::npos || low.find("byte") != std::string::npos;
    if (part.form == Form::Unknown) part.dtype = counts_bytes ? "uint8" : "float64";
    return shape(part, "[" + next->name + "]", next->name);
}

// No length anywhere, and values go in another way: what C writes is one value.
Found has_no_count_anywhere(Sketch& sketch, Part& part) {
    const bool fits = has_items(part) && is_alone(sketch, part) && !part.element->is_const && !sketch.function.is_definition;
    if (!fits || !sketch.list_integers().empty() || part.name.empty()) return std::nullopt;
    const bool has_numbers =
        std::any_of(sketch.parts.begin(), sketch.parts.end(), [](const Part& other) { return other.form == Form::Number; });
    const bool hides_lengths = std::any_of(sketch.parts.begin(), sketch.parts.end(), [](const Part& other) {
        return other.form == Form::Record || other.form == Form::Handle || (other.form == Form::Elements && other.element->is_const);
    });
    if (!has_numbers || hides_lengths || !sketch.scene.writes_brackets) return std::nullopt;
    part.direction = Direction::Out;
    return shape(part, "");
}

// Where each array has a step named after it, one without has perhaps nothing to step over.
Found has_no_step_of_its_own(Sketch& sketch, Part& part) {
    const auto steps = [&](const Part& array) {
        return std::any_of(sketch.parts.begin(), sketch.parts.end(),
                           [&](const Part& step) { return is_integer(step) && is_own_step(step.name, array.name); });
    };
    const bool others_have =
        std::any_of(sketch.parts.begin(), sketch.parts.end(), [&](const Part& other) { return other.depth > 0 && steps(other); });
    const bool fits = has_items(part) && is_alone(sketch, part) && part.depth == 1 && !sketch.function.is_definition;
    if (!fits || !others_have || steps(part) || find_step(sketch, part)) return std::nullopt;
    return shape(part, "[LENGTH_OF_" + part.name + "]");
}

// Whoever gives the step of an array or its leading dimension gives no single values beside them.
bool has_steps(const Sketch& sketch) {
    return std::any_of(sketch.parts.begin(), sketch.parts.end(),
                       [](const Part& part) { return is_integer(part) && (is_step_name(part.name) || is_leading_name(part.name)); });
}

Found may_be_single(Sketch& sketch, Part& part) {
    const bool fits = has_items(part) && is_alone(sketch, part) && !part.element->is_const && part.depth == 1;
    if (!fits || is_named_like_many(part) || !sketch.list_counts().empty() || has_steps(sketch)) return std::nullopt;
    const bool has_inputs =
        std::any_of(sketch.parts.begin(), sketch.parts.end(), [](const Part& other) { return other.form == Form::Number; });
    if (has_inputs && !sketch.function.is_definition) part.direction = Direction::Out;
    return shape(part, "");
}

// As many lengths as levels of pointers, in C's order.
Found has_count_per_level(Sketch& sketch, Part& part) {
    const std::vector<const Part*> counts = sketch.list_counts();
    if (part.form != Form::Rows || counts.size() != part.depth || sketch.list_integers().size() != part.depth) return std::nullopt;
    std::vector<std::string> extents;
    for (const Part* count : counts) extents.push_back(count->name);
    return shape(part, join_extents(extents), join_extents(extents));
}

Found has_several_counts(Sketch& sketch, Part& part) {
    const std::vector<const Part*> counts = sketch.list_counts();
    if (counts.empty() || counts.size() < part.depth || part.depth > 3) return std::nullopt;
    const std::size_t wanted = part.depth > 1 ? part.depth : counts.size() <= 3 ? counts.size() : 1;
    std::vector<std::string> extents;
    for (std::size_t i = 0; i < wanted; ++i) extents.push_back(counts[i]->name);
    if (part.form == Form::Unknown) part.dtype = "float64";
    std::string found;
    for (const std::string& extent : extents) found += (found.empty() ? "" : ", ") + extent;
    return shape(part, join_extents(extents), found);
}

Found is_unknown(Sketch&, Part& part) {
    if (part.form == Form::Unknown) part.dtype = "TYPE_OF_" + part.name;
    std::string extents = "LENGTH_OF_" + part.name;
    if (part.depth > 1) extents = "ROWS_OF_" + part.name + ",COLUMNS_OF_" + part.name;
    return shape(part, "[" + extents + "]");
}

constexpr Rule rules[] = {
    {is_stated, Certainty::Sure, ""},
    {is_text_with_length, Certainty::Guess, "{n} comes after {x}: perhaps its length; as a str it would be as long as the caller says"},
    {goes_in_and_out, Certainty::Guess, ""},
    {has_capacity, Certainty::Guess, "{n} is how much fits into {x} before the call, which the caller says, and how much C wrote after it"},
    {touches_one, Certainty::Sure, "the body touches only *{x}: one value"},
    {is_bounded_by_loops, Certainty::Sure, "the loops of the body end at {n}: extents of {x}"},
    {is_unsized, Certainty::Blank, "{x} is a workspace or a table: its length stands in the manual"},
    {is_single_by_name, Certainty::Likely, "{x} is a name for one value: result"},
    {is_single_by_style, Certainty::Likely, "arrays are written with [ ] here, {x} with *: one value"},
    {is_single_beside_state, Certainty::Guess,
     "arrays are written with [ ] here, {x} with *: perhaps one value, which goes in and comes out"},
    {begins_columns, Certainty::Guess, "{x} tells where the columns of a sparse matrix begin: one more than there are"},
    {is_part_of_sparse, Certainty::Blank, "{x} belongs to a sparse matrix: as many elements as it has entries"},
    {may_be_pairs, Certainty::Guess, "a name says complex: an element of {x} may be two numbers"},
    {has_no_step_of_its_own, Certainty::Blank, "arrays have steps here, {x} has none: it is another kind of array, or one value"},
    {has_own_step, Certainty::Likely, "{n} its length"},
    {has_own_leading, Certainty::Guess, "{n} is the step between rows of {x}; how many there are is not told"},
    {has_own_count, Certainty::Likely, "{n} belongs to {x} by its name: its length"},
    {counts_to_last, Certainty::Guess, "{x} has perhaps the elements {n}"},
    {is_any_with_size, Certainty::Likely, "{n} is the size of an item of {x}, which may be of any dtype"},
    {is_perhaps_only_count, Certainty::Guess, "{n} is the only count: perhaps the length of {x}, perhaps of another array or of an object"},
    {is_only_count, Certainty::Likely, "{n} is the only count: length of {x}"},
    {has_no_count_anywhere, Certainty::Likely, "no parameter is a length, and this header writes arrays with [ ]: {x} is one value"},
    {has_count_per_level, Certainty::Likely, "{n} are as many lengths as {x} has levels of pointers: its extents"},
    {comes_before_count, Certainty::Guess, "{n} comes after {x}: perhaps its length"},
    {may_be_single, Certainty::Guess, "nothing is called like a length: {x} may be one value"},
    {has_several_counts, Certainty::Guess, "{n} may be the extents of {x}"},
    {is_unknown, Certainty::Blank, "nothing tells how many elements {x} has"},
};

}  // namespace

void decide_extents(Sketch& sketch) {
    for (Part& part : sketch.parts) {
        const bool has_extents = part.form == Form::Elements || part.form == Form::Unknown || part.form == Form::Rows ||
                                 part.form == Form::Stated || part.form == Form::Buffer;
        if (part.form == Form::Record && part.direction == Direction::Out) part.is_written = true;
        if (!has_extents || part.is_shaped || !part.fixed.empty()) continue;
        apply_rules(sketch, part, rules);
        if (part.form == Form::Rows) part.words += "rows ";
        if (part.form == Form::Buffer) part.dtype = "str";
        if (is_packed_complex(part)) part.dtype = part.element->size == 4 ? "complex64" : "complex128";
        // What C states needs no word, except that it is a result.
        part.is_written = part.form != Form::Stated || part.direction == Direction::Out;
        if (part.direction == Direction::InOut && part.form != Form::Stated) part.words = "inout " + part.words;
    }
}

}  // namespace ndcall::detail
