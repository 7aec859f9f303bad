#include "viz/deck.h"

#include <cstdio>
#include <utility>

#include "viz/tooltip.h"

namespace viz {

namespace {

std::string page_name(int step, const DeckRecipe& recipe) {
    char number[16];
    std::snprintf(number, sizeof number, "step-%03d", step);
    std::string name = number;
    for (const View* view : recipe.views) name += std::string("-") + view->id;
    return name;
}

}  // namespace

Deck make_deck(const DeckRecipe& recipe, const Theme& theme, SceneOfStep scene) {
    Deck deck;
    deck.shape = recipe.shape;
    deck.theme = &theme;
    deck.pages = static_cast<int>(recipe.steps.size());
    deck.page = [recipe, scene = std::move(scene)](int i) {
        const int step = recipe.steps[static_cast<size_t>(i)];
        const Scene& shown = scene(step);
        Page page;
        page.step = step;
        page.name = page_name(step, recipe);
        page.title = slide_title(shown);
        page.caption = slide_caption(shown);
        page.whole = [&shown, recipe](Canvas& canvas) {
            draw_slide(canvas, shown, recipe.views, recipe.shape);
        };
        page.figure = [&shown, recipe](Canvas& canvas) {
            draw_slide_figure(canvas, shown, recipe.views, recipe.shape);
        };
        page.tooltip = [&shown](const Hit& hit) { return tooltip(shown, hit); };
        return page;
    };
    return deck;
}

}  // namespace viz
