// The title of a drawing or of a part of it: one line that says as much as it has room for.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "viz/paint/canvas.h"
#include "viz/paint/theme.h"

namespace viz {

struct Title {
    std::vector<std::string> wordings;    // the first that fits; the last one, cut, where none does
    std::string note = {};                // in grey behind it, where there is room; "": none
    std::optional<std::string> end = {};  // in grey at the end of the line
    float gap = 12;                       // pixels between these
};

void draw_title(Canvas& canvas, Rect line, const Title& title, const Theme& theme);

}  // namespace viz
