// What the diagram's boxes say: names, tensors, shapes and numbers of this step, and the sentence
// about what happens where the reader is. How they are laid out is view_diagram's.
#pragma once

#include <string>
#include <vector>

#include "viz/scene/scene.h"

namespace viz {

struct DiagramBox {
    Target target;                   // "phase/attention/scores"
    std::string name, short_name;    // "weighted values", "z"
    std::string hook;                // "blocks.2.attn.hook_z"; "" where there is no tensor
    std::string shape, symbolic;     // "9 × 4 × 32" and "n × 4 × 32"
    std::string prefix;              // before the number where there is room: "length"
    std::string token, number;       // of this step, at the selected position: "Tom", "0.61"
    std::string words;               // what the number is, for the tooltip
    std::vector<float> values = {};  // numbers behind it that can be drawn as a strip
    bool is_signed = true;           // else they are weights from 0 to 1
    Colour edge = {0, 0, 0, 0};      // transparent: none of its own
};

// Weights are boxes too, drawn on the arrow whose vectors they multiply: they have a name, a shape
// (as TransformerLens has it: W_Q is n_head × d_model × d_head), words and no number.

// The selected block, from its first norm to what its MLP adds.
struct DiagramBlock {
    DiagramBox ln1, q, k, v, scores, mask, pattern, z, attn_out;
    DiagramBox ln2, mlp_pre, mlp_post, mlp_out;
    DiagramBox w_q, w_k, w_v, w_o, w_in, w_out;
    double attn_added = 0, mlp_added = 0;  // lengths at the selected position
    double resid_mid = 0, resid_post = 0;  // of the stream after each
};
DiagramBlock diagram_block(const Scene& scene);

// Outside blocks.
std::vector<DiagramBox> boxes_before(const Scene& scene);  // tokens, embedding
// Final norm, logits, softmax, pick, append.
std::vector<DiagramBox> boxes_after(const Scene& scene);
DiagramBox embedding_weights(const Scene& scene);    // W_E, on the arrow from tokens to embedding
DiagramBox unembedding_weights(const Scene& scene);  // W_U, from the final norm to the logits

// What is read now: "Attention of block 3", and a sentence or two with numbers of this step.
std::string reading_title(const Scene& scene, Phase phase);
Lines reading_sentences(const Scene& scene, Phase phase);

}  // namespace viz
