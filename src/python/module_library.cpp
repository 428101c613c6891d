// A library, and the verdicts on its functions.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/set.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <set>

#include "plan/describe.hpp"
#include "python/attributes.hpp"
#include "python/function_object.hpp"
#include "python/module_parts.hpp"
#include "python/review.hpp"

namespace nb = nanobind;

namespace ndcall {

namespace {

// By VerdictKind; the command line prints them, and they are documented there.
constexpr const char* verdict_names[] = {"callable", "lacks a contract", "refused", "wrong contract", "lacks symbol", "line of nothing"};

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
            if (offer.is_given && has_symbols(offer)) demand_function(attributes_[offer.name.c_str()]);
    }

    nb::dict attributes() const { return attributes_; }

    // Attributes hold functions, these their ndcall.Library, and that holds this: a circle that only a garbage collection opens. It does so
    // at the dictionary of attributes, through which each such circle goes.
    static int traverse(PyObject* self, visitproc visit, void* arg) {
        Py_VISIT(Py_TYPE(self));
        if (nb::inst_ready(self)) Py_VISIT(nb::inst_ptr<CoreLibrary>(self)->attributes_.ptr());
        return 0;
    }

    std::vector<std::string> paths() const { return library_->list_paths(); }

    std::vector<Verdict> review() const {
        return ndcall::review(*library_, [this](const std::string& function) { return !selected_ || selected_->contains(function); });
    }

    std::string show() const {
        std::string text;
        for (const nb::handle value : nb::list(attributes_.values())) {  // of our own: telling of a function may run code
            if (!Py_IS_TYPE(value.ptr(), get_function_type())) continue;
            text += std::string(nb::repr(value).c_str()) + "\n";
        }
        return text;
    }

    std::string show_function(nb::handle object) const {
        FunctionState* state = resolve_function(need_function(object.ptr()));
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
    // A file of contracts serves several versions of a library: what this one lacks is told when it is called.
    bool has_symbols(const Offer& offer) const {
        return std::all_of(offer.members.begin(), offer.members.end(), [this](const Offer::Member& member) {
            const FunctionDeclaration& function = *member.function;
            return function.is_static || !function.invalid.empty() || library_->find_symbol(function.symbol) != nullptr;
        });
    }

    // A contract that the caller gave must bind.
    static void demand_function(nb::handle function) {
        if (!resolve_function(need_function(function.ptr()))) throw nb::python_error();
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

PyType_Slot library_slots[] = {{Py_tp_traverse, reinterpret_cast<void*>(CoreLibrary::traverse)}, {0, nullptr}};

}  // namespace

void add_library(nb::module_& module) {
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
    nb::class_<CoreLibrary>(module, "CoreLibrary", nb::type_slots(library_slots))
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
}

}  // namespace ndcall
