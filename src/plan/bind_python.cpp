// Arguments and results in Python's order; what is hidden because something else determines it.
#include <algorithm>

#include "plan/binder.hpp"
#include "plan/wording.hpp"
#include "text/nearest.hpp"

namespace ndcall::detail {

namespace {

bool is_unnamed(const std::string& name) {
    return name.size() > 3 && name.compare(0, 3, "arg") == 0 &&
           std::all_of(name.begin() + 3, name.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

// The symbols that the arrays which are always given determine, in any order in which they can be solved.
std::set<std::uint16_t> Binder::find_determined() {
    std::set<std::uint16_t> asked, determined;
    for (const Slot& slot : slots_)
        if (slot.role == Role::Cell && slot.left) asked.insert(slot.index);
    for (const auto& [name, cell] : symbols_)
        if (new_names_.count(name)) asked.insert(cell);
    const auto is_open = [&](std::uint16_t cell) {
        return plan_->cells[cell].is_symbol && plan_->cells[cell].fixed == no_program && !asked.count(cell) && !determined.count(cell);
    };
    const auto settle = [&](bool optional, bool branches) {
        for (bool progress = true; progress;) {
            progress = false;
            for (const Equation& equation : plan_->equations) {
                const Array& array = plan_->arrays[equation.array];
                const bool is_known_later = array.is_result && equation.quantity != Quantity::Extent;  // the step of what we allocate
                if ((!array.is_input || (array.is_optional && !optional)) && !is_known_later) continue;
                for (const Solvable& solvable : find_solvable(plan_->programs, equation.value, is_open)) {
                    if (!solvable.always && !branches) continue;
                    progress |= determined.insert(solvable.cell).second;
                    if (array.is_optional || !solvable.always) plan_->cells[solvable.cell].zero_when_unbound = true;
                }
            }
        }
    };
    // What is surely known first: only what is left is 0 where its array is absent or the other branch is taken.
    settle(false, false);
    settle(false, true);
    settle(true, true);
    return determined;
}

// A symbol that nothing determines is an argument; one that C does not have must be asked for by name, or it is a slip of the pen.
void Binder::decide_symbols() {
    const std::set<std::uint16_t> determined = find_determined();
    for (const auto& [name, at] : new_names_)
        if (!symbols_.count(name)) {
            const std::string owner = function_ ? function_->name : "struct " + record_->tag;
            fail_at(at, "'" + name + "' is not a parameter of " + owner + ", and no extent or expression uses it" +
                            suggest_nearest(name, list_slot_names()));
        }
    for (const auto& [name, cell] : symbols_) {
        if (determined.count(cell) || new_names_.count(name) || plan_->cells[cell].fixed != no_program) continue;
        const std::string text = "nothing tells what '" + name +
                                 "' is: no input has it as an extent; when the caller gives it, write it left of '->'" +
                                 suggest_nearest(name, list_slot_names());
        contract_->results.empty() ? fail(text) : fail_at(contract_->results.front().at, text);
    }
    for (Slot& slot : slots_) {
        if (slot.role != Role::Cell) continue;
        const Cell& cell = plan_->cells[slot.index];
        const bool is_told = slot.left || (!slot.right && !cell.is_written_by_c);
        const bool asks = is_told && (slot.left || !determined.count(slot.index));
        slot.is_input = cell.fixed == no_program && (asks || (cell.is_symbol && !determined.count(slot.index) && !slot.right));
        if (slot.is_input || cell.is_symbol) plan_->cells[slot.index].is_written_by_c = slot.right != nullptr;
    }
}

bool Binder::is_visible(const Slot& slot) const {
    switch (slot.role) {
        case Role::Cell: return slot.is_input;
        case Role::Array: return plan_->arrays[slot.index].is_input;
        case Role::Text: return plan_->texts[slot.index].fixed == no_program;
        case Role::Struct: return plan_->structs[slot.index].read;
        default: return false;
    }
}

Input Binder::make_input(const Slot& slot) const {
    static constexpr Form forms[] = {Form::Number, Form::Number, Form::Array, Form::Text, Form::Struct};  // in the order of Role
    Input input;
    input.name = make_python_name(slot.name);
    input.position_only = is_unnamed(slot.name) && slot.block == none;
    input.form = forms[static_cast<std::size_t>(slot.role)];
    input.index = slot.index;
    input.is_optional = is_optional_input(slot);
    return input;
}

void Binder::add_default(Input& input, const Item& item, const Slot& slot) {
    const Expression& value = *item.default_value;
    const std::uint16_t enumeration = input.form == Form::Number ? plan_->cells[input.index].enumeration : none;
    if (value.op == Op::Text && enumeration != none) {
        const Enumeration& names = plan_->enumerations[enumeration];
        const auto known = std::find(names.names.begin(), names.names.end(), value.text);
        if (known == names.names.end())
            fail_at(value.at, "'" + value.text + "' is no member of " + names.name + suggest_nearest(value.text, names.names));
        Node node;
        node.integer = names.values[static_cast<std::size_t>(known - names.names.begin())];
        input.default_value = add_node(std::move(node));
        plan_->programs.texts[input.default_value] = value.text;
        return;
    }
    if (input.form != Form::Number && input.form != Form::Text)
        fail_at(item.at, "'" + slot.name + "' is no number: write '?' when it may be missing");
    if (value.op == Op::Text && input.form != Form::Text)
        fail_at(value.at, "'" + slot.name + "' is " + print_c(*slot.type) + ": a text cannot be its default");
    if (input.form == Form::Text && value.op != Op::Text && value.op != Op::Null)
        fail_at(value.at, "'" + slot.name + "' is " + print_c(*slot.type) + ": its default is a text in quotes, or NULL");
    input.default_value = compile(value, "", false);
}

// Where C has it: by parameter, and members where their struct stands.
std::size_t Binder::find_c_position(const Slot& slot) const {
    static constexpr std::size_t members = 4096;  // more than a struct of a contract has
    const auto i = static_cast<std::size_t>(&slot - slots_.data());
    if (slot.block == none || !function_) return i * members;
    for (std::size_t base = 0; base < slots_.size(); ++base)
        if (slots_[base].role == Role::Block && slots_[base].index == slot.block) return base * members + 1 + (i % (members - 1));
    return i * members;
}

bool Binder::keeps_c_order() {
    std::vector<std::size_t> written;
    for (const Item& item : contract_->parameters)
        if (const Slot* slot = find_slot(item.name)) written.push_back(find_c_position(*slot));
    return std::is_sorted(written.begin(), written.end());
}

std::vector<Binder::OrderedInput> Binder::list_visible_inputs() {
    std::vector<OrderedInput> inputs;
    for (const Slot& slot : slots_) {
        if (!is_visible(slot)) continue;
        OrderedInput entry{make_input(slot), slot.name, slot.left, find_c_position(slot)};
        if (record_ && entry.input.form == Form::Number && !slot.left) {  // members that nobody sets are zero
            entry.input.default_value = add_node(Node{});
            plan_->programs.texts[entry.input.default_value] = "0";
        }
        inputs.push_back(std::move(entry));
    }
    return inputs;
}

// The left side's own order. It can be told only when every argument stands there.
void Binder::take_written_order(std::vector<OrderedInput>& inputs) const {
    for (OrderedInput& entry : inputs) {
        if (!entry.item && function_)
            fail_at(contract_->parameters.front().at,
                    "the left side changes C's order, so it must list every argument; '" + entry.name + "' is missing");
        if (entry.item) entry.order = static_cast<std::size_t>(entry.item - contract_->parameters.data());
    }
}

// A name that C does not have stands behind the item written before it.
void Binder::add_new_inputs(std::vector<OrderedInput>& inputs, bool keeps_order) {
    std::size_t before = 0;
    for (const Item& item : contract_->parameters) {
        const Slot* slot = find_slot(item.name);
        if (slot) before = keeps_order ? find_c_position(*slot) : static_cast<std::size_t>(&item - contract_->parameters.data());
        const auto symbol = symbols_.find(item.name);
        if (slot || symbol == symbols_.end()) continue;
        Input input;
        input.name = make_python_name(item.name);
        input.index = symbol->second;
        inputs.push_back({std::move(input), item.name, &item, before});
    }
}

void Binder::order_inputs() {
    const bool keeps_order = keeps_c_order();
    std::vector<OrderedInput> inputs = list_visible_inputs();
    if (!keeps_order) take_written_order(inputs);
    add_new_inputs(inputs, keeps_order);
    std::stable_sort(inputs.begin(), inputs.end(), [](const OrderedInput& a, const OrderedInput& b) { return a.order < b.order; });
    for (OrderedInput& entry : inputs) {
        if (!entry.item || !entry.item->default_value) continue;
        const Slot* slot = find_slot(entry.item->name);
        add_default(entry.input, *entry.item, slot ? *slot : Slot{});
    }
    std::stable_partition(inputs.begin(), inputs.end(),
                          [](const OrderedInput& entry) { return !entry.input.is_optional && entry.input.default_value == no_program; });
    for (OrderedInput& entry : inputs) {
        for (const Input& other : plan_->inputs)
            if (other.name == entry.input.name) entry.input.name += "_";
        plan_->inputs.push_back(std::move(entry.input));
    }
}

void Binder::order_results() {
    const auto add = [&](const std::string& name, Form form, std::uint16_t index, const Item* item) {
        Result result;
        result.name = make_python_name(name);
        result.form = form;
        result.index = index;
        result.is_optional = item && item->is_optional && name != "return";
        result.may_be_null = item && item->is_optional;
        plan_->results.push_back(std::move(result));
    };
    const auto add_return = [&](const std::string& name, const Item* item) {
        if (const auto cell = return_cells_.find(name); cell != return_cells_.end()) return add(name, Form::Number, cell->second, item);
        if (name == "return" && plan_->return_form == ReturnForm::Text) return add(name, Form::Text, plan_->return_index, item);
        if (name == "return" && plan_->return_form == ReturnForm::Struct) return add(name, Form::Struct, plan_->return_index, item);
        fail_at(item ? item->at : Span{}, "'" + name + "' is no member of what " + function_->name + " returns");
    };
    for (const Item& item : contract_->results) {
        if (returned_.count(item.name)) {
            add_return(item.name, &item);
            continue;
        }
        const Slot& slot = *find_slot(item.name);
        switch (slot.role) {
            case Role::Cell: add(item.name, Form::Number, slot.index, &item); break;
            case Role::Array: add(item.name, Form::Array, slot.index, &item); break;
            case Role::Struct: add(item.name, Form::Struct, slot.index, &item); break;
            default: fail_at(item.at, "'" + item.name + "' (" + print_c(*slot.type, slot.name) + ") cannot be a result");
        }
    }
    const bool returns_alone = !contract_->has_arrow && !return_tested_ && !return_ignored_ && plan_->return_form != ReturnForm::Nothing;
    const bool is_pointer = plan_->return_form == ReturnForm::Cell && plan_->cells[plan_->return_index].type.kind == ScalarKind::Pointer;
    if (returns_alone && !is_pointer) add_return("return", nullptr);
}

Placement Binder::make_placement(const Slot& slot) const {
    Placement placement;
    placement.index = slot.index;
    switch (slot.role) {
        case Role::Cell:
            placement.source = slot.by_address ? PlaceSource::CellAddress : PlaceSource::CellValue;
            placement.null_when_absent =
                slot.by_address && ((slot.left && slot.left->is_optional) || (slot.right && slot.right->is_optional));
            break;
        case Role::Array: placement.source = plan_->arrays[slot.index].rows ? PlaceSource::ArrayRows : PlaceSource::ArrayData; break;
        case Role::Text: placement.source = PlaceSource::Text; break;
        case Role::Struct: placement.source = slot.by_address ? PlaceSource::StructAddress : PlaceSource::StructValue; break;
        case Role::Vector: placement.source = PlaceSource::Vector; break;
        case Role::Block: placement.source = slot.by_address ? PlaceSource::BlockAddress : PlaceSource::BlockValue; break;
        case Role::Null:
        case Role::Unbound: break;
    }
    return placement;
}

namespace {

// What the line of a struct lets be NULL in every object: `x?`, `x = NULL` as an argument's default, and after a ';'.
bool may_be_null(const Slot& slot) {
    if (slot.role == Role::Null) return true;
    return slot.left && (slot.left->is_optional || (slot.left->default_value && slot.left->default_value->op == Op::Null));
}

}  // namespace

void Binder::place_slots() {
    for (const Slot& slot : slots_) {
        if (slot.block == none) {
            plan_->parameters.push_back(make_placement(slot));
            continue;
        }
        if (may_be_null(slot)) plan_->blocks[slot.block].nullable.push_back(slot.offset);
        if (slot.role == Role::Unbound || slot.role == Role::Null) continue;  // zero
        plan_->blocks[slot.block].members.push_back({slot.offset, make_placement(slot)});
        const bool reads_back = slot.role == Role::Cell && !slot.by_address && slot.right;
        if (reads_back) plan_->readbacks.push_back({Readback::From::Block, slot.block, slot.offset, slot.index});
    }
}

}  // namespace ndcall::detail
