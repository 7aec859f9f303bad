#include "viz/scene/selection.h"

namespace viz {

const char* phase_id(Phase phase) {
    switch (phase) {
        case Phase::tokens:
            return "tokens";
        case Phase::embedding:
            return "embedding";
        case Phase::attention:
            return "attention";
        case Phase::mlp:
            return "mlp";
        case Phase::final_norm:
            return "final_norm";
        case Phase::logits:
            return "logits";
        case Phase::softmax:
            return "softmax";
        case Phase::pick:
            return "pick";
        case Phase::append:
            return "append";
    }
    return "";
}

void select_position(Selection& selection, int position, const Extent& extent) {
    if (position < 0 || position >= extent.length) return;
    const int last = extent.length - 1;
    const bool names = selection.position >= 0 && selection.position <= last;
    if (position != (names ? selection.position : last)) selection.neuron = -1;
    selection.position = position;
}

void select_head(Selection& selection, int layer, int head, const Extent& extent) {
    if (layer < 0 || layer >= extent.layers || head < 0 || head >= extent.heads) return;
    if (layer != selection.layer) selection.neuron = -1;
    selection.layer = layer;
    selection.head = head;
    if (!in_block(selection.phase)) selection.phase = Phase::attention;
}

void select_block(Selection& selection, int layer, Phase phase, const Extent& extent) {
    select_head(selection, layer, selection.head, extent);
    selection.phase = phase;
}

}  // namespace viz
