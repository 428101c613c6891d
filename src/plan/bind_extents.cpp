// Extents and steps: axes of arrays, and the equations that bind symbols.
#include "plan/binder.hpp"

namespace ndcall::detail {

namespace {

// The arrays in a declared type, outermost first: [n][m] of double a[n][m]; [] and [3] of double (*a)[3].
std::vector<std::string> list_declared_extents(const Type& type) {
    std::vector<std::string> extents;
    const Type* level = &type;
    if (level->kind == Kind::Pointer) {
        extents.emplace_back();
        level = level->target;
    }
    for (; level->kind == Kind::Array; level = level->target) extents.push_back(level->extent == "*" ? "" : level->extent);
    return extents;
}

// fftw_complex is double[2]: behind a dtype of complex numbers C's last extent is the pair of real and imaginary part.
void drop_pairs(std::vector<std::string>& declared, const Array& array) {
    if (array.dtype.kind == 'c' && declared.size() > 1 && declared.back() == "2") declared.pop_back();
}

StepRule get_step_rule(Extent::Step form) {
    switch (form) {
        case Extent::Step::Blank: return StepRule::Any;
        case Extent::Step::Elements: return StepRule::Elements;
        case Extent::Step::Bytes: return StepRule::Bytes;
        default: return StepRule::Contiguous;
    }
}

std::string get_context(const std::string& slot_name) {
    const std::size_t dot = slot_name.find('.');
    return dot == std::string::npos ? "" : slot_name.substr(0, dot + 1);
}

}  // namespace

void Binder::bind_extents() {
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        if (slots_[i].role != Role::Array) continue;
        const Slot slot = slots_[i];  // a copy: an expression may bind further slots
        const Item* item = find_item_with_extents(slot);
        if (item) {
            bind_axes(slot, *item);
            if (slot.left && slot.right && slot.left->has_extents && slot.right->has_extents) {
                const std::size_t count = plan_->arrays[slot.index].axes.size();
                if (slot.right->extents.size() != count)
                    fail_at(slot.right->at, "'" + slot.name + "' has " + std::to_string(count) + " extents left of '->'");
            }
        } else {
            bind_declared_axes(slot);
        }
        const Item* typed = find_item_with_type(slot);
        if (typed && typed->type->form == ContractType::Form::Like) {
            const Slot* like = find_slot(typed->type->name);
            if (!like || like->role != Role::Array || like->index == slot.index)
                fail_at(typed->type->at, "like(" + typed->type->name + "): there is no such array");
            plan_->arrays[slot.index].like = like->index;
        }
    }
    // Inputs first: what they bind is known when results are sized. A step of a result is known once it is allocated.
    for (std::uint16_t i = 0; i < plan_->arrays.size(); ++i)
        if (plan_->arrays[i].is_input) add_equations(i);
    for (std::uint16_t i = 0; i < plan_->arrays.size(); ++i)
        if (!plan_->arrays[i].is_input) add_equations(i);
}

void Binder::bind_axes(const Slot& slot, const Item& item) {
    const std::uint16_t index = slot.index;
    if (item.extents.size() == 1 && item.extents[0].form == Extent::Form::AnyShape) {
        const Extent& extent = item.extents[0];
        if (extent.step_form != Extent::Step::None) fail_at(extent.at, "'[*]' takes no step: its array is contiguous");
        plan_->arrays[index].any_shape = true;
        if (!extent.shape_name.empty())
            bind_shape_name(index, extent.shape_name, extent.at);
        else if (slot.right && !slot.left)
            fail_at(extent.at, "a result needs a shape: '[*name]' shares the shape of an input");
        return;
    }
    std::vector<std::string> declared = list_declared_extents(*slot.type);
    drop_pairs(declared, plan_->arrays[index]);
    const bool fixed_ndim = slot.type->kind == Kind::Array || (slot.type->kind == Kind::Pointer && slot.type->target->kind == Kind::Array);
    if (fixed_ndim && declared.size() > 1 && declared.size() != item.extents.size())
        fail_at(item.at, "'" + slot.name + "' has " + std::to_string(item.extents.size()) +
                             (item.extents.size() == 1 ? " extent here, " : " extents here, ") + std::to_string(declared.size()) +
                             " in C: " + print_c(*slot.type, slot.name));
    const std::string context = get_context(slot.name);
    for (const Extent& extent : item.extents) {
        if (extent.form == Extent::Form::AnyShape) fail_at(extent.at, "'*' stands alone: [*] is any shape");
        Axis axis;
        axis.extent = compile(extent.value, context, true);
        if (plan_->programs.nodes[axis.extent].kind == NodeKind::ArrayElements)
            fail_at(extent.at,
                    "an array as an extent (ragged rows) is understood, but not bound yet: this version of ndcall cannot call it");
        axis.step = get_step_rule(extent.step_form);
        if (extent.step) axis.step_value = compile(*extent.step, context, true);
        plan_->arrays[index].axes.push_back(axis);
    }
    if (plan_->arrays[index].rows)
        for (const Axis& axis : plan_->arrays[index].axes)
            if (axis.step != StepRule::Contiguous) fail_at(item.at, "'rows' takes no steps: each row has its own pointer");
}

void Binder::bind_declared_axes(const Slot& slot) {
    if (slot.left && slot.left->words.inout && slot.type->kind == Kind::Pointer && slot.type->target->kind != Kind::Array)
        return;  // one value: 0-d
    for (const std::string& extent : list_declared_extents(*slot.type)) {
        if (extent.empty())
            fail("C leaves the first extent of '" + slot.name + "' open: " + print_c(*slot.type, slot.name) +
                 "; write all extents in a contract");
        Axis axis;
        axis.extent = compile_c_extent(extent, get_context(slot.name));
        plan_->arrays[slot.index].axes.push_back(axis);
    }
}

// The n of `[*n]`: C's shape vector, or only a word for "the same shape".
void Binder::bind_shape_name(std::uint16_t array, const std::string& name, Span at) {
    const auto [known, is_new] = shape_groups_.try_emplace(name, static_cast<std::uint16_t>(plan_->shape_groups.size()));
    plan_->arrays[array].shape_group = known->second;
    if (!is_new) return;
    plan_->shape_groups.push_back({name});
    Slot* slot = find_slot(name);
    if (!slot) return;
    if (slot->role != Role::Unbound)
        fail_at(at, "'" + name + "' is " + print_c(*slot->type) + ": the n of [*n] is C's vector of extents, or a new name");
    slot->role = Role::Vector;
    slot->index = add_vector(*slot, no_program, known->second);
}

void Binder::add_equations(std::uint16_t index) {
    const Array& array = plan_->arrays[index];
    for (std::size_t axis = 0; axis < array.axes.size(); ++axis) {
        const auto at = static_cast<std::uint8_t>(axis);
        plan_->equations.push_back({array.axes[axis].extent, index, at, Quantity::Extent});
        if (array.axes[axis].step_value == no_program) continue;
        plan_->equations.push_back({array.axes[axis].step_value, index, at,
                                    array.axes[axis].step == StepRule::Bytes ? Quantity::StepBytes : Quantity::StepElements});
    }
}

}  // namespace ndcall::detail
