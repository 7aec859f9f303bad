// The forward pass and its records: block and single position, attention, lens, hooks.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "model/base/error.h"
#include "model/base/thread_pool.h"
#include "model/interp/lens.h"
#include "model/pass/attention.h"
#include "model/pass/hooks.h"
#include "model/pass/transformer.h"
#include "tests/support.h"

using tests::bundled;

namespace {

const std::vector<int>& ids() {
    static const auto encoded =
        model::encode_prompt(*bundled(), "Anna went to the garden. She saw a small dog.");
    return encoded;
}

model::Records run_at_once() {
    model::KvCache cache(bundled()->config);
    return model::forward(bundled()->config, bundled()->weights, cache, ids());
}

}  // namespace

TEST_CASE("one position at a time gives what the block pass gives") {
    const auto& m = *bundled();
    const auto together = run_at_once();
    model::KvCache cache(m.config);
    double worst = 0;
    for (size_t i = 0; i < ids().size(); ++i) {
        const auto one = model::forward(m.config, m.weights, cache, {&ids()[i], 1});
        CHECK(one[0]->position() == static_cast<int>(i));
        const auto a = model::logits(m.weights, *one[0]);
        const auto b = model::logits(m.weights, *together[i]);
        for (size_t j = 0; j < a.size(); ++j)
            worst = std::max(worst, std::abs(double{a[j]} - b[j]));
    }
    CHECK(worst == 0);
}

TEST_CASE("long prompts run on two threads as on one") {
    const auto& m = *bundled();
    const int before = model::set_threads(0);
    for (const int n : {128, 192, m.config.n_ctx}) {
        std::vector<int> tokens(static_cast<size_t>(n));
        for (int i = 0; i < n; ++i) tokens[static_cast<size_t>(i)] = i * 7 % m.config.n_vocab;
        std::vector<std::vector<float>> logits;
        for (const int threads : {1, 2}) {
            model::set_threads(threads);
            model::KvCache cache(m.config);
            const auto records = model::forward(m.config, m.weights, cache, tokens);
            logits.push_back(model::logits(m.weights, *records.back()));
        }
        double worst = 0;
        for (size_t j = 0; j < logits[0].size(); ++j) {
            worst = std::max(worst, std::abs(double{logits[0][j]} - logits[1][j]));
        }
        CHECK(worst == 0);
    }
    model::set_threads(before);
}

TEST_CASE("later tokens do not change earlier records") {
    const auto& m = *bundled();
    const auto whole = run_at_once();
    model::KvCache cache(m.config);
    const auto part = model::forward(m.config, m.weights, cache, {ids().data(), 4});
    for (int layer = 0; layer < m.config.n_layer; ++layer) {
        const auto a = part[3]->resid_post(layer);
        const auto b = whole[3]->resid_post(layer);
        for (size_t j = 0; j < a.size(); ++j) CHECK(a[j] == doctest::Approx(b[j]).epsilon(1e-4));
    }
}

TEST_CASE("attention rows sum to 1 and follow from the scores") {
    const auto& m = *bundled();
    const auto records = run_at_once();
    for (int head = 0; head < m.config.n_head; ++head) {
        for (int query = 0; query < static_cast<int>(records.size()); ++query) {
            const auto row = model::attention_row(m.config, records, 2, head, query);
            CHECK(row.size() == static_cast<size_t>(query) + 1);
            CHECK(std::accumulate(row.begin(), row.end(), 0.0) == doctest::Approx(1));
        }
    }
}

TEST_CASE("the lens after the last block is the model's own prediction") {
    const auto& m = *bundled();
    const auto records = run_at_once();
    const auto scores = model::logits(m.weights, *records.back());
    const auto best =
        static_cast<int>(std::max_element(scores.begin(), scores.end()) - scores.begin());
    const auto lens = model::logit_lens(m, *records.back(), best);
    CHECK(lens.size() == static_cast<size_t>(m.config.n_layer));
    CHECK(lens.back().id == best);
    double sum = 0;
    for (float x : scores) sum += std::exp(double{x} - scores[best]);
    CHECK(lens.back().probability == doctest::Approx(1 / sum).epsilon(1e-4));
    CHECK(lens.back().chosen.probability == doctest::Approx(lens.back().probability));
}

TEST_CASE("every hook can be read and has the shape of its kind") {
    const auto& m = *bundled();
    const auto records = run_at_once();
    const auto n = static_cast<int64_t>(records.size());
    for (const std::string& name : model::hook_names(m.config)) {
        const auto tensor = model::read_hook(m, records, name);
        int64_t size = 1;
        for (int64_t extent : tensor.shape) size *= extent;
        CHECK(tensor.values.size() == static_cast<size_t>(size));
        const bool attention = name.find("hook_attn_scores") != std::string::npos ||
                               name.find("hook_pattern") != std::string::npos;
        CHECK(tensor.shape[attention ? 1 : 0] == n);
    }
    CHECK_THROWS_AS(model::read_hook(m, records, "blocks.0.hook_nothing"), model::Error);
    CHECK_THROWS_AS(model::read_hook(m, records, "blocks.6.hook_mlp_out"), model::Error);
}
