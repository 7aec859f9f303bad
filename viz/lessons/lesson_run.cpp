#include "viz/lessons/lesson_run.h"

#include <algorithm>
#include <cmath>

#include "model/base/error.h"
#include "model/interp/attribution.h"
#include "model/pass/cost.h"
#include "viz/scene/likelihood.h"

namespace viz {

std::string quoted(const model::Model& model, int id) {
    return "“" + model.shown(id) + "”";
}

const std::vector<model::HeadScores>& LessonRun::scores() {
    if (scores_.empty()) scores_ = model::head_scores(model_.config, step_.records);
    return scores_;
}

model::HeadIndex LessonRun::head(const model::HeadName& name) {
    // The scores cost a look at every pattern: only where they are asked for.
    return name.kind == model::HeadName::Kind::numbered
               ? model::find_head(model_.config, {}, name)
               : model::find_head(model_.config, scores(), name);
}

const model::HeadScores& LessonRun::scores_of(model::HeadIndex head) {
    return scores()[static_cast<size_t>(head.layer) * model_.config.n_head + head.head];
}

int LessonRun::position(const PositionName& name) const {
    const int n = length();
    if (name.text.empty()) {
        const int position = name.index < 0 ? n + name.index : name.index;
        if (position < 0 || position >= n) {
            throw model::Error("position " + std::to_string(name.index) + ": the text has " +
                               std::to_string(n) + " tokens");
        }
        return position;
    }
    const int id = model::token_of(model_, name.text);
    int last = -1, seen = 0;
    for (int i = 0; i < n; ++i) {
        if (at(i) != id) continue;
        last = i;
        if (++seen == name.occurrence) break;
    }
    if (last < 0 || seen < name.occurrence) {
        throw model::Error("\"" + name.text + "\" does not stand so often in the text");
    }
    return last;
}

int LessonRun::layer(int from_one) const {
    const int layers = model_.config.n_layer;
    if (from_one > layers) {
        throw model::Error("block " + std::to_string(from_one) + ": the model has " +
                           std::to_string(layers));
    }
    return from_one == 0 ? layers - 1 : from_one - 1;
}

int LessonRun::index_of(const std::string& token) const {
    const int id = model::token_of(model_, token);
    const auto& all = step_.ranking.candidates;
    return static_cast<int>(std::ranges::find(all, id, &model::Candidate::id) - all.begin());
}

const model::Candidate& LessonRun::candidate(const std::string& token) const {
    return step_.ranking.candidates[static_cast<size_t>(index_of(token))];
}

double LessonRun::top(int n, double model::Candidate::*part) const {
    double sum = 0;
    const auto& all = step_.ranking.candidates;
    for (size_t i = 0; i < std::min(all.size(), static_cast<size_t>(n)); ++i) sum += all[i].*part;
    return std::min(sum, 1.0);  // a sum may be rounded up
}

std::string LessonRun::generated() const {
    const std::vector<int> ids = step_.ids();
    if (!model_.tokenizer) return "";
    return model_.tokenizer->decode({ids.begin() + step_.prompt_length, ids.end()});
}

double LessonRun::perplexity() const {
    const auto chain = chain_of(step_);
    return chain.empty() ? 1 : chain.back().perplexity;
}

double LessonRun::surprise(int position) const {
    if (position == 0) throw model::Error("position 0: nothing predicts the first token");
    return -std::log2(step_.choices[static_cast<size_t>(position)].probability) + 0.0;
}

double LessonRun::saving() const {
    const auto adds = [&](model::Passes passes) {
        return static_cast<double>(model::run_cost(model_.config, model_.weights.precision,
                                                   step_.prompt_length, length(), passes)
                                       .multiply_adds());
    };
    return adds(model::Passes::naive) / adds(model::Passes::cached);
}

double LessonRun::share(const PartName& part, const std::string& token) {
    const model::LogitParts parts =
        model::attribute_logit(model_, *step_.records.back(), model::token_of(model_, token));
    if (part.mlp) return parts.layers[static_cast<size_t>(layer(part.layer + 1))].mlp;
    const model::HeadIndex index = head(part.head);
    return parts.layers[static_cast<size_t>(index.layer)].heads[static_cast<size_t>(index.head)];
}

}  // namespace viz
