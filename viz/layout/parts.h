// Text as views write it: its styles, and how it is cut where there is no room for all of it.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "viz/paint/canvas.h"

namespace viz {

// The smallest text of any view, before scaling: what a slide enlarges to 18 pixels.
inline constexpr float smallest_text = 10.5f;

TextStyle sans(float size, Colour colour);
TextStyle bold(float size, Colour colour);
TextStyle mono(float size, Colour colour);
float width_of(const TextStyle& style, std::string_view text);
// Cut to a width: a token in its middle, words at their end.
std::string fit_token(const TextStyle& style, std::string_view text, float width);
std::string fit_words(const TextStyle& style, std::string_view text, float width);

// The first of several wordings that fits the width; the last one, cut, where none does.
std::string fit_wording(const TextStyle& style, const std::vector<std::string>& wordings,
                        float width);
// Draws the first of several wordings that fits; nothing where none does.
void draw_if_room(Canvas& canvas, Rect rect, const std::vector<std::string>& wordings,
                  const TextStyle& style);

// A drawing that has no more to say on a page larger than `usual` fills it with larger text, at
// most `most` times.
void draw_filling(Canvas& canvas, Rect rect, Size usual, float most,
                  const std::function<void(Canvas&, Rect)>& draw);

}  // namespace viz
