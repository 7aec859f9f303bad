// A run that is exported, by the window or the command line: how its steps are looked at, and the
// one place that writes them.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/run/class_votes.h"
#include "app/run/export_formats.h"
#include "app/run/snapshot.h"
#include "model/base/file_set.h"
#include "viz/slides/deck.h"

namespace app {

// Several pages on a sheet of paper; 0: pages as they are.
struct PaperSheets {
    int per_page = 0;
    viz::Size paper;
};

class ExportRun {
  public:
    // `look`: how every step is looked at; its own step does not matter. Steps are had by
    // rewinding the session.
    ExportRun(model::Session& session, Snapshot look, viz::DeckRecipe recipe)
        : session_(session), look_(std::move(look)), recipe_(std::move(recipe)) {
        look_.looked_ahead = nullptr;  // a file does not depend on how far somebody looked
        note_choices();
    }

    const model::Session& session() const { return session_; }
    const std::vector<int>& steps() const { return recipe_.steps; }
    const viz::DeckRecipe& recipe() const { return recipe_; }
    const viz::Theme& theme() const { return *look_.theme; }
    int layer() const { return look_.selection.layer; }
    int head() const { return look_.selection.head; }

    // By number. What it returns is valid until the next call. Its proposal is the token that
    // follows in the run, where one does.
    const model::StepPtr& step(int number);
    const viz::Scene& scene(int number);

    float scale = 0;  // pixels for one of the page; 0: as the format has it
    PaperSheets sheets;
    bool chosen_views = false;  // somebody named them: a table is of these, not of the rankings
    bool fragment = false;      // of a page of the web, to be pasted into another
    std::string prompt;         // as text, for the metadata of tensors
    ClassGuesses guesses;       // that the class made, for the table of votes
    std::shared_ptr<const viz::SlideTemplate> base;  // whose slides these are added to

  private:
    void note_choices();

    model::Session& session_;
    std::vector<int> path_;  // ids of the whole run
    model::StepPtr step_;
    Snapshot look_;
    viz::DeckRecipe recipe_;
    viz::Memo memo_;
    std::optional<viz::Scene> scene_;
    std::unique_ptr<model::StrategyComparison> comparison_;  // for views that show it
};

// Writes the run into `files`, which the caller commits; returns the names. `progress` counts what
// the format says. Throws model::Error and model::Stopped.
std::vector<std::filesystem::path> write_run(model::FileSet& files, ExportRun& run,
                                             const ExportFormat& format,
                                             const std::filesystem::path& out,
                                             const model::Progress& progress);

// The picture of its first page.
std::string page_png(ExportRun& run);

// The same of any deck, in a format that has pages.
std::vector<std::filesystem::path> write_deck(model::FileSet& files, const viz::Deck& deck,
                                              const ExportFormat& format,
                                              const std::filesystem::path& out,
                                              const model::Progress& progress);

// "3", "2-6", "1,4,9", or these mixed: ascending, each once. Throws model::Error that names `flag`
// for anything else, and for steps beyond `last`.
std::vector<int> parse_steps(const std::string& text, int last, const std::string& flag);

// What is said of a run beside its tensors.
std::map<std::string, std::string> trace_metadata(const model::Session& session,
                                                  const std::string& prompt);

}  // namespace app
