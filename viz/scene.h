// What a view may see: one finished step, what is selected, and how it shall look. Views are pure
// functions of it.
#pragma once

#include <string>
#include <vector>

#include "model/attention.h"
#include "model/session.h"
#include "viz/colormap.h"
#include "viz/memo.h"
#include "viz/theme.h"

namespace viz {

// Where the reader is within the pass ("Where we are").
enum class Phase { tokens, embedding, block, final_norm, logits, softmax, pick, append };

struct Selection {
    int position = -1;  // of the token that looks (query); -1: the last one
    int layer = 0;      // from 0; people see layer + 1
    int head = 0;
    Phase phase = Phase::block;
    int candidate = 0;  // index into the ranking, for Up / Down
};

// A region under the mouse, or locked by a click: which cell of which drawing.
struct Hit {
    std::string id;  // as given to Canvas::region; "" when there is none
    int row = 0, col = 0;
    bool operator==(const Hit&) const = default;
};

struct Scene {
    const model::Model& model;
    const model::Step& step;
    Memo& memo;
    const Theme& theme;
    model::Decoding decoding;
    Selection selection;
    Hit hover;
    bool hide_first = false;  // attention without token 0 (the sink), renormalised
    Colormap colormap = Colormap::violet;
    int total_steps = 0;  // of the run that is shown, for "1 / 20"; 0: unknown
    float text_scale = 1;

    int length() const { return static_cast<int>(step.records.size()); }
    int position() const {
        return selection.position >= 0 && selection.position < length() ? selection.position
                                                                        : length() - 1;
    }
    std::string shown(int id) const { return model.shown(id); }
    std::string shown_at(int position) const {
        return shown(step.records[static_cast<size_t>(position)]->id());
    }
};

// Attention pattern of a head: rows[q][k], k <= q; without token 0 and renormalised when the scene
// says so (a row that looks at token 0 alone is then all zero).
model::AttentionPattern shown_pattern(const Scene& scene, int layer, int head);
// One row of it.
std::vector<float> shown_row(const Scene& scene, int layer, int head, int query);

// "Layer 3 · Head 2": people count from 1.
std::string head_name(int layer, int head);

// The lines of the tooltip for what is pointed at; empty when there is nothing to say.
std::vector<std::string> tooltip(const Scene& scene, const Hit& hit);

}  // namespace viz
