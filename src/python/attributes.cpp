#include "python/attributes.hpp"

#include "plan/types.hpp"
#include "python/dtype.hpp"
#include "python/function_object.hpp"
#include "python/make_text.hpp"
#include "python/struct_object.hpp"

namespace ndcall {

namespace {

constexpr const char* capsule_name = "ndcall.Library";

void release_library(PyObject* capsule) { delete static_cast<std::shared_ptr<Library>*>(PyCapsule_GetPointer(capsule, capsule_name)); }

class Attributes {
  public:
    Attributes(const std::shared_ptr<Library>& library, PyObject* owner, PyObject* unavailable)
        : library_(library),
          declarations_(library->declarations()),
          owner_(owner),
          unavailable_(unavailable),
          names_(Owned<>::steal(PyDict_New())) {}

    PyObject* make(const std::function<bool(const std::string&)>& selected) {
        const bool fine = names_ && add_constants() && add_enums() && add_structs() && add_variables() && add_functions(selected);
        return fine ? names_.release() : nullptr;
    }

  private:
    // Takes the reference; null: an exception is set.
    bool set(const std::string& name, PyObject* value) {
        Owned<> owned = Owned<>::steal(value);
        return owned && PyDict_SetItemString(names_.get(), name.c_str(), owned.get()) == 0;
    }

    static PyObject* make_constant(const ConstantDeclaration& constant) {
        if (const auto* integer = std::get_if<std::int64_t>(&constant.value)) return PyLong_FromLongLong(*integer);
        if (const auto* natural = std::get_if<std::uint64_t>(&constant.value)) return PyLong_FromUnsignedLongLong(*natural);
        if (const auto* real = std::get_if<double>(&constant.value)) return PyFloat_FromDouble(*real);
        const std::string& text = std::get<std::string>(constant.value);
        return PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "backslashreplace");
    }

    bool add_constants() {
        for (const ConstantDeclaration& constant : declarations_.constants)
            if (!set(constant.name, make_constant(constant))) return false;
        return true;
    }

    bool add_enums() {
        for (const EnumDeclaration& enumeration : declarations_.enums) {
            if (!enumeration.invalid.empty()) continue;
            const bool is_unsigned =
                enumeration.underlying && enumeration.underlying->kind == Kind::Unsigned && enumeration.underlying->size == 8;
            Owned<> members = Owned<>::steal(PyDict_New());
            if (!members) return false;
            for (const Enumerator& member : enumeration.members) {
                Owned<> value = Owned<>::steal(is_unsigned ? PyLong_FromUnsignedLongLong(static_cast<std::uint64_t>(member.value))
                                                           : PyLong_FromLongLong(member.value));
                if (!value || PyDict_SetItemString(members.get(), member.name.c_str(), value.get()) < 0) return false;
                if (!set(member.name, Py_NewRef(value.get()))) return false;
            }
            if (!enumeration.tag.empty() && !set(enumeration.tag, PyDictProxy_New(members.get()))) return false;
        }
        return true;
    }

    bool add_structs() {
        for (const StructDeclaration& record : declarations_.structs) {
            if (record.tag.empty() || !record.is_complete || record.is_union || !record.invalid.empty() ||
                record.tag.find_first_of(" .(") != std::string::npos)
                continue;
            if (find_complex_struct(record)) continue;  // complex numbers, to Python
            if (!set(record.tag, find_struct_class(*library_, record).release())) return false;
        }
        return true;
    }

    PyObject* make_unavailable(const std::string& name, const std::string& reason) {
        Owned<> name_text = Owned<>::steal(make_text(name)), reason_text = Owned<>::steal(make_text(reason));
        if (!name_text || !reason_text) return nullptr;
        return PyObject_CallFunctionObjArgs(unavailable_, name_text.get(), reason_text.get(), nullptr);
    }

