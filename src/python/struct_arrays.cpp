#include "python/struct_arrays.hpp"

#include "python/numpy_api.hpp"
#include "python/struct_members.hpp"

namespace ndcall {

ArrayFacts read_facts(PyArrayObject* array) {
    ArrayFacts facts;
    facts.descr = Owned<>::share(reinterpret_cast<PyObject*>(PyArray_DESCR(array)));
    facts.numbers = {reinterpret_cast<std::intptr_t>(PyArray_DATA(array)),
                     PyArray_FLAGS(array) & (NPY_ARRAY_WRITEABLE | NPY_ARRAY_ALIGNED)};
    facts.numbers.insert(facts.numbers.end(), PyArray_DIMS(array), PyArray_DIMS(array) + PyArray_NDIM(array));
    facts.numbers.insert(facts.numbers.end(), PyArray_STRIDES(array), PyArray_STRIDES(array) + PyArray_NDIM(array));
    return facts;
}

HeldMemory hold_memory(PyObject* object) {
    const StructObject* record = reinterpret_cast<StructObject*>(object);
    HeldMemory held;
    for (const Owned<>& array : *record->arrays) held.arrays.push_back(Owned<>::share(array.get()));
    held.tables = *record->tables;
    return held;
}

Conversion find_changed(PyObject* object, const std::string& argument, Mismatch& mismatch) {
    const StructObject* record = reinterpret_cast<StructObject*>(object);
    if (record->facts->empty()) return Conversion::Done;
    const std::shared_ptr<const Plan> plan = find_struct_plan(*record->layout);
    if (!plan) return Conversion::PythonError;
    for (std::size_t i = 0; i < record->facts->size() && i < plan->arrays.size(); ++i) {
        PyObject* array = (*record->arrays)[i].get();
        if (!array) continue;
        const ArrayFacts now = read_facts(reinterpret_cast<PyArrayObject*>(array));
        const ArrayFacts& then = (*record->facts)[i];
        if (now.descr.get() == then.descr.get() && now.numbers == then.numbers) continue;
        const std::string member = argument + "." + plan->arrays[i].name;
        mismatch.problem = "holds an array in '" + plan->arrays[i].name + "' whose memory, shape, dtype or flags were changed since";
        mismatch.fix = member + " = ...   (the array again, as it is now)";
        return Conversion::Refused;
    }
    return Conversion::Done;
}

}  // namespace ndcall
