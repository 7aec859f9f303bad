// The one table of colours, light and dark.
#pragma once

#include <cstdint>

namespace viz {

struct Colour {
    uint8_t r = 0, g = 0, b = 0, a = 255;

    bool operator==(const Colour&) const = default;
    Colour with_alpha(float alpha) const {
        return {r, g, b, static_cast<uint8_t>(alpha * 255.0f + 0.5f)};
    }
};

Colour mix(Colour from, Colour to, float t);  // t in [0, 1]
// WCAG 2 contrast ratio, 1 to 21; text needs 4.5 on what it stands on.
float contrast(Colour a, Colour b);

struct Theme {
    const char* id;  // "light", "dark"
    bool dark;
    Colour page, card, inset, border, grid;  // surfaces: window, card, chip and field, lines
    Colour text, muted, faint;               // words, captions, what is barely there
    Colour accent, accent_soft, on_accent;   // violet: always what is being chosen
    Colour query, key, value;                // blue, red, green wherever Q, K, V appear
    Colour attn, mlp;                        // what attention and what the MLP added
    Colour bar, bar_faint;                   // probabilities that are not chosen; cut ones
    Colour up, down;                         // rank gained, rank lost
    Colour warning, tooltip, on_tooltip;
    Colour masked, hatch;  // the masked triangle and its hatching
};

const Theme& light_theme();
const Theme& dark_theme();

}  // namespace viz
