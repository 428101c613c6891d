#include "draft/names.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace ndcall::detail {

namespace {

using Words = std::span<const std::string_view>;

constexpr std::array<std::string_view, 41> count_words{
    "n",        "m",     "k",        "l",      "len",     "length", "size", "count",  "num",    "number",  "nelem",
    "nelems",   "nmemb", "nitems",   "dim",    "dims",    "ndim",   "rows", "cols",   "nrows",  "ncols",   "width",
    "height",   "nrhs",  "npts",     "numel",  "nobs",    "total",  "nnz",  "nbyte",  "nbytes", "samples", "frames",
    "channels", "items", "elements", "points", "howmany", "row",    "col",  "columns"};
constexpr std::array<std::string_view, 7> count_beginnings{"n_", "num_", "len_", "size_", "count_", "length_", "number_of_"};
constexpr std::array<std::string_view, 10> count_ends{"_n",    "_len",   "len",  "_length", "length",
                                                      "_size", "_count", "_num", "_rows",   "_cols"};
constexpr std::array<std::string_view, 9> count_stems{"n", "m", "k", "size", "len", "length", "count", "rows", "cols"};  // before digits

constexpr std::array<std::string_view, 26> index_words{"i",    "j",     "idx",  "index", "pos",    "position", "level", "order",  "mode",
                                                       "flag", "flags", "seed", "axis",  "degree", "type",     "kind",  "op",     "options",
                                                       "sign", "key",   "id",   "iflag", "opt",    "which",    "base",  "version"};
constexpr std::array<std::string_view, 10> result_words{"out",  "output",      "result", "res",    "dst",
                                                        "dest", "destination", "ret",    "target", "answer"};
constexpr std::array<std::string_view, 13> single_words{"err",    "error", "abserr", "relerr", "info",    "ier",  "ierr",
                                                        "status", "neval", "chisq",  "rcond",  "errcode", "sumsq"};
constexpr std::array<std::string_view, 14> statistic_words{"mean", "sum",  "min", "max",   "min_out", "max_out", "var",
                                                           "sd",   "norm", "det", "lower", "upper",   "tss",     "total"};
constexpr std::array<std::string_view, 14> unsized_words{"wa",     "wrk",      "tmp",  "temp", "control", "info", "options",
                                                         "params", "settings", "iopt", "rpar", "ipar",    "opts", "isave"};
constexpr std::array<std::string_view, 6> index_array_words{"indptr", "rowptr", "colptr", "row_ptr", "col_ptr", "ia"};
constexpr std::array<std::string_view, 11> user_words{"user",   "user_data", "userdata", "ctx",    "context", "data",
                                                      "params", "arg",       "closure",  "opaque", "p"};
constexpr std::array<std::string_view, 12> item_size_words{"size",      "width",      "elem_size", "elemsize", "item_size", "itemsize",
                                                           "size_elem", "item_bytes", "esize",     "sz",       "elt_size",  "element_size"};
constexpr std::array<std::string_view, 25> predicate_parts{
    "is",   "has",    "count",   "num",    "size",  "len",     "length",  "get",    "sgndet", "equal", "cmp",  "compare", "index",
    "find", "number", "compute", "column", "value", "version", "changes", "status", "sign",   "order", "rank", "test"};
constexpr std::array<std::string_view, 10> making_ends{"_alloc", "_calloc", "_new",  "_create", "_init",
                                                       "_open",  "_clone",  "_make", "_load",   "_dup"};
constexpr std::array<std::string_view, 7> freeing_words{"free", "delete", "destroy", "close", "release", "finalize", "dispose"};

bool holds(Words words, std::string_view name) { return std::find(words.begin(), words.end(), name) != words.end(); }

bool begins(Words words, std::string_view name) {
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view word) { return name.size() > word.size() && name.starts_with(word); });
}

bool ends(Words words, std::string_view name) {
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view word) { return name.size() > word.size() && name.ends_with(word); });
}

std::string_view without_digits(std::string_view name) {
    while (!name.empty() && name.back() >= '0' && name.back() <= '9') name.remove_suffix(1);
    return name;
}

std::string_view digits_of(std::string_view name) { return name.substr(without_digits(name).size()); }

// "gsl_rng_alloc" -> "gsl", "rng", "alloc"
std::vector<std::string> split(const std::string& name) {
    std::vector<std::string> parts(1);
    for (const char c : name) {
        if (c == '_')
            parts.emplace_back();
        else
            parts.back() += c;
    }
    return parts;
}

}  // namespace

