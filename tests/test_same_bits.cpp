// One number for each position: what it holds is a function of its tokens, the model and what was
// left out, to the bit, whichever way it was computed.
#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <random>

#include "model/base/thread_pool.h"
#include "model/pass/hooks.h"
#include "model/pass/instructions.h"
#include "model/pass/kernels.h"
#include "model/pass/transformer.h"
#include "model/run/session.h"
#include "tests/support.h"

using model::Records;

namespace {

std::vector<float> numbers(size_t n, unsigned seed) {
    std::mt19937 random(seed);
    std::normal_distribution<float> normal;
    std::vector<float> x(n);
    for (float& value : x) value = normal(random);
    return x;
}

// Afterwards everything is as it was.
struct Ways {
    ~Ways() {
        model::set_threads(0);
        model::choose_instructions("");
    }
};

// Calls `check` once for every set of instructions with fused multiply-add and some numbers of
// threads; `how` says which.
template <typename Check>
void in_every_way(const Check& check) {
    const Ways back;
    for (const std::string& set : model::instruction_sets(true)) {
        model::choose_instructions(set);
        for (const int threads : {1, 2, 5}) {
            model::set_threads(threads);
            check(set + ", " + std::to_string(threads) + " threads");
        }
    }
}

bool same(const std::vector<float>& a, const std::vector<float>& b) {
    return a.size() == b.size() &&
           (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0);
}

std::vector<std::vector<float>> hooks_of(const model::Model& m, const Records& records) {
    std::vector<std::vector<float>> all;
    for (const std::string& name : model::hook_names(m.config)) {
        all.push_back(model::read_hook(m, records, name).values);
    }
    return all;
}

void check_same(const model::Model& m, const std::vector<std::vector<float>>& expected,
                const Records& records, const std::string& how) {
    const auto names = model::hook_names(m.config);
    const auto values = hooks_of(m, records);
    for (size_t i = 0; i < names.size(); ++i) {
        CHECK_MESSAGE(same(values[i], expected[i]), how << ": " << names[i]);
    }
}

Records in_parts(const model::Model& m, const std::vector<int>& ids, size_t part,
                 const model::Ablation& ablation) {
    model::KvCache cache(m.config);
    Records all;
    for (size_t at = 0; at < ids.size(); at += part) {
        const std::span<const int> some =
            std::span(ids).subspan(at, std::min(part, ids.size() - at));
        for (auto& r : model::forward(m.config, m.weights, cache, some, {}, ablation)) {
            all.push_back(std::move(r));
        }
    }
    return all;
}

// Each position from the fourth on as the end of a branch, and beside every one of them another
// token; all of a length in one pass.
Records in_branches(const model::Model& m, const std::vector<int>& ids,
                    const model::Ablation& ablation) {
    constexpr size_t shared = 3;
    model::KvCache cache(m.config);
    Records all =
        model::forward(m.config, m.weights, cache, std::span(ids).first(shared), {}, ablation);
    Records path;
    for (size_t at = shared; at < ids.size(); ++at) {
        std::vector<model::Branch> branches;
        for (int i = 1; i < 4; ++i) branches.push_back({path, (ids[at] + i) % m.config.n_vocab});
        branches.push_back({path, ids[at]});
        // Those that end earlier run beside them.
        if (!path.empty()) branches.push_back({std::span(path).first(path.size() / 2), 1});
        const Records ran = model::forward(m.config, m.weights, cache, branches, {}, ablation);
        path.push_back(ran[3]);
        all.push_back(ran[3]);
    }
    return all;
}

// Prompt, steps, parts, branches, the naive pass, dropped details: all hooks of all positions.
void check_passes(const std::shared_ptr<const model::Model>& m, int n,
                  const model::Ablation& ablation) {
    std::vector<int> ids;
    for (int i = 0; i < n; ++i) ids.push_back((i * 37 + 5) % m->config.n_vocab);
    model::choose_instructions("");
    const auto expected = hooks_of(*m, in_parts(*m, ids, ids.size(), ablation));
    in_every_way([&](const std::string& how) {
        for (const size_t part : {ids.size(), size_t{1}, size_t{2}, size_t{7}, size_t{20}}) {
            check_same(*m, expected, in_parts(*m, ids, part, ablation),
                       how + ", " + std::to_string(part) + " at once");
        }
        check_same(*m, expected, in_branches(*m, ids, ablation), how + ", beside branches");
    });
    for (const bool use_cache : {true, false}) {
        for (const size_t budget : {size_t{0}, size_t{1}}) {
            model::SessionOptions options;
            options.use_cache = use_cache;
            options.detail_budget = budget;
            options.ablation = ablation;
            model::Session session(m, options);
            session.start({ids.begin(), ids.begin() + 3}, {});
            for (size_t i = 3; i < ids.size(); ++i) session.commit(ids[i]);
            check_same(
                *m, expected, session.step()->records,
                std::string(use_cache ? "steps" : "naive") + (budget ? ", details dropped" : ""));
        }
    }
}

}  // namespace

