#include "python/library.hpp"

#include <algorithm>
#include <cstddef>
#include <new>

#include "python/dtype.hpp"
#include "python/fast_call.hpp"

namespace ndcall {

namespace {

// The text of the exception that is set, which is no more set then.
std::string take_exception_text() {
    PyObject *type = nullptr, *value = nullptr, *traceback = nullptr;
    PyErr_Fetch(&type, &value, &traceback);
    const auto owned_type = Owned<>::steal(type), owned_value = Owned<>::steal(value), owned_traceback = Owned<>::steal(traceback);
    const auto text = Owned<>::steal(value ? PyObject_Str(value) : nullptr);
    const char* characters = text ? PyUnicode_AsUTF8(text.get()) : nullptr;
    if (!characters) PyErr_Clear();
    return characters ? characters : "out of memory";
}

}  // namespace

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
    if (!descr && record) descr = make_struct_dtype(declarations(), *record);
    if (!descr) throw BindFailure("an array of struct " + tag + " has no dtype: " + take_exception_text(), "");
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

BindContext Library::make_context() {
    BindContext context;
    context.declarations = &declarations();
    context.find_struct_entry = [this](const std::string& tag) { return registry_.find_struct_entry(tag); };
    context.find_callee = [this](const std::string& c_name) -> std::shared_ptr<const Plan> {
        const FunctionDeclaration* function = declarations().find_function(c_name);
        return bind_member(registry_.find_member(*function), c_name)->plan;
    };
    context.suggest_line = [this](const FunctionDeclaration& function) {
        if (!drafter_) drafter_ = std::make_unique<const Drafter>(registry_);
        return drafter_->suggest_line(function);
    };
    return context;
}

std::shared_ptr<const BoundFunction> Library::bind_member(const Offer::Member& member, const std::string& name) {
    const FunctionDeclaration& function = *member.function;
    const auto key = std::make_pair(&function, name + "\n" + member.line.origin);
    if (const auto known = bound_.find(key); known != bound_.end()) return known->second;
    if (const std::string* mistake = registry_.find_mistake(function.name)) throw BindFailure(*mistake, "");
    if (std::find(binding_.begin(), binding_.end(), function.name) != binding_.end())
        throw BindFailure("its contract calls " + function.name + " itself", "");
    binding_.push_back(function.name);
    struct Pop {
        std::vector<std::string>& names;
        ~Pop() { names.pop_back(); }
    } pop{binding_};
    void* address = need_symbol(function);
    auto bound = std::make_shared<BoundFunction>();
    bound->plan = bind_function(function, member.line, make_context());
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
    bound_[key] = bound;
    return bound;
}

std::shared_ptr<const Plan> Library::bind_struct(const std::string& tag) {
    if (const auto known = structs_.find(tag); known != structs_.end()) return known->second;
    const StructDeclaration* record = declarations().find_struct(tag);
    if (!record) throw BindFailure("struct " + tag + " is not declared", "");
    const auto plan = ndcall::bind_struct(*record, registry_.find_struct_line(tag), make_context());
    set_identities(*plan);
    structs_[tag] = plan;
    return plan;
}

}  // namespace ndcall
