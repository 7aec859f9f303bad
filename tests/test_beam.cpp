// Beam search, judged by trying every continuation of a tiny model.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "model/decode/beam.h"
#include "model/run/session.h"
#include "tests/support.h"

namespace {

// All continuations of `steps` tokens with the sum of their log probabilities, best first.
std::vector<model::Beam> every_continuation(const std::vector<int>& prompt, int steps) {
    std::vector<model::Beam> all = {{prompt, 0, false}};
    for (int step = 0; step < steps; ++step) {
        std::vector<model::Beam> longer;
        for (const model::Beam& beam : all) {
            model::Session session(tests::tiny());
            session.start(beam.ids, {});
            for (const auto& candidate : session.step()->ranking.candidates) {
                model::Beam next = beam;
                next.ids.push_back(candidate.id);
                next.log_probability += std::log(candidate.probability);
                longer.push_back(next);
            }
        }
        all = longer;
    }
    std::sort(all.begin(), all.end(), [](const model::Beam& a, const model::Beam& b) {
        return a.log_probability > b.log_probability;
    });
    return all;
}

}  // namespace

TEST_CASE("with enough beams the search is exhaustive") {
    const std::vector<int> prompt = {3, 1};
    const auto all = every_continuation(prompt, 3);
    // 25 beams hold every prefix of two tokens: nothing that could win is dropped.
    const auto found = model::beam_search(*tests::tiny(), prompt, {.beams = 25, .steps = 3});
    REQUIRE(found.size() == 25);
    for (size_t i = 0; i < 5; ++i) {
        CHECK(found[i].ids == all[i].ids);
        CHECK(found[i].log_probability == doctest::Approx(all[i].log_probability).epsilon(1e-4));
    }
}

TEST_CASE("one beam is greedy decoding, cached and naive") {
    const auto prompt = model::encode_prompt(*tests::bundled(), "One day, Tom");
    model::Session session(tests::bundled());
    session.start(prompt, {});
    for (int i = 0; i < 12; ++i) session.commit();
    for (const bool use_cache : {true, false}) {
        const auto beams = model::beam_search(*tests::bundled(), prompt,
                                              {.beams = 1, .steps = 12, .use_cache = use_cache});
        CHECK(beams.front().ids == session.step()->ids());
    }
}

TEST_CASE("more beams never find less, and an ended beam is kept") {
    const auto prompt = model::encode_prompt(*tests::bundled(), "One day, Tom");
    const auto one = model::beam_search(*tests::bundled(), prompt, {.beams = 1, .steps = 8});
    const auto four = model::beam_search(*tests::bundled(), prompt, {.beams = 4, .steps = 8});
    CHECK(four.front().log_probability >= one.front().log_probability - 1e-6);
    const auto ended = model::beam_search(
        *tests::bundled(), model::encode_prompt(*tests::bundled(), "The capital of France is"),
        {.beams = 2, .steps = 30, .stop_at_end = true});
    CHECK(ended.front().ended);
    CHECK(ended.front().ids.back() == tests::bundled()->config.end_tokens.front());
}

TEST_CASE("a full context ends the search") {
    const auto beams = model::beam_search(*tests::tiny(), {0, 1, 2, 3}, {.beams = 3, .steps = 9});
    CHECK(beams.front().ids.size() == 6);
}
