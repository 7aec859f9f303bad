// The counted cost of a pass, against counting every multiplication of small ones.
#include <doctest/doctest.h>

#include "model/pass/cost.h"
#include "model/pass/transformer.h"
#include "tests/support.h"

namespace {

model::Config shape(int layers, int heads, int d, int f, int vocabulary) {
    model::Config config;
    config.n_layer = layers;
    config.n_head = heads;
    config.d_model = d;
    config.d_mlp = f;
    config.n_vocab = vocabulary;
    config.n_ctx = 64;
    return config;
}

// One multiplication after another, as the maths is written: head by head, query by query.
model::PassCost counted(const model::Config& c, int n, int m) {
    model::PassCost cost;
    auto product = [](int64_t& count, int rows, int in, int out) {
        for (int i = 0; i < rows; ++i) {
            for (int j = 0; j < out; ++j) {
                for (int k = 0; k < in; ++k) ++count;
            }
        }
    };
    for (int layer = 0; layer < c.n_layer; ++layer) {
        for (int part = 0; part < 3; ++part) product(cost.qkv, n, c.d_model, c.d_model);
        for (int head = 0; head < c.n_head; ++head) {
            for (int query = m; query < m + n; ++query) {
                for (int key = 0; key < m + n; ++key) {
                    if (key > query) continue;  // masked
                    for (int j = 0; j < c.d_head(); ++j) {
                        ++cost.scores;
                        ++cost.weighted_values;
                    }
                }
            }
        }
        product(cost.attn_out, n, c.d_model, c.d_model);
        product(cost.mlp, n, c.d_model, c.d_mlp);
        product(cost.mlp, n, c.d_mlp, c.d_model);
    }
    product(cost.unembedding, 1, c.d_model, c.n_vocab);
    return cost;
}

}  // namespace

TEST_CASE("multiply-adds are those of a count one by one") {
    for (const model::Config& c : {shape(1, 1, 1, 1, 5), shape(2, 2, 8, 32, 5),
                                   shape(3, 4, 12, 20, 7), shape(5, 1, 6, 24, 11)}) {
        for (int n : {1, 2, 7}) {
            for (int m : {0, 1, 6}) {
                const auto cost = model::pass_cost(c, model::Precision::f32, n, m);
                const auto expected = counted(c, n, m);
                CHECK(cost.qkv == expected.qkv);
                CHECK(cost.scores == expected.scores);
                CHECK(cost.weighted_values == expected.weighted_values);
                CHECK(cost.attn_out == expected.attn_out);
                CHECK(cost.mlp == expected.mlp);
                CHECK(cost.unembedding == expected.unembedding);
                CHECK(cost.multiply_adds() == expected.qkv + expected.scores +
                                                  expected.weighted_values + expected.attn_out +
                                                  expected.mlp + expected.unembedding);
            }
        }
    }
}

TEST_CASE("a pass reads every parameter once, but of the embeddings only rows") {
    for (const auto& m : {tests::tiny(), tests::bundled()}) {
        const model::Config& c = m->config;
        REQUIRE(m->weights.precision == model::Precision::f32);
        REQUIRE(c.tied);
        const int n = 3;
        const int64_t positions = int64_t{c.n_ctx} * c.d_model;
        const int64_t rows = int64_t{n} * 2 * c.d_model;
        CHECK(model::pass_cost(c, model::Precision::f32, n, 0).weight_bytes ==
              (m->weights.n_parameters - positions + rows) * 4);
    }
    const model::Config c = shape(2, 2, 8, 32, 5);
    const int64_t whole = model::pass_cost(c, model::Precision::f32, 1, 0).weight_bytes;
    const int64_t half = model::pass_cost(c, model::Precision::f16, 1, 0).weight_bytes;
    const int64_t vectors = 2 * (9 * 8 + 32) + 2 * 8;
    CHECK(whole - half == (whole / 4 - vectors) * 2);
}

TEST_CASE("the cache holds a key and a value of every head, layer and position") {
    const model::Config& c = tests::tiny()->config;
    model::KvCache cache(c);
    int64_t bytes = 0;
    for (int layer = 0; layer < c.n_layer; ++layer) {
        for (int head = 0; head < c.n_head; ++head) {
            for (const model::ConstRows& rows :
                 {cache.keys(layer, head), cache.values(layer, head)}) {
                bytes += int64_t{c.n_ctx} * rows.cols * static_cast<int64_t>(sizeof(*rows.data));
            }
        }
    }
    CHECK(model::kv_bytes(c, c.n_ctx) == bytes);
    CHECK(model::kv_bytes(c, 0) == 0);
    CHECK(model::pass_cost(c, model::Precision::f32, 1, 4).cache_bytes == model::kv_bytes(c, 4));
}

TEST_CASE("a run costs the sum of its passes; without a step both ways cost the prompt") {
    const model::Config c = shape(2, 2, 8, 32, 5);
    const auto precision = model::Precision::f32;
    const auto naive = model::run_cost(c, precision, 4, 6, model::Passes::naive);
    const auto cached = model::run_cost(c, precision, 4, 6, model::Passes::cached);
    CHECK(naive.multiply_adds() == counted(c, 4, 0).multiply_adds() +
                                       counted(c, 5, 0).multiply_adds() +
                                       counted(c, 6, 0).multiply_adds());
    CHECK(cached.multiply_adds() == counted(c, 4, 0).multiply_adds() +
                                        counted(c, 1, 4).multiply_adds() +
                                        counted(c, 1, 5).multiply_adds());
    CHECK(cached.cache_bytes == model::kv_bytes(c, 4) + model::kv_bytes(c, 5));
    CHECK(model::run_cost(c, precision, 4, 4, model::Passes::naive).multiply_adds() ==
          model::run_cost(c, precision, 4, 4, model::Passes::cached).multiply_adds());
}
