#include <spawn.h>

#include <csignal>
#include <system_error>

#include "platform/child_process.hpp"

namespace ndcall {

namespace {

void check(int error, const char* what) {
    if (error != 0) throw std::system_error(error, std::generic_category(), what);
}

struct Actions {
    posix_spawn_file_actions_t value;
    Actions() { check(posix_spawn_file_actions_init(&value), "posix_spawn_file_actions_init"); }
    ~Actions() { posix_spawn_file_actions_destroy(&value); }
    Actions(const Actions&) = delete;
    Actions& operator=(const Actions&) = delete;
};

struct Attributes {
    posix_spawnattr_t value;
    Attributes() { check(posix_spawnattr_init(&value), "posix_spawnattr_init"); }
    ~Attributes() { posix_spawnattr_destroy(&value); }
    Attributes(const Attributes&) = delete;
    Attributes& operator=(const Attributes&) = delete;
};

// What posix_spawn takes: pointers that it does not write through.
std::vector<char*> list_pointers(const std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    for (const std::string& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
    pointers.push_back(nullptr);
    return pointers;
}

}  // namespace

int start_process(const std::vector<std::string>& words, const std::vector<std::string>& environment, const std::string& folder,
                  const StandardFiles& files) {
    Actions actions;
    const int given[] = {files.input, files.output, files.error};
    for (int standard = 0; standard < 3; ++standard)
        check(posix_spawn_file_actions_adddup2(&actions.value, given[standard], standard), "posix_spawn_file_actions_adddup2");
    check(posix_spawn_file_actions_addchdir_np(&actions.value, folder.c_str()), "posix_spawn_file_actions_addchdir_np");
#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 34)
    check(posix_spawn_file_actions_addclosefrom_np(&actions.value, 3), "posix_spawn_file_actions_addclosefrom_np");
#endif
    // An interpreter ignores these two; what it starts shall not.
    sigset_t to_default;
    sigemptyset(&to_default);
    sigaddset(&to_default, SIGPIPE);
    sigaddset(&to_default, SIGXFSZ);
    Attributes attributes;
    check(posix_spawnattr_setsigdefault(&attributes.value, &to_default), "posix_spawnattr_setsigdefault");
    check(posix_spawnattr_setpgroup(&attributes.value, 0), "posix_spawnattr_setpgroup");
    check(posix_spawnattr_setflags(&attributes.value, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF), "posix_spawnattr_setflags");
    pid_t child = 0;
    check(posix_spawn(&child, words.at(0).c_str(), &actions.value, &attributes.value, list_pointers(words).data(),
                      list_pointers(environment).data()),
          words.at(0).c_str());
    return child;
}

}  // namespace ndcall
