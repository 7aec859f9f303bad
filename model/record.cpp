#include "model/record.h"

namespace model {

TokenRecord::Layout::Layout(const Config& config)
    : d(config.d_model),
      d_mlp(config.d_mlp),
      n_layer(config.n_layer),
      layer_floats(6 * static_cast<size_t>(d) + static_cast<size_t>(d_mlp)),
      floats(2 * static_cast<size_t>(d) + layer_floats * static_cast<size_t>(n_layer)) {}

std::vector<float> TokenRecord::resid_pre(int layer) const {
    std::vector<float> x(embedded().begin(), embedded().end());
    for (int l = 0; l < layer; ++l) {
        const auto attn = attn_out(l);
        const auto mlp = mlp_out(l);
        for (size_t i = 0; i < x.size(); ++i) x[i] = (x[i] + attn[i]) + mlp[i];
    }
    return x;
}

std::vector<float> TokenRecord::resid_mid(int layer) const {
    std::vector<float> x = resid_pre(layer);
    const auto attn = attn_out(layer);
    for (size_t i = 0; i < x.size(); ++i) x[i] += attn[i];
    return x;
}

}  // namespace model
