// The sums behind a number: what model/interp/arithmetic adds up is the record's number.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "model/interp/arithmetic.h"
#include "model/interp/lens.h"
#include "model/pass/attention.h"
#include "model/pass/hooks.h"
#include "model/pass/kernels.h"
#include "tests/story.h"
#include "tests/support.h"

using tests::run;
using tests::sampling;
using tests::story;

namespace {

const model::Model& bundled() {
    return *tests::bundled();
}

double total(const std::vector<model::Term>& terms) {
    double sum = 0;
    for (const model::Term& t : terms) sum += t.product;
    return sum;
}

void check_order(const std::vector<model::Term>& terms, size_t count) {
    REQUIRE(terms.size() == count);
    std::vector<bool> named(count);
    for (size_t i = 0; i < count; ++i) {
        CHECK(terms[i].product == terms[i].value * terms[i].weight);
        if (i > 0) CHECK(std::abs(terms[i].product) <= std::abs(terms[i - 1].product));
        named[static_cast<size_t>(terms[i].dimension)] = true;
    }
    CHECK(std::ranges::all_of(named, [](bool b) { return b; }));
}

}  // namespace

TEST_CASE("a masked key has products and no weight") {
    const auto& records = story()->records;
    const auto a = model::score_arithmetic(bundled().config, records, 2, 1, 3, 5);
    CHECK(a.masked);
    CHECK(a.weight == 0);
    CHECK(a.score == a.sum * a.scale);
    CHECK(std::accumulate(a.products.begin(), a.products.end(), 0.0) ==
          doctest::Approx(a.sum).epsilon(1e-4));
    CHECK_FALSE(model::score_arithmetic(bundled().config, records, 2, 1, 5, 3).masked);
}

TEST_CASE("weighted values sum to z, at every dimension of every head") {
    const auto& config = bundled().config;
    const auto& records = story()->records;
    for (const int query : {0, 4, static_cast<int>(records.size()) - 1}) {
        for (int head = 0; head < config.n_head; ++head) {
            const auto row = model::attention_row(config, records, 3, head, query);
            for (int d = 0; d < config.d_head(); ++d) {
                const auto a = model::value_arithmetic(config, records, 3, head, query, d);
                check_order(a.terms, static_cast<size_t>(query) + 1);
                CHECK(a.z == records[query]->z(3)[head * config.d_head() + d]);
                CHECK(std::abs(total(a.terms) - a.z) < 1e-4);
                CHECK_FALSE(a.ablated);
                for (const model::Term& t : a.terms) CHECK(t.weight == row[t.dimension]);
            }
        }
    }
    CHECK_THROWS_AS(model::value_arithmetic(config, records, 3, 0, 0, config.d_head()),
                    std::logic_error);
}

TEST_CASE("an ablated head says why its terms do not sum to z") {
    model::Ablation ablation;
    ablation.heads.insert({2, 1});
    const model::StepPtr step = run("Tom gave the ball", {}, 0, ablation);
    const auto a = model::value_arithmetic(bundled().config, step->records, 2, 1, 3, 5);
    CHECK(a.ablated);
    CHECK(a.z == 0);
    CHECK_FALSE(model::value_arithmetic(bundled().config, step->records, 2, 0, 3, 5).ablated);
}

TEST_CASE("all that was added is the stream, to the bit") {
    const auto& config = bundled().config;
    const auto& record = *story()->records[5];
    for (int line = 0; line <= config.n_layer; ++line) {
        const std::vector<float> stream = record.resid_pre(line);
        for (int d = 0; d < config.d_model; d += 7) {
            const auto a = model::residual_arithmetic(bundled(), record, line, d);
            CHECK(a.sum == stream[static_cast<size_t>(d)]);
            REQUIRE(a.parts.size() == 2 + 2 * static_cast<size_t>(line));
            double sum = 0;
            for (const auto& part : a.parts) sum += part.value;
            CHECK(std::abs(sum - a.sum) < 1e-4);
        }
        const auto length = model::length_arithmetic(stream);
        check_order(length.terms, stream.size());
        CHECK(std::abs(total(length.terms) - length.squares) < 1e-3);
        CHECK(length.length == doctest::Approx(model::norm(stream.data(), config.d_model)));
    }
}

TEST_CASE("a neuron is its terms and its bias; GELU follows") {
    const auto& config = bundled().config;
    const auto& records = story()->records;
    const auto& record = *records.back();
    const auto post = model::read_hook(bundled(), {records.back()}, "blocks.2.mlp.hook_post");
    for (int neuron = 0; neuron < config.d_mlp; neuron += 13) {
        const auto a = model::neuron_arithmetic(bundled(), record, 2, neuron);
        check_order(a.terms, static_cast<size_t>(config.d_model));
        CHECK(a.pre == record.mlp_pre(2)[neuron]);
        CHECK(std::abs(total(a.terms) + a.bias - a.pre) < 1e-3);
        CHECK(std::abs(a.post - post.values[neuron]) < 1e-6);
    }
    const int strongest = model::strongest_neuron(bundled(), record, 2);
    CHECK(post.values[strongest] == *std::max_element(post.values.begin(), post.values.end()));
}

TEST_CASE("the final norm is its formula") {
    const auto& record = *story()->records[4];
    for (int d = 0; d < bundled().config.d_model; d += 5) {
        const auto a = model::norm_arithmetic(bundled(), record, d);
        CHECK(a.normed == record.ln_final()[d]);
        CHECK(std::abs((a.x - a.mean) * a.scale * a.gain + a.bias - a.normed) < 1e-3);
        CHECK(a.scale == doctest::Approx(1 / std::sqrt(a.variance + bundled().config.ln_eps)));
    }
}

TEST_CASE("probabilities come from their logits, before and after decoding") {
    const model::StepPtr step = run("Tom gave the ball to Mia. Then Mia", sampling(), 3);
    const auto& all = step->ranking.candidates;
    bool cut = false, penalised = false;
    for (int i = 0; i < static_cast<int>(all.size()); i += i < 50 ? 1 : 97) {
        const auto a = model::probability_arithmetic(step->ranking, sampling(), step->ids(), i);
        CHECK(a.logit == all[i].logit);
        CHECK(std::exp(double{a.logit} - a.largest) / a.total ==
              doctest::Approx(all[i].probability));
        CHECK(a.adjusted == all[i].adjusted);
        penalised = penalised || a.processed != a.logit;
        cut = cut || a.adjusted == 0;
        if (a.adjusted == 0) continue;
        CHECK(std::exp((a.processed - a.processed_largest) / 0.7) / a.kept_total ==
              doctest::Approx(a.adjusted));
    }
    CHECK(cut);
    CHECK(penalised);
}

TEST_CASE("columns are read as rows are, in both precisions") {
    const auto& w = bundled().weights.layers[1].mlp_in;
    std::vector<float> row(static_cast<size_t>(w.cols)), column(static_cast<size_t>(w.rows));
    model::read_column(w, 9, column.data());
    for (int i = 0; i < w.rows; i += 11) {
        model::read_row(w, i, row.data());
        CHECK(column[i] == row[9]);
    }
    const uint16_t half[] = {0x3C00, 0xC000, 0x3800, 0x0000, 0x4200, 0xBC00};  // 1 -2 .5 0 3 -1
    const model::Matrix small{nullptr, half, 3, 2};
    float second[3];
    model::read_column(small, 1, second);
    CHECK((second[0] == -2 && second[1] == 0 && second[2] == -1));
}
