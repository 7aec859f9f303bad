// A 16:9 page without window furniture: title, token ribbon, one or two views, caption.
#pragma once

#include <string>
#include <vector>

#include "viz/canvas.h"
#include "viz/scene.h"
#include "viz/view.h"

namespace viz {

inline constexpr Size slide_size{1920, 1080};

// "Step 1 — “␣Tom” is about to be appended"
std::string slide_title(const Scene& scene);
// Model, prompt, layer, head, scale, decoding.
std::string slide_caption(const Scene& scene);

// `shown`: one or two views side by side; the standard slide is "head" and "ranking". What is
// locked (scene.locked) is outlined and said in words.
void draw_slide(Canvas& canvas, const Scene& scene, const std::vector<const View*>& shown);

}  // namespace viz
