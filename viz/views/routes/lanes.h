// Where everything of the way of a token lies: a lane for each token, block after block.
#pragma once

#include <optional>
#include <vector>

#include "viz/paint/geometry.h"
#include "viz/scene/scene.h"

namespace viz {

// A row of the drawing: one token's lane, or several tokens that little comes from, folded.
struct LaneRow {
    int first = 0, last = 0;  // positions
    bool folded() const { return last > first; }
};

struct Lanes {
    std::vector<LaneRow> rows;
    std::vector<int> row_of;  // by position
    Rect body;                // between the labels and the end, from the first row to the last
    float labels = 0, top = 0, pitch = 0;
    int open = -1;    // the block whose heads are told apart; -1: none
    float slot = 0;   // width of a head there
    float block = 0;  // width of every other block
    int layers = 0, heads = 0;
    Rect answer;  // the ranking; w = 0: no room

    float y(int position) const {
        return top + pitch * (static_cast<float>(row_of[static_cast<size_t>(position)]) + 0.5f);
    }
    bool has_lane(int position) const {
        return !rows[static_cast<size_t>(row_of[static_cast<size_t>(position)])].folded();
    }
    float begin(int layer) const;  // of the block: where its attention begins
    float attention_end(int layer) const;
    float mlp(int layer) const;  // middle of the MLP
    float end(int layer) const { return begin(layer) + width(layer); }
    float width(int layer) const { return layer == open ? block + slot * heads : block; }
    // What one head of the open block has for itself.
    float head_begin(int head) const { return begin(open) + slot * static_cast<float>(head); }
};

// Lanes of the tokens that most comes from, in a room for `answer` pixels of ranking at the right;
// the rest folded where there is no room for all.
Lanes make_lanes(Rect rect, const Scene& scene, const model::Routes& routes);

}  // namespace viz
