// Saves the step on the screen as a slide, with what is selected and locked: SVG, PNG and PDF.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/state.h"

namespace app {

// A copy of what is shown, so that the worker can draw it while the window goes on.
struct Page {
    Snapshot what;
    std::vector<const viz::View*> views;
    std::string name;  // of the files, without their endings
};

Page page_of(const State& state);

// Writes the files into the exports folder; says where they are. Throws model::Error.
std::string save_page(const Page& page);

}  // namespace app
