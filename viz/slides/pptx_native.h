// The ranking as shapes of PowerPoint's own, which can be edited: a table, a chart, what marks the
// choice.
#pragma once

#include <functional>
#include <string>

#include "viz/slides/pptx_slide.h"
#include "viz/slides/pptx_timing.h"

namespace viz::pptx {

struct NativeRanking {
    std::string shapes;
    Clicks clicks;  // with the page's stages: what each of them shows
};

// `first_id`: of the shapes. `own_colours`: the page's own, not those of the file's theme.
// `add_chart` adds the chart to the file and says its relation.
NativeRanking native_ranking(const Page& page, const Placing& placing, const Theme* own_colours,
                             int first_id, const std::function<std::string()>& add_chart);

}  // namespace viz::pptx
