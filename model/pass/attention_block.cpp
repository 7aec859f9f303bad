// The attention of a block: queries, keys and values of the new rows, what each head reads, W_O.
#include <algorithm>
#include <vector>

#include "model/base/thread_pool.h"
#include "model/pass/attention_scale.h"
#include "model/pass/block.h"
#include "model/pass/transformer.h"

namespace model {

namespace {

constexpr int query_band = 32;  // queries of one product; half as many masked scores are in vain

// One head of one block: z = softmax(q . k * attention_scale) v over the keys up to each query
// (Vaswani et al. 2017, eq. 1). Keys are those of the cache, then those of the row's own path: the
// same numbers in the same order wherever they lie.
class Head {
  public:
    Head(Pass& pass, int layer, int head)
        : pass_(pass),
          layer_(layer),
          head_(head),
          d_(pass.config.d_head()),
          at_(static_cast<size_t>(head) * d_),
          keys_(pass.cache.keys(layer, head)),
          values_(pass.cache.values(layer, head)) {}

    void run() {
        if (pass_.ablation.head_off(layer_, head_)) return clear(z());
        if (pass_.branches.empty()) {
            const Rows k = pass_.kept_part(pass_.layout.k(layer_) + at_, d_);
            const Rows v = pass_.kept_part(pass_.layout.v(layer_) + at_, d_);
            for (int i = 0; i < pass_.n; ++i) add_own(k.row(i), v.row(i));
            for (int begin = 0; begin < pass_.n; begin += query_band) {
                attend(begin, std::min(begin + query_band, pass_.n));
            }
            return;
        }
        for (int i = 0; i < pass_.n; ++i) {
            own_keys_.clear();
            own_values_.clear();
            for (const RecordPtr& record : pass_.branches[static_cast<size_t>(i)].path) {
                add_own(record->k(layer_).data() + at_, record->v(layer_).data() + at_);
            }
            add_own(pass_.kept_part(pass_.layout.k(layer_) + at_, d_).row(i),
                    pass_.kept_part(pass_.layout.v(layer_) + at_, d_).row(i));
            attend(i, i + 1);
        }
    }

  private:
    Rows z() const { return pass_.detail_part(pass_.layout.z(layer_) + at_, d_); }

    void add_own(const float* k, const float* v) {
        own_keys_.insert(own_keys_.end(), k, k + d_);
        own_values_.insert(own_values_.end(), v, v + d_);
    }

    void attend(int begin, int end) {
        const int n = end - begin, shared = pass_.first, own = pass_.behind(end - 1) + 1;
        const auto band = [&](Rows all) { return Rows{all.row(begin), n, d_, all.stride}; };
        const Rows q = band(pass_.kept_part(pass_.layout.q(layer_) + at_, d_)), out = band(z());
        scores_.resize(static_cast<size_t>(n) * (shared + own));
        const Rows scores{scores_.data(), n, shared + own, shared + own};
        const Rows own_scores{scores.data + shared, n, own, scores.stride};
        if (shared > 0) dots(q, keys_, scores);
        dots(q, {own_keys_.data(), own, d_, d_}, own_scores);

        const float scale = attention_scale(pass_.config, layer_);
        float sums[query_band];
        int all_shared[query_band], counts[query_band];
        for (int i = 0; i < n; ++i) {
            all_shared[i] = shared;
            counts[i] = pass_.behind(begin + i) + 1;
            const int seen = shared + counts[i];
            if (pass_.ablation.is_uniform(layer_, head_, pass_.position(begin + i))) {
                std::fill_n(scores.row(i), seen, 1.0f);
                sums[i] = static_cast<float>(seen);
            } else {
                sums[i] = exponentials(scores.row(i), seen, scale);
            }
        }
        // Softmax divides by the sum; z is narrower than the row of weights, so it is divided
        // instead.
        clear(out);
        if (shared > 0) add_weighted(scores, all_shared, values_, out);
        add_weighted(own_scores, counts, {own_values_.data(), own, d_, d_}, out);
        for (int i = 0; i < n; ++i) {
            for (int c = 0; c < d_; ++c) out.row(i)[c] /= sums[i];
        }
    }

    Pass& pass_;
    int layer_, head_, d_;
    size_t at_;                // of the head within q, k, v and z
    ConstRows keys_, values_;  // of the cache
    std::vector<float> own_keys_, own_values_, scores_;
};

}  // namespace

void attention_block(Pass& pass, const LayerWeights& w, int layer) {
    const int d = pass.layout.d;
    const Rows normed = pass.rows(pass.normed, d);
    norm_rows(pass, w.ln1, normed);
    linear(normed, w.qkv, w.qkv_bias, pass.kept_part(pass.layout.q(layer), 3 * d));
    // One head a thread: each of its products is too small to share out.
    const auto heads = static_cast<size_t>(pass.config.n_head);
    const bool worth_sharing = pass.n > 1 || pass.position(0) > 64;
    share_out(heads, worth_sharing ? 1 : heads, [&](size_t begin, size_t end) {
        for (size_t head = begin; head < end; ++head) {
            Head(pass, layer, static_cast<int>(head)).run();
        }
    });
    const Rows out = pass.detail_part(pass.layout.attn_out(layer), d);
    if (pass.ablation.layers.contains(layer)) {
        clear(out);
        return;
    }
    linear(pass.detail_part(pass.layout.z(layer), d), w.attn_out, w.attn_out_bias, out);
    add_to_resid(pass, out);
}

}  // namespace model
