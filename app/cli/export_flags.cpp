#include "app/cli/export_flags.h"

#include <algorithm>
#include <iostream>
#include <utility>

#include "model/base/error.h"
#include "model/interp/attribution.h"
#include "model/interp/head_change.h"
#include "model/pass/attention.h"
#include "viz/slides/slide.h"
#include "viz/views/pointing.h"

namespace app {

namespace {

[[noreturn]] void refuse(const char* flag, const std::string& why) {
    throw model::Error(std::string(flag) + ": " + why);
}

// A wish between two numbers, or what stands for none.
int within(const char* flag, const std::optional<int>& wish, int low, int high, int otherwise) {
    if (!wish) return otherwise;
    if (*wish < low || *wish > high) {
        refuse(flag, std::to_string(*wish) + " is not between " + std::to_string(low) + " and " +
                         std::to_string(high));
    }
    return *wish;
}

// "map/2/1/8/3": the cell of row 8 and column 3 of "map/2/1".
viz::Hit cell_named(const std::string& text) {
    const viz::Target whole(text);
    const size_t n = whole.numbers();
    if (n < 2 || whole.number(n - 2) < 0 || whole.number(n - 1) < 0) return {};
    const size_t cut = text.rfind('/', text.rfind('/') - 1);
    return {text.substr(0, cut), whole.number(n - 2), whole.number(n - 1)};
}

viz::AttentionLook look_of(const Options& options) {
    using Look = viz::AttentionLook;
    viz::AttentionLook look;
    look.hide_first = options.hide_first;
    look.own_scale = options.own_scale;
    look.mix = viz::value_named(viz::mix_id, Look::Mix::max, options.mix).value();
    look.tint = viz::value_named(viz::tint_id, Look::Tint::induction, options.tint).value();
    look.routes =
        viz::value_named(viz::route_id, model::RouteMeasure::arrives, options.routes).value();
    return look;
}

}  // namespace

CliRun::CliRun(const Options& options, const model::Progress& steps)
    : options_(options),
      model_(open_model(options)),
      session_(model_, session_options(options, model_->config, true)) {
    viz::DeckRecipe recipe = this->recipe();
    const int wanted = std::max(options.steps.value_or(1), 1);
    int running = 1;  // the step that is being made
    const auto stop = [&] { return !steps(running, wanted); };
    session_.start(prompt_ids(options, *model_), decoding(options), stop);
    for (int i = 1; i < wanted && session_.stage() == model::Stage::proposed; ++i) {
        running = i + 1;
        session_.commit({}, stop);
    }
    const int total = session_.step()->number();
    if (total < wanted && session_.step()->why == model::StopReason::context_full) {
        std::cerr << "stepscope: the context of " << model_->config.n_ctx
                  << " tokens is full; the run has " << total << " steps\n";
    }
    if (total < wanted && session_.step()->why == model::StopReason::end_of_text) {
        std::cerr << "stepscope: the model ended the text; the run has " << total
                  << " steps (--no-stop goes on)\n";
    }
    recipe.steps = parse_steps(options.step.empty() ? "1-" + std::to_string(total) : options.step,
                               total, "--step");
    Snapshot look;
    look.model = model_;
    look.decoding = session_.decoding();
    look.attention = look_of(options);
    look.since = options.since;
    look.colormap =
        viz::value_named(viz::colormap_id, viz::Colormap::cividis, options.colours).value();
    if (options.difference && options.ablate.empty()) {
        refuse("--difference", "there is nothing to compare; say what --ablate leaves out");
    }
    look.difference = options.difference;
    look.theme = options.theme == "dark" ? &viz::dark_theme() : &viz::light_theme();
    look.total_steps = total;
    if (!options.strategies.empty()) {
        look.rules = model::parse_rules(options.strategies, "--strategies");
    }
    choose_selection(look, recipe);
    run_.emplace(session_, look, recipe);
    run_->png_scale = options.scale;
    run_->prompt = prompt_text(options);
}

void CliRun::choose_selection(Snapshot& look, const viz::DeckRecipe& recipe) {
    const model::Config& config = model_->config;
    const int first = recipe.steps.front();
    session_.rewind(0);
    const auto telling = model::most_telling_head(*model_, *session_.step()->records.back(),
                                                  session_.step()->ranking.proposed().id);
    session_.rewind(session_.step()->prompt_length + first - 1);
    look.step = session_.step();
    viz::Selection& s = look.selection;
    model::HeadIndex shown = telling;
    if (look.difference) {  // where the change shows most
        if (const auto untouched = session_.compute_untouched()) {
            const auto changed =
                model::most_changed_head(config, look.step->records, untouched->records);
            if (changed.largest > 0) shown = changed.head;
        }
    }
    s.layer = within("--layer", options_.layer, 1, config.n_layer, shown.layer + 1) - 1;
    s.head = within("--head", options_.head, 1, config.n_head, shown.head + 1) - 1;
    const int length = static_cast<int>(look.step->records.size());
    if (options_.position.value_or(0) < 0 || options_.position.value_or(0) >= length) {
        refuse("--position", std::to_string(*options_.position) + " is not between 0 and " +
                                 std::to_string(length - 1) + ", the last of step " +
                                 std::to_string(first));
    }
    s.position = options_.position.value_or(-1);
    s.token = within("--follow", options_.follow, 0, config.n_vocab - 1, -1);
    if (options_.lock.empty()) return;
    viz::Memo memo;
    auto says = [&](const viz::Hit& hit) { return !viz::tooltip(look.scene(memo), hit).empty(); };
    look.locked = cell_named(options_.lock);
    const bool cell = !look.locked.target.empty() && says(look.locked);
    if (!cell && !viz::Target(options_.lock).is("map")) {  // a map is its cells
        look.locked = {options_.lock, 0, 0};
    }
    if (!says(look.locked)) {
        refuse("--lock", "\"" + options_.lock + "\" is nothing that step " + std::to_string(first) +
                             " has; map/LAYER/HEAD/ROW/COLUMN counts from 0");
    }
    // A cell of a head is outlined where that head is shown.
    const viz::Target& target = look.locked.target;
    const bool of_head =
        target.is("map") || target.is("row") || target.is("zoom") || target.is("head");
    if (!of_head) return;
    if (!options_.layer) s.layer = target.number(0, config.n_layer);
    if (!options_.head) s.head = target.number(1, config.n_head);
}

viz::DeckRecipe CliRun::recipe() const {
    viz::DeckRecipe recipe;
    recipe.reveal = options_.reveal;
    recipe.shape = options_.shape == "4:3" ? viz::SlideShape::classic : viz::SlideShape::wide;
    for (const std::string& id : options_.views) {
        const viz::View* view = viz::find_view(id);
        if (!view) {
            refuse("--views", "there is no view \"" + id + "\"; `stepscope views` lists them");
        }
        recipe.views.push_back(view);
    }
    if (recipe.views.size() > 2) refuse("--views", "a page holds one or two views");
    if (options_.watch && recipe.views.empty()) recipe.views = {viz::find_view("routes")};
    if (recipe.views.empty()) recipe.views = {viz::find_view("head"), viz::find_view("ranking")};
    if (options_.watch) {
        if (recipe.views.front()->plays != viz::Plays::way) {
            refuse("--watch", "plays the way of a token; say --views routes");
        }
        if (options_.reveal) refuse("--watch", "does not go together with --reveal");
        recipe.frames = viz::frames_of_way;
    }
    if (!viz::slide_holds(recipe.shape, recipe.views)) {
        refuse("--views",
               options_.views[0] + " and " + options_.views[1] + " have no room beside each other" +
                   (options_.shape == "4:3" ? " on a 4:3 page" : "") + "; export each alone");
    }
    return recipe;
}

}  // namespace app
