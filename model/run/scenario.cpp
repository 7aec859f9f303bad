#include "model/run/scenario.h"

#include <algorithm>

#include "model/base/error.h"

namespace model {

namespace {

struct KindName {
    HeadName::Kind kind;
    const char* text;
};
constexpr KindName kinds[] = {{HeadName::Kind::previous, "best previous-token"},
                              {HeadName::Kind::first, "best first-token"},
                              {HeadName::Kind::induction, "best induction"}};

std::vector<int> prompt_of(const Model& model, const Scenario& place) {
    if (place.ids.empty()) return encode_prompt(model, place.prompt);
    check_ids(model, place.ids);
    return place.ids;
}

Ablation ablation_of(const Session& session, const Scenario& place) {
    const Config& config = session.model().config;
    Ablation ablation;
    if (!place.heads_off.empty()) {
        const auto scores = head_scores(config, session.step()->records);
        for (const HeadName& name : place.heads_off) {
            const HeadIndex head = find_head(config, scores, name);
            ablation.heads.insert({head.layer, head.head});
        }
    }
    for (const int layer : place.mlps_off) {
        if (layer >= config.n_layer) {
            throw Error("L" + std::to_string(layer + 1) + "MLP: the model has " +
                        std::to_string(config.n_layer) + " layers");
        }
        ablation.mlps.insert(layer);
    }
    return ablation;
}

}  // namespace

HeadName parse_head_name(const std::string& text) {
    for (const KindName& kind : kinds) {
        if (text == kind.text) return {kind.kind, 0, 0};
    }
    HeadName name;
    int end = 0;
    const int read = std::sscanf(text.c_str(), "L%4dH%4d%n", &name.layer, &name.head, &end);
    if (read != 2 || static_cast<size_t>(end) != text.size() || name.layer < 1 || name.head < 1) {
        throw Error("\"" + text +
                    "\" is no head: say L3H2 (counted from 1), best previous-token, "
                    "best first-token or best induction");
    }
    --name.layer;
    --name.head;
    return name;
}

const HeadHabit& habit_of(const HeadScores& scores, HeadName::Kind kind) {
    switch (kind) {
        case HeadName::Kind::first:
            return scores.first;
        case HeadName::Kind::induction:
            return scores.induction;
        case HeadName::Kind::previous:
        case HeadName::Kind::numbered:
            break;
    }
    return scores.previous;
}

HeadIndex find_head(const Config& config, const std::vector<HeadScores>& scores,
                    const HeadName& name) {
    if (name.kind == HeadName::Kind::numbered) {
        if (name.layer >= config.n_layer || name.head >= config.n_head) {
            throw Error("L" + std::to_string(name.layer + 1) + "H" + std::to_string(name.head + 1) +
                        ": the model has " + std::to_string(config.n_layer) + " layers of " +
                        std::to_string(config.n_head) + " heads");
        }
        return {name.layer, name.head};
    }
    const auto mean = [&](const HeadScores& s) { return habit_of(s, name.kind).mean; };
    const auto best = std::ranges::max_element(scores, {}, mean);
    if (habit_of(*best, name.kind).rows == 0) {
        throw Error(name.kind == HeadName::Kind::induction
                        ? "best induction: no token of the text occurs twice"
                        : "best head: the text is too short, three tokens are needed");
    }
    const int index = static_cast<int>(best - scores.begin());
    return {index / config.n_head, index % config.n_head};
}

int token_of(const Model& model, const std::string& text) {
    if (!model.tokenizer) {
        throw Error("\"" + text + "\": the model has no tokenizer, so no token has a text");
    }
    const std::vector<int> ids = encode_part(model, text);
    if (ids.size() != 1) {
        throw Error("\"" + text + "\" is " + std::to_string(ids.size()) +
                    " tokens of this model, not one");
    }
    return ids.front();
}

bool begun(const Session& session, const Scenario& place) {
    if (session.stage() == Stage::empty) return false;
    if (session.options().use_cache != place.use_cache) return false;
    if (session.options().stop_at_end) return false;  // a scenario goes where it says
    std::vector<int> ids = session.path_ids();
    ids.resize(static_cast<size_t>(session.prompt_length()));
    return ids == prompt_of(session.model(), place);
}

void go_to(Session& session, const Scenario& place, const StopAsked& stop) {
    const Model& model = session.model();
    std::vector<int> forced;
    for (const std::string& text : place.forced) forced.push_back(token_of(model, text));
    if (!begun(session, place)) session.start(prompt_of(model, place), place.decoding, stop);
    session.rewind(session.prompt_length());
    if (!session.step()->ablation.empty()) session.branch_with({}, stop);
    session.set_decoding(place.decoding);
    if (const Ablation ablation = ablation_of(session, place); !ablation.empty()) {
        session.branch_with(ablation, stop);
    }
    for (int i = 0; i < place.generated; ++i) {
        if (session.stage() != Stage::proposed) {
            throw Error("generate: there are no " + std::to_string(place.generated) +
                        " steps; after " + std::to_string(i) + " " +
                        stop_reason_text(session.step()->why));
        }
        const auto at = static_cast<size_t>(i);
        session.commit(at < forced.size() ? std::optional<int>(forced[at]) : std::nullopt, stop);
    }
}

}  // namespace model
