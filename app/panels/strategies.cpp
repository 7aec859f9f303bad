// The line above the views of strategies: which row is edited, and with what.
#include "app/control/strategies.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "app/control/commands.h"
#include "app/panels/panels.h"
#include "model/decode/options.h"

namespace app {

using viz::Rect;

namespace {

// Name, value and slider of a number, as far as there is room.
void draw_number(const Painter& p, Rect rect, const std::string& slider,
                 const Parameter& parameter) {
    const viz::TextStyle name = p.sans(12.5f, p.theme.muted), value = p.mono(13, p.theme.text);
    constexpr float least_slider = 48;
    const float number = std::max(width_of(value, parameter.value), width_of(value, "0.00")) + 8;
    if (rect.w > width_of(name, parameter.name) + 8 + number + least_slider) {
        viz::draw_text_in(p.canvas, rect, parameter.name, name);
        rect = rect.without_left(width_of(name, parameter.name) + 8);
    }
    if (rect.w < number) return;
    viz::draw_text_in(p.canvas, rect, parameter.value, value);
    rect = rect.without_left(number);
    if (rect.w >= least_slider) {
        draw_slider(p, rect.left(std::min(rect.w, 220.0f)), slider, parameter.t);
    }
}

}  // namespace

void draw_beam_tools(const Painter& p, Rect line, const State& state) {
    draw_number(p, line, "slider/beams", beams_parameter(state));
}

std::vector<Choice> strategy_choices(bool beams) {
    std::vector<Choice> all = {{"greedy", "Greedy"}};
    if (beams) all.push_back({"beams", "Beams"});
    for (const model::DecodingOption& option : model::decoding_options()) {
        if (option.samples()) all.push_back({option.name, option.control.title});
    }
    return all;
}

void draw_strategy_tools(const Painter& p, Rect line, const State& state) {
    const model::StrategyRule& rule = chosen_rule(state);
    const viz::TextStyle name = p.bold(12.5f, p.theme.accent);
    const std::string row = std::to_string(state.rule + 1) + ".";
    viz::draw_text_in(p.canvas, line, row, name);
    line = line.without_left(width_of(name, row) + 8);
    const float segments = std::min(440.0f, line.w * 0.5f);
    draw_fitting_segments(p, line.left(segments), "rule-kind/", strategy_choices(true),
                          rule_kind(rule));
    line = line.without_left(segments + 12);
    for (const char* id : {"strategy-remove", "strategy-add", "strategies-dice", "strategy-seed"}) {
        Button button = command_button(state, id);
        if (button.id == "command/strategy-add") button.label = "+";
        if (button.id == "command/strategy-remove") {
            button.label.clear();
            button.icon = Icon::close;
        }
        if (button.id == "command/strategies-dice") {
            button.label.clear();
            button.icon = Icon::dice;
        }
        if (button.id == "command/strategy-seed") {
            if (!button.enabled) continue;
            button.label = "seed " + std::to_string(rule.decoding.seed);
        }
        button.size = 12.5f;
        const float width = button_width(p, button);
        if (width > line.w) return;
        draw_button(p, {line.right() - width, line.y, width, line.h}, button);
        line = line.without_right(width + 8);
    }
    if (rule.searches() || rule.decoding.sampled()) {
        draw_number(p, line, "slider/rule", rule_parameter(rule, state.model->config.n_vocab));
    }
}

void draw_strategy_field(const Painter& p, Rect line, const State& state) {
    const bool active = state.typing == "field/strategies";
    draw_field(p, line, "field/strategies", active);
    if (!active && state.overlay != Overlay::none) {
        viz::draw_text_in(p.canvas, line.without_left(field_padding).without_right(field_padding),
                          state.typed_rules, p.sans(15, p.theme.text));
    }
}

}  // namespace app
