// Read-outs of finished records: lens, attribution, head scores, the arithmetic of one number.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "model/base/lru_cache.h"
#include "model/interp/arithmetic.h"
#include "model/interp/attribution.h"
#include "model/interp/head_scores.h"
#include "model/interp/lens.h"
#include "model/interp/neurons.h"
#include "model/pass/hooks.h"
#include "model/pass/kernels.h"
#include "model/pass/transformer.h"
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
            (mlp[j] - mlp_mean) / std::sqrt(variance + m.config.ln_eps) * w.ln_final.gain[j] * u[j];
    }
    const auto parts = model::attribute_logit(m, record, id);
    CHECK(parts.layers[layer].mlp == doctest::Approx(share).epsilon(1e-5));

    // A layer's heads and bias together: the same for attn_out.
    const auto attn = record.attn_out(layer);
    const double attn_mean = std::accumulate(attn.begin(), attn.end(), 0.0) / d;
    share = 0;
    for (size_t j = 0; j < u.size(); ++j) {
        share += (attn[j] - attn_mean) / std::sqrt(variance + m.config.ln_eps) *
                 w.ln_final.gain[j] * u[j];
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

// What heads of the bundled model do is measured in test_probes.cpp.
TEST_CASE("habits are shares of the same weight, and uniform attention has little of any") {
    const auto& config = bundled()->config;
    const auto all = model::head_scores(config, story());
    REQUIRE(all.size() == static_cast<size_t>(config.n_layer * config.n_head));
    for (const auto& scores : all) {
        CHECK(scores.previous.mean + scores.first.mean + scores.self.mean < 1.0001);
    }
    const size_t n = repeated().size();
    model::AttentionPattern even;
    for (size_t i = 0; i < n; ++i) even.emplace_back(i + 1, 1.0f / static_cast<float>(i + 1));
    const model::HeadHabit chance = model::head_scores(even, repeated()).induction;
    CHECK(chance.rows >= static_cast<int>(n / 2));
    CHECK(chance.mean > 0);
    CHECK(chance.mean < 0.05);
}

TEST_CASE("the head to begin with is the one that adds most to the proposed token") {
    const model::TokenRecord& last = *story().back();
    const int id = model::rank(model::logits(bundled()->weights, last)).candidates[0].id;
    const model::HeadIndex telling = model::most_telling_head(*bundled(), last, id);
    const model::LogitParts parts = model::attribute_logit(*bundled(), last, id);
    const double most = parts.layers[telling.layer].heads[telling.head];
    for (const auto& layer : parts.layers) {
        for (const double head : layer.heads) CHECK(head <= most);
    }
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

TEST_CASE("a bounded map forgets what was asked for the longest time ago") {
    model::LruCache<int, int> recent(2);
    CHECK(recent.find(1) == nullptr);
    recent.put(1, 10);
    recent.put(2, 20);
    REQUIRE(recent.find(1));
    CHECK(*recent.find(1) == 10);
    recent.put(3, 30);  // 2 goes
    CHECK(recent.size() == 2);
    CHECK(recent.find(2) == nullptr);
    CHECK(*recent.find(1) == 10);
    CHECK(recent.put(1, 11) == 11);  // in place
    CHECK(recent.size() == 2);
    CHECK(*recent.find(3) == 30);
}

TEST_CASE("rows that are unembedded together have the bits they have alone") {
    std::mt19937 random(3);
    std::normal_distribution<float> normal;
    const int n = 3, n_vocab = 211;
    for (const int d : {5, 32, 128, 203}) {
        std::vector<float> x(static_cast<size_t>(n * d)), w(static_cast<size_t>(n_vocab * d));
        for (float& value : x) value = normal(random);
        for (float& value : w) value = normal(random);
        const model::Matrix matrix{w.data(), nullptr, n_vocab, d};
        std::vector<float> together(static_cast<size_t>(n * n_vocab)), alone(together.size());
        model::unembed({x.data(), n, d, d}, matrix, {together.data(), n, n_vocab, n_vocab});
        for (int i = 0; i < n; ++i) {
            model::unembed({x.data() + i * d, 1, d, d}, matrix,
                           {alone.data() + i * n_vocab, 1, n_vocab, n_vocab});
        }
        CHECK(together == alone);
    }
}

TEST_CASE("the lens of several records is that of each") {
    const auto& m = *bundled();
    const auto all = model::logit_lens(m, story(), 42);
    REQUIRE(all.size() == story().size());
    for (size_t i = 0; i < all.size(); ++i) {
        const auto one = model::logit_lens(m, *story()[i], 42);
        REQUIRE(all[i].size() == one.size());
        for (size_t layer = 0; layer < one.size(); ++layer) {
            CHECK(all[i][layer].id == one[layer].id);
            CHECK(all[i][layer].probability == doctest::Approx(one[layer].probability));
            // Products of more rows may round otherwise, and neighbours change places.
            CHECK(std::abs(all[i][layer].chosen.rank - one[layer].chosen.rank) <= 1);
        }
        // The last block's are exact, however many are read at once.
        const auto logits = model::logits(m.weights, *story()[i]);
        const auto top = model::rank(logits).candidates[0];
        CHECK(all[i].back().id == top.id);
        CHECK(all[i].back().probability == one.back().probability);
    }
    CHECK(model::logit_lens(m, model::Records{}, -1).empty());
    CHECK_THROWS_AS(model::logit_lens(m, story(), m.config.n_vocab), std::logic_error);
}

TEST_CASE("the lens after the last block differs from a ranking by what the ranking is off") {
    const auto& m = *bundled();
    const auto& record = *story().back();
    auto ranking = model::rank(model::logits(m.weights, record));
    CHECK(model::lens_difference(m, record, ranking) == 0);
    ranking.candidates[7].logit += 0.5f;
    CHECK(model::lens_difference(m, record, ranking) == doctest::Approx(0.5));
}

TEST_CASE("a lens memo gives what was computed, in any order and past its size") {
    const auto& m = *bundled();
    model::LensMemo memo;
    const auto all = memo.read_all(m, story());
    const auto again = memo.read_all(m, model::Records{story()[4], story()[1], story()[4]});
    for (size_t layer = 0; layer < all[4].size(); ++layer) {
        CHECK(again[0][layer].probability == all[4][layer].probability);
        CHECK(again[1][layer].id == all[1][layer].id);
        CHECK(again[2][layer].id == all[4][layer].id);
    }
    CHECK(memo.read(m, story()[2], -1).back().probability == all[2].back().probability);
    CHECK(memo.read(m, story()[2], 9).back().chosen.rank ==
          model::token_ranks(m, *story()[2], 9).back().rank);
    auto ranking = model::rank(model::logits(m.weights, *story().back()));
    CHECK(memo.difference(m, story().back(), ranking) == 0);
}

TEST_CASE("neurons are the hook tensors, the longest vector first") {
    const auto& m = *bundled();
    const int layer = 2, d = m.config.d_model, position = static_cast<int>(story().size()) - 1;
    const auto& record = *story().back();
    const auto pre = model::read_hook(m, story(), "blocks.2.mlp.hook_pre");
    const auto post = model::read_hook(m, story(), "blocks.2.mlp.hook_post");
    const auto lengths = model::output_lengths(m, layer);
    REQUIRE(lengths.size() == static_cast<size_t>(m.config.d_mlp));
    const auto strongest = model::strongest_neurons(m, record, layer, lengths, 1 << 20);
    REQUIRE(strongest.size() == lengths.size());
    std::vector<double> sum(static_cast<size_t>(d));
    std::vector<float> row(static_cast<size_t>(d));
    for (size_t i = 0; i < strongest.size(); ++i) {
        const auto& neuron = strongest[i];
        const auto at =
            static_cast<size_t>(position) * lengths.size() + static_cast<size_t>(neuron.index);
        CHECK(neuron.pre == pre.values[at]);
        CHECK(neuron.post == post.values[at]);
        if (i > 0) CHECK(neuron.length <= strongest[i - 1].length);
        model::read_row(m.weights.layers[layer].mlp_out, neuron.index, row.data());
        double square = 0;
        for (size_t j = 0; j < row.size(); ++j) {
            square += std::pow(double{neuron.post} * row[j], 2);
            sum[j] += double{neuron.post} * row[j];
        }
        CHECK(neuron.length == doctest::Approx(std::sqrt(square)).epsilon(1e-4));
    }
    // Together, and with the bias, they are what the MLP adds.
    for (size_t j = 0; j < sum.size(); ++j) {
        const double added = sum[j] + m.weights.layers[layer].mlp_out_bias[j];
        CHECK(std::abs(added - record.mlp_out(layer)[j]) < 1e-4);
    }
    const auto few = model::strongest_neurons(m, record, layer, lengths, 5);
    REQUIRE(few.size() == 5);
    CHECK(few[4].index == strongest[4].index);
    CHECK(model::neuron_at(m, record, layer, lengths, few[3].index).length == few[3].length);
    CHECK_THROWS_AS(model::neuron_at(m, record, layer, lengths, m.config.d_mlp), std::logic_error);
}

TEST_CASE("promoted tokens are those a direct product finds") {
    const auto& m = *bundled();
    const auto& w = m.weights;
    const int layer = 4, d = m.config.d_model;
    const std::vector<int> neurons{7, 100, 511};
    const auto promoted = model::promoted_tokens(m, layer, neurons, 4);
    REQUIRE(promoted.size() == neurons.size());
    std::vector<float> row(static_cast<size_t>(d)), u(static_cast<size_t>(d));
    for (size_t i = 0; i < neurons.size(); ++i) {
        model::read_row(w.layers[layer].mlp_out, neurons[i], row.data());
        const double mean = std::accumulate(row.begin(), row.end(), 0.0) / d;
        std::vector<std::pair<double, int>> scores;
        for (int id = 0; id < m.config.n_vocab; ++id) {
            model::read_row(w.unembed, id, u.data());
            double score = 0;
            for (size_t j = 0; j < u.size(); ++j) {
                score += (row[j] - mean) * w.ln_final.gain[j] * u[j];
            }
            scores.emplace_back(-score, id);
        }
        std::ranges::sort(scores);
        REQUIRE(promoted[i].size() == 4);
        for (size_t rank = 0; rank < 4; ++rank) {
            CHECK(promoted[i][rank].id == scores[rank].second);
            CHECK(promoted[i][rank].score == doctest::Approx(-scores[rank].first).epsilon(1e-4));
        }
    }
    CHECK(model::promoted_tokens(m, layer, {}, 4).empty());
    CHECK_THROWS_AS(model::promoted_tokens(m, layer, std::vector{m.config.d_mlp}, 4),
                    std::logic_error);
}

TEST_CASE("the shares of a layer's neurons and its bias sum to the MLP's part of a logit") {
    const auto& m = *bundled();
    const auto& record = *story().back();
    const int layer = 3, id = 300;
    double sum = 0;
    for (int i = 0; i < m.config.d_mlp; ++i) sum += model::neuron_share(m, record, layer, i, id);
    std::vector<float> u(static_cast<size_t>(m.config.d_model));
    model::read_row(m.weights.unembed, id, u.data());
    const float* bias = m.weights.layers[layer].mlp_out_bias;
    const double mean = std::accumulate(bias, bias + u.size(), 0.0) / static_cast<double>(u.size());
    for (size_t j = 0; j < u.size(); ++j) {
        sum += (bias[j] - mean) * m.weights.ln_final.gain[j] * u[j] * model::final_scale(m, record);
    }
    const auto parts = model::attribute_logit(m, record, id);
    CHECK(std::abs(sum - parts.layers[layer].mlp) < 1e-4);
    CHECK(std::abs(parts.layers[layer].mlp) > 1e-2);
}
