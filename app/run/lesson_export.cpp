#include "app/run/lesson_export.h"

#include <optional>
#include <utility>

#include "model/base/error.h"
#include "model/pass/transformer.h"
#include "model/run/strategy_comparison.h"
#include "viz/lessons/handout.h"
#include "viz/lessons/worksheet.h"

namespace app {

std::vector<std::filesystem::path> write_lesson(model::FileSet& files, LessonTour tour,
                                                const ExportFormat& format,
                                                const std::filesystem::path& out,
                                                const LessonPages& how, LessonForm form,
                                                const model::Progress& stops,
                                                const model::Progress& pages) {
    const viz::Theme& theme = how.theme;
    if (!format.has_pages()) {
        throw model::Error(std::string("--lesson: is written as pages, and ") + format.name +
                           " has none");
    }
    if (form == LessonForm::worksheet && format.slides) {
        throw model::Error(std::string("--worksheet: is for paper, and ") + format.name +
                           " is slides; write pdf, html, svg or png");
    }
    const viz::Lesson& lesson = tour.lesson();
    const int n_stops = static_cast<int>(lesson.stops.size());
    std::vector<viz::StopLook> looks;
    std::vector<Snapshot> shown;
    for (int i = 0; i < n_stops; ++i) {
        const auto stop = [&] { return !stops(i + 1, n_stops); };
        looks.push_back(tour.go(i, stop));
        Snapshot look;
        look.model = tour.model();
        look.step = tour.session().step();
        look.decoding = tour.session().decoding();
        look.selection = looks.back().selection;
        look.locked = looks.back().locked;
        look.attention = looks.back().attention;
        look.theme = &theme;
        look.total_steps = look.step->number();
        look.tree = tour.session().tree();
        const viz::LessonStop& place = lesson.stops[static_cast<size_t>(i)];
        if (place.view->strategies || (place.beside && place.beside->strategies)) {
            model::StrategyComparison comparison(look.model, *look.step, true);
            comparison.set_rules(look.rules);
            (void)comparison.run(look.step->number(), stop);
            look.strategies = comparison.strategies();
        }
        if (place.guess) {
            look.reveal = viz::Reveal::guess;
            look.selection.candidate = -1;  // on paper nothing is chosen yet
        }
        shown.push_back(std::move(look));
    }
    viz::Memo memo;
    std::optional<viz::Scene> scene;
    const auto scene_of = [&](int i) -> const viz::Scene& {
        scene.emplace(shown[static_cast<size_t>(i)].scene(memo));
        return *scene;
    };
    viz::Deck deck = form == LessonForm::worksheet ? viz::make_worksheet(lesson, looks, theme)
                     : form == LessonForm::slides
                         ? viz::make_lesson_slides(lesson, looks, theme, how.shape, scene_of)
                         : viz::make_handout(lesson, looks, theme, scene_of);
    deck.base = how.base;
    deck.scale = how.scale;
    return write_deck(files, deck, format, out, pages);
}

}  // namespace app