std::string to_lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return out;
}

namespace {

// Without the underscores that headers of the system begin with, and that a parameter gets which is called like a word of the language.
std::string simplify(std::string_view name) {
    while (!name.empty() && name.front() == '_') name.remove_prefix(1);
    while (!name.empty() && name.back() == '_') name.remove_suffix(1);
    return to_lower(name);
}

}  // namespace

bool is_count_name(std::string_view name) {
    const std::string low = simplify(name);
    if (low.find("min") != std::string::npos || low.find("max") != std::string::npos) return false;
    const bool is_axis_count = low.size() == 2 && low[0] == 'n' && low[1] >= 'w';  // nx, ny, nz
    return is_axis_count || holds(count_words, low) || begins(count_beginnings, low) || ends(count_ends, low) ||
           holds(count_stems, without_digits(low));
}

bool is_index_name(std::string_view name) { return holds(index_words, simplify(name)); }

bool is_step_name(std::string_view name) {
    const std::string low = simplify(name);
    return low.starts_with("inc") || low.find("stride") != std::string::npos;
}

bool is_leading_name(std::string_view name) {
    const std::string low = simplify(name);
    const bool has_letter_in_front = low.size() == 4 && low.compare(1, 2, "ld") == 0;  // clda
    return has_letter_in_front || (low.size() >= 3 && low.size() <= 6 && low.starts_with("ld"));
}

bool is_item_size_name(std::string_view name) { return holds(item_size_words, simplify(name)); }

bool is_result_name(std::string_view name) {
    const std::string low = simplify(name);
    for (const std::string_view word : result_words)
        if (low == word || low.starts_with(std::string(word) + "_") || low.ends_with("_" + std::string(word))) return true;
    return false;
}

bool is_single_result_name(std::string_view name) {
    const std::string low = simplify(name);
    return holds(single_words, low);
}

bool is_statistic_name(std::string_view name) {
    const std::string low = simplify(name);
    return holds(statistic_words, low) || low.starts_with("min_") || low.starts_with("max_");
}

bool is_unsized_name(std::string_view name) {
    const std::string low = simplify(name);
    return low.find("work") != std::string::npos || low.find("scratch") != std::string::npos || holds(unsized_words, low);
}

bool is_index_array_name(std::string_view name) {
    const bool is_matrix = name.size() == 2 && name[0] >= 'A' && name[0] <= 'Z' && name[1] == 'p';
    return is_matrix || holds(index_array_words, simplify(name));
}

bool is_user_name(std::string_view name) {
    const std::string low = simplify(name);
    return holds(user_words, low) || low.ends_with("_data") || low.ends_with("data");
}

bool is_predicate_name(std::string_view name) {
    const std::vector<std::string> parts = split(simplify(name));
    return std::any_of(parts.begin(), parts.end(),
                       [](const std::string& part) { return holds(predicate_parts, part) || part.starts_with("is"); });
}

bool is_own_count(std::string_view count, std::string_view array) {
    const std::string low = simplify(count), name = simplify(array);
    for (const std::string& own : {name + "_len", name + "len", "len_" + name, "len" + name, "n_" + name, "n" + name, name + "_size",
                                   "size_" + name, name + "size", name + "_n", name + "_count", name + "_length", "num_" + name})
        if (low == own) return true;
    const bool is_numbered = !digits_of(low).empty() && digits_of(low) == digits_of(name);  // size1 of data1
    return is_numbered && holds(count_stems, without_digits(low));
}

bool is_own_step(std::string_view step, std::string_view array) {
    const std::string low = simplify(step), name = simplify(array);
    for (const std::string& own : {"inc" + name, "inc_" + name, name + "_stride", name + "stride", "stride_" + name, name + "_inc"})
        if (low == own) return true;
    return (low.starts_with("stride") || low.starts_with("inc")) && !digits_of(low).empty() && digits_of(low) == digits_of(name);
}

bool is_own_leading(std::string_view leading, std::string_view array) {
    const std::string low = simplify(leading), name = simplify(array);
    return low == "ld" + name || low == "ld_" + name;
}

bool is_making_name(std::string_view function) { return ends(making_ends, function); }

bool is_freeing_name(std::string_view function) {
    const std::vector<std::string> parts = split(simplify(function));
    return std::any_of(parts.begin(), parts.end(), [](const std::string& part) { return holds(freeing_words, part); });
}

}  // namespace ndcall::detail
