// Which plans the fast path can make: decided once, at binding.
#include <algorithm>
#include <bit>
#include <climits>
#include <map>
#include <set>

#include "call/fast.hpp"

namespace ndcall {

namespace {

// The largest value of an integer type that fits a signed word; -1 for what is no integer.
std::int64_t find_limit(Scalar type) {
    if (type.kind == ScalarKind::Signed) return type.size == 8 ? INT64_MAX : (std::int64_t{1} << (8 * type.size - 1)) - 1;
    if (type.kind == ScalarKind::Unsigned) return type.size == 8 ? INT64_MAX : (std::int64_t{1} << (8 * type.size)) - 1;
    return -1;
}

class Archetype {
  public:
    Archetype(const Plan& plan, const CallLayout& layout) : plan_(plan), layout_(layout) {}

    std::optional<FastPlan> find() {
        if (!is_plain() || !count_arguments() || !take_registers() || !take_constants() || !take_axes() || !take_vectors() ||
            !take_arguments() || !take_result())
            return std::nullopt;
        fast_.is_uniform = is_uniform();
        fast_.address = plan_.address;
        fast_.plan = &plan_;
        fast_.has_arrays = !plan_.arrays.empty();
        if (!plan_.results.empty() && plan_.results[0].form == Form::Array) fast_.unset = plan_.arrays[plan_.results[0].index].unset;
        fast_.gil = plan_.gil;
        return fast_;
    }

  private:
    bool is_plain() const {
        return plan_.function && plan_.tests.empty() && plan_.readbacks.empty() && plan_.texts.empty() && plan_.structs.empty() &&
               plan_.blocks.empty() && plan_.shape_groups.empty() && !plan_.uses_errno &&
               std::none_of(plan_.cells.begin(), plan_.cells.end(), [](const Cell& cell) { return cell.from_one; });
    }

    bool take_array(std::uint16_t index) {
        const Array& array = plan_.arrays[index];
        const bool special = array.dtype_rule != DTypeRule::Exact || array.any_shape || array.rows || array.lowest || array.from_one ||
                             array.copied || array.is_optional || array.alias_group != none || !array.identity ||
                             (array.fortran && array.has_steps());
        if (special || fast_.arguments == most_fast_arguments) return false;
        for (const Axis& axis : array.axes)
            if (axis.step == StepRule::Bytes) return false;
        FastArgument& argument = fast_.argument[fast_.arguments++];
        argument.identity = array.identity;
        argument.dtype = array.dtype;
        // Of structs, kind and size say nothing: the fast path knows the very descriptor, the general walk its equivalents.
        if (array.dtype.kind == 'V') argument.dtype.kind = '\0';
        argument.ndim = static_cast<std::uint8_t>(array.axes.size());
        argument.has_steps = array.has_steps();
        if (argument.has_steps && !std::has_single_bit(array.dtype.itemsize)) return false;
        argument.shift = static_cast<std::uint8_t>(std::countr_zero(array.dtype.itemsize));
        if (array.written) fast_.written_argument[fast_.written++] = static_cast<std::uint8_t>(fast_.arguments - 1);
        argument.flags = aligned;
        if (!argument.has_steps) argument.flags |= array.fortran ? f_contiguous : c_contiguous;
        if (array.written) argument.flags |= writeable;
        array_of_argument_.push_back(index);
        return true;
    }

    bool take_number(const Input& input) {
        const Cell& cell = plan_.cells[input.index];
        if (cell.is_symbol || cell.enumeration != none || cell.is_character || fast_.arguments == most_fast_arguments) return false;
        FastArgument& argument = fast_.argument[fast_.arguments];
        if (cell.type == Scalar{ScalarKind::Float, 8})
            argument.form = FastForm::Double;
        else if (cell.type == Scalar{ScalarKind::Float, 4})
            argument.form = FastForm::Float;
        else if (cell.type == Scalar{ScalarKind::Signed, 4})
            argument.form = FastForm::Int32;
        else if (cell.type == Scalar{ScalarKind::Signed, 8})
            argument.form = FastForm::Int64;
        else
            return false;
        fast_.arguments++;
        array_of_argument_.push_back(none);
        cell_of_argument_[fast_.arguments - 1] = input.index;
        return true;
    }

