#include "readers/clang/read.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "declaration/scanner.hpp"
#include "readers/clang/functions.hpp"
#include "readers/clang/macros.hpp"
#include "readers/clang/records.hpp"
#include "readers/clang/scope.hpp"
#include "readers/clang/values.hpp"

namespace ndcall::clang {

namespace {

// A prototype typed by hand may use these names without including anything.
constexpr std::array<const char*, 6> stdin_arguments = {"-include", "stddef.h",     "-include",
                                                        "stdint.h", "-Dbool=_Bool", "-Dcomplex=_Complex"};

constexpr const char *list_name = "ndcall-headers.h", *probes_name = "ndcall-probes.c";

std::vector<const char*> make_arguments(const Options& options, bool is_typed) {
    std::vector<const char*> out;
    const auto begins = [&](std::string_view option) {
        return std::any_of(options.arguments.begin(), options.arguments.end(),
                           [&](const std::string& one) { return one.starts_with(option); });
    };
    if (!begins("-x")) out.insert(out.end(), {"-x", "c"});
    if (!begins("-std") && !begins("--std") && !begins("-ansi")) out.push_back("-std=gnu17");
    for (const std::string& argument : options.arguments) out.push_back(argument.c_str());
    if (is_typed) out.insert(out.end(), stdin_arguments.begin(), stdin_arguments.end());
    // -w: what the compiler warns of, the compiler tells.
    out.insert(out.end(), {"-w", "-ferror-limit=0", "-fparse-all-comments", "-fretain-comments-from-system-headers"});
    return out;
}

TranslationUnit parse(const Api& api, const Options& options, const Source& source, unsigned flags) {
    const Index index = api.createIndex(0, 0);
    std::vector<const char*> arguments = make_arguments(options, source.is_typed);
    UnsavedFile unsaved{source.name.c_str(), source.text.c_str(), source.text.size()};
    TranslationUnit tree = nullptr;
    const auto run = [&] {
        return api.parseTranslationUnit2(index, source.name.c_str(), arguments.data(), static_cast<int>(arguments.size()), &unsaved,
                                         source.text.empty() ? 0 : 1, flags | parse_keep_going, &tree);
    };
    int status = run();
    if (status != 0) {
        // A processor that gcc knows and this clang does not stops the whole parse; it seldom changes a declaration.
        const auto is_machine = [](const char* one) { return std::string_view(one).starts_with("-march="); };
        const auto machine = std::remove_if(arguments.begin(), arguments.end(), is_machine);
        const bool was_given = machine != arguments.end();
        arguments.erase(machine, arguments.end());
        if (was_given) status = run();
    }
    if (status != 0) {
        throw std::runtime_error(source.name + ": libclang cannot read it (" +
                                 (status == 2 ? "it crashed" : "no such file, or an argument that it refuses") + ")");
    }
    return tree;
}

class FileReader {
  public:
    FileReader(Unit& unit, const Options& options, const Source& source, Bodies& bodies)
        : unit_(unit),
          options_(options),
          files_(unit, source.roots, options),
          errors_(unit),
          tags_(unit),
          types_(unit, errors_, tags_),
          records_(unit, errors_, tags_, types_),
          bodies_(unit, source.name, bodies),
          functions_(unit, errors_, types_, bodies_),
          values_(unit, errors_, tags_, types_),
          macros_(unit) {}

    void read() {
        visit(unit_.api.getTranslationUnitCursor(unit_.tu));
        records_.read_waiting();
        records_.add_aliases();
        records_.spread_invalid();
        unit_.declarations.warnings = errors_.list_untold();
    }

    void add_names_of_functions() { macros_.add_names_of_functions(); }

    MacroReader::Probes print_probes() { return macros_.print_probes(files_.list_files()); }

    // Takes the values from a parsed text of probes.
    void read_probes(Unit& probes) {
        Errors errors(probes);
        probes.visit_children(probes.api.getTranslationUnitCursor(probes.tu), [&](Cursor child) {
            if (child.kind == cursor_variable) macros_.read_probe(probes, errors, child, values_);
            return visit_next;
        });
    }

