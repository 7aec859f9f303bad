// Ranking and choosing: probabilities, filters, ties, seeds and loops.
#include <doctest/doctest.h>

#include <cmath>
#include <stdexcept>
#include <vector>

#include "model/decoding.h"

using model::Decoding;
using model::Strategy;

namespace {

const std::vector<float> logits = {0.0f, std::log(4.0f), std::log(3.0f), std::log(2.0f)};

model::Ranking decided(const Decoding& decoding, int position = 0) {
    model::Ranking ranking = model::rank(logits);
    model::decide(ranking, decoding, position);
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

TEST_CASE("sampling draws each token as often as its probability says") {
    std::vector<int> seen(4);
    const int rounds = 20000;
    for (int i = 0; i < rounds; ++i) {
        seen[decided({Strategy::temperature, 1.0, 0, 1.0, 7}, i).proposed().id]++;
    }
    const std::vector<double> expected = {0.1, 0.4, 0.3, 0.2};
    for (int id = 0; id < 4; ++id) {
        CHECK(std::abs(seen[id] / double{rounds} - expected[id]) < 0.015);
    }
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
}
