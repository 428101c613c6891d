// Which machines a library can run on, as compilers name them: "x86_64-linux-gnu", "aarch64-apple-darwin23".
#pragma once

#include <string>
#include <string_view>

namespace ndcall {

// That of this build, in the words of its compiler.
std::string_view get_own_target() noexcept;

// Whether two names mean one architecture, system and ABI; who made the machine, and the system's version, do not count.
bool is_same_target(std::string_view a, std::string_view b);

}  // namespace ndcall
