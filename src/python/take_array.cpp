#include "python/take_array.hpp"

#include "call/explain.hpp"
#include "call/frame.hpp"
#include "call/widening.hpp"
#include "plan/types.hpp"
#include "python/array_refusal.hpp"
#include "python/convert_array.hpp"
#include "python/describe_object.hpp"
#include "python/dtype.hpp"
#include "python/numpy_classes.hpp"
#include "python/open_array.hpp"
#include "python/sequence.hpp"

namespace ndcall {
namespace {

// A named step becomes a number of C's: one that its type cannot hold is C's to be spared, by a copy.
std::string judge_told_steps(const Plan& plan, const Array& demand, const ArrayView& view) {
    for (std::size_t axis = 0; axis < demand.axes.size() && axis < view.ndim; ++axis) {
        const Axis& rule = demand.axes[axis];
        if (rule.step_value == no_program) continue;
        const Node& node = plan.programs.nodes[rule.step_value];
        if (node.kind != NodeKind::Cell) continue;
        std::ptrdiff_t step = step_of(demand, view, static_cast<int>(axis));
        if (rule.step == StepRule::Elements) step /= static_cast<std::ptrdiff_t>(view.dtype.itemsize);
        RawCell scratch;
        if (!store_number(plan.cells[node.index].type, scratch.bytes, Number::of(step)))
            return "has a step of " + std::to_string(step) + " along axis " + std::to_string(axis) + ", which does not fit " +
                   plan.cells[node.index].ctype;
    }
    return {};
}

// One argument on its way to C.
class Taker {
  public:
    Taker(const Plan& plan, const Array& demand, const TakeOptions& options, TakenArray& taken, Mismatches& mismatches)
        : plan_(plan), demand_(demand), options_(options), taken_(taken), mismatches_(mismatches) {}

    Conversion take_memory(PyObject* object) {
        if (!PyArray_Check(object)) return refuse_object(object, say_not_an_array(object), write_array_of(object));
        taken_.ran_foreign_code |= !PyArray_CheckExact(object);  // its class is looked up in modules that may be anybody's
        const int matrix = is_matrix(object), masked = matrix == 0 ? is_masked_array(object) : 0;
        if (matrix < 0 || masked < 0) return Conversion::PythonError;
        if (matrix > 0)
            return refuse_object(object, "is a matrix, which C does not write",
                                 assign("np.asarray(" + name() + ")", "the same memory, no copy"));
        if (masked > 0) return refuse_object(object, "is a MaskedArray, whose mask C does not keep", "");
        taken_.array = Owned<PyArrayObject>::share(reinterpret_cast<PyArrayObject*>(object));
        const Examination examination = look();
        if (examination.fits()) return Conversion::Done;
        refuse_memory(describe(examination), mismatches_);
        return Conversion::Refused;
    }

    Conversion take_input(PyObject* object) {
        if (is_sequence(object) || is_number(object)) return take_sequence(object);
        Mismatch mismatch;
        const Conversion opened = open_array(object, find_raw_dtype(), taken_.array, taken_.ran_foreign_code, mismatch);
        const bool is_text = PyUnicode_Check(object) && find_raw_dtype() != nullptr;
        if (is_text && opened == Conversion::Refused) mismatch.fix = assign(name() + ".encode()", "bytes of UTF-8");
        if (opened != Conversion::Done) return finish(opened, mismatch, object);
        taken_.ran_foreign_code |= !PyArray_CheckExact(taken_.array.object());  // a mask may be a property
        const int masked = has_masked_elements(taken_.array.object());
        if (masked < 0) return Conversion::PythonError;
        if (masked > 0) return refuse_object(object, "has masked elements", write_filled());
        return place();
    }

    Conversion check_again() {
        if (look().fits()) return Conversion::Done;
        return refuse_object(taken_.array.object(), "was changed by code that ran while the arguments were read", "");
    }

  private:
    std::string name() const { return std::string(options_.name); }

    // "x = CODE   (price)"; nothing where the argument is a member: no line assigns to it.
    std::string assign(const std::string& code, const std::string& price) const {
        return name().find('.') != std::string::npos ? std::string() : name() + " = " + code + "   (" + price + ")";
    }

    Conversion refuse_object(PyObject* object, std::string problem, std::string fix, MismatchKind kind = MismatchKind::Object) {
        const bool is_array = PyArray_Check(object);
        std::string got = is_array ? describe_array(view_array(reinterpret_cast<PyArrayObject*>(object))) : describe_object(object);
        Mismatch& mismatch = mismatches_.emplace_back(begin_mismatch(plan_, demand_, options_, std::move(got)));
        mismatch.kind = kind;
        mismatch.problem = std::move(problem);
        mismatch.fix = std::move(fix);
        return Conversion::Refused;
    }

