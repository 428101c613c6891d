// ndcall._core: the cold classes by nanobind, and the types of functions and structs, whose call path is plain C-API.
#define NDCALL_IMPORTS_NUMPY
#include "python/numpy_api.hpp"

#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/set.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <cerrno>
#include <cstdio>
#include <set>
#include <system_error>

#include "call/explain.hpp"
#include "declaration/assertions.hpp"
#include "declaration/text.hpp"
#include "draft/draft.hpp"
#include "plan/describe.hpp"
#include "platform/child_process.hpp"
#include "python/attributes.hpp"
#include "python/fast_call.hpp"
#include "python/function_object.hpp"
#include "python/raise.hpp"
#include "python/review.hpp"
#include "python/struct_object.hpp"
#include "saved/saved.hpp"
#include "saved/target.hpp"
#include "text/nearest.hpp"

namespace nb = nanobind;

namespace ndcall {

namespace {

struct ParsedDeclarations {
    std::shared_ptr<const Declarations> value;
    std::shared_ptr<const SavedLibrary> saved;  // null: they come from the reader
    std::string origin;
};

using FileRow = std::tuple<bool, std::string, std::string>;  // the members of SavedFile

// By MismatchKind.
constexpr const char* mismatch_names[] = {"count", "object", "dtype", "ndim", "shape", "layout", "overlap", "range", "check"};

// By VerdictKind; the command line prints them, and they are documented there.
constexpr const char* verdict_names[] = {"callable", "lacks a contract", "refused", "wrong contract", "lacks symbol", "line of nothing"};

[[noreturn]] void raise_python(const char* exception, const std::string& text) {
    raise_text(exception, text);
    throw nb::python_error();
}

// The contracts of call and files; those in comments are the lowest, and a saved library has its own in their place.
Registry make_registry_of(const ParsedDeclarations& declarations, const nb::list& contracts) {
    try {
        Registry registry = declarations.saved ? make_registry(*declarations.saved, declarations.origin) : Registry(declarations.value);
        for (const nb::handle item : contracts) {
            const auto [rank, origin, text] = nb::cast<std::tuple<int, std::string, nb::object>>(item);
            if (nb::isinstance<nb::str>(text)) {
                registry.add_text(rank == 0 ? Rank::Call : Rank::File, nb::cast<std::string>(text), origin);
                continue;
            }
            const nb::object items = text.attr("items")();
            for (const nb::handle pair : items) registry.add_pair(nb::cast<std::string>(pair[0]), nb::cast<std::string>(pair[1]), origin);
        }
        if (!declarations.saved) registry.add_comments();
        return registry;
    } catch (const TextError& error) {
        raise_python("BindError", error.what());
    } catch (const BindFailure& error) {
        raise_python("BindError", error.what());
    }
}

class CoreLibrary {
  public:
    CoreLibrary(const ParsedDeclarations& declarations, const std::vector<std::string>& paths, const nb::list& contracts,
                std::optional<std::set<std::string>> selected, bool prototypes_by_user, const std::string& copy, const std::string& name,
                const nb::object& owner) {
        Registry registry = make_registry_of(declarations, contracts);
        try {
            library_ = std::make_shared<Library>(std::move(registry), paths, copy == "never" ? CopyPolicy::Never : CopyPolicy::Safe, name);
        } catch (const LibraryError& error) {
            raise_python("LoadError", error.what());
        }
        selected_ = std::move(selected);
        const auto is_selected = [&](const std::string& function) { return !selected_ || selected_->contains(function); };
        if (prototypes_by_user) demand_symbols(is_selected);
        const nb::object unavailable = nb::module_::import_("ndcall._library").attr("Unavailable");
        attributes_ = nb::steal<nb::dict>(make_attributes(library_, is_selected, owner.ptr(), unavailable.ptr()));
        if (!attributes_.is_valid()) throw nb::python_error();
        if (!library_->registry().has_given()) return;
        for (const Offer& offer : library_->registry().list_offers(is_selected))
            if (offer.is_given) demand_function(attributes_[offer.name.c_str()]);
    }

    nb::dict attributes() const { return attributes_; }
    std::vector<std::string> paths() const { return library_->list_paths(); }

    std::vector<Verdict> review() const {
        return ndcall::review(*library_, [this](const std::string& function) { return !selected_ || selected_->contains(function); });
    }

