#include "model/pass/finite.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <string>
#include <vector>

#include "model/base/error.h"

namespace model {

namespace {

bool all_finite(std::span<const float> values) {
    constexpr uint32_t exponent = 0x7f800000;  // all ones: infinity, or not a number
    uint32_t found = 0;
    for (const float value : values) {
        found |= (std::bit_cast<uint32_t>(value) & exponent) == exponent ? 1 : 0;
    }
    return found == 0;
}

// One tensor after another, by the names that files have.
class Search {
  public:
    explicit Search(const Weights& weights) : weights_(weights) {}

    // "" when all are finite.
    std::string first() {
        matrix("wte.weight", weights_.wte);
        matrix("wpe.weight", weights_.wpe);
        for (size_t l = 0; l < weights_.layers.size(); ++l) {
            const LayerWeights& w = weights_.layers[l];
            const std::string h = "h." + std::to_string(l) + ".";
            norm(h + "ln_1", w.ln1);
            linear(h + "attn.c_attn", w.qkv, w.qkv_bias);
            linear(h + "attn.c_proj", w.attn_out, w.attn_out_bias);
            norm(h + "ln_2", w.ln2);
            linear(h + "mlp.c_fc", w.mlp_in, w.mlp_in_bias);
            linear(h + "mlp.c_proj", w.mlp_out, w.mlp_out_bias);
        }
        norm("ln_f", weights_.ln_final);
        matrix("lm_head.weight", weights_.unembed);
        return found_;
    }

  private:
    void vector(const std::string& name, const float* values, int n) {
        if (!found_.empty()) return;
        const std::span all(values, static_cast<size_t>(n));
        const auto bad = std::ranges::find_if(all, [](float x) { return !std::isfinite(x); });
        if (bad != all.end()) tell(name, *bad, false);
    }
    void matrix(const std::string& name, const Matrix& w) {
        std::vector<float> row(static_cast<size_t>(w.cols));
        for (int i = 0; i < w.rows && found_.empty(); ++i) {
            read_row(w, i, row.data());
            const auto bad = std::ranges::find_if(row, [](float x) { return !std::isfinite(x); });
            if (bad != row.end()) tell(name, *bad, w.f16 != nullptr);
        }
    }
    void linear(const std::string& name, const Matrix& w, const float* bias) {
        matrix(name + ".weight", w);
        vector(name + ".bias", bias, w.cols);
    }
    void norm(const std::string& name, const Norm& norm) {
        vector(name + ".weight", norm.gain, weights_.wte.cols);
        vector(name + ".bias", norm.bias, weights_.wte.cols);
    }
    void tell(const std::string& name, float value, bool half) {
        found_ = name + (std::isnan(value) ? " holds NaN" : " holds infinity");
        if (half && weights_.stored_as != "F16") {
            found_ += " as float16; what does not fit it does fit --precision f32";
        }
    }

    const Weights& weights_;
    std::string found_;
};

}  // namespace

void check_finite(std::span<const float> values, const Weights& weights) {
    weights.check_unchanged();
    if (all_finite(values)) return;
    const std::string file = weights.files.empty() ? "weights" : weights.files.front().string();
    const std::string tensor = Search(weights).first();
    throw Error(
        file + ": " +
        (tensor.empty() ? "its numbers overflow float32 on the way through the model" : tensor) +
        "; the file is damaged, or not a trained model's");
}

}  // namespace model