    // What a part found out, with what only the whole knows.
    Conversion finish(Conversion conversion, Mismatch& mismatch, PyObject* object) {
        if (conversion == Conversion::Refused) refuse_object(object, std::move(mismatch.problem), std::move(mismatch.fix), mismatch.kind);
        return conversion;
    }

    Examination look() const {
        const ArrayView view = view_array_for(demand_, taken_.array.get());
        DType like;
        if (options_.like != nullptr) like = read_dtype(options_.like);
        Examination examination = examine(demand_, view, options_.like != nullptr ? &like : nullptr);
        const bool is_like_struct = demand_.dtype_rule == DTypeRule::Like && options_.like != nullptr && like.kind == 'V';
        if (is_like_struct) examination.dtype = are_equivalent(PyArray_DESCR(taken_.array.get()), options_.like);
        // SAFETY of `any`: memory with objects in it is nobody's but Python's.
        if (PyDataType_REFCHK(PyArray_DESCR(taken_.array.get()))) examination.dtype = false;
        if (examination.ndim && examination.layout) {
            examination.layout_problem = judge_told_steps(plan_, demand_, view);
            examination.layout = examination.layout_problem.empty();
        }
        return examination;
    }

    RefusedArray describe(const Examination& examination) const {
        return {plan_, demand_, options_, taken_.array.get(), find_descr(demand_, options_.like), examination};
    }

    bool contract_copies() const { return demand_.copied || demand_.from_one; }

    // Numbers alone, and only to a dtype that the demand names: `any` takes what it takes.
    bool is_converted(PyArray_Descr* source) const {
        PyArray_Descr* target = find_descr(demand_, options_.like);
        if (target == nullptr || find_builtin(read_dtype(source)) == nullptr) return false;
        return find_widening(read_dtype(source), read_dtype(target)) != Widening::Never;
    }

    // The array as it is, or a copy of it.
    Conversion place() {
        const Examination examination = look();
        PyArray_Descr* source = PyArray_DESCR(taken_.array.get());
        PyArray_Descr* target = find_target(source);
        const bool is_convertible = examination.dtype || is_converted(source);
        if (!is_convertible || !examination.ndim) {
            Examination shown = examination;
            shown.dtype = is_convertible;  // what would be converted is nothing to complain of
            refuse_input(describe(shown), mismatches_);
            return Conversion::Refused;
        }
        if (examination.fits() && !contract_copies()) return Conversion::Done;
        if (!contract_copies()) {
            if (!options_.copies_allowed) {
                refuse_copy(describe(examination), mismatches_);
                return Conversion::Refused;
            }
            taken_.copy_reason = name_copy_reason(describe(examination));
        }
        return copy(target);
    }

    Conversion copy(PyArray_Descr* target) {
        PyArrayObject* source = taken_.array.get();
        auto copied = make_array(target, PyArray_NDIM(source), PyArray_DIMS(source), demand_.fortran, false);
        if (!copied) return Conversion::PythonError;
        Mismatch mismatch;
        Conversion converted = convert_elements(source, copied.get(), "", mismatch);
        if (converted != Conversion::Done) return finish(converted, mismatch, taken_.array.object());
        return keep(std::move(copied), taken_.array.object());
    }

    // The copy takes its place; C counts from one where the contract says so.
    Conversion keep(Owned<PyArrayObject> copied, PyObject* object) {
        Mismatch mismatch;
        const Conversion shifted = demand_.from_one ? shift_elements(copied.get(), 1, mismatch) : Conversion::Done;
        if (shifted != Conversion::Done) return finish(shifted, mismatch, object);
        taken_.array = std::move(copied);
        taken_.copied = true;
        return Conversion::Done;
    }

