#include "model/pass/roofline.h"

#include <algorithm>
#include <memory>
#include <vector>

#include "model/pass/kernels.h"
#include "model/pass/transformer.h"

namespace model {

struct PassProducts::Buffers {
    // The weights of one block, and of the unembedding, filled once; all blocks have these sizes.
    std::vector<float> qkv, attn_out, mlp_in, mlp_out, unembed, x, y, scores, keys, logits;
};

PassProducts::PassProducts(const Config& config, int n)
    : config_(config), n_(n), buffers_(new Buffers) {
    const auto d = static_cast<size_t>(config.d_model), m = static_cast<size_t>(config.d_mlp);
    const auto rows = static_cast<size_t>(n), layers = static_cast<size_t>(config.n_layer);
    auto fill = [](std::vector<float>& v, size_t size) {
        v.resize(size);
        for (size_t i = 0; i < size; ++i) v[i] = static_cast<float>(i % 13) * 0.01f;
    };
    // A buffer for each layer: the pass streams its weights from memory, not from a cache.
    fill(buffers_->qkv, layers * d * 3 * d);
    fill(buffers_->attn_out, layers * d * d);
    fill(buffers_->mlp_in, layers * d * m);
    fill(buffers_->mlp_out, layers * m * d);
    fill(buffers_->unembed, static_cast<size_t>(config.n_vocab) * d);
    fill(buffers_->x, rows * std::max(m, 3 * d));
    fill(buffers_->y, rows * std::max(m, 3 * d));
    fill(buffers_->keys, rows * d);
    fill(buffers_->logits, static_cast<size_t>(config.n_vocab));
}

PassProducts::~PassProducts() = default;

void PassProducts::run() {
    Buffers& b = *buffers_;
    const int d = config_.d_model, m = config_.d_mlp, h = config_.d_head();
    auto times = [&](const std::vector<float>& w, int layer, int in, int out) {
        const size_t at = static_cast<size_t>(layer) * in * out;
        product({b.x.data(), n_, in, in}, {w.data() + at, in, out, out},
                {b.y.data(), n_, out, out});
    };
    for (int layer = 0; layer < config_.n_layer; ++layer) {
        times(b.qkv, layer, d, 3 * d);
#pragma omp parallel for schedule(dynamic)
        for (int head = 0; head < config_.n_head; ++head) {
            std::vector<float> scores;
            for (int begin = 0; begin < n_; begin += query_band) {
                const int end = std::min(begin + query_band, n_);
                scores.resize(static_cast<size_t>(end - begin) * end);
                const size_t at =
                    static_cast<size_t>(begin) * 3 * d + static_cast<size_t>(head) * h;
                const Rows s{scores.data(), end - begin, end, end};
                const float* kv = b.keys.data() + static_cast<size_t>(head) * n_ * h;
                product_transposed({b.y.data() + at, end - begin, h, 3 * d}, {kv, end, h, h}, s);
                product(s, {kv, end, h, h}, {b.x.data() + at, end - begin, h, 3 * d});
            }
        }
        times(b.attn_out, layer, d, d);
        times(b.mlp_in, layer, d, m);
        times(b.mlp_out, layer, m, d);
    }
    unembed({b.x.data(), 1, d, d}, {b.unembed.data(), nullptr, config_.n_vocab, d},
            {b.logits.data(), 1, config_.n_vocab, config_.n_vocab});
}

float stream(const float* data, size_t n) {
    constexpr size_t lanes = 64;
    const size_t blocks = n / lanes;
    float sum = 0;
#pragma omp parallel reduction(+ : sum)
    {
        float lane[lanes] = {};
#pragma omp for schedule(static)
        for (size_t b = 0; b < blocks; ++b) {
            for (size_t j = 0; j < lanes; ++j) lane[j] += data[b * lanes + j];
        }
        for (float value : lane) sum += value;
    }
    return sum;
}

}  // namespace model
