// What would follow each of the likeliest candidates of a step, if it were the one: the argmax
// after it, and after that. All candidates go on together, one pass for each token (Branch,
// model/pass/transformer.h), so that ten of them cost little more than one.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "model/pass/record.h"
#include "model/run/session.h"

namespace model {

struct LookAhead {
    struct Token {
        int id = 0;
        double probability = 0;  // raw, that the model gives it there
    };
    struct Continuation {
        int id = 0;               // the candidate
        std::vector<Token> then;  // as far as they are known, the text ends or the context reaches
    };

    RecordPtr after;               // the last position of the step
    std::vector<Continuation> of;  // of the likeliest candidate first

    const Continuation* find(int id) const;  // null: it was not followed
};
using LookAheadPtr = std::shared_ptr<const LookAhead>;

inline constexpr int ahead_candidates = 10, ahead_depth = 3;

// For so many candidates, so many tokens deep. Calls told() with what is known so far while there
// is more to come, and returns all. The session stays at its step. Throws Stopped.
LookAheadPtr look_ahead(Session& session, int candidates, int depth,
                        const std::function<void(LookAheadPtr)>& told = {},
                        const StopAsked& stop = {});

}  // namespace model