    // The library's memory itself, kept open by the array's base.
    PyObject* make_view(PyArray_Descr* descr /*stolen*/, int ndim, npy_intp* shape, void* address, bool writeable) {
        auto holder = std::make_unique<std::shared_ptr<Library>>(library_);
        Owned<> base = Owned<>::steal(PyCapsule_New(holder.get(), capsule_name, release_library));
        if (!base) {
            Py_DECREF(descr);
            return nullptr;
        }
        (void)holder.release();  // the capsule's
        Owned<> array = Owned<>::steal(
            PyArray_NewFromDescr(&PyArray_Type, descr, ndim, shape, nullptr, address, writeable ? NPY_ARRAY_WRITEABLE : 0, nullptr));
        if (!array || PyArray_SetBaseObject(reinterpret_cast<PyArrayObject*>(array.get()), base.release()) < 0) return nullptr;
        PyArray_UpdateFlags(reinterpret_cast<PyArrayObject*>(array.get()),
                            NPY_ARRAY_ALIGNED | NPY_ARRAY_C_CONTIGUOUS | NPY_ARRAY_F_CONTIGUOUS);
        return array.release();
    }

    PyObject* make_variable(const VariableDeclaration& variable) {
        const std::string type_text = print_c(*variable.type, variable.name);
        if (!variable.invalid.empty()) return make_unavailable(variable.name, variable.invalid);
        if (variable.is_static) return make_unavailable(variable.name, type_text + " is static: the library does not export it");
        if (variable.is_thread_local) return make_unavailable(variable.name, type_text + " is thread-local: there is one per thread");
        void* address = library_->find_symbol(variable.symbol);
        if (!address) return make_unavailable(variable.name, "the library has no symbol '" + variable.symbol + "'");
        npy_intp shape[NPY_MAXDIMS];
        int ndim = 0;
        const Type* type = variable.type;
        bool is_const = type->is_const;
        for (; type->kind == Kind::Array && ndim < NPY_MAXDIMS; type = type->target, is_const |= type->is_const) {
            // Of `extern const double table[];` the library knows the size.
            const std::size_t bytes = type->size || ndim > 0 ? type->size : find_size_of(address);
            const std::size_t item = type->target->size;
            if (!bytes || !item || bytes % item != 0)
                return make_unavailable(variable.name, type_text + " has an extent that C does not state here");
            shape[ndim++] = static_cast<npy_intp>(bytes / item);
        }
        const StructDeclaration* record = type->kind == Kind::Struct ? declarations_.find_struct(type->tag) : nullptr;
        const auto complex = record ? find_complex_struct(*record) : std::nullopt;
        const auto scalar = complex ? complex : find_scalar(*type);
        Owned<PyArray_Descr> descr;
        if (scalar)
            descr = Owned<PyArray_Descr>::share(find_builtin(make_dtype(*scalar)));
        else if (record && record->is_complete)
            descr = make_struct_dtype(declarations_, *record);
        if (!descr) {
            if (PyErr_Occurred() && !PyErr_ExceptionMatches(PyExc_TypeError)) return nullptr;
            PyErr_Clear();
            return make_unavailable(variable.name, type_text + " has a type that NumPy has no dtype for");
        }
        return make_view(descr.release(), ndim, shape, address, !is_const);
    }

    bool add_variables() {
        for (const VariableDeclaration& variable : declarations_.variables)
            if (!set(variable.name, make_variable(variable))) return false;
        return true;
    }

    // A Python name with a dot (`spline.alloc`) would need a namespace, which is not bound yet; it stays reachable as lib["spline.alloc"].
    bool add_functions(const std::function<bool(const std::string&)>& selected) {
        for (Offer& offer : library_->registry().list_offers(selected)) {
            Owned<> function = Owned<>::steal(make_function(library_, std::move(offer), owner_));
            // Its own name is the key: a large library has thousands.
            if (!function || PyDict_SetItem(names_.get(), get_function_name(function.get()), function.get()) < 0) return false;
        }
        return true;
    }

    const std::shared_ptr<Library>& library_;
    const Declarations& declarations_;
    PyObject* owner_;
    PyObject* unavailable_;
    Owned<> names_;
};

}  // namespace

PyObject* make_attributes(const std::shared_ptr<Library>& library, const std::function<bool(const std::string&)>& selected, PyObject* owner,
                          PyObject* unavailable) {
    return Attributes(library, owner, unavailable).make(selected);
}

}  // namespace ndcall
