#include "app/panels/panels.h"

#include <algorithm>
#include <cmath>

#include "app/control/class_guesses.h"
#include "app/control/commands.h"
#include "app/control/zoom.h"
#include "app/run/export_formats.h"
#include "model/decode/options.h"
#include "viz/paint/format.h"
#include "viz/views/drawings.h"

namespace app {

using viz::Align;
using viz::Rect;

namespace {

constexpr float field_height = 36;

}  // namespace

viz::Colour error_ink(const viz::Theme& theme) {
    return viz::mix(theme.key, theme.text, 0.25f);
}

float field_hint_width(std::string_view id, Rect field) {
    if (id != "field/prompt" || field.w < 380) return 0;
    return field.w >= 560 ? 218.0f : 84.0f;  // with how a line is broken
}

Button command_button(const State& state, std::string_view id) {
    const Command& c = command(id);
    Button button;
    button.id = "command/" + c.id;
    button.label = c.title;
    button.enabled = c.enabled(state);
    return button;
}

namespace {

// The button of the colour maps shows the map that is in use.
float draw_colours(const Painter& p, Rect rect, const State& state) {
    Button button;
    button.id = "command/colours";
    draw_button(p, rect, button);
    viz::Heatmap map{1, 12, {}};
    for (int i = 0; i < map.cols; ++i) {
        const float t = static_cast<float>(i) / static_cast<float>(map.cols - 1);
        map.colours.push_back(viz::sequential(p.theme, state.colormap, t));
    }
    p.canvas.heatmap({rect.x + 9, rect.centre().y - 6, rect.w - 18, 12}, map);
    return rect.x;
}

}  // namespace

void draw_bar(const Painter& p, Rect rect, const State& state) {
    const viz::Theme& t = p.theme;
    p.canvas.fill_rect(rect, t.card);
    const viz::Point edge[] = {{rect.x, rect.bottom() - 1}, {rect.right(), rect.bottom() - 1}};
    p.canvas.polyline(edge, {t.border, 1});
    const float top = std::round(rect.centre().y - field_height / 2);
    auto line = [&](float x, float width) { return Rect{x, top, width, field_height}; };

    const bool narrow = rect.w < 1000;  // then much is in the menu alone
    const float apart = narrow ? 6 : 10;
    float x = narrow ? 10 : 20;
    if (rect.w >= 1200) {
        const viz::TextStyle logo = p.bold(20, t.accent);
        viz::draw_text_in(p.canvas, line(x, 130), "Stepscope", logo);
        x += std::ceil(width_of(logo, "Stepscope")) + 16;
    }

    const model::Config& c = state.model->config;
    Button model = command_button(state, "model");
    model.icon = Icon::diamond;
    model.menu = true;
    model.label =
        c.name + " · " + viz::count(c.n_layer) + " blocks × " + viz::plural(c.n_head, "head");
    const float most = rect.w * 0.26f;
    if (button_width(p, model) > most) model.label = c.name;
    const float model_width = std::min(button_width(p, model), most);
    draw_button(p, line(x, model_width), model);
    x += model_width + apart;
    Button lessons = command_button(state, "lessons");
    lessons.menu = true;
    const float lessons_width = button_width(p, lessons);
    draw_button(p, line(x, lessons_width), lessons);
    x += lessons_width + apart;
    Button examples = command_button(state, "examples");
    examples.menu = true;
    if (!narrow) {
        const float width = button_width(p, examples);
        draw_button(p, line(x, width), examples);
        x += width + apart;
    }
    Button run = command_button(state, "run-menu");
    run.menu = true;
    const float run_width = button_width(p, run);
    draw_button(p, line(x, run_width), run);
    x += run_width + apart + 2;

    // Buttons from the right; the prompt takes what is left.
    Button keys = command_button(state, "keys");
    keys.label = "? Keys";
    Button theme = command_button(state, "theme");
    theme.label = state.theme->dark ? "Dark" : "Light";
    theme.icon = Icon::half_moon;
    const Button save = command_button(state, "export-dialog");
    float right = rect.w - 16;
    for (const Button* button : std::initializer_list<const Button*>{&keys, &theme, &save}) {
        if (button == &theme && rect.w < 1400) continue;  // it is in the menu
        const float width = button_width(p, *button);
        right -= width;
        draw_button(p, line(right, width), *button);
        right -= apart;
        if (button == &theme) right = draw_colours(p, line(right - 42, 42), state) - apart;
    }
    constexpr float least_field = 160;
    if (const float width = class_width(p, state, right - x - 12 - least_field); width > 0) {
        draw_class(p, line(x, width), state);
        x += width + 12;
    }
    if (const float width = fetching_width(p, state, right - x - 12 - least_field); width > 0) {
        draw_fetching(p, line(x, width), state);
        x += width + 12;
    }
    const Rect field = line(x, right - x - 4);
    const bool active = state.typing == "field/prompt";
    draw_field(p, field, "field/prompt", active);
    const Rect inside = field.without_left(field_padding).without_right(field_padding);
    const float hint = field_hint_width("field/prompt", field);
    if (hint > 0) {
        const char* typing =
            hint > 100 ? "Enter starts, Shift+Enter breaks a line" : "Enter starts";
        viz::draw_text_in(p.canvas, inside, active ? typing : command("prompt").keys.front(),
                          p.sans(12, t.muted), Align::right);
    }
    if (state.overlay != Overlay::none) {  // no text field lies under an open sheet
        viz::draw_text_in(p.canvas, inside.without_right(hint), state.prompt, p.sans(15, t.text));
    }
}

void draw_ribbon(const Painter& p, Rect rect, const State& state) {
    draw_card(p, rect);
    const float above = rect.h < 72 ? 8 : 14, below = rect.h < 72 ? 6 : 10;
    const Rect inside =
        rect.without_left(16).without_right(16).without_top(above).without_bottom(below);
    const std::string field = "field/prompt";
    if (state.presenting && (state.typing == field || state.wants_typing == field)) {
        // Where there is no bar, a prompt is typed where it will stand.
        const Rect line{inside.x, inside.centre().y - field_height / 2 - 8, inside.w, field_height};
        draw_field(p, line, field, true);
        viz::draw_text_in(p.canvas, {inside.x, line.bottom() + 2, inside.w, 18},
                          "Enter starts, Esc leaves it as it was", p.sans(11.5f, p.theme.muted));
        return;
    }
    p.sheets.show(p.canvas, inside, *viz::find_view("tokens"));
}

void draw_flow_panel(const Painter& p, Rect rect, const State& state) {
    draw_card(p, rect);
    const Rect inside = rect.inset(rect.h < 500 ? 12 : 16);
    const Rect line = inside.top(18);
    viz::draw_text_in(p.canvas, line, "Where we are", p.bold(14.5f, p.theme.text));
    const float room = line.w - width_of(p.bold(14.5f, {}), "Where we are") - 12;
    const std::string at = "at " + state.shown_at(state.position());
    viz::draw_text_in(p.canvas, line, viz::fit_middle(viz::Face::sans, 12, at, room),
                      p.sans(12, p.theme.muted), Align::right);
    const Rect pass = inside.without_top(28);
    p.sheets.show(p.canvas, pass, *viz::find_view("flow"));
    if (p.way < 1) {  // downward, with the pass
        const float shown = pass.h * p.way;
        p.canvas.fill_rect(pass.without_top(shown).inset(-1), p.theme.card);
        p.canvas.fill_rect({pass.x, pass.y + shown, pass.w, 1.5f},
                           p.theme.accent.with_alpha(0.35f));
    }
}

namespace {

// The switches that change a view, in a line above it; null where it has none.
using Tools = void (*)(const Painter&, Rect, const State&);

void draw_attention_tools(const Painter& p, Rect line, const State& state) {
    static const std::vector<Choice> mixes = {
        {"one", "One head"}, {"mean", "Mean"}, {"max", "Max"}};
    const auto mix = static_cast<size_t>(state.attention.mix);
    const float segments = std::min(210.0f, line.w * (p.hand ? 0.6f : 0.4f));
    draw_segments(p, line.left(segments), "mix/", mixes, mixes[mix].id);
    line = line.without_left(segments + 16);
    for (const char* id : {"hide-first", "own-scale"}) {
        const Command& c = command(id);
        const bool on =
            c.id == "hide-first" ? state.attention.hide_first : state.attention.own_scale;
        const float width = checkbox_width(p, c.title) + 2;
        if (width > line.w) return;
        draw_checkbox(p, line.left(width), "command/" + c.id, c.title, on);
        line = line.without_left(width + 16);
    }
}

void draw_heads_tools(const Painter& p, Rect line, const State& state) {
    static const std::vector<Choice> tints = {{"none", "Plain"},
                                              {"previous", "Previous"},
                                              {"first", "First"},
                                              {"induction", "Induction"}};
    const auto tint = static_cast<size_t>(state.attention.tint);
    const float segments = std::min(320.0f, line.w);
    draw_segments(p, line.left(segments), "tint/", tints, tints[tint].id);
    const std::string hide = command("hide-first").title;
    const float width = checkbox_width(p, hide) + 2;
    line = line.without_left(segments + 16);
    if (width > line.w) return;
    draw_checkbox(p, line.left(width), "command/hide-first", hide, state.attention.hide_first);
}

void draw_routes_tools(const Painter& p, Rect line, const State& state) {
    static const std::vector<Choice> measures = {{"answer", "Its part in the answer"},
                                                 {"arrives", "What arrives"}};
    static const std::vector<Choice> leasts = {
        {"3", "0.3 %"}, {"10", "1 %"}, {"30", "3 %"}, {"100", "10 %"}};
    const float segments = std::min(320.0f, line.w * (p.hand ? 1.0f : 0.6f));
    draw_segments(p, line.left(segments), "routes/", measures,
                  viz::route_id(state.attention.routes));
    line = line.without_left(segments + 16);
    const std::string words = "routes from";
    const float width = width_of(p.sans(13, p.theme.muted), words) + 8;
    if (width + 200 > line.w) return;
    viz::draw_text_in(p.canvas, line.left(width), words, p.sans(13, p.theme.muted));
    const int least = static_cast<int>(state.attention.least_route * 1000 + 0.5);
    draw_segments(p, line.without_left(width).left(200), "route-least/", leasts,
                  std::to_string(least));
}

Tools tools_of(const viz::View& view) {
    switch (view.switches) {
        case viz::Switches::none:
            return nullptr;
        case viz::Switches::attention:
            return draw_attention_tools;
        case viz::Switches::heads:
            return draw_heads_tools;
        case viz::Switches::routes:
            return draw_routes_tools;
        case viz::Switches::strategies:
            return draw_strategy_tools;
        case viz::Switches::beam:
            return draw_beam_tools;
    }
    return nullptr;
}

// The way of a token as far as the mouse holds it.
void draw_way_slider(const Painter& p, Rect rect) {
    const viz::TextStyle style = p.sans(12, p.theme.muted);
    const std::string words = "watch";
    const float width = width_of(style, words) + 8;
    viz::draw_text_in(p.canvas, rect.left(width), words, style);
    draw_slider(p, rect.without_left(width).left(150), "slider/way", p.way, p.way >= 1);
}

void show_pane(const Painter& p, Rect rect, const viz::View& view) {
    if (view.plays == viz::Plays::way) {
        constexpr float line = 20;
        draw_way_slider(p, rect.without_top(rect.h - line));
        rect = rect.without_bottom(line + 4);
    }
    p.canvas.region(rect, std::string("pane/") + view.id);
    p.sheets.show(p.canvas, rect, view);
    viz::cover(p.canvas, rect, view, p.way, p.theme);
}

// Where the view is on the way from the model to one number; each level leads there.
void draw_zoom(const Painter& p, Rect line, const State& state) {
    const std::vector<std::string> names = zoom_names(state);
    const int level = zoom_level(state);
    float x = line.x;
    for (int i = 0; i < static_cast<int>(names.size()); ++i) {
        const std::string id = "zoom-level/" + std::to_string(i);
        const bool here = i == level;
        const viz::Colour ink = here || p.hover == id ? p.theme.accent : p.theme.muted;
        const viz::TextStyle style = here ? p.bold(13, ink) : p.sans(13, ink);
        const float width = width_of(style, names[static_cast<size_t>(i)]);
        if (x + width > line.right()) return;
        const Rect place{x, line.y, width, line.h};
        viz::draw_text_in(p.canvas, place, names[static_cast<size_t>(i)], style);
        p.canvas.region(place.inset(-3), id);
        x += width + 9;
        if (i + 1 == static_cast<int>(names.size())) return;
        viz::draw_text_in(p.canvas, {x, line.y, 8, line.h}, "›", p.sans(13, p.theme.muted));
        x += 15;
    }
}

// A view with its switches, and the name of the head that it shows.
void draw_pane(const Painter& p, Rect rect, const viz::View& view, const State& state) {
    if (const Tools tools = tools_of(view)) {
        tools(p, rect.top(30), state);
        rect = rect.without_top(30 + 10);
        // What the line above cannot say can be typed.
        if (tools == draw_strategy_tools && rect.h > 400) {
            draw_strategy_field(p, rect.top(30), state);
            rect = rect.without_top(30 + 10);
        }
    }
    if (&view == state.view && zoom_level(state) > 0) {
        draw_zoom(p, rect.top(20), state);
        rect = rect.without_top(20 + 8);
    }
    if (view.heading == viz::Heading::head) {
        viz::draw_text_in(p.canvas, rect.top(20),
                          viz::head_name(state.selection.layer, state.selection.head),
                          p.bold(14.5f, p.theme.text));
        rect = rect.without_top(28);
    }
    show_pane(p, rect, view);
}

}  // namespace

void draw_centre(const Painter& p, Rect rect, const State& state) {
    draw_card(p, rect);
    const float below = state.presenting ? 8 : 14;
    Rect inside = rect.without_left(16).without_right(16).without_top(10).without_bottom(below);
    std::vector<Choice> tabs;
    for (const viz::View* view : viz::views()) {
        if (view->tab) tabs.push_back({std::string("view-") + view->id, view->title});
    }
    if (state.presenting && !state.beside && !p.hand) {  // a title instead of what is for choosing
        if (state.view->heading != viz::Heading::own) {
            viz::draw_text_in(p.canvas, inside.top(24), state.view->title,
                              p.bold(15, p.theme.text));
            inside = inside.without_top(30);
        }
        show_pane(p, inside, *state.view);
        return;
    }
    if (p.hand) return draw_pane(p, inside, *state.view, state);
    Button beside = command_button(state, "beside");
    beside.icon = state.beside ? Icon::close : Icon::columns;
    beside.label.clear();
    Rect line = inside.top(32);
    draw_button(p, line.without_left(line.w - 34), beside);
    line = line.without_right(34 + 6);
    if (state.folded) {
        Button unfold = command_button(state, "fold");
        unfold.label = "Show panels";
        unfold.size = 13;
        const float width = button_width(p, unfold);
        draw_button(p, line.without_left(line.w - width), unfold);
        line = line.without_right(width + 10);
    }
    Button what_if = command_button(state, "what-if");
    what_if.size = 13;
    const float what_if_width = button_width(p, what_if);
    draw_button(p, line.without_left(line.w - what_if_width), what_if);
    line = line.without_right(what_if_width + 10);
    inside = inside.without_top(32 + 12);
    const std::string chosen = std::string("view-") + state.view->id;
    if (!state.beside) {
        draw_tabs(p, line, "command/", tabs, chosen, "command/views");
        draw_pane(p, inside, *state.view, state);
        return;
    }
    constexpr float divide = 33;
    const float width = std::floor((inside.w - divide) / 2);
    const Rect right = inside.without_left(inside.w - width);
    draw_tabs(p, line.left(width), "command/", tabs, chosen, "command/views");
    draw_pane(p, inside.left(width), *state.view, state);
    const float middle = inside.x + width + divide / 2;
    const viz::Point ends[] = {{middle, line.y}, {middle, inside.bottom()}};
    p.canvas.polyline(ends, {p.theme.border, 1});
    const Rect title{right.x, line.y, line.right() - right.x, line.h};
    viz::draw_text_in(p.canvas, title, state.beside->title, p.bold(13.5f, p.theme.accent));
    p.canvas.region(title, "command/swap");
    draw_pane(p, right, *state.beside, state);
}

void hide_proposed(const Painter& p, const viz::Regions& regions) {
    for (const viz::Region& region : regions.all()) {
        if (region.target != "proposed") continue;
        p.canvas.fill_rect(region.visible.inset(-1), p.theme.card);
        p.canvas.stroke_rect(region.visible.inset(0.75f), {p.theme.accent, 1.5f, true}, 6);
    }
}

void draw_window(const Painter& p, viz::Size size, const State& state) {
    if (state.blank) {
        p.canvas.fill_rect({0, 0, size.w, size.h}, {0, 0, 0});
        p.canvas.region({0, 0, size.w, size.h}, "command/blank");
        return;
    }
    const Layout at = lay_out_window(size, state);
    if (at.bar.w > 0) (p.hand ? draw_hand_bar : draw_bar)(p, at.bar, state);
    if (at.notice.w > 0) draw_notice(p, at.notice, state);
    if (state.step) {
        draw_ribbon(p, at.ribbon, state);
        if (at.flow.w > 0) draw_flow_panel(p, at.flow, state);
        if (at.lesson.w > 0) draw_lesson(p, at.lesson, state);
        if (at.centre.h > 0) draw_centre(p, at.centre, state);
        if (at.guesses.w > 0) draw_guesses_panel(p, at.guesses, state);
        if (at.ranking.w > 0) draw_ranking_panel(p, at.ranking, state);
        if (at.others.w > 0) draw_others(p, at.others, state);
        const auto draw_below = p.hand             ? draw_hand_transport
                                : state.presenting ? draw_footer
                                                   : draw_transport;
        draw_below(p, at.transport, state);
    } else {
        for (const Rect& rect :
             {at.ribbon, at.flow, at.lesson, at.centre, at.ranking, at.transport}) {
            draw_card(p, rect);
        }
    }
    draw_overlay(p, size, state);
    draw_progress(p, size, state);
    draw_toast(p, size, state);
}

std::vector<std::string> tooltip_lines(const State& state, const ViewCache& sheets,
                                       const viz::Hit& hit) {
    const viz::Target& target = hit.target;
    if (target.empty()) return {};
    if (target.is("error")) return {state.error};
    if (target.is("fetching")) return {"this model is being fetched", "click: the menu, to cancel"};
    if (target.is("export") && target.word() == "format") {
        return {export_format(target.word(1)).help};
    }
    if (target.is("export") && target.word() == "reveal") {
        return {"four pages a step: scores, probabilities, the choice, appended"};
    }
    if (target.is("mix") || target.is("tint") || target.is("routes")) {
        const Command& c = command(target.kind());
        return {c.help, "key: " + key_text(c)};
    }
    if (target.is("zoom-level")) {
        return {"from the model to one number",
                "Shift and the wheel, or Shift and ↑ ↓, go in and out"};
    }
    if (target.is("small-view")) {
        const viz::View& view = *viz::find_view(target.word());
        return {view.title, view.help, "click: large, in the place of what is there"};
    }
    if (target.is("route-least")) return {"ways that carry less of the whole are not shown"};
    if (target.is("rule-kind")) return {"what this row of the comparison does"};
    if (target.is("strategy")) {
        for (const model::DecodingOption& option : model::decoding_options()) {
            if (target.word() == option.name) return {option.name, option.help};
        }
        return {};
    }
    if (target == "field/strategies") {
        return {"one to four strategies, then Enter: greedy; t=0.9, p=0.95; k=40; beams=4",
                "in words of " + model::rule_examples()};
    }
    if (target.is("command")) {
        const Command& c = command(target.words());
        if (c.keys.empty()) return {c.help};
        return {c.help, "key: " + key_text(c)};
    }
    if (!state.step) return {};
    if (target == "slider/way") return {"drag: how the step came to its ranking"};
    if (target.is("timeline")) {
        const int position = hit.col;
        if (position >= state.path_length()) return {};
        const model::Choice& choice = state.path_end->choices[static_cast<size_t>(position)];
        const int id = state.path_end->records[static_cast<size_t>(position)]->id();
        std::string line = position == 0 ? std::string("the first token: nothing predicted it")
                                         : "probability " + viz::percent(choice.probability) +
                                               ", rank " + viz::count(choice.rank + 1);
        return {"position " + viz::count(position) + " · " + state.model->shown(id), line,
                std::string("chosen by: ") + model::chosen_by_name(choice.by)};
    }
    std::vector<std::string> lines = sheets.tooltip(hit);
    if (target.is("layer") && !lines.empty() && zoom_level(state) == 0 &&
        target.number(0) == state.selection.layer) {
        lines.push_back("click: into this block");
    }
    if (target.is("token") && !lines.empty() && target.number(0) < state.step->prompt_length) {
        lines.push_back("right click replaces it: what would the model say then?");
    }
    if (target.is("candidate") && !lines.empty()) {
        lines.push_back(takes_guesses(state) ? "click: one voice, right click: takes one back"
                                             : "click appends it, right click follows it");
    }
    return lines;
}

}  // namespace app
