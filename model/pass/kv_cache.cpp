#include "model/pass/kv_cache.h"

#include <algorithm>

#include "model/base/error.h"
#include "model/base/memory.h"

namespace model {

KvCache::KvCache(const Config& config)
    : n_head_(config.n_head),
      d_head_(config.d_head()),
      n_ctx_(config.n_ctx),
      keys_(new_floats(static_cast<size_t>(config.n_layer) * config.n_ctx * config.d_model)),
      values_(new_floats(static_cast<size_t>(config.n_layer) * config.n_ctx * config.d_model)) {}

void KvCache::truncate(int n) {
    check(n >= 0 && n <= size_, "KvCache::truncate: 0 <= n <= size");
    size_ = n;
}

void KvCache::append(const TokenRecord& record) {
    check(record.position() == size_ && size_ < n_ctx_, "KvCache::append: the next position");
    for (int layer = 0; layer < record.n_layer(); ++layer) {
        const float* k = record.k(layer).data();
        const float* v = record.v(layer).data();
        for (int head = 0; head < n_head_; ++head) {
            const size_t row = (static_cast<size_t>(layer) * n_head_ + head) * n_ctx_ + size_;
            std::copy_n(k + head * d_head_, d_head_, keys_.get() + row * d_head_);
            std::copy_n(v + head * d_head_, d_head_, values_.get() + row * d_head_);
        }
    }
    ++size_;
}

ConstRows KvCache::rows(const float* all, int layer, int head) const {
    const size_t at = (static_cast<size_t>(layer) * n_head_ + head) * n_ctx_ * d_head_;
    return {all + at, size_, d_head_, d_head_};
}

}  // namespace model
