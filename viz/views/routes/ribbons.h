// What runs between lanes: values that heads bring, routes, the swellings of MLPs.
#pragma once

#include "viz/paint/canvas.h"
#include "viz/views/routes/lanes.h"

namespace viz {

// Targets. A ribbon of all heads of a block, or of one of the open block: "ribbon/LAYER/FROM/TO",
// "ribbon/LAYER/FROM/TO/HEAD".
Target ribbon_target(int layer, int from, int to, int head = -1);
Target swelling_target(int layer, int position);

// Values that arrive: as wide as they are long, the longest first. While the scene compares: how
// these lengths differ.
void draw_values(Canvas& canvas, const Lanes& lanes, const Scene& scene);
// What heads that are switched off would bring, dammed.
void draw_dammed(Canvas& canvas, const Lanes& lanes, const Scene& scene);
// The lanes themselves; what each MLP adds.
void draw_lanes(Canvas& canvas, const Lanes& lanes, const Scene& scene);
void draw_swellings(Canvas& canvas, const Lanes& lanes, const model::Routes& routes,
                    const Scene& scene);
// Routes: ribbons as wide as their share, lanes as strong.
void draw_route_lines(Canvas& canvas, const Lanes& lanes, const model::Routes& routes,
                      const Scene& scene);
// How much the largest of them bring, in numbers.
void draw_shares(Canvas& canvas, const Lanes& lanes, const model::Routes& routes,
                 const Scene& scene);
// The share of the widest ribbon; 0 where there is none.
double widest_share(const Lanes& lanes, const model::Routes& routes);

}  // namespace viz
