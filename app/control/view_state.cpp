#include "app/control/view_state.h"

#include <algorithm>
#include <string>

#include "app/control/class_guesses.h"
#include "model/base/error.h"
#include "viz/views/drawings.h"

namespace app {

namespace {

using nlohmann::json;

// A whole number of the object within bounds, or what stands there already.
void read(const json& object, const char* name, int low, int high, int& value) {
    const auto found = object.find(name);
    if (found == object.end() || !found->is_number_integer()) return;
    const auto wanted = found->get<std::int64_t>();
    if (wanted >= low && wanted <= high) value = static_cast<int>(wanted);
}

void read(const json& object, const char* name, bool& value) {
    const auto found = object.find(name);
    if (found != object.end() && found->is_boolean()) value = found->get<bool>();
}

std::string word(const json& object, const char* name) {
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

// A word, or the number that older files have; what stands there already for anything else.
template <typename Enum>
void read(const json& object, const char* name, const char* (*id)(Enum), Enum last, Enum& value) {
    int number = static_cast<int>(value);
    read(object, name, 0, static_cast<int>(last), number);
    value = viz::value_named(id, last, word(object, name)).value_or(static_cast<Enum>(number));
}

}  // namespace

json view_json(const State& state) {
    const viz::Selection& s = state.selection;
    return {{"view", state.view->id},
            {"beside", state.beside ? state.beside->id : ""},
            {"position", s.position},
            {"layer", s.layer},
            {"head", s.head},
            {"phase", viz::phase_id(s.phase)},
            {"followed", s.token},
            {"neuron", s.neuron},
            {"locked",
             {{"id", state.locked.target.text()},
              {"row", state.locked.row},
              {"col", state.locked.col}}},
            {"theme", state.theme->id},
            {"colours", viz::colormap_id(state.colormap)},
            {"hide_first", state.attention.hide_first},
            {"difference", state.difference},
            {"mix", viz::mix_id(state.attention.mix)},
            {"own_scale", state.attention.own_scale},
            {"tint", viz::tint_id(state.attention.tint)},
            {"routes", viz::route_id(state.attention.routes)},
            {"strategies", model::rules_text(state.rules)},
            {"guesses", guesses_json(state.guesses)}};
}

void apply_view(State& state, const json& view) {
    if (!view.is_object() || !state.step) return;
    const model::Config& c = state.model->config;
    if (const viz::View* found = viz::find_view(word(view, "view")); found && found->tab) {
        show_view(state, found);
    }
    const viz::View* beside = viz::find_view(word(view, "beside"));
    state.beside = beside && beside->tab ? beside : nullptr;
    viz::Selection& s = state.selection;
    read(view, "position", -1, state.length() - 1, s.position);
    read(view, "layer", 0, c.n_layer - 1, s.layer);
    read(view, "head", 0, c.n_head - 1, s.head);
    read(view, "phase", viz::phase_id, viz::Phase::append, s.phase);
    read(view, "followed", -1, c.n_vocab - 1, s.token);
    read(view, "neuron", -1, c.d_mlp - 1, s.neuron);
    state.theme =
        word(view, "theme") == viz::dark_theme().id ? &viz::dark_theme() : &viz::light_theme();
    read(view, "colours", viz::colormap_id, viz::Colormap::cividis, state.colormap);
    read(view, "hide_first", state.attention.hide_first);
    read(view, "difference", state.difference);
    using Look = viz::AttentionLook;
    read(view, "mix", viz::mix_id, Look::Mix::max, state.attention.mix);
    read(view, "own_scale", state.attention.own_scale);
    read(view, "tint", viz::tint_id, Look::Tint::induction, state.attention.tint);
    read(view, "routes", viz::route_id, model::RouteMeasure::arrives, state.attention.routes);
    try {
        const std::string rules = word(view, "strategies");
        if (!rules.empty()) state.rules = model::parse_rules(rules, "strategies");
    } catch (const model::Error&) {
        // Written by hand, or by a later version: what is compared stays as it is.
    }
    if (const auto guesses = view.find("guesses"); guesses != view.end()) {
        state.guesses = read_guesses(*guesses, c.n_vocab);
    }
    if (const auto locked = view.find("locked"); locked != view.end() && locked->is_object()) {
        const std::string id = word(*locked, "id");
        viz::Hit hit{id, 0, 0};
        read(*locked, "row", 0, 1 << 20, hit.row);
        read(*locked, "col", 0, 1 << 20, hit.col);
        if (id.size() < 64) state.locked = hit;
    }
}

}  // namespace app
