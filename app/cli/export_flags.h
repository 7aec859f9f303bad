// The run that `stepscope export` makes, and how its flags ask for each step to be looked at.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "app/cli/cli.h"
#include "app/run/export_run.h"

namespace app {

// That of --template; null: none. Throws model::Error that names the file.
std::shared_ptr<const viz::SlideTemplate> slide_template(const Options& options);
// What pages are drawn in, where no flag says otherwise as the template has it.
viz::SlideShape shape_of(const Options& options, const viz::SlideTemplate* base);
const viz::Theme& theme_of(const Options& options, const viz::SlideTemplate* base);

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
    std::shared_ptr<const viz::SlideTemplate> base_;
    std::shared_ptr<const model::Model> model_;
    std::unique_ptr<model::Session> session_;
    std::optional<ExportRun> run_;
};

}  // namespace app
