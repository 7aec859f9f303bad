// The layer norm of a block or of the end, with its parameters.
#pragma once

#include "model/pass/config.h"
#include "model/pass/kernels.h"

namespace model {

struct Norm {
    const float* gain = nullptr;  // [d_model]
    const float* bias = nullptr;  // [d_model]
};

// y [d_model] = the norm of x [d_model]; y may be x.
inline void normalize(const Config& config, const Norm& norm, const float* x, float* y) {
    layer_norm(x, norm.gain, norm.bias, config.ln_eps, config.d_model, y);
}

}  // namespace model
