// The arithmetic of the forward pass: pure functions on row-major float32. Large products go to
// Eigen over OpenBLAS; a single row is streamed by all threads, because it is bound by memory.
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

// y [m, out] = x [m, in] * w [in, out] + bias [out].
void linear(ConstRows x, const Matrix& w, const float* bias, Rows y);

// y [m, n_vocab] = x [m, d_model] * w^T, w [n_vocab, d_model].
void unembed(ConstRows x, const Matrix& w, Rows y);

// IEEE binary16 to float32, exactly, and back, rounded to the nearest, ties to even. The 16-bit or
// 32-bit source may lie at any address.
void widen(const uint16_t* half, size_t n, float* out);
void narrow(const float* x, size_t n, uint16_t* out);
// The same, each row to the bit as if it were alone, which a product of many rows is not. w is read
// once.
void unembed_apart(ConstRows x, const Matrix& w, Rows y);

// One row as float32.
void read_row(const Matrix& w, int row, float* out);
// One column as float32.
void read_column(const Matrix& w, int column, float* out);

// y [m, out] = x [m, in] * w [in, out].
void product(ConstRows x, ConstRows w, Rows y);

// y [m, out] = x [m, in] * w^T, w [out, in].
void product_transposed(ConstRows x, ConstRows w, Rows y);

// y = (x - mean) / sqrt(variance + eps) * gain + bias, over n values (Ba, Kiros, Hinton 2016).
void layer_norm(const float* x, const float* gain, const float* bias, float eps, int n, float* y);

// x <- exp(x - max) / sum, over n values; -inf becomes 0. n >= 1.
void softmax(float* x, int n);

// The same without the division: x <- exp(scale * (x - max)); returns their sum. scale > 0.
float exponentials(float* x, int n, float scale);

float dot(const float* a, const float* b, int n);

// Threads that the kernels fork; 0 asks for one per core. Returns the number in force.
int set_threads(int n);

}  // namespace model
