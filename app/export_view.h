// Saves the step on the screen as a slide, with what is selected and locked: SVG, PNG and PDF.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/state.h"

namespace app {

// A copy of what is shown, so that the worker can draw it while the window goes on.
struct Page {
    std::shared_ptr<const model::Model> model;
    model::StepPtr step;
    model::Decoding decoding;
    viz::Selection selection;
    viz::Hit locked;
    viz::AttentionLook attention;
    const viz::Theme* theme = nullptr;
    int total_steps = 0;
    std::vector<const viz::View*> views;
    std::string name;  // of the files, without their endings
};

Page page_of(const State& state);

// Writes the files into the exports folder; says where they are. Throws model::Error.
std::string save_page(const Page& page);

}  // namespace app
