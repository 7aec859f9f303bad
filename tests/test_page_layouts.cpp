// Pages that are not slides as they come: own words, strips, bare figures, sheets of paper.
#include <doctest/doctest.h>

#include "model/base/error.h"
#include "model/run/session.h"
#include "tests/layout_canvas.h"
#include "tests/support.h"
#include "viz/paint/format.h"
#include "viz/slides/bare.h"
#include "viz/slides/sheets.h"
#include "viz/slides/strip.h"

using namespace viz;
using tests::has;

namespace {

struct Run {
    model::Session session{tests::bundled()};
    Memo memo;
    std::optional<Scene> scene;

    explicit Run(int steps = 4) {
        session.start(tests::bundled()->tokenizer->encode("Tom and Mia went to the lake. Tom"), {});
        for (int i = 1; i < steps; ++i) session.commit();
    }
    SceneOfStep scenes() {
        return [this](int number) -> const Scene& {
            session.rewind(session.step()->prompt_length + number - 1);
            scene.emplace(*tests::bundled(), *session.step(), memo, light_theme(), Look{});
            scene->total_steps = 4;
            return *scene;
        };
    }
};

DeckRecipe recipe(std::vector<int> steps, const char* view = "head") {
    DeckRecipe wanted;
    wanted.steps = std::move(steps);
    wanted.views = {find_view(view)};
    return wanted;
}

tests::LayoutCanvas drawn(const Page& page) {
    tests::LayoutCanvas canvas;
    page.whole(canvas);
    return canvas;
}

std::vector<std::string> texts(const Page& page) {
    std::vector<std::string> all;
    for (const auto& text : drawn(page).texts) all.push_back(text.text);
    return all;
}

std::string refusal(const std::string& words) {
    try {
        check_fields(words, "--title");
    } catch (const model::Error& error) {
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("own words stand in place of the program's, with numbers of the step") {
    Run run;
    DeckRecipe wanted = recipe({1, 2});
    wanted.words.title = "{step}/{steps} {token} {probability} {{x}}";
    wanted.words.footer = "Week 3, {model}";
    wanted.words.notes = "Hello.\n# 2\nSay {token}.";
    wanted.words.caption = false;
    const Deck deck = make_deck(wanted, light_theme(), run.scenes());
    const Page page = deck.page(1);
    const auto& pick = run.session.step()->ranking.proposed();
    const std::string token = tests::bundled()->shown(pick.id);
    CHECK(page.title == "2/4 " + token + " " + percent(pick.probability) + " {x}");
    CHECK(page.notes == "Hello.\nSay " + token + ".");
    CHECK(page.caption.empty());
    CHECK(has(texts(page), page.title));
    CHECK(has(texts(page), "Week 3, " + tests::bundled()->config.name + " · 2 / 4"));
    CHECK(deck.page(0).notes == "Hello.");

    // What a class is to guess is not told by a field either.
    wanted.reveal = true;
    const Page guess = make_deck(wanted, light_theme(), run.scenes()).page(0);
    CHECK(guess.title == "1/4 ? ? {x}");
    CHECK(guess.description.find("Most likely") == std::string::npos);
    CHECK(page.description.find("The argmax chooses") != std::string::npos);

    CHECK(refusal("{step} of {steps}").empty());
    CHECK(refusal("{{ and }}").empty());
    CHECK(refusal("{stop}").find("--title: {stop} is none of {step}, ") == 0);
    CHECK(refusal("a { b").find("a brace stands alone") != std::string::npos);
    CHECK(refusal("a } b").find("a brace stands alone") != std::string::npos);
}

TEST_CASE("a strip has every step once, inside the page and apart") {
    Run run;
    for (const char* view : {"head", "ranking", "lens", "routes"}) {
        for (const SlideShape shape : {SlideShape::wide, SlideShape::classic}) {
            CAPTURE(view);
            DeckRecipe wanted = recipe({1, 2, 4}, view);
            wanted.strip = true;
            wanted.shape = shape;
            REQUIRE(strip_holds(shape, *find_view(view), 3));
            const Deck deck = make_deck(wanted, light_theme(), run.scenes());
            CHECK(deck.pages == 1);
            const Page page = deck.page(0);
            const auto canvas = drawn(page);
            const Size size = deck.size();
            for (const auto& text : canvas.texts) {
                CHECK(tests::outside(text, {0, 0, size.w, size.h}) <= 0);
            }
            for (size_t i = 0; i < canvas.texts.size(); ++i) {
                for (size_t k = i + 1; k < canvas.texts.size(); ++k) {
                    CHECK_FALSE(tests::overlap(canvas.texts[i], canvas.texts[k], 1.5f));
                }
            }
            for (const char* step : {"Step 1 · ", "Step 2 · ", "Step 4 · "}) {
                CHECK(std::ranges::any_of(
                    canvas.texts, [&](const auto& text) { return text.text.starts_with(step); }));
            }
            CHECK(page.title.find("steps 1, 2 and 4") != std::string::npos);
        }
    }
    // Its words are cut like those of other pages, and its notes are one's own.
    DeckRecipe wordy = recipe({1, 2});
    wordy.strip = true;
    wordy.words.title = wordy.words.footer = std::string(400, 'w');
    wordy.words.notes = "Say this.";
    const Deck deck = make_deck(wordy, light_theme(), run.scenes());
    const Page page = deck.page(0);
    CHECK(page.notes == "Say this.");
    CHECK(page.title.size() < 200);
    const SlideText at = slide_text(deck.shape, light_theme(), deck.footer);
    CHECK(text_width(at.caption_style.face, at.caption_style.size, page.footer) < at.number.w);
    CHECK(text_width(at.caption_style.face, at.caption_style.size, page.caption) <= at.caption.w);
    CHECK_FALSE(strip_holds(SlideShape::wide, *find_view("attention"), 12));
}

TEST_CASE("a bare figure is as wide as asked, cut to what is drawn, its labels 8 points") {
    Run run;
    for (const char* view : {"head", "ranking", "routes"}) {
        CAPTURE(view);
        DeckRecipe wanted = recipe({1, 3}, view);
        wanted.bare = std::max(340.0f, least_bare_width(*find_view(view)));
        const Deck deck = make_deck(wanted, light_theme(), run.scenes());
        CHECK(deck.size().w == wanted.bare);
        CHECK(deck.ground().a == 0);
        CHECK(deck.pages == 2);
        for (int i = 0; i < 2; ++i) {
            const Page page = deck.page(i);
            float top = 1e9f, bottom = 0, smallest = 1e9f;
            for (const auto& text : drawn(page).texts) {
                CHECK(tests::outside(text, {0, 0, deck.size().w, deck.size().h}) <= 1);
                for (const Point corner : text.corners) {
                    top = std::min(top, corner.y);
                    bottom = std::max(bottom, corner.y);
                }
                smallest = std::min(smallest, text.size);
            }
            CHECK(top < 40);
            CHECK(bottom > deck.size().h - 40);
            CHECK(smallest >= 10.5f * 8 / 9 - 0.01f);
        }
    }
}

TEST_CASE("a bare figure of the least width has whole sentences, and names its columns") {
    Run run;
    for (const char* view : {"cost", "diagram", "row", "scores", "tree"}) {
        CAPTURE(view);
        DeckRecipe wanted = recipe({3}, view);
        wanted.bare = least_bare_width(*find_view(view));
        const Page page = make_deck(wanted, light_theme(), run.scenes()).page(0);
        const std::vector<std::string> words = texts(page);
        CHECK(std::ranges::none_of(words, [](const std::string& said) {
            return said.find("…") != std::string::npos && said.find(' ') != std::string::npos;
        }));
        const auto told = [&](const char* name) {
            return std::ranges::count_if(
                words, [&](const std::string& said) { return said.starts_with(name); });
        };
        if (std::string_view(view) == "row") CHECK(told("␣") >= 4);
        if (std::string_view(view) == "cost") CHECK(told("cache read") == 1);
    }
}

TEST_CASE("a strip says once what all of its legends say") {
    Run run;
    DeckRecipe wanted = recipe({1, 2, 4});
    wanted.strip = true;
    const auto count_of = [&](const char* words) {
        return std::ranges::count(texts(make_deck(wanted, light_theme(), run.scenes()).page(0)),
                                  words);
    };
    CHECK(count_of("masked: comes later") == 1);
    CHECK(count_of("key (looked at) →") == 3);
}

TEST_CASE("a sheet of paper has its pages in order and room to write") {
    Run run;
    for (const Size paper : {a4_paper, letter_paper}) {
        for (const int per_page : {1, 2, 4, 6}) {
            CAPTURE(per_page);
            const Deck deck = sheets_of(make_deck(recipe({1, 2, 3}), light_theme(), run.scenes()),
                                        per_page, paper);
            CHECK(deck.pages == (3 + per_page - 1) / per_page);
            CHECK(deck.size().w == paper.w);
            int found = 0;
            for (int i = 0; i < deck.pages; ++i) {
                const auto canvas = drawn(deck.page(i));
                for (const auto& text : canvas.texts) {
                    CHECK(tests::outside(text, {0, 0, paper.w, paper.h}) <= 0);
                    found +=
                        text.text.starts_with("Step ") && text.text.find("—") != std::string::npos;
                }
            }
            CHECK(found == 3);
        }
    }
}
