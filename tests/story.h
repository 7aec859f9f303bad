// Runs of the bundled model that several tests look at.
#pragma once

#include <string>

#include "model/decode/decoding.h"
#include "model/pass/ablation.h"
#include "model/run/session.h"
#include "tests/support.h"

namespace tests {

inline model::StepPtr run(const std::string& prompt, const model::Decoding& decoding = {},
                          int steps = 0, const model::Ablation& ablation = {}) {
    model::SessionOptions options;
    options.ablation = ablation;
    model::Session session(bundled(), options);
    session.start(bundled()->tokenizer->encode(prompt), decoding);
    for (int i = 0; i < steps; ++i) session.commit();
    return session.step();
}

inline const model::StepPtr& story() {
    static const model::StepPtr step = run("Tom gave the ball to Mia. Then Mia", {}, 2);
    return step;
}

inline model::Decoding sampling() {
    model::Decoding decoding;
    decoding.strategy = model::Strategy::top_k;
    decoding.temperature = 0.7;
    decoding.top_k = 5;
    decoding.seed = 3;
    decoding.repetition_penalty = 1.3;
    return decoding;
}

}  // namespace tests
