// `stepscope bench`: how long a user waits, beside the limit that this machine shows in the same
// run. Medians; all with the full record.
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <nlohmann/json.hpp>

#include "app/cli/cli.h"
#include "app/run/settings.h"
#include "model/base/error.h"
#include "model/base/json.h"
#include "model/base/thread_pool.h"
#include "model/decode/beam.h"
#include "model/decode/shared_prefix.h"
#include "model/pass/cost.h"
#include "model/pass/instructions.h"
#include "model/pass/roofline.h"
#include "model/pass/transformer.h"
#include "model/run/look_ahead.h"
#include "model/run/run_file.h"
#include "model/run/session.h"
#include "model/run/strategy_comparison.h"
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

double median(std::vector<double> ms) {
    std::ranges::nth_element(ms, ms.begin() + static_cast<std::ptrdiff_t>(ms.size() / 2));
    return ms[ms.size() / 2];
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
    return {median(std::move(a)), median(std::move(b))};
}

// What a cached step must read: every matrix once, and the keys and values of the context.
class StepBytes {
  public:
    StepBytes(const model::Model& model, int context) {
        const auto add = [&](const model::Matrix& w) {
            parts_.push_back(w.f32 ? std::as_bytes(std::span(w.f32, w.bytes() / sizeof(*w.f32)))
                                   : std::as_bytes(std::span(w.f16, w.bytes() / sizeof(*w.f16))));
        };
        for (const auto& layer : model.weights.layers) {
            for (const auto& w : {layer.qkv, layer.attn_out, layer.mlp_in, layer.mlp_out}) add(w);
        }
        add(model.weights.unembed);
        const auto& c = model.config;
        context_.resize(2 * static_cast<size_t>(c.n_layer) * c.d_model * context, 1);
        parts_.push_back(std::as_bytes(std::span(context_)));
    }
    size_t bytes() const {
        size_t all = 0;
        for (const auto part : parts_) all += part.size();
        return all;
    }
    void read() const {
        for (const auto part : parts_) model::stream_on_all(part.data(), part.size());
    }

  private:
    std::vector<std::span<const std::byte>> parts_;
    std::vector<float> context_;  // as much as its keys and values
};

std::vector<int> some_ids(const model::Config& config, int n) {
    std::vector<int> ids;
    for (int i = 0; i < n; ++i) ids.push_back((i * 7919 + 11) % config.n_vocab);
    return ids;
}

// What a pass and the logits of `rows` of its positions take at least: their multiply-adds.
std::function<void()> arithmetic(const model::Model& model, int n, int rows) {
    const auto& c = model.config;
    const auto cost = model::pass_cost(c, model.weights.precision, n, 0);
    const int64_t logits = int64_t{rows} * c.d_model * c.n_vocab;
    const auto all = static_cast<size_t>(cost.multiply_adds() - cost.unembedding + logits);
    return [all] { model::multiply_adds_on_all(all); };
}

Json beside_floor(int n, std::pair<double, double> ms) {
    return {
        {"tokens", n}, {"ms", ms.first}, {"floor_ms", ms.second}, {"ratio", ms.first / ms.second}};
}

// The pass alone, and the logits of its last position.
Json bench_prompt(const model::Model& model, int n) {
    const auto ids = some_ids(model.config, n);
    model::KvCache cache(model.config);
    const auto pass = [&] {
        cache.truncate(0);
        const auto records = model::forward(model.config, model.weights, cache, ids);
        model::logits(model.weights, *records.back());
    };
    return beside_floor(n, medians(n > 500 ? 5 : 9, pass, arithmetic(model, n, 1)));
}

// From the ids of a prompt to the ranking after it, the probabilities of its own tokens included.
Json bench_first_ranking(const std::shared_ptr<const model::Model>& model, int n) {
    const auto ids = some_ids(model->config, n);
    model::Session session(model);
    const auto first = [&] { session.start(ids, {}); };
    return beside_floor(n, medians(n > 500 ? 3 : 7, first, arithmetic(*model, n, n)));
}

