#include "app/run/saved_look.h"

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

// A word, or the number that older files have; what stands there already for anything else.
template <typename Enum>
void read(const json& object, const char* name, const char* (*id)(Enum), Enum last, Enum& value) {
    int number = static_cast<int>(value);
    read(object, name, 0, static_cast<int>(last), number);
    value = viz::value_named(id, last, word(object, name)).value_or(static_cast<Enum>(number));
}

const viz::View* view_named(const json& view, const char* name) {
    if (!view.is_object()) return nullptr;
    const viz::View* found = viz::find_view(word(view, name));
    return found && found->tab ? found : nullptr;
}

}  // namespace

const viz::View* saved_view(const json& view) {
    return view_named(view, "view");
}

const viz::View* saved_beside(const json& view) {
    return view_named(view, "beside");
}

json look_json(const Snapshot& look) {
    const viz::Selection& s = look.selection;
    return {
        {"position", s.position},
        {"layer", s.layer},
        {"head", s.head},
        {"phase", viz::phase_id(s.phase)},
        {"followed", s.token},
        {"neuron", s.neuron},
        {"locked",
         {{"id", look.locked.target.text()}, {"row", look.locked.row}, {"col", look.locked.col}}},
        {"theme", look.theme->id},
        {"colours", viz::colormap_id(look.colormap)},
        {"hide_first", look.attention.hide_first},
        {"difference", look.difference},
        {"mix", viz::mix_id(look.attention.mix)},
        {"own_scale", look.attention.own_scale},
        {"tint", viz::tint_id(look.attention.tint)},
        {"routes", viz::route_id(look.attention.routes)},
        {"strategies", model::rules_text(look.rules)}};
}

void take_look(Snapshot& look, const json& view) {
    if (!view.is_object() || !look.step) return;
    const model::Config& c = look.model->config;
    viz::Selection& s = look.selection;
    read(view, "position", -1, static_cast<int>(look.step->records.size()) - 1, s.position);
    read(view, "layer", 0, c.n_layer - 1, s.layer);
    read(view, "head", 0, c.n_head - 1, s.head);
    read(view, "phase", viz::phase_id, viz::Phase::append, s.phase);
    read(view, "followed", -1, c.n_vocab - 1, s.token);
    read(view, "neuron", -1, c.d_mlp - 1, s.neuron);
    for (const viz::Theme* theme : {&viz::light_theme(), &viz::dark_theme()}) {
        if (word(view, "theme") == theme->id) look.theme = theme;
    }
    read(view, "colours", viz::colormap_id, viz::Colormap::cividis, look.colormap);
    read(view, "hide_first", look.attention.hide_first);
    read(view, "difference", look.difference);
    using AttentionLook = viz::AttentionLook;
    read(view, "mix", viz::mix_id, AttentionLook::Mix::max, look.attention.mix);
    read(view, "own_scale", look.attention.own_scale);
    read(view, "tint", viz::tint_id, AttentionLook::Tint::induction, look.attention.tint);
    read(view, "routes", viz::route_id, model::RouteMeasure::arrives, look.attention.routes);
    try {
        const std::string rules = word(view, "strategies");
        if (!rules.empty()) look.rules = model::parse_rules(rules, "strategies");
    } catch (const model::Error&) {
        // Written by hand, or by a later version: what is compared stays as it is.
    }
    if (const auto locked = view.find("locked"); locked != view.end() && locked->is_object()) {
        const std::string id = word(*locked, "id");
        viz::Hit hit{id, 0, 0};
        read(*locked, "row", 0, 1 << 20, hit.row);
        read(*locked, "col", 0, 1 << 20, hit.col);
        if (id.size() < 64) look.locked = hit;
    }
}

}  // namespace app
