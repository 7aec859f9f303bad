// Parts of an attention map that its two drawings share: the whole map, and the magnified stretch
// of a long one.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "viz/layout/legend.h"
#include "viz/paint/canvas.h"
#include "viz/scene/scene.h"

namespace viz {

inline constexpr float axis_height = 22;  // room of an axis' name
inline constexpr float legend_line = 22;

// Square cells of some queries and keys with their tokens beside and above them.
struct MapPart {
    Rect rect;         // of the cells
    float cell = 0;    // its side
    float labels = 0;  // widest token
    float label_size = 13;
    int row = 0, col = 0;  // the first query and the first key
    int rows = 0, cols = 0;
};

// The widest token's width, at most `most`, at a size before scaling.
float longest_token(const Scene& scene, float size, float most);

void draw_map_cells(Canvas& canvas, const MapPart& part, const Scene& scene);
void draw_map_labels(Canvas& canvas, const MapPart& part, const Scene& scene);
// The selected query's row and the cell that is pointed at.
void draw_map_outlines(Canvas& canvas, const MapPart& part, const Scene& scene);
// Names of the axes, that of the queries beginning at x.
void draw_map_axes(Canvas& canvas, Rect rect, float x, Rect cells, const std::string& queries,
                   const std::string& keys, const Scene& scene);

// The cell of the selected head's map that is pointed at, wherever: in the map, in its magnified
// part, in the row. As query and key.
struct MapCell {
    int query, key;
};
std::optional<MapCell> pointed_cell(const Scene& scene);

ColourScale weight_scale(const Scene& scene);
// What else must be known to read the colours, a line each.
std::vector<std::string> map_notes(const Scene& scene);
float masked_key_width();
void draw_masked_key(Canvas& canvas, Rect line, const Scene& scene);

// view_attention_zoom: a long text's map as an overview with a magnified stretch beside or below.
// Empty where there is no room for both.
struct LongMap {
    Rect overview;  // of the cells
    MapPart zoom;
    Rect legend;
    Size used;
};
std::optional<LongMap> long_map(Rect rect, const Scene& scene);
// Whether draw_head magnifies a stretch in a room.
bool is_magnified(Size room, const Scene& scene);
void draw_long_map(Canvas& canvas, Rect rect, const LongMap& at, const Scene& scene);

}  // namespace viz
