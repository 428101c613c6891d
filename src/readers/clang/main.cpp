// ndcall-read-c: prints what C sources and headers declare, in the form that src/declaration/text.hpp describes.
//
//     ndcall-read-c --libclang PATH [--scope main|user|all] [--probe-macros] [--only GLOB]... [--stdin-name NAME]
//                   [--cpu-seconds N] [--memory-mb N] [FILE]... [-- compiler arguments]
//
// It runs as a process of its own because headers are hostile text: it limits its time and memory itself, opens only the files that the
// text includes, and runs nothing. Exit status: 0 printed; 2 wrong command line; 3 libclang cannot be used; 4 a file cannot be read;
// 5 out of time; 6 out of memory, or libclang crashed. What went wrong stands on stderr in one line;
// only where libclang ends the stack of a thread of its own does a bare signal end the process. Nothing is printed unless all was read.
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <iostream>
#include <iterator>
#include <stdexcept>

#include "declaration/merge.hpp"
#include "declaration/text.hpp"
#include "readers/clang/read.hpp"

#ifdef NDCALL_COVERAGE
extern "C" {  // which GCC 12's header leaves out
#include <gcov.h>
}
#endif

namespace {

enum : int { exit_usage = 2, exit_libclang = 3, exit_unreadable = 4, exit_time = 5, exit_memory = 6 };

// Without exit(): freeing clang's trees would take longer than making them.
[[noreturn]] void leave(int status) {
#ifdef NDCALL_COVERAGE
    __gcov_dump();  // which exit() would do
#endif
    _exit(status);
}

// SAFETY: only calls that are allowed in a signal handler, unless lines are counted.
void leave_on_signal(int signal) {
    const bool is_time = signal == SIGXCPU;
    const char* text = is_time ? "ndcall-read-c: out of time\n" : "ndcall-read-c: out of memory, or libclang crashed\n";
    const ssize_t written = write(STDERR_FILENO, text, std::strlen(text));
    leave(written < 0 || is_time ? exit_time : exit_memory);
}

void set_limit(int resource, rlim_t value) {
    rlimit limit{};
    if (getrlimit(static_cast<__rlimit_resource>(resource), &limit) != 0) return;
    if (limit.rlim_max != RLIM_INFINITY && limit.rlim_max < value) value = limit.rlim_max;
    limit.rlim_cur = value;
    setrlimit(static_cast<__rlimit_resource>(resource), &limit);
}

// A crash of libclang, or the end of the stack, is an exit status like the others.
void handle_signals() {
    struct sigaction action = {};
    action.sa_handler = leave_on_signal;
    action.sa_flags = SA_ONSTACK;
    for (const int signal : {SIGXCPU, SIGABRT}) sigaction(signal, &action, nullptr);
#ifndef __SANITIZE_ADDRESS__     // which reports these itself
    static char stack[1 << 16];  // the handler's own: it also runs when there is no stack left
    const stack_t alternate = {stack, 0, sizeof stack};
    sigaltstack(&alternate, nullptr);
    for (const int signal : {SIGSEGV, SIGBUS, SIGILL, SIGFPE}) sigaction(signal, &action, nullptr);
#endif
}

void set_limits(const ndcall::clang::Options& options) {
    set_limit(RLIMIT_CORE, 0);
    if (options.cpu_seconds != 0) set_limit(RLIMIT_CPU, options.cpu_seconds);
#ifndef __SANITIZE_ADDRESS__  // its shadow memory alone is terabytes of address space
    if (options.memory_mb != 0) set_limit(RLIMIT_AS, rlim_t{options.memory_mb} << 20);
#endif
}

int fail(int status, const char* text) {
    std::fprintf(stderr, "ndcall-read-c: %s\n", text);
    return status;
}

int run(const ndcall::clang::Options& options) {
    ndcall::clang::Api api;
    try {
        api = ndcall::clang::load_api(options.libclang);
    } catch (const std::runtime_error& error) {
        return fail(exit_libclang, error.what());
    }
    std::string text;
    if (!options.stdin_name.empty()) {
        text.assign(std::istreambuf_iterator<char>(std::cin), {});
        text += "\n;";  // the last semicolon is easily forgotten
    }
    ndcall::Declarations out;
    ndcall::clang::Bodies bodies;
    for (const ndcall::clang::Source& source : ndcall::clang::list_sources(options, text)) {
        ndcall::merge_declarations(out, ndcall::clang::read_source(api, options, source, bodies));
    }
    bodies.finish(out);
    const std::string printed = ndcall::print_declarations(out);
    const bool all = std::fwrite(printed.data(), 1, printed.size(), stdout) == printed.size() && std::fflush(stdout) == 0;
    return all ? 0 : fail(exit_unreadable, "the declarations cannot be written");
}

}  // namespace

int main(int count, char** words) {
    int status = 0;
    try {
        const ndcall::clang::Options options = ndcall::clang::parse_options(count, words);
        handle_signals();
        set_limits(options);
        status = run(options);
    } catch (const std::invalid_argument& error) {
        status = fail(exit_usage, error.what());
    } catch (const std::bad_alloc&) {
        status = fail(exit_memory, "out of memory");
    } catch (const std::exception& error) {
        status = fail(exit_unreadable, error.what());
    }
    leave(status);
}
