#include "app/cli/export_flags.h"

#include <algorithm>
#include <cmath>
#include <iostream>
#include <utility>

#include "app/run/logo.h"
#include "app/run/run_store.h"
#include "app/run/saved_look.h"
#include "model/base/error.h"
#include "model/base/json.h"
#include "model/base/parse_number.h"
#include "model/interp/attribution.h"
#include "model/interp/head_change.h"
#include "model/pass/attention.h"
#include "viz/paint/format.h"
#include "viz/slides/bare.h"
#include "viz/slides/pptx_template.h"
#include "viz/slides/slide.h"
#include "viz/slides/strip.h"
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

// "84mm" in pixels, of which an inch has 96.
float pixels_of(const std::string& text) {
    double value = 0;
    const char* const unit = model::parse_number(text, value);
    const std::string_view name = unit ? unit : "";
    const double pixels = name == "mm"   ? value * 96 / 25.4
                          : name == "cm" ? value * 96 / 2.54
                          : name == "in" ? value * 96
                          : name == "pt" ? value * 96 / 72
                          : name == "px" ? value
                                         : 0;
    if (!(pixels >= 16 && pixels <= 10000)) {
        refuse("--width", "\"" + text + "\" is no width like 84mm, 3.3in, 240pt or 320px");
    }
    return static_cast<float>(pixels);
}

std::string millimetres(float pixels) {
    return viz::decimal(std::ceil(double{pixels} * 254 / 96) / 10, 1) + "mm";
}

// `most` of the steps, from the first to the last, as evenly as they go.
std::vector<int> spread(const std::vector<int>& steps, int most) {
    const int n = static_cast<int>(steps.size());
    if (n <= most) return steps;
    std::vector<int> chosen;
    for (int i = 0; i < most; ++i) {
        chosen.push_back(steps[static_cast<size_t>((i * (n - 1) + (most - 1) / 2) / (most - 1))]);
    }
    return chosen;
}

}  // namespace

std::shared_ptr<const viz::SlideTemplate> slide_template(const Options& options) {
    if (options.slide_template.empty()) return nullptr;
    return std::make_shared<const viz::SlideTemplate>(options.slide_template);
}

viz::SlideShape shape_of(const Options& options, const viz::SlideTemplate* base) {
    if (options.shape.empty() && base) return base->shape();
    return options.shape == "4:3" ? viz::SlideShape::classic : viz::SlideShape::wide;
}

const viz::Theme& theme_of(const Options& options, const viz::SlideTemplate* base) {
    if (options.theme.empty() && base) return base->theme();
    return options.theme == "dark" ? viz::dark_theme() : viz::light_theme();
}

CliRun::CliRun(const Options& options, const model::Progress& steps)
    : options_(options), base_(slide_template(options)) {
    Snapshot look;
    viz::DeckRecipe recipe;
    const bool saved = !options.run.empty();
    nlohmann::json view;
    std::string prompt;
    if (saved) {
        const SavedRun run = open_run(options.run, options.model);
        view = run.file.view;
        prompt = run.file.prompt.value_or("");
        recipe = this->recipe(view);
        model_ = run.model;
        model::SessionOptions how;
        if (options.memory_mb) how.detail_budget = static_cast<size_t>(*options.memory_mb * 1e6);
        session_ = model::replay(run.file, run.model, how, [&] { return !steps(1, 1); });
    } else {
        recipe = this->recipe(view);
        model_ = open_model(options);
        prompt = prompt_text(options);
        compute(steps);
    }
    const int total = session_->path_length() - session_->step()->prompt_length + 1;
    recipe.steps = parse_steps(options.step.empty() ? "1-" + std::to_string(total) : options.step,
                               total, "--step");
    if (options.strip > 0) recipe.steps = spread(recipe.steps, options.strip);
    check_layout(recipe);
    look.model = model_;
    look.step = session_->step();
    look.decoding = session_->decoding();
    if (saved) look.tree = session_->tree();
    for (const viz::View* shown : recipe.views) {
        if (!shown->needs_sampling || look.decoding.sampled()) continue;
        if (options.views.empty()) {  // as it was saved; it cannot be shown on paper
            recipe.views = {viz::find_view("head"), viz::find_view("ranking")};
            break;
        }
        refuse("--views", std::string(shown->id) +
                              " shows random draws, and greedy decoding has none; say "
                              "--temperature, --top-k or another that samples");
    }
    take_look(look, view);
    apply_flags(look);
    look.total_steps = total;
    choose_selection(look, recipe, saved && view.is_object() && view.contains("head"));
    run_.emplace(*session_, look, recipe);
    run_->scale = options.scale.value_or(0);
    run_->base = base_;
    if (const auto votes = view.find("guesses"); view.is_object() && votes != view.end()) {
        run_->guesses = read_guesses(*votes, model_->config.n_vocab);
    }
    // That of the step, which may be an edited one.
    std::vector<int> ids = session_->step()->ids();
    ids.resize(static_cast<size_t>(session_->step()->prompt_length));
    run_->prompt =
        model_->tokenizer && (!prompt.empty() || saved) ? model_->tokenizer->decode(ids) : prompt;
}

