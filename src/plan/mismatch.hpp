// One demand that was not met, as a value. Rendered in one place (call/explain.cpp), and only when somebody reads it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace ndcall {

// In the order in which they name the exception when several hold.
enum class MismatchKind : std::uint8_t {
    Count,    // too few, too many, unknown or doubled names          ArgumentError
    Object,   // the wrong kind of object, None                       ArgumentError
    Dtype,    // dtype, byte order                                    DtypeError
    Ndim,     //                                                      ShapeError
    Shape,    //                                                      ShapeError
    Layout,   // contiguity, alignment, writeability, steps, copies   LayoutError
    Overlap,  //                                                      OverlapError
    Range,    // a value that does not fit or is not representable    RangeError
    Check,    // a `check` of the contract                            CheckError
};

// Nothing here refers to the caller's objects: they may be gone when the text is read.
struct Mismatch {
    MismatchKind kind = MismatchKind::Object;
    std::string argument;        // as the user names it; empty: the call as a whole
    std::int32_t position = -1;  // from 0 among the inputs; -1: a result or the call
    std::string problem;         // "is not C-contiguous": follows "argument 'x' (1st of 2) "
    std::string expected, got;   // one line each; may be empty
    std::string fix;  // exact code and price: "x = np.array(x)   (a writeable copy, 24 bytes; results go to the copy)"; may be empty
};
using Mismatches = std::vector<Mismatch>;

}  // namespace ndcall
