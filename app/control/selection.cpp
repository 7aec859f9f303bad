#include "app/control/selection.h"

#include <algorithm>
#include <charconv>

#include "app/control/class_guesses.h"
#include "app/control/commands.h"
#include "viz/views/drawings.h"

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

// Cells of drawings that a click locks. Those that mean a head's weight under another name are
// locked as cells of its map, so that every drawing knows them.
viz::Hit lockable(const viz::Hit& hit) {
    const viz::RegionId id(hit.id);
    if (id.kind == "zoom") {
        return {"map/" + std::string(id.word(0)) + "/" + std::string(id.word(1)),
                id.number(2) + hit.row, id.number(3) + hit.col};
    }
    // Not the cells of the arithmetic page: it would then explain itself.
    for (std::string_view kind : {"map", "row", "norms", "stream", "lens", "rise", "neuron",
                                  "neurons", "part", "total", "surprisal", "cost"}) {
        if (id.kind == kind) return hit;
    }
    return {};
}

void select_cell(State& state, const viz::Hit& cell) {
    const viz::RegionId id(cell.id);
    const int layers = state.model->config.n_layer;
    if (id.kind == "map") {
        select_position(state, cell.row);
    } else if (id.kind == "norms") {
        // Row 0 of the stream's maps is the embedding, before any block.
        const bool stream = id.word(0) == "resid" || id.word(0) == "cosine";
        const int layer = stream ? cell.row - 1 : cell.row;
        state.selection.layer = std::clamp(layer, 0, layers - 1);
        state.selection.phase = layer < 0              ? Phase::embedding
                                : id.word(0) == "attn" ? Phase::attention
                                                       : Phase::mlp;
        select_position(state, cell.col);
    } else if (id.kind == "lens") {
        state.selection.layer = std::clamp(cell.row, 0, layers - 1);
        if (!viz::in_block(state.selection.phase)) state.selection.phase = Phase::mlp;
        select_position(state, id.number(0) + cell.col);
    } else if (id.kind == "surprisal") {
        select_position(state, cell.col);
    } else if (id.kind == "rise" || id.kind == "total") {
        // A rise has a cell for each layer, totals begin with the embedding.
        const int layer = id.kind == "rise" ? cell.row + cell.col : id.number(0) - 1;
        select_head(state, std::min(layer, layers - 1), state.selection.head);
    } else if (id.kind == "neuron") {
        state.selection.neuron = id.number(1);
        state.selection.phase = Phase::mlp;
    } else if (id.kind == "neurons") {
        const int neuron = cell.row * std::max(id.number(1), 1) + cell.col;
        if (neuron < state.model->config.d_mlp) state.selection.neuron = neuron;
        state.selection.phase = Phase::mlp;
    } else if (id.kind == "part" && id.word(0) == "head") {
        select_head(state, id.number(1), id.number(2));
        state.selection.phase = Phase::attention;
    } else if (id.kind == "part" && id.word(0) == "bias") {
        select_head(state, id.number(1), state.selection.head);
        state.selection.phase = Phase::attention;
    } else if (id.kind == "part" && id.word(0) == "mlp") {
        select_head(state, id.number(1), state.selection.head);
        state.selection.phase = Phase::mlp;
    }
}

}  // namespace

void select_position(State& state, int position) {
    if (position < 0 || position >= state.length()) return;
    if (position != state.position()) state.selection.neuron = -1;
    state.selection.position = position;
    state.locked = {};
}

void select_head(State& state, int layer, int head) {
    const model::Config& c = state.model->config;
    if (layer < 0 || layer >= c.n_layer || head < 0 || head >= c.n_head) return;
    if (layer != state.selection.layer) state.selection.neuron = -1;
    state.selection.layer = layer;
    state.selection.head = head;
    if (!viz::in_block(state.selection.phase)) state.selection.phase = Phase::attention;
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
    if (!app.state.locked.id.empty()) {
        app.state.locked = {};
        return;
    }
    for (const viz::Region& region : app.regions.all()) {
        if (region.rows * region.cols <= 1) continue;
        // Maps of positions begin at the selected one, others at their first cell.
        const bool square = region.rows == region.cols && region.rows == app.state.length();
        const int row = square ? app.state.position() : 0;
        const viz::Hit cell = lockable({region.id, row, 0});
        if (cell.id.empty()) continue;
        select_cell(app.state, cell);
        app.state.locked = cell;
        return;
    }
}

void move_locked(App& app, int rows, int cols) {
    viz::Hit cell = app.state.locked;
    const viz::Region* region = app.regions.find(cell.id);
    if (!region) return;
    cell.row = std::clamp(cell.row + rows, 0, region->rows - 1);
    cell.col = std::clamp(cell.col + cols, 0, region->cols - 1);
    select_cell(app.state, cell);
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
        const int spaced = model.tokenizer->encode(" " + std::string(text)).front();
        const int plain = model.tokenizer->encode(std::string(text)).front();
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
    const viz::RegionId id(hit.id);
    if (id.kind == "proposed") {
        run_command(app, command("append"));
    } else if (id.kind == "candidate") {
        const int index = id.number(0);
        const auto& candidates = state.step->ranking.candidates;
        if (takes_guesses(state) && index >= 0 && index < static_cast<int>(candidates.size())) {
            vote_for(state, candidates[static_cast<size_t>(index)].id, 1);
        } else if (state.can_append() && index >= 0 &&
                   index < static_cast<int>(candidates.size())) {
            append(app, candidates[static_cast<size_t>(index)].id);
        }
    } else if (id.kind == "token" || id.kind == "query") {
        select_position(state, id.number(0));
    } else if (id.kind == "head") {
        select_head(state, id.number(0), id.number(1));
    } else if (id.kind == "layer") {
        select_head(state, id.number(0), state.selection.head);
    } else if (id.kind == "node") {
        app.worker.post(Select{id.number(0)});
    } else if (id.kind == "follow") {
        follow(state, id.number(0));
    } else if (id.kind == "phase") {
        for (int i = 0; i <= static_cast<int>(Phase::append); ++i) {
            const auto phase = static_cast<Phase>(i);
            if (id.word(0) == viz::phase_id(phase)) state.selection.phase = phase;
        }
    } else if (const viz::Hit cell = lockable(hit); !cell.id.empty()) {
        const viz::Hit before = state.locked;
        select_cell(state, cell);
        state.locked = before;
        lock(state, cell);
    }
}

}  // namespace app
