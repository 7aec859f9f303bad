// Names beside the rows and above the columns of a grid of equal cells: those that have room, level
// or along a slope.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "viz/paint/canvas.h"
#include "viz/scene/scene.h"

namespace viz {

// Which names are left out where there is no room for all: the rest stand at equal steps, or the
// last one has a name, too, where the one that always has leaves it room.
enum class Thin { evenly, to_last };

// Those of 0..n-1, `pitch` pixels apart, whose names can be drawn `needed` pixels from each other;
// `always` is among them.
std::vector<int> thinned(int n, float pitch, float needed, int always, Thin thin = Thin::evenly);

// A row or a column that has a name, and the room for it.
struct Named {
    int i;
    Rect room;
};

// `rect` divided into n rows. Names are `needed` pixels high, and the rooms at least as much, about
// the middle of their row.
std::vector<Named> named_rows(Rect rect, int n, float needed, int always, Thin thin = Thin::evenly);
// `rect` divided into n columns, names `needed` pixels wide.
std::vector<Named> named_columns(Rect rect, int n, float needed, int always,
                                 Thin thin = Thin::evenly);

// Text along a slope whose middle line begins at a point: rising to the right for columns below,
// falling for columns above.
enum class Slope { rising, falling };
void draw_sloped(Canvas& canvas, Point start, std::string_view text, const TextStyle& style,
                 Slope slope);
float slope_reach(const TextStyle& style, float width);  // how far it gets, upward and sideways
float slope_pitch(const TextStyle& style);               // neighbours nearer than this would touch

// The cell of a target of rows x cols that was clicked; none where it lies elsewhere.
std::optional<Rect> locked_cell(const Scene& scene, const Target& target, Rect rect, int rows,
                                int cols);

}  // namespace viz