// A cached step: its pass with the logits, or until the next ranking is there.
Json bench_step(const std::shared_ptr<const model::Model>& model, int context, bool ranking) {
    const auto& m = *model;
    const auto ids = some_ids(m.config, context);
    const StepBytes must(m, context);
    const size_t bytes = must.bytes();
    const auto limit = [&] { must.read(); };
    model::KvCache cache(m.config);
    model::Session session(model);
    std::function<void()> step;
    int next = 1;
    if (ranking) {
        session.start(ids, {});
        step = [&] {
            session.rewind(context);
            session.commit(next++ %
                           m.config.n_vocab);  // another one each time while there are others
        };
    } else {
        model::forward(m.config, m.weights, cache, ids);
        step = [&] {
            cache.truncate(context);
            const auto records = model::forward(m.config, m.weights, cache, {&next, 1});
            model::logits(m.weights, *records.back());
        };
    }
    const auto [ms, bound_ms] = medians(15, step, limit);
    return {{"context", context},   {"ms", ms},
            {"bytes", bytes},       {"bandwidth_gbps", static_cast<double>(bytes) / bound_ms / 1e6},
            {"bound_ms", bound_ms}, {"ratio", ms / bound_ms}};
}

// A step of a beam search, in single steps with their ranking.
Json bench_beams(const model::Model& model, int context, int beams, double step_ms) {
    const auto ids = some_ids(model.config, context);
    model::KvCache cache(model.config);
    const auto records = model::forward(model.config, model.weights, cache, ids);
    const model::SharedPrefix prefix(model, records, {});
    model::BeamOptions options;
    options.beams = beams;
    model::BeamSearch search(model, records, options);
    search.step({});
    std::vector<double> ms;
    for (int i = 0; i < 7 && context + i + 2 < model.config.n_ctx; ++i) {
        ms.push_back(ms_of([&] { search.step(prefix.run(search.pending())); }));
    }
    const double step = median(ms);
    return {{"beams", beams}, {"ms", step}, {"steps", step / step_ms}};
}

// Strategies side by side, a token of each, in single steps.
Json bench_strategies(const std::shared_ptr<const model::Model>& model, int context,
                      double step_ms) {
    model::Session session(model);
    session.start(some_ids(model->config, context), {});
    model::StrategyComparison comparison(model, *session.step(), false);
    const auto rules = model::default_rules();
    comparison.set_rules(rules);
    std::vector<double> ms;
    for (int i = 1; i < 9 && context + i < model->config.n_ctx; ++i) {
        ms.push_back(ms_of([&] { comparison.run(i); }));
    }
    ms.erase(ms.begin());  // the first is a ranking alone
    const double token = median(ms);
    return {{"rows", rules.size()}, {"ms", token}, {"steps", token / step_ms}};
}

// What would follow the likeliest candidates, in single steps.
Json bench_look_ahead(const std::shared_ptr<const model::Model>& model, int context,
                      double step_ms) {
    std::vector<double> ms;
    size_t deepest = 0;
    for (int i = 0; i < 5; ++i) {
        model::Session session(model);  // a new one each time: what is known is not run again
        session.start(some_ids(model->config, context), {});
        ms.push_back(ms_of([&] {
            const auto ahead =
                model::look_ahead(session, model::ahead_candidates, model::ahead_depth);
            deepest = ahead->of.front().then.size();
        }));
    }
    return {{"candidates", model::ahead_candidates},
            {"depth", deepest},
            {"ms", median(ms)},
            {"steps", median(ms) / step_ms}};
}

// A saved run, opened again: in passes over a prompt of as many tokens.
Json bench_reopen(const std::shared_ptr<const model::Model>& model) {
    const int n = std::min(800, model->config.n_ctx - 1), prompt = std::max(1, n / 8);
    const auto ids = some_ids(model->config, n);
    model::Session session(model);
    session.start({ids.begin(), ids.begin() + prompt}, {});
    std::vector<model::Session::Told> told;
    for (int i = prompt; i < n; ++i) told.push_back({ids[static_cast<size_t>(i)], {}});
    session.select(session.grow(session.step()->node, told).back());
    const model::RunFile run = model::run_file(session, {});
    model::KvCache cache(model->config);
    const auto [ms, pass_ms] = medians(
        3, [&] { model::replay(run, model, {}); },
        [&] {
            cache.truncate(0);
            model::forward(model->config, model->weights, cache, ids);
        });
    return {{"tokens", n}, {"ms", ms}, {"passes", ms / pass_ms}};
}

void print_rows(const char* what, const Json& rows, const char* count, const char* bound,
                const std::string& limit) {
    for (const Json& row : rows) {
        std::printf("%-24s %5d tokens %10.2f %10.2f %7.2f   %s\n", what, row[count].get<int>(),
                    row["ms"].get<double>(), row[bound].get<double>(), row["ratio"].get<double>(),
                    limit.c_str());
    }
}

}  // namespace

