#include "python/texts.hpp"

#include <cstring>

#include "python/describe_object.hpp"

namespace ndcall {

Conversion take_text(const Text&, PyObject* object, std::vector<Owned<>>& kept, const char*& text, Mismatch& mismatch) {
    Py_ssize_t size = 0;
    if (PyUnicode_Check(object)) {
        text = PyUnicode_AsUTF8AndSize(object, &size);
        if (!text) {
            if (!PyErr_ExceptionMatches(PyExc_UnicodeEncodeError)) return Conversion::PythonError;
            PyErr_Clear();
            mismatch.kind = MismatchKind::Range;
            mismatch.problem = "holds a lone surrogate: it cannot be written as UTF-8";
            return Conversion::Refused;
        }
    } else if (PyBytes_Check(object)) {
        text = PyBytes_AS_STRING(object);
        size = PyBytes_GET_SIZE(object);
    } else {
        mismatch.problem = "is " + describe_object(object) + ", not a text";
        mismatch.expected = "str or bytes (const char *)";
        mismatch.got = describe_object(object);
        return Conversion::Refused;
    }
    if (std::strlen(text) != static_cast<std::size_t>(size)) {
        mismatch.kind = MismatchKind::Range;
        mismatch.problem = "holds a zero byte: C would stop there";
        return Conversion::Refused;
    }
    kept.push_back(Owned<>::share(object));
    return Conversion::Done;
}

}  // namespace ndcall