TEST_CASE("every number of sixteen bits is widened exactly, with every set of instructions") {
    std::vector<uint16_t> half(65536);
    std::vector<float> expected(half.size());
    for (size_t i = 0; i < half.size(); ++i) {
        half[i] = static_cast<uint16_t>(i);
        const int exponent = (half[i] >> 10) & 31, fraction = half[i] & 1023;
        float value = exponent == 0
                          ? std::ldexp(static_cast<float>(fraction), -24)
                          : std::ldexp(static_cast<float>(1024 + fraction), exponent - 25);
        if (exponent == 31) value = fraction == 0 ? INFINITY : NAN;
        expected[i] = half[i] < 0x8000 ? value : -value;
    }
    const Ways back;
    for (const std::string& set : model::instruction_sets(false)) {
        model::choose_instructions(set);
        std::vector<float> wide(half.size());
        model::widen(half.data(), half.size(), wide.data());
        size_t wrong = 0;
        for (size_t i = 0; i < half.size(); ++i) {
            const bool right =
                std::isnan(expected[i]) ? std::isnan(wide[i]) : same({expected[i]}, {wide[i]});
            if (!right) ++wrong;
        }
        CHECK_MESSAGE(wrong == 0, set << " widens " << wrong << " of 65,536 wrongly");
    }
}

TEST_CASE("linear is one chain of fused multiply-adds, whatever is computed beside it") {
    for (const int in : {1, 8, 33, 97, 200, 512}) {
        for (const int out : {1, 15, 33, 97, 128}) {
            const int most = 40;
            const auto x = numbers(static_cast<size_t>(most * in), 1);
            auto w = numbers(static_cast<size_t>(in * out), 2);
            const auto bias = numbers(static_cast<size_t>(out), 3);
            std::vector<uint16_t> half(w.size());
            model::narrow(w.data(), w.size(), half.data());
            model::widen(half.data(), half.size(), w.data());
            std::vector<float> expected(static_cast<size_t>(most * out));
            for (int i = 0; i < most; ++i) {
                for (int j = 0; j < out; ++j) {
                    float sum = bias[static_cast<size_t>(j)];
                    for (int k = 0; k < in; ++k) {
                        sum = std::fma(x[static_cast<size_t>(i * in + k)],
                                       w[static_cast<size_t>(k * out + j)], sum);
                    }
                    expected[static_cast<size_t>(i * out + j)] = sum;
                }
            }
            in_every_way([&](const std::string& how) {
                for (const int rows : {1, 2, 3, 4, 5, 12, 16, 17, 24, 40}) {
                    for (const bool f16 : {false, true}) {
                        const model::Matrix matrix{f16 ? nullptr : w.data(),
                                                   f16 ? half.data() : nullptr, in, out};
                        std::vector<float> y(static_cast<size_t>(rows * out));
                        model::linear({x.data(), rows, in, in}, matrix, bias.data(),
                                      {y.data(), rows, out, out});
                        CHECK_MESSAGE(same(y, {expected.begin(), expected.begin() + rows * out}),
                                      how << ", " << rows << " x " << in << " x " << out
                                          << (f16 ? " f16" : ""));
                    }
                }
            });
        }
    }
}

