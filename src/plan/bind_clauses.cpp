// What stands after the first ';', and what C returns.
#include <algorithm>

#include "plan/binder.hpp"

namespace ndcall::detail {

namespace {

std::string list_names(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "'" : ", '") + name + "'";
    return text;
}

}  // namespace

void Binder::bind_clauses() {
    for (const Clause& clause : contract_->clauses) {
        if (clause.kind != ClauseKind::Set) continue;
        const Setting& setting = clause.settings.at(0);
        Slot* slot = find_slot(setting.name);
        if (slot && slot->role == Role::Null) continue;
        const std::size_t dot = setting.name.find('.');
        const std::string context = dot == std::string::npos ? "" : setting.name.substr(0, dot + 1);
        if (slot && (slot->role == Role::Struct || slot->role == Role::Array))
            fail_at(setting.at, "'" + setting.name + "' has no fixed value: it is " + print_c(*slot->type));
        const std::uint16_t index = slot ? slot->index : none;
        const Role role = slot ? slot->role : Role::Unbound;
        const Program value = compile(setting.value, context, false);
        if (role == Role::Vector)
            plan_->vectors[index].list = value;
        else if (role == Role::Text)
            plan_->texts[index].fixed = value;
        else if (role == Role::Cell)
            plan_->cells[index].fixed = value;
        else {
            const auto [symbol, is_new] = symbols_.try_emplace(setting.name, none);
            if (is_new) symbol->second = add_cell(setting.name, Scalar{ScalarKind::Signed, 8}, "");
            if (plan_->cells[symbol->second].fixed != no_program) fail_at(setting.at, "'" + setting.name + "' is set twice");
            plan_->cells[symbol->second].fixed = value;
        }
    }
    for (const Clause& clause : contract_->clauses) {
        if (clause.kind == ClauseKind::Ok || clause.kind == ClauseKind::Check || clause.kind == ClauseKind::Warn) bind_test(clause);
        if (clause.kind == ClauseKind::Alias) bind_alias(clause);
    }
    for (std::size_t i = 0; i < slots_.size(); ++i) bind_remaining(slots_[i]);
}

void Binder::bind_test(const Clause& clause) {
    Test test;
    test.kind = clause.kind == ClauseKind::Check ? TestKind::Check : clause.kind == ClauseKind::Warn ? TestKind::Warn : TestKind::Ok;
    test.condition = compile(*clause.value, "", false);
    switch (clause.text.form) {
        case FailureText::Form::None: break;
        case FailureText::Form::Text:
            test.text = Test::Text::Literal;
            test.literal = clause.text.text;
            break;
        case FailureText::Form::Errno:
            test.text = Test::Text::Errno;
            plan_->uses_errno = true;
            break;
        case FailureText::Form::Call:
            test.text = Test::Text::Call;
            test.call = compile(*clause.text.call, "", false);
            break;
        case FailureText::Form::Name:
            fail_at(clause.text.at, "a text that C wrote ('else " + clause.text.text +
                                        "') is understood, but not bound yet: this version of ndcall cannot call it");
    }
    const auto cells = find_cells(plan_->programs, test.condition);
    for (const auto& [name, cell] : return_cells_) {
        if (std::find(cells.begin(), cells.end(), cell) == cells.end()) continue;
        if (test.kind == TestKind::Check) fail_at(clause.at, "'check' comes before the call, when nothing has returned: write 'ok'");
        return_tested_ |= test.kind == TestKind::Ok;  // a warning lets the value pass: it is still the result
    }
    plan_->tests.push_back(std::move(test));
}

void Binder::bind_alias(const Clause& clause) {
    const auto group = static_cast<std::uint16_t>(&clause - contract_->clauses.data());
    for (std::size_t i = 0; i < clause.names.size(); ++i) {
        const Span at = i < clause.name_spans.size() ? clause.name_spans[i] : clause.at;
        const Slot& slot = need_slot(clause.names[i], at, "an array");
        if (slot.role != Role::Array) fail_at(at, "'" + clause.names[i] + "' is not an array: nothing can overlap it");
        plan_->arrays[slot.index].alias_group = group;
    }
}

void Binder::bind_gil(const BodyFacts& body) {
    if (!body.statics.empty()) {
        plan_->gil = GilRule::Hold;
        plan_->gil_reason = "held: the body uses static " + list_names(body.statics);
    }
    for (const Clause& clause : contract_->clauses) {
        if (clause.kind == ClauseKind::Gil || clause.kind == ClauseKind::Serial) {
            plan_->gil = GilRule::Hold;
            plan_->gil_reason =
                clause.kind == ClauseKind::Gil ? "held: the contract says gil" : "held: the contract says serial, one call at a time";
        } else if (clause.kind == ClauseKind::Nogil) {
            plan_->gil = GilRule::Release;
            plan_->gil_reason = "released: the contract says nogil";
        }
    }
}