    bool count_arguments() {
        for (const Input& input : plan_.inputs) {
            if (input.is_optional || input.default_value != no_program) return false;
            if (input.form == Form::Array ? !take_array(input.index) : input.form != Form::Number || !take_number(input)) return false;
        }
        fast_.inputs = fast_.arguments;
        if (plan_.results.size() > 1) return false;  // a named tuple
        for (const Result& result : plan_.results) {
            if (result.is_optional) return false;
            if (result.form == Form::Array && !take_array(result.index)) return false;
            if (result.form != Form::Array && result.form != Form::Number) return false;
        }
        return true;
    }

    // What C gets in a register or on the stack has its word there; no value has two.
    bool take_registers() {
        const auto route = find_route(layout_);
        if (!route) return false;
        static_cast<FastRoute&>(fast_) = *route;
        for (std::size_t i = 0; i < plan_.parameters.size(); ++i) {
            const Placement& placement = plan_.parameters[i];
            const ValuePlace& place = layout_.parameters[i];
            auto* words = find_words(placement.source);
            if (!words || place.is_bool) return false;
            if (!words->try_emplace(placement.index, find_place_word(place)).second) return false;
        }
        return true;
    }

    std::map<std::uint16_t, std::uint8_t>* find_words(PlaceSource source) {
        switch (source) {
            case PlaceSource::ArrayData: return &word_of_array_;
            case PlaceSource::CellValue: return &word_of_cell_;
            case PlaceSource::Vector: return &word_of_vector_;
            default: return nullptr;
        }
    }

    // The word of a cell, a new one when C does not get it.
    std::optional<std::uint8_t> find_word(std::uint16_t cell) {
        const auto [known, is_new] = word_of_cell_.try_emplace(cell, next_word_);
        if (is_new && ++next_word_ > most_fast_words) return std::nullopt;
        return known->second;
    }

    bool take_constants() {
        for (std::uint16_t i = 0; i < plan_.cells.size(); ++i) {
            const Program fixed = plan_.cells[i].fixed;
            if (fixed == no_program) continue;
            const Node& node = plan_.programs.nodes[fixed];
            if (is_step(node)) continue;  // take_axes
            const auto word = find_word(i);
            if (!word || !add_constant(node, plan_.cells[i].type, *word)) return false;
        }
        return true;
    }

    bool add_constant(const Node& node, Scalar type, std::uint8_t word) {
        const std::int64_t limit = find_limit(type), least = type.kind == ScalarKind::Signed ? -limit : 0;
        if (node.kind != NodeKind::Integer || node.integer > limit || node.integer < least || fast_.constants == 8) return false;
        fast_.constant[fast_.constants++] = {word, static_cast<std::uint64_t>(node.integer)};
        return true;
    }

    // An extent is one symbol; a literal one is left to the general walk.
    bool take_axes() {
        for (std::size_t i = 0; i < array_of_argument_.size(); ++i) {
            if (array_of_argument_[i] == none) continue;
            const Array& array = plan_.arrays[array_of_argument_[i]];
            if (array.axes.size() > most_fast_arguments) return false;
            FastSpan span;
            span.itemsize = array.dtype.itemsize;
            for (std::size_t axis = 0; axis < array.axes.size(); ++axis) {
                const auto word = take_extent(array.axes[axis], i, axis);
                if (!word) return false;
                span.word[span.axes++] = *word;
            }
            fast_.argument[i].span = add_span(span);
        }
        for (std::size_t i = 0; i < array_of_argument_.size(); ++i) {  // steps after all extents: none of them is an extent too
            if (array_of_argument_[i] == none) continue;
            const Array& array = plan_.arrays[array_of_argument_[i]];
            for (std::size_t axis = 0; axis < array.axes.size(); ++axis)
                if (array.axes[axis].step != StepRule::Contiguous && !take_step(array.axes[axis], i, axis)) return false;
        }
        for (std::uint16_t i = 0; i < plan_.cells.size(); ++i)
            if (plan_.cells[i].fixed != no_program && is_step(plan_.programs.nodes[plan_.cells[i].fixed]) && !take_told_step(i))
                return false;
        return true;
    }

    // stride(a, 0) or byte_stride(a, 0)
    bool is_step(const Node& node) const {
        return node.kind == NodeKind::Function && (node.function == Function::Stride || node.function == Function::ByteStride) &&
               plan_.programs.nodes[node.operands[1]].kind == NodeKind::Integer;
    }

