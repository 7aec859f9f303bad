// What the view of a step's cost counts, and its charts: how the cost grows with the text.
#pragma once

#include <cstdint>
#include <string>

#include "model/pass/cost.h"
#include "viz/paint/canvas.h"
#include "viz/scene/scene.h"

namespace viz {

inline constexpr float least_chart = 132;  // height, before scaling

// Of a step at n tokens: all of them again, or the last one on the cache of the others.
model::PassCost naive_cost(const Scene& scene, int n);
model::PassCost cached_cost(const Scene& scene, int n);
double ratio(double naive, double cached);
// What was measured at this length; null where nothing was.
const Cost* measured(const Scene& scene, int length);

Colour naive_colour(const Theme& theme);
Colour cached_colour(const Theme& theme);

// The curve's region: columns, and the length of the text at each.
int curve_columns(const Scene& scene);
int length_at(const Scene& scene, int column);

// From the shortest to the longest text that was measured: a column each.
struct Lengths {
    int first = 0, last = -1;
    int columns() const { return last - first + 1; }
};
Lengths measured_lengths(const Scene& scene);

// Regions "cost/curve" and, where something was measured and there is room, "cost/time".
void draw_charts(Canvas& canvas, Rect rect, const Scene& scene);

}  // namespace viz
