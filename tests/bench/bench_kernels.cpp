// Times of single kernels at GPT-2 124M's sizes, by Google Benchmark. `stepscope bench` times whole
// passes against the machine's limits; this shows where a pass spends its time.
//
//     build/release/tests/bench_kernels --benchmark_filter=linear
#include <benchmark/benchmark.h>

#include <vector>

#include "model/pass/activation.h"
#include "model/pass/kernels.h"

namespace {

constexpr int d_model = 768, d_mlp = 3072, n_vocab = 50257, d_head = 64;

std::vector<float> numbers(size_t n) {
    std::vector<float> x(n);
    for (size_t i = 0; i < n; ++i) x[i] = static_cast<float>(i % 17) * 0.01f - 0.08f;
    return x;
}

// A matrix in both precisions.
struct Stored {
    Stored(int n_rows, int n_cols)
        : f32(numbers(static_cast<size_t>(n_rows) * n_cols)),
          f16(f32.size()),
          rows(n_rows),
          cols(n_cols) {
        model::narrow(f32.data(), f32.size(), f16.data());
    }
    model::Matrix matrix(bool half) const {
        return {half ? nullptr : f32.data(), half ? f16.data() : nullptr, rows, cols};
    }
    std::vector<float> f32;
    std::vector<uint16_t> f16;
    int rows, cols;
};

void report_bytes(benchmark::State& state, size_t bytes) {
    state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(bytes));
}

// Rows, then 1 for float16.
void linear(benchmark::State& state) {
    const auto rows = static_cast<int>(state.range(0));
    // Enough copies that the weights come from memory, as in a pass.
    const std::vector<Stored> layers(12, Stored(d_model, d_mlp));
    const auto x = numbers(static_cast<size_t>(rows) * d_model), bias = numbers(d_mlp);
    std::vector<float> y(static_cast<size_t>(rows) * d_mlp);
    size_t layer = 0;
    for (auto _ : state) {
        const model::Matrix w = layers[layer++ % layers.size()].matrix(state.range(1) == 1);
        model::linear({x.data(), rows, d_model, d_model}, w, bias.data(),
                      {y.data(), rows, d_mlp, d_mlp});
        benchmark::ClobberMemory();
    }
    report_bytes(state, layers[0].matrix(state.range(1) == 1).bytes());
}
BENCHMARK(linear)->ArgsProduct({{1, 64, 256}, {0, 1}})->UseRealTime();

void unembed(benchmark::State& state) {
    const Stored w(n_vocab, d_model);
    const auto x = numbers(d_model);
    std::vector<float> y(n_vocab);
    for (auto _ : state) {
        model::unembed({x.data(), 1, d_model, d_model}, w.matrix(state.range(0) == 1),
                       {y.data(), 1, n_vocab, n_vocab});
        benchmark::ClobberMemory();
    }
    report_bytes(state, w.matrix(state.range(0) == 1).bytes());
}
BENCHMARK(unembed)->Arg(0)->Arg(1)->UseRealTime();

// One query of one head against its keys, and its weights against the values.
void attention(benchmark::State& state) {
    const auto keys = static_cast<int>(state.range(0));
    const auto q = numbers(d_head), kv = numbers(static_cast<size_t>(keys) * d_head);
    std::vector<float> weights(static_cast<size_t>(keys)), z(d_head);
    for (auto _ : state) {
        model::dots({q.data(), 1, d_head, d_head}, {kv.data(), keys, d_head, d_head},
                    {weights.data(), 1, keys, keys});
        model::exponentials(weights.data(), keys, 0.125f);
        model::add_weighted({weights.data(), 1, keys, keys}, &keys,
                            {kv.data(), keys, d_head, d_head}, {z.data(), 1, d_head, d_head});
        benchmark::ClobberMemory();
    }
    report_bytes(state, 2 * kv.size() * sizeof(float));
}
BENCHMARK(attention)->Arg(64)->Arg(1000);

void layer_norm(benchmark::State& state) {
    const auto x = numbers(d_model);
    std::vector<float> y(d_model);
    for (auto _ : state) {
        model::layer_norm(x.data(), x.data(), x.data(), 1e-5f, d_model, y.data());
        benchmark::ClobberMemory();
    }
}
BENCHMARK(layer_norm);

void gelu(benchmark::State& state) {
    const auto x = numbers(d_mlp);
    std::vector<float> y(d_mlp);
    for (auto _ : state) {
        model::gpt2_activation().apply(x.data(), d_mlp, y.data());
        benchmark::ClobberMemory();
    }
}
BENCHMARK(gelu);

void softmax(benchmark::State& state) {
    const auto x = numbers(1000);
    std::vector<float> y(1000);
    for (auto _ : state) {
        y = x;
        model::softmax(y.data(), 1000);
        benchmark::ClobberMemory();
    }
}
BENCHMARK(softmax);

}  // namespace

BENCHMARK_MAIN();
