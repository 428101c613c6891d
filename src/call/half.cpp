#include "call/half.hpp"

#include <cmath>
#include <limits>

namespace ndcall {
namespace {

constexpr int mantissa_bits = 10, bias = 15;
constexpr std::uint16_t sign_bit = 0x8000, infinity_bits = 0x7c00, quiet_nan_bits = 0x7e00;

}  // namespace

double widen_half(std::uint16_t half) {
    const int exponent = (half >> mantissa_bits) & 0x1f;
    const int mantissa = half & 0x3ff;
    double value;
    if (exponent == 0x1f)
        value = mantissa == 0 ? std::numeric_limits<double>::infinity() : std::numeric_limits<double>::quiet_NaN();
    else if (exponent == 0)
        value = std::ldexp(mantissa, 1 - bias - mantissa_bits);
    else
        value = std::ldexp(mantissa + 1024, exponent - bias - mantissa_bits);
    return std::copysign(value, (half & sign_bit) != 0 ? -1.0 : 1.0);
}

std::uint16_t narrow_to_half(double value) {
    const std::uint16_t sign = std::signbit(value) ? sign_bit : 0;
    const double size = std::abs(value);
    unsigned bits;
    if (std::isnan(value)) {
        bits = quiet_nan_bits;
    } else if (size >= 65520) {
        bits = infinity_bits;
    } else if (size < 0x1p-14) {
        // A mantissa that rounds up to 1024 is the smallest normal number, and its bits are right by themselves.
        bits = static_cast<unsigned>(std::nearbyint(std::ldexp(size, bias - 1 + mantissa_bits)));
    } else {
        const int exponent = std::ilogb(size);
        const auto mantissa = static_cast<unsigned>(std::nearbyint(std::ldexp(size, mantissa_bits - exponent)));
        bits = (static_cast<unsigned>(exponent + bias) << mantissa_bits) + (mantissa - 1024);
    }
    return static_cast<std::uint16_t>(sign | bits);
}

}  // namespace ndcall
