#include "python/sequence.hpp"

#include <string>

#include "plan/types.hpp"
#include "python/convert_array.hpp"
#include "python/describe_object.hpp"
#include "python/dtype.hpp"
#include "python/numpy_classes.hpp"

namespace ndcall {
namespace {

constexpr std::size_t most_axes = NPY_MAXDIMS;

bool is_array(PyObject* object) { return PyArray_Check(object) && PyArray_NDIM(reinterpret_cast<PyArrayObject*>(object)) > 0; }

Py_ssize_t length_of(PyObject* sequence) {
    if (PyList_Check(sequence)) return PyList_GET_SIZE(sequence);
    return PyTuple_Check(sequence) ? PyTuple_GET_SIZE(sequence) : PyObject_Size(sequence);
}

// Null at the end of a list that became shorter.
Owned<> item_of(PyObject* sequence, Py_ssize_t index) {
    if (PyList_Check(sequence)) return Owned<>::share(index < PyList_GET_SIZE(sequence) ? PyList_GET_ITEM(sequence, index) : nullptr);
    return PyTuple_Check(sequence) ? Owned<>::share(PyTuple_GET_ITEM(sequence, index))
                                   : Owned<>::steal(PySequence_GetItem(sequence, index));
}

std::string show_path(const std::vector<Py_ssize_t>& path) {
    std::string out;
    for (const Py_ssize_t index : path) out += (out.empty() ? "" : ", ") + std::to_string(index);
    return path.empty() ? std::string() : " at [" + out + "]";
}

Conversion refuse(Mismatch& mismatch, MismatchKind kind, std::string problem) {
    mismatch.kind = kind;
    mismatch.problem = std::move(problem);
    return Conversion::Refused;
}

Conversion refuse_change(Mismatch& mismatch) { return refuse(mismatch, MismatchKind::Object, "changed while it was being read"); }

// Of an item that could not be had: the sequence said so, or became shorter meanwhile.
Conversion refuse_gone(Mismatch& mismatch) { return PyErr_Occurred() != nullptr ? Conversion::PythonError : refuse_change(mismatch); }

// The first way down sets the extents; every other one must find the same.
class Measurer {
  public:
    Measurer(SequenceShape& out, Mismatch& mismatch) : out_(out), mismatch_(mismatch) {}

    Conversion measure(PyObject* object) {
        const std::size_t depth = path_.size();
        if (is_sequence(object)) return measure_items(object, depth);
        if (is_array(object)) return measure_array(reinterpret_cast<PyArrayObject*>(object), depth);
        if (const Conversion end = meet_end(depth); end != Conversion::Done) return end;
        return promote_item(object);
    }

    // Without items, the list itself says nothing of a dtype: float64, as NumPy has it.
    Conversion finish() {
        if (!out_.natural_dtype) out_.natural_dtype = Owned<PyArray_Descr>::share(find_builtin({'f', false, 8}));
        return Conversion::Done;
    }

  private:
    Conversion measure_items(PyObject* sequence, std::size_t depth) {
        const Py_ssize_t length = length_of(sequence);
        if (length < 0) return Conversion::PythonError;  // a range too long for an index
        if (const Conversion met = meet_extent(depth, length); met != Conversion::Done) return met;
        for (Py_ssize_t i = 0; i < length; ++i) {
            const Owned<> item = item_of(sequence, i);
            if (!item) return refuse_gone(mismatch_);
            path_.push_back(i);
            const Conversion measured = measure(item.get());
            path_.pop_back();
            if (measured != Conversion::Done) return measured;
        }
        // Below an empty list nothing can be seen: it is the end on its way.
        return length == 0 ? meet_end(depth + 1) : Conversion::Done;
    }

    Conversion measure_array(PyArrayObject* array, std::size_t depth) {
        for (int axis = 0; axis < PyArray_NDIM(array); ++axis) {
            const Conversion met = meet_extent(depth + static_cast<std::size_t>(axis), PyArray_DIM(array, axis));
            if (met != Conversion::Done) return met;
        }
        if (const Conversion end = meet_end(depth + static_cast<std::size_t>(PyArray_NDIM(array))); end != Conversion::Done) return end;
        return promote(PyArray_DESCR(array));
    }

