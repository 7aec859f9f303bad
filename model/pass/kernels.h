// The arithmetic of the forward pass: pure functions on row-major float32.
//
// Every number that comes out is a function of the numbers it is made of and of nothing else, to
// the bit: not of how many rows are computed together, of threads, or of the processor, as long as
// it has fused multiply-add (others round twice where that rounds once). So a position holds the
// same numbers whether it was computed in a prompt, in a step or beside others ("batch
// invariance"). Two orders of sums are all:
//   linear, add_weighted   one chain of fused multiply-adds, from the first term to the last
//   unembed, dots, dot, norms, softmax   sixteen sums, of every sixteenth term, joined in pairs
#pragma once

#include <cstddef>
#include <cstdint>

namespace model {

// A row-major matrix that somebody else owns; `stride` floats from one row to the next.
struct ConstRows {
    const float* data = nullptr;
    int rows = 0;
    int cols = 0;
    int stride = 0;

    const float* row(int i) const { return data + static_cast<long>(i) * stride; }
};

struct Rows {
    float* data = nullptr;
    int rows = 0;
    int cols = 0;
    int stride = 0;

    float* row(int i) const { return data + static_cast<long>(i) * stride; }
    operator ConstRows() const { return {data, rows, cols, stride}; }
};

// A matrix of parameters: float32, or float16 that is widened as it is read. One pointer is set.
struct Matrix {
    const float* f32 = nullptr;
    const uint16_t* f16 = nullptr;  // IEEE binary16
    int rows = 0;
    int cols = 0;

    size_t bytes() const { return static_cast<size_t>(rows) * cols * (f32 ? 4 : 2); }
};

// n of its rows, from `first` on.
inline Matrix rows_of(const Matrix& w, int first, int n) {
    const size_t before = static_cast<size_t>(first) * w.cols;
    return {w.f32 ? w.f32 + before : nullptr, w.f16 ? w.f16 + before : nullptr, n, w.cols};
}

// y [m, out] = x [m, in] * w [in, out] + bias [out], on all threads.
void linear(ConstRows x, const Matrix& w, const float* bias, Rows y);

// y [m, n_vocab] = x [m, d_model] * w^T, w [n_vocab, d_model], on all threads.
void unembed(ConstRows x, const Matrix& w, Rows y);

// y [m, n] = x [m, d] * w^T, w [n, d].
void dots(ConstRows x, ConstRows w, Rows y);
float dot(const float* a, const float* b, int n);

// z [m, d]: to row i is added weights[i][k] * values[k] for every k < counts[i].
void add_weighted(ConstRows weights, const int* counts, ConstRows values, Rows z);

// Elements that one thread converts at a time.
constexpr size_t conversion_block = 1 << 16;

// IEEE binary16 to float32, exactly, and back, rounded to the nearest, ties to even. The source may
// lie at any address.
void widen(const uint16_t* half, size_t n, float* out);
void narrow(const float* x, size_t n, uint16_t* out);

// One row as float32.
void read_row(const Matrix& w, int row, float* out);
// One column as float32.
void read_column(const Matrix& w, int column, float* out);

// y = (x - mean) / sqrt(variance + eps) * gain + bias, over n values (Ba, Kiros, Hinton 2016).
void layer_norm(const float* x, const float* gain, const float* bias, float eps, int n, float* y);

// x <- exp(x - max) / sum, over n values; -inf becomes 0. n >= 1.
void softmax(float* x, int n);

// The same without the division: x <- exp(scale * (x - max)); returns their sum. scale > 0.
float exponentials(float* x, int n, float scale);

// y += x, over n values.
void add(const float* x, int n, float* y);

}  // namespace model
