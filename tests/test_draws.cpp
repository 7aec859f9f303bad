// A step drawn a hundred times: each draw is what decide() picks with that seed.
#include <doctest/doctest.h>

#include <numeric>

#include "model/decode/draws.h"

TEST_CASE("each of many draws is what its seed picks") {
    const std::vector<float> logits{1.5f, -0.3f, 0.2f, 2.1f, 1.4f, -2.0f, 0.9f};
    const std::vector<int> ids{3, 1, 4, 3};
    model::Decoding plain, cut, penalised, greedy;
    plain.strategy = cut.strategy = penalised.strategy = model::Strategy::temperature;
    plain.temperature = 1.3;
    cut.top_k = 3;
    penalised.repetition_penalty = 1.8;  // another order than the logits'
    for (model::Decoding decoding : {plain, cut, penalised, greedy}) {
        constexpr int times = 300;
        std::vector<int> picked(logits.size());
        model::Ranking ranking;
        for (int k = 0; k < times; ++k) {
            ranking = model::rank(logits);
            decoding.seed = 7 + static_cast<uint64_t>(k);
            model::decide(ranking, decoding, ids);
            ++picked[static_cast<size_t>(ranking.pick)];
        }
        CAPTURE(model::describe(decoding));
        CHECK(model::draw_often(ranking, 7, static_cast<int>(ids.size()), times) == picked);
    }
}
