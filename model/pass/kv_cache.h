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
    // Takes the keys and values of an earlier pass from its record, at position size().
    void append(const TokenRecord& record);
    // Declares `n` more positions that the pass has written through keys() and values().
    void grow(int n) { size_ += n; }

    // [n_ctx, d_head] of one head, contiguous: rows are read one after another.
    Rows keys(int layer, int head);
    Rows values(int layer, int head);

  private:
    int n_head_, d_head_, n_ctx_;
    int size_ = 0;
    std::shared_ptr<float> keys_;    // [layer, head, n_ctx, d_head]
    std::shared_ptr<float> values_;  // [layer, head, n_ctx, d_head]
};

}  // namespace model
