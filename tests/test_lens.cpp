// Read-outs of finished records: lens, attribution, head scores, the arithmetic of one number.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "model/arithmetic.h"
#include "model/attribution.h"
#include "model/head_scores.h"
#include "model/kernels.h"
#include "model/lens.h"
#include "model/transformer.h"
#include "tests/support.h"

using tests::bundled;

namespace {

model::Records run(const std::vector<int>& ids, const model::Ablation& ablation = {}) {
    model::KvCache cache(bundled()->config);
    return model::forward(bundled()->config, bundled()->weights, cache, ids, {}, ablation);
}

const model::Records& story() {
    static const auto records =
        run(model::encode_prompt(*bundled(), "Anna went to the garden. She saw a small dog. Anna"));
    return records;
}

// Random tokens, said twice: nothing but the repetition can be known.
const model::Records& repeated() {
    static const auto records = [] {
        std::mt19937 random(7);
        std::vector<int> ids(40);
        for (int& id : ids) id = static_cast<int>(random() % bundled()->config.n_vocab);
        std::vector<int> twice = ids;
        twice.insert(twice.end(), ids.begin(), ids.end());
        return run(twice);
    }();
    return records;
}

}  // namespace

TEST_CASE("the ranks after the last block are the model's ranking, for every token") {
    const auto& m = *bundled();
    const auto logits = model::logits(m.weights, *story().back());
    const auto ranking = model::rank(logits);
    for (size_t rank = 0; rank < ranking.candidates.size(); rank += 97) {
        const auto& candidate = ranking.candidates[rank];
        const auto ranks = model::token_ranks(m, *story().back(), candidate.id);
        REQUIRE(ranks.size() == static_cast<size_t>(m.config.n_layer));
        CHECK(ranks.back().rank == static_cast<int>(rank));
        CHECK(ranks.back().probability == doctest::Approx(candidate.probability));
    }
}

TEST_CASE("after every block the likeliest token of the lens has rank 0") {
    const auto& m = *bundled();
    const auto lens = model::logit_lens(m, *story().back(), -1);
    for (size_t layer = 0; layer < lens.size(); ++layer) {
        const auto ranks = model::token_ranks(m, *story().back(), lens[layer].id);
        CHECK(ranks[layer].rank == 0);
        CHECK(ranks[layer].probability == lens[layer].probability);
    }
}

TEST_CASE("equal logits rank by lower id") {
    const std::vector<float> logits = {1, 3, 3, 0};
    CHECK(model::standing(logits, 1).rank == 0);
    CHECK(model::standing(logits, 2).rank == 1);
    CHECK(model::standing(logits, 0).rank == 2);
    CHECK(model::standing(logits, 1).probability == model::standing(logits, 2).probability);
}

TEST_CASE("the parts of a logit sum to it") {
    const auto& m = *bundled();
    for (const auto& record : story()) {
        const auto logits = model::logits(m.weights, *record);
        for (int id = 0; id < m.config.n_vocab; id += 211) {
            const auto parts = model::attribute_logit(m, *record, id);
            CHECK(parts.logit == logits[static_cast<size_t>(id)]);
            CHECK(std::abs(parts.sum() - parts.logit) < 1e-3);
        }
    }
}

TEST_CASE("a part's share is what its own vector comes to through the held norm") {
    const auto& m = *bundled();
    const auto& w = m.weights;
    const auto& record = *story().back();
    const int d = m.config.d_model, id = record.id(), layer = 3;
    const std::vector<float> stream = record.resid_pre(m.config.n_layer);
    // Without MLP 3's vector, in the same mean and scale: the logit falls by its share.
    double mean = 0, variance = 0;
    for (float x : stream) mean += x / d;
    for (float x : stream) variance += (x - mean) * (x - mean) / d;
    const auto mlp = record.mlp_out(layer);
    const double mlp_mean = std::accumulate(mlp.begin(), mlp.end(), 0.0) / d;
    std::vector<float> u(static_cast<size_t>(d));
    model::read_row(w.unembed, id, u.data());
    double share = 0;
    for (size_t j = 0; j < u.size(); ++j) {
        share +=
            (mlp[j] - mlp_mean) / std::sqrt(variance + m.config.ln_eps) * w.ln_final_gain[j] * u[j];
    }
    const auto parts = model::attribute_logit(m, record, id);
    CHECK(parts.layers[layer].mlp == doctest::Approx(share).epsilon(1e-5));

    // A layer's heads and bias together: the same for attn_out.
    const auto attn = record.attn_out(layer);
    const double attn_mean = std::accumulate(attn.begin(), attn.end(), 0.0) / d;
    share = 0;
    for (size_t j = 0; j < u.size(); ++j) {
        share += (attn[j] - attn_mean) / std::sqrt(variance + m.config.ln_eps) *
                 w.ln_final_gain[j] * u[j];
    }
    const auto& heads = parts.layers[layer].heads;
    REQUIRE(heads.size() == static_cast<size_t>(m.config.n_head));
    const double together =
        std::accumulate(heads.begin(), heads.end(), parts.layers[layer].attn_bias);
    CHECK(std::abs(together - share) < 1e-4);
}

