#include "model/pass/kernels.h"

#include <omp.h>
#if defined(__F16C__) && defined(__FMA__)
#define STEPSCOPE_WIDE  // registers of eight float32
#include <immintrin.h>
#endif

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>
#include <vector>

#include "model/pass/exponential.h"

extern "C" {
int openblas_get_parallel(void);  // 1: it has threads of its own
void openblas_set_num_threads(int);
}

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

// Below so many bytes, forking threads costs more than it saves.
constexpr size_t worth_forking = 1 << 19;

// Elements that are widened or narrowed by one thread at a time.
constexpr size_t conversion_block = 1 << 16;

void widen_block(const uint16_t* half, size_t n, float* out) {
    size_t i = 0;
#ifdef STEPSCOPE_WIDE
    for (; i + 8 <= n; i += 8) {
        const __m128i eight = _mm_loadu_si128(reinterpret_cast<const __m128i*>(half + i));
        _mm256_storeu_ps(out + i, _mm256_cvtph_ps(eight));
    }
#endif
    for (; i < n; ++i) {
        uint16_t bits = 0;
        std::memcpy(&bits, half + i, sizeof bits);
        out[i] = Eigen::half_impl::half_to_float(Eigen::half_impl::raw_uint16_to_half(bits));
    }
}

void narrow_block(const float* x, size_t n, uint16_t* out) {
    size_t i = 0;
#ifdef STEPSCOPE_WIDE
    for (; i + 8 <= n; i += 8) {
        const __m128i eight = _mm256_cvtps_ph(_mm256_loadu_ps(x + i), _MM_FROUND_TO_NEAREST_INT);
        _mm_storeu_si128(reinterpret_cast<__m128i*>(out + i), eight);
    }
#endif
    for (; i < n; ++i) {
        float value = 0;
        std::memcpy(&value, x + i, sizeof value);
        out[i] = Eigen::half_impl::float_to_half_rtne(value).x;
    }
}

template <typename Block>
void by_blocks(size_t n, Block block) {
#pragma omp parallel for schedule(static) if (n > conversion_block)
    for (size_t at = 0; at < n; at += conversion_block) {
        block(at, std::min(conversion_block, n - at));
    }
}

// A weight of a matrix as float32, one or eight at a time: what the loops below are written with.
struct Float32 {
    using Stored = float;
    static float one(const float* p) { return *p; }
#ifdef STEPSCOPE_WIDE
    static __m256 eight(const float* p) {
        return _mm256_loadu_ps(p);
    }
#endif
};
struct Float16 {
    using Stored = uint16_t;
    static float one(const uint16_t* p) {
        return Eigen::half_impl::half_to_float(Eigen::half_impl::raw_uint16_to_half(*p));
    }
#ifdef STEPSCOPE_WIDE
    static __m256 eight(const uint16_t* p) {
        return _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)));
    }
#endif
};

// sum [cols] += x [rows] * w [rows, cols], a few rows at a time to spare the sums.
template <typename Weight>
void add_rows(const float* x, const typename Weight::Stored* w, int rows, size_t cols,
              float* __restrict sum) {
    constexpr int together = 8;
    int i = 0;
    for (; i + together <= rows; i += together) {
        const typename Weight::Stored* row = w + static_cast<size_t>(i) * cols;
        size_t j = 0;
#ifdef STEPSCOPE_WIDE
        __m256 factor[together];
        for (int r = 0; r < together; ++r) factor[r] = _mm256_set1_ps(x[i + r]);
        constexpr size_t line = 64 / sizeof(typename Weight::Stored);  // of the processor's cache
        const bool more = i + 2 * together <= rows;
        for (; j + line <= cols; j += line) {
            // The rows are short: the processor would notice too late that the next are wanted.
            for (int r = together; more && r < 2 * together; ++r) {
                _mm_prefetch(reinterpret_cast<const char*>(row + static_cast<size_t>(r) * cols + j),
                             _MM_HINT_T0);
            }
            for (size_t k = j; k < j + line; k += 8) {
                // Two chains of additions: one alone would wait for the adder.
                __m256 even = _mm256_loadu_ps(sum + k), odd = _mm256_setzero_ps();
                for (int r = 0; r < together; r += 2) {
                    const auto* at = row + static_cast<size_t>(r) * cols + k;
                    even = _mm256_fmadd_ps(factor[r], Weight::eight(at), even);
                    odd = _mm256_fmadd_ps(factor[r + 1], Weight::eight(at + cols), odd);
                }
                _mm256_storeu_ps(sum + k, _mm256_add_ps(even, odd));
            }
        }
#endif
        for (; j < cols; ++j) {
            float added = 0;
            for (int r = 0; r < together; ++r) {
                added += x[i + r] * Weight::one(row + static_cast<size_t>(r) * cols + j);
            }
            sum[j] += added;
        }
    }
    for (; i < rows; ++i) {
        const typename Weight::Stored* row = w + static_cast<size_t>(i) * cols;
        for (size_t j = 0; j < cols; ++j) sum[j] += x[i] * Weight::one(row + j);
    }
}

