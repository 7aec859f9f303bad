// A run that is exported: its steps, and the scene of each as the flags ask for it.
#pragma once

#include <functional>
#include <vector>

#include "app/cli.h"
#include "viz/deck.h"
#include "viz/scene.h"
#include "viz/view.h"

namespace app {

// Told and asked between pieces of work; false: stop.
using Watch = std::function<bool(const char* what, int done, int all)>;

class ExportedRun {
  public:
    // Runs all steps. Throws model::Error that names a flag, model::Stopped where `watch` says so.
    ExportedRun(const Options& options, const Watch& watch);

    const Options& options() const { return options_; }
    const model::Session& session() const { return session_; }
    const std::vector<int>& prompt() const { return prompt_; }
    const std::vector<int>& steps() const { return steps_; }  // numbers of those asked for
    int layer() const { return look_.layer; }
    int head() const { return look_.head; }
    const viz::Theme& theme() const;

    // By number. What it returns is valid until the next call.
    const model::StepPtr& step(int number);
    const viz::Scene& scene(int number);
    viz::DeckRecipe recipe() const;

  private:
    void choose_selection();

    const Options& options_;
    std::shared_ptr<const model::Model> model_;
    model::Session session_;
    std::vector<int> prompt_, steps_;
    int total_ = 1;
    viz::Selection look_;
    viz::Hit locked_;
    viz::Memo memo_;
    std::optional<viz::Scene> scene_;
};

}  // namespace app