// C's return value becomes a cell, a text or a struct before the items are bound, so that expressions can name it.
void Binder::bind_return(const FunctionDeclaration& function) {
    const Type& type = *function.type->target;
    const bool listed = !returned_.empty();
    if (type.kind == Kind::Void) {
        if (listed) fail_at(contract_->results.front().at, function.name + " returns nothing (void)");
        return;
    }
    if (const auto scalar = find_scalar(type)) {
        plan_->return_form = ReturnForm::Cell;
        plan_->return_index = return_cells_["return"] = add_cell("return", *scalar, print_c(type));
        plan_->cells[plan_->return_index].is_character = type.kind == Kind::Character;
        plan_->cells[plan_->return_index].is_written_by_c = true;
        for (const Item& item : contract_->results)
            if (item.name == "return") set_origin(plan_->return_index, item);
        return;
    }
    if (type.kind == Kind::Struct) return bind_struct_return(type);
    if (type.kind == Kind::Pointer && type.target->kind == Kind::Character && type.target->is_const) {
        plan_->return_form = ReturnForm::Text;
        plan_->return_index = static_cast<std::uint16_t>(plan_->texts.size());
        Text text;
        text.name = "return";
        plan_->texts.push_back(std::move(text));
        return;
    }
    if (type.kind == Kind::Pointer && !line_.entry) refuse_returned_pointer(type);
    if (type.kind == Kind::Pointer && (return_ignored_ || !listed)) {  // its address may be tested against NULL, or ignored
        plan_->return_form = ReturnForm::Cell;
        plan_->return_index = return_cells_["return"] = add_cell("return", Scalar{ScalarKind::Pointer, 8}, print_c(type));
        plan_->cells[plan_->return_index].is_written_by_c = true;
        return;
    }
    if (type.kind == Kind::Pointer) refuse_returned_pointer(type);
    fail("it returns " + print_c(type) + ", which is neither a number, a text nor a struct");
}

void Binder::refuse_returned_pointer(const Type& type) const {
    const bool is_function = type.target->kind == Kind::Function;
    fail("it returns " + print_c(type) +
         (is_function ? ", a function of C: a contract with 'ignore return' calls it, and drops that"
                      : ": memory that C owns is not bound yet; a short C function of your own can use it and free it"));
}

void Binder::bind_struct_return(const Type& type) {
    const StructDeclaration* record = find_record(type);
    if (!record || !record->is_complete) fail("it returns " + print_c(type) + " by value, a struct that is not defined here");
    if (const auto complex = find_complex_struct(*record)) {
        plan_->return_form = ReturnForm::Cell;
        plan_->return_index = return_cells_["return"] = add_cell("return", *complex, print_c(type));
        plan_->cells[plan_->return_index].is_written_by_c = true;
        return;
    }
    StructSlot slot;
    slot.name = "return";
    slot.tag = record->tag;
    slot.size = record->size;
    slot.align = record->align;
    plan_->return_form = ReturnForm::Struct;
    plan_->return_index = static_cast<std::uint16_t>(plan_->structs.size());
    plan_->structs.push_back(std::move(slot));
    for (const Field& field : record->fields) {
        const auto scalar = find_scalar(*field.type);
        if (!scalar || field.bit_width >= 0) continue;
        const std::string name = "return." + field.name;
        const std::uint16_t cell = return_cells_[name] = add_cell(name, *scalar, print_c(*field.type));
        plan_->cells[cell].is_written_by_c = true;
        plan_->readbacks.push_back({Readback::From::Returned, none, field.offset, cell});
    }
}

void Binder::refuse_ignored_return(const FunctionDeclaration& function) const {
    const bool has_value = plan_->return_form != ReturnForm::Nothing;
    const bool is_pointer =
        has_value && plan_->return_form == ReturnForm::Cell && plan_->cells[plan_->return_index].type.kind == ScalarKind::Pointer;
    if (!has_value || !returned_.empty() || return_tested_ || return_ignored_) return;
    const std::string type = print_c(*function.type->target);
    if (is_pointer) refuse_returned_pointer(*function.type->target);
    if (!contract_->has_arrow) return;  // nobody names results: C's own value is the result
    fail_at(
        contract_->results.front().at,
        function.name + " returns " + type +
            ", which this contract neither returns nor tests: add 'return' to the results, or '; ok return == 0', or '; ignore return'");
}

// One value where loops are seen that run on: C would read, or write, what lies behind it.
void Binder::refuse_single_values(const FunctionDeclaration& function) const {
    for (const Slot& slot : slots_) {
        const Item* item = slot.right ? slot.right : slot.left;
        const bool has_extents = (slot.left && slot.left->has_extents) || (slot.right && slot.right->has_extents);
        if (!item || has_extents || slot.block != none || slot.type->kind != Kind::Pointer ||
            find_scalar(*slot.type->target) == std::nullopt)
            continue;
        const std::string declared = function.type->parameters[static_cast<std::size_t>(&slot - slots_.data())].name;
        const bool may_be_pair = find_item_with_type(slot) != nullptr;  // a complex number behind double *
        const auto is_one = [&](const std::string& extent) { return extent == "1" || (may_be_pair && extent == "2"); };
        for (const BodyFacts::Span& span : function.body.spans) {
            if (span.parameter != declared || std::all_of(span.extents.begin(), span.extents.end(), is_one)) continue;
            std::string extents;
            for (const std::string& extent : span.extents) extents += (extents.empty() ? "" : ",") + extent;
            fail_at(item->at, "the body of " + function.name + " goes on behind the first value of '" + slot.name + "': write '" +
                                  slot.name + "[" + extents + "]'");
        }
    }
}

void Binder::refuse_visible_writes(const FunctionDeclaration& function) const {
    for (const Slot& slot : slots_) {
        if (!slot.left || slot.right || slot.block != none || slot.left->words.inout || slot.left->words.copy || slot.left->callback)
            continue;
        const auto& parameters = function.type->parameters;
        const std::string declared = parameters[static_cast<std::size_t>(&slot - slots_.data())].name;
        if (std::find(function.body.writes.begin(), function.body.writes.end(), declared) == function.body.writes.end()) continue;
        fail_at(slot.left->at, "the body of " + function.name + " writes '" + slot.name +
                                   "', which this contract calls an input: write 'inout " + slot.name + "', or 'copy " + slot.name +
                                   "' when the change may be lost");
    }
}

}  // namespace ndcall::detail
