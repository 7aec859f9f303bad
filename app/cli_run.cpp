#include "app/cli_run.h"

#include <algorithm>
#include <charconv>
#include <iostream>
#include <utility>

#include "model/attention.h"
#include "model/error.h"
#include "viz/slide.h"
#include "viz/tooltip.h"

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

// "3", "2-6", "1,4,9", or these mixed: ascending, each once.
std::vector<int> parse_steps(const std::string& text, int last) {
    const auto bad = [&] { refuse("--step", "\"" + text + "\" is not like 3, 2-6 or 1,4,9"); };
    std::vector<int> steps;
    const char* at = text.data();
    const char* const end = at + text.size();
    auto number = [&] {
        int value = 0;
        const auto [next, failed] = std::from_chars(at, end, value);
        if (failed != std::errc() || *at == '-') bad();
        at = next;
        return value;
    };
    while (true) {
        const int from = number();
        int to = from;
        if (at < end && *at == '-') {
            ++at;
            to = number();
            if (to < from) bad();
        }
        if (from < 1 || to > last) {
            refuse("--step", text + ": the run has steps 1 to " + std::to_string(last) + ", not " +
                                 std::to_string(from < 1 ? from : to));
        }
        for (int step = from; step <= to; ++step) steps.push_back(step);
        if (at == end) break;
        if (*at++ != ',') bad();
    }
    std::sort(steps.begin(), steps.end());
    steps.erase(std::unique(steps.begin(), steps.end()), steps.end());
    return steps;
}

// "map/2/1/8/3": the cell of row 8 and column 3 of region "map/2/1".
viz::Hit split_hit(const std::string& text) {
    const viz::RegionId whole(text);
    const size_t words = whole.arguments.size();
    if (words < 2) return {};
    const int row = whole.number(words - 2), col = whole.number(words - 1);
    if (row < 0 || col < 0) return {};
    const size_t cut = text.rfind('/', text.rfind('/') - 1);
    return {text.substr(0, cut), row, col};
}

viz::AttentionLook look_of(const Options& options) {
    using Look = viz::AttentionLook;
    viz::AttentionLook look;
    look.hide_first = options.hide_first;
    look.own_scale = options.own_scale;
    look.mix = options.mix == "mean"  ? Look::Mix::mean
               : options.mix == "max" ? Look::Mix::max
                                      : Look::Mix::one;
    look.tint = options.tint == "previous"    ? Look::Tint::previous
                : options.tint == "first"     ? Look::Tint::first
                : options.tint == "induction" ? Look::Tint::induction
                                              : Look::Tint::none;
    return look;
}

viz::Colormap colormap_of(const Options& options) {
    for (const viz::Colormap map : {viz::Colormap::viridis, viz::Colormap::cividis}) {
        if (options.colours == viz::colormap_id(map)) return map;
    }
    return viz::Colormap::violet;
}

}  // namespace

ExportedRun::ExportedRun(const Options& options, const Watch& watch)
    : options_(options),
      model_(open_model(options)),
      session_(model_, session_options(options, model_->config)),
      prompt_(prompt_ids(options, *model_)) {
    recipe();  // what can be refused is refused before anything runs
    const int wanted = std::max(options.steps.value_or(1), 1);
    int running = 1;  // the step that is being made
    const auto stop = [&] { return !watch("step", running, wanted); };
    session_.start(prompt_, decoding(options), stop);
    for (int i = 1; i < wanted && session_.stage() == model::Stage::proposed; ++i) {
        running = i + 1;
        session_.commit({}, stop);
    }
    total_ = session_.step()->number();
    if (total_ < wanted && session_.step()->why == model::Why::context_full) {
        std::cerr << "stepscope: the context of " << model_->config.n_ctx
                  << " tokens is full; the run has " << total_ << " steps\n";
    }
    steps_ =
        parse_steps(options.step.empty() ? "1-" + std::to_string(total_) : options.step, total_);
    choose_selection();
}

void ExportedRun::choose_selection() {
    const model::Config& config = model_->config;
    const auto telling = model::most_telling_head(config, step(1)->records);
    look_.layer = within("--layer", options_.layer, 1, config.n_layer, telling.layer + 1) - 1;
    look_.head = within("--head", options_.head, 1, config.n_head, telling.head + 1) - 1;
    const int length = static_cast<int>(step(steps_.front())->records.size());
    if (options_.position.value_or(0) < 0 || options_.position.value_or(0) >= length) {
        refuse("--position", std::to_string(*options_.position) + " is not between 0 and " +
                                 std::to_string(length - 1) + ", the last of step " +
                                 std::to_string(steps_.front()));
    }
    look_.position = options_.position.value_or(-1);
    look_.token = within("--follow", options_.follow, 0, config.n_vocab - 1, -1);
    if (options_.lock.empty()) return;
    locked_ = split_hit(options_.lock);
    const bool cell = !locked_.id.empty() && !viz::tooltip(scene(steps_.front()), locked_).empty();
    if (!cell && viz::RegionId(options_.lock).kind != "map") {  // a map is its cells
        locked_ = {options_.lock, 0, 0};
    }
    if (viz::tooltip(scene(steps_.front()), locked_).empty()) {
        refuse("--lock", "\"" + options_.lock + "\" is nothing that step " +
                             std::to_string(steps_.front()) +
                             " has; map/LAYER/HEAD/ROW/COLUMN counts from 0");
    }
    // A cell of a head is outlined where that head is shown.
    const viz::RegionId id(locked_.id);
    if (id.kind != "map" && id.kind != "row" && id.kind != "zoom" && id.kind != "head") return;
    if (!options_.layer) look_.layer = id.number(0, config.n_layer);
    if (!options_.head) look_.head = id.number(1, config.n_head);
}

const viz::Theme& ExportedRun::theme() const {
    return options_.theme == "dark" ? viz::dark_theme() : viz::light_theme();
}

const model::StepPtr& ExportedRun::step(int number) {
    if (session_.step()->number() != number) {
        session_.rewind(session_.step()->prompt_length + number - 1);
    }
    return session_.step();
}

const viz::Scene& ExportedRun::scene(int number) {
    viz::Scene scene{*model_, *step(number),       memo_,
                     theme(), session_.decoding(), look_,
                     locked_, look_of(options_),   colormap_of(options_)};
    scene.total_steps = total_;
    scene_.emplace(std::move(scene));
    return *scene_;
}

viz::DeckRecipe ExportedRun::recipe() const {
    viz::DeckRecipe recipe;
    recipe.steps = steps_;
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
    if (recipe.views.empty()) recipe.views = {viz::find_view("head"), viz::find_view("ranking")};
    if (!viz::slide_holds(recipe.shape, recipe.views)) {
        refuse("--views",
               options_.views[0] + " and " + options_.views[1] + " have no room beside each other" +
                   (options_.shape == "4:3" ? " on a 4:3 page" : "") + "; export each alone");
    }
    return recipe;
}

}  // namespace app
