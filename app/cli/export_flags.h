// The run that `stepscope export` makes, and how its flags ask for each step to be looked at.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "app/cli/cli.h"
#include "app/run/export_run.h"

namespace app {

// What is to be refused is refused before anything runs.
class CliRun {
  public:
    // Runs all steps, which `steps` counts. Throws model::Error that names a flag, model::Stopped.
    CliRun(const Options& options, const model::Progress& steps);

    ExportRun& run() { return *run_; }

  private:
    viz::DeckRecipe recipe(const nlohmann::json& view) const;
    void check_layout(const viz::DeckRecipe& recipe) const;
    void compute(const model::Progress& steps);
    void apply_flags(Snapshot& look) const;
    void choose_selection(Snapshot& look, const viz::DeckRecipe& recipe, bool saved);

    const Options& options_;
    std::shared_ptr<const model::Model> model_;
    std::unique_ptr<model::Session> session_;
    std::optional<ExportRun> run_;
};

}  // namespace app
