// What each parameter or member becomes: a cell, an array, a text, a struct, a vector, nothing.
#include "plan/binder.hpp"
#include "text/nearest.hpp"

namespace ndcall::detail {

namespace {

constexpr const char* handles_later = "handles are not bound yet; a short C function of your own can make, use and free one";

std::string list_words(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
    return text;
}

bool is_indirect(const Type& type) { return type.kind == Kind::Pointer || type.kind == Kind::Array; }

// What a pointer or array ends in: double for double **, double [n][m], double (*)[3].
const Type& find_element(const Type& type) {
    const Type* element = &type;
    if (element->kind == Kind::Pointer) element = element->target;
    while (element->kind == Kind::Array) element = element->target;
    return *element;
}

// Whether C states extents: an array parameter, or a pointer to arrays.
bool has_declared_extents(const Type& type) {
    return type.kind == Kind::Array ? !type.extent.empty() && type.extent != "*"
                                    : type.kind == Kind::Pointer && type.target->kind == Kind::Array;
}

// A number's type as messages say it: C's const concerns C alone.
std::string print_ctype(const Type& type) {
    Type plain = type;
    plain.is_const = plain.is_volatile = false;
    return print_c(plain);
}

bool is_list(const Expression& expression) {
    const bool is_list_call = (expression.text == "shape" || expression.text == "byte_strides") && expression.operands.size() == 1;
    return expression.op == Op::List || (expression.op == Op::Call && is_list_call);
}

}  // namespace

Span Binder::get_span(const Slot& slot) const {
    if (slot.left) return slot.left->at;
    if (slot.right) return slot.right->at;
    return slot.fixed ? slot.fixed->at : Span{};
}

bool Binder::item_has(const Slot& slot, bool Words::*word) const {
    return (slot.left && slot.left->words.*word) || (slot.right && slot.right->words.*word);
}

const Item* Binder::find_item_with_extents(const Slot& slot) const {
    if (slot.left && slot.left->has_extents) return slot.left;
    return slot.right && slot.right->has_extents ? slot.right : nullptr;
}

const Item* Binder::find_item_with_type(const Slot& slot) const {
    if (slot.left && slot.left->type) return slot.left;
    return slot.right && slot.right->type ? slot.right : nullptr;
}

const StructDeclaration* Binder::find_record(const Type& type) const {
    if (type.kind != Kind::Struct && type.kind != Kind::Union) return nullptr;
    return context_.declarations->find_struct(type.tag);
}

std::uint16_t Binder::add_cell(const std::string& name, Scalar scalar, const std::string& ctype) {
    Cell cell;
    cell.name = name;
    cell.type = scalar;
    cell.ctype = ctype;
    plan_->cells.push_back(std::move(cell));
    return static_cast<std::uint16_t>(plan_->cells.size() - 1);
}

std::uint16_t Binder::add_cell_for(Slot& slot, Scalar scalar, const Type& type) {
    slot.role = Role::Cell;
    slot.index = add_cell(slot.name, scalar, print_ctype(type));
    Cell& cell = plan_->cells[slot.index];
    cell.is_character = type.kind == Kind::Character;
    cell.enumeration = find_enumeration(find_item_with_type(slot), type);
    for (const Item* item : {slot.left, slot.right})
        if (item) set_origin(slot.index, *item);
    return slot.index;
}

// `from 1` of a number.
void Binder::set_origin(std::uint16_t index, const Item& item) {
    if (!item.phrase || item.phrase->form != Phrase::Form::FromOne) return;
    Cell& cell = plan_->cells[index];
    if (cell.type.kind != ScalarKind::Signed && cell.type.kind != ScalarKind::Unsigned)
        fail_at(item.phrase->at, "'from 1' is for integers: '" + cell.name + "' is " + cell.ctype);
    if (item.default_value)
        fail_at(item.phrase->at, "'" + cell.name + "' has a default: whether it counts from 0 or from 1 cannot be told");
    cell.from_one = true;
}

// Names that may stand for numbers: the members of an enum, or the constants with a prefix.
std::uint16_t Binder::find_enumeration(const Item* item, const Type& type) {
    Enumeration found;
    if (item && item->type && item->type->form == ContractType::Form::Prefix) {
        found.name = item->type->name + "*";
        found.prefix = item->type->name;
        found.joins = true;
        for (const EnumDeclaration& enumeration : context_.declarations->enums)
            for (const Enumerator& member : enumeration.members)
                if (member.name.rfind(found.prefix, 0) == 0) found.names.push_back(member.name), found.values.push_back(member.value);
        for (const ConstantDeclaration& constant : context_.declarations->constants) {
            const auto* value = std::get_if<std::int64_t>(&constant.value);
            if (value && constant.name.rfind(found.prefix, 0) == 0) found.names.push_back(constant.name), found.values.push_back(*value);
        }
        if (found.names.empty()) fail_at(item->type->at, "no constant of the header begins with '" + found.prefix + "'");
    } else if (type.kind == Kind::Enum) {
        const EnumDeclaration* enumeration = context_.declarations->find_enum(type.tag);
        if (!enumeration) return none;
        found.name = type.spelling.empty() ? enumeration->tag : type.spelling;
        for (const Enumerator& member : enumeration->members) found.names.push_back(member.name), found.values.push_back(member.value);
    } else {
        return none;
    }
    plan_->enumerations.push_back(std::move(found));
    return static_cast<std::uint16_t>(plan_->enumerations.size() - 1);
}

// First everything that the contract mentions or that C's type says alone. What is left may still be named in an expression.
void Binder::bind_slot(Slot& slot) {
    if (slot.role != Role::Unbound) return;
    if (slot.fixed) return bind_fixed(slot);
    const Type& type = *slot.type;
    const bool is_member_of_call = slot.block != none && function_;
    if (is_member_of_call && !is_described(slot)) return;  // stays zero unless an expression names it
    if (const auto scalar = find_scalar(type)) return bind_scalar(slot, *scalar);
    if (record_ && !is_described(slot) && !is_plain_member(type)) return;  // stays zero: C fills it, or a `struct` entry says what it is
    if (const std::string_view reason = find_made_by_c(find_element(type)); !reason.empty() && function_) {
        if (!slot.left || !slot.left->is_optional) fail("'" + slot.name + "' is " + print_c(type) + ", " + std::string(reason));
        slot.role = Role::Null;  // may be NULL, and always is
        return;
    }
    if (type.kind == Kind::Struct || type.kind == Kind::Union) return bind_struct_slot(slot, type, false);
    if (slot.block != none && type.kind == Kind::Array) {
        if (is_described(slot))
            fail_at(get_span(slot), "'" + slot.name + "' lies inside the struct: read and set it through the struct object");
        return;
    }
    if (is_indirect(type)) return bind_pointer(slot, *type.target);
    fail("'" + slot.name + "' is " + print_c(type) + ", a type that ndcall cannot pass");
}

void Binder::bind_fixed(Slot& slot) {
    const Type& type = *slot.type;
    const Expression& value = slot.fixed->value;
    if (const auto scalar = find_scalar(type)) {
        add_cell_for(slot, *scalar, type);
        return;
    }
    if (!is_indirect(type))
        fail_at(slot.fixed->at, "'" + slot.name + "' is " + print_c(type) + ": a fixed value is a number, a text or NULL");
    if (value.op == Op::Null) {
        slot.role = Role::Null;
        return;
    }
    const Type& pointee = *type.target;
    if (value.op == Op::Text && pointee.kind == Kind::Character) return bind_text(slot, false);
    const auto scalar = find_scalar(find_element(type));
    if (!scalar) fail_at(slot.fixed->at, "'" + slot.name + "' is " + print_c(type) + ": only NULL can be its fixed value");
    if (is_list(value)) {
        slot.role = Role::Vector;
        slot.index = add_vector(slot, no_program, none);
        return;
    }
    add_cell_for(slot, *scalar, pointee);
    slot.by_address = true;
}

std::uint16_t Binder::add_vector(Slot& slot, Program list, std::uint16_t shape_group) {
    const auto scalar = find_scalar(find_element(*slot.type));
    if (!scalar || (scalar->kind != ScalarKind::Signed && scalar->kind != ScalarKind::Unsigned))
        fail_at(get_span(slot), "'" + slot.name + "' is " + print_c(*slot.type) + ": a shape or list needs a pointer to integers");
    plan_->vectors.push_back({list, shape_group, *scalar, slot.name, print_ctype(find_element(*slot.type))});
    return static_cast<std::uint16_t>(plan_->vectors.size() - 1);
}

void Binder::bind_scalar(Slot& slot, Scalar scalar) {
    if (slot.right && slot.block == none)
        fail_at(slot.right->at, "'" + slot.name + "' is passed by value (" + print_c(*slot.type, slot.name) + "): C cannot give it back");
    if (slot.left && slot.left->has_extents)
        fail_at(slot.left->at, "'" + slot.name + "' is " + print_c(*slot.type) + ", one number: extents belong to pointers");
    if (slot.left && slot.left->is_optional)
        fail_at(slot.left->at, "'" + slot.name + "' is passed by value: '?' needs a pointer, which can be NULL; a default is written '" +
                                   slot.name + " = value'");
    if (slot.left && slot.left->words.inout) fail_at(slot.left->at, "'" + slot.name + "' is passed by value: C cannot change it");
    const Item* typed = find_item_with_type(slot);
    if (typed && typed->type->form != ContractType::Form::Prefix)
        check_element_type(*typed->type, find_dtype(typed->type->name).value_or(DType{}), *slot.type, slot);
    add_cell_for(slot, scalar, *slot.type);
}

void Binder::bind_text(Slot& slot, bool is_bytes) {
    slot.role = Role::Text;
    slot.index = static_cast<std::uint16_t>(plan_->texts.size());
    Text text;
    text.name = slot.name;
    text.is_bytes = is_bytes;
    text.is_optional = is_optional_input(slot);
    plan_->texts.push_back(std::move(text));
}

void Binder::bind_struct_slot(Slot& slot, const Type& record_type, bool by_address) {
    const StructDeclaration* record = find_record(record_type);
    if (!record || !record->is_complete) fail("'" + slot.name + "' is " + print_c(*slot.type) + ", an opaque struct: " + handles_later);
    if (!record->invalid.empty()) fail("'" + slot.name + "' is " + print_c(*slot.type) + ": " + record->invalid);
    if (const auto complex = find_complex_struct(*record); complex && !by_address) {
        bind_scalar(slot, *complex);
        return;
    }
    if (record->is_union) fail("'" + slot.name + "' is a union: which member holds is not known");
    refuse_alignment(*record);
    if (slot.right && record_type.is_const)
        fail_at(slot.right->at, "'" + slot.name + "' is a result, but C declares it const: " + print_c(*slot.type, slot.name));
    if (slot.right && !by_address) fail_at(slot.right->at, "'" + slot.name + "' is passed by value: C cannot give it back");
    StructSlot entry;
    entry.name = slot.name;
    entry.tag = record->tag;
    entry.size = record->size;
    entry.align = record->align;
    entry.is_optional = slot.left && slot.left->is_optional;
    entry.read = !slot.right || slot.left;
    entry.written = by_address && !record_type.is_const;
    slot.role = Role::Struct;
    slot.by_address = by_address;
    slot.index = static_cast<std::uint16_t>(plan_->structs.size());
    plan_->structs.push_back(std::move(entry));
}

void Binder::bind_pointer(Slot& slot, const Type& pointee) {
    const Type& element = find_element(*slot.type);
    const Item* typed = find_item_with_type(slot);
    const bool is_text_type = typed && typed->type->form == ContractType::Form::Name && typed->type->name == "str";
    if (element.kind == Kind::Function) {
        if (slot.left && slot.left->is_optional) {
            slot.role = Role::Null;  // may be NULL, and is until callbacks are bound
            return;
        }
        fail("'" + slot.name + "' is a function (" + print_c(*slot.type, slot.name) + "): callbacks are not bound yet");
    }
    if (element.kind == Kind::Pointer) return bind_rows(slot);
    if (find_item_with_extents(slot) || (has_declared_extents(*slot.type) && !is_text_type)) return bind_array(slot, element);
    const bool is_record = element.kind == Kind::Struct || element.kind == Kind::Union;
    const StructDeclaration* record = is_record ? find_record(element) : nullptr;
    const auto complex = record ? find_complex_struct(*record) : std::nullopt;
    // Without extents: one value in the caller's 0-d array. A struct has an object of its own.
    if (slot.left && slot.left->words.inout && (!is_record || complex)) return bind_array(slot, element);
    const bool is_bytes_type = typed && typed->type->form == ContractType::Form::Name && typed->type->name == "bytes";
    const bool may_be_text = !typed || is_text_type || is_bytes_type;
    if (element.kind == Kind::Character && (element.is_const || (typed && may_be_text)) && !slot.right && may_be_text)
        return bind_text(slot, is_bytes_type);
    if (is_record) {
        if (complex && is_described(slot)) return bind_reference(slot, *complex, pointee);
        if (!complex) return bind_struct_slot(slot, element, true);
        return;
    }
    if (!is_described(slot)) return;  // bind_remaining
    if (typed && typed->type->form == ContractType::Form::Name) {
        const auto dtype = find_dtype(typed->type->name);
        if (!dtype)
            fail_at(typed->type->at, "'" + typed->type->name + "' is not a dtype" + suggest_nearest(typed->type->name, list_dtype_names()) +
                                         " (dtypes: " + list_words(list_dtype_names()) + ")");
        check_element_type(*typed->type, *dtype, element, slot);
        return bind_reference(slot, make_scalar(*dtype), pointee);
    }
    const auto scalar = find_scalar(element);
    if (!scalar)
        fail_at(get_span(slot), "'" + slot.name + "' is " + print_c(*slot.type) +
                                    ": C does not say what lies there; write its dtype after ':', as in '" + slot.name + ": float64'");
    bind_reference(slot, *scalar, pointee);
}

void Binder::bind_reference(Slot& slot, Scalar scalar, const Type& pointee) {
    if (slot.right && pointee.is_const)
        fail_at(slot.right->at, "'" + slot.name + "' is a result, but C declares it const: " + print_c(*slot.type, slot.name));
    add_cell_for(slot, scalar, pointee);
    slot.by_address = true;
    plan_->cells[slot.index].is_written_by_c = slot.right != nullptr;
}

void Binder::bind_output_cell(Slot& slot, Scalar scalar, const Type& pointee) {
    add_cell_for(slot, scalar, pointee);
    slot.by_address = true;
    plan_->cells[slot.index].is_written_by_c = true;
}

// After all expressions are read: a pointer that nobody mentioned is not described enough.
void Binder::bind_remaining(Slot& slot) {
    if (slot.role != Role::Unbound || slot.block != none) return;
    fail_undescribed(slot);
}

void Binder::fail_undescribed(const Slot& slot) const {
    fail("nothing says what '" + slot.name + "' (" + print_c(*slot.type, slot.name) +
         ") points to: how many elements, and whether C reads or writes them");
}

// Types are facts: the contract may only say what C leaves open.
void Binder::check_element_type(const ContractType& type, DType wanted, const Type& element, const Slot& slot) const {
    const auto scalar = find_scalar(element);
    if (!scalar) return;  // void: anything
    const DType fact = make_dtype(*scalar);
    const bool same = wanted == fact;
    const bool complex_of_same = wanted.kind == 'c' && fact.kind == 'f' && wanted.itemsize == 2 * fact.itemsize;
    const bool bool_over_byte = wanted.kind == 'b' && fact.itemsize == 1;
    const bool half_over_word = wanted.kind == 'f' && wanted.itemsize == 2 && fact == DType{'u', false, 2};
    const bool bytes_over_bytes = wanted.itemsize == 1 && wanted.kind != 'b' && element.kind == Kind::Character;
    const bool any_over_bytes = fact.itemsize == 1 && fact.kind != 'b' && wanted.kind != 'b';
    if (same || complex_of_same || bool_over_byte || half_over_word || bytes_over_bytes || any_over_bytes) return;
    fail_at(type.at, "'" + slot.name + "' is " + print_c(*slot.type) + ", " + name_dtype(fact) + ": it cannot be " + type.name);
}

void Binder::set_dtype(Array& array, const Item* item, const Type& element, const Slot& slot) {
    if (item) {
        const ContractType& type = *item->type;
        const bool is_any = type.form == ContractType::Form::Name && type.name == "any";
        if (is_any || type.form == ContractType::Form::Like) {
            if (find_scalar(element) && find_scalar(element)->size != 1)
                fail_at(type.at, "'" + slot.name + "' is " + print_c(*slot.type) + ": its dtype is a fact; '" + type.name +
                                     "' is for void * and bytes");
            array.dtype_rule = is_any ? DTypeRule::Any : DTypeRule::Like;
            array.dtype_name = is_any ? "any" : "like(" + type.name + ")";
            return;  // Like's array is found when all arrays are there
        }
        if (type.form == ContractType::Form::Prefix) fail_at(type.at, "'" + type.name + "*' names constants: an array needs a dtype");
        const auto dtype = find_dtype(type.name == "bytes" ? "uint8" : type.name);
        if (dtype) {
            check_element_type(type, *dtype, element, slot);
            array.dtype = *dtype;
            array.dtype_name = name_dtype(*dtype);
            return;
        }
        const StructDeclaration* record = context_.declarations->find_struct(type.name);
        if (!record)
            fail_at(type.at,
                    "'" + type.name + "' is neither a dtype nor a struct of the header" + suggest_nearest(type.name, list_dtype_names()));
        array.dtype = DType{'V', false, record->size};
        array.dtype_name = record->tag;
        return;
    }
    const StructDeclaration* record = find_record(element);
    const auto complex = record ? find_complex_struct(*record) : std::nullopt;
    const auto scalar = complex ? complex : find_scalar(element);
    if (!scalar && !record) {
        const std::string text = "'" + slot.name + "' is " + print_c(*slot.type) +
                                 ": C does not say what its elements are; write a dtype after ':', as in '" + slot.name + ": float64[n]'";
        is_described(slot) ? fail_at(get_span(slot), text) : fail(text);
    }
    if (!scalar && !record->is_complete) fail("'" + slot.name + "' is " + print_c(*slot.type) + ", an opaque struct: " + handles_later);
    array.dtype = scalar ? make_dtype(*scalar) : DType{'V', false, record->size};
    array.dtype_name = scalar ? name_dtype(array.dtype) : record->tag;
}

void Binder::set_words(Array& array, const Item& item, bool is_result) {
    array.fortran |= item.words.fortran;
    array.rows |= item.words.rows;
    array.lowest |= item.words.lowest;
    array.unset |= item.words.unset;
    array.copied |= item.words.copy;
    array.is_optional |= item.is_optional;
    if (item.phrase && item.phrase->form == Phrase::Form::FromOne) array.from_one = true;
    if (item.words.inout) array.written = true;
    if (is_result) array.written = true;
}

void Binder::bind_array(Slot& slot, const Type& element) {
    Array array;
    array.name = slot.name;
    set_dtype(array, find_item_with_type(slot), element, slot);
    if (slot.left) set_words(array, *slot.left, false);
    if (slot.right) set_words(array, *slot.right, true);
    if (!is_described(slot)) array.written = !element.is_const;  // C's own extents: const is an input, the rest is inout
    array.is_result = slot.right != nullptr;
    array.is_input = slot.left != nullptr || !array.is_result;
    array.read = array.is_input;
    array.copied |= array.is_input && array.is_result;
    if (slot.left && slot.left->words.inout && slot.right)
        fail_at(slot.right->at, "'" + slot.name + "' is inout: it is changed in place, not returned");
    if (slot.left && slot.left->words.inout && slot.left->words.copy) fail_at(slot.left->at, "'inout' and 'copy' exclude each other");
    if (record_ && !element.is_const) array.written = true;  // what a struct points to is C's to write: the caller's own memory
    if (array.written && element.is_const && is_described(slot))
        fail_at(get_span(slot),
                "'" + slot.name + "' is written by this contract, but C declares it const: " + print_c(*slot.type, slot.name));
    if (array.from_one && array.dtype.kind != 'i' && array.dtype.kind != 'u')
        fail_at(get_span(slot), "'from 1' is for integers: '" + slot.name + "' is " + array.dtype_name);
    if (array.rows && slot.type->kind == Kind::Pointer && slot.type->target->kind != Kind::Pointer)
        fail_at(get_span(slot), "'rows' is for tables of row pointers (T **); '" + slot.name + "' is " + print_c(*slot.type));
    slot.role = Role::Array;
    slot.index = static_cast<std::uint16_t>(plan_->arrays.size());
    plan_->arrays.push_back(std::move(array));
}

void Binder::bind_rows(Slot& slot) {
    const Type* element = slot.type;
    std::size_t depth = 0;
    while (is_indirect(*element)) element = element->target, ++depth;
    if (element->kind == Kind::Character && element->is_const && !item_has(slot, &Words::rows))
        fail("'" + slot.name + "' is " + print_c(*slot.type) + ": arrays of strings are not bound yet");
    if (!item_has(slot, &Words::rows)) {
        const std::string text = "'" + slot.name + "' is " + print_c(*slot.type) +
                                 ", a table of pointers: write 'rows' before its name, as in 'rows " + slot.name + "[m,n]'";
        is_described(slot) ? fail_at(get_span(slot), text) : fail(text);
    }
    const Item* item = find_item_with_extents(slot);
    if (!item || item->extents.size() != depth)
        fail_at(get_span(slot), "'rows " + slot.name + "' needs " + std::to_string(depth) + " extents: " + print_c(*slot.type) + " has " +
                                    std::to_string(depth) + " levels");
    if (depth > 3) fail_at(get_span(slot), "'rows' goes up to T ***");
    bind_array(slot, *element);
}

}  // namespace ndcall::detail
