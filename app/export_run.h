// Writes steps of a run as a deck, pictures or numbers: what the export dialog asks for.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/runner.h"
#include "app/snapshot.h"
#include "viz/deck.h"

namespace app {

struct ExportJob {
    Snapshot what;  // how steps are looked at; its own step is not used
    viz::DeckRecipe recipe;
    std::string format;  // "pdf"
    std::filesystem::path target;
};

// Writes it and says what was written. Rewinds the session; throws model::Error, and
// model::Stopped when `go_on` says no: then nothing was written that was not whole.
std::string save_run(const ExportJob& job, model::Session& session, const Task::GoOn& go_on);

// "2-6,9" as numbers of steps in order, each once. Throws model::Error that names `what` for
// anything else, and for steps beyond `last`.
std::vector<int> parse_steps(const std::string& text, int last, const std::string& what);

}  // namespace app