// Runs the prompt and its steps.
void CliRun::compute(const model::Progress& steps) {
    session_ =
        std::make_unique<model::Session>(model_, session_options(options_, model_->config, true));
    const int wanted = std::max(options_.steps.value_or(1), 1);
    int running = 1;  // the step that is being made
    const auto stop = [&] { return !steps(running, wanted); };
    session_->start(prompt_ids(options_, *model_), decoding(options_), stop);
    for (int i = 1; i < wanted && session_->stage() == model::Stage::proposed; ++i) {
        running = i + 1;
        session_->commit({}, stop);
    }
    const int total = session_->step()->number();
    if (total < wanted && session_->step()->why == model::StopReason::context_full) {
        std::cerr << "stepscope: the context of " << model_->config.n_ctx
                  << " tokens is full; the run has " << total << " steps\n";
    }
    if (total < wanted && session_->step()->why == model::StopReason::end_of_text) {
        std::cerr << "stepscope: the model ended the text; the run has " << total
                  << " steps (--no-stop goes on)\n";
    }
}

// What is said on the command line counts more than how a run was saved.
void CliRun::apply_flags(Snapshot& look) const {
    using Look = viz::AttentionLook;
    const auto take = [](const std::string& word, auto id, auto last, auto& value) {
        if (!word.empty()) value = viz::value_named(id, last, word).value();
    };
    take(options_.mix, viz::mix_id, Look::Mix::max, look.attention.mix);
    take(options_.tint, viz::tint_id, Look::Tint::induction, look.attention.tint);
    take(options_.routes, viz::route_id, model::RouteMeasure::arrives, look.attention.routes);
    take(options_.colours, viz::colormap_id, viz::Colormap::cividis, look.colormap);
    if (options_.hide_first) look.attention.hide_first = true;
    if (options_.own_scale) look.attention.own_scale = true;
    if (options_.since) look.since = true;
    if (options_.difference && look.step->untouched()) {
        refuse("--difference", "there is nothing to compare; say what --ablate leaves out");
    }
    if (options_.difference) look.difference = true;
    if (!options_.theme.empty() || base_) look.theme = &theme_of(options_, base_.get());
    if (!options_.strategies.empty()) {
        look.rules = model::parse_rules(options_.strategies, "--strategies");
    }
}

