#include "app/control/actions.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "app/control/class_guesses.h"
#include "app/control/class_phones.h"
#include "app/control/commands.h"
#include "app/control/fetching.h"
#include "app/control/interventions.h"
#include "app/control/menus.h"
#include "app/control/selection.h"
#include "app/control/strategies.h"
#include "app/control/view_state.h"
#include "app/control/zoom.h"
#include "app/run/run_store.h"
#include "app/run/settings.h"
#include "app/run/states.h"
#include "model/decode/options.h"
#include "viz/paint/format.h"

namespace app {

using model::Decoding;
using model::DecodingOption;

namespace {

// Where an option's slider ends: what counts tokens, at the vocabulary's size.
double highest(const DecodingOption& option, int n_vocab) {
    const bool counts = option.control.unit == model::OptionControl::Unit::count;
    return counts ? std::min(option.control.high, double(n_vocab)) : option.control.high;
}
double rounded(double value, double unit) {
    return std::round(value / unit) * unit;
}

}  // namespace

App::~App() {
    for (const auto& answer : {folder, less_motion}) {
        if (answer) answer->forget();
    }
}

void append(App& app, std::optional<int> forced) {
    app.worker.post(Commit{forced, app.state.length()});
}

void go_to(App& app, int length) {
    app.worker.post(Rewind{length});
}

void step(App& app) {
    if (app.state.length() < app.state.path_length()) {
        go_to(app, app.state.length() + 1);
    } else {
        append(app, {});
    }
}

void set_decoding(App& app, const Decoding& decoding) {
    app.state.decoding = decoding;
    app.worker.post(SetDecoding{decoding});
}

void start_prompt(App& app) {
    end_welcome(app.state);
    app.state.playing = false;
    app.worker.post(Start{app.state.prompt, {}, app.state.decoding});
}

void open_folder(App& app) {
    app.state.playing = false;
    if (is_run(lengthened(app.state.folder))) {
        return app.worker.post(OpenRun{lengthened(app.state.folder)});
    }
    app.worker.post(Open{app.state.folder, {app.state.run_prompt, {}, app.state.decoding}});
}

void choose_folder(App& app) {
    if (app.folder) {
        app.state.toast = Toast{"The dialog that asks for a folder is open already",
                                Clock::now() + std::chrono::seconds(4)};
        return;
    }
    app.folder = ask_for_folder(app.wake);
    if (!app.folder) {
        app.state.error = "type the folder's path: no zenity or kdialog is here to choose it with";
    }
}

void take_answers(App& app) {
    if (app.less_motion) {
        if (const auto said = app.less_motion->take()) {
            app.state.motion.still = *said == "yes";
            app.less_motion = nullptr;
        }
    }
    if (!app.folder) return;
    if (const auto chosen = app.folder->take()) {
        app.folder = nullptr;
        if (!chosen->empty()) open_path(app, *chosen);
    }
}

void open_state(App& app, int index) {
    State& s = app.state;
    const auto& states = training_states();
    if (!s.step || index < 0 || index >= static_cast<int>(states.size())) return;
    s.playing = false;
    app.worker.post(Open{states[static_cast<size_t>(index)].folder.string(),
                         {s.run_prompt, s.step->ids(), s.decoding}});
}

void save_run(App& app) {
    const State& s = app.state;
    app.worker.post(Save{s.run_path, s.run_prompt, view_json(s)});
}

void copy_link(App& app) {
    app.worker.post(MakeLink{app.state.run_prompt, view_json(app.state)});
}

void save_run_as(App& app) {
    State& s = app.state;
    s.overlay = Overlay::saving;
    if (s.save_as.empty()) s.save_as = shortened(s.run_path);
    s.wants_typing = "field/save";
}

void open_path(App& app, const std::filesystem::path& path) {
    app.state.folder = path.string();
    open_folder(app);
}

void append_or_reveal(App& app) {
    if (app.state.ended()) return app.worker.post(GoOn{});
    State& s = app.state;
    if (s.guessing && s.reveal != viz::Reveal::all) score_step(s);
    if (s.guessing && s.reveal == viz::Reveal::guess) {
        s.reveal = viz::Reveal::probabilities;
        s.selection.candidate = s.step->ranking.pick;
    } else if (s.guessing && s.reveal == viz::Reveal::probabilities) {
        s.reveal = viz::Reveal::all;
    } else {
        append(app, {});
    }
}

void play(App& app) {
    State& state = app.state;
    if (!state.playing || app.worker.busy() || Clock::now() < state.next_step) return;
    if (!state.can_append() && state.length() == state.path_length()) {
        state.playing = false;
        return;
    }
    step(app);
    state.busy = true;
    state.next_step = Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                         std::chrono::duration<double>(1 / state.speed));
}

