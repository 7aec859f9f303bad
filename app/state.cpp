#include "app/state.h"

#include <nlohmann/json.hpp>
#include <string_view>

#include "model/attention.h"
#include "viz/views.h"

namespace app {

namespace {

constexpr auto toast_time = std::chrono::seconds(5);

// Cells of drawings, whose exact value a click keeps on show.
bool is_cell(std::string_view id) {
    for (std::string_view kind : {"map/", "row/", "norms/", "stream/"}) {
        if (id.starts_with(kind)) return true;
    }
    return false;
}

void show(State& state, Stepped& stepped) {
    const bool grew = state.step && stepped.step->records.size() > state.step->records.size();
    const bool moved = !state.step || stepped.step->records != state.step->records;
    state.step = stepped.step;
    state.attention.hide_first = stepped.hide_first;
    state.memo.norms = std::move(stepped.memo->norms);
    state.memo.lens = std::move(stepped.memo->lens);
    state.memo.thumbnails = std::move(stepped.memo->thumbnails);
    if (!state.path_end || state.path_end->ids() != stepped.path) state.path_end = stepped.step;
    state.selection.candidate = stepped.step->ranking.pick;
    if (!moved) return;
    state.timed.reset();
    state.locked = {};
    if (grew) state.selection.position = -1;  // the new token looks
    // The model ended the text: a moment to look. Playing on starts another one.
    const bool ended = state.step->records.back()->id() == state.model->config.end_token;
    if (grew && ended) state.playing = false;
}

struct Apply {
    State& state;

    // Everything that belonged to the old run goes, and a head that has something to say comes
    // first.
    void operator()(Started& started) const {
        state.memo = {};
        state.model = started.model;
        state.run_prompt = started.request.prompt;
        if (state.typing.empty()) state.prompt = state.run_prompt;
        state.decoding = started.request.decoding;
        state.error.clear();
        state.overlay = Overlay::none;
        state.path_end = nullptr;
        show(state, started.first);
        const auto head = model::most_telling_head(state.model->config, state.step->records);
        state.selection = {};
        state.selection.layer = head.layer;
        state.selection.head = head.head;
        state.selection.candidate = state.step->ranking.pick;
    }
    void operator()(Stepped& stepped) const { show(state, stepped); }
    void operator()(const Timed& timed) const {
        if (state.step && state.step->records.back().get() == timed.tip) state.timed = timed;
    }
    void operator()(const TaskDone& done) const {
        state.toast = Toast{done.message, Clock::now() + toast_time};
    }
    void operator()(const Failed& failed) const {
        state.error = failed.message;
        state.playing = false;
    }
};

}  // namespace

viz::Scene State::scene() const {
    viz::Scene scene{*model, *step, memo, *theme, decoding, selection, {}};
    scene.locked = is_cell(hover.id) || locked.id.empty() ? hover : locked;
    scene.attention = attention;
    scene.total_steps = last_step();
    return scene;
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
    line["done"] = state.step ? model::why_text(state.step->why) : "";
    line["path_length"] = state.path_length();
    line["position"] = state.step ? state.scene().position() : -1;
    line["layer"] = state.selection.layer;
    line["head"] = state.selection.head;
    line["phase"] = viz::phase_id(state.selection.phase);
    line["candidate"] = state.selection.candidate;
    line["view"] = state.view ? state.view->id : "";
    line["decoding"] = model::describe(state.decoding);
    line["locked"] = state.locked.id;
    line["hide_first"] = state.attention.hide_first;
    line["theme"] = state.theme->id;
    line["zoom"] = state.zoom;
    line["playing"] = state.playing;
    line["overlay"] = static_cast<int>(state.overlay);
    line["timed"] = state.timed.has_value();
    line["prompt"] = state.prompt;
    line["typing"] = state.typing;
    line["error"] = state.error;
    line["toast"] = state.toast ? state.toast->text : "";
    return line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace app
