// const char * from str and bytes.
#pragma once

#include <vector>

#include "plan/mismatch.hpp"
#include "plan/plan.hpp"
#include "python/numbers.hpp"
#include "python/owned.hpp"

namespace ndcall {

// `text` points into an object that `kept` holds: valid as long as that. A str goes as UTF-8; a zero byte inside is refused, C would stop there.
Conversion take_text(const Text& demand, PyObject* object, std::vector<Owned<>>& kept, const char*& text, Mismatch& mismatch);

}  // namespace ndcall
