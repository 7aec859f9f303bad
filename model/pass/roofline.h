// What the machine can do at best, measured in the same run as what we do: ratios then mean
// something on any machine, busy or not.
#pragma once

#include <cstddef>
#include <memory>

#include "model/pass/config.h"

namespace model {

// The matrix products of one pass over n tokens and nothing else: no norms, no softmax, no record.
// Attention's products cover the causal half, in bands as the pass makes them; logits of the last
// row only.
class PassProducts {
  public:
    PassProducts(const Config& config, int n);
    ~PassProducts();
    void run();

  private:
    struct Buffers;
    Config config_;
    int n_;
    std::unique_ptr<Buffers> buffers_;
};

// Reads a buffer with all threads; returns its sum, so that nothing is optimised away.
float stream(const float* data, size_t n);

}  // namespace model
