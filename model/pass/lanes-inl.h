// What kernels are written with: sixteen float32 at a time in as many registers as the processor
// needs for them, and sums whose order is the same on every processor. Included once for each set
// of instructions (Highway's foreach_target), therefore without a guard of the usual kind.
#if defined(STEPSCOPE_LANES_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef STEPSCOPE_LANES_INL_H
#undef STEPSCOPE_LANES_INL_H
#else
#define STEPSCOPE_LANES_INL_H
#endif

#include <hwy/highway.h>

#include <algorithm>
#include <cstdint>
#include <cstring>

HWY_BEFORE_NAMESPACE();
namespace model {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// Registers of at most sixteen lanes.
using Lanes = hn::CappedTag<float, 16>;
using Vector = hn::Vec<Lanes>;
constexpr Lanes lanes;
constexpr size_t width = hn::MaxLanes(lanes);
constexpr size_t registers = 16 / width;  // for sixteen lanes

// Registers that a tile's sums may take: the rest hold what is multiplied.
constexpr bool many_registers = HWY_TARGET <= HWY_AVX3 || HWY_ARCH_ARM_A64;

// Weights in memory, widened exactly as they are read.
HWY_INLINE Vector load(const float* p) {
    return hn::LoadU(lanes, p);
}
HWY_INLINE Vector load(const uint16_t* p) {
#if HWY_TARGET == HWY_WASM || (HWY_ARCH_X86 && HWY_TARGET >= HWY_SSE4)
    // Without an instruction for it: exponent and fraction are moved to their places, and what is
    // missing in the exponent's bias is multiplied on, which is exact, for subnormal values too.
    // What is infinite or no number stays so.
    const hn::Rebind<uint16_t, Lanes> halves;
    const hn::RebindToSigned<Lanes> bits;
    const auto high = hn::ShiftLeft<16>(hn::PromoteTo(bits, hn::LoadU(halves, p)));
    const auto sign = hn::And(high, hn::Set(bits, INT32_MIN));
    const auto rest = hn::ShiftRight<3>(hn::Xor(high, sign));
    const auto endless = hn::And(hn::VecFromMask(bits, hn::Gt(rest, hn::Set(bits, 0x0f7fffff))),
                                 hn::Set(bits, 0x7f800000));
    const Vector value = hn::Mul(hn::BitCast(lanes, rest), hn::Set(lanes, 0x1p112f));
    return hn::Or(value, hn::BitCast(lanes, hn::Or(sign, endless)));
#else
    const hn::Rebind<hwy::float16_t, Lanes> halves;
    return hn::PromoteTo(lanes, hn::LoadU(halves, reinterpret_cast<const hwy::float16_t*>(p)));
#endif
}
// The first n < width of them, then zeros; nothing behind them is read.
template <typename Stored>
HWY_INLINE Vector load_some(const Stored* p, size_t n) {
    Stored some[width] = {};
    std::memcpy(some, p, n * sizeof(Stored));
    return load(some);
}
HWY_INLINE void store_some(Vector v, float* p, size_t n) {
    float some[width];
    hn::StoreU(v, lanes, some);
    std::memcpy(p, some, n * sizeof(float));
}

// Says that a line of memory is wanted soon, in the second nearest cache.
HWY_INLINE void want(const void* p) {
    __builtin_prefetch(p, 0, 2);
}

// A block of the weights that is wanted next, asked for a line at a time while others are worked
// on.
template <typename Stored>
class Coming {
  public:
    // rows x cols of what lies `stride` apart from row to row.
    Coming(const Stored* w, size_t stride, size_t rows, size_t cols)
        : row_(w), stride_(stride), cols_(cols), left_(rows) {}

    HWY_INLINE void ask() {
        if (left_ == 0) return;
        want(row_ + at_);
        at_ += 64 / sizeof(Stored);
        if (at_ < cols_) return;
        at_ = 0;
        row_ += stride_;
        --left_;
    }

