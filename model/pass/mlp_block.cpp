// The MLP of a block: W_in, the activation of every neuron, W_out.
#include "model/pass/block.h"

namespace model {

void mlp_block(Pass& pass, const LayerWeights& w, int layer) {
    const int d_mlp = pass.layout.d_mlp;
    const Rows normed = pass.rows(pass.normed, pass.layout.d);
    norm_rows(pass, w.ln2, normed);
    const Rows pre = pass.detail_part(pass.layout.mlp_pre(layer), d_mlp);
    linear(normed, w.mlp_in, w.mlp_in_bias, pre);
    const Rows out = pass.detail_part(pass.layout.mlp_out(layer), pass.layout.d);
    if (pass.ablation.mlp_off(layer)) {
        clear(out);
        return;
    }
    const Rows post = pass.rows(pass.hidden, d_mlp);
    const auto apply = pass.config.activation->apply;
    each_row(pass, [&](int i) { apply(pre.row(i), d_mlp, post.row(i)); });
    linear(post, w.mlp_out, w.mlp_out_bias, out);
    add_to_resid(pass, out);
}

}  // namespace model