    // `a0 = stride(a, 0)` of an axis with a blank step.
    bool take_told_step(std::uint16_t cell) {
        const Node& node = plan_.programs.nodes[plan_.cells[cell].fixed];
        const auto word = find_word(cell);
        return word && tell_step(plan_.programs.nodes[node.operands[0]].index, plan_.programs.nodes[node.operands[1]].integer,
                                 plan_.cells[cell].type, *word, node.function == Function::ByteStride);
    }

    // The step of an axis with a blank one goes into a word that C reads as this type.
    bool tell_step(std::uint16_t array, std::int64_t axis, Scalar type, std::uint8_t word, bool in_bytes) {
        const auto argument = std::find(array_of_argument_.begin(), array_of_argument_.end(), array);
        const bool exists =
            argument != array_of_argument_.end() && axis >= 0 && static_cast<std::size_t>(axis) < plan_.arrays[array].axes.size();
        if (!exists || plan_.arrays[array].axes[static_cast<std::size_t>(axis)].step != StepRule::Any) return false;
        if (type.kind != ScalarKind::Signed || fast_.steps == 16) return false;
        fast_.step_limit[fast_.steps] = find_limit(type);
        fast_.step[fast_.steps++] = {static_cast<std::uint8_t>(argument - array_of_argument_.begin()), static_cast<std::uint8_t>(axis),
                                     word, in_bytes, true};
        return true;
    }

    // `dims = shape(a)`, `n = [m, k]`, `steps = byte_strides(a)`: the items lie in words of their own, side by side.
    bool take_vectors() {
        for (const auto& [index, word] : word_of_vector_) {
            const Vector& vector = plan_.vectors[index];
            const std::int64_t limit = find_limit(vector.type);
            const bool is_narrow = vector.type.size == 4;
            if (limit < 0 || (!is_narrow && vector.type.size != 8) || vector.list == no_program || fast_.vectors == most_fast_vectors)
                return false;
            FastVector& entry = fast_.vector[fast_.vectors++] = {word, next_word_, 0, is_narrow, limit};
            if (!take_items(plan_.programs.nodes[vector.list], vector.type, entry)) return false;
        }
        return true;
    }

    bool take_items(const Node& list, Scalar type, FastVector& entry) {
        if (list.kind == NodeKind::List)
            return std::all_of(list.operands.begin(), list.operands.end(), [&](Program item) { return add_item(entry, item, type); });
        if (list.kind != NodeKind::Function || (list.function != Function::Shape && list.function != Function::ByteStrides)) return false;
        const std::uint16_t array = plan_.programs.nodes[list.operands[0]].index;
        const std::vector<Axis>& axes = plan_.arrays[array].axes;
        if (list.function == Function::Shape)
            return std::all_of(axes.begin(), axes.end(), [&](const Axis& axis) { return add_item(entry, axis.extent, type); });
        for (std::size_t axis = 0; axis < axes.size(); ++axis) {
            const auto word = add_word(entry);
            if (!word || !tell_step(array, static_cast<std::int64_t>(axis), type, *word, true)) return false;
        }
        return true;
    }

    // A symbol that an array tells, or a constant.
    bool add_item(FastVector& entry, Program program, Scalar type) {
        const auto word = add_word(entry);
        if (!word) return false;
        const auto cell = find_symbol(program);
        if (!cell) return add_constant(plan_.programs.nodes[program], type, *word);
        if (!bound_.contains(*cell) || fast_.copies == 16) return false;
        fast_.copy[fast_.copies++] = {*word, word_of_cell_.at(*cell)};
        return true;
    }

    std::optional<std::uint8_t> add_word(FastVector& entry) {
        if (next_word_ == most_fast_words) return std::nullopt;
        ++entry.count;
        return next_word_++;
    }

    // All arguments are contiguous arrays of one shape, and the symbols are the axes of the first.
    bool is_uniform() const {
        bool uniform = fast_.inputs > 0 && fast_.vectors == 0 && fast_.spans == 1 && fast_.definitions == fast_.argument[0].ndim;
        for (int i = 0; i < fast_.arguments; ++i)
            uniform = uniform && fast_.argument[i].form == FastForm::Array && !fast_.argument[i].has_steps;
        for (int i = 0; i < fast_.definitions; ++i) uniform = uniform && fast_.definition[i].argument == 0 && fast_.definition[i].axis == i;
        return uniform;
    }

