#include "app/run/export_run.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "app/run/export_tables.h"
#include "model/base/error.h"
#include "viz/paint/cairo_canvas.h"
#include "viz/paint/svg_canvas.h"
#include "viz/slides/gif.h"
#include "viz/slides/html.h"
#include "viz/slides/pdf.h"
#include "viz/slides/pptx.h"

namespace app {

namespace fs = std::filesystem;

namespace {

constexpr std::array names{"svg", "png",  "pdf", "pptx",       "html",
                           "gif", "json", "csv", "safetensors"};

// What writes a whole deck into one file.
using DeckWriter = void (*)(std::ostream&, const viz::Deck&, const viz::Progress&);
DeckWriter deck_writer(Format format) {
    return format == Format::pdf    ? viz::write_pdf
           : format == Format::pptx ? viz::write_pptx
           : format == Format::html ? viz::write_html
                                    : viz::write_gif;
}

using DataWriter = void (*)(std::ostream&, ExportRun&, const viz::Progress&);
DataWriter data_writer(Format format) {
    return format == Format::json ? write_json : format == Format::csv ? write_csv : write_tensors;
}

// One page takes `out` as it is; many are numbered: out.svg -> out-001.svg. A folder gets pages
// by their names: step-001-head-ranking.svg.
bool is_folder(const fs::path& out) {
    std::error_code ignored;
    return !out.has_extension() || fs::is_directory(out, ignored);
}

fs::path page_path(const fs::path& out, Format format, const viz::Page& page, bool many) {
    if (is_folder(out)) return out / (page.name + "." + name_of(format));
    if (!many) return out;
    return out.parent_path() / (out.stem().string() + "-" + page.number + out.extension().string());
}

std::string page_bytes(Format format, const viz::Deck& deck, const viz::Page& page, float scale) {
    const viz::Size size = viz::slide_size(deck.shape);
    if (format == Format::png) {
        return viz::render_png(size, scale, deck.theme->card, page.whole);
    }
    viz::SvgCanvas canvas(size, deck.theme->card);
    page.whole(canvas);
    return canvas.finish(page.title);
}

}  // namespace

const model::StepPtr& ExportRun::step(int number) {
    if (session_.step()->number() != number) {
        session_.rewind(session_.step()->prompt_length + number - 1);
    }
    return session_.step();
}

const viz::Scene& ExportRun::scene(int number) {
    look_.step = step(number);
    if (std::ranges::any_of(recipe_.views,
                            [](const viz::View* v) { return shows_strategies(*v); })) {
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

std::vector<std::string> format_names() {
    return {names.begin(), names.end()};
}

std::string name_of(Format format) {
    return names[static_cast<size_t>(format)];
}

std::optional<Format> format_named(std::string_view name) {
    const auto found = std::ranges::find(names, name);
    if (found == names.end()) return {};
    return static_cast<Format>(found - names.begin());
}

bool is_pages(Format format) {
    return format == Format::svg || format == Format::png;
}

bool is_data(Format format) {
    return format == Format::json || format == Format::csv || format == Format::safetensors;
}

std::vector<fs::path> write_run(model::FileSet& files, ExportRun& run, Format format,
                                const fs::path& out, const Watch& watch) {
    if (is_data(format)) {
        const char* unit = format == Format::safetensors ? "tensor" : "step";
        files.write(out, [&](std::ostream& stream) {
            data_writer(format)(stream, run,
                                [&](int done, int all) { return watch(unit, done, all); });
        });
        return {out};
    }
    const viz::Deck deck =
        viz::make_deck(run.recipe(), run.theme(),
                       [&run](int number) -> const viz::Scene& { return run.scene(number); });
    return write_deck(files, deck, format, out, run.png_scale, watch);
}

std::vector<fs::path> write_deck(model::FileSet& files, const viz::Deck& deck, Format format,
                                 const fs::path& out, float png_scale, const Watch& watch) {
    std::vector<fs::path> written{out};
    const viz::Progress progress = [&](int done, int all) { return watch("page", done, all); };
    if (!is_pages(format)) {
        files.write(out,
                    [&](std::ostream& stream) { deck_writer(format)(stream, deck, progress); });
        return written;
    }
    written.clear();
    if (is_folder(out)) files.make_folder(out);
    for (int i = 0; i < deck.pages; ++i) {
        const viz::Page page = deck.page(i);
        written.push_back(page_path(out, format, page, deck.pages > 1));
        files.write(written.back(), page_bytes(format, deck, page, png_scale));
        if (!progress(i + 1, deck.pages)) throw model::Stopped{};
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