    Conversion take_sequence(PyObject* object) {
        Mismatch mismatch;
        SequenceShape sequence;
        const Conversion measured = measure_sequence(object, sequence, mismatch);
        if (measured != Conversion::Done) return finish(measured, mismatch, object);
        PyArray_Descr* target = find_target(sequence.natural_dtype.get());
        if (target == nullptr || find_builtin(read_dtype(target)) == nullptr)
            return refuse_object(object, "is " + describe_type(object) + ", which is not converted to " + demand_.dtype_name, "",
                                 MismatchKind::Dtype);
        if (!demand_.any_shape && sequence.shape.size() != demand_.axes.size())
            return refuse_object(object, say_ndim(sequence.shape.size(), demand_), "", MismatchKind::Ndim);
        if (!options_.copies_allowed && !contract_copies() && is_sequence(object))
            return refuse_object(object, "is " + describe_type(object) + " and would be copied", write_array_of(object),
                                 MismatchKind::Layout);
        auto made = make_array(target, static_cast<int>(sequence.shape.size()), sequence.shape.data(), demand_.fortran, true);
        if (!made) return Conversion::PythonError;
        const Conversion filled = fill_from_sequence(object, made.get(), taken_.ran_foreign_code, mismatch);
        if (filled != Conversion::Done) return finish(filled, mismatch, object);
        if (!contract_copies()) taken_.copy_reason = "is " + describe_type(object);
        return keep(std::move(made), object);
    }

    // The dtype of a copy: native, and the demanded one where the demand knows it.
    PyArray_Descr* find_target(PyArray_Descr* source) const {
        PyArray_Descr* target = find_descr(demand_, options_.like);
        if (target != nullptr) return target;
        PyArray_Descr* builtin = find_builtin(read_dtype(source));
        return builtin != nullptr ? builtin : source;
    }

    // bytes and the like are memory for a dtype of one byte.
    PyArray_Descr* find_raw_dtype() const {
        PyArray_Descr* target = find_descr(demand_, options_.like);
        if (target == nullptr) return find_builtin({'u', false, 1});
        const DType dtype = read_dtype(target);
        return (dtype.kind == 'u' || dtype.kind == 'i') && dtype.itemsize == 1 ? target : nullptr;
    }

    static std::string say_not_an_array(PyObject* object) {
        return object == Py_None ? "is None" : "is " + describe_type(object) + ", and C writes only into an ndarray";
    }

    // "x = np.array(x, np.float64)", when that would be an array that fits and no item changes.
    std::string write_array_of(PyObject* object) const {
        PyArray_Descr* target = find_descr(demand_, options_.like);
        if (!is_sequence(object) || target == nullptr) return {};
        TakenArray made;
        Mismatches unsaid;
        Array demand = demand_;
        demand.from_one = false;
        const TakeOptions options{options_.name, true, options_.like};
        Taker taker(plan_, demand, options, made, unsaid);
        if (taker.take_sequence(object) != Conversion::Done) {
            PyErr_Clear();  // the message goes without a fix
            return {};
        }
        const std::string dtype = write_dtype(target);
        if (dtype.empty()) return {};
        const bool needs_order = demand_.fortran && PyArray_NDIM(made.array.get()) > 1;
        const bool is_written = demand_.written && !demand_.copied;
        return assign("np.array(" + name() + ", " + dtype + (needs_order ? ", order=\"F\")" : ")"),
                      is_written ? "results go to the array" : "once, outside the call");
    }

    std::string write_filled() const {
        const char kind = PyArray_DESCR(taken_.array.get())->kind;
        if (kind != 'f' && kind != 'c') return {};
        return assign(name() + ".filled(np.nan)", "a copy; masked elements become nan");
    }

    const Plan& plan_;
    const Array& demand_;
    const TakeOptions& options_;
    TakenArray& taken_;
    Mismatches& mismatches_;
};

}  // namespace

Conversion take_array(const Plan& plan, const Array& demand, PyObject* object, const TakeOptions& options, TakenArray& taken,
                      Mismatches& mismatches) {
    Taker taker(plan, demand, options, taken, mismatches);
    return demand.written && !demand.copied ? taker.take_memory(object) : taker.take_input(object);
}

Conversion check_again(const Plan& plan, const Array& demand, const TakeOptions& options, TakenArray& taken, Mismatches& mismatches) {
    return Taker(plan, demand, options, taken, mismatches).check_again();
}

PyArray_Descr* find_descr(const Array& demand, PyArray_Descr* like) {
    if (demand.dtype_rule == DTypeRule::Any) return nullptr;
    if (demand.dtype_rule == DTypeRule::Like) {
        PyArray_Descr* builtin = like == nullptr ? nullptr : find_builtin(read_dtype(like));
        return builtin != nullptr ? builtin : like;
    }
    // SAFETY: src/python fills identity with descriptors only.
    auto* identity = static_cast<PyArray_Descr*>(const_cast<void*>(demand.identity));
    return identity != nullptr ? identity : find_builtin(demand.dtype);
}

Owned<PyArrayObject> allocate_result(const Array& demand, PyArray_Descr* descr, std::span<const std::ptrdiff_t> shape) {
    return make_array(descr, static_cast<int>(shape.size()), shape.data(), demand.fortran, !demand.unset);
}

}  // namespace ndcall
