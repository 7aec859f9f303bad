// The export dialog: what shall be written of the run, and where to. Its page is previewed by the
// same drawing that is written.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "viz/slides/slide.h"
#include "viz/views/view_table.h"

namespace app {

struct App;
struct State;

// What the dialog is set to.
struct ExportWishes {
    enum class Steps { one, all, chosen };

    std::string format = "pdf";  // its name
    Steps steps = Steps::one;
    std::string chosen;   // "2-6,9"
    bool ranking = true;  // beside a single view
    bool reveal = false;  // four pages a step
    bool watch = false;   // of a film: the way of each token plays
    viz::SlideShape shape = viz::SlideShape::wide;
    int png_scale = 1;    // pixels of a PNG for one of the page
    std::string target;   // file, or folder for one file a page
    std::string offered;  // the target that nobody typed
};

// The views of a page: what the window shows in its middle, and the ranking.
std::vector<const viz::View*> export_views(const State& state);

// Whether the way of a token can play in what is to be written: a film of it.
bool can_watch(const State& state);

// Opens the dialog, with a target that fits.
void open_export(App& app);
// A click on one of its parts, "export/FORMAT/pdf" and the like.
void click_export(App& app, std::string_view part, std::string_view value);
// Without the dialog: the step on the screen as SVG, PNG and PDF in the exports folder.
void export_view(App& app);
// The page that the window would write, on the clipboard.
void copy_picture(App& app);
// The folder of exported files, in the desktop's file manager.
void open_exports(App& app);
// Keys while it is open: arrows choose format and steps, letters the rest. False for any other.
bool press_export_key(App& app, std::string_view key);
// Writes, on the worker. What cannot be is said in the state's error.
void start_export(App& app);

}  // namespace app