    std::string show() const {
        std::string text;
        for (const auto& [name, value] : attributes_) {
            if (!Py_IS_TYPE(value.ptr(), get_function_type())) continue;
            text += std::string(nb::repr(value).c_str()) + "\n";
        }
        return text;
    }

    std::string show_function(nb::handle object) const {
        FunctionState* state = resolve_function(reinterpret_cast<FunctionObject*>(object.ptr()));
        if (!state) throw nb::python_error();
        std::string text;
        for (const auto& member : state->members) {
            std::vector<std::string> places;
            for (const ValuePlace& place : member->layout.parameters) places.push_back(describe_place(place));
            places.push_back(describe_result_place(member->layout.result));
            const Plan& plan = *member->plan;
            text += (text.empty() ? "" : "\n") + describe_signature(plan) + "\n";
            text += "  declared  " + plan.declaration + "   (" + plan.source + ")\n";
            text += "  contract  " +
                    (plan.contract.empty() ? "none: the declaration says it all" : plan.contract + "   (" + plan.contract_origin + ")") +
                    "\n";
            text += "  library   " + member->provider + "\n";
            text += "  path      " + std::string(member->fast ? "straight through" : "general walk") + ", " +
                    (member->layout.ffi ? "libffi" : "own trampoline") + "\n\n";
            text += describe_plan(plan, places);
        }
        return text;
    }

    // The text of a saved library.
    nb::bytes save(const std::vector<FileRow>& rows) const {
        std::vector<SavedFile> files;
        for (const auto& [is_beside, name, proof] : rows) files.push_back({is_beside, name, proof});
        const auto is_selected = [&](const std::string& function) { return !selected_ || selected_->contains(function); };
        try {
            const std::string text = print_saved(files, library_->registry(), is_selected);
            return nb::bytes(text.data(), text.size());
        } catch (const BindFailure& error) {
            raise_python("BindError", error.what());
        }
    }

  private:
    // A contract that the caller gave must bind.
    static void demand_function(nb::handle function) {
        if (!resolve_function(reinterpret_cast<FunctionObject*>(function.ptr()))) throw nb::python_error();
    }

    // Prototypes that the user typed are for symbols that he expects.
    void demand_symbols(const std::function<bool(const std::string&)>& selected) const {
        for (const FunctionDeclaration& function : library_->declarations().functions) {
            if (!selected(function.name) || library_->find_symbol(function.symbol)) continue;
            std::string places;
            for (const std::string& path : library_->list_paths()) places += (places.empty() ? "" : ", ") + path;
            raise_python("LoadError", "the symbol '" + function.symbol + "' is not in " + places + "\n  declared  " + function.text);
        }
    }

