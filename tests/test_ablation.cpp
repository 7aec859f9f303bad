// A pass that leaves heads or MLPs out: what is zero, what stays, and what it comes to.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "model/decode/beam.h"
#include "model/interp/arithmetic.h"
#include "model/interp/attribution.h"
#include "model/pass/attention.h"
#include "model/pass/transformer.h"
#include "model/run/session.h"
#include "tests/support.h"

using model::Ablation;
using model::Records;
using tests::bundled;

namespace {

std::vector<int> prompt() {
    return model::encode_prompt(*bundled(), "Anna went to the garden. She saw a small dog.");
}

Records run(const Ablation& ablation) {
    model::KvCache cache(bundled()->config);
    return model::forward(bundled()->config, bundled()->weights, cache, prompt(), {}, ablation);
}

double difference(std::span<const float> a, std::span<const float> b) {
    double worst = 0;
    for (size_t i = 0; i < a.size(); ++i) worst = std::max(worst, std::abs(double{a[i]} - b[i]));
    return worst;
}

bool zero(std::span<const float> x) {
    return std::ranges::all_of(x, [](float value) { return value == 0; });
}

std::vector<float> last_logits(const Records& records) {
    return model::logits(bundled()->weights, *records.back());
}

}  // namespace

TEST_CASE("ablating nothing gives the same bits") {
    model::KvCache cache(bundled()->config);
    const auto& m = *bundled();
    const Records plain = model::forward(m.config, m.weights, cache, prompt());
    const Records none = run({});
    for (size_t i = 0; i < plain.size(); ++i) {
        CHECK(std::ranges::equal(plain[i]->ln_final(), none[i]->ln_final()));
    }
}

TEST_CASE("an ablated head's z is zero, and the attention lacks what the head would have written") {
    const auto& m = *bundled();
    const size_t d_head = static_cast<size_t>(m.config.d_head());
    const int layer = 2, head = 1;
    const Records plain = run({}), without = run({{{layer, head}}, {}});
    for (size_t i = 0; i < plain.size(); ++i) {
        const auto z = plain[i]->z(layer);
        const auto left = without[i]->z(layer);
        CHECK(zero(left.subspan(head * d_head, d_head)));
        CHECK(std::ranges::equal(z.first(head * d_head), left.first(head * d_head)));
        CHECK(
            std::ranges::equal(z.subspan((head + 1) * d_head), left.subspan((head + 1) * d_head)));
        // Keys, values and everything below are as ever.
        CHECK(std::ranges::equal(plain[i]->k(layer), without[i]->k(layer)));
        CHECK(plain[i]->resid_pre(layer) == without[i]->resid_pre(layer));

        const auto whole = plain[i]->attn_out(layer);
        std::vector<float> expected(whole.begin(), whole.end()), row(whole.size());
        for (size_t c = 0; c < d_head; ++c) {
            const size_t at = head * d_head + c;
            model::read_row(m.weights.layers[layer].attn_out, static_cast<int>(at), row.data());
            for (size_t j = 0; j < row.size(); ++j) expected[j] -= z[at] * row[j];
        }
        CHECK(difference(expected, without[i]->attn_out(layer)) < 1e-5);
    }
    CHECK(difference(last_logits(plain), last_logits(without)) > 1e-3);
}

TEST_CASE("an ablated MLP adds nothing: without the last one the stream ends before it") {
    const auto& m = *bundled();
    const int last = m.config.n_layer - 1;
    const Records plain = run({}), without = run({{}, {last}});
    for (size_t i = 0; i < plain.size(); ++i) {
        CHECK(zero(without[i]->mlp_out(last)));
        CHECK(std::ranges::equal(plain[i]->mlp_pre(last), without[i]->mlp_pre(last)));
        const std::vector<float> mid = plain[i]->resid_mid(last);
        std::vector<float> normed(mid.size());
        model::layer_norm(mid.data(), m.weights.ln_final.gain, m.weights.ln_final.bias,
                          m.config.ln_eps, m.config.d_model, normed.data());
        CHECK(std::ranges::equal(without[i]->ln_final(), normed));
    }
}

