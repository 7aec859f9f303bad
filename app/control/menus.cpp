#include "app/control/menus.h"

#include <algorithm>
#include <cmath>

#include "app/control/commands.h"
#include "app/control/examples.h"
#include "app/control/fetching.h"
#include "app/control/interventions.h"
#include "app/control/lesson_player.h"
#include "app/run/settings.h"
#include "app/run/states.h"
#include "viz/views/view_table.h"

namespace app {

namespace {

std::vector<MenuItem> view_items(const State& state) {
    std::vector<MenuItem> items;
    for (const viz::View* view : viz::views()) {
        if (!view->tab) continue;
        const Command& show = command(std::string("view-") + view->id);
        items.push_back({view->title, view->help, key_text(show), state.view == view, true,
                         [&show](App& app) { run_command(app, show); }});
        items.back().id = view->id;
    }
    // As they are shown: group by group.
    std::ranges::stable_sort(items, {},
                             [](const MenuItem& item) { return viz::find_view(item.id)->group; });
    return items;
}

std::vector<MenuItem> run_items(const State& state) {
    std::vector<MenuItem> items;
    for (const char* id :
         {"save",         "save-as",     "open",    "export-dialog", "copy-picture", "copy-link",
          "open-exports", "undo",        "redo",    "view-tree",     "draw-again",   "guess",
          "since",        "examples",    "present", "fold",          "fullscreen",   "text-larger",
          "text-smaller", "text-normal", "theme",   "colours",       "watch",        "keys"}) {
        const Command& c = command(id);
        MenuItem item{c.title, c.help,           key_text(c),
                      false,   c.enabled(state), [&c](App& app) { run_command(app, c); }};
        const std::string_view name = id;
        item.current = (name == "guess" && state.guessing) || (name == "since" && state.since) ||
                       (name == "fold" && state.folded) ||
                       (name == "present" && state.presenting) ||
                       (name == "watch" && state.motion.wished);
        if (name == "view-tree")
            item.title = "Branches", item.detail = "every continuation that was tried";
        if (name == "open") item.title = "Open", item.detail = "a saved run, or another model";
        if (name == "keys") item.detail = "all keys";
        if (item.current) item.title = "✓ " + item.title;
        if (name == "text-normal") {
            item.detail += ", now " + std::to_string(std::lround(state.zoom * 100)) + " %";
        }
        items.push_back(std::move(item));
    }
    return items;
}

MenuItem model_item(const State& state, const std::string& title, const std::string& detail,
                    const std::filesystem::path& folder) {
    std::error_code failed;
    const bool current = std::filesystem::equivalent(state.model->folder, folder, failed);
    return {title, detail, "", current, true, [folder](App& app) {
                app.state.folder = folder.string();
                open_folder(app);
            }};
}

std::vector<MenuItem> model_items(const State& state) {
    std::vector<MenuItem> items;
    if (!assets_folder().empty()) {  // else it is a program alone, with models of others
        items.push_back(model_item(state, "Bundled model",
                                   "comes with the program: small, trained for its lessons",
                                   bundled_model()));
    }
    const auto& states = training_states();
    for (size_t i = 0; i + 1 < states.size(); ++i) {
        items.push_back(model_item(state, "… " + states[i].name,
                                   "the bundled model at an earlier time of its training",
                                   states[i].folder));
        items.back().run = [i](App& app) { open_state(app, static_cast<int>(i)); };
    }
    for (const std::filesystem::path& run : state.recent) {
        std::string name = run.filename().string();
        name.resize(name.size() - std::string_view(".stepscope.json").size());
        items.push_back({name, "a saved run", "", run == state.run_path, true,
                         [run](App& app) { open_path(app, run); }});
    }
    for (const model::FoundModel& found : state.found) {
        items.push_back(model_item(
            state, found.name, found.problem.empty() ? "in the Hugging Face cache" : found.problem,
            found.folder));
        items.back().enabled = found.problem.empty();
    }
    for (MenuItem& item : fetch_items(state)) items.push_back(std::move(item));
    return items;
}

std::vector<MenuItem> example_items(const State& state) {
    std::vector<MenuItem> items;
    for (const Example& example : examples()) {
        items.push_back({example.prompt, example.look, "", state.run_prompt == example.prompt, true,
                         [&example](App& app) {
                             app.state.prompt = example.prompt;
                             run_command(app, command(std::string("view-") + example.view));
                             start_prompt(app);
                         }});
    }
    return items;
}

std::vector<MenuItem> lesson_items(const State& state) {
    std::vector<MenuItem> items;
    for (const ListedLesson& listed : state.lessons) {
        if (!listed.lesson) {
            items.push_back({"cannot be read", listed.problem, "", false, false, {}});
            continue;
        }
        const viz::Lesson& lesson = *listed.lesson;
        const bool current = state.walk.open() && state.walk.lesson->id == lesson.id;
        const bool finished = state.finished.contains(lesson.id);
        items.push_back({(finished ? "✓ " : "") + lesson.title,
                         std::to_string(lesson.minutes) + " min · " + lesson.summary, "", current,
                         true, [&listed](App& app) { start_lesson(app, listed.lesson); }});
    }
    const Command& phones = command("class");
    items.push_back({state.phones.on ? "✓ Class" : "Class", phones.help, key_text(phones), false,
                     phones.enabled(state), [&phones](App& app) { run_command(app, phones); }});
    if (state.walk.open()) {
        items.push_back({"Handout and slides", "of the open lesson: PDF, HTML, PPTX",
                         key_text(command("handout")), false, true, export_lesson});
    }
    return items;
}

}  // namespace

std::vector<MenuItem> menu_items(const State& state) {
    switch (state.overlay) {
        case Overlay::views:
            return view_items(state);
        case Overlay::run:
            return run_items(state);
        case Overlay::model:
            return model_items(state);
        case Overlay::what_if:
            return what_if_items(state);
        case Overlay::lessons:
            return lesson_items(state);
        case Overlay::examples:
            return example_items(state);
        case Overlay::none:
        case Overlay::keys:
        case Overlay::exporting:
        case Overlay::saving:
        case Overlay::replacing:
        case Overlay::appending:
        case Overlay::classroom:
            break;
    }
    return {};
}

bool press_menu_key(App& app, std::string_view key) {
    const std::vector<MenuItem> items = menu_items(app.state);
    if (items.empty()) return false;
    const int last = static_cast<int>(items.size()) - 1;
    int& item = app.state.item;
    if (key == "Up" || key == "Down") {
        item = std::clamp(item + (key == "Up" ? -1 : 1), 0, last);
    } else if (key == "Enter") {
        choose_item(app, item);
    } else {
        return false;
    }
    return true;
}

void choose_item(App& app, int index) {
    const std::vector<MenuItem> items = menu_items(app.state);
    if (index < 0 || index >= static_cast<int>(items.size())) return;
    const MenuItem& item = items[static_cast<size_t>(index)];
    if (!item.enabled) return;
    app.state.overlay = Overlay::none;
    item.run(app);
}

}  // namespace app
