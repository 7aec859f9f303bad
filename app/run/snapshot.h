// What drawings show, held: the step and how it is looked at. The window keeps one in its state,
// hands copies to the thread that draws, and exports one.
#pragma once

#include <memory>
#include <vector>

#include "model/run/session.h"
#include "viz/scene/scene.h"

namespace app {

struct Snapshot {
    std::shared_ptr<const model::Model> model;
    model::StepPtr step;  // null until the prompt ran
    model::Decoding decoding;
    viz::Selection selection;
    viz::Hit locked;  // a cell that was clicked
    viz::AttentionLook attention;
    viz::Colormap colormap = viz::Colormap::violet;
    const viz::Theme* theme = &viz::light_theme();
    int total_steps = 0;
    std::vector<viz::Cost> costs;
    model::TreePtr tree;
    std::vector<model::StrategyRule> rules = model::default_rules();  // that are compared
    model::StrategiesPtr strategies;  // what came of them; null where nobody asked
    viz::Reveal reveal = viz::Reveal::all;
    model::StepPtr untouched;  // the untouched run's counterpart of `step`; null: not computed
    bool difference = false;

    bool operator==(const Snapshot&) const = default;

    // Only while there is a step. It refers to this and to `memo`.
    viz::Scene scene(viz::Memo& memo) const {
        viz::Scene scene{*model, *step, memo, *theme, decoding, selection};
        scene.locked = locked;
        scene.attention = attention;
        scene.colormap = colormap;
        scene.total_steps = total_steps;
        scene.costs = costs;
        scene.tree = tree;
        scene.strategies = strategies;
        scene.reveal = reveal;
        scene.untouched = untouched;
        scene.difference = difference;
        return scene;
    }
};

}  // namespace app