TEST_CASE("cached steps of an ablated model agree with its naive pass") {
    model::SessionOptions options;
    options.ablation = {{{0, 3}, {3, 0}}, {1}};
    model::Session cached(bundled(), options);
    options.use_cache = false;
    model::Session naive(bundled(), options);
    model::Session whole(bundled());
    for (model::Session* session : {&cached, &naive, &whole}) session->start(prompt(), {});
    for (int step = 0; step < 5; ++step) {
        cached.commit();
        const int chosen = cached.step()->ids().back();
        naive.commit(chosen);
        whole.commit(chosen);
        const auto a = last_logits(cached.step()->records);
        const auto b = last_logits(naive.step()->records);
        const auto c = last_logits(whole.step()->records);
        CHECK(difference(a, b) < 1e-4);
        CHECK(difference(a, c) > 0.1);
        CHECK(zero(cached.step()->records.back()->mlp_out(1)));
    }
}

TEST_CASE("the single beam of an ablated model is its greedy continuation") {
    const Ablation ablation{{}, {0}};
    model::SessionOptions options;
    options.ablation = ablation;
    model::Session session(bundled(), options);
    session.start(prompt(), {});
    for (int step = 0; step < 4; ++step) session.commit();
    model::BeamOptions beam;
    beam.beams = 1;
    beam.steps = 4;
    beam.ablation = ablation;
    CHECK(model::beam_search(*bundled(), prompt(), beam)[0].ids == session.step()->ids());
}

TEST_CASE("a layer that is off adds nothing: the stream leaves it as it came") {
    const int layer = 3;
    Ablation ablation;
    ablation.layers = {layer};
    const Records plain = run({}), without = run(ablation);
    for (size_t i = 0; i < plain.size(); ++i) {
        CHECK(zero(without[i]->z(layer)));
        CHECK(zero(without[i]->attn_out(layer)));
        CHECK(zero(without[i]->mlp_out(layer)));
        CHECK(without[i]->resid_post(layer) == plain[i]->resid_pre(layer));
        CHECK(std::ranges::equal(plain[i]->k(layer), without[i]->k(layer)));
    }
    // What a part adds to a logit still sums to it: no bias of a layer that is off.
    const int id = bundled()->config.n_vocab / 2;
    const auto parts = model::attribute_logit(*bundled(), *without.back(), id);
    CHECK(parts.layers[layer].attn_bias == 0);
    CHECK(parts.sum() == doctest::Approx(parts.logit).epsilon(1e-4));
}

TEST_CASE("uniform attention reads the mean of the values up to the query") {
    const auto& m = *bundled();
    const auto d_head = static_cast<size_t>(m.config.d_head());
    const int layer = 1, head = 2, only = 5;
    for (const int query : {Ablation::every, only}) {
        Ablation ablation;
        ablation.uniform = {{layer, head, query}};
        const Records plain = run({}), pinned = run(ablation);
        int visited = 0;
        for (int i = 0; i < static_cast<int>(pinned.size()); ++i) {
            const auto row = model::attention_row(m.config, pinned, layer, head, i);
            const bool here = query == Ablation::every || i == query;
            CHECK(pinned[i]->is_uniform(layer, head) == here);
            if (!here) {
                CHECK(row == model::attention_row(m.config, plain, layer, head, i));
                CHECK(std::ranges::equal(plain[i]->z(layer), pinned[i]->z(layer)));
                continue;
            }
            CHECK(row == std::vector<float>(i + 1, 1.0f / static_cast<float>(i + 1)));
            for (size_t c = head * d_head; c < (head + 1) * d_head; ++c) {
                double mean = 0;
                for (int key = 0; key <= i; ++key) mean += pinned[key]->v(layer)[c] / (i + 1.0);
                CHECK(pinned[i]->z(layer)[c] == doctest::Approx(mean).epsilon(1e-5));
            }
            ++visited;
        }
        CHECK(visited == (query == Ablation::every ? static_cast<int>(plain.size()) : 1));
        // All ways to ask for a pattern give the same row; the scores are what they are.
        const int n = static_cast<int>(pinned.size());
        model::visit_heads(m.config, pinned, 0, [&](int l, int h, int q, auto& row) {
            if (l == layer && h == head) {
                CHECK(row == model::attention_row(m.config, pinned, l, h, q));
            }
        });
        CHECK(model::attention_scores(m.config, pinned, layer, head, n - 1) ==
              model::attention_scores(m.config, plain, layer, head, n - 1));
        const auto a = model::score_arithmetic(m.config, pinned, layer, head, only, 2);
        CHECK(a.uniform);
        CHECK(a.weight == 1.0f / (only + 1));
        CHECK(difference(last_logits(plain), last_logits(pinned)) > 1e-4);
    }
}

