// What `lib.NAME` is: functions, structs, enums, constants and global variables.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "python/library.hpp"
#include "python/owned.hpp"

namespace ndcall {

// A new dictionary, or null with an exception set. Functions are light: their plans are bound at first use. `owner` is the ndcall.Library.
// `unavailable(name, reason)` makes the object that stands for what cannot be shown.
PyObject* make_attributes(const std::shared_ptr<Library>& library, const std::function<bool(const std::string&)>& selected, PyObject* owner,
                          PyObject* unavailable);

}  // namespace ndcall