int run_bench(const Options& options) {
    std::shared_ptr<const model::Model> model;
    const double open_ms = ms_of([&] { model = open_model(options); });
    const model::Config& c = model->config;
    if (c.n_ctx < 4) throw model::Error(c.name + ": a context of 4 tokens or more can be timed");
    Json prompt = Json::array(), first = prompt, steps = prompt, ranked = prompt, beams = prompt;
    for (const int wanted : {64, 256, 1000}) {
        // Positions must be left for the steps after it.
        const int n = std::min(wanted, c.n_ctx - 3);
        if (!prompt.empty() && prompt.back()["tokens"] == n) continue;
        prompt.push_back(bench_prompt(*model, n));
        first.push_back(bench_first_ranking(model, n));
        steps.push_back(bench_step(model, n, false));
        ranked.push_back(bench_step(model, n, true));
    }
    for (const int n : {4, 16}) {
        beams.push_back(bench_beams(*model, ranked.front()["context"], n, ranked.front()["ms"]));
    }
    const Json strategies =
        bench_strategies(model, ranked.front()["context"], ranked.front()["ms"]);
    const Json ahead = bench_look_ahead(model, ranked.front()["context"], ranked.front()["ms"]);
    const Json reopen = bench_reopen(model);
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const double record_mb =
        4.0 * static_cast<double>(model::TokenRecord::Layout(c).floats()) * c.n_ctx / 1e6;
    const Json out = {{"kernels", model::instructions()},
                      {"threads", model::threads()},
                      {"precision", options.precision},
                      {"prompt", prompt},
                      {"first_ranking", first},
                      {"step", steps},
                      {"step_with_ranking", ranked},
                      {"beams", beams},
                      {"strategies", strategies},
                      {"look_ahead", ahead},
                      {"reopen", reopen},
                      // The naive step runs everything again: it is the prompt pass.
                      {"naive_step", prompt},
                      {"open_ms", open_ms},
                      {"peak_rss_mb", static_cast<double>(usage.ru_maxrss) / 1e3},
                      {"record_mb", record_mb}};
    if (options.json) {
        std::printf("%s\n", model::json_text(out, 2).c_str());
    } else {
        std::printf("%s, %s, %s, %s; medians, limits measured in the same run\n\n", c.name.c_str(),
                    viz::plural(model::threads(), "thread").c_str(), model::instructions().c_str(),
                    options.precision.c_str());
        std::printf("%-36s %10s %10s %7s\n", "", "ms", "limit ms", "ratio");
        print_rows("prompt, the pass", prompt, "tokens", "floor_ms", "its multiply-adds alone");
        print_rows("prompt to first ranking", first, "tokens", "floor_ms",
                   "the same, with logits of every position");
        print_rows("naive step after", prompt, "tokens", "floor_ms", "it is the prompt again");
        print_rows("cached step after", steps, "context", "bound_ms", "reading all weights");
        print_rows("the same, to the ranking", ranked, "context", "bound_ms", "the same");
        for (const Json& row : beams) {
            std::printf("a step of %2d beams               %16.2f %17s %.2f single steps\n",
                        row["beams"].get<int>(), row["ms"].get<double>(), "",
                        row["steps"].get<double>());
        }
        std::printf("a token of %d strategies          %16.2f %17s %.2f single steps\n",
                    strategies["rows"].get<int>(), strategies["ms"].get<double>(), "",
                    strategies["steps"].get<double>());
        std::printf("%d candidates, %d tokens ahead     %16.2f %17s %.2f single steps\n",
                    ahead["candidates"].get<int>(), ahead["depth"].get<int>(),
                    ahead["ms"].get<double>(), "", ahead["steps"].get<double>());
        std::printf("a saved run of %4d tokens        %16.2f %17s %.2f passes over them\n",
                    reopen["tokens"].get<int>(), reopen["ms"].get<double>(), "",
                    reopen["passes"].get<double>());
        std::printf(
            "\nreading at %.1f GB/s; opening %s; records of a full context %s MB; peak "
            "memory %s MB\n",
            steps.front()["bandwidth_gbps"].get<double>(), viz::milliseconds(open_ms).c_str(),
            viz::number(record_mb).c_str(), viz::number(out["peak_rss_mb"].get<double>()).c_str());
    }
    return 0;
}

}  // namespace app
