#include "app/control/interventions.h"

#include <algorithm>

#include "app/control/command_groups.h"
#include "app/control/selection.h"
#include "model/base/error.h"
#include "model/interp/head_change.h"
#include "model/run/prompt_edit.h"
#include "viz/layout/difference.h"
#include "viz/paint/format.h"

namespace app {

namespace {

using model::Ablation;

bool in_prompt(const State& s) {
    return s.step && s.position() < s.step->prompt_length;
}
bool touched(const State& s) {
    return s.step && !s.step->untouched();
}

std::string layer_name(const State& s) {
    return "Block " + std::to_string(s.selection.layer + 1);
}
std::string head_name(const State& s) {
    return viz::head_name(s.selection.layer, s.selection.head);
}

template <typename Set, typename Value>
void toggle(Set& set, const Value& value) {
    if (set.erase(value) == 0) set.insert(value);
}

// The same tokens with another ablation: `change` toggles a part of it.
std::function<void(App&)> intervene(void (*change)(Ablation&, const State&)) {
    return [change](App& app) {
        Ablation ablation = app.state.step->ablation;
        change(ablation, app.state);
        app.worker.post(Ablate{ablation});
    };
}

void open_card(App& app, Overlay overlay) {
    app.state.overlay = overlay;
    app.state.typed.clear();
    app.state.wants_typing = "field/typed";
}

bool is_on(const State& s, std::string_view id) {
    const Ablation& a = s.step->ablation;
    const int layer = s.selection.layer, head = s.selection.head;
    if (id == "head-off") return a.head_off(layer, head);
    if (id == "mlp-off") return a.mlp_off(layer);
    if (id == "layer-off") return a.layers.contains(layer);
    if (id == "uniform") return a.uniform.contains({layer, head, Ablation::every});
    if (id == "uniform-row") return a.is_uniform(layer, head, s.position());
    if (id == "replace") return !s.step->edited_from.empty();
    return id == "difference" && s.difference;
}

std::string acts_on(const State& s, std::string_view id) {
    const std::string token = s.shown_at(s.position());
    if (id == "head-off") return head_name(s) + ": its output is zero";
    if (id == "mlp-off") return layer_name(s) + ": its MLP adds nothing";
    if (id == "layer-off") return layer_name(s) + ": neither attention nor MLP adds anything";
    if (id == "uniform") return head_name(s) + ": looks at all tokens alike";
    if (id == "uniform-row") return head_name(s) + ", at " + token + " alone";
    if (id == "replace") {
        return in_prompt(s)
                   ? token + " at position " + viz::count(s.position()) + " becomes another token"
                   : "select a token of the prompt first";
    }
    if (id == "append-text") return "type what comes next, whatever the model proposes";
    if (id == "difference") {
        const std::string why = no_comparison(s);
        return !why.empty() ? why : "in the ranking, the logit lens and the attention map";
    }
    return touched(s) ? "leaves: " + model::run_words(*s.model, *s.step) : "this is it";
}

}  // namespace

std::vector<Command> what_if_commands() {
    return {
        {"what-if",
         "What if",
         {"W"},
         "the list of changes",
         has_step,
         [](App& app) { toggle_overlay(app.state, Overlay::what_if); },
         over_sheets},
        {"head-off",
         "Head off",
         {"K"},
         "leave out the selected head, or not",
         has_step,
         intervene([](Ablation& a, const State& s) {
             toggle(a.heads, std::pair{s.selection.layer, s.selection.head});
         })},
        {"mlp-off",
         "MLP off",
         {"J"},
         "leave out the block's MLP, or not",
         has_step,
         intervene([](Ablation& a, const State& s) { toggle(a.mlps, s.selection.layer); })},
        {"layer-off",
         "Block off",
         {"Z"},
         "leave out the whole block, or not",
         has_step,
         intervene([](Ablation& a, const State& s) { toggle(a.layers, s.selection.layer); })},
        {"uniform",
         "Uniform attention",
         {"Y"},
         "the head looks at all tokens alike",
         has_step,
         intervene([](Ablation& a, const State& s) {
             toggle(a.uniform, std::array{s.selection.layer, s.selection.head, Ablation::every});
         })},
        {"uniform-row",
         "Uniform row",
         {"Ctrl+U"},
         "the same at the selected token alone",
         has_step,
         intervene([](Ablation& a, const State& s) {
             toggle(a.uniform, std::array{s.selection.layer, s.selection.head, s.position()});
         })},
        {"replace",
         "Replace token",
         {"O"},
         "replace a token of the prompt",
         in_prompt,
         [](App& app) { ask_replacement(app, app.state.position()); }},
        {"append-text",
         "Append text",
         {"Q"},
         "append what you type",
         can_append,
         [](App& app) { open_card(app, Overlay::appending); }},
        {"difference",
         "Difference",
         {"D"},
         "what differs from the untouched run",
         has_step,
         [](App& app) {
             State& s = app.state;
             s.difference = !s.difference;
             s.effect_of = nullptr;
             s.compare_asked = nullptr;
             const std::string why = no_comparison(s);
             if (s.difference && !why.empty()) {
                 s.toast =
                     Toast{"No difference to show: " + why, Clock::now() + std::chrono::seconds(5)};
             }
         }},
        {"untouched",
         "Untouched",
         {"U"},
         "the untouched model and prompt",
         touched,
         [](App& app) { app.worker.post(Untouch{}); }},
    };
}

std::vector<MenuItem> what_if_items(const State& state) {
    std::vector<MenuItem> items;
    if (!state.step) return items;
    for (const char* id : {"head-off", "mlp-off", "layer-off", "uniform", "uniform-row", "replace",
                           "append-text", "difference", "untouched"}) {
        const Command& c = command(id);
        items.push_back({c.title, acts_on(state, id), key_text(c), is_on(state, id),
                         c.enabled(state), [&c](App& app) { run_command(app, c); }});
    }
    return items;
}

void ask_replacement(App& app, int position) {
    State& s = app.state;
    if (!s.step || position < 0 || position >= s.step->prompt_length) return;
    s.selection.position = position;
    open_card(app, Overlay::replacing);
}

TypedTokens typed(const State& state) {
    if (state.typed.empty() || !state.step) return {};
    // A word takes the place of a word: with the space before it that the token has.
    std::string text = state.typed;
    const auto& tokenizer = state.model->tokenizer;
    if (state.overlay == Overlay::replacing && tokenizer && text.front() != ' ') {
        const int id = state.step->records[static_cast<size_t>(state.position())]->id();
        if (text.front() != '#' && tokenizer->bytes(id).starts_with(' ')) text = " " + text;
    }
    try {
        return {model::typed_tokens(*state.model, text), ""};
    } catch (const model::Error& error) {
        return {{}, error.what()};
    }
}

void finish_typing(App& app) {
    State& s = app.state;
    const TypedTokens tokens = typed(s);
    if (tokens.ids.empty()) {
        s.wants_typing = "field/typed";  // to be put right
        return;
    }
    if (s.overlay == Overlay::appending) {
        app.worker.post(AppendTokens{tokens.ids, s.length()});
    } else {
        std::vector<int> prompt = s.step->ids();
        prompt.resize(static_cast<size_t>(s.step->prompt_length));
        const auto at = prompt.begin() + s.position();
        prompt.insert(prompt.erase(at), tokens.ids.begin(), tokens.ids.end());
        app.worker.post(EditPrompt{prompt});
    }
    s.overlay = Overlay::none;
}

std::string no_comparison(const State& state) {
    if (!state.step) return "there is no run yet";
    if (state.step->untouched()) return "this is the untouched run";
    const auto& own = state.step->edited_from;
    if (!own.empty() && static_cast<int>(own.size()) != state.step->prompt_length) {
        return "the edited prompt has another number of tokens";
    }
    return "";
}

namespace {

// The map of a head that is off has nothing to compare: the difference is where others look
// elsewhere for want of it.
void go_to_effect(State& s) {
    const viz::Selection& at = s.selection;
    const model::Ablation* ablation = s.step ? s.step->records.back()->ablation() : nullptr;
    if (!s.difference || !s.untouched || !ablation || s.walk.open()) return;
    if (!ablation->head_off(at.layer, at.head)) return;
    if (s.untouched->records.size() != s.step->records.size()) return;
    const model::ChangedHead changed =
        model::most_changed_head(s.model->config, s.step->records, s.untouched->records);
    const std::string off = head_name(s);
    if (changed.largest < viz::least_scale) {
        s.toast = Toast{off + " is off, and no other head looks elsewhere: see the ranking",
                        Clock::now() + std::chrono::seconds(6)};
        return;
    }
    select_head(s, changed.head.layer, changed.head.head);
    s.toast = Toast{off + " is off. Its largest effect on attention is here: " + head_name(s) +
                        ", a weight changed by " + viz::weight(changed.largest),
                    Clock::now() + std::chrono::seconds(6)};
}

}  // namespace

void compare(App& app) {
    State& s = app.state;
    if (s.difference && s.untouched != s.effect_of) {
        s.effect_of = s.untouched;
        go_to_effect(s);
    }
    const bool lacks = s.difference && s.step && !s.untouched && s.compare_asked != s.step;
    if (!lacks || app.worker.busy() || !no_comparison(s).empty()) return;
    s.compare_asked = s.step;
    app.worker.post(Compare{});
}

}  // namespace app
