#include "model/kernels.h"

#include <omp.h>
#ifdef __F16C__
#include <immintrin.h>
#endif

#include <Eigen/Core>
#include <algorithm>
#include <bit>
#include <cmath>
#include <memory>
#include <vector>

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

// Below so many bytes, forking threads costs more than it saves.
constexpr size_t worth_forking = 1 << 19;

void widen(const uint16_t* half, int n, float* out) {
    int i = 0;
#ifdef __F16C__
    for (; i + 8 <= n; i += 8) {
        const __m128i eight = _mm_loadu_si128(reinterpret_cast<const __m128i*>(half + i));
        _mm256_storeu_ps(out + i, _mm256_cvtph_ps(eight));
    }
#endif
    for (; i < n; ++i)
        out[i] = Eigen::half_impl::half_to_float(Eigen::half_impl::raw_uint16_to_half(half[i]));
}

// Rows of a matrix as float32: where they lie, or widened into `scratch` (one row long).
const float* row_of(const Matrix& w, int row, float* scratch) {
    const size_t at = static_cast<size_t>(row) * w.cols;
    if (w.f32) return w.f32 + at;
    widen(w.f16 + at, w.cols, scratch);
    return scratch;
}

// y [out] = x [in] * w [in, out]. The rows are cut into a fixed number of bands, each read from
// front to back as memory likes it, four rows at a time to spare the sums; the bands' sums are
// joined in order, so that the result does not depend on the number of threads.
void row_times(const float* x, const Matrix& w, const float* bias, float* y) {
    constexpr int bands = 8;
    const auto cols = static_cast<size_t>(w.cols);
    std::vector<float> sums(bands * cols);
#pragma omp parallel for schedule(static) if (w.bytes() > worth_forking)
    for (int b = 0; b < bands; ++b) {
        float* __restrict sum = sums.data() + static_cast<size_t>(b) * cols;
        std::vector<float> scratch(w.f32 ? 0 : 4 * cols);
        const int begin = w.rows * b / bands, end = w.rows * (b + 1) / bands;
        int i = begin;
        for (; i + 4 <= end; i += 4) {
            const float* r0 = row_of(w, i, scratch.data());
            const float* r1 = row_of(w, i + 1, scratch.data() + cols);
            const float* r2 = row_of(w, i + 2, scratch.data() + 2 * cols);
            const float* r3 = row_of(w, i + 3, scratch.data() + 3 * cols);
            const float x0 = x[i], x1 = x[i + 1], x2 = x[i + 2], x3 = x[i + 3];
            for (size_t j = 0; j < cols; ++j) {
                sum[j] += (x0 * r0[j] + x1 * r1[j]) + (x2 * r2[j] + x3 * r3[j]);
            }
        }
        for (; i < end; ++i) {
            const float* row = row_of(w, i, scratch.data());
            for (size_t j = 0; j < cols; ++j) sum[j] += x[i] * row[j];
        }
    }
    for (size_t j = 0; j < cols; ++j) {
        float value = bias[j];
        for (int b = 0; b < bands; ++b) value += sums[static_cast<size_t>(b) * cols + j];
        y[j] = value;
    }
}

// y[i] = x . row i of w, four rows at a time: x is read once for all of them.
void dots(const float* x, ConstRows w, float* y) {
    constexpr int lanes = 16;
    int i = 0;
    for (; i + 4 <= w.rows; i += 4) {
        const float *r0 = w.row(i), *r1 = w.row(i + 1), *r2 = w.row(i + 2), *r3 = w.row(i + 3);
        float s0[lanes] = {}, s1[lanes] = {}, s2[lanes] = {}, s3[lanes] = {};
        int k = 0;
        for (; k + lanes <= w.cols; k += lanes) {
            for (int j = 0; j < lanes; ++j) s0[j] += x[k + j] * r0[k + j];
            for (int j = 0; j < lanes; ++j) s1[j] += x[k + j] * r1[k + j];
            for (int j = 0; j < lanes; ++j) s2[j] += x[k + j] * r2[k + j];
            for (int j = 0; j < lanes; ++j) s3[j] += x[k + j] * r3[k + j];
        }
        for (int j = 0; k + j < w.cols; ++j) {
            s0[j] += x[k + j] * r0[k + j];
            s1[j] += x[k + j] * r1[k + j];
            s2[j] += x[k + j] * r2[k + j];
            s3[j] += x[k + j] * r3[k + j];
        }
        for (int half = lanes / 2; half > 0; half /= 2) {
            for (int j = 0; j < half; ++j) {
                s0[j] += s0[j + half];
                s1[j] += s1[j + half];
                s2[j] += s2[j + half];
                s3[j] += s3[j + half];
            }
        }
        y[i] = s0[0], y[i + 1] = s1[0], y[i + 2] = s2[0], y[i + 3] = s3[0];
    }
    for (; i < w.rows; ++i) y[i] = dot(x, w.row(i), w.cols);
}

