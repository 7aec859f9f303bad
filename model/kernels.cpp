#include "model/kernels.h"

#include <omp.h>

#include <Eigen/Core>
#include <algorithm>
#include <bit>
#include <cmath>

extern "C" void openblas_set_num_threads(int);

namespace model {

namespace {

using RowMajor = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Stride = Eigen::OuterStride<>;
using ConstMap = Eigen::Map<const RowMajor, 0, Stride>;
using Map = Eigen::Map<RowMajor, 0, Stride>;

ConstMap view(ConstRows m) {
    return {m.data, m.rows, m.cols, Stride(m.stride)};
}
Map view(Rows m) {
    return {m.data, m.rows, m.cols, Stride(m.stride)};
}

// Joins term(0) ... term(n - 1), always in the same order. Eigen's reductions depend on how the
// memory happens to be aligned, and then the same step would not repeat bit for bit.
template <typename Term, typename Join>
inline float reduce(int n, float neutral, Term term, Join join) {
    constexpr int lanes = 32;  // enough to hide the latency of the adder behind wide registers
    float lane[lanes];
    std::fill_n(lane, lanes, neutral);
    int i = 0;
    for (; i + lanes <= n; i += lanes) {
        for (int j = 0; j < lanes; ++j) lane[j] = join(lane[j], term(i + j));
    }
    for (int j = 0; i + j < n; ++j) lane[j] = join(lane[j], term(i + j));
    for (int half = lanes / 2; half > 0; half /= 2) {
        for (int j = 0; j < half; ++j) lane[j] = join(lane[j], lane[j + half]);
    }
    return lane[0];
}

template <typename Term>
inline float total(int n, Term term) {
    return reduce(n, 0.0f, term, [](float a, float b) { return a + b; });
}

inline float largest(const float* x, int n) {
    return reduce(
        n, x[0], [&](int i) { return x[i]; }, [](float a, float b) { return a > b ? a : b; });
}

// e^x to 2 units in the last place (Cephes' polynomial), without branches: the compiler makes wide
// registers of it, which it cannot of std::exp, and every element is rounded in the same way.
inline float exponential(float x) {
    constexpr float log2_e = 1.44269504f, ln2_high = 0.693359375f, ln2_low = -2.12194440e-4f;
    constexpr float lowest = -87.3f, highest = 88.3f;  // beyond, the result is 0 or not finite
    constexpr float rounder = 12582912.0f;             // 1.5 * 2^23: adding it rounds to integers
    const float above = x < lowest ? lowest : x;
    const float clamped = above > highest ? highest : above;
    const float whole = (clamped * log2_e + rounder) - rounder;
    const float r = (clamped - whole * ln2_high) - whole * ln2_low;
    float p = 1.9875691500e-4f;
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * r * r + r + 1.0f;
    const float power = std::bit_cast<float>((static_cast<int>(whole) + 127) << 23);
    return x < lowest ? 0.0f : p * power;
}

// Below so many multiplications, forking threads costs more than it saves.
constexpr long worth_forking = 1 << 17;

// y [out] = x [in] * w [in, out]. Every thread owns a band of columns and walks down the rows, so
// that the sum of each output is made in one order whatever the number of threads.
void row_times(const float* x, ConstRows w, float* y) {
    constexpr int band = 64;  // columns: 4 cache lines, kept in registers
    const int bands = (w.cols + band - 1) / band;
#pragma omp parallel for schedule(static) if (static_cast <long>(w.rows) * w.cols > worth_forking)
    for (int b = 0; b < bands; ++b) {
        const int begin = b * band;
        const int n = std::min(band, w.cols - begin);
        float sum[band] = {};
        if (n == band) {
            for (int i = 0; i < w.rows; ++i) {
                const float* row = w.row(i) + begin;
                const float xi = x[i];
                for (int j = 0; j < band; ++j) sum[j] += xi * row[j];
            }
        } else {
            for (int i = 0; i < w.rows; ++i) {
                const float* row = w.row(i) + begin;
                for (int j = 0; j < n; ++j) sum[j] += x[i] * row[j];
            }
        }
        std::copy(sum, sum + n, y + begin);
    }
}

}  // namespace

void linear(ConstRows x, ConstRows w, const float* bias, Rows y) {
    if (x.rows == 1) {
        row_times(x.data, w, y.data);
        for (int j = 0; j < y.cols; ++j) y.data[j] += bias[j];
        return;
    }
#pragma omp parallel for schedule(static)
    for (int i = 0; i < y.rows; ++i) std::copy_n(bias, y.cols, y.row(i));
    view(y).noalias() += view(x) * view(w);
}

void product(ConstRows x, ConstRows w, Rows y) {
    view(y).noalias() = view(x) * view(w);
}

void linear_transposed(ConstRows x, ConstRows w, Rows y) {
    if (x.rows == 1) {
#pragma omp parallel for schedule(static) if (static_cast <long>(w.rows) * w.cols > worth_forking)
        for (int i = 0; i < w.rows; ++i) y.data[i] = dot(x.data, w.row(i), w.cols);
        return;
    }
    view(y).noalias() = view(x) * view(w).transpose();
}

void layer_norm(const float* x, const float* gain, const float* bias, float eps, int n, float* y) {
    const float mean = total(n, [&](int i) { return x[i]; }) / static_cast<float>(n);
    const float variance =
        total(n, [&](int i) { return (x[i] - mean) * (x[i] - mean); }) / static_cast<float>(n);
    const float scale = 1.0f / std::sqrt(variance + eps);
    for (int i = 0; i < n; ++i) y[i] = (x[i] - mean) * scale * gain[i] + bias[i];
}

void gelu(const float* x, int n, float* y) {
    // x * (1 + tanh(u)) / 2 = x / (1 + exp(-2 u)), which needs one exponential.
    constexpr float two_root_two_over_pi = 1.5957691216f;
    for (int i = 0; i < n; ++i) {
        const float u2 = two_root_two_over_pi * (x[i] + 0.044715f * x[i] * x[i] * x[i]);
        y[i] = x[i] / (1.0f + exponential(-u2));
    }
}

void softmax(float* x, int n) {
    const float top = largest(x, n);
    for (int i = 0; i < n; ++i) x[i] = exponential(x[i] - top);
    const float scale = 1.0f / total(n, [&](int i) { return x[i]; });
    for (int i = 0; i < n; ++i) x[i] *= scale;
}

float dot(const float* a, const float* b, int n) {
    return total(n, [&](int i) { return a[i] * b[i]; });
}

int set_threads(int n) {
    // Without a wish: as many as there are, which OMP_NUM_THREADS may lower.
    if (n > 0) omp_set_num_threads(n);
    const int threads = omp_get_max_threads();
    openblas_set_num_threads(threads);
    return threads;
}

}  // namespace model
