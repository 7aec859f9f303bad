#include "app/run/export_run.h"

#include <algorithm>
#include <charconv>

#include "model/base/error.h"
#include "viz/slides/sheets.h"

namespace app {

namespace fs = std::filesystem;

namespace {

// One page takes `out` as it is; many are numbered: out.svg -> out-001.svg. A folder gets pages
// by their names: step-001-head-ranking.svg.
bool is_folder(const fs::path& out) {
    std::error_code ignored;
    return fs::is_directory(out, ignored) || (!out.has_extension() && !fs::exists(out, ignored));
}

fs::path page_path(const fs::path& out, const char* ending, const viz::Page& page, bool many) {
    if (is_folder(out)) return out / (page.name + "." + ending);
    if (!many) return out;
    return out.parent_path() / (out.stem().string() + "-" + page.number + out.extension().string());
}

}  // namespace

const model::StepPtr& ExportRun::step(int number) {
    if (session_.step()->number() != number) {
        session_.rewind(session_.step()->prompt_length + number - 1);
    }
    step_ = session_.step();
    const size_t length = step_->records.size();
    if (length < path_.size() && step_->ranking.proposed().id != path_[length]) {
        auto chosen = std::make_shared<model::Step>(*step_);
        const auto& candidates = chosen->ranking.candidates;
        const auto next = std::ranges::find(candidates, path_[length], &model::Candidate::id);
        chosen->ranking.pick = static_cast<int>(next - candidates.begin());
        if (next != candidates.end()) step_ = std::move(chosen);
    }
    return step_;
}

// What followed each step, and who chose it.
void ExportRun::note_choices() {
    path_ = session_.path_ids();
    const model::StepPtr end = session_.step_at(session_.path().back());
    for (size_t i = static_cast<size_t>(end->prompt_length); i < end->choices.size(); ++i) {
        recipe_.chosen.emplace(static_cast<int>(i) - end->prompt_length + 1, end->choices[i]);
    }
}

const viz::Scene& ExportRun::scene(int number) {
    look_.step = step(number);
    if (look_.tree) look_.tree = session_.tree();
    if (std::ranges::any_of(recipe_.views, [](const viz::View* v) { return v->strategies; })) {
        if (!comparison_ || !comparison_->is_of(*look_.step)) {
            comparison_ = std::make_unique<model::StrategyComparison>(
                look_.model, *look_.step, session_.options().stop_at_end);
            comparison_->set_rules(look_.rules);
        }
        (void)comparison_->run(number);
        look_.strategies = comparison_->strategies();
    }
    look_.untouched = look_.difference ? session_.compute_untouched() : nullptr;
    scene_.emplace(look_.scene(memo_));
    return *scene_;
}

static std::vector<fs::path> written(model::FileSet& files, ExportRun& run,
                                     const ExportFormat& format, const fs::path& out,
                                     const model::Progress& progress) {
    if (const auto* write = std::get_if<DataWriter>(&format.write)) {
        files.write(out, [&](std::ostream& stream) { (*write)(stream, run, progress); });
        return {out};
    }
    viz::Deck deck =
        viz::make_deck(run.recipe(), run.theme(),
                       [&run](int number) -> const viz::Scene& { return run.scene(number); });
    if (run.sheets.per_page > 0) {
        deck = viz::sheets_of(std::move(deck), run.sheets.per_page, run.sheets.paper);
    }
    deck.fragment = run.fragment;
    deck.base = run.base;
    deck.scale = run.scale;
    return write_deck(files, deck, format, out, progress);
}

std::string page_png(ExportRun& run) {
    viz::Deck deck =
        viz::make_deck(run.recipe(), run.theme(),
                       [&run](int number) -> const viz::Scene& { return run.scene(number); });
    deck.scale = run.scale;
    const auto write = std::get<PageWriter>(export_format("png").write);
    return write(deck, deck.page(0));
}

std::vector<fs::path> write_run(model::FileSet& files, ExportRun& run, const ExportFormat& format,
                                const fs::path& out, const model::Progress& progress) {
    std::vector<fs::path> paths = written(files, run, format, out, progress);
    // Some views read weights themselves: what is committed is this model's.
    run.session().model().weights.check_unchanged();
    return paths;
}

std::vector<fs::path> write_deck(model::FileSet& files, const viz::Deck& deck,
                                 const ExportFormat& format, const fs::path& out,
                                 const model::Progress& progress) {
    if (const auto* write = std::get_if<DeckWriter>(&format.write)) {
        files.write(out, [&](std::ostream& stream) { (*write)(stream, deck, progress); });
        return {out};
    }
    const auto write = std::get<PageWriter>(format.write);
    if (files.holds_one() && deck.pages > 1) {
        throw model::Error(out.string() + ": one file goes there, and these are " +
                           std::to_string(deck.pages) + " pages; say --step N, or name a folder");
    }
    std::vector<fs::path> written;
    if (is_folder(out) && !files.holds_one()) files.make_folder(out);
    for (int i = 0; i < deck.pages; ++i) {
        const viz::Page page = deck.page(i);
        written.push_back(page_path(out, format.name, page, deck.pages > 1));
        files.write(written.back(), write(deck, page));
        model::tell(progress, i + 1, deck.pages);
    }
    return written;
}

std::vector<int> parse_steps(const std::string& text, int last, const std::string& flag) {
    const auto refuse = [&](const std::string& why) { throw model::Error(flag + ": " + why); };
    const auto bad = [&] { refuse("\"" + text + "\" is not like 3, 2-6 or 1,4,9"); };
    std::vector<int> steps;
    const char* at = text.data();
    const char* const end = at + text.size();
    auto skip_spaces = [&] {
        while (at < end && *at == ' ') ++at;
    };
    auto number = [&] {
        skip_spaces();
        int value = 0;
        const auto [next, failed] = std::from_chars(at, end, value);
        if (failed != std::errc() || *at == '-') bad();
        at = next;
        skip_spaces();
        return value;
    };
    while (true) {
        const int from = number();
        int to = from;
        if (at < end && *at == '-') {
            ++at;
            to = number();
            if (to < from) bad();
        }
        if (from < 1 || to > last) {
            refuse(text + ": the run has steps 1 to " + std::to_string(last) + ", not " +
                   std::to_string(from < 1 ? from : to));
        }
        for (int step = from; step <= to; ++step) steps.push_back(step);
        if (at == end) break;
        if (*at++ != ',') bad();
    }
    std::sort(steps.begin(), steps.end());
    steps.erase(std::unique(steps.begin(), steps.end()), steps.end());
    return steps;
}

std::map<std::string, std::string> trace_metadata(const model::Session& session,
                                                  const std::string& prompt) {
    const model::Step& step = *session.step();
    const auto& tokenizer = session.model().tokenizer;
    std::string ids;
    for (int i = 0; i < step.prompt_length; ++i) {
        ids +=
            (ids.empty() ? "" : ",") + std::to_string(step.records[static_cast<size_t>(i)]->id());
    }
    std::string text = prompt.empty() ? "ids " + ids : prompt;
    if (!step.edited_from.empty() && tokenizer) {
        std::vector<int> edited = step.ids();
        edited.resize(static_cast<size_t>(step.prompt_length));
        text = tokenizer->decode(edited);
    }
    std::map<std::string, std::string> metadata = {
        {"model", session.model().config.name},
        {"model_hash", session.model().hash()},
        {"prompt", text},
        {"prompt_ids", ids},
        {"decoding", model::describe(session.decoding())},
        {"seed", std::to_string(session.decoding().seed)},
        {"cache", session.options().use_cache ? "yes" : "no"},
        {"ablated", model::describe(step.ablation)},
        {"program", std::string("stepscope ") + STEPSCOPE_VERSION}};
    const std::string differs = model::variant(session.model().config);
    if (!differs.empty()) metadata["variant"] = differs;
    return metadata;
}

}  // namespace app
