// ndcall._core, part by part: each adds its classes and functions. All of it is cold, by nanobind.
#pragma once

#include <nanobind/nanobind.h>

#include <memory>
#include <string>
#include <tuple>

#include "plan/registry.hpp"
#include "saved/saved.hpp"

namespace ndcall {

struct ParsedDeclarations {
    std::shared_ptr<const Declarations> value;
    std::shared_ptr<const SavedLibrary> saved;  // null: they come from the reader
    std::string origin;
};

using FileRow = std::tuple<bool, std::string, std::string>;  // the members of SavedFile

[[noreturn]] void raise_python(const char* exception, const std::string& text);

// C's text is in any encoding.
nanobind::object decode_text(const std::string& raw);

// The contracts of call and files; those in comments are the lowest, and a saved library has its own in their place. BindError.
Registry make_registry_of(const ParsedDeclarations& declarations, const nanobind::list& contracts);

void add_declarations(nanobind::module_& module);  // module_declarations.cpp: what was read, saved, asserted, drafted
void add_library(nanobind::module_& module);       // module_library.cpp: a library, and the verdicts on its functions
void add_functions(nanobind::module_& module);     // module_functions.cpp: what a function tells of itself, and mismatches
void add_ctypes(nanobind::module_& module);        // module_ctypes.cpp: functions of ctypes libraries
void add_system(nanobind::module_& module);        // module_system.cpp: processes, C's own output, the target

}  // namespace ndcall
