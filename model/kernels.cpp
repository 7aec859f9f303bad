#include "model/kernels.h"

#include <omp.h>

#include <Eigen/Core>
#include <algorithm>
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

// Sum of term(0) ... term(n - 1), always in the same order. Eigen's reductions depend on how the
// memory happens to be aligned, and then the same step would not repeat bit for bit.
template <typename Term>
float total(int n, Term term) {
    constexpr int lanes = 32;  // enough to hide the latency of the adder behind wide registers
    float sum[lanes] = {};
    int i = 0;
    for (; i + lanes <= n; i += lanes) {
        for (int j = 0; j < lanes; ++j) sum[j] += term(i + j);
    }
    for (int j = 0; i + j < n; ++j) sum[j] += term(i + j);
    for (int half = lanes / 2; half > 0; half /= 2) {
        for (int j = 0; j < half; ++j) sum[j] += sum[j + half];
    }
    return sum[0];
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
    view(y).noalias() = view(x) * view(w);
    view(y).rowwise() += Eigen::Map<const Eigen::RowVectorXf>(bias, y.cols);
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

float gelu(float x) {
    constexpr float root_two_over_pi = 0.7978845608f;
    return 0.5f * x * (1.0f + std::tanh(root_two_over_pi * (x + 0.044715f * x * x * x)));
}

void softmax(float* x, int n) {
    const float top = *std::max_element(x, x + n);
    for (int i = 0; i < n; ++i) x[i] = std::exp(x[i] - top);
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