void CliRun::choose_selection(Snapshot& look, const viz::DeckRecipe& recipe, bool saved) {
    const model::Config& config = model_->config;
    const int first = recipe.steps.front();
    viz::Selection& s = look.selection;
    model::HeadIndex shown{s.layer, s.head};
    if (!saved) {
        session_->rewind(0);
        shown = model::most_telling_head(*model_, *session_->step()->records.back(),
                                         session_->step()->ranking.proposed().id);
    }
    session_->rewind(session_->step()->prompt_length + first - 1);
    look.step = session_->step();
    if (look.difference && !saved) {  // where the change shows most
        if (const auto untouched = session_->compute_untouched()) {
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
    if (options_.position) s.position = *options_.position;
    s.token = within("--follow", options_.follow, 0, config.n_vocab - 1, s.token);
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

viz::DeckRecipe CliRun::recipe(const nlohmann::json& saved) const {
    viz::DeckRecipe recipe;
    recipe.reveal = options_.reveal;
    recipe.shape = shape_of(options_, base_.get());
    if (!options_.logo.empty()) recipe.logo = open_logo(options_.logo);
    for (const std::string& id : options_.views) {
        const viz::View* view = viz::find_view(id);
        if (!view) {
            refuse("--views", "there is no view \"" + id + "\"; `stepscope views` lists them");
        }
        recipe.views.push_back(view);
    }
    if (recipe.views.size() > 2) refuse("--views", "a page holds one or two views");
    if (options_.watch && recipe.views.empty()) recipe.views = {viz::find_view("routes")};
    if (recipe.views.empty() && saved_view(saved)) {  // as the window exports it
        recipe.views = {saved_view(saved)};
        if (const viz::View* beside = saved_beside(saved)) recipe.views.push_back(beside);
        for (const viz::View*& shown : recipe.views) shown = viz::page_view(shown);
        if (!viz::slide_holds(recipe.shape, recipe.views)) recipe.views.resize(1);
    }
    if (recipe.views.empty()) recipe.views = {viz::find_view("head"), viz::find_view("ranking")};
    recipe.strip = options_.strip > 0;
    if (recipe.strip && options_.views.empty()) recipe.views.resize(1);
    if (options_.bare) {
        if (options_.views.empty()) recipe.views.resize(1);
        recipe.bare = pixels_of(options_.width.empty() ? "84mm" : options_.width);
    }
    if (options_.seconds)
        recipe.hundredths = static_cast<int>(std::lround(*options_.seconds * 100));
    recipe.native = options_.native;
    recipe.words.title = options_.title;
    recipe.words.footer = options_.footer;
    recipe.words.caption = options_.caption != "off";
    if (!options_.language.empty()) {
        try {
            recipe.words.language =
                std::make_shared<const viz::Language>(viz::find_language(options_.language));
        } catch (const model::Error& error) {
            refuse("--language", error.what());
        }
    }
    if (!options_.notes.empty()) recipe.words.notes = read_prompt(options_.notes);
    for (const auto& [flag, words] : {std::pair{"--title", &recipe.words.title},
                                      {"--footer", &recipe.words.footer},
                                      {"--notes", &recipe.words.notes}}) {
        if (!model::is_utf8(*words)) refuse(flag, "is not UTF-8");
        if (recipe.strip && words->find('{') != std::string::npos) {
            refuse(flag, "fields are of one step, and a strip has several");
        }
    }
    if (recipe.words.notes.starts_with("\xef\xbb\xbf")) recipe.words.notes.erase(0, 3);
    viz::check_fields(recipe.words.title, "--title");
    viz::check_fields(recipe.words.footer, "--footer");
    viz::check_fields(recipe.words.notes, "--notes");
    if (options_.watch) {
        if (recipe.views.front()->plays != viz::Plays::way) {
            refuse("--watch", "plays the way of a token; say --views routes");
        }
        if (options_.reveal) refuse("--watch", "does not go together with --reveal");
        recipe.frames = viz::frames_of_way;
    }
    if ((recipe.strip || options_.bare) && recipe.views.size() > 1) {
        refuse("--views", std::string(options_.bare ? "--bare" : "--strip") + " takes one view");
    }
    if (recipe.native &&
        std::ranges::find(recipe.views, viz::find_view("ranking")) == recipe.views.end()) {
        refuse("--native", "is about the view ranking, which these pages have not");
    }
    if (!options_.bare && !viz::slide_holds(recipe.shape, recipe.views)) {
        refuse("--views", options_.views[0] + " and " + options_.views[1] +
                              " have no room beside each other" +
                              (recipe.shape == viz::SlideShape::classic ? " on a 4:3 page" : "") +
                              "; export each alone");
    }
    return recipe;
}

// What depends on how many steps there are, or on the view.
void CliRun::check_layout(const viz::DeckRecipe& recipe) const {
    const viz::View& view = *recipe.views.front();
    const int steps = static_cast<int>(recipe.steps.size());
    if (recipe.strip && !viz::strip_holds(recipe.shape, view, steps)) {
        refuse("--strip", std::to_string(steps) + " steps of the view " + view.id +
                              " have no room on one page; ask for fewer");
    }
    constexpr float most_pixels = 30000;
    if (options_.bare && recipe.bare * options_.scale.value_or(1) > most_pixels) {
        refuse("--width", "with --scale it makes more than " +
                              std::to_string(static_cast<int>(most_pixels)) + " pixels");
    }
    if (options_.bare && recipe.bare < viz::least_bare_width(view)) {
        refuse("--width", std::string("the view ") + view.id + " needs at least " +
                              millimetres(viz::least_bare_width(view)));
    }
}

}  // namespace app
