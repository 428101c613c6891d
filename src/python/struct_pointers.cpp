#include "python/struct_pointers.hpp"

#include <algorithm>

#include "plan/wording.hpp"
#include "python/struct_members.hpp"

namespace ndcall {

namespace {

bool has_pointers(const Type& type, const Declarations& declarations) {
    if (type.kind == Kind::Pointer) return true;
    if (type.kind == Kind::Array) return has_pointers(*type.target, declarations);
    if (type.kind != Kind::Struct && type.kind != Kind::Union) return false;
    const StructDeclaration* record = declarations.find_struct(type.tag);
    const auto is_pointer = [&](const Field& field) { return has_pointers(*field.type, declarations); };
    return record && std::any_of(record->fields.begin(), record->fields.end(), is_pointer);
}

const Input* find_input(const Plan& plan, const Field& field) {
    const std::string name = make_python_name(field.name);
    const auto found = std::find_if(plan.inputs.begin(), plan.inputs.end(), [&](const Input& input) { return input.name == name; });
    return found == plan.inputs.end() ? nullptr : &*found;
}

bool is_nullable(const Plan& plan, const Field& field) {
    const auto& nullable = plan.blocks[0].nullable;
    return std::find(nullable.begin(), nullable.end(), field.offset) != nullable.end();
}

// Text is given as an argument is, and may be None; an array that the struct's line describes may not.
bool takes_none(const Plan& plan, const Field& field) {
    const Input* input = find_input(plan, field);
    return !field.name.empty() && (!input || input->is_optional);
}

}  // namespace

std::vector<const Field*> list_pointers(const StructDeclaration& record, const Declarations& declarations) {
    std::vector<const Field*> pointers;
    for (const Field& field : record.fields)
        if (has_pointers(*field.type, declarations)) pointers.push_back(&field);
    return pointers;
}

bool write_null(StructObject* object, const Plan& plan, const Field& field, PyObject* value) {
    const auto& pointers = object->layout->pointers;
    const bool is_pointer = std::find(pointers.begin(), pointers.end(), &field) != pointers.end();
    if (value != Py_None || !is_pointer || find_input(plan, field)) return false;
    std::fill_n(object->bytes() + field.offset, field.type->size, std::byte{0});
    std::erase(*object->unset, &field);
    return true;
}

void mark_set(StructObject* object, const std::string& python_name) {
    std::erase_if(*object->unset, [&](const Field* field) { return make_python_name(field->name) == python_name; });
}

void mark_all_set(PyObject* object) { reinterpret_cast<StructObject*>(object)->unset->clear(); }

Conversion find_unset(PyObject* object, const std::string& argument, Mismatch& mismatch) {
    const StructObject* record = reinterpret_cast<StructObject*>(object);
    if (record->unset->empty()) return Conversion::Done;
    const std::shared_ptr<const Plan> plan = find_struct_plan(*record->layout);
    if (!plan) return Conversion::PythonError;  // the line of the struct is wrong
    std::string names, chain;
    bool has_fix = true;
    std::size_t count = 0;
    for (const Field* field : *record->unset) {
        if (is_nullable(*plan, *field)) continue;
        const std::string name = field->name.empty() ? "(a member without a name)" : make_python_name(field->name);
        names += (count++ == 0 ? "" : ", ") + name;
        chain += argument + "." + name + " = ";
        has_fix &= takes_none(*plan, *field);
    }
    if (count == 0) return Conversion::Done;
    mismatch.problem = (count == 1 ? "has a pointer that nobody set: " : "has pointers that nobody set: ") + names;
    mismatch.expected = "a " + record->layout->record->tag + " with every pointer set";
    mismatch.got = "NULL in " + names;
    if (has_fix) mismatch.fix = chain + "None   (if the function takes NULL there), or let the library make it";
    return Conversion::Refused;
}

}  // namespace ndcall
