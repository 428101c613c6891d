#include "readers/clang/api.hpp"

#include <dlfcn.h>

#include <stdexcept>

namespace ndcall::clang {

Api load_api(const std::string& path) {
    void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) throw std::runtime_error("libclang cannot be loaded: " + std::string(dlerror()));
    Api api;
    // SAFETY: the name determines the signature; libclang has never changed a published function of these.
#define NDCALL_LOAD(RESULT, NAME, PARAMETERS) api.NAME = reinterpret_cast<RESULT(*) PARAMETERS>(dlsym(library, "clang_" #NAME));
#define NDCALL_LOAD_NEEDED(RESULT, NAME, PARAMETERS) \
    NDCALL_LOAD(RESULT, NAME, PARAMETERS)            \
    if (api.NAME == nullptr) throw std::runtime_error(path + " has no clang_" #NAME ": libclang 14 or newer is needed");
    NDCALL_CLANG_FUNCTIONS(NDCALL_LOAD_NEEDED)
    NDCALL_CLANG_OPTIONAL(NDCALL_LOAD)
#undef NDCALL_LOAD_NEEDED
#undef NDCALL_LOAD
    return api;
}

}  // namespace ndcall::clang
