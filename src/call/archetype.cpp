// Which plans the fast path can make: decided once, at binding.
#include <climits>
#include <map>

#include "call/fast.hpp"

namespace ndcall {

namespace {

// Words that a register can take from the table: integers of 4 and 8 bytes and pointers as they are, doubles and floats in the low bits.
std::int64_t find_limit(const Cell& cell) {
    if (cell.type.kind == ScalarKind::Signed) return cell.type.size == 8 ? INT64_MAX : (std::int64_t{1} << (8 * cell.type.size - 1)) - 1;
    if (cell.type.kind == ScalarKind::Unsigned) return cell.type.size == 8 ? INT64_MAX : (std::int64_t{1} << (8 * cell.type.size)) - 1;
    return -1;
}

class Archetype {
  public:
    Archetype(const Plan& plan, const CallLayout& layout) : plan_(plan), layout_(layout) {}

    std::optional<FastPlan> find() {
        if (!layout_.direct || !is_plain() || !count_arguments() || !take_constants() || !take_axes() || !take_values() || !take_registers() || !take_result())
            return std::nullopt;
        fast_.address = plan_.address;
        fast_.gil = plan_.gil;
        return fast_;
    }

  private:
    bool is_plain() const {
        return plan_.function && plan_.tests.empty() && plan_.readbacks.empty() && plan_.texts.empty() && plan_.structs.empty() && plan_.vectors.empty() &&
               plan_.blocks.empty() && plan_.shape_groups.empty() && !plan_.uses_errno;
    }

    bool take_array(std::uint16_t index) {
        const Array& array = plan_.arrays[index];
        const bool special = array.dtype_rule != DTypeRule::Exact || array.any_shape || array.rows || array.lowest || array.from_one || array.copied ||
                             array.is_optional || array.alias_group != none || !array.identity || (array.fortran && array.has_steps());
        if (special || fast_.arguments == most_fast_arguments) return false;
        for (const Axis& axis : array.axes)
            if (axis.step == StepRule::Any || axis.step == StepRule::Bytes) return false;
        FastArgument& argument = fast_.argument[fast_.arguments++];
        argument.identity = array.identity;
        argument.dtype = array.dtype;
        argument.ndim = static_cast<std::uint8_t>(array.axes.size());
        argument.written = array.written;
        argument.has_steps = array.has_steps();
        argument.flags = aligned;
        if (!argument.has_steps) argument.flags |= array.fortran ? f_contiguous : c_contiguous;
        if (array.written) argument.flags |= writeable;
        fast_.written = static_cast<std::uint8_t>(fast_.written + array.written);
        array_of_argument_.push_back(index);
        return true;
    }

    bool take_number(const Input& input) {
        const Cell& cell = plan_.cells[input.index];
        if (cell.is_symbol || cell.enumeration != none || cell.is_character || fast_.arguments == most_fast_arguments) return false;
        FastArgument& argument = fast_.argument[fast_.arguments];
        if (cell.type == Scalar{ScalarKind::Float, 8}) argument.form = FastForm::Double;
        else if (cell.type == Scalar{ScalarKind::Float, 4}) argument.form = FastForm::Float;
        else if (cell.type == Scalar{ScalarKind::Signed, 4}) argument.form = FastForm::Int32;
        else if (cell.type == Scalar{ScalarKind::Signed, 8}) argument.form = FastForm::Int64;
        else return false;
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
        return fast_.arguments > 0;
    }

    std::uint8_t add_value() { return fast_.values++; }

    bool take_constants() {
        for (std::uint16_t i = 0; i < plan_.cells.size(); ++i) {
            const Program fixed = plan_.cells[i].fixed;
            if (fixed == no_program) continue;
            const Node& node = plan_.programs.nodes[fixed];
            const bool fits = node.kind == NodeKind::Integer && find_limit(plan_.cells[i]) >= node.integer && node.integer >= (plan_.cells[i].type.kind == ScalarKind::Signed ? -find_limit(plan_.cells[i]) : 0);
            if (!fits || fast_.constants == 8) return false;
            value_of_cell_[i] = add_value();
            fast_.constant[fast_.constants++] = static_cast<std::uint64_t>(node.integer);
        }
        return true;
    }