// y [out] = x [in] * w [in, out]. The rows are cut into a fixed number of bands, each read from
// front to back as memory likes it; the bands' sums are joined in order, so that the result does
// not depend on the number of threads.
void row_times(const float* x, const Matrix& w, const float* bias, float* y) {
    constexpr int bands = 8;
    const auto cols = static_cast<size_t>(w.cols);
    thread_local std::vector<float> kept;  // a step has some fifty such products
    kept.resize(std::max(kept.size(), bands * cols));
    float* const sums = kept.data();
#pragma omp parallel if (w.bytes() > worth_forking)
    {
#pragma omp for schedule(static)
        for (int b = 0; b < bands; ++b) {
            float* sum = sums + static_cast<size_t>(b) * cols;
            std::fill_n(sum, cols, 0.0f);
            const int begin = w.rows * b / bands, rows = w.rows * (b + 1) / bands - begin;
            const size_t at = static_cast<size_t>(begin) * cols;
            if (w.f32) {
                add_rows<Float32>(x + begin, w.f32 + at, rows, cols, sum);
            } else {
                add_rows<Float16>(x + begin, w.f16 + at, rows, cols, sum);
            }
        }
#pragma omp for schedule(static)
        for (size_t j = 0; j < cols; ++j) {
            float value = bias[j];
            for (int b = 0; b < bands; ++b) value += sums[static_cast<size_t>(b) * cols + j];
            y[j] = value;
        }
    }
}

// x . row of w, [n] each, with four sums of eight to hide the latency of the adder.
float dot_of(const float* x, const uint16_t* row, int n) {
    int i = 0;
    float sum = 0;
#ifdef STEPSCOPE_WIDE
    __m256 sums[4] = {};
    for (; i + 32 <= n; i += 32) {
        for (int k = 0; k < 4; ++k) {
            sums[k] = _mm256_fmadd_ps(_mm256_loadu_ps(x + i + 8 * k),
                                      Float16::eight(row + i + 8 * k), sums[k]);
        }
    }
    const __m256 all =
        _mm256_add_ps(_mm256_add_ps(sums[0], sums[1]), _mm256_add_ps(sums[2], sums[3]));
    alignas(32) float lanes[8];
    _mm256_store_ps(lanes, all);
    for (int half = 4; half > 0; half /= 2) {
        for (int j = 0; j < half; ++j) lanes[j] += lanes[j + half];
    }
    sum = lanes[0];
#endif
    for (; i < n; ++i) sum += x[i] * Float16::one(row + i);
    return sum;
}

#ifdef STEPSCOPE_WIDE
// The sums of eight registers, side by side.
__m256 sums_of(const __m256 (&s)[8]) {
    const __m256 a = _mm256_hadd_ps(_mm256_hadd_ps(s[0], s[1]), _mm256_hadd_ps(s[2], s[3]));
    const __m256 b = _mm256_hadd_ps(_mm256_hadd_ps(s[4], s[5]), _mm256_hadd_ps(s[6], s[7]));
    // Each holds the sums of the lower halves, then those of the upper halves.
    return _mm256_add_ps(_mm256_permute2f128_ps(a, b, 0x20), _mm256_permute2f128_ps(a, b, 0x31));
}
#endif

// y[i] = x . row i of w, eight rows at a time: x is read once for all of them, and their sums are
// joined together.
void dots(const float* x, ConstRows w, float* y) {
    int i = 0;
#ifdef STEPSCOPE_WIDE
    if (w.cols % 8 == 0) {
        for (; i + 8 <= w.rows; i += 8) {
            __m256 s[8] = {};
            for (int k = 0; k < w.cols; k += 8) {
                const __m256 part = _mm256_loadu_ps(x + k);
                for (int r = 0; r < 8; ++r) {
                    s[r] = _mm256_fmadd_ps(part, _mm256_loadu_ps(w.row(i + r) + k), s[r]);
                }
            }
            _mm256_storeu_ps(y + i, sums_of(s));
        }
    }
#endif
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
        widen(w.f16, static_cast<size_t>(w.rows) * w.cols, copy.get());
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
#pragma omp parallel for schedule(static) if (w.bytes() > worth_forking)
    for (int i = 0; i < w.rows; ++i) {
        const size_t at = static_cast<size_t>(i) * w.cols;
        int j = 0;
        for (; w.f32 && j + 2 <= x.rows; j += 2) {
            two_dots(x.row(j), x.row(j + 1), w.f32 + at, w.cols, y.row(j)[i], y.row(j + 1)[i]);
        }
        for (; j < x.rows; ++j) {
            y.row(j)[i] =
                w.f32 ? dot(x.row(j), w.f32 + at, w.cols) : dot_of(x.row(j), w.f16 + at, w.cols);
        }
    }
}

void widen(const uint16_t* half, size_t n, float* out) {
    by_blocks(n, [&](size_t at, size_t block) { widen_block(half + at, block, out + at); });
}

void narrow(const float* x, size_t n, uint16_t* out) {
    by_blocks(n, [&](size_t at, size_t block) { narrow_block(x + at, block, out + at); });
}

void read_row(const Matrix& w, int row, float* out) {
    const size_t at = static_cast<size_t>(row) * w.cols;
    if (w.f32) {
        std::copy_n(w.f32 + at, w.cols, out);
    } else {
        widen_block(w.f16 + at, static_cast<size_t>(w.cols), out);
    }
}

void read_column(const Matrix& w, int column, float* out) {
    for (int row = 0; row < w.rows; ++row) {
        const size_t at = static_cast<size_t>(row) * w.cols + column;
        if (w.f32) {
            out[row] = w.f32[at];
        } else {
            widen(w.f16 + at, 1, out + row);
        }
    }
}

void product(ConstRows x, ConstRows w, Rows y) {
    if (x.rows == 1 && w.stride == w.cols) {
        std::fill_n(y.data, w.cols, 0.0f);
        add_rows<Float32>(x.data, w.data, w.rows, static_cast<size_t>(w.cols), y.data);
        return;
    }
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
    // OpenBLAS's OpenMP build asks OpenMP itself; told by its own function, 0.3.34 waits for ever
    // when two threads multiply at once.
    if (openblas_get_parallel() == 1) openblas_set_num_threads(threads);
    return threads;
}

}  // namespace model
