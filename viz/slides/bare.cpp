#include "viz/slides/bare.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <string_view>
#include <utility>

#include "viz/slides/figure_parts.h"
#include "viz/slides/numbered.h"
#include "viz/views/pointing.h"

namespace viz {

namespace {

constexpr float true_size = 8.0f / 9;  // labels of 12 pixels, 9 points, are 8 on paper
constexpr float air = 2;               // above and below

// In a window that is as small as these views bear, their words are cut or left out; on paper
// nothing says them otherwise. Pixels of the view.
struct Room {
    std::string_view view;
    float width;
};
constexpr std::array wider{Room{"cost", 382}, Room{"diagram", 410}, Room{"row", 352},
                           Room{"scores", 595}, Room{"tree", 550}};

}  // namespace

float least_bare_width(const View& view) {
    const auto* room = std::ranges::find(wider, view.id, &Room::view);
    return (room == wider.end() ? view.least.w : room->width) * true_size;
}

Deck bare_deck(const DeckRecipe& recipe, const Theme& theme, SceneOfStep scene,
               const std::string& title) {
    const View& view = *recipe.views.front();
    const auto drawing = [&view](const Scene& shown, Size size) {
        return [shown = std::make_shared<Scene>(shown), &view, size](Canvas& canvas) {
            draw_enlarged(canvas, {0, 0, size.w, size.h}, true_size,
                          [&](Canvas& page, Rect whole) { draw_view(page, whole, view, *shown); });
        };
    };
    // As high as the view likes, then cut to what the first and the last step cover.
    Size size{recipe.bare, 0};
    for (const int step : {recipe.steps.front(), recipe.steps.back()}) {
        const Size liked = view.preferred_size(scene(step));
        const float high = std::clamp(liked.h * recipe.bare / (liked.w * true_size), view.least.h,
                                      std::max(liked.h * 1.5f, view.least.h));
        size.h = std::max(size.h, high * true_size);
    }
    float top = size.h, bottom = 0;
    for (const int step : {recipe.steps.front(), recipe.steps.back()}) {
        const Rect used = covered(drawing(scene(step), size));
        top = std::min(top, used.y - air);
        bottom = std::max(bottom, used.bottom() + air);
    }
    top = std::clamp(top, 0.0f, size.h);
    bottom = std::clamp(bottom, top + 1, size.h);

    Deck deck;
    deck.title = title;
    deck.language = recipe.words.speaks().code();
    deck.sheet = {size.w, std::ceil(bottom - top)};
    deck.theme = &theme;
    deck.transparent = true;
    deck.language = recipe.words.speaks().code();
    deck.pages = static_cast<int>(recipe.steps.size());
    deck.page = [recipe, drawing, size, top, scene = std::move(scene)](int i) {
        Page page;
        page.step = recipe.steps[static_cast<size_t>(i)];
        page.number = numbered(page.step);
        page.name = "step-" + page.number + "-" + recipe.views.front()->id;
        const Scene& shown = scene(page.step);
        page.title = slide_title(shown, recipe.words.speaks());
        page.caption = slide_caption(shown, SlideShape::wide, "", recipe.words.speaks());
        page.whole = [draw = drawing(shown, size), top,
                      says = page.title + ". " + page.caption](Canvas& canvas) {
            PlacedCanvas moved(canvas, {0, -top}, 1);
            draw_part(moved, PagePart::figure, says, [&] { draw(moved); });
        };
        page.figure = page.whole;
        page.tooltip = [](const Hit&) { return Lines{}; };
        return page;
    };
    return deck;
}

}  // namespace viz
