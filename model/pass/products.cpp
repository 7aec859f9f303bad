// Rows times the weights of a layer, and sums of values by weights: written once, compiled for each
// set of instructions, chosen when the program runs. Along the inner dimension each number is one
// chain of fused multiply-adds from the bias on, in order, however many rows there are, however
// many threads, however wide a register is.
#include <algorithm>
#include <vector>

#include "model/base/thread_pool.h"
#include "model/pass/kernels.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "model/pass/products.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "model/pass/lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace model {
namespace HWY_NAMESPACE {

constexpr size_t tile_rows = many_registers ? 8 : 6;
constexpr size_t tile_vectors = many_registers ? 3 : 2;
constexpr size_t tile_cols = tile_vectors * width;
constexpr size_t depth = 192;  // of a tile's product: its weights stay in the nearest cache

// y [m, cols] += x [m, rows] * w [rows, cols], m <= 4, some rows of w at a time to spare the sums.
// `stride`: of w.
template <size_t m, typename Stored>
void add_rows(const float* const* x, const Stored* HWY_RESTRICT w, size_t stride, size_t rows,
              size_t cols, float* const* y) {
    constexpr size_t together = m == 1 ? 12 : 8;
    constexpr size_t line = 64 / sizeof(Stored);  // of the processor's cache
    size_t i = 0;
    for (; i + together <= rows; i += together) {
        const Stored* const row = w + i * stride;
        // From front to back, as memory likes it; the processor itself would notice too late that
        // they are wanted.
        Coming<Stored> coming(row + together * stride, stride,
                              i + 2 * together <= rows ? together : 0, cols);
        Vector factor[m][together];
        for (size_t r = 0; r < m; ++r) {
            for (size_t k = 0; k < together; ++k) factor[r][k] = hn::Set(lanes, x[r][i + k]);
        }
        size_t j = 0;
        for (; j + width <= cols; j += width) {
            if (j % line == 0) {
                for (size_t k = 0; k < together; ++k) coming.ask();
            }
            Vector weight[together];
            for (size_t k = 0; k < together; ++k) weight[k] = load(row + k * stride + j);
            for (size_t r = 0; r < m; ++r) {
                Vector sum = load(y[r] + j);
                for (size_t k = 0; k < together; ++k) {
                    sum = hn::MulAdd(factor[r][k], weight[k], sum);
                }
                hn::StoreU(sum, lanes, y[r] + j);
            }
        }
        if (j == cols) continue;
        for (size_t r = 0; r < m; ++r) {
            Vector sum = load_some(y[r] + j, cols - j);
            for (size_t k = 0; k < together; ++k) {
                sum = hn::MulAdd(factor[r][k], load_some(row + k * stride + j, cols - j), sum);
            }
            store_some(sum, y[r] + j, cols - j);
        }
    }
    for (; i < rows; ++i) {
        const Stored* const row = w + i * stride;
        for (size_t r = 0; r < m; ++r) {
            const Vector factor = hn::Set(lanes, x[r][i]);
            size_t j = 0;
            for (; j + width <= cols; j += width) {
                hn::StoreU(hn::MulAdd(factor, load(row + j), load(y[r] + j)), lanes, y[r] + j);
            }
            if (j == cols) continue;
            const size_t left = cols - j;
            store_some(hn::MulAdd(factor, load_some(row + j, left), load_some(y[r] + j, left)),
                       y[r] + j, left);
        }
    }
}

// c [m, tile_cols] = so_far + a [m, n] * b [n, tile_cols]; a's rows lie side by side, tile_rows of
// them, c's `stride` apart, those of `so_far` so_far_stride (0: one for all).
template <size_t m, typename Stored>
HWY_INLINE void add_tile(const float* HWY_RESTRICT a, const float* HWY_RESTRICT b, size_t n,
                         const float* so_far, size_t so_far_stride, float* c, size_t stride,
                         Coming<Stored>& coming) {
    Vector sum[m][tile_vectors];
    for (size_t r = 0; r < m; ++r) {
        for (size_t v = 0; v < tile_vectors; ++v) {
            sum[r][v] = load(so_far + r * so_far_stride + v * width);
        }
    }
    for (size_t k = 0; k < n; ++k) {
        coming.ask();
        Vector weight[tile_vectors];
        for (size_t v = 0; v < tile_vectors; ++v) {
            weight[v] = hn::Load(lanes, b + k * tile_cols + v * width);
        }
        for (size_t r = 0; r < m; ++r) {
            const Vector factor = hn::Set(lanes, a[k * tile_rows + r]);
            for (size_t v = 0; v < tile_vectors; ++v) {
                sum[r][v] = hn::MulAdd(factor, weight[v], sum[r][v]);
            }
        }
    }
    for (size_t r = 0; r < m; ++r) {
        for (size_t v = 0; v < tile_vectors; ++v) {
            hn::StoreU(sum[r][v], lanes, c + r * stride + v * width);
        }
    }
}

// Rows [0, tile_rows) of x from column `first` on, side by side; rows that are not there are zeros.
void side_by_side(ConstRows x, size_t first, size_t n, float* out) {
    const auto rows = static_cast<size_t>(x.rows);
    for (size_t r = 0; r < tile_rows; ++r) {
        if (r >= rows) {
            for (size_t k = 0; k < n; ++k) out[k * tile_rows + r] = 0;
            continue;
        }
        const float* const row = x.row(static_cast<int>(r)) + first;
        for (size_t k = 0; k < n; ++k) out[k * tile_rows + r] = row[k];
    }
}

// tile_cols columns of a row of w; columns that are not there are zeros.
template <typename Stored>
HWY_INLINE void panel_row(const Stored* HWY_RESTRICT w, size_t cols, float* HWY_RESTRICT out) {
    if (cols >= tile_cols) {
        for (size_t v = 0; v < tile_cols; v += width) hn::Store(load(w + v), lanes, out + v);
        return;
    }
    for (size_t v = 0; v < tile_cols; v += width) {
        const size_t at = std::min(v, cols);
        hn::Store(load_some(w + at, std::min(width, cols - at)), lanes, out + v);
    }
}

size_t packed_size(size_t rows, size_t inner) {
    return (rows + tile_rows - 1) / tile_rows * tile_rows * inner;
}

// Columns that one thread takes at a time: as many as it reads of each row of the weights at once.
constexpr size_t piece_cols = 192;

// y [m, begin..end of cols] = bias + x * w, no more than piece_cols of them; `packed`: all of x,
// tile after tile.
template <typename Stored>
void product(const float* packed, ConstRows x, const Stored* w, size_t cols, const float* bias,
             size_t begin, size_t end, Rows y) {
    const auto inner = static_cast<size_t>(x.cols), m = static_cast<size_t>(x.rows);
    const auto stride = static_cast<size_t>(y.stride);
    constexpr size_t panels = (piece_cols + tile_cols - 1) / tile_cols;
    HWY_ALIGN float weights[panels][depth * tile_cols];
    HWY_ALIGN float edge[tile_rows * tile_cols] = {};
    for (size_t k = 0; k < inner; k += depth) {
        const size_t n = std::min(depth, inner - k);
        for (size_t row = 0; row < n; ++row) {
            for (size_t j = begin, p = 0; j < end; j += tile_cols, ++p) {
                panel_row(w + (k + row) * cols + j, std::min(tile_cols, end - j),
                          weights[p] + row * tile_cols);
            }
        }
        const size_t next = std::min(k + n, inner - 1);
        Coming<Stored> coming(w + next * cols + begin, cols, std::min(depth, inner - k - n),
                              end - begin);
        for (size_t j = begin, p = 0; j < end; j += tile_cols, ++p) {
            const size_t there = std::min(tile_cols, end - j);
            for (size_t i = 0; i < m; i += tile_rows) {
                const float* const a = packed + i * inner + k * tile_rows;
                float* const c = y.row(static_cast<int>(i)) + j;
                const size_t rows = std::min(tile_rows, m - i);
                const float* const so_far = k == 0 ? bias + j : c;
                const size_t so_far_stride = k == 0 ? 0 : stride;
                if (rows == tile_rows && there == tile_cols) {
                    add_tile<tile_rows>(a, weights[p], n, so_far, so_far_stride, c, stride, coming);
                    continue;
                }
                // Beside and below it lies what is not ours.
                for (size_t r = 0; r < rows; ++r) {
                    std::copy_n(so_far + r * so_far_stride, there, edge + r * tile_cols);
                }
                if (rows <= tile_rows / 2) {
                    add_tile<tile_rows / 2>(a, weights[p], n, edge, tile_cols, edge, tile_cols,
                                            coming);
                } else {
                    add_tile<tile_rows>(a, weights[p], n, edge, tile_cols, edge, tile_cols, coming);
                }
                for (size_t r = 0; r < rows; ++r) {
                    std::copy_n(edge + r * tile_cols, there, c + r * stride);
                }
            }
        }
    }
}

// The same for `m` of four rows at most, chosen when it runs.
template <typename Stored>
void add_rows_of(size_t m, const float* const* x, const Stored* w, size_t stride, size_t rows,
                 size_t cols, float* const* y) {
    switch (m) {
        case 1:
            return add_rows<1>(x, w, stride, rows, cols, y);
        case 2:
            return add_rows<2>(x, w, stride, rows, cols, y);
        case 3:
            return add_rows<3>(x, w, stride, rows, cols, y);
        default:
            return add_rows<4>(x, w, stride, rows, cols, y);
    }
}

// Up to so many rows the weights are read where they lie.
constexpr size_t few = 16;

// A piece of each row of w for each thread, read from top to bottom.
template <typename Stored>
void linear_of_few(ConstRows x, const Stored* w, size_t cols, const float* bias, Rows y) {
    const auto inner = static_cast<size_t>(x.cols), m = static_cast<size_t>(x.rows);
    const size_t line = 64 / sizeof(Stored);  // columns
    const size_t unit = line * static_cast<size_t>(threads());
    const size_t piece = (cols + unit - 1) / unit * line;
    // Where some of x must wait for others, so little at a time that it is still near.
    const bool waits = m > 4;
    const size_t most = waits ? 512 : cols, band = waits ? 64 : inner;
    share_out(cols, inner * cols < (1 << 16) ? cols : piece, [&](size_t begin, size_t end) {
        for (size_t j = begin; j < end; j += most) {
            const size_t n = std::min(most, end - j);
            for (int i = 0; i < x.rows; ++i) std::copy_n(bias + j, n, y.row(i) + j);
            for (size_t k = 0; k < inner; k += band) {
                for (size_t i = 0; i < m; i += 4) {
                    const float* from[4];
                    float* to[4];
                    const size_t here = std::min<size_t>(4, m - i);
                    for (size_t r = 0; r < here; ++r) {
                        from[r] = x.row(static_cast<int>(i + r)) + k;
                        to[r] = y.row(static_cast<int>(i + r)) + j;
                    }
                    add_rows_of(here, from, w + k * cols + j, cols, std::min(band, inner - k), n,
                                to);
                }
            }
        }
    });
}

// Tile after tile, what is multiplied side by side.
template <typename Stored>
void linear_of_many(ConstRows x, const Stored* w, size_t cols, const float* bias, Rows y) {
    const auto inner = static_cast<size_t>(x.cols), m = static_cast<size_t>(x.rows);
    thread_local std::vector<float> kept;
    kept.resize(std::max(kept.size(), packed_size(m, inner)));
    float* const packed = kept.data();
    const size_t tiles = (m + tile_rows - 1) / tile_rows;
    share_out(tiles, 1, [&](size_t begin, size_t end) {
        for (size_t t = begin; t < end; ++t) {
            const auto i = static_cast<int>(t * tile_rows);
            const ConstRows rows{x.row(i), x.rows - i, x.cols, x.stride};
            side_by_side(rows, 0, inner, packed + t * tile_rows * inner);
        }
    });
    const size_t each = cols / static_cast<size_t>(threads()) / tile_cols * tile_cols;
    share_out(cols, std::clamp(each, tile_cols, piece_cols),
              [&](size_t begin, size_t end) { product(packed, x, w, cols, bias, begin, end, y); });
}

template <typename Stored>
void linear_of(ConstRows x, const Stored* w, size_t cols, const float* bias, Rows y) {
    if (static_cast<size_t>(x.rows) <= few) {
        linear_of_few(x, w, cols, bias, y);
    } else {
        linear_of_many(x, w, cols, bias, y);
    }
}

void linear(ConstRows x, const Matrix& w, const float* bias, Rows y) {
    const auto cols = static_cast<size_t>(w.cols);
    if (w.f32) {
        linear_of(x, w.f32, cols, bias, y);
    } else {
        linear_of(x, w.f16, cols, bias, y);
    }
}

void add_weighted(ConstRows weights, const int* counts, ConstRows values, Rows z) {
    const auto stride = static_cast<size_t>(values.stride), d = static_cast<size_t>(z.cols);
    for (int i = 0; i < z.rows; i += 4) {
        const int here = std::min(4, z.rows - i);
        const float* from[4];
        float* to[4];
        for (int r = 0; r < here; ++r) {
            from[r] = weights.row(i + r);
            to[r] = z.row(i + r);
        }
        // What all of them read, then what each reads alone.
        size_t shared = 0;
        if (here == 4) {
            shared = static_cast<size_t>(*std::min_element(counts + i, counts + i + 4));
            add_rows<4>(from, values.data, stride, shared, d, to);
        }
        for (int r = 0; r < here; ++r) {
            const float* const rest = from[r] + shared;
            add_rows<1>(&rest, values.data + shared * stride, stride,
                        static_cast<size_t>(counts[i + r]) - shared, d, to + r);
        }
    }
}

}  // namespace HWY_NAMESPACE
}  // namespace model
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace model {

HWY_EXPORT(linear);
HWY_EXPORT(add_weighted);

void linear(ConstRows x, const Matrix& w, const float* bias, Rows y) {
    HWY_DYNAMIC_DISPATCH(linear)(x, w, bias, y);
}

void add_weighted(ConstRows weights, const int* counts, ConstRows values, Rows z) {
    HWY_DYNAMIC_DISPATCH(add_weighted)(weights, counts, values, z);
}

}  // namespace model

#endif
