// Keys and values of the positions that ran: what makes a step cost one position.
#pragma once

#include <memory>

#include "model/pass/config.h"
#include "model/pass/kernels.h"
#include "model/pass/record.h"

namespace model {

class KvCache {
  public:
    explicit KvCache(const Config& config);

    int size() const { return size_; }
    void truncate(int n);
    // Takes the keys and values of position size() from its record.
    void append(const TokenRecord& record);

    // [size(), d_head] of one head, contiguous: rows are read one after another.
    ConstRows keys(int layer, int head) const { return rows(keys_.get(), layer, head); }
    ConstRows values(int layer, int head) const { return rows(values_.get(), layer, head); }

  private:
    ConstRows rows(const float* all, int layer, int head) const;

    int n_head_, d_head_, n_ctx_;
    int size_ = 0;
    std::shared_ptr<float> keys_;    // [layer, head, n_ctx, d_head]
    std::shared_ptr<float> values_;  // [layer, head, n_ctx, d_head]
};

}  // namespace model