    // An extent is one symbol; a literal one is left to the general walk.
    bool take_axes() {
        for (int pass = 0; pass < 2; ++pass) {  // extents first: their values stand together
            for (std::size_t i = 0; i < array_of_argument_.size(); ++i) {
                if (array_of_argument_[i] == none) continue;
                const Array& array = plan_.arrays[array_of_argument_[i]];
                if (pass == 0) fast_.argument[i].first_axis = static_cast<std::uint8_t>(fast_.axes_count);
                for (std::size_t axis = 0; axis < array.axes.size(); ++axis)
                    if (!take_axis(array.axes[axis], i, axis, pass)) return false;
                if (pass == 0) fast_.axes_count = static_cast<std::uint16_t>(fast_.axes_count + array.axes.size());
            }
        }
        return true;
    }

    bool take_axis(const Axis& axis, std::size_t argument, std::size_t number, int pass) {
        const std::size_t at = fast_.argument[argument].first_axis + number;
        if (at >= most_fast_axes) return false;
        const Program program = pass == 0 ? axis.extent : axis.step_value;
        if (pass == 1 && axis.step != StepRule::Elements) return true;
        const Node& node = plan_.programs.nodes[program];
        if (node.kind != NodeKind::Cell || !plan_.cells[node.index].is_symbol || plan_.cells[node.index].fixed != no_program) return false;
        const auto [known, is_new] = value_of_cell_.try_emplace(node.index, std::uint8_t{0});
        if (is_new) {
            const std::int64_t limit = find_limit(plan_.cells[node.index]);
            if (limit < 0 || fast_.extents == 16) return false;
            known->second = add_value();
            fast_.limit[fast_.extents++] = limit;
        }
        if (pass == 1) {
            if (!is_new) return false;  // a step shared by two arrays is compared: the general walk does that
            fast_.axes[at].step = known->second;
            return true;
        }
        fast_.axes[at].symbol = known->second;
        fast_.axes[at].defines = is_new;
        return is_new ? argument < fast_.inputs : true;  // a symbol that only a result has is an argument, and those are numbers
    }

    bool take_values() {
        for (std::size_t i = 0; i < array_of_argument_.size(); ++i) {
            fast_.argument[i].value = add_value();
            if (array_of_argument_[i] != none) value_of_array_[array_of_argument_[i]] = fast_.argument[i].value;
            else value_of_cell_[cell_of_argument_[i]] = fast_.argument[i].value;
        }
        return fast_.values <= most_fast_values;
    }

    bool find_value(const Placement& placement, std::uint8_t& value) const {
        const auto& known = placement.source == PlaceSource::ArrayData ? value_of_array_ : value_of_cell_;
        if (placement.source != PlaceSource::ArrayData && placement.source != PlaceSource::CellValue) return false;
        const auto found = known.find(placement.index);
        if (found == known.end()) return false;
        value = found->second;
        return true;
    }

    bool take_registers() {
        if (layout_.stack_words > 16) return false;
        for (std::size_t i = 0; i < plan_.parameters.size(); ++i) {
            std::uint8_t value = 0;
            if (!find_value(plan_.parameters[i], value)) return false;
            const ValuePlace& place = layout_.parameters[i];
            if (place.is_bool) return false;
            if (place.on_stack) fast_.stack_source[place.index] = value;
            else if (place.cls == AbiClass::Integer) fast_.integer_source[place.index] = value;
            else fast_.float_source[place.index] = value;
        }
        fast_.integers = static_cast<std::uint8_t>(layout_.integers);
        fast_.floats = static_cast<std::uint8_t>(layout_.floats);
        fast_.stack_words = static_cast<std::uint8_t>(layout_.stack_words);
        return true;
    }

    bool take_result() {
        fast_.result = layout_.result;
        std::size_t numbers = 0;
        for (const Result& result : plan_.results) numbers += result.form == Form::Number;
        if (numbers == 0) return true;
        if (numbers != 1 || plan_.results.size() != 1 || plan_.results[0].index != plan_.return_index) return false;
        const Cell& cell = plan_.cells[plan_.return_index];
        if (cell.is_character || (cell.type.kind == ScalarKind::Float && cell.type.size != 8 && cell.type.size != 4) || cell.type.kind == ScalarKind::Complex) return false;
        fast_.returns_number = true;
        fast_.result_type = cell.type;
        return true;
    }

    const Plan& plan_;
    const CallLayout& layout_;
    FastPlan fast_;
    std::vector<std::uint16_t> array_of_argument_;
    std::map<std::size_t, std::uint16_t> cell_of_argument_;
    std::map<std::uint16_t, std::uint8_t> value_of_cell_, value_of_array_;
};

}  // namespace

std::optional<FastPlan> find_archetype(const Plan& plan, const CallLayout& layout) { return Archetype(plan, layout).find(); }

}  // namespace ndcall