  private:
    void visit(Cursor parent) {
        unit_.visit_children(parent, [&](Cursor child) {
            // `extern "C" {` is unexposed in libclang 14.
            if (child.kind == cursor_linkage || child.kind == cursor_unexposed) return static_cast<int>(visit_inside);
            if (child.kind >= cursor_first_preprocessing) {
                if (child.kind == cursor_macro_definition && options_.probes_macros) macros_.add(child, files_.contains(child));
            } else if (files_.contains(child)) {
                read_one(child);
            } else if (child.kind == cursor_function && unit_.api.Location_isInSystemHeader(unit_.api.getCursorLocation(child)) == 0) {
                functions_.read_body(child);
            }
            return static_cast<int>(visit_next);
        });
    }

    bool is_asked_for(Cursor cursor) const {
        if (options_.only.empty()) return true;
        const std::string name = unit_.spelling(cursor);
        return std::any_of(options_.only.begin(), options_.only.end(),
                           [&](const std::string& glob) { return fnmatch(glob.c_str(), name.c_str(), 0) == 0; });
    }

    void read_one(Cursor cursor) {
        const Api& api = unit_.api;
        switch (cursor.kind) {
            case cursor_function:
                if (is_asked_for(cursor)) {
                    functions_.read(cursor);
                } else {
                    functions_.read_body(cursor);
                }
                break;
            case cursor_variable:
                if (is_asked_for(cursor)) values_.read_variable(cursor);
                break;
            case cursor_struct:
            case cursor_union:
                // One without a name is read with what it declares, and called after that.
                if (!is_identifier(unit_.spelling(cursor))) break;
                [[fallthrough]];
            case cursor_enum:
                if (api.isCursorDefinition(cursor) != 0) types_.read(api.getCursorType(cursor), cursor);
                break;
            case cursor_typedef: types_.read(api.getCursorType(cursor), cursor); break;
            default: break;
        }
    }

    Unit& unit_;
    const Options& options_;
    WantedFiles files_;
    Errors errors_;
    TagNames tags_;
    TypeReader types_;
    RecordReader records_;
    BodyReader bodies_;
    FunctionReader functions_;
    ValueReader values_;
    MacroReader macros_;
};

bool is_header(std::string_view file) { return file.ends_with(".h") || file.ends_with(".hpp") || file.ends_with(".inc"); }

// A path that an #include cannot name is read by itself, without the macros that need what it declares.
bool can_be_included(std::string_view file) { return file.find_first_of("\"\\\n") == std::string_view::npos; }

std::string print_inclusion(const std::string& file) { return "#include \"" + file + "\"\n"; }

void probe_macros(const Api& api, const Options& options, const Source& source, FileReader& reader) {
    const MacroReader::Probes probes = reader.print_probes();
    std::string behind_file;
    if (!probes.behind_file.empty() && can_be_included(source.name))
        behind_file = (source.text.empty() ? print_inclusion(source.name) : source.text + "\n") + probes.behind_file;
    for (const std::string& text : {probes.alone, behind_file}) {
        if (text.empty()) continue;
        const Source probe{probes_name, {}, text, source.is_typed};
        Declarations scratch;
        Unit unit(api, parse(api, options, probe, parse_skip_bodies), scratch);
        reader.read_probes(unit);
    }
}

}  // namespace

std::vector<Source> list_sources(const Options& options, const std::string& stdin_text) {
    std::vector<Source> out;
    Source list{list_name, {}, {}, false};
    for (const std::string& file : options.files) {
        const bool is_typed = file == options.stdin_name;
        if (!is_typed && is_header(file) && can_be_included(file)) {
            list.roots.push_back(file);
            list.text += print_inclusion(file);
        } else {
            out.push_back({file, {file}, is_typed ? stdin_text : "", is_typed});
        }
    }
    if (list.roots.size() == 1) list = {list.roots[0], list.roots, "", false};
    if (!list.roots.empty()) out.push_back(std::move(list));
    return out;
}

Declarations read_source(const Api& api, const Options& options, const Source& source, Bodies& bodies) {
    Declarations out;
    Unit unit(api, parse(api, options, source, parse_preprocessing | (is_header(source.name) ? parse_skip_bodies : 0u)), out);
    const TargetInfo target = api.getTranslationUnitTargetInfo(unit.tu);
    out.target = unit.take(api.TargetInfo_getTriple(target));
    FileReader reader(unit, options, source, bodies);
    reader.read();
    if (options.probes_macros) probe_macros(api, options, source, reader);
    if (is_header(source.name)) reader.add_names_of_functions();
    return out;
}

}  // namespace ndcall::clang
