#include "model/pass/activation.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "model/pass/activation.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "model/pass/lanes-inl.h"

// The functions, compiled for each set of instructions and chosen when the program runs.
HWY_BEFORE_NAMESPACE();
namespace model {
namespace HWY_NAMESPACE {

// x times the logistic function of s x, 1 / (1 + exp(-s x)): SiLU with s = 1 (Elfwing, Uchibe, Doya
// 2018), and with s = 1.702 the quick approximation of GELU (Hendrycks, Gimpel 2016, section 2).
HWY_INLINE Vector gated(Vector x, Vector slope_x) {
    return hn::Div(x, hn::Add(of(1.0f), exponential(hn::Neg(slope_x))));
}

// The tanh form that GPT-2 was trained with (Hendrycks, Gimpel 2016).
void gelu_tanh(const float* x, int n, float* y) {
    // x * (1 + tanh(u)) / 2 = x / (1 + exp(-2 u)), which needs one exponential.
    each(x, static_cast<size_t>(n), y, [](Vector v) {
        const Vector cube = hn::Mul(hn::Mul(v, v), v);
        return gated(v, hn::Mul(of(1.5957691216f), hn::MulAdd(of(0.044715f), cube, v)));
    });
}

// The normal distribution below -a, for a >= 0, to a relative 4e-7: exp(-a^2 / 2) times t p(t) with
// t = 1 / (1 + 0.35 a), p fitted to the least largest relative error over 0 <= a <= 13.3.
HWY_INLINE Vector normal_tail(Vector a) {
    const Vector t = hn::Div(of(1.0f), hn::MulAdd(of(0.35f), a, of(1.0f)));
    Vector p = of(-0.0291120708f);
    for (const float c : {0.143804893f, -0.255364716f, 0.15876843f, -0.0228254013f, 0.105385095f,
                          0.119864732f, 0.139857352f, 0.139621675f}) {
        p = hn::MulAdd(p, t, of(c));
    }
    return hn::Mul(exponential(hn::Mul(of(-0.5f), hn::Mul(a, a))), hn::Mul(p, t));
}

// x times the normal distribution function, (1 + erf(x / sqrt(2))) / 2 (Hendrycks, Gimpel 2016).
void gelu_erf(const float* x, int n, float* y) {
    each(x, static_cast<size_t>(n), y, [](Vector v) {
        const Vector lost = hn::Mul(v, normal_tail(hn::Abs(v)));
        return hn::IfThenElse(hn::Gt(v, of(0.0f)), hn::Sub(v, lost), lost);
    });
}

void relu(const float* x, int n, float* y) {
    each(x, static_cast<size_t>(n), y, [](Vector v) {
        return hn::IfThenZeroElse(hn::Lt(v, of(0.0f)), v);  // what is not a number stays so
    });
}

void silu(const float* x, int n, float* y) {
    each(x, static_cast<size_t>(n), y, [](Vector v) { return gated(v, v); });
}

void quick_gelu(const float* x, int n, float* y) {
    each(x, static_cast<size_t>(n), y, [](Vector v) { return gated(v, hn::Mul(of(1.702f), v)); });
}

// 1 - 2 / (1 + exp(2 a)) where that is exact enough, else the odd polynomial a + a^3 p(a^2), fitted
// to the least largest relative error up to 0.63.
void hyperbolic_tangent(const float* x, int n, float* y) {
    each(x, static_cast<size_t>(n), y, [](Vector v) {
        const Vector a = hn::Abs(v), square = hn::Mul(a, a), one = of(1.0f), two = of(2.0f);
        Vector p = of(-0.00566675954f);
        for (const float c : {0.0206059907f, -0.0537299531f, 0.133313304f, -0.33333278f}) {
            p = hn::MulAdd(p, square, of(c));
        }
        const Vector near = hn::MulAdd(hn::Mul(a, square), p, a);
        const Vector far = hn::Sub(one, hn::Div(two, hn::Add(one, exponential(hn::Mul(two, a)))));
        return hn::CopySign(hn::IfThenElse(hn::Lt(a, of(0.625f)), near, far), v);
    });
}

}  // namespace HWY_NAMESPACE
}  // namespace model
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace model {

namespace {

HWY_EXPORT(gelu_tanh);
HWY_EXPORT(gelu_erf);
HWY_EXPORT(relu);
HWY_EXPORT(silu);
HWY_EXPORT(quick_gelu);
HWY_EXPORT(hyperbolic_tangent);

void chosen_gelu_tanh(const float* x, int n, float* y) {
    HWY_DYNAMIC_DISPATCH(gelu_tanh)(x, n, y);
}
void chosen_gelu_erf(const float* x, int n, float* y) {
    HWY_DYNAMIC_DISPATCH(gelu_erf)(x, n, y);
}
void chosen_relu(const float* x, int n, float* y) {
    HWY_DYNAMIC_DISPATCH(relu)(x, n, y);
}
void chosen_silu(const float* x, int n, float* y) {
    HWY_DYNAMIC_DISPATCH(silu)(x, n, y);
}
void chosen_quick_gelu(const float* x, int n, float* y) {
    HWY_DYNAMIC_DISPATCH(quick_gelu)(x, n, y);
}
void chosen_hyperbolic_tangent(const float* x, int n, float* y) {
    HWY_DYNAMIC_DISPATCH(hyperbolic_tangent)(x, n, y);
}

constexpr Activation table[] = {
    {{"gelu_new", "gelu_fast", "gelu_pytorch_tanh"},
     "GELU",
     {"post = pre / 2 × ", "(1 + tanh(√(2/π) × (pre + 0.044715 × pre³)))"},
     "keeps what is large and positive and nearly silences the rest",
     chosen_gelu_tanh},
    {{"gelu"},
     "GELU",
     {"post = pre × Φ(pre) ", "= pre / 2 × (1 + erf(pre / √2))"},
     "keeps what is large and positive and nearly silences the rest",
     chosen_gelu_erf},
    {{"relu"},
     "ReLU",
     {"post = max(pre, 0)", ""},
     "keeps what is positive and silences the rest",
     chosen_relu},
    {{"silu", "swish"},
     "SiLU",
     {"post = pre / (1 + exp(−pre))", ""},
     "keeps what is large and positive and weakens the rest",
     chosen_silu},
    {{"quick_gelu"},
     "QuickGELU",
     {"post = pre / ", "(1 + exp(−1.702 × pre))"},
     "keeps what is large and positive and nearly silences the rest",
     chosen_quick_gelu},
    {{"tanh"},
     "tanh",
     {"post = tanh(pre)", ""},
     "keeps the sign and brings every value between −1 and 1",
     chosen_hyperbolic_tangent},
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

#endif
