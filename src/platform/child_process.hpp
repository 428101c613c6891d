// Programs that we start: the only place that knows how a system does that.
#pragma once

#include <string>
#include <vector>

namespace ndcall {

// Open descriptors that become a program's standard input, output and error. They stay the caller's.
struct StandardFiles {
    int input, output, error;
};

// Starts the program words[0], an absolute path, in a process group of its own and with `folder` as its working directory; it inherits no
// other descriptor where the system can see to that (glibc 2.34; before, those that are marked close-on-exec). `environment` is
// "NAME=VALUE" by "NAME=VALUE". Returns its process id; the caller waits for it. Throws std::system_error.
int start_process(const std::vector<std::string>& words, const std::vector<std::string>& environment, const std::string& folder,
                  const StandardFiles& files);

}  // namespace ndcall
