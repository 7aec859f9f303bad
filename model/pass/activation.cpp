#include "model/pass/activation.h"

#include <cmath>

#include "model/pass/exponential.h"

namespace model {

namespace {

// x times the logistic function of s x, 1 / (1 + exp(-s x)): SiLU with s = 1 (Elfwing, Uchibe, Doya
// 2018), and with s = 1.702 the quick approximation of GELU (Hendrycks, Gimpel 2016, section 2).
inline float gated(float x, float slope) {
    return x / (1.0f + exponential(-(slope * x)));
}

// The tanh form that GPT-2 was trained with (Hendrycks, Gimpel 2016).
void gelu_tanh(const float* x, int n, float* y) {
    // x * (1 + tanh(u)) / 2 = x / (1 + exp(-2 u)), which needs one exponential.
    constexpr float two_root_two_over_pi = 1.5957691216f;
    for (int i = 0; i < n; ++i) {
        const float u2 = two_root_two_over_pi * (x[i] + 0.044715f * x[i] * x[i] * x[i]);
        y[i] = x[i] / (1.0f + exponential(-u2));
    }
}

// The normal distribution below -a, for a >= 0, to a relative 4e-7: exp(-a^2 / 2) times t p(t) with
// t = 1 / (1 + 0.35 a), p fitted to the least largest relative error over 0 <= a <= 13.3.
inline float normal_tail(float a) {
    const float t = 1.0f / (1.0f + 0.35f * a);
    float p = -0.0291120708f;
    p = p * t + 0.143804893f;
    p = p * t - 0.255364716f;
    p = p * t + 0.15876843f;
    p = p * t - 0.0228254013f;
    p = p * t + 0.105385095f;
    p = p * t + 0.119864732f;
    p = p * t + 0.139857352f;
    p = p * t + 0.139621675f;
    return exponential(-0.5f * a * a) * (p * t);
}

// x times the normal distribution function, (1 + erf(x / sqrt(2))) / 2 (Hendrycks, Gimpel 2016).
void gelu_erf(const float* x, int n, float* y) {
    for (int i = 0; i < n; ++i) {
        const float v = x[i], lost = v * normal_tail(std::abs(v));
        y[i] = v > 0.0f ? v - lost : lost;
    }
}

void relu(const float* x, int n, float* y) {
    for (int i = 0; i < n; ++i) y[i] = x[i] < 0.0f ? 0.0f : x[i];  // what is not a number stays so
}

void silu(const float* x, int n, float* y) {
    for (int i = 0; i < n; ++i) y[i] = gated(x[i], 1.0f);
}

void quick_gelu(const float* x, int n, float* y) {
    for (int i = 0; i < n; ++i) y[i] = gated(x[i], 1.702f);
}

// 1 - 2 / (1 + exp(2 a)) where that is exact enough, else the odd polynomial a + a^3 p(a^2), fitted
// to the least largest relative error up to 0.63.
void hyperbolic_tangent(const float* x, int n, float* y) {
    for (int i = 0; i < n; ++i) {
        const float a = std::abs(x[i]), square = a * a;
        float p = -0.00566675954f;
        p = p * square + 0.0206059907f;
        p = p * square - 0.0537299531f;
        p = p * square + 0.133313304f;
        p = p * square - 0.33333278f;
        const float near = a + a * square * p;
        const float far = 1.0f - 2.0f / (1.0f + exponential(2.0f * a));
        y[i] = std::copysign(a < 0.625f ? near : far, x[i]);
    }
}

constexpr Activation table[] = {
    {{"gelu_new", "gelu_fast", "gelu_pytorch_tanh"},
     "GELU",
     {"post = pre / 2 × ", "(1 + tanh(√(2/π) × (pre + 0.044715 × pre³)))"},
     "keeps what is large and positive and nearly silences the rest",
     gelu_tanh},
    {{"gelu"},
     "GELU",
     {"post = pre × Φ(pre) ", "= pre / 2 × (1 + erf(pre / √2))"},
     "keeps what is large and positive and nearly silences the rest",
     gelu_erf},
    {{"relu"},
     "ReLU",
     {"post = max(pre, 0)", ""},
     "keeps what is positive and silences the rest",
     relu},
    {{"silu", "swish"},
     "SiLU",
     {"post = pre / (1 + exp(−pre))", ""},
     "keeps what is large and positive and weakens the rest",
     silu},
    {{"quick_gelu"},
     "QuickGELU",
     {"post = pre / ", "(1 + exp(−1.702 × pre))"},
     "keeps what is large and positive and nearly silences the rest",
     quick_gelu},
    {{"tanh"},
     "tanh",
     {"post = tanh(pre)", ""},
     "keeps the sign and brings every value between −1 and 1",
     hyperbolic_tangent},
};

}  // namespace

const Activation* find_activation(std::string_view name) {
    for (const Activation& activation : table) {
        for (const std::string_view known : activation.names) {
            if (!name.empty() && name == known) return &activation;
        }
    }
    return nullptr;
}

const Activation& gpt2_activation() {
    return table[0];
}

std::string activation_names() {
    std::string all;
    for (const Activation& activation : table) {
        for (const std::string_view name : activation.names) {
            if (name.empty()) continue;
            if (!all.empty()) all += ", ";
            all += name;
        }
    }
    return all;
}

float apply(const Activation& activation, float x) {
    float y = 0;
    activation.apply(&x, 1, &y);
    return y;
}

}  // namespace model