std::optional<Clock::time_point> next_due(const App& app) {
    const State& s = app.state;
    std::optional<Clock::time_point> due;
    const auto at = [&](Clock::time_point time) { due = std::min(due.value_or(time), time); };
    if (s.toast) at(s.toast->until);
    if (s.playing && !s.busy) at(s.next_step);
    if (const auto votes = votes_due(app)) at(*votes);
    if (s.walk.open()) at(s.walk.look_again);  // its file may change
    return due;
}

void click(App& app, const viz::Hit& hit) {
    State& state = app.state;
    const viz::Target& target = hit.target;
    if (target.is("command")) {
        // What is chosen from the key sheet is to be seen.
        if (state.overlay == Overlay::keys) {
            state.overlay = Overlay::none;
            if (target.word() == "keys" || target.word() == "escape") return;
        }
        return run_command(app, command(target.word()));
    }
    if (target.is("overlay")) {
        if (target.word() == "outside") state.overlay = Overlay::none;
        return;
    }
    if (target.is("open")) return open_folder(app);
    if (target.is("choose-folder")) return choose_folder(app);
    if (target.is("typed")) return finish_typing(app);
    if (target.is("export")) return click_export(app, target.word(), target.word(1));
    if (target.is("zoom-level")) return zoom_to(app, target.number(0));
    // The name of the open block leads into it.
    if (target.is("layer") && zoom_level(state) == 0 && target.number(0) == state.selection.layer) {
        return zoom(app, 1);
    }
    if (target.is("small-view")) return show_view(state, viz::find_view(target.word()));
    if (target.is("state")) return open_state(app, target.number(0));
    if (target.is("list")) {
        state.item = target.number(0);
        return;
    }
    if (target.is("item")) return choose_item(app, target.number(0));
    if (target.is("fetching")) return show_fetching(app);
    state.playing = false;
    if (target.is("strategy")) {
        const int n_vocab = state.model->config.n_vocab;
        return set_decoding(app, with_strategy(state.decoding, target.word(), n_vocab));
    }
    if (target.is("rule-kind")) return choose_rule_kind(state, target.word());
    if (target.is("rule")) return select_rule(state, target.number(0));
    if (target.is("guess") || target.is("guess-less")) {
        return vote_for(app.state, target.number(0), target.is("guess") ? 1 : -1);
    }
    using Look = viz::AttentionLook;
    if (target.is("mix")) {
        const auto mix = viz::value_named(viz::mix_id, Look::Mix::max, target.word());
        state.attention.mix = mix.value_or(Look::Mix::one);
        return;
    }
    if (target.is("tint")) {
        const auto tint = viz::value_named(viz::tint_id, Look::Tint::induction, target.word());
        state.attention.tint = tint.value_or(Look::Tint::none);
        return;
    }
    if (target.is("routes")) {
        state.attention.routes =
            viz::value_named(viz::route_id, model::RouteMeasure::arrives, target.word())
                .value_or(model::RouteMeasure::answer);
        return;
    }
    if (target.is("route-least")) {
        state.attention.least_route = std::clamp(target.number(0, 1000), 1, 999) / 1000.0;
        return;
    }
    click_drawing(app, hit);
}

void click_right(App& app, const viz::Hit& hit) {
    State& state = app.state;
    const viz::Target& target = hit.target;
    if (state.overlay != Overlay::none || !state.step) return;
    const auto& candidates = state.step->ranking.candidates;
    const int index = target.number(0, static_cast<int>(candidates.size()));
    if (target.is("node") && target.number(0) >= 0) app.worker.post(Remove{target.number(0)});
    if (target.is("token")) return ask_replacement(app, target.number(0));
    if (target.is("guess")) return vote_for(state, target.number(0), -1);
    if (target.is("candidate") && index >= 0 && takes_guesses(state)) {
        return vote_for(state, candidates[static_cast<size_t>(index)].id, -1);
    }
    if (target.is("candidate") && index >= 0) {
        follow(state, candidates[static_cast<size_t>(index)].id);
    }
}

