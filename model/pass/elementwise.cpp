// Norms, softmax and what else goes over one row: written once, compiled for each set of
// instructions, chosen when the program runs. Sums are of sixteen lanes on each.
#include <Eigen/Core>
#include <cmath>
#include <cstring>

#include "model/base/thread_pool.h"
#include "model/pass/kernels.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "model/pass/elementwise.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "model/pass/lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace model {
namespace HWY_NAMESPACE {

// The lanes below n, zeros above.
HWY_INLINE Vector first_lanes(Vector v, size_t n) {
    return n == width ? v : hn::IfThenElseZero(hn::FirstN(lanes, n), v);
}

HWY_INLINE Vector part(const float* p, size_t n) {
    return n == width ? load(p) : load_some(p, n);
}

void layer_norm(const float* x, const float* gain, const float* bias, float eps, size_t n,
                float* y) {
    const auto count = static_cast<float>(n);
    const float mean = total(n, [&](size_t i, size_t there) { return part(x + i, there); }) / count;
    const Vector middle = of(mean);
    const float variance = total(n,
                                 [&](size_t i, size_t there) {
                                     const Vector off = hn::Sub(part(x + i, there), middle);
                                     return first_lanes(hn::Mul(off, off), there);
                                 }) /
                           count;
    const Vector scale = of(1.0f / std::sqrt(variance + eps));
    for (size_t i = 0; i < n; i += width) {
        const size_t there = std::min(width, n - i);
        const Vector normed = hn::Mul(hn::Sub(part(x + i, there), middle), scale);
        const Vector out = hn::MulAdd(normed, part(gain + i, there), part(bias + i, there));
        if (there == width) {
            hn::StoreU(out, lanes, y + i);
        } else {
            store_some(out, y + i, there);
        }
    }
}

float largest(const float* x, size_t n) {
    float most = x[0];
    Vector all = of(most);
    size_t i = 0;
    for (; i + width <= n; i += width) {
        const Vector v = load(x + i);
        all = hn::IfThenElse(hn::Gt(v, all), v, all);
    }
    HWY_ALIGN float lane[width];
    hn::Store(all, lanes, lane);
    for (const float value : lane) most = value > most ? value : most;
    for (; i < n; ++i) most = x[i] > most ? x[i] : most;
    return most;
}

float exponentials(float* x, size_t n, float scale) {
    const Vector top = of(largest(x, n)), by = of(scale);
    return total(n, [&](size_t i, size_t there) {
        const Vector e = exponential(hn::Mul(hn::Sub(part(x + i, there), top), by));
        if (there == width) {
            hn::StoreU(e, lanes, x + i);
            return e;
        }
        store_some(e, x + i, there);
        return first_lanes(e, there);
    });
}

void multiply(float* x, size_t n, float by) {
    const Vector factor = of(by);
    each(x, n, x, [&](Vector v) { return hn::Mul(v, factor); });
}

void add(const float* x, size_t n, float* y) {
    size_t i = 0;
    for (; i + width <= n; i += width) hn::StoreU(hn::Add(load(y + i), load(x + i)), lanes, y + i);
    for (; i < n; ++i) y[i] += x[i];
}

void widen(const uint16_t* half, size_t n, float* out) {
    size_t i = 0;
    for (; i + width <= n; i += width) hn::StoreU(load(half + i), lanes, out + i);
    if (i < n) store_some(load_some(half + i, n - i), out + i, n - i);
}

void narrow(const float* x, size_t n, uint16_t* out) {
    size_t i = 0;
#if HWY_TARGET <= HWY_AVX2 || HWY_ARCH_ARM_A64  // rounds in hardware
    const hn::Rebind<hwy::float16_t, Lanes> halves;
    for (; i + width <= n; i += width) {
        hn::StoreU(hn::DemoteTo(halves, load(x + i)), halves,
                   reinterpret_cast<hwy::float16_t*>(out + i));
    }
#endif
    for (; i < n; ++i) {
        float value = 0;
        std::memcpy(&value, x + i, sizeof value);
        const uint16_t half = Eigen::half_impl::float_to_half_rtne(value).x;
        std::memcpy(out + i, &half, sizeof half);
    }
}

}  // namespace HWY_NAMESPACE
}  // namespace model
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

#include <algorithm>

namespace model {

namespace {

HWY_EXPORT(layer_norm);
HWY_EXPORT(exponentials);
HWY_EXPORT(multiply);
HWY_EXPORT(add);
HWY_EXPORT(widen);
HWY_EXPORT(narrow);

}  // namespace

void layer_norm(const float* x, const float* gain, const float* bias, float eps, int n, float* y) {
    HWY_DYNAMIC_DISPATCH(layer_norm)(x, gain, bias, eps, static_cast<size_t>(n), y);
}

float exponentials(float* x, int n, float scale) {
    return HWY_DYNAMIC_DISPATCH(exponentials)(x, static_cast<size_t>(n), scale);
}

void softmax(float* x, int n) {
    const float sum = exponentials(x, n, 1.0f);
    HWY_DYNAMIC_DISPATCH(multiply)(x, static_cast<size_t>(n), 1.0f / sum);
}

void add(const float* x, int n, float* y) {
    HWY_DYNAMIC_DISPATCH(add)(x, static_cast<size_t>(n), y);
}

void widen(const uint16_t* half, size_t n, float* out) {
    share_out(n, conversion_block, [&](size_t begin, size_t end) {
        HWY_DYNAMIC_DISPATCH(widen)(half + begin, end - begin, out + begin);
    });
}

void narrow(const float* x, size_t n, uint16_t* out) {
    share_out(n, conversion_block, [&](size_t begin, size_t end) {
        HWY_DYNAMIC_DISPATCH(narrow)(x + begin, end - begin, out + begin);
    });
}

void read_row(const Matrix& w, int row, float* out) {
    const size_t at = static_cast<size_t>(row) * w.cols;
    if (w.f32) {
        std::copy_n(w.f32 + at, w.cols, out);
    } else {
        HWY_DYNAMIC_DISPATCH(widen)(w.f16 + at, static_cast<size_t>(w.cols), out);
    }
}

void read_column(const Matrix& w, int column, float* out) {
    for (int row = 0; row < w.rows; ++row) {
        const size_t at = static_cast<size_t>(row) * w.cols + column;
        if (w.f32) {
            out[row] = w.f32[at];
        } else {
            HWY_DYNAMIC_DISPATCH(widen)(w.f16 + at, 1, out + row);
        }
    }
}

}  // namespace model

#endif
