#include "app/commands.h"

#include <algorithm>

#include "model/error.h"
#include "viz/theme.h"
#include "viz/view.h"

namespace app {

namespace {

bool always(const State&) {
    return true;
}
bool has_step(const State& s) {
    return s.step != nullptr;
}
bool can_append(const State& s) {
    return s.can_append();
}
bool can_go_back(const State& s) {
    return s.step && s.length() > s.step->prompt_length;
}
bool can_go_forward(const State& s) {
    return s.step && s.length() < s.path_length();
}
bool can_play(const State& s) {
    return s.playing || can_append(s) || can_go_forward(s);
}

std::function<void(App&)> move_candidate(int by) {
    return [by](App& app) {
        const int last = static_cast<int>(app.state.step->ranking.candidates.size()) - 1;
        int& candidate = app.state.selection.candidate;
        candidate = std::clamp(candidate + by, 0, last);
    };
}

std::function<void(App&)> move_layer(int by) {
    return [by](App& app) {
        viz::Selection& s = app.state.selection;
        s.layer = std::clamp(s.layer + by, 0, app.state.model->config.n_layer - 1);
        if (!viz::in_block(s.phase)) s.phase = viz::Phase::attention;
        app.state.locked = {};
    };
}

std::function<void(App&)> move_head(int by) {
    return [by](App& app) {
        viz::Selection& s = app.state.selection;
        s.head = std::clamp(s.head + by, 0, app.state.model->config.n_head - 1);
        app.state.locked = {};
    };
}

std::function<void(App&)> zoom(float by) {
    return [by](App& app) {
        float& z = app.state.zoom;
        z = by == 0 ? 1 : std::clamp(z + by, least_zoom, most_zoom);
    };
}

void toggle(Overlay& overlay, Overlay wanted) {
    overlay = overlay == wanted ? Overlay::none : wanted;
}

void escape(App& app) {
    State& s = app.state;
    if (s.overlay != Overlay::none) {
        s.overlay = Overlay::none;
    } else if (!s.error.empty()) {
        s.error.clear();
    } else if (s.busy) {
        app.runner.post(Stop{});
    } else if (!s.locked.id.empty()) {
        s.locked = {};
    } else {
        s.selection.position = -1;
    }
}

std::vector<Command> make_commands() {
    std::vector<Command> table = {
        {"append",
         "Append",
         {"Space"},
         "append the proposed token and compute the next step",
         can_append,
         [](App& app) { append(app, {}); }},
        {"force",
         "Append this one",
         {"Enter"},
         "append the chosen candidate instead",
         can_append,
         [](App& app) {
             const State& s = app.state;
             append(app, s.step->ranking.candidates[s.selection.candidate].id);
         }},
        {"candidate-up",
         "Candidate up",
         {"Up"},
         "choose the candidate above",
         has_step,
         move_candidate(-1)},
        {"candidate-down",
         "Candidate down",
         {"Down"},
         "choose the candidate below",
         has_step,
         move_candidate(1)},
        {"back",
         "Back",
         {"Left"},
         "the step before, as it was",
         can_go_back,
         [](App& app) { go_to(app, app.state.length() - 1); }},
        {"forward",
         "Forward",
         {"Right"},
         "the step after, where it was computed",
         can_go_forward,
         [](App& app) { go_to(app, app.state.length() + 1); }},
        {"step",
         "Step",
         {"N"},
         "the next step: forward where it was computed, else append",
         [](const State& s) { return can_append(s) || can_go_forward(s); },
         [](App& app) { step(app); }},
        {"first",
         "First step",
         {"Home"},
         "the first step: the prompt alone",
         can_go_back,
         [](App& app) { go_to(app, app.state.step->prompt_length); }},
        {"last",
         "Last step",
         {"End"},
         "the last step that was computed",
         can_go_forward,
         [](App& app) { go_to(app, app.state.path_length()); }},
        {"play",
         "Play",
         {"P"},
         "a step at a time until paused",
         can_play,
         [](App& app) {
             app.state.playing = !app.state.playing;
             app.state.next_step = Clock::now();
         }},
        {"layer-up", "Layer up", {"]"}, "the next layer", has_step, move_layer(1)},
        {"layer-down", "Layer down", {"["}, "the layer before", has_step, move_layer(-1)},
        {"head-up", "Head up", {"}"}, "the next head", has_step, move_head(1)},
        {"head-down", "Head down", {"{"}, "the head before", has_step, move_head(-1)},
        {"hide-first",
         "hide token 0",
         {"0"},
         "attention without the first token, where idle heads look",
         always,
         [](App& app) {
             bool& hide = app.state.attention.hide_first;
             hide = !hide;
         }},
        {"draw-again",
         "Draw again",
         {"R"},
         "another seed: sample other tokens from here on",
         [](const State& s) { return s.can_append() && s.decoding.sampled(); },
         [](App& app) {
             model::Decoding decoding = app.state.decoding;
             ++decoding.seed;
             set_decoding(app, decoding);
         }},
        {"export",
         "Export",
         {"E"},
         "save this step as a slide: SVG, PNG and PDF",
         has_step,
         export_view},
        {"prompt",
         "Prompt",
         {"Ctrl+L"},
         "type another prompt",
         always,
         [](App& app) {
             app.state.overlay = Overlay::none;
             app.state.wants_typing = "field/prompt";
         }},
        {"model",
         "Model",
         {"M"},
         "what is loaded; open another model",
         always,
         [](App& app) { toggle(app.state.overlay, Overlay::model); }},
        {"theme",
         "Theme",
         {"T"},
         "light or dark",
         always,
         [](App& app) {
             app.state.theme = app.state.theme->dark ? &viz::light_theme() : &viz::dark_theme();
         }},
        {"text-larger", "Larger text", {"Ctrl+Plus"}, "larger text", always, zoom(zoom_step)},
        {"text-smaller", "Smaller text", {"Ctrl+Minus"}, "smaller text", always, zoom(-zoom_step)},
        {"text-normal", "Normal text", {"Ctrl+0"}, "the text size it began with", always, zoom(0)},
        {"keys",
         "Keys",
         {"H", "?"},
         "this sheet",
         always,
         [](App& app) { toggle(app.state.overlay, Overlay::keys); }},
        {"quit",
         "Quit",
         {"Ctrl+Q"},
         "close the window",
         always,
         [](App& app) { app.state.quit = true; }},
        {"escape",
         "Close",
         {"Esc"},
         "close what is open, stop what is running, let go",
         always,
         escape},
    };
    int number = 0;
    for (const viz::View& view : viz::views()) {
        if (!view.tab) continue;
        table.push_back({std::string("view-") + view.id,
                         view.title,
                         {std::to_string(++number)},
                         "the tab " + std::string(view.title),
                         always,
                         [&view](App& app) { app.state.view = &view; }});
    }
    return table;
}

}  // namespace

const std::vector<Command>& commands() {
    static const std::vector<Command> table = make_commands();
    return table;
}

const Command& command(std::string_view id) {
    const auto& table = commands();
    const auto found =
        std::find_if(table.begin(), table.end(), [&](const Command& c) { return c.id == id; });
    model::check(found != table.end(), "a button belongs to a command");
    return *found;
}

std::string key_text(const Command& command) {
    std::string text;
    for (const std::string& key : command.keys) text += (text.empty() ? "" : " or ") + key;
    return text;
}

void run_command(App& app, const Command& command) {
    if (!command.enabled(app.state)) return;
    if (command.id != "play") app.state.playing = false;
    command.run(app);
}

void press_key(App& app, std::string_view key) {
    for (const Command& command : commands()) {
        if (std::find(command.keys.begin(), command.keys.end(), key) == command.keys.end()) {
            continue;
        }
        // Under an open sheet nothing moves unseen.
        const bool closes = command.id == "escape" || command.id == "keys" ||
                            command.id == "model" || command.id == "quit";
        if (app.state.overlay == Overlay::none || closes) run_command(app, command);
        return;
    }
}

}  // namespace app