TEST_CASE("interventions in cached steps, in the naive pass and in details computed again") {
    model::SessionOptions options;
    options.ablation =
        model::parse_ablation("L2,L1H3=uniform,L5H2@14=uniform,L4H1", bundled()->config, "");
    model::Session cached(bundled(), options);
    options.use_cache = false;
    model::Session naive(bundled(), options);
    options.use_cache = true;
    options.detail_budget = 1;  // keeps the details of a single record
    model::Session lean(bundled(), options);
    for (model::Session* session : {&cached, &naive, &lean}) session->start(prompt(), {});
    const size_t first = cached.step()->records.size();
    CHECK(first < 14);
    for (int step = 0; step < 5; ++step) {
        cached.commit();
        const int chosen = cached.step()->ids().back();
        naive.commit();
        lean.commit();
        CHECK(naive.step()->ids().back() == chosen);
        CHECK(lean.step()->ids().back() == chosen);
    }
    const auto& whole = cached.step()->records;
    CHECK(whole.back()->ablation()->layers.contains(1));
    CHECK(whole[14]->is_uniform(4, 1));
    for (size_t i = 0; i < whole.size(); ++i) {
        const model::RecordPtr dropped = lean.step()->records[i];
        for (int layer = 0; layer < bundled()->config.n_layer; ++layer) {
            CHECK(difference(whole[i]->z(layer), naive.step()->records[i]->z(layer)) < 1e-4);
            CHECK(difference(whole[i]->z(layer), dropped->z(layer)) < 1e-4);
            CHECK(difference(whole[i]->mlp_out(layer), dropped->mlp_out(layer)) < 1e-4);
        }
        CHECK(zero(dropped->attn_out(1)));
        CHECK(zero(dropped->mlp_out(1)));
    }
}

TEST_CASE("only what the model has can be ablated") {
    const int layers = bundled()->config.n_layer, heads = bundled()->config.n_head;
    Ablation layer, head;
    layer.layers = {layers};
    head.uniform = {{0, heads, Ablation::every}};
    CHECK_THROWS_AS(run(layer), std::logic_error);
    CHECK_THROWS_AS(run(head), std::logic_error);
    CHECK_THROWS_AS(run({{{layers, 0}}, {}}), std::logic_error);
    CHECK_THROWS_AS(run({{{0, heads}}, {}}), std::logic_error);
    CHECK_THROWS_AS(run({{}, {-1}}), std::logic_error);
}

TEST_CASE("an ablation is written as people count") {
    const model::Config& config = bundled()->config;
    auto parsed = [&](const std::string& text) {
        return model::parse_ablation(text, config, "--ablate");
    };
    CHECK(parsed("").empty());
    CHECK(parsed("L3H2,L4MLP,L1H4") == Ablation{{{2, 1}, {0, 3}}, {3}});
    CHECK(model::describe(parsed("L4MLP,L3H2")) == "L3H2,L4MLP");
    const std::string all = "L3H2,L4MLP,L5,L2H1=uniform,L2H3@0=uniform,L2H3@7=uniform";
    CHECK(model::describe(parsed(all)) == all);
    CHECK(parsed(all).uniform.contains({1, 2, 7}));
    CHECK(parsed(all).uniform.contains({1, 0, Ablation::every}));
    CHECK(model::in_words(parsed(all)) == "without L3H2, L4MLP, L5 · uniform L2H1, L2H3@0, L2H3@7");
    CHECK(model::in_words({}) == "");
    // What is said twice, or by another part, is said once.
    CHECK(model::describe(parsed("L5,L5H1,L5MLP,L5H2=uniform")) == "L5");
    CHECK(model::describe(parsed("L2H1@3=uniform,L2H1=uniform")) == "L2H1=uniform");
    CHECK(model::describe(parsed("L2H1@3=uniform,L2H1")) == "L2H1");
    for (const char* wrong : {"L",
                              "L7",
                              "L3 ",
                              "L1=uniform",
                              "L1MLP=uniform",
                              "L1H1=",
                              "L1H1@=uniform",
                              "L1H1@99999=uniform",
                              "L1H1@-1=uniform",
                              "L1H1@1",
                              "L1H1=zero",
                              "L0H1",
                              "L7H1",
                              "L1H9",
                              "H1L1",
                              "L1H1 ",
                              "L1H1;L2H1",
                              ",",
                              "L1MLPs",
                              "L99999999999H1"}) {
        const std::string message = tests::error_of([&] { parsed(wrong); });
        CHECK_MESSAGE(message.starts_with("--ablate: "), wrong);
    }
}