    Conversion meet_extent(std::size_t depth, Py_ssize_t extent) {
        if (depth >= most_axes) return refuse(mismatch_, MismatchKind::Ndim, "is nested more than " + std::to_string(most_axes) + " deep");
        if (depth == out_.shape.size() && !end_is_known_) {
            out_.shape.push_back(extent);
            return Conversion::Done;
        }
        if (depth < out_.shape.size() && out_.shape[depth] == extent) return Conversion::Done;
        if (depth >= out_.shape.size()) return refuse_ragged("is a sequence", "a number");
        return refuse_ragged("has length " + std::to_string(extent), "length " + std::to_string(out_.shape[depth]));
    }

    Conversion meet_end(std::size_t depth) {
        end_is_known_ = true;
        return depth == out_.shape.size() ? Conversion::Done : refuse_ragged("is a number", "a sequence");
    }

    Conversion refuse_ragged(const std::string& found, const std::string& wanted) {
        return refuse(mismatch_, MismatchKind::Shape,
                      "is ragged: the item" + show_path(path_) + " " + found + ", not " + wanted + " as the others");
    }

    Conversion promote_item(PyObject* item) {
        if (Py_TYPE(item) == last_type_) return Conversion::Done;  // long lists are mostly of one type
        last_type_ = PyFloat_CheckExact(item) || PyLong_CheckExact(item) ? Py_TYPE(item) : nullptr;
        DType dtype;
        if (PyBool_Check(item))
            dtype = {'b', false, 1};
        else if (PyLong_Check(item))
            dtype = {'i', false, 8};
        else if (PyArray_IsScalar(item, Generic) || PyArray_Check(item))
            return promote(Owned<PyArray_Descr>::steal(describe(item)).get());
        else if (PyFloat_Check(item))
            dtype = {'f', false, 8};
        else if (PyComplex_Check(item))
            dtype = {'c', false, 16};
        else if (PyIndex_Check(item))
            dtype = {'i', false, 8};
        else
            return refuse(mismatch_, MismatchKind::Object, "holds " + describe_object(item) + show_path(path_) + ", which is no number");
        return promote(find_builtin(dtype));
    }

    static PyArray_Descr* describe(PyObject* item) {
        if (!PyArray_Check(item)) return PyArray_DescrFromScalar(item);
        PyArray_Descr* descr = PyArray_DESCR(reinterpret_cast<PyArrayObject*>(item));
        Py_INCREF(descr);
        return descr;
    }

    Conversion promote(PyArray_Descr* descr) {
        if (descr == nullptr) return Conversion::PythonError;
        if (descr == out_.natural_dtype.get()) return Conversion::Done;
        PyArray_Descr* builtin = find_builtin(read_dtype(descr));
        if (builtin == nullptr)
            return refuse(mismatch_, MismatchKind::Dtype, "holds " + show_dtype(descr) + show_path(path_) + ", which is no number");
        if (!out_.natural_dtype) {
            out_.natural_dtype = Owned<PyArray_Descr>::share(builtin);
            return Conversion::Done;
        }
        out_.natural_dtype = Owned<PyArray_Descr>::steal(PyArray_PromoteTypes(out_.natural_dtype.get(), builtin));
        return out_.natural_dtype ? Conversion::Done : Conversion::PythonError;
    }

    SequenceShape& out_;
    Mismatch& mismatch_;
    std::vector<Py_ssize_t> path_;
    PyTypeObject* last_type_ = nullptr;  // borrowed, only compared: already part of natural_dtype
    bool end_is_known_ = false;          // an item that is no sequence was met: no more axes
};

class Filler {
  public:
    Filler(PyArrayObject* to, bool& ran_foreign_code, Mismatch& mismatch)
        : to_(to),
          dtype_(read_dtype(PyArray_DESCR(to))),
          scalar_(make_scalar(dtype_)),
          ran_foreign_code_(ran_foreign_code),
          mismatch_(mismatch) {}

