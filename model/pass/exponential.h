// The exponential that softmax and the activations are made of.
#pragma once

#include <bit>

namespace model {

// e^x to 2 units in the last place (Cephes' polynomial), without branches: the compiler makes wide
// registers of it, which it cannot of std::exp, and every element is rounded in the same way.
inline float exponential(float x) {
    constexpr float log2_e = 1.44269504f, ln2_high = 0.693359375f, ln2_low = -2.12194440e-4f;
    constexpr float lowest = -87.3f, highest = 88.3f;  // beyond, the result is 0 or not finite
    constexpr float rounder = 12582912.0f;             // 1.5 * 2^23: adding it rounds to integers
    const float above = x < lowest ? lowest : x;
    const float clamped = above > highest ? highest : above;
    const float whole = (clamped * log2_e + rounder) - rounder;
    const float r = (clamped - whole * ln2_high) - whole * ln2_low;
    float p = 1.9875691500e-4f;
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * r * r + r + 1.0f;
    const float power = std::bit_cast<float>((static_cast<int>(whole) + 127) << 23);
    return x < lowest ? 0.0f : p * power;
}

}  // namespace model
