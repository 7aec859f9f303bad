// What differences from the untouched run look like, wherever they are drawn.
#pragma once

#include <string>

#include "viz/layout/legend.h"
#include "viz/scene/memo.h"
#include "viz/scene/scene.h"

namespace viz {

// All of these only while the scene compares (Scene::compared).

// The shown map less the untouched run's. Valid until the next call.
const PatternChange& shown_change(const Scene& scene, int layer, int head);
// A row of the untouched run as shown_row() gives it.
std::vector<float> untouched_row(const Scene& scene, int layer, int head, int query);

// A change as a colour: blue less here, orange more, the card for none. The end of the scale is the
// largest change that is shown, and not below this: rounding must not look like a change.
inline constexpr double least_scale = 1e-4;
Colour change_colour(const Scene& scene, double change, double largest);
// "-0.12" to "+0.12", from blue to orange, and what it is.
ColourScale change_scale(const Scene& scene, const std::string& low, const std::string& high,
                         const std::string& of);

// "+0.12", "-0.0042", "0".
std::string signed_weight(double change);

// What a caption says: "difference from the untouched run".
inline constexpr const char* difference_words = "difference from the untouched run";

}  // namespace viz
