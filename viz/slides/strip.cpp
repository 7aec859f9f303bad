#include "viz/slides/strip.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "viz/layout/parts.h"
#include "viz/layout/pen.h"
#include "viz/paint/display_list.h"
#include "viz/paint/format.h"
#include "viz/slides/figure_parts.h"
#include "viz/slides/legends.h"

namespace viz {

namespace {

constexpr float gap = 36;                                // between panels
constexpr float heading = 44;                            // of a panel
constexpr float most_scale = 1.75f, least_scale = 1.2f;  // of its view

struct Grid {
    int columns = 1, rows = 1;
    Size panel;
    float scale = 0;  // that lets the view have what it needs
};

// The grid whose panels may be drawn largest, of those that let the view have what it needs.
Grid grid_of(SlideShape shape, const View& view, Size liked, int steps) {
    const Rect body = slide_body(shape);
    Grid best;
    float best_size = 0;
    bool best_fits = false;
    for (int columns = 1; columns <= steps; ++columns) {
        Grid grid;
        grid.columns = columns;
        grid.rows = (steps + columns - 1) / columns;
        const auto across = static_cast<float>(grid.columns), down = static_cast<float>(grid.rows);
        grid.panel = {(body.w - gap * (across - 1)) / across,
                      (body.h - gap * (down - 1)) / down - heading};
        grid.scale = std::min(grid.panel.w / view.least.w, grid.panel.h / view.least.h);
        const float size = std::min(grid.panel.w / liked.w, grid.panel.h / liked.h);
        const bool fits = grid.scale >= least_scale;
        if (fits > best_fits || (fits == best_fits && size > best_size)) {
            best = grid;
            best_size = size;
            best_fits = fits;
        }
    }
    return best;
}

struct Panel {
    std::string title;
    DisplayList drawing;
};

// "steps 1, 4, 7 and 10".
std::string steps_title(const std::vector<int>& steps, const Language& language) {
    std::string list = count(steps.front());
    for (size_t i = 1; i + 1 < steps.size(); ++i) list += ", " + count(steps[i]);
    if (steps.size() == 1) return language.say("strip.steps.one", {{"list", list}});
    return language.say(
        "strip.steps.many",
        {{"list", language.say("strip.and", {{"list", list}, {"last", count(steps.back())}})}});
}

}  // namespace

bool strip_holds(SlideShape shape, const View& view, int steps) {
    return grid_of(shape, view, view.least, steps).scale >= least_scale;
}

Deck strip_deck(const DeckRecipe& recipe, const Theme& theme, SceneOfStep scene,
                const std::string& title) {
    Deck deck;
    deck.title = title;
    deck.language = recipe.words.speaks().code();
    deck.shape = recipe.shape;
    deck.theme = &theme;
    deck.footer = footer_room(recipe.words, scene(recipe.steps.back()), recipe.shape);
    deck.logo = recipe.logo;
    deck.language = recipe.words.speaks().code();
    deck.pages = 1;
    deck.page = [recipe, &theme, scene = std::move(scene)](int) {
        const View& view = *recipe.views.front();
        const Language& language = recipe.words.speaks();
        const int steps = static_cast<int>(recipe.steps.size());
        const Grid grid =
            grid_of(recipe.shape, view, view.preferred_size(scene(recipe.steps.back())), steps);
        const float scale = std::min(grid.scale, most_scale);
        const auto panels = std::make_shared<std::vector<Panel>>();
        std::vector<std::string> said_once;
        Page page;
        page.step = recipe.steps.back();
        page.number = "strip";
        page.name = std::string("strip-") + view.id;
        for (const int step : recipe.steps) {
            const Scene& shown = scene(step);
            const std::string next =
                shown.step.why != model::StopReason::none
                    ? stopped_words(shown, language)
                    : language.say("strip.token",
                                   {{"token", shown.shown(shown.step.ranking.proposed().id)}});
            Panel panel{language.say("strip.step", {{"step", count(step)}, {"next", next}}), {}};
            const auto draw = [&](Canvas& canvas) {
                draw_enlarged(canvas, {0, 0, grid.panel.w, grid.panel.h}, scale,
                              [&](Canvas& to, Rect whole) { draw_view(to, whole, view, shown); });
            };
            // What the first panel's legend says of all of them is said once.
            const std::vector<std::string> legend = legend_words(draw);
            if (panels->empty()) said_once = legend;
            if (panels->empty() || legend != said_once) {
                draw(panel.drawing);
            } else {
                draw_without_legends(panel.drawing, draw);
            }
            panels->push_back(std::move(panel));
            page.notes += (page.notes.empty() ? "" : "\n") + panels->back().title;
            if (step != recipe.steps.back()) continue;
            const bool head = view.heading == Heading::head || view.shows_head;
            const std::string of =
                head ? head_heading(shown, language) : language.view_title(view.id, view.title);
            PageWords own = recipe.words;
            if (own.title.empty()) {
                own.title = language.say(
                    "strip.title", {{"what", of}, {"steps", steps_title(recipe.steps, language)}});
            }
            const SlideWords words = words_of(own, shown, recipe.shape);
            page.title = fit_words(slide_text(recipe.shape, theme).title_style, words.title,
                                   title_room(recipe.shape, recipe.logo));
            page.footer = words.footer;
            page.caption = words.caption;
            page.description = page.notes;
            if (const std::string said = notes_of(own.notes, step); !said.empty())
                page.notes = said;
        }
        page.figure = [panels, grid, shape = recipe.shape, &theme](Canvas& canvas) {
            // In the middle of what one row leaves free.
            float used = 0;
            for (const Panel& panel : *panels) {
                const auto draw = [&](Canvas& measure) { panel.drawing.replay(measure, {}); };
                used = std::max(used, covered(draw).bottom());
            }
            const float free = grid.rows == 1 ? std::max(grid.panel.h - used, 0.0f) : 0;
            const Rect body = slide_body(shape).without_top(free / 2);
            for (size_t i = 0; i < panels->size(); ++i) {
                const auto column = static_cast<float>(i % static_cast<size_t>(grid.columns));
                const auto row = static_cast<float>(i / static_cast<size_t>(grid.columns));
                const Point at{body.x + column * (grid.panel.w + gap),
                               body.y + row * (grid.panel.h + heading + gap)};
                draw_text_in(canvas, {at.x, at.y, grid.panel.w, heading - 10}, (*panels)[i].title,
                             {Face::sans_bold, 24, theme.text});
                (*panels)[i].drawing.replay(canvas, {at.x, at.y + heading});
            }
        };
        page.whole = [page, shape = recipe.shape, logo = recipe.logo, &theme](Canvas& canvas) {
            draw_page_parts(
                canvas,
                {page.title, page.caption, page.footer, 0, &english(), page.description, logo},
                shape, theme, page.footer, [&] { page.figure(canvas); });
        };
        page.tooltip = [](const Hit&) { return Lines{}; };
        return page;
    };
    return deck;
}

}  // namespace viz
