#include "app/control/zoom.h"

#include <algorithm>
#include <iterator>
#include <string_view>

#include "model/pass/attention.h"
#include "viz/views/view_table.h"

namespace app {

namespace {

constexpr std::string_view levels[] = {"routes", "diagram", "qkv", "scores", "arithmetic"};
constexpr int last_level = static_cast<int>(std::size(levels)) - 1;

// The key that the selected position looks at most.
int strongest_key(const State& s) {
    const std::vector<float> row = model::attention_row(
        s.model->config, s.step->records, s.selection.layer, s.selection.head, s.position());
    // Where the map is without token 0, so is this.
    const auto first = row.begin() + (s.attention.hide_first && row.size() > 1 ? 1 : 0);
    return static_cast<int>(std::max_element(first, row.end()) - row.begin());
}

bool locks_cell(const State& s) {
    return s.locked.target == viz::target::map(s.selection.layer, s.selection.head) &&
           s.locked.row >= 0 && s.locked.row < s.length() && s.locked.col >= 0 &&
           s.locked.col < s.length();
}

}  // namespace

std::vector<std::string> zoom_names(const State& s) {
    const int query = locks_cell(s) ? s.locked.row : s.position();
    const int key = locks_cell(s) ? s.locked.col : strongest_key(s);
    return {"Model", "Block " + std::to_string(s.selection.layer + 1),
            "Head " + std::to_string(s.selection.head + 1), "Weights",
            s.shown_at(query) + " → " + s.shown_at(key)};
}

int zoom_level(const State& s) {
    const auto* found = std::ranges::find(levels, std::string_view(s.view->id));
    return found == std::end(levels) ? -1 : static_cast<int>(found - std::begin(levels));
}

void zoom_to(App& app, int level) {
    State& s = app.state;
    if (!s.step) return;
    level = std::clamp(level, 0, last_level);
    if (level == last_level && !locks_cell(s)) {
        s.locked = {viz::target::map(s.selection.layer, s.selection.head), s.position(),
                    strongest_key(s)};
    }
    show_view(s, viz::find_view(levels[level]));
}

void zoom(App& app, int by) {
    const State& s = app.state;
    int level = zoom_level(s);
    // The maps of heads stand between a head's matrices and its weights.
    if (level < 0)
        level = s.view->group == viz::Group::attention ? (by > 0 ? 2 : 3) : (by > 0 ? 0 : 1);
    zoom_to(app, level + by);
}

}  // namespace app
