#include "viz/views/view_table.h"

#include <algorithm>

#include "viz/layout/parts.h"

namespace viz {

// Each is defined in its own file.
extern const View tokens_view, flow_view, ranking_view, attention_view, heads_view, layers_view,
    vectors_view, neurons_view, lens_view, contributions_view, arithmetic_view, chain_view,
    pieces_view, tree_view, strategies_view, beam_view, cost_view, diagram_view, row_view,
    head_view, arcs_view, draws_view, routes_view, scores_view;

namespace {

// First what the window always shows, then its tabs in their order, then the parts of the first.
constexpr const View* table[] = {
    &tokens_view,  &flow_view,          &ranking_view,    &routes_view,  &attention_view,
    &scores_view,  &heads_view,         &layers_view,     &vectors_view, &neurons_view,
    &lens_view,    &contributions_view, &arithmetic_view, &chain_view,   &pieces_view,
    &tree_view,    &draws_view,         &strategies_view, &beam_view,    &cost_view,
    &diagram_view, &row_view,           &head_view,       &arcs_view};

}  // namespace

std::span<const View* const> views() {
    return table;
}

const View* find_view(std::string_view id) {
    const auto found = std::ranges::find(table, id, &View::id);
    return found == std::end(table) ? nullptr : *found;
}

void draw_view(Canvas& canvas, Rect rect, const View& view, const Scene& scene) {
    if (scene.tells_choice() || !view.tells_choice) return view.draw(canvas, rect, scene);
    const TextStyle style = sans(13, scene.theme.muted);
    draw_text_in(canvas, rect, fit_words(style, "shown together with the choice", rect.w), style,
                 Align::centre);
}

const View* page_view(const View* view) {
    return view->on_page.empty() ? view : find_view(view->on_page);
}

}  // namespace viz
