#include "app/control/selection.h"

#include <algorithm>
#include <charconv>

#include "app/control/class_guesses.h"
#include "app/control/commands.h"
#include "viz/views/pointing.h"

namespace app {

namespace {

using viz::Phase;

// The reading cursor as one number: 0 tokens, 1 embedding, two for each block, then the rest.
int cursor_of(const State& state) {
    const int blocks = 2 * state.model->config.n_layer;
    const viz::Selection& s = state.selection;
    switch (s.phase) {
        case Phase::tokens:
        case Phase::embedding:
            return static_cast<int>(s.phase);
        case Phase::attention:
        case Phase::mlp:
            return 2 + 2 * s.layer + (s.phase == Phase::mlp ? 1 : 0);
        default:
            return 2 + blocks + static_cast<int>(s.phase) - static_cast<int>(Phase::final_norm);
    }
}

void set_cursor(State& state, int cursor) {
    const int blocks = 2 * state.model->config.n_layer;
    viz::Selection& s = state.selection;
    if (cursor < 2) {
        s.phase = static_cast<Phase>(cursor);
    } else if (cursor < 2 + blocks) {
        s.layer = (cursor - 2) / 2;
        s.phase = cursor % 2 == 0 ? Phase::attention : Phase::mlp;
    } else {
        s.phase = static_cast<Phase>(static_cast<int>(Phase::final_norm) + cursor - 2 - blocks);
    }
}

// Appends a candidate and so many tokens that would follow it.
void walk_ahead(App& app, int id, int further) {
    const State& state = app.state;
    if (!state.looked_ahead || state.looked_ahead->after != state.step->records.back()) return;
    const model::LookAhead::Continuation* found = state.looked_ahead->find(id);
    if (!found || further < 0 || static_cast<size_t>(further) > found->then.size()) return;
    AppendTokens walk{{id}, state.length()};
    for (int i = 0; i < further; ++i) {
        walk.ids.push_back(found->then[static_cast<size_t>(i)].id);
    }
    app.worker.post(std::move(walk));
}

}  // namespace

void select_position(State& state, int position) {
    viz::select_position(state.selection, position, state.extent());
    state.locked = {};
}

void select_head(State& state, int layer, int head) {
    viz::select_head(state.selection, layer, head, state.extent());
    state.locked = {};
}

void walk(App& app, int by) {
    State& state = app.state;
    const int last = 2 + 2 * state.model->config.n_layer + static_cast<int>(Phase::append) -
                     static_cast<int>(Phase::final_norm);
    const int cursor = cursor_of(state) + by;
    if (cursor > last) {
        if (!state.can_append()) return;
        append(app, {});
        set_cursor(state, 0);
        return;
    }
    const int layer = state.selection.layer;
    set_cursor(state, std::max(cursor, 0));
    if (layer != state.selection.layer) state.selection.neuron = -1;
    state.locked = {};
}

void lock(State& state, const viz::Hit& hit) {
    state.locked = state.locked == hit ? viz::Hit{} : hit;
}

void lock_first(App& app) {
    State& state = app.state;
    if (!state.locked.target.empty()) {
        state.locked = {};
        return;
    }
    for (const viz::Region& region : app.regions.all()) {
        if (region.rows * region.cols <= 1) continue;
        // Maps of positions begin at the selected one, others at their first cell.
        const bool square = region.rows == region.cols && region.rows == state.length();
        const int row = square ? state.position() : 0;
        const viz::Hit cell = viz::lockable({region.target, row, 0});
        if (cell.target.empty()) continue;
        viz::select(state.selection, cell, state.extent());
        state.locked = cell;
        return;
    }
}

void move_locked(App& app, int rows, int cols) {
    viz::Hit cell = app.state.locked;
    const viz::Region* region = app.regions.find(cell.target);
    if (!region) return;
    cell.row = std::clamp(cell.row + rows, 0, region->rows - 1);
    cell.col = std::clamp(cell.col + cols, 0, region->cols - 1);
    viz::select(app.state.selection, cell, app.state.extent());
    app.state.locked = cell;
}

void follow(State& state, int id) {
    state.selection.token = state.selection.token == id ? -1 : id;
}

void find_token(App& app) {
    State& state = app.state;
    const model::Model& model = *state.model;
    std::string_view text = state.find;
    int id = -1;
    if (text.starts_with('#')) {
        const auto read = std::from_chars(text.data() + 1, text.data() + text.size(), id);
        if (read.ec != std::errc{} || id < 0 || id >= model.config.n_vocab) id = -1;
    } else if (model.tokenizer && !text.empty()) {
        const auto first = [&](const std::string& of) {
            const auto ids = model.tokenizer->encode_part(of);
            return ids.empty() || ids.front() >= model.config.n_vocab ? -1 : ids.front();
        };
        const int spaced = first(" " + std::string(text)), plain = first(std::string(text));
        const bool begins = text.starts_with(' ');
        id = begins || spaced == state.selection.token ? plain : spaced;
    }
    if (id < 0) {
        state.selection.token = -1;
        if (!text.empty()) state.error = "find: \"" + state.find + "\" is no token of this model";
        return;
    }
    state.selection.token = id;
}

void click_drawing(App& app, const viz::Hit& hit) {
    State& state = app.state;
    if (!state.step) return;
    const viz::Target& target = hit.target;
    if (target.is("proposed")) {
        run_command(app, command("append"));
    } else if (target.is("candidate")) {
        const auto& candidates = state.step->ranking.candidates;
        const int index = target.number(0, static_cast<int>(candidates.size()));
        if (index < 0) return;
        const int id = candidates[static_cast<size_t>(index)].id;
        if (takes_guesses(state)) {
            vote_for(state, id, 1);
        } else if (state.can_append()) {
            append(app, id);
        }
    } else if (target.is("ahead")) {
        walk_ahead(app, target.number(0), target.number(1));
    } else if (target.is("node")) {
        app.worker.post(Select{target.number(0)});
    } else if (const viz::Hit cell = viz::lockable(hit); !cell.target.empty()) {
        viz::select(state.selection, cell, state.extent());
        lock(state, cell);
    } else if (viz::select(state.selection, hit, state.extent())) {
        state.locked = {};
    }
}

}  // namespace app
