// A run that is exported, by the window or the command line: how its steps are looked at, and the
// one place that writes every format.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/run/snapshot.h"
#include "model/base/file.h"
#include "viz/slides/deck.h"

namespace app {

// Told and asked between pieces of work; false: stop.
using Watch = std::function<bool(const char* what, int done, int all)>;

class ExportRun {
  public:
    // `look`: how every step is looked at; its own step does not matter. Steps are had by
    // rewinding the session.
    ExportRun(model::Session& session, Snapshot look, viz::DeckRecipe recipe)
        : session_(session), look_(std::move(look)), recipe_(std::move(recipe)) {}

    const model::Session& session() const { return session_; }
    const std::vector<int>& steps() const { return recipe_.steps; }
    const viz::DeckRecipe& recipe() const { return recipe_; }
    const viz::Theme& theme() const { return *look_.theme; }
    int layer() const { return look_.selection.layer; }
    int head() const { return look_.selection.head; }

    // By number. What it returns is valid until the next call.
    const model::StepPtr& step(int number);
    const viz::Scene& scene(int number);

    float png_scale = 1;
    std::string prompt;  // as text, for the metadata of tensors

  private:
    model::Session& session_;
    Snapshot look_;
    viz::DeckRecipe recipe_;
    viz::Memo memo_;
    std::optional<viz::Scene> scene_;
    std::unique_ptr<model::StrategyComparison> comparison_;  // for views that show it
};

enum class Format { svg, png, pdf, pptx, html, gif, json, csv, safetensors };
// Their names, which are the endings of files.
std::vector<std::string> format_names();
std::string name_of(Format format);
std::optional<Format> format_named(std::string_view name);
bool is_pages(Format format);  // a file for each page
bool is_data(Format format);   // numbers without pages

// Writes the run into `files`, which the caller commits; returns the names. Throws model::Error,
// and model::Stopped where `watch` says so.
std::vector<std::filesystem::path> write_run(model::FileSet& files, ExportRun& run, Format format,
                                             const std::filesystem::path& out, const Watch& watch);

// The same of any deck, in a format that has pages.
std::vector<std::filesystem::path> write_deck(model::FileSet& files, const viz::Deck& deck,
                                              Format format, const std::filesystem::path& out,
                                              float png_scale, const Watch& watch);

// "3", "2-6", "1,4,9", or these mixed: ascending, each once. Throws model::Error that names `flag`
// for anything else, and for steps beyond `last`.
std::vector<int> parse_steps(const std::string& text, int last, const std::string& flag);

// What is said of a run beside its tensors.
std::map<std::string, std::string> trace_metadata(const model::Session& session,
                                                  const std::string& prompt);

}  // namespace app