    Conversion fill(PyObject* object, std::byte* at) {
        const auto depth = static_cast<int>(path_.size());
        if (is_array(object)) return fill_array(reinterpret_cast<PyArrayObject*>(object), at);
        if (depth == PyArray_NDIM(to_)) return fill_item(object, at);
        if (!is_sequence(object) || length_of(object) != PyArray_DIM(to_, depth)) return refuse_change(mismatch_);
        for (Py_ssize_t i = 0; i < PyArray_DIM(to_, depth); ++i) {
            const Owned<> item = item_of(object, i);
            if (!item) return refuse_gone(mismatch_);
            path_.push_back(i);
            // SAFETY: i is below the extent of this axis of our own array.
            const Conversion filled = fill(item.get(), at + i * PyArray_STRIDE(to_, depth));
            path_.pop_back();
            if (filled != Conversion::Done) return filled;
        }
        return Conversion::Done;
    }

  private:
    Conversion fill_item(PyObject* item, std::byte* at) {
        if (is_sequence(item)) return refuse_change(mismatch_);
        ran_foreign_code_ |= asks_index(item);
        const Stored stored = store_number_object(scalar_, item, at);
        if (stored == Stored::Done) return Conversion::Done;
        return stored == Stored::PythonError ? Conversion::PythonError : refuse_item(stored, item);
    }

    Conversion refuse_item(Stored stored, PyObject* item) {
        const std::string item_text = "holds " + describe_object(item) + show_path(path_);
        const std::string name = name_dtype(dtype_);
        switch (stored) {
            case Stored::DoesNotFit: return refuse(mismatch_, MismatchKind::Range, item_text + ", which does not fit " + name);
            case Stored::NotExact: return refuse(mismatch_, MismatchKind::Range, item_text + ", which " + name + " cannot hold exactly");
            case Stored::Masked: return refuse(mismatch_, MismatchKind::Object, "is masked" + show_path(path_));
            default: break;
        }
        return refuse(mismatch_, is_number(item) ? MismatchKind::Dtype : MismatchKind::Object,
                      item_text + ", which is not converted to " + name);
    }

    // The rest of the axes belongs to this item.
    Conversion fill_array(PyArrayObject* array, std::byte* at) {
        const auto depth = static_cast<int>(path_.size());
        const int ndim = PyArray_NDIM(to_) - depth;
        const int masked = has_masked_elements(reinterpret_cast<PyObject*>(array));  // first: a mask may be a property
        if (masked != 0) return masked < 0 ? Conversion::PythonError : refuse_item(Stored::Masked, reinterpret_cast<PyObject*>(array));
        if (PyArray_NDIM(array) != ndim || !PyArray_CompareLists(PyArray_DIMS(array), PyArray_DIMS(to_) + depth, ndim))
            return refuse_change(mismatch_);
        Py_INCREF(PyArray_DESCR(to_));
        // SAFETY: a part of `to`, with its strides; it does not outlive this function.
        const auto part = Owned<PyArrayObject>::steal(
            reinterpret_cast<PyArrayObject*>(PyArray_NewFromDescr(&PyArray_Type, PyArray_DESCR(to_), ndim, PyArray_DIMS(to_) + depth,
                                                                  PyArray_STRIDES(to_) + depth, at, NPY_ARRAY_WRITEABLE, nullptr)));
        if (!part) return Conversion::PythonError;
        std::string prefix;
        for (const Py_ssize_t index : path_) prefix += std::to_string(index) + ", ";
        return convert_elements(array, part.get(), prefix, mismatch_);
    }

    PyArrayObject* to_;
    DType dtype_;
    Scalar scalar_;
    bool& ran_foreign_code_;
    Mismatch& mismatch_;
    std::vector<Py_ssize_t> path_;
};

}  // namespace

Conversion measure_sequence(PyObject* object, SequenceShape& sequence, Mismatch& mismatch) {
    Measurer measurer(sequence, mismatch);
    const Conversion measured = measurer.measure(object);
    return measured == Conversion::Done ? measurer.finish() : measured;
}

Conversion fill_from_sequence(PyObject* object, PyArrayObject* to, bool& ran_foreign_code, Mismatch& mismatch) {
    return Filler(to, ran_foreign_code, mismatch).fill(object, static_cast<std::byte*>(PyArray_DATA(to)));
}

}  // namespace ndcall