TEST_CASE("logits, dots and weighted sums are those of each row alone") {
    for (const int d : {1, 11, 16, 33, 64, 97}) {
        const int most = 20, n = 45;
        const auto x = numbers(static_cast<size_t>(most * d), 1);
        const auto w = numbers(static_cast<size_t>(n * d), 2);
        const auto weights = numbers(static_cast<size_t>(most * n), 3);
        const model::Matrix matrix{w.data(), nullptr, n, d};
        std::vector<float> products, sums(static_cast<size_t>(most * d));
        for (int i = 0; i < most; ++i) {
            for (int j = 0; j < n; ++j) products.push_back(model::dot(&x[i * d], &w[j * d], d));
            for (int c = 0; c < d; ++c) {
                float sum = 0;
                for (int k = 0; k < n - i; ++k)
                    sum = std::fma(weights[i * n + k], w[k * d + c], sum);
                sums[static_cast<size_t>(i * d + c)] = sum;
            }
        }
        in_every_way([&](const std::string& how) {
            for (const int rows : {1, 2, 6, 7, 20}) {
                std::vector<float> y(static_cast<size_t>(rows * n)),
                    z(static_cast<size_t>(rows * d));
                const std::vector<float> expected(products.begin(), products.begin() + rows * n);
                model::unembed({x.data(), rows, d, d}, matrix, {y.data(), rows, n, n});
                CHECK_MESSAGE(same(y, expected), how << ": logits, d = " << d);
                model::dots({x.data(), rows, d, d}, {w.data(), n, d, d}, {y.data(), rows, n, n});
                CHECK_MESSAGE(same(y, expected), how << ": dots, d = " << d);
                std::vector<int> counts;
                for (int i = 0; i < rows; ++i) counts.push_back(n - i);
                model::add_weighted({weights.data(), rows, n, n}, counts.data(),
                                    {w.data(), n, d, d}, {z.data(), rows, d, d});
                CHECK_MESSAGE(same(z, {sums.begin(), sums.begin() + rows * d}),
                              how << ": weighted sums, d = " << d);
            }
        });
    }
}

TEST_CASE("norms, softmax and activations are the same on every processor") {
    const Ways back;
    for (const int n : {1, 7, 16, 33, 200}) {
        const auto x = numbers(static_cast<size_t>(n), 4), gain = numbers(x.size(), 5),
                   bias = numbers(x.size(), 6);
        std::vector<std::vector<float>> first;
        for (const std::string& set : model::instruction_sets(true)) {
            model::choose_instructions(set);
            std::vector<std::vector<float>> all(3, x);
            model::layer_norm(x.data(), gain.data(), bias.data(), 1e-5f, n, all[0].data());
            model::softmax(all[1].data(), n);
            model::add(gain.data(), n, all[2].data());
            for (const char* name : {"gelu_new", "gelu", "relu", "silu", "quick_gelu", "tanh"}) {
                all.emplace_back(x.size());
                model::find_activation(name)->apply(x.data(), n, all.back().data());
            }
            if (first.empty()) first = all;
            for (size_t i = 0; i < all.size(); ++i) CHECK_MESSAGE(same(all[i], first[i]), set << i);
        }
    }
}

TEST_CASE(
    "a position holds the same bits in a prompt, in a step, in the naive pass, after a drop") {
    check_passes(tests::bundled(), 40, {});
    check_passes(tests::random_model(2, 3, 33, 50, 64), 30, {});
    check_passes(tests::random_model(2, 1, 97, 211, 64), 30, {});
    model::Ablation ablation;
    ablation.heads = {{0, 1}};
    ablation.mlps = {1};
    ablation.uniform = {{1, 0, model::Ablation::every}, {0, 2, 11}};
    check_passes(tests::random_model(2, 3, 33, 50, 64), 30, ablation);
}

TEST_CASE("and with weights of 16 bits") {
    const auto half = model::load_model(tests::bundled()->folder, model::Precision::f16);
    check_passes(half, 24, {});
}
