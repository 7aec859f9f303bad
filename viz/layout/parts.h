// Small parts that several views draw alike: text styles, which labels stay
// when there is no room for all, colour scales, hatching, bars.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "viz/paint/canvas.h"
#include "viz/scene/scene.h"

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

// Those of 0..n-1, `pitch` pixels apart, whose labels can be drawn `needed` pixels from each other;
// `always` is among them.
std::vector<int> thinned(int n, float pitch, float needed, int always);

// The same, with the last one too where `always` leaves it room.
std::vector<int> thinned_to_last(int n, float pitch, float needed, int always);

// Text along a slope whose middle line begins at a point: rising to the right for columns below,
// falling for columns above.
enum class Slope { rising, falling };
void draw_sloped(Canvas& canvas, Point start, std::string_view text, const TextStyle& style,
                 Slope slope);
float slope_reach(const TextStyle& style, float width);  // how far it gets, upward and sideways
float slope_pitch(const TextStyle& style);               // neighbours nearer than this would touch

// The scale used by a drawing, its ends written beside it: "0 [____] 1 weight".
struct ColourScale {
    std::string low, high;
    std::function<Colour(float)> colour;  // of t in [0, 1]
    float bar = 120;                      // pixels
    float low_width = 0;                  // at least: aligns bars below each other
};
float colour_scale_width(const ColourScale& scale);
void draw_colour_scale(Canvas& canvas, Rect rect, const Scene& scene, const ColourScale& scale);

// A drawing that has no more to say on a page larger than `usual` fills it with larger text, at
// most `most` times.
void draw_filling(Canvas& canvas, Rect rect, Size usual, float most,
                  const std::function<void(Canvas&, Rect)>& draw);

// Thin diagonal strokes: this is masked. `cells` x `cells` squares above the diagonal.
void draw_masked_triangle(Canvas& canvas, Rect square, int cells, const Theme& theme);
void draw_hatch(Canvas& canvas, Rect cell, const Theme& theme);

// The part of `full` from its left, with round ends; at least a sliver if it is not zero.
void draw_bar(Canvas& canvas, Rect full, double part, Colour colour);

}  // namespace viz
