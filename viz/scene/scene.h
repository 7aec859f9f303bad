// What a view may see: one finished step, what is selected, and how it shall look. Views are pure
// functions of it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/interp/routes.h"
#include "model/pass/attention.h"
#include "model/run/look_ahead.h"
#include "model/run/session.h"
#include "model/run/strategy_comparison.h"
#include "viz/paint/colormap.h"
#include "viz/paint/target.h"
#include "viz/paint/theme.h"
#include "viz/scene/memo.h"
#include "viz/scene/selection.h"
#include "viz/scene/targets.h"

namespace viz {

// How attention is shown, wherever it is.
struct AttentionLook {
    using Mix = model::HeadMix;                            // the selected head; all of its layer
    enum class Tint { none, previous, first, induction };  // all heads by what they look at

    bool hide_first = false;  // without token 0 (the sink), renormalised
    Mix mix = Mix::one;
    bool own_scale = false;  // the darkest colour is the largest weight shown, not 1
    Tint tint = Tint::none;
    model::RouteMeasure routes = model::RouteMeasure::answer;  // what ways between tokens are of
    double least_route = 0.003;  // ways that carry less of the whole are not shown
    bool operator==(const AttentionLook&) const = default;
};
// "mean", "induction": on the command line and in files.
const char* mix_id(AttentionLook::Mix mix);
const char* tint_id(AttentionLook::Tint tint);
const char* route_id(model::RouteMeasure measure);  // "answer", "arrives"

// The value, 0 to `last`, whose id is this word; none: there is no such.
template <typename Enum>
std::optional<Enum> value_named(const char* (*id)(Enum), Enum last, std::string_view word) {
    for (int i = 0; i <= static_cast<int>(last); ++i) {
        if (word == id(static_cast<Enum>(i))) return static_cast<Enum>(i);
    }
    return {};
}

// How much of a step's end is shown, for classes that guess before they see.
enum class Reveal {
    all,
    guess,          // a dozen of the likeliest tokens, in the order of the alphabet, and no numbers
    logits,         // the ranking without probabilities and without what is chosen
    probabilities,  // without what is chosen
    choice,         // the same as all; the third of the pages
    appended,       // what was chosen stands at the end of the text
};

// What the pass of a step cost when it was measured: with the cache (its last token alone) and
// naive (all tokens again).
struct Cost {
    int length = 0;  // tokens of the step
    double cached_ms = 0, naive_ms = 0;
    float difference = 0;  // the largest between the logits of the two
    bool operator==(const Cost&) const = default;
};

// How a step is looked at, and what is known beside it: what the window, a page and a drawing of
// the same have in common.
struct Look {
    model::Decoding decoding;
    Selection selection;
    Hit locked;  // a cell that was clicked: outlined, said in words, explained
    AttentionLook attention;
    Colormap colormap = Colormap::violet;
    int total_steps = 0;               // of the run that is shown, for "1 / 20"; 0: unknown
    std::vector<Cost> costs;           // by length; empty where nothing was measured, as in files
    model::TreePtr tree;               // of the run; null: the path of the step is all there is
    model::LookAheadPtr looked_ahead;  // from this step or another; null where nobody looked
    model::StrategiesPtr strategies;   // the run's prompt under others; null: they were not run
    Reveal reveal = Reveal::all;
    // The untouched run's step with the same tokens after the prompt; null: there is none.
    model::StepPtr untouched;
    bool since = false;       // the ranking shows what changed since the step before
    bool difference = false;  // drawings show how the step differs from it, where they can
    bool operator==(const Look&) const = default;
};

struct Scene : Look {
    const model::Model& model;
    const model::Step& step;
    Memo& memo;
    const Theme& theme;
    // Beside another view on a page: columns that a reader can do without are left out.
    bool brief = false;
    // How much is shown of the way of a step that plays, from 0 to 1.
    float way = 1;

    Scene(const model::Model& shown_model, const model::Step& shown_step, Memo& memory,
          const Theme& colours, Look look)
        : Look(std::move(look)),
          model(shown_model),
          step(shown_step),
          memo(memory),
          theme(colours) {}
    Scene(const model::Model& shown_model, const model::Step& shown_step, Memo& memory,
          const Theme& colours, const model::Decoding& chosen_by, const Selection& selected,
          Hit clicked = {})
        : Scene(shown_model, shown_step, memory, colours, Look{}) {
        decoding = chosen_by;
        selection = selected;
        locked = std::move(clicked);
    }

    int length() const { return static_cast<int>(step.records.size()); }
    int position() const {
        return selection.position >= 0 && selection.position < length() ? selection.position
                                                                        : length() - 1;
    }
    // Id of the token that is followed through the layers.
    int followed() const {
        return selection.token >= 0 ? selection.token : step.ranking.proposed().id;
    }
    // Whether the choice may be seen: drawings say "?" where it may not.
    bool tells_choice() const {
        return tells_probabilities() && reveal != Reveal::probabilities && way >= 1;
    }
    bool tells_probabilities() const { return reveal != Reveal::guess && reveal != Reveal::logits; }
    // What would follow the likeliest candidates, where it is known of this step.
    const model::LookAhead* ahead() const {
        const bool known = looked_ahead && looked_ahead->after == step.records.back();
        return known && step.why == model::StopReason::none ? looked_ahead.get() : nullptr;
    }
    // Strategies side by side, where they are of this step's prompt.
    const model::Strategies* compared_strategies() const {
        const auto prompt_end = static_cast<size_t>(step.prompt_length - 1);
        const bool known = strategies && strategies->prompt_end == step.records[prompt_end];
        return known ? strategies.get() : nullptr;
    }
    // Tokens that a strategy has at this step: the appended ones and, where the choice may be
    // seen, the one that is proposed.
    int compared_tokens() const { return step.number() - (tells_choice() ? 0 : 1); }
    // What the drawing compares with: only steps of the same length go together. Null: nothing.
    const model::Step* compared() const {
        const bool fits = untouched && untouched->records.size() == step.records.size();
        return difference && fits ? untouched.get() : nullptr;
    }
    // Whether what is shown was computed without this head.
    bool is_off(int layer, int head) const {
        const model::Ablation* ablation = step.records.back()->ablation();
        return ablation && ablation->head_off(layer, head);
    }
    std::string shown(int id) const { return model.shown(id); }
    std::string shown_at(int position) const {
        return shown(step.records[static_cast<size_t>(position)]->id());
    }
};

// Attention pattern of a head, or of its layer's heads mixed, as the scene says: rows[q][k], k <=
// q; without token 0 and renormalised when it says so (a row that looks at token 0 alone is then
// all zero). Valid until the next call.
const model::AttentionPattern& shown_pattern(const Scene& scene, int layer, int head);
// One row of it.
std::vector<float> shown_row(const Scene& scene, int layer, int head, int query);
// The same of other records.
std::vector<float> shown_row(const Scene& scene, const model::Records& records, int layer, int head,
                             int query);
// The weight that has the darkest colour: 1, or the largest of the pattern when the scene says so.
// Rows that have one token alone to look at do not count: their weight is always 1.
float darkest_weight(const Scene& scene, int layer, int head);

// Line of the stream that belongs to the selected phase: 0 the embedding, then the blocks.
int stream_line(const Scene& scene);

// "Block 3 · Head 2": people count from 1.
std::string head_name(int layer, int head);
// The same of what is shown: "Block 3 · mean of 4 heads".
std::string shown_name(const Scene& scene, int layer, int head);

// Lines of words: of a tooltip.
using Lines = std::vector<std::string>;

}  // namespace viz