    std::uint8_t add_span(const FastSpan& span) {
        for (std::uint8_t i = 0; i < fast_.spans; ++i) {
            const FastSpan& known = fast_.span[i];
            if (known.itemsize == span.itemsize && known.axes == span.axes && std::equal(span.word, span.word + span.axes, known.word))
                return i;
        }
        fast_.span[fast_.spans] = span;
        return fast_.spans++;
    }

    // The cell that an extent or step is, when it is nothing else.
    std::optional<std::uint16_t> find_symbol(Program program) const {
        const Node& node = plan_.programs.nodes[program];
        const bool fits = node.kind == NodeKind::Cell && plan_.cells[node.index].is_symbol && plan_.cells[node.index].fixed == no_program;
        return fits && find_limit(plan_.cells[node.index].type) >= 0 ? std::optional(node.index) : std::nullopt;
    }

    std::optional<std::uint8_t> take_extent(const Axis& axis, std::size_t argument, std::size_t number) {
        const auto cell = find_symbol(axis.extent);
        if (!cell) return std::nullopt;
        const auto word = find_word(*cell);
        if (!word) return std::nullopt;
        const FastAxis entry{static_cast<std::uint8_t>(argument), static_cast<std::uint8_t>(number), *word};
        if (!bound_.insert(*cell).second) {
            if (fast_.comparisons == most_fast_axes) return std::nullopt;
            fast_.comparison[fast_.comparisons++] = entry;
            return word;
        }
        if (argument >= fast_.inputs || fast_.definitions == 16) return std::nullopt;  // what only a result has is no extent of an input
        fast_.limit[fast_.definitions] = find_limit(plan_.cells[*cell].type);
        fast_.definition[fast_.definitions++] = entry;
        return word;
    }

    // A step shared by two arrays is compared: the general walk does that.
    bool take_step(const Axis& axis, std::size_t argument, std::size_t number) {
        if (fast_.steps == 16) return false;
        FastStep entry{static_cast<std::uint8_t>(argument), static_cast<std::uint8_t>(number), 0xff, false, true};
        if (axis.step == StepRule::Any) {
            fast_.step[fast_.steps++] = entry;
            return true;
        }
        const auto cell = find_symbol(axis.step_value);
        if (!cell || !bound_.insert(*cell).second) return false;
        const auto word = find_word(*cell);
        if (!word) return false;
        fast_.step_limit[fast_.steps] = find_limit(plan_.cells[*cell].type);
        entry.word = *word;
        entry.may_be_negative = false;
        fast_.step[fast_.steps++] = entry;
        return true;
    }

    bool take_arguments() {
        for (std::size_t i = 0; i < array_of_argument_.size(); ++i) {
            const bool is_array = array_of_argument_[i] != none;
            const auto& words = is_array ? word_of_array_ : word_of_cell_;
            const auto known = words.find(is_array ? array_of_argument_[i] : cell_of_argument_[i]);
            if (known == words.end()) return false;
            fast_.argument[i].word = known->second;
        }
        return true;
    }

    bool take_result() {
        std::size_t numbers = 0;
        for (const Result& result : plan_.results) numbers += result.form == Form::Number;
        if (numbers == 0) return true;
        if (numbers != 1 || plan_.results.size() != 1 || plan_.results[0].index != plan_.return_index) return false;
        const Cell& cell = plan_.cells[plan_.return_index];
        if (cell.is_character || (cell.type.kind == ScalarKind::Float && cell.type.size != 8 && cell.type.size != 4) ||
            cell.type.kind == ScalarKind::Complex)
            return false;
        fast_.returns_number = true;
        fast_.result_type = cell.type;
        return true;
    }

    const Plan& plan_;
    const CallLayout& layout_;
    FastPlan fast_;
    std::vector<std::uint16_t> array_of_argument_;
    std::map<std::size_t, std::uint16_t> cell_of_argument_;
    std::map<std::uint16_t, std::uint8_t> word_of_cell_, word_of_array_, word_of_vector_;
    std::set<std::uint16_t> bound_;  // cells that an extent or step defines
    std::uint8_t next_word_ = first_other_word;
};

}  // namespace

std::optional<FastPlan> find_archetype(const Plan& plan, const CallLayout& layout) { return Archetype(plan, layout).find(); }

}  // namespace ndcall