void turn_wheel(App& app, const viz::Target& hover, int notch, bool control, bool shift) {
    if (shift && app.state.overlay == Overlay::none && app.state.step) return zoom(app, notch);
    if (control) return run_command(app, command(notch > 0 ? "text-larger" : "text-smaller"));
    if (press_menu_key(app, notch > 0 ? "Up" : "Down")) return;
    const bool scrolls = !is_widget(hover) && !hover.is("candidate");
    if (app.state.overlay != Overlay::none || !scrolls) return;
    run_command(app, command(notch > 0 ? "position-left" : "position-right"));
}

bool is_widget(const viz::Target& target) {
    for (std::string_view widget :
         {"",           "command",     "strategy",   "field",  "slider",     "overlay",
          "open",       "item",        "list",       "export", "mix",        "tint",
          "routes",     "route-least", "rule-kind",  "error",  "fetching",   "timeline",
          "lesson",     "guess",       "guess-less", "pane",   "small-view", "choose-folder",
          "zoom-level", "typed"}) {
        if (target.is(widget)) return true;
    }
    return false;
}

bool follows_mouse(const viz::Target& target) {
    return target.is("timeline") || target.is("slider");
}

void drag(App& app, const viz::Region& region, viz::Point mouse) {
    State& state = app.state;
    const viz::Rect& r = region.rect;
    if (region.target.is("timeline")) {
        const float column = (mouse.x - r.x) / r.w * static_cast<float>(region.cols);
        const int length =
            std::clamp(static_cast<int>(column) + 1, state.step ? state.step->prompt_length : 1,
                       std::max(1, state.path_length()));
        state.playing = false;
        if (length != state.length()) go_to(app, length);
        return;
    }
    const float t = std::clamp((mouse.x - r.x - slider_end) / (r.w - 2 * slider_end), 0.0f, 1.0f);
    if (region.target.word() == "way") return state.motion.hold(t);
    if (region.target.word() == "speed") {
        state.speed = rounded(least_speed * std::pow(most_speed / least_speed, double{t}), 0.1);
    } else {
        state.playing = false;
        if (region.target.word() == "rule") return slide_rule(state, t);
        if (region.target.word() == "beams") return slide_beams(state, t);
        const Decoding decoding = with_parameter(state.decoding, t, state.model->config.n_vocab);
        if (!(decoding == state.decoding)) set_decoding(app, decoding);
    }
}

Decoding with_strategy(Decoding d, std::string_view name, int n_vocab) {
    // One at a time: each strategy shows its own effect.
    d.strategy = model::Strategy::greedy;
    for (const DecodingOption& option : model::decoding_options()) {
        if (!option.samples()) continue;
        option.set(d, option.off);
        if (name == option.name) {
            option.choose(d, std::min(option.control.start, highest(option, n_vocab)));
        }
    }
    return d;
}

std::string_view strategy_name(const Decoding& decoding) {
    const DecodingOption* option = model::option_of(decoding.strategy);
    return option ? option->name : "greedy";
}

Decoding with_parameter(Decoding d, float t, int n_vocab) {
    const DecodingOption* option = model::option_of(d.strategy);
    if (!option) return d;
    const double low = option->control.low, high = highest(*option, n_vocab);
    option->set(d, rounded(low + (high - low) * double{t}, option->control.step));
    return d;
}

Parameter parameter(const Decoding& decoding, int n_vocab) {
    using Unit = model::OptionControl::Unit;
    const DecodingOption* option = model::option_of(decoding.strategy);
    if (!option) return {};
    const double value = option->of(decoding);
    const double low = option->control.low, high = highest(*option, n_vocab);
    return {option->control.label,
            option->control.unit == Unit::number    ? viz::number(value)
            : option->control.unit == Unit::percent ? viz::percent(value)
                                                    : viz::count(static_cast<long long>(value)),
            static_cast<float>((value - low) / (high - low))};
}

}  // namespace app
