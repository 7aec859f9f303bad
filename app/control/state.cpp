#include "app/control/state.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "app/control/class_guesses.h"
#include "app/control/class_phones.h"
#include "app/control/lesson_player.h"
#include "app/control/view_state.h"
#include "app/run/settings.h"
#include "app/run/states.h"
#include "model/base/json.h"
#include "model/run/prompt_edit.h"
#include "viz/views/drawings.h"

namespace app {

namespace {

constexpr auto toast_time = std::chrono::seconds(5);

void show(State& state, Stepped& stepped) {
    const bool grew = state.step && stepped.step->records.size() > state.step->records.size();
    const bool moved = !state.step || stepped.step->records != state.step->records;
    state.step = stepped.step;
    state.tree = stepped.tree;
    state.can_undo = stepped.can_undo;
    state.can_redo = stepped.can_redo;
    state.untouched = stepped.untouched;
    if (!state.path_end || state.path_end->ids() != stepped.path) {
        state.path_end = stepped.end ? stepped.end : stepped.step;
    }
    state.selection.candidate = stepped.step->ranking.pick;
    if (!moved) return;
    state.timed.reset();
    state.locked = {};
    if (grew) state.selection.position = -1;  // the new token looks
    // Whoever plays or guesses has no time to watch.
    const bool watched =
        grew && state.motion.wished && !state.motion.still && !state.playing && !state.guessing;
    state.motion.skip();
    state.motion.due = watched && state.view && state.view->plays == viz::Plays::way;
    constexpr int at_home = 5;  // tokens appended: whoever did that needs no introduction
    if (grew && state.length() >= state.step->prompt_length + at_home) end_welcome(state);
    if (state.guessing) hide_step(state);
    // The model ended the text: a moment to look. Playing on starts another one.
    const bool ended = state.model->config.ends(state.step->records.back()->id());
    if (grew && ended) state.playing = false;
}

struct Apply {
    State& state;

