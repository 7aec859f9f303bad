#include "app/control/export_dialog.h"

#include <algorithm>
#include <filesystem>

#include "app/control/actions.h"
#include "app/run/desktop.h"
#include "app/run/export_run.h"
#include "app/run/settings.h"
#include "model/base/error.h"
#include "viz/paint/format.h"

namespace app {

namespace fs = std::filesystem;

namespace {

// Where the wishes go when nobody says otherwise: the exports folder, named after the prompt.
std::string default_target(const State& state) {
    const ExportFormat& format = export_format(state.wishes.format);
    const std::string name = shortened(export_folder() / slug(state.run_prompt));
    return format.file_per_page() ? name : name + "." + format.file_ending();
}

// A target that nobody typed follows the prompt and the format.
void offer_target(State& state) {
    ExportWishes& wishes = state.wishes;
    if (!wishes.target.empty() && wishes.target != wishes.offered) return;
    wishes.offered = wishes.target = default_target(state);
}

// Writes it, all of it or nothing; says what was written.
std::string save_run(ExportRun& run, const ExportFormat& format, const fs::path& out,
                     const model::Progress& progress) {
    model::FileSet files;
    // Somebody who names a new folder wants it made.
    if (const fs::path folder = out.parent_path(); !folder.empty()) files.make_folder(folder);
    const std::vector<fs::path> written = write_run(files, run, format, out, progress);
    const size_t replaced = files.commit().size();
    std::string said = written.size() == 1
                           ? "Saved " + shortened(written.front())
                           : "Saved " + viz::count(static_cast<long long>(written.size())) +
                                 " files in " + shortened(out);
    if (replaced > 0) said += written.size() == 1 ? " (replaced)" : ", replaced some";
    return said;
}

std::vector<int> steps_of(const State& state) {
    switch (state.wishes.steps) {
        case ExportWishes::Steps::one:
            return {state.step->number()};
        case ExportWishes::Steps::chosen:
            return parse_steps(state.wishes.chosen, state.last_step(), "steps");
        case ExportWishes::Steps::all:
            break;
    }
    std::vector<int> all;
    for (int step = 1; step <= state.last_step(); ++step) all.push_back(step);
    return all;
}

}  // namespace

std::vector<const viz::View*> export_views(const State& state) {
    const viz::View* first = viz::page_view(state.view);
    if (state.beside) return {first, viz::page_view(state.beside)};
    if (state.wishes.ranking) return {first, viz::find_view("ranking")};
    return {first};
}

bool can_watch(const State& state) {
    return export_format(state.wishes.format).film && !state.wishes.reveal &&
           export_views(state).front()->plays == viz::Plays::way;
}

void open_export(App& app) {
    State& state = app.state;
    state.overlay = Overlay::exporting;
    offer_target(state);
}

void click_export(App& app, std::string_view part, std::string_view value) {
    State& state = app.state;
    ExportWishes& wishes = state.wishes;
    if (part == "format") {
        const bool offered = wishes.target == wishes.offered;
        const std::string had = "." + export_format(wishes.format).file_ending();
        wishes.format = value;
        const ExportFormat& format = export_format(wishes.format);
        if (!offered && !format.file_per_page() && !wishes.target.empty()) {
            // A name that somebody typed keeps all but its ending, "votes.csv" as a whole.
            if (wishes.target.ends_with(had))
                wishes.target.resize(wishes.target.size() - had.size());
            else
                wishes.target = fs::path(wishes.target).replace_extension().string();
            wishes.target += "." + format.file_ending();
        } else if (offered) {
            offer_target(state);
        }
    } else if (part == "steps") {
        wishes.steps = value == "one"   ? ExportWishes::Steps::one
                       : value == "all" ? ExportWishes::Steps::all
                                        : ExportWishes::Steps::chosen;
    } else if (part == "shape") {
        wishes.shape = value == "wide" ? viz::SlideShape::wide : viz::SlideShape::classic;
    } else if (part == "scale") {
        wishes.png_scale = value == "4" ? 4 : value == "2" ? 2 : 1;
    } else if (part == "ranking") {
        wishes.ranking = !wishes.ranking;
    } else if (part == "reveal") {
        wishes.reveal = !wishes.reveal;
    } else if (part == "watch") {
        wishes.watch = !wishes.watch;
    } else if (part == "save") {
        start_export(app);
    }
}

void export_view(App& app) {
    const State& state = app.state;
    viz::DeckRecipe recipe;
    recipe.steps = {state.step->number()};
    recipe.views = export_views(state);
    std::string name = slug(state.run_prompt) + "-step-" + std::to_string(state.step->number()) +
                       "-" + state.view->id;
    if (viz::page_view(state.view)->heading == viz::Heading::head) {
        name += "-l" + std::to_string(state.selection.layer + 1) + "-h" +
                std::to_string(state.selection.head + 1);
    }
    app.worker.post(Task{[=, look = state.snapshot()](model::Session& session,
                                                      const model::Progress& progress) {
        if (!viz::slide_holds(recipe.shape, recipe.views)) {
            throw model::Error("export: these two views have no room beside each other on a page");
        }
        ExportRun run(session, look, recipe);
        model::FileSet files;
        files.make_folder(export_folder());
        for (const char* format : {"svg", "png", "pdf"}) {
            write_run(files, run, export_format(format), export_folder() / (name + "." + format),
                      progress);
        }
        files.commit();
        return "Saved " + name + " as .svg, .png and .pdf in " + shortened(export_folder());
    }});
}

void copy_picture(App& app) {
    viz::DeckRecipe recipe;
    recipe.steps = {app.state.step->number()};
    recipe.views = export_views(app.state);
    if (!viz::slide_holds(recipe.shape, recipe.views)) recipe.views.resize(1);
    app.worker.post(Task{
        [recipe, look = app.state.snapshot()](model::Session& session, const model::Progress&) {
            ExportRun run(session, look, recipe);
            copy_png(page_png(run));
            return std::string("Copied this step as a slide: paste it into any program");
        }});
}

void open_exports(App& app) {
    try {
        const fs::path folder = export_folder();
        std::error_code failed;
        fs::create_directories(folder, failed);
        show_folder(folder);
    } catch (const model::Error& error) {
        app.state.error = error.what();
    }
}

bool press_export_key(App& app, std::string_view key) {
    const ExportWishes& wishes = app.state.wishes;
    const std::span<const ExportFormat> formats = export_formats();
    const auto n = static_cast<std::ptrdiff_t>(formats.size());
    const auto at =
        std::ranges::find(formats, wishes.format, &ExportFormat::name) - formats.begin();
    auto format = [&](std::ptrdiff_t by) {
        click_export(app, "format", formats[static_cast<size_t>((at + by + n) % n)].name);
    };
    static constexpr const char* steps[] = {"one", "all", "chosen"};
    auto choose_steps = [&](int by) {
        const int to = std::clamp(static_cast<int>(wishes.steps) + by, 0, 2);
        click_export(app, "steps", steps[to]);
        if (to == 2) app.state.wants_typing = "field/steps";
    };
    if (key == "Right") {
        format(1);
    } else if (key == "Left") {
        format(-1);
    } else if (key == "Down") {
        choose_steps(1);
    } else if (key == "Up") {
        choose_steps(-1);
    } else if (key == "S") {
        click_export(app, "shape", wishes.shape == viz::SlideShape::wide ? "classic" : "wide");
    } else if (key == "P") {
        click_export(app, "scale", wishes.png_scale == 1 ? "2" : wishes.png_scale == 2 ? "4" : "1");
    } else if (key == "R") {
        click_export(app, "reveal", "");
    } else if (key == "W") {
        if (can_watch(app.state)) click_export(app, "watch", "");
    } else if (key == "K") {
        click_export(app, "ranking", "");
    } else if (key == "Tab") {
        app.state.wants_typing = "field/target";
    } else if (key == "Enter") {
        start_export(app);
    } else {
        return false;
    }
    return true;
}

void start_export(App& app) {
    State& state = app.state;
    if (!state.step) return;
    try {
        if (state.wishes.target.empty()) {
            throw model::Error("export: name a file or a folder to write to");
        }
        viz::DeckRecipe recipe;
        recipe.steps = steps_of(state);
        recipe.views = export_views(state);
        recipe.shape = state.wishes.shape;
        const ExportFormat& format = export_format(state.wishes.format);
        recipe.reveal = state.wishes.reveal && format.has_pages();
        if (state.wishes.watch && can_watch(state)) recipe.frames = viz::frames_of_way;
        if (format.has_pages() && !viz::slide_holds(recipe.shape, recipe.views)) {
            throw model::Error(
                "export: these two views have no room beside each other on a page; "
                "leave the ranking out, or export each alone");
        }
        state.error.clear();
        state.progress = {0, static_cast<int>(recipe.steps.size())};
        app.worker.post(
            Task{[recipe, &format, look = state.snapshot(), prompt = state.run_prompt,
                  guesses = state.guesses, scale = format.pixels ? state.wishes.png_scale : 0,
                  out = lengthened(state.wishes.target)](model::Session& session,
                                                         const model::Progress& progress) {
                ExportRun run(session, look, recipe);
                run.prompt = prompt;
                run.guesses = guesses;
                run.scale = static_cast<float>(scale);
                return save_run(run, format, out, progress);
            }});
        state.overlay = Overlay::none;
    } catch (const model::Error& error) {
        state.error = error.what();
    }
}

}  // namespace app
