// What a class is to guess is told nowhere before the reveal.
#include <doctest/doctest.h>

#include <string>

#include "model/run/session.h"
#include "tests/support.h"
#include "viz/paint/record_canvas.h"
#include "viz/views/view_table.h"

using namespace viz;

TEST_CASE("before the reveal no view tells the choice") {
    model::Session session(tests::bundled());
    session.start(model::encode_prompt(*tests::bundled(), "The capital of France is"), {});
    const auto ahead = model::look_ahead(session, model::ahead_candidates, model::ahead_depth);
    const model::StepPtr step = session.step();
    model::StrategyComparison comparison(tests::bundled(), *step, false);
    comparison.set_rules(model::default_rules());
    comparison.run(3);
    const std::string choice = tests::bundled()->shown(step->ranking.proposed().id);
    int telling = 0;  // views that do so once it may be seen: the test can fail
    for (const View* view : views()) {
        if (view->id == std::string("ranking")) continue;  // it offers, from A to Z
        Memo memo;
        Scene scene{*tests::bundled(), *step, memo, light_theme(), {}, {}, {}};
        scene.strategies = comparison.strategies();
        scene.looked_ahead = ahead;
        const Size size = view->preferred_size(scene);
        const auto told = [&](Reveal reveal) {
            scene.reveal = reveal;
            RecordCanvas canvas;
            draw_view(canvas, {0, 0, size.w, size.h}, *view, scene);
            return canvas.text().find(choice) != std::string::npos;
        };
        CAPTURE(view->id);
        CHECK_FALSE(told(Reveal::guess));
        telling += told(Reveal::all);
    }
    CHECK(telling > 5);
}
