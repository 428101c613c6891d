#include "python/library.hpp"

#include <algorithm>
#include <cstddef>
#include <new>

#include <nanobind/nanobind.h>

#include "python/dtype.hpp"
#include "python/fast_call.hpp"
#include "python/raise.hpp"

namespace ndcall {

Library::Library(Registry registry, const std::vector<std::string>& paths, CopyPolicy copy, std::string name)
    : registry_(std::move(registry)), copy_(copy), name_(std::move(name)) {
    for (const std::string& path : paths) opened_.push_back(std::make_unique<SharedLibrary>(path));
}

// Descriptors, so that the fast path compares one pointer, and a struct's fields one by one.
void Library::set_identities(Plan& plan) {
    for (Array& array : plan.arrays) {
        if (array.dtype_rule != DTypeRule::Exact) continue;
        array.identity = array.dtype.kind == 'V' ? find_struct_dtype(array.dtype_name) : find_builtin(array.dtype);
    }
}

const PyArray_Descr* Library::find_struct_dtype(const std::string& tag) {
    Owned<PyArray_Descr>& descr = struct_dtypes_[tag];
    const StructDeclaration* record = declarations().find_struct(tag);
    if (record && record->align > alignof(std::max_align_t))
        throw BindFailure(
            "an array of struct " + tag + " has no dtype: it is aligned to " + std::to_string(record->align) + " bytes by hand", "");
    if (descr) return descr.get();
    Owned<PyArray_Descr> made = record ? make_struct_dtype(declarations(), *record) : Owned<PyArray_Descr>();
    if (!made && PyErr_Occurred() && !PyErr_ExceptionMatches(PyExc_TypeError)) throw nanobind::python_error();
    if (!made) throw BindFailure("an array of struct " + tag + " has no dtype: " + take_exception_text(), "");
    if (!descr) descr = std::move(made);  // else code that ran meanwhile has made one, and plans point at it
    return descr.get();
}

void* Library::find_symbol(const std::string& symbol) const {
    for (const auto& library : opened_)
        if (void* address = library->find_symbol(symbol)) return address;
    return nullptr;
}

std::vector<std::string> Library::list_paths() const {
    std::vector<std::string> paths;
    for (const auto& library : opened_) paths.push_back(library->path());
    return paths;
}

// Before anything else: no contract makes a function callable that is not there. What is static is not looked for, since a library may have
// another function of that name.
void* Library::need_symbol(const FunctionDeclaration& function) const {
    if (function.is_static || !function.invalid.empty()) return nullptr;  // refused with a better reason
    if (void* address = find_symbol(function.symbol)) return address;
    std::string places;
    for (const std::string& path : list_paths()) places += (places.empty() ? "" : ", ") + path;
    if (places.empty()) places = "any library: none was given";
    if (function.is_inline)
        throw BindFailure(
            "it is inline, and not in " + places + ". Take `inline` away, or call it from a function of your own that is not inline", "");
    throw BindFailure("the symbol '" + function.symbol + "' is not in " + places, "");
}

BindContext Library::make_context(const Callers& callers) {
    BindContext context;
    context.declarations = &declarations();
    context.find_struct_entry = [this](const std::string& tag) { return registry_.find_struct_entry(tag); };
    context.find_callee = [this, callers](const std::string& c_name) -> std::shared_ptr<const Plan> {
        const FunctionDeclaration* function = declarations().find_function(c_name);
        return bind_member(registry_.find_member(*function), c_name, callers)->plan;
    };
    context.suggest_line = [this](const FunctionDeclaration& function) {
        if (!drafter_) drafter_ = std::make_unique<const Drafter>(registry_);
        return drafter_->suggest_line(function);
    };
    return context;
}

std::shared_ptr<const BoundFunction> Library::bind_member(const Offer::Member& member, const std::string& name) {
    return bind_member(member, name, {});
}

std::shared_ptr<const BoundFunction> Library::bind_member(const Offer::Member& member, const std::string& name, Callers callers) {
    const FunctionDeclaration& function = *member.function;
    const auto key = std::make_pair(&function, name + "\n" + member.line.origin);
    if (const auto known = bound_.find(key); known != bound_.end()) return known->second;
    if (const std::string* mistake = registry_.find_mistake(function.name)) throw BindFailure(*mistake, "");
    if (std::find(callers.begin(), callers.end(), function.name) != callers.end())
        throw BindFailure("its contract calls " + function.name + " itself", "");
    callers.push_back(function.name);
    void* address = need_symbol(function);
    auto bound = std::make_shared<BoundFunction>();
    bound->plan = bind_function(function, member.line, make_context(callers));
    bound->plan->name = name;
    // SAFETY: POSIX guarantees that a symbol's address converts to a function pointer; the declaration says that it is a function.
    bound->plan->address = reinterpret_cast<void (*)()>(address);
    bound->provider = find_file_of(address);
    if (bound->plan->gil == GilRule::BySize && bound->provider == find_file_of(reinterpret_cast<const void*>(&Py_GetVersion))) {
        bound->plan->gil = GilRule::Hold;
        bound->plan->gil_reason = "held: it is a function of the running interpreter";
    }
    set_identities(*bound->plan);
    try {
        bound->layout = lay_out_call(declarations(), *function.type);
    } catch (const UncallableError& error) {
        throw BindFailure(error.what(), "");
    }
    bound->fast = find_archetype(*bound->plan, bound->layout);
    if (bound->fast && !intern_keywords(*bound->fast)) throw std::bad_alloc();
    return bound_.emplace(key, bound).first->second;  // who came first is kept
}

std::shared_ptr<const Plan> Library::bind_struct(const std::string& tag) {
    if (const auto known = structs_.find(tag); known != structs_.end()) return known->second;
    const StructDeclaration* record = declarations().find_struct(tag);
    if (!record) throw BindFailure("struct " + tag + " is not declared", "");
    const auto plan = ndcall::bind_struct(*record, registry_.find_struct_line(tag), make_context({}));
    set_identities(*plan);
    return structs_.emplace(tag, plan).first->second;
}

}  // namespace ndcall