    // Everything that belonged to the old run goes, and a head that has something to say comes
    // first.
    void operator()(Started& started) const {
        // The same model at another time of its training is looked at in the same way.
        const bool same = state.model && state.model != started.model &&
                          training_state(state.model->folder) >= 0 &&
                          training_state(started.model->folder) >= 0 && state.step &&
                          state.step->ids() == started.first.step->ids();
        const viz::Selection selection = state.selection;
        if (state.model != started.model) {  // ids of another vocabulary
            state.guesses = {};
            state.phones.counted.clear();
        }
        state.model = started.model;
        ++state.run;
        state.run_prompt = started.request.prompt;
        if (state.typing.empty()) state.prompt = state.run_prompt;
        state.decoding = started.request.decoding;
        state.error.clear();
        // A finished lesson leaves the list of lessons open, and a class its room.
        const bool stays = state.overlay == Overlay::classroom ||
                           (state.overlay == Overlay::lessons && !started.saved);
        if (!stays) state.overlay = Overlay::none;
        state.path_end = state.effect_of = state.compare_asked = nullptr;
        state.looked_ahead = nullptr;
        show(state, started.first);
        state.selection = {};
        state.selection.layer = started.head.layer;
        state.selection.head = started.head.head;
        if (same) state.selection = selection;
        state.costs.clear();
        state.selection.candidate = state.step->ranking.pick;
        state.run_path = started.path;
        if (started.saved) state.walk = {};  // what it was saved at comes with it
        if (!state.model->notes.empty()) {
            state.toast = Toast{state.model->notes.front(), Clock::now() + toast_time};
        }
        apply_view(state, started.view);
    }
    void operator()(Stepped& stepped) const { show(state, stepped); }
    void operator()(Arrived& arrived) const { arrive(state, arrived); }
    void operator()(Resumed& resumed) const { resume(state, resumed); }
    void operator()(const Timed& timed) const {
        if (!state.step || state.step->records.back().get() != timed.tip) return;
        state.timed = timed;
        const viz::Cost cost{state.length(), timed.cached_ms, timed.naive_ms, timed.difference};
        const auto place =
            std::ranges::lower_bound(state.costs, cost.length, {}, &viz::Cost::length);
        if (place != state.costs.end() && place->length == cost.length) {
            *place = cost;
        } else {
            state.costs.insert(place, cost);
        }
    }
    void operator()(const LookedAhead& looked) const { state.looked_ahead = looked.ahead; }
    void operator()(const Compared& compared) const { state.strategies = compared.strategies; }
    void operator()(Found& found) const {
        state.found = std::move(found.models);
        state.recent = std::move(found.runs);
        state.searched = true;
    }
    void operator()(const Saved& saved) const {
        state.run_path = saved.path;
        if (saved.path.empty()) return;
        state.toast = Toast{"Saved " + shortened(saved.path), Clock::now() + toast_time};
    }
    void operator()(Linked& linked) const {
        state.to_copy = linked.link;
        state.toast = Toast{
            "Copied a link to this step: paste it into Open, Ctrl+O, or behind the "
            "address of a page with Stepscope",
            Clock::now() + toast_time};
    }
    void operator()(const Progressed& progress) const { state.progress = progress; }
    void operator()(const TaskDone& done) const {
        state.progress = {};
        state.toast = Toast{done.message, Clock::now() + toast_time};
    }
    void operator()(const Failed& failed) const {
        state.progress = {};
        state.error = failed.message;
        state.playing = false;
    }
};

}  // namespace

Snapshot State::snapshot() const {
    Snapshot copy = *this;
    copy.total_steps = step ? last_step() : 0;
    return copy;
}

void show_view(State& state, const viz::View* view) {
    const auto small = std::ranges::find(state.others, view);
    if (small != state.others.end()) *small = state.view;
    state.view = view;
}

void take_preferences(State& s, const Preferences& kept) {
    s.preferences = kept;
    s.newcomer = !kept.used;
    s.motion.wished = kept.motion;
    s.since = kept.since;
    if (kept.theme == viz::dark_theme().id) s.theme = &viz::dark_theme();
    s.colormap = viz::value_named(viz::colormap_id, viz::Colormap::cividis, kept.colours)
                     .value_or(viz::Colormap::violet);
    s.zoom = std::clamp(std::isfinite(kept.text) ? kept.text : 1.0f, least_zoom, most_zoom);
}

void prefer(State& s) {
    s.preferences.motion = s.motion.wished;
    s.preferences.since = s.since;
    s.preferences.theme = s.theme->id;
    s.preferences.colours = viz::colormap_id(s.colormap);
    s.preferences.text = s.zoom;
}

void end_welcome(State& s) {
    s.newcomer = false;
    s.preferences.used = true;
}

void apply(State& state, Event event) {
    std::visit(Apply{state}, event);
}

std::string describe(const State& state) {
    nlohmann::ordered_json line;
    line["step"] = state.step ? state.step->number() : 0;
    line["ids"] = state.step ? state.step->ids() : std::vector<int>{};
    line["proposed"] = state.can_append() ? state.step->ranking.proposed().id : -1;
    line["argmax"] = state.step ? state.step->ranking.candidates.front().id : -1;
    line["done"] = state.step ? model::stop_reason_text(state.step->why) : "";
    line["path_length"] = state.path_length();
    line["position"] = state.step ? state.position() : -1;
    line["layer"] = state.selection.layer;
    line["head"] = state.selection.head;
    line["phase"] = viz::phase_id(state.selection.phase);
    line["candidate"] = state.selection.candidate;
    line["view"] = state.view ? state.view->id : "";
    line["beside"] = state.beside ? state.beside->id : "";
    line["followed"] = state.selection.token;
    line["neuron"] = state.selection.neuron;
    line["colormap"] = viz::colormap_id(state.colormap);
    line["mix"] = static_cast<int>(state.attention.mix);
    line["tint"] = static_cast<int>(state.attention.tint);
    line["own_scale"] = state.attention.own_scale;
    line["decoding"] = model::describe(state.decoding);
    line["locked"] = state.locked.target.text();
    line["hide_first"] = state.attention.hide_first;
    line["since"] = state.since;
    line["theme"] = state.theme->id;
    line["zoom"] = state.zoom;
    line["folded"] = state.folded;
    line["newcomer"] = state.newcomer;
    line["watches"] = state.motion.wished;
    line["moves"] = state.motion.moves();
    line["playing"] = state.playing;
    line["overlay"] = static_cast<int>(state.overlay);
    line["ahead"] =
        state.step && state.looked_ahead && state.looked_ahead->after == state.step->records.back();
    line["timed"] = state.timed.has_value();
    line["difference"] = state.timed ? state.timed->difference : -1;
    line["prompt"] = state.prompt;
    line["typing"] = state.typing;
    line["typed"] = state.typed;
    line["export"] = {{"format", state.wishes.format},
                      {"steps", static_cast<int>(state.wishes.steps)},
                      {"target", state.wishes.target}};
    line["nodes"] = state.tree ? state.tree->nodes.size() : 0;
    line["rules"] = model::rules_text(state.rules);
    const bool compared =
        state.step && state.strategies &&
        state.strategies->prompt_end ==
            state.step->records[static_cast<size_t>(state.step->prompt_length) - 1];
    line["compared"] = compared ? state.strategies->length() : 0;
    line["ablated"] = state.step ? model::describe(state.step->ablation) : "";
    line["edit"] = state.step ? model::run_words(*state.model, *state.step) : "";
    line["difference"] = state.difference;
    line["untouched"] = state.untouched != nullptr;
    line["can_undo"] = state.can_undo;
    line["can_redo"] = state.can_redo;
    line["run"] = state.run_path.string();
    line["left"] = state.left.string();
    line["lesson"] = state.walk.open() ? state.walk.lesson->id : "";
    line["stop"] = state.walk.shown + 1;
    line["stops"] = state.walk.stops();
    line["answered"] = state.walk.answered;
    line["problem"] = state.walk.problem;
    int votes = 0;
    if (state.step) {
        for (const viz::Guess& guess : state.guesses.at(state.step->ids())) votes += guess.votes;
    }
    line["votes"] = votes;
    line["scored"] = state.guesses.scores.size();
    line["class"] = {{"code", state.phones.code},
                     {"addresses", state.phones.addresses},
                     {"there", state.phones.count.there},
                     {"voted", state.phones.count.voted},
                     {"voting", state.phones.on && takes_phone_votes(state)}};
    line["blank"] = state.blank;
    line["reveal"] = static_cast<int>(state.reveal);
    line["presenting"] = state.presenting;
    line["writing"] = state.progress.all;
    line["model"] = state.model->folder.string();
    line["fetching"] = {
        {"name", state.fetching.name}, {"done", state.fetching.done}, {"all", state.fetching.all}};
    line["error"] = state.error;
    line["toast"] = state.toast ? state.toast->text : "";
    return model::json_text(line);
}

}  // namespace app
