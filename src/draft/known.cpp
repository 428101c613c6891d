// BLAS and LAPACK: what everybody's prototypes mean, told by the routine's name.
#include <algorithm>
#include <array>

#include "draft/names.hpp"
#include "draft/sketch.hpp"

namespace ndcall::detail {

namespace {

// `line` is a contract in the routine's own parameter names, in lower case; `@` stands where a complex dtype goes that C calls `void`,
// and an item that ends with `@` alone is written only then.
struct Routine {
    std::string_view names;  // behind the letter of the dtype
    std::string_view parameters;
    std::string_view line;
};

constexpr std::array<Routine, 32> routines{{
    {"axpy", "n alpha x incx y incy", "alpha@, lowest x@[n:incx], inout lowest y@[n:incy]"},
    {"axpby", "n alpha x incx beta y incy", "alpha@, lowest x@[n:incx], beta@, inout lowest y@[n:incy]"},
    {"scal", "n alpha x incx", "alpha@, inout x@[n:incx]"},
    {"copy", "n x incx y incy", "lowest x@[n:incx], inout lowest y@[n:incy]"},
    {"swap", "n x incx y incy", "inout lowest x@[n:incx], inout lowest y@[n:incy]"},
    {"rot", "n x incx y incy c s", "inout lowest x@[n:incx], inout lowest y@[n:incy]"},
    {"rotg", "a b c s", "inout a@, inout b@, inout c, inout s@"},
    {"rotm", "n x incx y incy p", "inout lowest x@[n:incx], inout lowest y@[n:incy], p[5]"},
    {"rotmg", "d1 d2 b1 b2 p", "inout d1, inout d2, inout b1, inout p[5]"},
    {"dot dsdot", "n x incx y incy", "lowest x@[n:incx], lowest y@[n:incy]"},
    {"dotu_sub dotc_sub", "n x incx y incy ret", "lowest x@[n:incx], lowest y@[n:incy] -> ret@"},
    {"nrm2 asum sum", "n x incx", "x@[n:incx]"},
    {"amax amin max min", "n x incx", "x@[n:incx]"},
    {"gemv", "order trans m n alpha a lda x incx beta y incy",
     "alpha@, a@[m:lda,n], lowest x@[n:incx], beta@, inout lowest y@[m:incy]; order = CblasRowMajor; trans = CblasNoTrans"},
    {"ger geru gerc", "order m n alpha x incx y incy a lda",
     "alpha@, lowest x@[m:incx], lowest y@[n:incy], inout a@[m:lda,n]; order = CblasRowMajor"},
    {"symv hemv", "order uplo n alpha a lda x incx beta y incy",
     "alpha@, a@[n:lda,n], lowest x@[n:incx], beta@, inout lowest y@[n:incy]; order = CblasRowMajor"},
    {"syr her", "order uplo n alpha x incx a lda", "lowest x@[n:incx], inout a@[n:lda,n]; order = CblasRowMajor"},
    {"syr2 her2", "order uplo n alpha x incx y incy a lda",
     "alpha@, lowest x@[n:incx], lowest y@[n:incy], inout a@[n:lda,n]; order = CblasRowMajor"},
    {"trmv trsv", "order uplo trans diag n a lda x incx", "a@[n:lda,n], inout lowest x@[n:incx]; order = CblasRowMajor"},
    {"gemm gemm3m", "order trans transb m n k alpha a lda b ldb beta c ldc",
     "alpha@, a@[m:lda,k], b@[k:ldb,n], beta@, inout c@[m:ldc,n]; order = CblasRowMajor; trans = CblasNoTrans; transb = CblasNoTrans"},
    {"symm hemm", "order side uplo m n alpha a lda b ldb beta c ldc",
     "alpha@, a@[(m if side == CblasLeft else n):lda, (m if side == CblasLeft else n)], b@[m:ldb,n], beta@, inout c@[m:ldc,n]; order = "
     "CblasRowMajor"},
    {"syrk herk", "order uplo trans n k alpha a lda beta c ldc",
     "alpha@, a@[(n if trans == CblasNoTrans else k):lda, (k if trans == CblasNoTrans else n)], beta@, inout c@[n:ldc,n]; order = "
     "CblasRowMajor"},
    {"trmm trsm", "order side uplo trans diag m n alpha a lda b ldb",
     "alpha@, a@[(m if side == CblasLeft else n):lda, (m if side == CblasLeft else n)], inout b@[m:ldb,n]; order = CblasRowMajor"},
    {"gesv", "matrix_layout n nrhs a lda ipiv b ldb",
     "copy a[n:lda,n], b[n:ldb,nrhs] -> b, ipiv[n] from 1; matrix_layout = LAPACK_ROW_MAJOR; ok return >= 0 else \"illegal argument\"; "
     "ok return == 0 else \"the matrix is singular\""},
    {"posv", "matrix_layout uplo n nrhs a lda b ldb",
     "copy a[n:lda,n], b[n:ldb,nrhs] -> b; matrix_layout = LAPACK_ROW_MAJOR; ok return >= 0 else \"illegal argument\"; "
     "ok return == 0 else \"the matrix is not positive definite\""},
    {"getrf", "matrix_layout m n a lda ipiv",
     "a[m:lda,n] -> a, ipiv[min(m,n)] from 1; matrix_layout = LAPACK_ROW_MAJOR; ok return >= 0 else \"illegal argument\"; "
     "warn return > 0 \"U is singular\""},
    {"getri", "matrix_layout n a lda ipiv",
     "a[n:lda,n], ipiv[n] from 1 -> a; matrix_layout = LAPACK_ROW_MAJOR; ok return >= 0 else \"illegal argument\"; "
     "ok return == 0 else \"the matrix is singular\""},
    {"potrf", "matrix_layout uplo n a lda",
     "a[n:lda,n] -> a; matrix_layout = LAPACK_ROW_MAJOR; ok return >= 0 else \"illegal argument\"; "
     "ok return == 0 else \"the matrix is not positive definite\""},
    {"syev heev syevd heevd", "matrix_layout jobz uplo n a lda w",
     "a[n:lda,n] -> w[n], a; matrix_layout = LAPACK_ROW_MAJOR; ok return >= 0 else \"illegal argument\"; "
     "ok return == 0 else \"did not converge\""},
    {"gels", "matrix_layout trans m n nrhs a lda b ldb",
     "copy a[m:lda,n], b[max(m,n):ldb,nrhs] -> b; matrix_layout = LAPACK_ROW_MAJOR; ok return >= 0 else \"illegal argument\"; "
     "ok return == 0 else \"not of full rank\""},
    {"geqrf", "matrix_layout m n a lda tau",
     "a[m:lda,n] -> a, tau[min(m,n)]; matrix_layout = LAPACK_ROW_MAJOR; ok return == 0 else \"illegal argument\""},
    {"lange", "matrix_layout norm m n a lda", "a[m:lda,n]; matrix_layout = LAPACK_ROW_MAJOR"},
}};

struct Letters {
    std::string_view text, complex;
};
// Before the routine's name; cblas_dznrm2 takes complex128 and gives double.
constexpr std::array<Letters, 8> letters{{{"s", ""},
                                          {"d", ""},
                                          {"c", "complex64"},
                                          {"z", "complex128"},
                                          {"sc", "complex64"},
                                          {"dz", "complex128"},
                                          {"cs", "complex64"},
                                          {"zd", "complex128"}}};
constexpr std::array<std::string_view, 3> prefixes{"cblas_i", "cblas_", "lapacke_"};

std::vector<std::string> split_words(std::string_view text) {
    std::vector<std::string> out(1);
    for (const char c : text) {
        if (c != ' ')
            out.back() += c;
        else
            out.emplace_back();
    }
    return out;
}

// Headers differ in a few names.
std::string normalize(const std::string& name) {
    const std::string low = to_lower(name);
    if (low == "layout") return "order";
    if (low == "transa") return "trans";
    if (low == "dotc" || low == "dotu") return "ret";
    return low;
}

bool has_parameters(const Sketch& sketch, const Routine& routine) {
    const std::vector<std::string> wanted = split_words(routine.parameters);
    return std::equal(wanted.begin(), wanted.end(), sketch.parts.begin(), sketch.parts.end(),
                      [](const std::string& name, const Part& part) { return name == normalize(part.declared); });
}

struct Match {
    const Routine* routine = nullptr;
    std::string_view complex;
};

Match find_routine(const Sketch& sketch) {
    const std::string name = to_lower(sketch.function.name);
    for (const std::string_view prefix : prefixes) {
        if (!name.starts_with(prefix)) continue;
        for (const Letters& row : letters) {
            const std::string_view rest = std::string_view(name).substr(prefix.size());
            if (!rest.starts_with(row.text)) continue;
            const std::string stem(rest.substr(row.text.size()));
            for (const Routine& routine : routines) {
                const std::vector<std::string> names = split_words(routine.names);
                if (std::find(names.begin(), names.end(), stem) != names.end() && has_parameters(sketch, routine))
                    return {&routine, row.complex};
            }
        }
    }
    return {};
}

bool is_name_character(char c) { return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// The routine's line with this header's names and dtypes.
std::string fill_line(const Sketch& sketch, const Match& match) {
    std::string out;
    const std::string_view line = match.routine->line;
    for (std::size_t at = 0; at < line.size();) {
        if (line[at] == '"') {
            const std::size_t end = line.find('"', at + 1) + 1;
            out += line.substr(at, end - at);
            at = end;
            continue;
        }
        std::size_t end = at;
        while (end < line.size() && is_name_character(line[end])) ++end;
        if (end == at) {
            out += line[at++];
            continue;
        }
        const std::string word(line.substr(at, end - at));
        const auto part =
            std::find_if(sketch.parts.begin(), sketch.parts.end(), [&](const Part& one) { return normalize(one.declared) == word; });
        const bool has_mark = end < line.size() && line[end] == '@';
        const bool is_void = part != sketch.parts.end() && part->element->kind == Kind::Void;
        at = end + (has_mark ? 1 : 0);
        const bool is_first_word = out.empty() || out.ends_with(", ");
        const bool stands_alone = has_mark && is_first_word && at < line.size() && line[at] == ',';
        if (stands_alone && !is_void) {
            at += 2;  // ", "
            continue;
        }
        out += part == sketch.parts.end() ? word : part->name;
        if (has_mark && is_void) out += ": " + std::string(match.complex);
    }
    return out;
}

// What `void *` holds in CBLAS, where `alpha` and `beta` are one value.
void decide_complex(Sketch& sketch) {
    const std::string name = to_lower(sketch.function.name);
    if (!name.starts_with("cblas_")) return;
    const std::string_view rest = std::string_view(name).substr(name.starts_with("cblas_i") ? 7 : 6);
    const bool is_single = rest.starts_with("c") || rest.starts_with("sc");
    if (!is_single && !rest.starts_with("z") && !rest.starts_with("dz")) return;
    for (Part& part : sketch.parts) {
        if (part.form != Form::Unknown) continue;
        part.form = Form::Elements;
        part.dtype = is_single ? "complex64" : "complex128";
        const std::string low = to_lower(part.declared);
        part.is_shaped = part.is_written = part.element->is_const && (low == "alpha" || low == "beta");
    }
}

}  // namespace

void decide_known(Sketch& sketch) {
    decide_complex(sketch);
    const Match match = find_routine(sketch);
    if (!match.routine && to_lower(sketch.function.name).starts_with("lapacke_")) {
        sketch.certainty = Certainty::Guess;
        sketch.reasons.push_back("a routine of LAPACK that is not known here: its manual tells how long each array is");
    }
    if (!match.routine) return;
    sketch.is_whole = true;
    sketch.whole = fill_line(sketch, match);
    sketch.certainty = Certainty::Likely;
    sketch.reasons.push_back("name and parameters are those of BLAS and LAPACK, which say what it does with each array");
}

}  // namespace ndcall::detail
