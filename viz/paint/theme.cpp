// The colours of the two themes, and what can be computed of colours.
#include "viz/paint/theme.h"

#include <algorithm>
#include <cmath>

namespace viz {
namespace {

constexpr Colour hex(uint32_t rgb) {
    return {static_cast<uint8_t>(rgb >> 16), static_cast<uint8_t>(rgb >> 8),
            static_cast<uint8_t>(rgb)};
}

constexpr Theme light{
    .id = "light",
    .dark = false,
    .page = hex(0xf5f6f9),
    .card = hex(0xffffff),
    .inset = hex(0xf7f8fa),
    .border = hex(0xe4e7ed),
    .grid = hex(0xeef0f4),
    .text = hex(0x1f2430),
    .muted = hex(0x626979),
    .faint = hex(0xaab1c0),
    .accent = hex(0x6c3ade),
    .accent_soft = hex(0xefe9ff),
    .on_accent = hex(0xffffff),
    .query = hex(0x3b82f6),
    .key = hex(0xdc4a46),
    .value = hex(0x16a34a),
    .attn = hex(0x3b82f6),
    .mlp = hex(0x0f9d76),
    .bar = hex(0xb8c0cf),
    .bar_faint = hex(0xdfe3ea),
    .up = hex(0x0b8062),
    .down = hex(0xcf3f3f),
    .warning = hex(0xb45309),
    .tooltip = hex(0x1f2430),
    .on_tooltip = hex(0xf4f5f9),
    .masked = hex(0xf3f4f7),
    .hatch = hex(0xdde0e8),
};

constexpr Theme dark{
    .id = "dark",
    .dark = true,
    .page = hex(0x14161d),
    .card = hex(0x1c1f29),
    .inset = hex(0x242835),
    .border = hex(0x343a4a),
    .grid = hex(0x2a2f3c),
    .text = hex(0xe9ebf2),
    .muted = hex(0xa0a7b8),
    .faint = hex(0x5d6476),
    .accent = hex(0xa78bff),
    .accent_soft = hex(0x322a55),
    .on_accent = hex(0x17112b),
    .query = hex(0x6ea8ff),
    .key = hex(0xff7b76),
    .value = hex(0x4ccb7c),
    .attn = hex(0x6ea8ff),
    .mlp = hex(0x35c79a),
    .bar = hex(0x667089),
    .bar_faint = hex(0x3a4152),
    .up = hex(0x3fcf9f),
    .down = hex(0xff8080),
    .warning = hex(0xf5b04c),
    .tooltip = hex(0xeef0f6),
    .on_tooltip = hex(0x1f2430),
    .masked = hex(0x20232d),
    .hatch = hex(0x3a4050),
};

uint8_t channel(uint8_t from, uint8_t to, float t) {
    return static_cast<uint8_t>(
        std::lround(from + (static_cast<float>(to) - static_cast<float>(from)) * t));
}

// Relative luminance of WCAG 2.
float luminance(Colour colour) {
    auto linear = [](uint8_t value) {
        const float v = static_cast<float>(value) / 255.0f;
        return v <= 0.04045f ? v / 12.92f : std::pow((v + 0.055f) / 1.055f, 2.4f);
    };
    return 0.2126f * linear(colour.r) + 0.7152f * linear(colour.g) + 0.0722f * linear(colour.b);
}

}  // namespace

Colour mix(Colour from, Colour to, float t) {
    return {channel(from.r, to.r, t), channel(from.g, to.g, t), channel(from.b, to.b, t),
            channel(from.a, to.a, t)};
}

float contrast(Colour a, Colour b) {
    const auto [low, high] = std::minmax({luminance(a), luminance(b)});
    return (high + 0.05f) / (low + 0.05f);
}

const Theme& light_theme() {
    return light;
}
const Theme& dark_theme() {
    return dark;
}

}  // namespace viz