    std::shared_ptr<Library> library_;
    std::optional<std::set<std::string>> selected_;
    nb::dict attributes_;
};

using ParameterRow = std::tuple<std::string, int, std::string, std::string>;

// (name, 0 position only / 1 either / 2 keyword only, annotation, default or "") of each member: for inspect.signature.
std::vector<std::vector<ParameterRow>> list_parameters(nb::handle object) {
    FunctionState* state = resolve_function(reinterpret_cast<FunctionObject*>(object.ptr()));
    if (!state) throw nb::python_error();
    std::vector<std::vector<ParameterRow>> members;
    for (const auto& member : state->members) {
        members.emplace_back();
        for (const PythonParameter& parameter : describe_parameters(*member->plan))
            members.back().emplace_back(parameter.name, static_cast<int>(parameter.passing), parameter.annotation, parameter.default_text);
    }
    return members;
}

// (C, claim in words, file, line or 0) of each.
std::vector<std::tuple<std::string, std::string, std::string, std::uint32_t>> list_assertions(const ParsedDeclarations& parsed) {
    std::vector<std::tuple<std::string, std::string, std::string, std::uint32_t>> rows;
    for (const Assertion& assertion : assert_facts(*parsed.value))
        rows.emplace_back(assertion.code, assertion.claim, parsed.value->files.at(assertion.location.file), assertion.location.line);
    return rows;
}

// The parts of what a function is, for whoever lays them out anew: a dict per member. Where it cannot be called, `problem` says why, and only
// what C says is there.
nb::list describe_function(nb::handle object) {
    auto* function = reinterpret_cast<FunctionObject*>(object.ptr());
    const bool is_bound = resolve_function(function) != nullptr;
    if (!is_bound && (!function->state || (*function->state)->problem.empty())) throw nb::python_error();
    if (!is_bound) PyErr_Clear();
    const FunctionState& state = **function->state;
    const auto text = [](const std::string& raw) {  // C's comments are in any encoding
        return nb::steal(PyUnicode_DecodeUTF8(raw.data(), static_cast<Py_ssize_t>(raw.size()), "replace"));
    };
    nb::list members;
    for (std::size_t i = 0; i < state.offer.members.size(); ++i) {
        const FunctionDeclaration& declared = *state.offer.members[i].function;
        nb::dict member;
        member["declaration"] = text(declared.text);
        const std::string& path = state.library->declarations().files.at(declared.location.file);
        member["path"] = nb::steal(PyUnicode_DecodeFSDefaultAndSize(path.data(), static_cast<Py_ssize_t>(path.size())));
        member["line"] = declared.location.line;
        member["problem"] = text(is_bound ? "" : state.problem);
        const Plan* plan = is_bound ? state.members[i]->plan.get() : nullptr;
        member["signature"] = text(plan ? describe_signature(*plan) : "");
        member["contract"] = text(plan ? plan->contract : "");
        member["origin"] = text(plan ? plan->contract_origin : "");
        member["comment"] = text(plan ? plan->comment : "");
        members.append(member);
    }
    return members;
}

// C's text is in any encoding.
nb::object decode_text(const std::string& raw) {
    return nb::steal(PyUnicode_DecodeUTF8(raw.data(), static_cast<Py_ssize_t>(raw.size()), "replace"));
}

using DraftRow = std::tuple<std::string, std::string, std::string, std::string, std::vector<std::string>, std::string, nb::object>;

// (name, kind, certainty, line, reasons, obstacle, declaration) of each function, and the lines of handles with their reasons.
std::pair<std::vector<DraftRow>, std::vector<std::pair<std::string, std::string>>> draft_lines(
    const ParsedDeclarations& declarations, const nb::list& contracts, const std::optional<std::set<std::string>>& selected) {
    static constexpr const char* kinds[] = {"line", "needless", "given", "refused"};  // by Draft::Kind
    const Registry registry = make_registry_of(declarations, contracts);
    const Drafter drafter(registry);
    std::vector<DraftRow> rows;
    for (const FunctionDeclaration& function : declarations.value->functions) {
        if (selected && !selected->contains(function.name)) continue;
        const Draft draft = drafter.draft(function);
        rows.emplace_back(function.name, kinds[static_cast<std::size_t>(draft.kind)], name_certainty(draft.certainty), draft.line,
                          draft.reasons, draft.obstacle, decode_text(function.text));
    }
    std::vector<std::pair<std::string, std::string>> handles;
    for (const HandleDraft& handle : drafter.list_handles()) handles.emplace_back(handle.line, handle.reason);
    return {rows, handles};
}

ParsedDeclarations parse_text(const nb::bytes& text, const std::string& origin) {
    try {
        return {std::make_shared<const Declarations>(parse_declarations(std::string_view(text.c_str(), text.size()), origin)), {}, origin};
    } catch (const TextError& error) {
        raise_python("ReadError", error.what());
    }
}

ParsedDeclarations parse_saved_text(const nb::bytes& text, const std::string& origin) {
    try {
        auto saved = std::make_shared<const SavedLibrary>(parse_saved(std::string_view(text.c_str(), text.size()), origin));
        return {saved->declarations, saved, origin};
    } catch (const TextError& error) {
        raise_python("ReadError", error.what());
    }
}

std::vector<FileRow> list_saved_files(const ParsedDeclarations& parsed) {
    std::vector<FileRow> rows;
    if (parsed.saved)
        for (const SavedFile& file : parsed.saved->files) rows.emplace_back(file.is_beside, file.name, file.proof);
    return rows;
}

bool refuse_interpreter() {
#ifdef Py_GIL_DISABLED
    PyErr_SetString(PyExc_ImportError, "ndcall is not tested with free-threaded Python yet: use the ordinary build of this version");
    return true;
#else
    if (PyInterpreterState_Get() == PyInterpreterState_Main()) return false;
    PyErr_SetString(PyExc_ImportError, "ndcall is not tested in sub-interpreters yet: import it in the main interpreter");
    return true;
#endif
}

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

int import_numpy() {
    import_array1(-1);
    return 0;
}

}  // namespace

}  // namespace ndcall

