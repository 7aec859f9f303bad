// Piecewise-linear colour maps over short tables of evenly spaced colours.
#include "viz/paint/colormap.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

namespace viz {
namespace {

constexpr std::array<Colour, 5> violet_light{
    {{247, 247, 252}, {216, 204, 245}, {166, 134, 233}, {108, 58, 222}, {59, 19, 128}}};
// On a dark page more weight is more light: the map starts just above the card.
constexpr std::array<Colour, 5> violet_dark{
    {{45, 41, 68}, {70, 54, 128}, {108, 76, 205}, {164, 136, 255}, {236, 229, 255}}};
constexpr std::array<Colour, 10> viridis{{{68, 1, 84},
                                          {72, 40, 120},
                                          {62, 73, 137},
                                          {49, 104, 142},
                                          {38, 130, 142},
                                          {31, 158, 137},
                                          {53, 183, 121},
                                          {110, 206, 88},
                                          {181, 222, 43},
                                          {253, 231, 37}}};
constexpr std::array<Colour, 10> cividis{{{0, 34, 78},
                                          {18, 53, 112},
                                          {59, 73, 108},
                                          {87, 93, 109},
                                          {112, 113, 115},
                                          {138, 134, 120},
                                          {165, 156, 116},
                                          {195, 179, 105},
                                          {225, 204, 85},
                                          {254, 232, 56}}};

// From the middle outward.
constexpr std::array<Colour, 2> blue_light{{{140, 178, 219}, {31, 90, 160}}};
constexpr std::array<Colour, 2> orange_light{{{226, 160, 133}, {181, 69, 32}}};
constexpr std::array<Colour, 2> blue_dark{{{62, 104, 168}, {134, 188, 255}}};
constexpr std::array<Colour, 2> orange_dark{{{165, 84, 46}, {255, 172, 116}}};

Colour at(std::span<const Colour> table, float t) {
    const float place = t * static_cast<float>(table.size() - 1);
    const size_t i = std::min(static_cast<size_t>(place), table.size() - 2);
    return mix(table[i], table[i + 1], place - static_cast<float>(i));
}

}  // namespace

const char* colormap_id(Colormap map) {
    switch (map) {
        case Colormap::viridis:
            return "viridis";
        case Colormap::cividis:
            return "cividis";
        case Colormap::violet:
            break;
    }
    return "violet";
}

Colour sequential(const Theme& theme, Colormap map, float t) {
    if (std::isnan(t)) return theme.masked;
    t = std::clamp(t, 0.0f, 1.0f);
    if (map == Colormap::viridis) return at(viridis, t);
    if (map == Colormap::cividis) return at(cividis, t);
    return at(theme.dark ? violet_dark : violet_light, t);
}

ColourTable::ColourTable(const Theme& theme, Colormap map) : masked_(theme.masked) {
    for (int i = 0; i < 256; ++i) {
        colours_[i] = sequential(theme, map, static_cast<float>(i) / 255);
    }
}

Colour ColourTable::at(float t) const {
    if (std::isnan(t)) return masked_;
    return colours_[static_cast<size_t>(std::clamp(t, 0.0f, 1.0f) * 255 + 0.5f)];
}

Colour diverging(const Theme& theme, float t) {
    if (std::isnan(t)) return theme.masked;
    t = std::clamp(t, -1.0f, 1.0f);
    const auto& side =
        theme.dark ? (t < 0 ? blue_dark : orange_dark) : (t < 0 ? blue_light : orange_light);
    return at(std::array{theme.card, side[0], side[1]}, std::abs(t));
}

Colour text_on(Colour background) {
    constexpr Colour black{0, 0, 0}, white{255, 255, 255};
    return contrast(black, background) >= contrast(white, background) ? black : white;
}

}  // namespace viz