TEST_CASE("what is ablated adds nothing to any logit") {
    const auto& m = *bundled();
    const auto records = run({1, 2, 3, 4}, {{{2, 1}}, {4}});
    const auto parts = model::attribute_logit(m, *records.back(), 100);
    CHECK(parts.layers[2].heads[1] == 0);
    CHECK(parts.layers[2].heads[0] != 0);
    CHECK(parts.layers[4].mlp == 0);
    CHECK(std::abs(parts.sum() - parts.logit) < 1e-3);
}

TEST_CASE("habits are means over the rows that count") {
    // Tokens a b a b: rows 2 and 3 count; what followed "a" is at 1, what followed "b" at 2.
    const auto records = run({5, 9, 5, 9});
    const model::AttentionPattern pattern = {
        {1}, {0.5f, 0.5f}, {0.25f, 0.5f, 0.25f}, {0.125f, 0, 0.75f, 0.125f}};
    const auto scores = model::head_scores(pattern, records);
    CHECK(scores.previous.mean == doctest::Approx((0.5 + 0.75) / 2));
    CHECK(scores.first.mean == doctest::Approx((0.25 + 0.125) / 2));
    CHECK(scores.self.mean == doctest::Approx((0.25 + 0.125) / 2));
    CHECK(scores.induction.mean == doctest::Approx((0.5 + 0.75) / 2));
    CHECK(scores.induction.rows == 2);
    CHECK(scores.previous.rows == 2);
}

TEST_CASE("rows without an earlier occurrence do not count for induction") {
    const auto fresh = run({1, 2, 3, 4, 5});
    for (const auto& scores : model::head_scores(bundled()->config, fresh)) {
        CHECK(scores.induction.rows == 0);
        CHECK(scores.induction.mean == 0);
        CHECK(scores.self.rows == 3);
    }
    CHECK(model::head_scores(bundled()->config, run({1}))[0].previous.rows == 0);
}

TEST_CASE("the bundled model has a head that looks at the previous token of a text") {
    const auto& config = bundled()->config;
    const auto all = model::head_scores(config, story());
    REQUIRE(all.size() == static_cast<size_t>(config.n_layer * config.n_head));
    CHECK(std::ranges::max(all, {}, [](const auto& s) { return s.previous.mean; }).previous.mean >
          0.8);
    for (const auto& scores : all) {
        CHECK(scores.previous.mean + scores.first.mean + scores.self.mean < 1.0001);
    }
}

TEST_CASE("the bundled model has a head that finds what followed last time") {
    // A head that looks everywhere alike gives each of the tokens so far the same weight.
    const size_t n = repeated().size();
    model::AttentionPattern even;
    for (size_t i = 0; i < n; ++i) even.emplace_back(i + 1, 1.0f / static_cast<float>(i + 1));
    const double chance = model::head_scores(even, repeated()).induction.mean;
    const auto all = model::head_scores(bundled()->config, repeated());
    const auto best = std::ranges::max(all, {}, [](const auto& s) { return s.induction.mean; });
    CHECK(best.induction.rows >= static_cast<int>(n / 2));
    CHECK(best.induction.mean > 10 * chance);
}

TEST_CASE("the arithmetic of a cell is that of the map") {
    const auto& config = bundled()->config;
    const auto& records = story();
    const int query = static_cast<int>(records.size()) - 1;
    for (int head = 0; head < config.n_head; ++head) {
        const auto scores = model::attention_scores(config, records, 1, head, query);
        const auto row = model::attention_row(config, records, 1, head, query);
        double weights = 0;
        for (int key = 0; key <= query; ++key) {
            const auto a = model::score_arithmetic(config, records, 1, head, query, key);
            CHECK(a.products.size() == static_cast<size_t>(config.d_head()));
            CHECK(a.products[3] == a.q[3] * a.k[3]);
            CHECK(std::accumulate(a.products.begin(), a.products.end(), 0.0) ==
                  doctest::Approx(a.sum).epsilon(1e-4));
            CHECK(a.score == a.sum * a.scale);
            CHECK(a.score == scores[static_cast<size_t>(key)]);
            CHECK(a.weight == row[static_cast<size_t>(key)]);
            CHECK(std::abs(std::exp(double{a.score} - a.largest) / a.total - a.weight) < 1e-6);
            weights += a.weight;
        }
        CHECK(weights == doctest::Approx(1));
    }
    CHECK_THROWS_AS(model::score_arithmetic(config, records, 1, 0, 2, 999), std::logic_error);
}

TEST_CASE("the arithmetic of a logit names every dimension once, the largest first") {
    const auto& m = *bundled();
    const auto& record = *story().back();
    const auto a = model::logit_arithmetic(m, record, 42);
    CHECK(a.logit == model::logits(m.weights, record)[42]);
    REQUIRE(a.terms.size() == static_cast<size_t>(m.config.d_model));
    double sum = 0;
    std::vector<bool> named(a.terms.size());
    for (size_t i = 0; i < a.terms.size(); ++i) {
        const auto& term = a.terms[i];
        CHECK(term.product == term.value * term.weight);
        if (i > 0) CHECK(std::abs(term.product) <= std::abs(a.terms[i - 1].product));
        sum += term.product;
        named[static_cast<size_t>(term.dimension)] = true;
    }
    CHECK(std::ranges::all_of(named, [](bool b) { return b; }));
    CHECK(std::abs(sum - a.logit) < 1e-3);
}
