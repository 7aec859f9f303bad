#include "viz/slides/deck.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <string_view>
#include <utility>

#include "model/base/error.h"
#include "model/decode/ranking_change.h"
#include "model/interp/head_scores.h"
#include "model/run/prompt_edit.h"
#include "viz/layout/parts.h"
#include "viz/paint/format.h"
#include "viz/paint/utf8.h"
#include "viz/slides/bare.h"
#include "viz/slides/numbered.h"
#include "viz/slides/page_table.h"
#include "viz/slides/strip.h"
#include "viz/views/pointing.h"

namespace viz {

namespace {

constexpr size_t candidates_told = 5;
constexpr size_t most_text = 600;      // bytes of the text so far, from its end
constexpr int played_hundredths = 10;  // of a second: a page while the way of a token plays
constexpr int longest_told = 512;      // tokens of a head's habits

struct RevealPage {
    Reveal reveal;
    const char* name;
};
constexpr std::array reveal_pages{
    RevealPage{Reveal::logits, "1-logits"}, RevealPage{Reveal::probabilities, "2-probabilities"},
    RevealPage{Reveal::choice, "3-choice"}, RevealPage{Reveal::appended, "4-appended"}};

// What a page is of.
struct Plan {
    int step;
    Reveal reveal;
    std::string number, name;
    float way = 1;
};

std::vector<Plan> plan(const DeckRecipe& recipe, const SceneOfStep& scene) {
    std::vector<Plan> pages;
    for (const int step : recipe.steps) {
        const std::string number = numbered(step);
        if (!recipe.reveal || recipe.native) {
            std::string name = "step-" + number;
            for (const View* view : recipe.views) name += std::string("-") + view->id;
            for (int i = 0; i < recipe.frames; ++i) {
                const float way = static_cast<float>(i) / static_cast<float>(recipe.frames);
                pages.push_back({step, Reveal::all, number, name, way});
            }
            // Where clicks tell the rest, a page begins with the first.
            pages.push_back({step, recipe.reveal ? Reveal::logits : Reveal::all, number, name});
            continue;
        }
        // Only the last step of a run can be one that nothing follows.
        const bool ended =
            step == recipe.steps.back() && scene(step).step.why != model::StopReason::none;
        for (const RevealPage& page : reveal_pages) {
            if (ended && page.reveal == Reveal::choice) break;
            const std::string which = number + "-" + page.name;
            pages.push_back({step, page.reveal, which, "step-" + which});
        }
    }
    return pages;
}

std::string text_so_far(const Scene& scene) {
    return ending(running_text(scene, scene.length()), most_text);
}

// "Stepscope · gpt2 · “Tom gave the ball…”"
std::string deck_title(const Scene& scene, const Language& language) {
    constexpr float longest = 600;  // pixels of text of size 10
    const std::string prompt =
        fit_end(Face::sans, 10, running_text(scene, scene.step.prompt_length), longest);
    return language.say("deck.title", {{"model", scene.model.config.name}, {"prompt", prompt}});
}

// Who chose the token that follows: `chosen` where it is there already, else the decoding will.
std::string chooser(const Scene& scene, const model::Choice* chosen, const Language& language) {
    if (scene.step.why != model::StopReason::none) {
        return language.say("chosen.nothing", {{"why", stopped_words(scene, language)}});
    }
    const model::Ranking& ranking = scene.step.ranking;
    const model::Candidate& proposed = ranking.proposed();
    const std::string token = scene.shown(proposed.id);
    const std::string rank = count(ranking.pick + 1);
    const model::Decoding& decoding = chosen ? chosen->decoding : scene.decoding;
    const std::string how = model::describe(decoding);
    if (chosen && chosen->by == model::ChosenBy::forced) {
        return language.say(
            "chosen.hand",
            {{"token", token}, {"rank", rank}, {"probability", percent(proposed.probability)}});
    }
    if (!decoding.sampled()) {
        return language.say("chosen.argmax", {{"token", token}, {"decoding", how}});
    }
    // What the draw saw is known where the decoding is still the same.
    if (decoding != scene.decoding) {
        return language.say("chosen.drawn_before",
                            {{"token", token}, {"rank", rank}, {"decoding", how}});
    }
    return language.say("chosen.drawn", {{"token", token},
                                         {"rank", rank},
                                         {"probability", percent(proposed.adjusted)},
                                         {"decoding", how}});
}

std::string habits(const Scene& scene, const Language& language) {
    const auto& [layer, head] = std::pair(scene.selection.layer, scene.selection.head);
    const std::string line = language.say("head", {{"head", head_heading(scene, language)}});
    // Over a long text they cost more than the page.
    if (scene.attention.mix != AttentionLook::Mix::one || scene.attention.hide_first ||
        scene.length() > longest_told) {
        return line;
    }
    const model::HeadScores scores =
        model::head_scores(shown_pattern(scene, layer, head), scene.step.records);
    if (scores.previous.rows == 0) return line;
    const std::string previous = weight(scores.previous.mean), first = weight(scores.first.mean),
                      self = weight(scores.self.mean);
    if (scores.induction.rows == 0) {
        return line + " " +
               language.say("head.looks",
                            {{"previous", previous}, {"first", first}, {"self", self}});
    }
    return line + " " +
           language.say("head.looks_back", {{"previous", previous},
                                            {"first", first},
                                            {"self", self},
                                            {"induction", weight(scores.induction.mean)}});
}

const model::Choice* choice_after(const DeckRecipe& recipe, const Scene& scene) {
    const auto known = recipe.chosen.find(scene.step.number());
    return known == recipe.chosen.end() ? nullptr : &known->second;
}

std::string candidate(const Scene& scene, const model::Candidate& c, const Language& language) {
    return language.say("candidate",
                        {{"token", scene.shown(c.id)}, {"probability", percent(c.probability)}});
}

// What the figure shows, in a few sentences that tell no more than it does.
std::string description_of(const Scene& scene, const DeckRecipe& recipe) {
    const Language& language = recipe.words.speaks();
    std::string said = language.say("text", {{"text", text_so_far(scene)}}) + ".";
    const auto& candidates = scene.step.ranking.candidates;
    if (scene.tells_probabilities()) {
        said += " " + language.say("likely");
        for (size_t i = 0; i < std::min(candidates_told, candidates.size()); ++i) {
            said += (i > 0 ? ", " : " ") + candidate(scene, candidates[i], language);
        }
        said += ".";
    }
    if (scene.tells_choice()) said += " " + chooser(scene, choice_after(recipe, scene), language);
    return said;
}

std::string speaker_notes(const Scene& scene, const DeckRecipe& recipe) {
    const Language& language = recipe.words.speaks();
    const model::Ranking& ranking = scene.step.ranking;
    const std::string step = count(scene.step.number());
    const std::string tokens = language.counted("tokens", scene.length());
    Lines lines{scene.total_steps > 0
                    ? language.say(
                          "step_of",
                          {{"step", step}, {"steps", count(scene.total_steps)}, {"tokens", tokens}})
                    : language.say("step", {{"step", step}, {"tokens", tokens}}),
                language.say("text", {{"text", text_so_far(scene)}}), language.say("likely")};
    const size_t listed = std::min(candidates_told, ranking.candidates.size());
    for (size_t i = 0; i < listed; ++i) {
        const model::Candidate& c = ranking.candidates[i];
        std::string row = language.say("row", {{"rank", count(static_cast<long long>(i) + 1)},
                                               {"candidate", candidate(scene, c, language)},
                                               {"logit", number(c.logit)}});
        if (scene.decoding.sampled()) {
            row = c.adjusted > 0 ? language.say("row.adjusted",
                                                {{"row", row}, {"adjusted", percent(c.adjusted)}})
                                 : language.say("row.cut", {{"row", row}});
        }
        lines.push_back(row);
    }
    lines.push_back(language.say("entropy", {{"entropy", language.bits(ranking.entropy_bits)},
                                             {"equal", number(std::exp2(ranking.entropy_bits))}}));
    if (ranking.candidates.size() > 1) {
        const double lead = ranking.candidates[0].probability - ranking.candidates[1].probability;
        lines.push_back(
            language.say("lead", {{"points", lead > 0.9995 ? "> 99.9" : decimal(lead * 100, 1)}}));
    }
    lines.push_back(chooser(scene, choice_after(recipe, scene), language));
    if (std::any_of(recipe.views.begin(), recipe.views.end(),
                    [](const View* view) { return view->shows_head; })) {
        lines.push_back(habits(scene, language));
    }
    if (!scene.step.untouched()) {
        lines.push_back(
            language.say("touched", {{"what", model::run_words(scene.model, scene.step)}}));
    }
    if (const model::Step* untouched = scene.compared()) {
        const model::Candidate& first = untouched->ranking.candidates[0];
        lines.push_back(language.say(
            "difference",
            {{"token", scene.shown(first.id)},
             {"probability", percent(first.probability)},
             {"bits", language.bits(model::kl_bits(untouched->ranking, scene.step.ranking))}}));
    }
    std::string notes;
    for (const std::string& line : lines) notes += (notes.empty() ? "" : "\n") + line;
    return notes;
}

// A view that takes the ranking's room and draws nothing.
const View& nothing() {
    static const View view = [] {
        View empty = *find_view("ranking");
        empty.id = "nothing";
        empty.heading = Heading::own;
        empty.draw = [](Canvas&, Rect, const Scene&) {};
        empty.targets = {};
        return empty;
    }();
    return view;
}

}  // namespace

Deck make_deck(const DeckRecipe& recipe, const Theme& theme, SceneOfStep scene) {
    model::check(!recipe.steps.empty(), "a deck has a step");
    const std::string name = deck_title(scene(recipe.steps.front()), recipe.words.speaks());
    if (recipe.bare > 0) return bare_deck(recipe, theme, std::move(scene), name);
    if (recipe.strip) return strip_deck(recipe, theme, std::move(scene), name);
    Deck deck;
    deck.title = name;
    deck.footer = footer_room(recipe.words, scene(recipe.steps.back()), recipe.shape);
    deck.shape = recipe.shape;
    deck.theme = &theme;
    deck.logo = recipe.logo;
    deck.language = recipe.words.speaks().code();
    std::vector<Plan> plans = plan(recipe, scene);
    deck.pages = static_cast<int>(plans.size());
    // Maps keep their place from page to page.
    const int lines = ribbon_lines(scene(recipe.steps.back()), recipe.shape);
    deck.page = [recipe, lines, plans = std::move(plans), scene = std::move(scene)](int i) {
        const Plan& what = plans[static_cast<size_t>(i)];
        auto shown = std::make_shared<Scene>(scene(what.step));
        shown->reveal = what.reveal;
        shown->way = what.way;
        Page page;
        page.step = what.step;
        if (recipe.hundredths > 0) page.hundredths = recipe.hundredths;
        if (what.way < 1) page.hundredths = played_hundredths;
        page.name = what.name;
        page.number = what.number;
        SlideWords words = words_of(recipe.words, *shown, recipe.shape);
        words.ribbon_lines = lines;
        words.logo = recipe.logo;
        words.title = fit_words(slide_text(recipe.shape, shown->theme).title_style, words.title,
                                title_room(recipe.shape, recipe.logo));
        words.description = description_of(*shown, recipe);
        page.title = words.title;
        page.caption = words.caption;
        page.footer = words.footer;
        page.description = words.description;
        const std::string own = notes_of(recipe.words.notes, what.step);
        page.notes = own.empty() ? speaker_notes(*shown, recipe) : filled_words(own, *shown);
        page.whole = [shown, recipe, words](Canvas& canvas) {
            draw_slide(canvas, *shown, recipe.views, recipe.shape, words);
        };
        // A native table stands where the ranking was.
        std::vector<const View*> drawn = recipe.views;
        const auto ranking = std::ranges::find(drawn, find_view("ranking"));
        if (recipe.native && ranking != drawn.end()) {
            const auto which = static_cast<size_t>(ranking - drawn.begin());
            page.table = ranking_table(*shown, recipe.words.speaks(), recipe.reveal);
            page.table->place = slide_place(*shown, recipe.views, recipe.shape, which, lines);
            *ranking = &nothing();
        }
        const auto figure_of = [drawn, recipe, lines](std::shared_ptr<Scene> of) {
            return [of = std::move(of), drawn, recipe, lines](Canvas& canvas) {
                draw_slide_body(canvas, *of, drawn, recipe.shape, {}, lines, recipe.words.speaks());
            };
        };
        page.figure = figure_of(shown);
        if (recipe.native && recipe.reveal) {
            for (const RevealPage& stage : reveal_pages) {
                const bool ended = shown->step.why != model::StopReason::none;
                if (stage.reveal == Reveal::logits || (ended && stage.reveal == Reveal::choice))
                    continue;
                const auto then = std::make_shared<Scene>(*shown);
                then->reveal = stage.reveal;
                page.stages.push_back(
                    {stage.reveal, figure_of(then), description_of(*then, recipe)});
            }
        }
        page.tooltip = [shown](const Hit& hit) { return tooltip(*shown, hit); };
        return page;
    };
    return deck;
}

}  // namespace viz
