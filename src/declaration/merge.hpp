// Declarations of several files -> one.
#pragma once

#include "declaration/declaration.hpp"

namespace ndcall {

// Adds `from` to `into`. What both have becomes one entry. A function or variable that they declare in ways that cannot both be called is
// invalid afterwards; two different structs, unions or enums of one tag both stay, the second as "tag.2"; each with a warning.
void merge_declarations(Declarations& into, Declarations&& from);

// Adds to `known` what another declaration of the same function says: a definition says most, then what names its parameters. `entry` must
// belong to the same Declarations.
void merge_function(FunctionDeclaration& known, FunctionDeclaration&& entry);

}  // namespace ndcall