NB_MODULE(_core, module) {
    using namespace ndcall;
    if (refuse_interpreter() || import_numpy() < 0 || !make_function_type() || !make_struct_type() || !make_fast_names())
        throw nb::python_error();
    nb::set_leak_warnings(false);  // functions of a library that lives until the interpreter ends
    module.attr("Function") = nb::borrow(reinterpret_cast<PyObject*>(get_function_type()));
    module.attr("__version__") = NDCALL_VERSION;

    nb::class_<Mismatch>(module, "Mismatch")
        .def_prop_ro("kind", [](const Mismatch& mismatch) { return mismatch_names[static_cast<std::size_t>(mismatch.kind)]; })
        .def_ro("argument", &Mismatch::argument)
        .def_ro("position", &Mismatch::position)
        .def_ro("problem", &Mismatch::problem)
        .def_ro("expected", &Mismatch::expected)
        .def_ro("got", &Mismatch::got)
        .def_ro("fix", &Mismatch::fix)
        .def("__repr__", [](const Mismatch& mismatch) { return "<Mismatch " + mismatch.argument + ": " + mismatch.problem + ">"; });
    nb::class_<Report>(module, "Report")
        .def("text", [](const Report& report) { return explain(report.call, report.input_count, report.mismatches); })
        .def_prop_ro("mismatches", [](const Report& report) { return report.mismatches; });
    nb::class_<ParsedDeclarations>(module, "Declarations")
        .def_static("parse", parse_text, nb::arg("text"), nb::arg("origin"))
        .def_static("parse_saved", parse_saved_text, nb::arg("text"), nb::arg("origin"))
        .def_prop_ro("saved_files", list_saved_files)
        .def_prop_ro("hidden",
                     [](const ParsedDeclarations& parsed) { return parsed.saved ? parsed.saved->hidden : std::vector<std::string>(); })
        .def_prop_ro("target", [](const ParsedDeclarations& parsed) { return parsed.value->target; })
        .def_prop_ro("files", [](const ParsedDeclarations& parsed) { return parsed.value->files; })
        .def("assertions", list_assertions)
        .def_prop_ro("function_names", [](const ParsedDeclarations& parsed) {
            std::vector<std::string> names;
            for (const FunctionDeclaration& function : parsed.value->functions) names.push_back(function.name);
            return names;
        });
    nb::class_<Verdict>(module, "Verdict")
        .def_prop_ro("kind", [](const Verdict& verdict) { return verdict_names[static_cast<std::size_t>(verdict.kind)]; })
        .def_ro("name", &Verdict::name)
        .def_ro("signature", &Verdict::signature)
        .def_ro("declaration", &Verdict::declaration)
        .def_ro("contract", &Verdict::contract)
        .def_ro("contract_origin", &Verdict::contract_origin)
        .def_ro("problem", &Verdict::problem)
        .def_ro("cure", &Verdict::cure)
        .def_ro("file", &Verdict::file)
        .def_ro("line", &Verdict::line);
    nb::class_<CoreLibrary>(module, "CoreLibrary")
        .def(nb::init<const ParsedDeclarations&, const std::vector<std::string>&, const nb::list&, std::optional<std::set<std::string>>,
                      bool, const std::string&, const std::string&, nb::object>(),
             nb::kw_only(), nb::arg("declarations"), nb::arg("paths"), nb::arg("contracts"), nb::arg("selected").none(),
             nb::arg("prototypes_by_user"), nb::arg("copy"), nb::arg("name"), nb::arg("owner"))
        .def_prop_ro("attributes", &CoreLibrary::attributes)
        .def_prop_ro("paths", &CoreLibrary::paths)
        .def("review", &CoreLibrary::review)
        .def("save", &CoreLibrary::save, nb::arg("files"))
        .def("show", &CoreLibrary::show)
        .def("show_function", &CoreLibrary::show_function, nb::arg("function"));
    module.def("nearest",
               [](const std::string& name, const std::vector<std::string>& candidates) { return find_nearest(name, candidates); });
    module.def("list_parameters", list_parameters);
    module.def("describe_function", describe_function);
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
    module.def("draft_lines", draft_lines, nb::arg("declarations"), nb::arg("contracts"), nb::arg("selected").none());
    module.def(
        "make_deferred",
        [](const nb::str& name, const std::string&, const nb::object& loader) {
            return nb::steal(make_deferred_function(name.ptr(), loader.ptr()));
        },
        nb::arg("name"), nb::arg("doc"), nb::arg("loader"));
}
