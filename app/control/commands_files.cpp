// The commands that hide a run, keep it, export it, or open another one.
#include "app/control/class_guesses.h"
#include "app/control/command_groups.h"
#include "app/control/export_dialog.h"

namespace app {

std::vector<Command> file_commands() {
    return {
        {"guess",
         "Guess",
         {"G"},
         "guess first: Space reveals bit by bit",
         has_step,
         [](App& app) {
             State& s = app.state;
             s.guessing = !s.guessing;
             s.reveal = viz::Reveal::all;
             if (s.guessing) hide_step(s);
         }},
        {"save", "Save", {"Ctrl+S"}, "save the run", has_step, save_run},
        {"save-as",
         "Save as",
         {"Ctrl+Shift+S"},
         "save the run in another place",
         has_step,
         save_run_as,
         over_sheets},
        {"reopen",
         "Reopen",
         {"Ctrl+R"},
         "open what an interrupted program left",
         [](const State& s) { return !s.left.empty(); },
         [](App& app) {
             open_path(app, app.state.left);
             app.state.left.clear();
         }},
        {"not-now",
         "Not now",
         {},
         "what an interrupted program left is offered again at the next start",
         [](const State& s) { return !s.left.empty(); },
         [](App& app) { app.state.left.clear(); }},
        {"export", "Export", {"E"}, "save this view as SVG, PNG and PDF", has_step, export_view},
        {"export-dialog",
         "Export",
         {"Ctrl+E"},
         "slides, pictures or numbers of the run",
         has_step,
         open_export,
         over_sheets},
        {"copy-picture",
         "Copy picture",
         {"Ctrl+C"},
         "this page, to paste into any program",
         has_step,
         copy_picture},
        {"copy-link", "Copy link", {"Ctrl+Shift+C"}, "this step as a link", has_step, copy_link},
        {"open-exports",
         "Exports folder",
         {},
         "show the folder of exported files",
         always,
         [](App& app) { open_exports(app); }},
        {"prompt",
         "Prompt",
         {"Ctrl+L"},
         "type another prompt",
         always,
         [](App& app) {
             app.state.overlay = Overlay::none;
             end_welcome(app.state);
             app.state.wants_typing = "field/prompt";
         },
         over_sheets},
        {"model",
         "Model",
         {"M"},
         "what is loaded; open another model",
         always,
         [](App& app) {
             toggle_overlay(app.state, Overlay::model);
             app.worker.post(FindModels{});
         },
         over_sheets},
        {"open",
         "Open",
         {"Ctrl+O"},
         "open the folder of another model",
         always,
         [](App& app) {
             app.state.overlay = Overlay::model;
             app.state.item = 0;
             app.state.wants_typing = "field/folder";
             app.worker.post(FindModels{});
         },
         over_sheets},
    };
}

}  // namespace app
