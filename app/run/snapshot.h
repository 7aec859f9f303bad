// What drawings show, held: the step and how it is looked at. The window keeps one in its state,
// hands copies to the thread that draws, and exports one.
#pragma once

#include <memory>
#include <vector>

#include "model/run/session.h"
#include "viz/scene/scene.h"

namespace app {

struct Snapshot : viz::Look {
    std::shared_ptr<const model::Model> model;
    int run = 0;          // another number for each that is begun or had back
    model::StepPtr step;  // null until the prompt ran
    const viz::Theme* theme = &viz::light_theme();
    std::vector<model::StrategyRule> rules = model::default_rules();  // that are compared

    bool operator==(const Snapshot&) const = default;

    // Only while there is a step. It refers to this and to `memo`.
    viz::Scene scene(viz::Memo& memo) const { return {*model, *step, memo, *theme, *this}; }
};

}  // namespace app
