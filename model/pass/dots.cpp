// Rows times rows: written once, compiled for each set of instructions, chosen when the program
// runs. Each number is sixteen sums that are joined in order, however wide a register is.
#include <algorithm>

#include "model/base/thread_pool.h"
#include "model/pass/kernels.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "model/pass/dots.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "model/pass/lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace model {
namespace HWY_NAMESPACE {

// Four sums of sixteen lanes each, joined as joined() does, side by side.
HWY_INLINE void join_four(const Sixteen* s, float* out) {
#if HWY_TARGET == HWY_SCALAR
    for (size_t i = 0; i < 4; ++i) out[i] = joined(s[i]);
#else
    const hn::FixedTag<float, 4> four;
    using Four = hn::Vec<decltype(four)>;
    const auto quarter = [&](const Sixteen& sums) -> Four {
#if HWY_TARGET <= HWY_AVX3
        const hn::FixedTag<float, 8> eight;
        const auto a =
            hn::Add(hn::LowerHalf(eight, sums.part[0]), hn::UpperHalf(eight, sums.part[0]));
        return hn::Add(hn::LowerHalf(four, a), hn::UpperHalf(four, a));
#elif HWY_TARGET == HWY_AVX2
        const auto a = hn::Add(sums.part[0], sums.part[1]);
        return hn::Add(hn::LowerHalf(four, a), hn::UpperHalf(four, a));
#else
        return hn::Add(hn::Add(sums.part[0], sums.part[2]), hn::Add(sums.part[1], sums.part[3]));
#endif
    };
    const Four a = quarter(s[0]), b = quarter(s[1]), c = quarter(s[2]), d = quarter(s[3]);
    const Four ab = hn::Add(hn::ConcatLowerLower(four, b, a), hn::ConcatUpperUpper(four, b, a));
    const Four cd = hn::Add(hn::ConcatLowerLower(four, d, c), hn::ConcatUpperUpper(four, d, c));
    hn::StoreU(hn::Add(hn::ConcatEven(four, cd, ab), hn::ConcatOdd(four, cd, ab)), four, out);
#endif
}

// y[r][0..3] = x row r . each of four rows of w, all `n` long, `xs` and `ws` apart. After every
// sixteen of them `asked` lines of what comes are asked for.
template <size_t m, typename Stored>
HWY_INLINE void four_dots(const float* HWY_RESTRICT x, size_t xs, const Stored* HWY_RESTRICT w,
                          size_t ws, size_t n, float* HWY_RESTRICT y, size_t ys,
                          Coming<Stored>& coming, size_t asked) {
    constexpr size_t block = 4;
    Sixteen sums[m][block];
    for (size_t r = 0; r < m; ++r) {
        for (size_t c = 0; c < block; ++c) sums[r][c] = zeros();
    }
    size_t k = 0;
    for (; k + 16 <= n; k += 16) {
        for (size_t line = 0; line < asked; ++line) coming.ask();
        for (size_t p = 0; p < registers; ++p) {
            Vector weight[block];
            for (size_t c = 0; c < block; ++c) weight[c] = load(w + c * ws + k + p * width);
            for (size_t r = 0; r < m; ++r) {
                const Vector factor = load(x + r * xs + k + p * width);
                for (size_t c = 0; c < block; ++c) {
                    sums[r][c].part[p] = hn::MulAdd(factor, weight[c], sums[r][c].part[p]);
                }
            }
        }
    }
    for (size_t p = 0; k < n; ++p, k += width) {
        const size_t left = std::min(width, n - k);
        for (size_t r = 0; r < m; ++r) {
            const Vector factor = load_some(x + r * xs + k, left);
            for (size_t c = 0; c < block; ++c) {
                sums[r][c].part[p] =
                    hn::MulAdd(factor, load_some(w + c * ws + k, left), sums[r][c].part[p]);
            }
        }
    }
    for (size_t r = 0; r < m; ++r) join_four(sums[r], y + r * ys);
}

// y [x.rows, rows of w] = x * w^T.
template <typename Stored>
void dots_of(ConstRows x, const Stored* w, size_t ws, size_t rows, Rows y) {
    const auto n = static_cast<size_t>(x.cols), xs = static_cast<size_t>(x.stride),
               ys = static_cast<size_t>(y.stride);
    // Sums in registers; the rest are two factors.
    constexpr int together = many_registers && registers == 1 ? 6 : 1;
    // Rows of w that stay near while all of x goes by; meanwhile the next ones come.
    const size_t block = x.rows < together ? 4 : 64;
    const auto times = static_cast<size_t>((x.rows + together - 1) / together);
    const size_t asked = (4 + times - 1) / times;
    for (size_t first = 0; first < rows; first += block) {
        const size_t last = std::min(first + block, rows), after = std::min(last + block, rows);
        Coming<Stored> coming(w + last * ws, ws, after - last, n);
        for (int r = 0; r < x.rows;) {
            const int here = x.rows - r >= together ? together : 1;
            size_t i = first;
            for (; i + 4 <= last; i += 4) {
                const Stored* const four = w + i * ws;
                float* const to = y.row(r) + i;
                if (here == together) {
                    four_dots<together>(x.row(r), xs, four, ws, n, to, ys, coming, asked);
                } else {
                    four_dots<1>(x.row(r), xs, four, ws, n, to, ys, coming, asked);
                }
            }
            for (; i < last; ++i) {
                for (int k = r; k < r + here; ++k) y.row(k)[i] = dot_of(x.row(k), w + i * ws, n);
            }
            r += here;
        }
    }
}

void unembed(ConstRows x, const Matrix& w, Rows y) {
    const auto rows = static_cast<size_t>(w.rows), n = static_cast<size_t>(w.cols);
    share_out(rows, rows * n < (1 << 16) ? rows : 512, [&](size_t begin, size_t end) {
        const Rows part{y.data + begin, y.rows, static_cast<int>(end - begin), y.stride};
        if (w.f32) {
            dots_of(x, w.f32 + begin * n, n, end - begin, part);
        } else {
            dots_of(x, w.f16 + begin * n, n, end - begin, part);
        }
    });
}

void dots(ConstRows x, ConstRows w, Rows y) {
    dots_of(x, w.data, static_cast<size_t>(w.stride), static_cast<size_t>(w.rows), y);
}

float dot(const float* a, const float* b, int n) {
    return dot_of(a, b, static_cast<size_t>(n));
}

}  // namespace HWY_NAMESPACE
}  // namespace model
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace model {

HWY_EXPORT(unembed);
HWY_EXPORT(dots);
HWY_EXPORT(dot);

void unembed(ConstRows x, const Matrix& w, Rows y) {
    HWY_DYNAMIC_DISPATCH(unembed)(x, w, y);
}

void dots(ConstRows x, ConstRows w, Rows y) {
    HWY_DYNAMIC_DISPATCH(dots)(x, w, y);
}

float dot(const float* a, const float* b, int n) {
    return HWY_DYNAMIC_DISPATCH(dot)(a, b, n);
}

}  // namespace model

#endif
