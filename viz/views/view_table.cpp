#include "viz/views/view_table.h"

#include <algorithm>

#include "viz/layout/curtain.h"
#include "viz/layout/parts.h"

namespace viz {

// Each is defined in its own file.
extern const View tokens_view, flow_view, ranking_view, attention_view, heads_view, layers_view,
    vectors_view, neurons_view, lens_view, contributions_view, arithmetic_view, chain_view,
    pieces_view, tree_view, strategies_view, beam_view, cost_view, diagram_view, row_view,
    head_view, arcs_view, draws_view, routes_view, scores_view, qkv_view, choice_view;

namespace {

// First what the window always shows, then its tabs in their order, then the parts of the first.
constexpr const View* table[] = {
    &tokens_view,  &flow_view,  &ranking_view,       &routes_view,     &attention_view,
    &scores_view,  &heads_view, &qkv_view,           &layers_view,     &vectors_view,
    &neurons_view, &lens_view,  &contributions_view, &arithmetic_view, &chain_view,
    &pieces_view,  &tree_view,  &choice_view,        &draws_view,      &strategies_view,
    &beam_view,    &cost_view,  &diagram_view,       &row_view,        &head_view,
    &arcs_view};

}  // namespace

std::span<const View* const> views() {
    return table;
}

const View* find_view(std::string_view id) {
    const auto found = std::ranges::find(table, id, &View::id);
    return found == std::end(table) ? nullptr : *found;
}

const char* group_title(Group group) {
    switch (group) {
        case Group::text:
            return "Text";
        case Group::attention:
            return "Attention";
        case Group::stream:
            return "Stream and MLP";
        case Group::choice:
            return "Output and choice";
    }
    return "";
}

void cover(Canvas& canvas, Rect rect, const View& view, float way, const Theme& theme) {
    if (view.plays == Plays::way) draw_way_curtain(canvas, rect, way, theme);
    if (view.plays == Plays::late) draw_curtain(canvas, rect, late_part(way), theme);
}

void draw_view(Canvas& canvas, Rect rect, const View& view, const Scene& scene) {
    if (scene.way < 1 && view.plays != Plays::whole) {  // it is there as a whole, and covered
        Scene whole = scene;
        whole.way = 1;
        view.draw(canvas, rect, whole);
        return cover(canvas, rect, view, scene.way, scene.theme);
    }
    if (scene.tells_choice() || !view.tells_choice) return view.draw(canvas, rect, scene);
    const TextStyle style = sans(13, scene.theme.muted);
    draw_text_in(canvas, rect, fit_words(style, "shown together with the choice", rect.w), style,
                 Align::centre);
}

const View* page_view(const View* view) {
    return view->on_page.empty() ? view : find_view(view->on_page);
}

}  // namespace viz
