// Decks: which pages there are and what goes with them, and slides of odd models.
#include <doctest/doctest.h>

#include <cmath>
#include <set>
#include <sstream>

#include "model/pass/transformer.h"
#include "model/run/session.h"
#include "tests/layout_canvas.h"
#include "tests/support.h"
#include "viz/paint/format.h"
#include "viz/slides/deck.h"
#include "viz/slides/pdf.h"

using namespace viz;

namespace {

// A run whose steps can be looked at.
struct Run {
    explicit Run(int steps, const model::Decoding& how = {}, const char* prompt = "The old king")
        : session(tests::bundled()) {
        session.start(model::encode_prompt(*tests::bundled(), prompt), how);
        for (int i = 1; i < steps; ++i) session.commit();
    }
    SceneOfStep scenes() {
        return [this](int number) -> const Scene& {
            session.rewind(session.step()->prompt_length + number - 1);
            scene.reset();
            scene.emplace(Scene{*tests::bundled(),
                                *session.step(),
                                memo,
                                light_theme(),
                                session.decoding(),
                                {},
                                {}});
            return *scene;
        };
    }
    model::Session session;
    Memo memo;
    std::optional<Scene> scene;
};

DeckRecipe recipe(std::vector<int> steps, bool reveal = false) {
    return {std::move(steps), {find_view("head"), find_view("ranking")}, SlideShape::wide, reveal};
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a deck has a page for each step, or four where it reveals") {
    Run run(3);
    const Deck plain = make_deck(recipe({1, 3}), light_theme(), run.scenes());
    CHECK(plain.pages == 2);
    CHECK(has(plain.title, "The old king"));
    CHECK(plain.page(1).name == "step-003-head-ranking");
    CHECK(plain.page(1).number == "003");
    const Deck four = make_deck(recipe({1, 3}, true), light_theme(), run.scenes());
    CHECK(four.pages == 8);
    std::set<std::string> names;
    for (int i = 0; i < four.pages; ++i) {
        const Page page = four.page(i);
        CHECK(page.step == (i < 4 ? 1 : 3));
        CHECK((names.empty() || *names.rbegin() < page.name));
        names.insert(page.name);
        const std::string chosen =
            tests::bundled()->shown(run.session.step()->ranking.proposed().id);
        CHECK(has(page.title, chosen) == (i % 4 > 1));
    }
    CHECK(*names.begin() == "step-001-1-logits");
    CHECK(*names.rbegin() == "step-003-4-appended");
}

TEST_CASE("nothing is chosen at the end of a run, so nothing is revealed there") {
    model::Session session(tests::bundled(), {.max_steps = 1});
    session.start({1, 2, 3}, {});
    session.commit();
    Memo memo;
    const Scene scene{*tests::bundled(), *session.step(), memo, light_theme(), {}, {}, {}};
    const Deck deck =
        make_deck(recipe({2}, true), light_theme(), [&](int) -> const Scene& { return scene; });
    CHECK(deck.pages == 2);
    CHECK(deck.page(1).name == "step-002-2-probabilities");
    CHECK(has(deck.page(1).notes, "Nothing is appended"));
}

TEST_CASE("speaker notes have the step's numbers") {
    model::Decoding sampled;
    sampled.strategy = model::Strategy::temperature;
    sampled.temperature = 1.5;
    for (const model::Decoding& how : {model::Decoding{}, sampled}) {
        Run run(2, how);
        const Deck deck = make_deck(recipe({2}), light_theme(), run.scenes());
        const std::string notes = deck.page(0).notes;
        const model::Ranking& ranking = run.session.step()->ranking;
        CHECK(has(notes, "Text so far: The old king"));
        for (int i = 0; i < 5; ++i) {
            const model::Candidate& c = ranking.candidates[static_cast<size_t>(i)];
            CHECK(has(notes, "“" + tests::bundled()->shown(c.id) + "” " + percent(c.probability) +
                                 ", logit " + number(c.logit)));
        }
        CHECK(has(notes, "Entropy " + bits(ranking.entropy_bits)));
        const double lead = ranking.candidates[0].probability - ranking.candidates[1].probability;
        CHECK(has(notes, "leads the second by " + decimal(lead * 100, 1) + " points"));
        CHECK(has(notes, how.sampled() ? "A random draw chooses" : "The argmax chooses"));
        CHECK(has(notes, tests::bundled()->shown(ranking.proposed().id) + "”"));
        CHECK(has(notes, "Block 1 · Head 1"));
        // Of the pattern itself.
        REQUIRE(run.session.step()->records.size() >= 4);
        double first = 0;
        const int n = static_cast<int>(run.session.step()->records.size());
        for (int query = 2; query < n; ++query) {
            first += model::attention_row(tests::bundled()->config, run.session.step()->records, 0,
                                          0, query)[0];
        }
        CHECK(has(notes, "first token with " + weight(first / (n - 2))));
    }
}

TEST_CASE("a PDF is the same each time, and can be given up") {
    auto bytes = [](const Progress& progress) {
        Run run(3);
        std::ostringstream out;
        write_pdf(out, make_deck(recipe({1, 2, 3}), light_theme(), run.scenes()), progress);
        return out.str();
    };
    const std::string once = bytes({});
    CHECK(once.starts_with("%PDF"));
    std::vector<std::pair<int, int>> told;
    CHECK(once == bytes([&](int done, int all) {
              told.emplace_back(done, all);
              return true;
          }));
    CHECK(told == std::vector<std::pair<int, int>>{{1, 3}, {2, 3}, {3, 3}});
    CHECK_THROWS_AS(bytes([](int done, int) { return done < 2; }), model::Stopped);
}

TEST_CASE("slides of odd models keep their texts inside and apart") {
    struct Odd {
        std::shared_ptr<const model::Model> model;
        int n;
    };
    const Odd odd[] = {{tests::random_model(1, 1, 2, 5, 4), 1},
                       {tests::random_model(48, 25, 50, 50, 128), 60}};
    for (const Odd& o : odd) {
        model::Session session(o.model);
        std::vector<int> ids;
        for (int i = 0; i < o.n; ++i) ids.push_back(i * 7 % o.model->config.n_vocab);
        session.start(ids, {});
        Memo memo;
        Scene scene{*o.model, *session.step(), memo, dark_theme(), {}, {}, {}};
        scene.selection.layer = o.model->config.n_layer - 1;
        for (const SlideShape shape : {SlideShape::wide, SlideShape::classic}) {
            const Size size = slide_size(shape);
            for (const View* view : views()) {
                for (const char* other : {"", "ranking"}) {
                    std::vector<const View*> shown{view};
                    if (*other) shown.push_back(find_view(other));
                    if (!slide_holds(shape, shown)) continue;
                    tests::LayoutCanvas canvas;
                    draw_slide(canvas, scene, shown, shape);
                    const std::string what =
                        std::string(view->id) + " " + other + " n=" + std::to_string(o.n);
                    for (size_t i = 0; i < canvas.texts.size(); ++i) {
                        const tests::TextBox& text = canvas.texts[i];
                        CHECK_MESSAGE(text.size >= 18, what << " " << text.text);
                        CHECK_MESSAGE(tests::outside(text, {40, 30, size.w - 80, size.h - 60}) < 0,
                                      what << " " << text.text);
                        for (size_t j = 0; j < i; ++j) {
                            CHECK_MESSAGE(!tests::overlap(text, canvas.texts[j], 1.0f),
                                          what << ": “" << text.text << "” lies over “"
                                               << canvas.texts[j].text << "”");
                        }
                    }
                }
            }
        }
    }
}