// dot(a, w) and dot(b, w) with the sums of `dot`, in its order; w is loaded once for both.
inline void two_dots(const float* a, const float* b, const float* w, int n, float& a_w,
                     float& b_w) {
    constexpr int lanes = 32;
    float s[lanes] = {}, t[lanes] = {};
    int i = 0;
    for (; i + lanes <= n; i += lanes) {
        for (int j = 0; j < lanes; ++j) s[j] += a[i + j] * w[i + j];
        for (int j = 0; j < lanes; ++j) t[j] += b[i + j] * w[i + j];
    }
    for (int j = 0; i + j < n; ++j) {
        s[j] += a[i + j] * w[i + j];
        t[j] += b[i + j] * w[i + j];
    }
    for (int half = lanes / 2; half > 0; half /= 2) {
        for (int j = 0; j < half; ++j) {
            s[j] += s[j + half];
            t[j] += t[j + half];
        }
    }
    a_w = s[0];
    b_w = t[0];
}

// The whole matrix as float32, for products that read it many times.
struct Widened {
    explicit Widened(const Matrix& w) {
        if (w.f32) {
            view = {w.f32, w.rows, w.cols, w.cols};
            return;
        }
        copy.reset(new float[static_cast<size_t>(w.rows) * w.cols]);
#pragma omp parallel for schedule(static)
        for (int i = 0; i < w.rows; ++i) {
            const size_t at = static_cast<size_t>(i) * w.cols;
            widen(w.f16 + at, w.cols, copy.get() + at);
        }
        view = {copy.get(), w.rows, w.cols, w.cols};
    }
    std::unique_ptr<float[]> copy;
    ConstRows view;
};

}  // namespace

void linear(ConstRows x, const Matrix& w, const float* bias, Rows y) {
    if (x.rows == 1) {
        row_times(x.data, w, bias, y.data);
        return;
    }
    const Widened wide(w);
#pragma omp parallel for schedule(static)
    for (int i = 0; i < y.rows; ++i) std::copy_n(bias, y.cols, y.row(i));
    view(y).noalias() += view(x) * view(wide.view);
}

void unembed(ConstRows x, const Matrix& w, Rows y) {
    if (x.rows > 1) {
        product_transposed(x, Widened(w).view, y);
        return;
    }
    unembed_apart(x, w, y);
}

void unembed_apart(ConstRows x, const Matrix& w, Rows y) {
#pragma omp parallel if (w.bytes() > worth_forking)
    {
        std::vector<float> scratch(w.f32 ? 0 : static_cast<size_t>(w.cols));
#pragma omp for schedule(static)
        for (int i = 0; i < w.rows; ++i) {
            const float* row = row_of(w, i, scratch.data());
            int j = 0;
            for (; j + 2 <= x.rows; j += 2) {
                two_dots(x.row(j), x.row(j + 1), row, w.cols, y.row(j)[i], y.row(j + 1)[i]);
            }
            if (j < x.rows) y.row(j)[i] = dot(x.row(j), row, w.cols);
        }
    }
}

void read_row(const Matrix& w, int row, float* out) {
    const float* values = row_of(w, row, out);
    if (values != out) std::copy_n(values, w.cols, out);
}

void product(ConstRows x, ConstRows w, Rows y) {
    view(y).noalias() = view(x) * view(w);
}

void product_transposed(ConstRows x, ConstRows w, Rows y) {
    if (x.rows == 1) {
        dots(x.data, w, y.data);
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

float exponentials(float* x, int n, float scale) {
    const float top = largest(x, n);
    return total(n, [&](int i) { return x[i] = exponential((x[i] - top) * scale); });
}

void softmax(float* x, int n) {
    const float scale = 1.0f / exponentials(x, n, 1.0f);
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
