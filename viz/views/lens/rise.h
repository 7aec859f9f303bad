// The lens' page as its parts share it, and the followed token's rise: its rank and probability
// after each block at the selected position. All lengths are in pixels.
#pragma once

#include "viz/paint/canvas.h"
#include "viz/scene/scene.h"

namespace viz {

inline constexpr float lens_header_line = 17;
inline constexpr float lens_token_size = 12;
inline constexpr float rise_plot_from = 196;  // width of the panel

struct LensFrame {
    Rect cells;
    float labels = 0;         // width of the row labels
    int first = 0, cols = 0;  // positions that are shown
    float column = 0, pitch = 0;
    // The followed token's rise: rows beside the cells, or a chart below; w = 0: not there.
    Rect panel, chart;

    Rect cell(int row, int col) const {
        return {cells.x + column * static_cast<float>(col),
                cells.y + pitch * static_cast<float>(row), column, pitch};
    }
};

// Rank and probability of the followed token, in the rows of the cells; where there is room a line
// between them, to the right the better (logarithmic).
void draw_lens_rise(Canvas& canvas, const LensFrame& f, const Scene& scene);
// The same as a chart: a column for each block, rank 1 at the top.
void draw_lens_rise_chart(Canvas& canvas, const LensFrame& f, const Scene& scene);

}  // namespace viz
