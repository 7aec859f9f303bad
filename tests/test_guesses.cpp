// The guesses of a class against a distribution that is known by heart.
#include <doctest/doctest.h>

#include <cmath>

#include "tests/layout_canvas.h"
#include "tests/support.h"
#include "viz/scene/guesses.h"

namespace {

// Four tokens of probability 1/2, 1/4, 1/8, 1/8: an entropy of 1.75 bits.
model::Ranking halves() {
    const float logits[] = {3, 2, 1, 1};
    const double scale = std::log(2.0);
    std::vector<float> scaled;
    for (const float logit : logits) scaled.push_back(static_cast<float>(logit * scale));
    return model::rank(scaled);
}

}  // namespace

TEST_CASE("votes are added and taken away") {
    std::vector<viz::Guess> guesses;
    viz::vote(guesses, 7, 1);
    viz::vote(guesses, 5, 1);
    viz::vote(guesses, 7, 1);
    CHECK(guesses == std::vector<viz::Guess>{{7, 2}, {5, 1}});
    viz::vote(guesses, 5, -1);
    CHECK(guesses == std::vector<viz::Guess>{{7, 2}});
    viz::vote(guesses, 3, -1);
    CHECK(guesses == std::vector<viz::Guess>{{7, 2}});
}

TEST_CASE("a guess costs the bits of its probability, and the class the mean of its votes") {
    const viz::ClassScore score = viz::score_guesses({{2, 1}, {0, 3}}, halves());
    REQUIRE(score.guesses.size() == 2);
    CHECK(score.guesses[0].guess.id == 0);
    CHECK(score.guesses[0].bits == doctest::Approx(1));
    CHECK(score.guesses[1].bits == doctest::Approx(3));
    CHECK(score.votes == 4);
    CHECK(score.mean_bits == doctest::Approx((3 * 1 + 1 * 3) / 4.0));
    CHECK(score.entropy_bits == doctest::Approx(1.75));
}

TEST_CASE("a class that votes as the model draws has the model's entropy") {
    const viz::ClassScore score = viz::score_guesses({{0, 4}, {1, 2}, {2, 1}, {3, 1}}, halves());
    CHECK(score.mean_bits == doctest::Approx(score.entropy_bits));
}

TEST_CASE("steps in which nobody voted do not count") {
    const viz::ClassScore none = viz::score_guesses({}, halves());
    CHECK(none.votes == 0);
    CHECK(viz::running_score({none}).steps == 0);
    const viz::ClassScore one = viz::score_guesses({{0, 9}}, halves());
    const viz::ClassScore other = viz::score_guesses({{3, 1}}, halves());
    const viz::RunningScore running = viz::running_score({one, none, other});
    CHECK(running.steps == 2);
    CHECK(running.class_bits == doctest::Approx(2));
    CHECK(running.entropy_bits == doctest::Approx(1.75));
}
