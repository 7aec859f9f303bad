#include "model/pass/record.h"

#include "model/base/error.h"
#include "model/pass/detail_store.h"

namespace model {

TokenRecord::Layout::Layout(const Config& config)
    : d(config.d_model),
      d_mlp(config.d_mlp),
      n_layer(config.n_layer),
      kept_floats(static_cast<size_t>(d) * (2 + 3 * static_cast<size_t>(n_layer))),
      detail_floats(static_cast<size_t>(n_layer) * (3 * static_cast<size_t>(d) + d_mlp)) {}

Floats TokenRecord::detail(size_t offset, int n) const {
    std::shared_ptr<const float> details = details_.load();
    check(details || store_, "TokenRecord: a record without details is not asked for them");
    if (!details) details = store_->restore(*this);
    return {{details, details.get() + offset}, static_cast<size_t>(n)};
}

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
