#include "app/control/view_state.h"

#include <algorithm>
#include <string>

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

template <typename Enum>
void read_enum(const json& object, const char* name, int last, Enum& value) {
    int number = static_cast<int>(value);
    read(object, name, 0, last, number);
    value = static_cast<Enum>(number);
}

}  // namespace

json view_json(const State& state) {
    const viz::Selection& s = state.selection;
    return {
        {"view", state.view->id},
        {"beside", state.beside ? state.beside->id : ""},
        {"position", s.position},
        {"layer", s.layer},
        {"head", s.head},
        {"phase", static_cast<int>(s.phase)},
        {"followed", s.token},
        {"neuron", s.neuron},
        {"locked", {{"id", state.locked.id}, {"row", state.locked.row}, {"col", state.locked.col}}},
        {"theme", state.theme->id},
        {"colours", static_cast<int>(state.colormap)},
        {"hide_first", state.attention.hide_first},
        {"difference", state.difference},
        {"mix", static_cast<int>(state.attention.mix)},
        {"own_scale", state.attention.own_scale},
        {"tint", static_cast<int>(state.attention.tint)},
        {"strategies", model::rules_text(state.rules)}};
}

void apply_view(State& state, const json& view) {
    if (!view.is_object() || !state.step) return;
    const model::Config& c = state.model->config;
    if (const viz::View* found = viz::find_view(word(view, "view")); found && found->tab) {
        state.view = found;
    }
    const viz::View* beside = viz::find_view(word(view, "beside"));
    state.beside = beside && beside->tab ? beside : nullptr;
    viz::Selection& s = state.selection;
    read(view, "position", -1, state.length() - 1, s.position);
    read(view, "layer", 0, c.n_layer - 1, s.layer);
    read(view, "head", 0, c.n_head - 1, s.head);
    read_enum(view, "phase", static_cast<int>(viz::Phase::append), s.phase);
    read(view, "followed", -1, c.n_vocab - 1, s.token);
    read(view, "neuron", -1, c.d_mlp - 1, s.neuron);
    state.theme =
        word(view, "theme") == viz::dark_theme().id ? &viz::dark_theme() : &viz::light_theme();
    read_enum(view, "colours", 2, state.colormap);
    read(view, "hide_first", state.attention.hide_first);
    read(view, "difference", state.difference);
    read_enum(view, "mix", 2, state.attention.mix);
    read(view, "own_scale", state.attention.own_scale);
    read_enum(view, "tint", 3, state.attention.tint);
    try {
        const std::string rules = word(view, "strategies");
        if (!rules.empty()) state.rules = model::parse_rules(rules, "strategies");
    } catch (const model::Error&) {
        // Written by hand, or by a later version: what is compared stays as it is.
    }
    if (const auto locked = view.find("locked"); locked != view.end() && locked->is_object()) {
        viz::Hit hit{word(*locked, "id"), 0, 0};
        read(*locked, "row", 0, 1 << 20, hit.row);
        read(*locked, "col", 0, 1 << 20, hit.col);
        if (hit.id.size() < 64) state.locked = hit;
    }
}

}  // namespace app
