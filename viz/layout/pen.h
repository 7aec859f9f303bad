// Small marks that several views draw alike. Lengths are pixels.
#pragma once

#include <span>

#include "viz/paint/canvas.h"

namespace viz {

void draw_line(Canvas& canvas, Point from, Point to, Stroke stroke);
// Through a rectangle: from its left side to its right at a height, or from its top to its bottom.
void draw_across(Canvas& canvas, Rect rect, float y, Stroke stroke);
void draw_down(Canvas& canvas, Rect rect, float x, Stroke stroke);

void draw_dot(Canvas& canvas, Point centre, float radius, Colour colour);
void draw_dots(Canvas& canvas, std::span<const Point> centres, float radius, Colour colour);
// A small triangle that points up or down, twice `size` wide.
void draw_triangle(Canvas& canvas, Point centre, float size, bool up, Colour colour);

// A filled box whose border lies within it.
void draw_chip(Canvas& canvas, Rect box, Colour fill, Stroke border, float radius);

// Thin diagonal strokes: this is masked. `cells` x `cells` squares above the diagonal.
void draw_masked_triangle(Canvas& canvas, Rect square, int cells, const Theme& theme);
void draw_hatch(Canvas& canvas, Rect cell, const Theme& theme);

// A veil with strokes in the colour of what the user changed: what lies under it is switched off.
void draw_switched_off(Canvas& canvas, Rect rect, const Theme& theme);

// The part of `full` from its left, with round ends; at least a sliver if it is not zero.
void draw_bar(Canvas& canvas, Rect full, double part, Colour colour);

}  // namespace viz
