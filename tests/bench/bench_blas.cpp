// What a user waits for beside the same products as OpenBLAS does them, measured in turn in one
// run. usage: bench_blas MODEL [THREADS]
#include <cblas.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>

#include "model/base/thread_pool.h"
#include "model/pass/instructions.h"
#include "model/pass/roofline.h"
#include "model/run/session.h"

namespace {

using Clock = std::chrono::steady_clock;

double ms_of(const std::function<void()>& action) {
    const auto start = Clock::now();
    action();
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

double median(std::vector<double> ms) {
    std::ranges::nth_element(ms, ms.begin() + static_cast<std::ptrdiff_t>(ms.size() / 2));
    return ms[ms.size() / 2];
}

// All matrix products of a prompt of n tokens, logits of every position included.
void products(const model::Model& m, int n, std::vector<float>& x, std::vector<float>& y,
              std::vector<float>& logits) {
    const auto times = [&](const model::Matrix& w) {
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n, w.cols, w.rows, 1, x.data(),
                    w.rows, w.f32, w.cols, 0, y.data(), w.cols);
    };
    const int heads = m.config.n_head, d = m.config.d_head(), all = m.config.d_model;
    for (const model::LayerWeights& w : m.weights.layers) {
        times(w.qkv);
        for (int head = 0; head < heads; ++head) {  // the whole square, masked half and all
            cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, n, n, d, 1, x.data() + head * d,
                        3 * all, x.data() + all + head * d, 3 * all, 0, logits.data(), n);
            cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n, d, n, 1, logits.data(), n,
                        x.data() + 2 * all + head * d, 3 * all, 0, y.data() + head * d, all);
        }
        times(w.attn_out);
        times(w.mlp_in);
        times(w.mlp_out);
    }
    const model::Matrix& u = m.weights.unembed;
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, n, u.rows, u.cols, 1, x.data(), u.cols,
                u.f32, u.cols, 0, logits.data(), u.rows);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        std::fprintf(stderr, "usage: bench_blas MODEL [THREADS]\n");
        return 2;
    }
    const auto m = model::load_model(argv[1]);
    const int threads = model::set_threads(argc > 2 ? std::atoi(argv[2]) : 0);
    openblas_set_num_threads(threads);
    std::printf("%s, %d threads, %s beside %s\n", m->config.name.c_str(), threads,
                model::instructions().c_str(), openblas_get_config());
    for (const int n : {64, 256, 1000}) {
        if (n > m->config.n_ctx) break;
        std::vector<int> ids;
        for (int i = 0; i < n; ++i) ids.push_back((i * 7919 + 11) % m->config.n_vocab);
        const auto rows = static_cast<size_t>(n);
        std::vector<float> x(rows * static_cast<size_t>(m->config.d_mlp), 0.1f), y(x.size());
        std::vector<float> logits(rows * static_cast<size_t>(m->config.n_vocab));
        model::Session session(m);
        std::vector<double> ours, limit;
        for (int round = 0; round < (n > 500 ? 4 : 8); ++round) {
            ours.push_back(ms_of([&] { session.start(ids, {}); }));
            limit.push_back(ms_of([&] { products(*m, n, x, y, logits); }));
        }
        const double a = median(ours), b = median(limit);
        std::printf("prompt of %4d to its first ranking %9.1f ms, all products %9.1f ms: %.2f\n", n,
                    a, b, a / b);
    }
    return 0;
}
