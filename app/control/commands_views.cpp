// The commands that choose the view, and the one beside it.
#include <algorithm>

#include "app/control/command_groups.h"
#include "app/control/zoom.h"
#include "viz/views/view_table.h"

namespace app {

namespace {

// The tab `by` places further, around the ends.
std::function<void(App&)> move_view(int by) {
    return [by](App& app) {
        std::vector<const viz::View*> tabs;
        std::ranges::copy_if(viz::views(), std::back_inserter(tabs), &viz::View::tab);
        const auto at = std::ranges::find(tabs, app.state.view) - tabs.begin();
        const auto n = static_cast<std::ptrdiff_t>(tabs.size());
        show_view(app.state, tabs[static_cast<size_t>((at + by + n) % n)]);
    };
}

bool has_beside(const State& s) {
    return s.beside != nullptr;
}

}  // namespace

std::vector<Command> view_commands() {
    return {
        {"view-after", "Next view", {"PageDown"}, "the next view", always, move_view(1)},
        {"view-before", "View before", {"PageUp"}, "the view before", always, move_view(-1)},
        {"beside",
         "Beside",
         {"B"},
         "two views: keep this one at the right",
         [](const State& s) { return !s.presenting; },
         [](App& app) {
             State& s = app.state;
             if (s.beside) {
                 s.beside = nullptr;
                 return;
             }
             s.beside = s.view;
             move_view(1)(app);
         }},
        {"swap",
         "Swap",
         {"Tab"},
         "change the two views around",
         has_beside,
         [](App& app) { std::swap(app.state.view, app.state.beside); }},
        {"zoom-in",
         "Zoom in",
         {"Shift+Down"},
         "in: block, head, weights, one cell",
         has_step,
         [](App& app) { zoom(app, 1); }},
        {"zoom-out",
         "Zoom out",
         {"Shift+Up"},
         "out again, to the whole model",
         has_step,
         [](App& app) { zoom(app, -1); }},
        {"fold",
         "Only the view",
         {"F9"},
         "fold away what lies beside the view",
         always,
         [](App& app) { app.state.folded = !app.state.folded; }},
    };
}

std::vector<Command> tab_commands() {
    std::vector<Command> rows;
    int number = 0;
    for (const viz::View* view : viz::views()) {
        if (!view->tab) continue;
        ++number;
        rows.push_back(
            {std::string("view-") + view->id, view->title,
             number <= 9 ? std::vector{std::to_string(number)} : std::vector<std::string>{},
             "the view " + std::string(view->title), always,
             [view](App& app) { show_view(app.state, view); }});
    }
    return rows;
}

}  // namespace app
