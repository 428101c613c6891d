// `cblas_{c,z}axpy: alpha: {complex64,complex128}`: one line for several functions. All braces of a line step together.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "contract/mapped_text.hpp"
#include "text/source.hpp"

namespace ndcall::detail {

// One text per alternative; the text itself when it has no braces outside strings and comments. Throws TextError.
std::vector<MappedText> step_family(const MappedText& text, const SourceText& source);

// The text with only these alternatives in its braces, two at least.
MappedText narrow_family(const MappedText& text, const SourceText& source, std::span<const std::uint32_t> kept);

}  // namespace ndcall::detail
