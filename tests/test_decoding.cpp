// Ranking and choosing: probabilities, filters, ties, seeds and loops.
#include <doctest/doctest.h>

#include <cmath>
#include <stdexcept>
#include <vector>

#include "model/decode/decoding.h"

using model::Decoding;
using model::Strategy;

namespace {

const std::vector<float> logits = {0.0f, std::log(4.0f), std::log(3.0f), std::log(2.0f)};

model::Ranking decided(const Decoding& decoding, const std::vector<int>& ids = {}) {
    model::Ranking ranking = model::rank(logits);
    model::decide(ranking, decoding, ids);
    return ranking;
}

double adjusted_sum(const model::Ranking& ranking) {
    double sum = 0;
    for (const auto& c : ranking.candidates) sum += c.adjusted;
    return sum;
}

}  // namespace

TEST_CASE("ranking is by logit, with softmax probabilities and entropy in bits") {
    const auto ranking = model::rank(logits);
    CHECK(ranking.candidates[0].id == 1);
    CHECK(ranking.candidates[0].probability == doctest::Approx(0.4));
    CHECK(ranking.candidates[3].id == 0);
    CHECK(ranking.entropy_bits == doctest::Approx(1.846439));
    CHECK(ranking.tied == 1);
    CHECK(ranking.proposed().id == 1);
}

TEST_CASE("exact ties are counted and go to the lower id") {
    const auto ranking = model::rank(std::vector<float>{1, 5, 5, 5});
    CHECK(ranking.tied == 3);
    CHECK(ranking.proposed().id == 1);
}

TEST_CASE("a logit that is no number is refused") {
    CHECK_THROWS_AS(model::rank(std::vector<float>{0, NAN}), std::logic_error);
}

TEST_CASE("top-k keeps k, top-p the smallest nucleus, and what is left sums to 1") {
    Decoding d{Strategy::top_k, 1.0, 2, 1.0, 0};
    CHECK(decided(d).kept == 2);
    CHECK(decided(d).candidates[0].adjusted == doctest::Approx(4.0 / 7));
    d = {Strategy::top_p, 1.0, 0, 0.7, 0};
    CHECK(decided(d).kept == 2);
    d.top_p = 0.71;
    CHECK(decided(d).kept == 3);
    d.top_p = 1e-9;
    CHECK(decided(d).kept == 1);
    d = {Strategy::temperature, 0.5, 0, 1.0, 0};
    CHECK(decided(d).candidates[0].adjusted == doctest::Approx(16.0 / 30));
    CHECK(decided(d).candidates[0].probability == doctest::Approx(0.4));
    for (const auto& each : {d, Decoding{Strategy::top_p, 0.8, 3, 0.9, 1}}) {
        CHECK(adjusted_sum(decided(each)) == doctest::Approx(1));
    }
}

TEST_CASE("100,000 draws follow the adjusted distribution (chi-square)") {
    // 99.9 % of honest samplers stay below these for so many degrees of freedom.
    const std::vector<double> limit = {0, 10.83, 13.82, 16.27};
    for (const Decoding& d :
         {Decoding{Strategy::temperature, 1.0, 0, 1.0, 7},
          Decoding{Strategy::temperature, 2.0, 0, 1.0, 8},
          Decoding{Strategy::top_k, 0.7, 3, 1.0, 9}, Decoding{Strategy::top_p, 1.3, 0, 0.8, 10}}) {
        const int rounds = 100000;
        std::vector<int> seen(4), ids;
        for (int i = 0; i < rounds; ++i) {
            Decoding each = d;
            each.seed = d.seed + static_cast<uint64_t>(i) * 1000;
            seen[decided(each).proposed().id]++;
        }
        double chi_square = 0;
        for (const auto& c : decided(d).candidates) {
            const double expected = c.adjusted * rounds;
            if (expected == 0) CHECK(seen[c.id] == 0);
            if (expected > 0) chi_square += std::pow(seen[c.id] - expected, 2) / expected;
        }
        CHECK(chi_square < limit[decided(d).kept - 1]);
    }
}

TEST_CASE("a repetition penalty divides positive and multiplies negative logits that occurred") {
    model::Ranking ranking = model::rank(std::vector<float>{2, 1.5f, -1, -1.5f});
    Decoding d;
    d.repetition_penalty = 2;
    const std::vector<int> ids = {0, 2};
    model::decide(ranking, d, ids);
    CHECK(ranking.proposed().id == 1);
    CHECK(ranking.candidates[0].id == 0);  // the raw ranking stays as it is
    d.strategy = Strategy::temperature;
    model::decide(ranking, d, ids);
    double sum = 0;
    for (double logit : {1.0, 1.5, -2.0, -1.5}) sum += std::exp(logit);
    CHECK(ranking.candidates[0].adjusted == doctest::Approx(std::exp(1.0) / sum));
    CHECK(ranking.candidates[2].adjusted == doctest::Approx(std::exp(-2.0) / sum));
}

TEST_CASE("no n-gram is said twice") {
    Decoding d;
    d.no_repeat_ngram = 2;
    CHECK(decided(d, {1, 1}).proposed().id == 2);        // 1 1 was said
    CHECK(decided(d, {3, 1, 2, 3}).proposed().id == 2);  // 3 1 was said
    CHECK(decided(d, {3, 1, 2, 0}).proposed().id == 1);
    d.no_repeat_ngram = 1;
    CHECK(decided(d, {1, 2}).proposed().id == 3);
    CHECK(decided(d, {0, 1, 2, 3}).proposed().id == 1);  // all ruled out: none is
    d.strategy = Strategy::temperature;
    CHECK(decided(d, {1, 2}).candidates[0].adjusted == 0);
    CHECK(adjusted_sum(decided(d, {1, 2})) == doctest::Approx(1));
}

TEST_CASE("the random number belongs to seed and position") {
    CHECK(model::uniform(1, 5) == model::uniform(1, 5));
    CHECK(model::uniform(1, 5) != model::uniform(1, 6));
    CHECK(model::uniform(1, 5) != model::uniform(2, 4));
    for (int i = 0; i < 1000; ++i) {
        CHECK(model::uniform(3, i) >= 0);
        CHECK(model::uniform(3, i) < 1);
    }
}

TEST_CASE("a repetition loop is measured by its shortest block") {
    CHECK(model::loop_length(std::vector<int>{9, 1, 2, 1, 2, 1, 2}) == 2);
    CHECK(model::loop_length(std::vector<int>{4, 4, 4}) == 1);
    CHECK(model::loop_length(std::vector<int>{1, 2, 1, 2}) == 0);
    CHECK(model::loop_length(std::vector<int>{1, 2, 3, 4, 5}) == 0);
    CHECK(model::loop_length(std::vector<int>{}) == 0);
}

TEST_CASE("decoding is described in words") {
    CHECK(model::describe({}) == "greedy");
    CHECK(model::describe({Strategy::top_p, 0.8, 40, 0.95, 7}) ==
          "temperature 0.8, top-k 40, top-p 0.95, seed 7");
    Decoding d;
    d.repetition_penalty = 1.2;
    d.no_repeat_ngram = 3;
    CHECK(model::describe(d) == "greedy, repetition penalty 1.2, no repeated 3-gram");
}
