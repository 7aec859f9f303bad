// `stepscope bench`: times of the prompt pass and of one step, each beside the limit that this
// machine shows in the same run. Medians; all with the full record.
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <nlohmann/json.hpp>

#include "app/cli/cli.h"
#include "app/run/settings.h"
#include "model/base/error.h"
#include "model/pass/roofline.h"
#include "model/pass/transformer.h"
#include "viz/paint/format.h"

namespace app {

namespace {

using Clock = std::chrono::steady_clock;
using Json = nlohmann::ordered_json;

double ms_of(const std::function<void()>& action) {
    const auto start = Clock::now();
    action();
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

// Medians of two things measured in turn, so that a busy moment strikes both.
std::pair<double, double> medians(int rounds, const std::function<void()>& ours,
                                  const std::function<void()>& limit) {
    std::vector<double> a, b;
    ours();
    limit();
    for (int i = 0; i < rounds; ++i) {
        a.push_back(ms_of(ours));
        b.push_back(ms_of(limit));
    }
    std::nth_element(a.begin(), a.begin() + rounds / 2, a.end());
    std::nth_element(b.begin(), b.begin() + rounds / 2, b.end());
    return {a[static_cast<size_t>(rounds / 2)], b[static_cast<size_t>(rounds / 2)]};
}

// Bytes a cached step must read: every matrix once, and the keys and values of the context.
size_t step_bytes(const model::Model& model, int context) {
    size_t bytes = model.weights.unembed.bytes();
    for (const auto& layer : model.weights.layers) {
        bytes += layer.qkv.bytes() + layer.attn_out.bytes() + layer.mlp_in.bytes() +
                 layer.mlp_out.bytes();
    }
    const auto& c = model.config;
    return bytes + 2 * sizeof(float) * static_cast<size_t>(c.n_layer) * c.d_model * context;
}

std::vector<int> some_ids(const model::Config& config, int n) {
    std::vector<int> ids;
    for (int i = 0; i < n; ++i) ids.push_back((i * 7919 + 11) % config.n_vocab);
    return ids;
}

Json bench_prompt(const model::Model& model, int n) {
    const auto ids = some_ids(model.config, n);
    model::KvCache cache(model.config);
    model::PassProducts products(model.config, n);
    const auto [ms, floor_ms] = medians(
        n > 500 ? 5 : 9,
        [&] {
            cache.truncate(0);
            const auto records = model::forward(model.config, model.weights, cache, ids);
            model::logits(model.weights, *records.back());
        },
        [&] { products.run(); });
    return {{"tokens", n}, {"ms", ms}, {"floor_ms", floor_ms}, {"ratio", ms / floor_ms}};
}

Json bench_step(const model::Model& model, int context) {
    const auto ids = some_ids(model.config, context);
    model::KvCache cache(model.config);
    const auto before = model::forward(model.config, model.weights, cache, ids);
    const size_t bytes = step_bytes(model, context);
    const std::vector<float> buffer(bytes / sizeof(float), 1.0f);
    volatile float kept = 0;
    const int id = 1;
    const auto [ms, bound_ms] = medians(
        15,
        [&] {
            cache.truncate(context);
            const auto records = model::forward(model.config, model.weights, cache, {&id, 1});
            model::logits(model.weights, *records.back());
        },
        [&] { kept = model::stream(buffer.data(), buffer.size()); });
    return {{"context", context},   {"ms", ms},
            {"bytes", bytes},       {"bandwidth_gbps", static_cast<double>(bytes) / bound_ms / 1e6},
            {"bound_ms", bound_ms}, {"ratio", ms / bound_ms}};
}

}  // namespace

int run_bench(const Options& options) {
    std::shared_ptr<const model::Model> model;
    const double open_ms = ms_of([&] { model = open_model(options); });
    const model::Config& c = model->config;
    Json prompt = Json::array(), steps = Json::array();
    for (const int wanted : {64, 256, 1000}) {
        // One position must be left for the step after it.
        const int n = std::min(wanted, c.n_ctx - 1);
        if (n < 1 || (!prompt.empty() && prompt.back()["tokens"] == n)) continue;
        prompt.push_back(bench_prompt(*model, n));
        steps.push_back(bench_step(*model, n));
    }
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const double record_mb =
        4.0 * static_cast<double>(model::TokenRecord::Layout(c).floats()) * c.n_ctx / 1e6;
    const Json out = {{"prompt", prompt},
                      {"step", steps},
                      // The naive step runs everything again: it is the prompt pass.
                      {"naive_step", prompt},
                      {"open_ms", open_ms},
                      {"peak_rss_mb", static_cast<double>(usage.ru_maxrss) / 1e3},
                      {"record_mb", record_mb},
                      {"threads", model::set_threads(0)},
                      {"precision", options.precision}};
    if (options.json) {
        std::printf("%s\n", out.dump(2).c_str());
    } else {
        std::printf("%s, %d threads, %s; medians, limits measured in the same run\n\n",
                    c.name.c_str(), model::set_threads(0), options.precision.c_str());
        std::printf("%-24s %10s %10s %7s\n", "", "ms", "limit ms", "ratio");
        for (const Json& row : prompt) {
            std::printf(
                "prompt pass, %4d tokens  %10.2f %10.2f %7.2f   limit: its matrix products alone\n",
                row["tokens"].get<int>(), row["ms"].get<double>(), row["floor_ms"].get<double>(),
                row["ratio"].get<double>());
        }
        for (const Json& row : steps) {
            std::printf(
                "step after   %4d tokens  %10.2f %10.2f %7.2f   limit: reading %s MB at %.1f "
                "GB/s\n",
                row["context"].get<int>(), row["ms"].get<double>(), row["bound_ms"].get<double>(),
                row["ratio"].get<double>(), viz::number(row["bytes"].get<double>() / 1e6).c_str(),
                row["bandwidth_gbps"].get<double>());
        }
        std::printf("\nopening %s; records of a full context %s MB; peak memory %s MB\n",
                    viz::milliseconds(open_ms).c_str(), viz::number(record_mb).c_str(),
                    viz::number(out["peak_rss_mb"].get<double>()).c_str());
    }
    if (std::fflush(stdout) != 0) throw model::Error("stdout: cannot be written");
    return 0;
}

}  // namespace app
