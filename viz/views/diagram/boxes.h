// How the diagram draws: boxes with as many lines as they have room for, arrows, and weights on
// them.
#pragma once

#include <string>
#include <vector>

#include "viz/paint/canvas.h"
#include "viz/views/diagram/contents.h"

namespace viz {

inline constexpr float box_line = 14;  // the least height of a line in a box

struct TextLine {
    std::string text;
    TextStyle style;
    std::string more = {};  // behind it in the same line
    TextStyle more_style = {};
};

// One below the other around the middle of the rectangle.
void draw_lines(Canvas& canvas, Rect rect, const std::vector<TextLine>& lines);
// The longest first: the first of the texts that fits; empty when none does.
std::string longest_fitting(const TextStyle& style, const std::vector<std::string>& texts,
                            float width);
// Name, shape, number and a strip of its values; `read`: the reader is here.
void draw_box(Canvas& canvas, Rect rect, const DiagramBox& box, bool read, const Scene& scene);

// An arrow from left to right (or back) with the weights that are multiplied on the way: their name
// above the line, their shape below it, where `high` has room for them.
void draw_weights(Canvas& canvas, Point from, Point to, Stroke stroke, float head, float high,
                  const DiagramBox& weights, const Scene& scene);
// Length of an arrow that has room for them.
float room_of_weights(const DiagramBox& weights);

void draw_arrow_head(Canvas& canvas, Point tip, Point from, float size, Colour colour);
// A line through points with an arrow at its end.
void draw_arrow(Canvas& canvas, std::vector<Point> points, Stroke stroke, float head);
Colour wire(const Theme& theme);

}  // namespace viz
