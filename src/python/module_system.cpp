// Processes, C's own output, the target.
#include <nanobind/stl/string.h>

#include <cerrno>
#include <cstdio>
#include <string>
#include <system_error>
#include <vector>

#include "platform/child_process.hpp"
#include "python/module_parts.hpp"
#include "saved/target.hpp"

namespace nb = nanobind;

namespace ndcall {

namespace {

std::vector<std::string> copy_bytes(const nb::list& texts) {
    std::vector<std::string> copied;
    for (const auto text : texts) copied.emplace_back(nb::cast<nb::bytes>(text).c_str(), nb::len(text));
    return copied;
}

int start(const nb::list& words, const nb::list& environment, const nb::bytes& folder, int input, int output, int error) {
    try {
        return start_process(copy_bytes(words), copy_bytes(environment), {folder.c_str(), folder.size()}, {input, output, error});
    } catch (const std::system_error& failure) {
        errno = failure.code().value();
        PyErr_SetFromErrnoWithFilename(PyExc_OSError, failure.what());
        throw nb::python_error();
    }
}

}  // namespace

void add_system(nb::module_& module) {
    // What C printed is in a buffer of its own, which Python does not know. Without the GIL: who reads the pipe may need it.
    module.def(
        "flush_output", [] { std::fflush(nullptr); }, nb::call_guard<nb::gil_scoped_release>());
    module.def("flush_output_by_line", [] {
        static char buffer[BUFSIZ];  // our own: that of an unbuffered stdout (python -u) holds one character, and lines would be torn
        std::fflush(stdout);
        std::setvbuf(stdout, buffer, _IOLBF, sizeof buffer);
    });
    module.def("start_process", start);
    module.def("get_own_target", [] { return std::string(get_own_target()); });
    module.def("is_same_target", [](const std::string& a, const std::string& b) { return is_same_target(a, b); });
}

}  // namespace ndcall
