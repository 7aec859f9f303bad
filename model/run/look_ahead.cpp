#include "model/run/look_ahead.h"

#include <algorithm>

#include "model/base/error.h"

namespace model {

namespace {

// The argmax, ties by lower id, as in rank().
LookAhead::Token likeliest(std::span<const float> logits) {
    const auto id = static_cast<int>(std::ranges::max_element(logits) - logits.begin());
    return {id, standing(logits, id).probability};
}

}  // namespace

const LookAhead::Continuation* LookAhead::find(int id) const {
    const auto found = std::ranges::find(of, id, &Continuation::id);
    return found == of.end() ? nullptr : &*found;
}

LookAheadPtr look_ahead(Session& session, int candidates, int depth,
                        const std::function<void(LookAheadPtr)>& told, const StopAsked& stop) {
    check(session.stage() == Stage::proposed, "look_ahead: a token is proposed");
    const StepPtr step = session.step();
    const Model& model = session.model();
    auto ahead = std::make_shared<LookAhead>();
    ahead->after = step->records.back();
    for (const Candidate& candidate : step->ranking.candidates) {
        if (static_cast<int>(ahead->of.size()) == candidates) break;
        ahead->of.push_back({candidate.id, {}});
    }
    // A token is told where there is room for it.
    const int room = model.config.n_ctx - static_cast<int>(step->records.size()) - 1;
    std::vector<Records> paths(ahead->of.size());
    for (int pass = 0; pass < std::min(depth, room); ++pass) {
        std::vector<Branch> branches;
        std::vector<size_t> whose;
        for (size_t i = 0; i < paths.size(); ++i) {
            const auto& [id, then] = ahead->of[i];
            if (static_cast<int>(then.size()) < pass) continue;  // it has ended
            const int last = then.empty() ? id : then.back().id;
            if (session.ends_with(last)) continue;
            branches.push_back({paths[i], last});
            whose.push_back(i);
        }
        if (branches.empty()) break;
        const Records ran = session.run_behind(branches, stop);
        std::vector<LookAhead::Token> next(ran.size());
        visit_logits(
            model.weights, ran,
            [&](size_t i, std::span<const float> logits) { next[i] = likeliest(logits); }, stop);
        auto further = std::make_shared<LookAhead>(*ahead);  // what was told stays as it was
        for (size_t i = 0; i < ran.size(); ++i) {
            further->of[whose[i]].then.push_back(next[i]);
            paths[whose[i]].push_back(ran[i]->without_details());
        }
        ahead = std::move(further);
        if (told && pass + 1 < std::min(depth, room)) told(ahead);
    }
    return ahead;
}

}  // namespace model