  private:
    const Stored* row_;
    size_t stride_, cols_, left_, at_ = 0;
};

// Sixteen sums, side by side: lane l of all that is added at l, l + 16, l + 32, ...
struct Sixteen {
    // Written out: one that is not would lack the instructions of NEON's registers for g++.
    HWY_INLINE Sixteen() {}  // NOLINT(modernize-use-equals-default)
    Vector part[registers];
};
HWY_INLINE Sixteen zeros() {
    Sixteen sums;
    for (Vector& part : sums.part) part = hn::Zero(lanes);
    return sums;
}

// The sum of sixteen lanes: l and l + 8, then l and l + 4, then l and l + 2, then the two.
HWY_INLINE float joined(const Sixteen& sums) {
    alignas(64) float lane[16];
    for (size_t i = 0; i < registers; ++i) hn::Store(sums.part[i], lanes, lane + i * width);
    for (size_t half = 8; half > 0; half /= 2) {
        for (size_t l = 0; l < half; ++l) lane[l] += lane[l + half];
    }
    return lane[0];
}

// x . w over n values, in sixteen sums.
template <typename Stored>
HWY_INLINE float dot_of(const float* HWY_RESTRICT x, const Stored* HWY_RESTRICT w, size_t n) {
    Sixteen sums = zeros();
    size_t i = 0;
    for (; i + 16 <= n; i += 16) {
        for (size_t r = 0; r < registers; ++r) {
            sums.part[r] =
                hn::MulAdd(load(x + i + r * width), load(w + i + r * width), sums.part[r]);
        }
    }
    for (size_t r = 0; i < n; ++r, i += width) {
        const size_t left = std::min(width, n - i);
        sums.part[r] = hn::MulAdd(load_some(x + i, left), load_some(w + i, left), sums.part[r]);
    }
    return joined(sums);
}

// The sum of term(i), terms of n values, each a register of them from i on.
template <typename Term>
HWY_INLINE float total(size_t n, Term term) {
    Sixteen sums = zeros();
    size_t i = 0;
    for (; i + 16 <= n; i += 16) {
        for (size_t r = 0; r < registers; ++r) {
            sums.part[r] = hn::Add(sums.part[r], term(i + r * width, width));
        }
    }
    for (size_t r = 0; i < n; ++r, i += width) {
        sums.part[r] = hn::Add(sums.part[r], term(i, std::min(width, n - i)));
    }
    return joined(sums);
}

// y[i] = f(x[i]) for n values. What fills the last register up is never stored.
template <typename Function>
HWY_INLINE void each(const float* x, size_t n, float* y, Function f) {
    size_t i = 0;
    for (; i + width <= n; i += width) hn::StoreU(f(load(x + i)), lanes, y + i);
    if (i < n) store_some(f(load_some(x + i, n - i)), y + i, n - i);
}

HWY_INLINE Vector of(float value) {
    return hn::Set(lanes, value);
}

// e^x to 2 units in the last place (Cephes' polynomial); 0 below -87.3; what is not a number stays
// so.
HWY_INLINE Vector exponential(Vector x) {
    const Vector low = of(-87.3f), high = of(88.3f);
    const Vector above = hn::IfThenElse(hn::Lt(x, low), low, x);
    const Vector clamped = hn::IfThenElse(hn::Gt(above, high), high, above);
    const Vector whole = hn::Round(hn::Mul(clamped, of(1.44269504f)));
    Vector r = hn::NegMulAdd(whole, of(0.693359375f), clamped);
    r = hn::NegMulAdd(whole, of(-2.12194440e-4f), r);
    Vector p = of(1.9875691500e-4f);
    for (const float c : {1.3981999507e-3f, 8.3334519073e-3f, 4.1665795894e-2f, 1.6666665459e-1f,
                          5.0000001201e-1f}) {
        p = hn::MulAdd(p, r, of(c));
    }
    p = hn::Add(hn::MulAdd(hn::Mul(p, r), r, r), of(1.0f));
    const hn::RebindToSigned<Lanes> integers;
    const auto exponent =
        hn::ShiftLeft<23>(hn::Add(hn::ConvertTo(integers, whole), hn::Set(integers, 127)));
    return hn::IfThenZeroElse(hn::Lt(x, low), hn::Mul(p, hn::BitCast(lanes, exponent)));
}

}  // namespace HWY_NAMESPACE
}  // namespace model
HWY_AFTER_NAMESPACE();

#endif
