#include <dlfcn.h>
#include <sys/stat.h>
#ifdef __GLIBC__
#include <link.h>
#endif

#include "platform/shared_library.hpp"

namespace ndcall {

namespace {

int get_open_flags() {
    // The code stays when nobody holds the library any more: it may have started threads or registered handlers, as many a BLAS does.
    int flags = RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE;
#ifdef RTLD_DEEPBIND
    // AddressSanitizer aborts on deep binding. It may be preloaded into a program that was built without it, so the symbol is asked for.
    static const bool sanitized = dlsym(RTLD_DEFAULT, "__asan_init") != nullptr;
    if (!sanitized) flags |= RTLD_DEEPBIND;
#endif
    return flags;
}

// The running program cannot be opened by its path, but it is open already: a Python that was built without a libpython holds its own
// interface. Where there is no /proc it is a file like others.
bool is_running_program(const std::string& path) {
    struct stat program {
    }, asked{};
    return stat("/proc/self/exe", &program) == 0 && stat(path.c_str(), &asked) == 0 && program.st_dev == asked.st_dev &&
           program.st_ino == asked.st_ino;
}

}  // namespace

SharedLibrary::SharedLibrary(const std::string& path)
    : path_(path), handle_(is_running_program(path) ? dlopen(nullptr, RTLD_NOW) : dlopen(path.c_str(), get_open_flags())) {
    if (handle_) return;
    const char* reason = dlerror();
    throw LibraryError(reason ? reason : path + " cannot be opened");
}

SharedLibrary::~SharedLibrary() { dlclose(handle_); }

void* SharedLibrary::find_symbol(const std::string& name) const noexcept { return dlsym(handle_, name.c_str()); }

std::string find_file_of(const void* address) {
    Dl_info info;
    return dladdr(address, &info) && info.dli_fname ? info.dli_fname : "";
}

std::size_t find_size_of(const void* address) {
#ifdef __GLIBC__
    Dl_info info;
    void* extra = nullptr;
    // SAFETY: asked for RTLD_DL_SYMENT, glibc gives a symbol of the loaded file, or null.
    if (dladdr1(address, &info, &extra, RTLD_DL_SYMENT) == 0 || extra == nullptr || info.dli_saddr != address) return 0;
    return static_cast<const ElfW(Sym)*>(extra)->st_size;
#else
    (void)address;
    return 0;
#endif
}

}  // namespace ndcall
