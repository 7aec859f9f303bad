// What is looked at: one selection for all drawings.
#pragma once

namespace viz {

// Where the reader is within the pass ("Where we are").
enum class Phase {
    tokens,
    embedding,
    attention,  // of the selected layer's block
    mlp,        // likewise
    final_norm,
    logits,
    softmax,
    pick,
    append
};
// "tokens", "final_norm": in files and in targets.
const char* phase_id(Phase phase);
constexpr bool in_block(Phase phase) {
    return phase == Phase::attention || phase == Phase::mlp;
}

struct Selection {
    int position = -1;  // of the token that looks (query); -1: the last one
    int layer = 0;      // from 0; people see layer + 1
    int head = 0;
    Phase phase = Phase::attention;
    int candidate = 0;  // index into the ranking, for Up / Down
    int token = -1;     // id that is followed through the layers; -1: the proposed one
    int neuron = -1;    // of the selected layer's MLP; -1: the strongest at the position
    bool operator==(const Selection&) const = default;
};

// How far a selection can reach in a step.
struct Extent {
    int layers = 0, heads = 0, neurons = 0;  // of the model; heads and neurons of one layer
    int length = 0;                          // positions
};

// These select nothing where there is no such. Another neuron of another vector is not meant.
void select_position(Selection& selection, int position, const Extent& extent);
void select_head(Selection& selection, int layer, int head, const Extent& extent);
// A layer's attention or MLP, its head as it was.
void select_block(Selection& selection, int layer, Phase phase, const Extent& extent);

}  // namespace viz
