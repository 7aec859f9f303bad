// `stepscope export`: a run as pages, decks or data. Needs no display.
#include <array>
#include <cstdio>
#include <functional>
#include <iostream>

#include "app/cli_progress.h"
#include "app/cli_run.h"
#include "app/cli_tables.h"
#include "model/error.h"
#include "model/file.h"
#include "viz/cairo_canvas.h"
#include "viz/deck.h"
#include "viz/deck_gif.h"
#include "viz/deck_html.h"
#include "viz/deck_pdf.h"
#include "viz/deck_pptx.h"
#include "viz/svg_canvas.h"

namespace app {

namespace fs = std::filesystem;

namespace {

constexpr size_t most_named = 3;  // replaced files

enum class Format { svg, png, pdf, pptx, html, gif, json, csv, safetensors };
constexpr std::array format_names{"svg", "png",  "pdf", "pptx",       "html",
                                  "gif", "json", "csv", "safetensors"};

std::string name_of(Format format) {
    return format_names[static_cast<size_t>(format)];
}

Format format_of(const Options& options) {
    const std::string extension = options.out.extension().string();
    const std::string name = !options.format.empty() ? options.format
                             : extension.empty()     ? "svg"
                                                     : extension.substr(1);
    for (size_t i = 0; i < format_names.size(); ++i) {
        if (name == format_names[i]) return static_cast<Format>(i);
    }
    throw model::Error(options.out.string() + ": the format cannot be told from \"" + extension +
                       "\"; say --format svg, png, pdf, pptx, html, gif, json, csv or safetensors");
}

bool is_pages(Format format) {
    return format == Format::svg || format == Format::png;
}

bool is_data(Format format) {
    return format == Format::json || format == Format::csv || format == Format::safetensors;
}

// What writes a whole deck into one file; null where this build has no such.
using DeckWriter = void (*)(std::ostream&, const viz::Deck&, const viz::Progress&);
DeckWriter deck_writer(Format format) {
    switch (format) {
        case Format::pdf:
            return viz::write_pdf;
        case Format::pptx:
            return viz::write_pptx;
        case Format::html:
            return viz::write_html;
        case Format::gif:
            return viz::write_gif;
        default:
            return nullptr;
    }
}

using DataWriter = void (*)(std::ostream&, ExportedRun&, const viz::Progress&);
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

// Writes what was asked for; returns the names of the files.
std::vector<fs::path> fill(model::FileSet& files, ExportedRun& run, Format format,
                           const Watch& watch) {
    const Options& options = run.options();
    std::vector<fs::path> written{options.out};
    if (is_data(format)) {
        const char* unit = format == Format::safetensors ? "tensor" : "step";
        files.write(options.out, [&](std::ostream& out) {
            data_writer(format)(out, run,
                                [&](int done, int all) { return watch(unit, done, all); });
        });
        return written;
    }
    const viz::Deck deck =
        viz::make_deck(run.recipe(), run.theme(),
                       [&run](int number) -> const viz::Scene& { return run.scene(number); });
    const viz::Progress progress = [&](int done, int all) { return watch("page", done, all); };
    if (!is_pages(format)) {
        files.write(options.out,
                    [&](std::ostream& out) { deck_writer(format)(out, deck, progress); });
        return written;
    }
    written.clear();
    if (is_folder(options.out)) files.make_folder(options.out);
    for (int i = 0; i < deck.pages; ++i) {
        const viz::Page page = deck.page(i);
        written.push_back(page_path(options.out, format, page, deck.pages > 1));
        files.write(written.back(), page_bytes(format, deck, page, options.scale));
        if (!progress(i + 1, deck.pages)) throw model::Stopped{};
    }
    return written;
}

void say_replaced(const std::vector<fs::path>& replaced) {
    if (replaced.size() > most_named) {
        std::cerr << "stepscope: replaced " << replaced.size() << " files, "
                  << replaced.front().string() << " to " << replaced.back().filename().string()
                  << "\n";
        return;
    }
    for (const fs::path& path : replaced) {
        std::cerr << "stepscope: replaced " << path.string() << "\n";
    }
}

}  // namespace

std::vector<std::string> export_formats() {
    return {format_names.begin(), format_names.end()};
}

int run_export(const Options& options) {
    const Format format = format_of(options);
    if (!is_pages(format) && !is_data(format) && !deck_writer(format)) {
        throw model::Error(options.out.string() + ": " + name_of(format) +
                           " is not in this build of the program");
    }
    if (options.reveal && is_data(format)) {
        throw model::Error("--reveal: is about pages, and " + name_of(format) + " has none");
    }
    Interruptible interruptible;
    ProgressLine progress;
    const Watch watch = [&](const char* what, int done, int all) {
        progress.show(what, done, all);
        return !interruptible.asked();
    };
    try {
        ExportedRun run(options, watch);
        model::FileSet files;
        const std::vector<fs::path> written = fill(files, run, format, watch);
        const std::vector<fs::path> replaced = files.commit();
        progress.clear();
        say_replaced(replaced);
        // What went through a device or a pipe, perhaps stdout itself, has no file to be named.
        for (const fs::path& path : written) {
            if (fs::is_regular_file(path)) std::printf("%s\n", path.c_str());
        }
        return 0;
    } catch (const model::Stopped&) {
        progress.clear();
        std::cerr << "stepscope: stopped; nothing was written\n";
        return interrupted;
    }
}

}  // namespace app
