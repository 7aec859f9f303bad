#include "app/run/export_formats.h"

#include <algorithm>

#include "app/run/film.h"
#include "model/base/error.h"
#include "viz/paint/cairo_canvas.h"
#include "viz/paint/svg_canvas.h"
#include "viz/slides/gif.h"
#include "viz/slides/html.h"
#include "viz/slides/pdf.h"
#include "viz/slides/pptx.h"

namespace app {

// What writes numbers stands in files of its own, which nobody else calls. It ends early where a
// stream fails, whose owner says so, and throws model::Stopped where the progress gives up.
void write_csv(std::ostream&, ExportRun&, const model::Progress&);
void write_json(std::ostream&, ExportRun&, const model::Progress&);
void write_tensors(std::ostream&, ExportRun&, const model::Progress&);
void write_votes(std::ostream&, ExportRun&, const model::Progress&);

namespace {

std::string png_page(const viz::Deck& deck, const viz::Page& page) {
    return viz::render_png(deck.size(), deck.scale > 0 ? deck.scale : 1, deck.ground(), page.whole);
}

std::string svg_page(const viz::Deck& deck, const viz::Page& page) {
    viz::SvgCanvas canvas(deck.size(), deck.ground());
    page.whole(canvas);
    return canvas.finish(page.title);
}

std::string eps_page(const viz::Deck& deck, const viz::Page& page) {
    return viz::render_eps(deck.size(), deck.ground(), page.whole);
}

constexpr ExportFormat table[] = {
    {.name = "pdf",
     .title = "PDF",
     .help = "slides as one document, text can be searched",
     .write = viz::write_pdf},
    {.name = "pptx",
     .title = "PowerPoint",
     .help = "slides with editable titles and speaker notes",
     .write = viz::write_pptx,
     .slides = true},
    {.name = "html",
     .title = "Web page",
     .help = "slides in one file for any browser, values under the mouse",
     .write = viz::write_html},
    {.name = "gif",
     .title = "GIF",
     .help = "the run as a moving picture",
     .write = viz::write_gif,
     .slides = true,
     .film = true},
    {.name = "mp4",
     .title = "MP4",
     .help = "the same as a film for any player, where ffmpeg is installed",
     .write = write_mp4,
     .slides = true,
     .film = true},
    {.name = "webm",
     .title = "WebM",
     .help = "the same as a film for web pages, where ffmpeg is installed",
     .write = write_webm,
     .slides = true,
     .film = true},
    {.name = "webp",
     .title = "WebP",
     .help = "the same as a moving picture of many colours, where ffmpeg is installed",
     .write = write_webp,
     .slides = true,
     .film = true},
    {.name = "png",
     .title = "PNG",
     .help = "a picture for each page",
     .write = png_page,
     .pixels = true},
    {.name = "svg",
     .title = "SVG",
     .help = "a drawing for each page, sharp at any size",
     .write = svg_page},
    {.name = "eps",
     .title = "EPS",
     .help = "a drawing for each page, for old LaTeX",
     .write = eps_page},
    {.name = "csv",
     .title = "CSV",
     .help = "the rankings as a table; with --views every cell of those views",
     .write = write_csv,
     .unit = "step"},
    {.name = "votes",
     .title = "Votes",
     .help = "what the class guessed as a table: votes, probability, bits",
     .write = write_votes,
     .unit = "text",
     .ending = "votes.csv"},
    {.name = "json",
     .title = "JSON",
     .help = "the numbers of every step",
     .write = write_json,
     .unit = "step"},
    {.name = "safetensors",
     .title = "Tensors",
     .help = "everything that was computed, by hook name",
     .write = write_tensors,
     .unit = "tensor"},
};

}  // namespace

std::span<const ExportFormat> export_formats() {
    return table;
}

const ExportFormat* find_format(std::string_view name) {
    const auto* found = std::ranges::find(table, name, &ExportFormat::name);
    return found == std::end(table) ? nullptr : found;
}

const ExportFormat* format_of_file(std::string_view file) {
    const ExportFormat* longest = nullptr;
    for (const ExportFormat& format : table) {
        const std::string ending = "." + format.file_ending();
        if (!file.ends_with(ending)) continue;
        if (!longest || ending.size() > longest->file_ending().size() + 1) longest = &format;
    }
    return longest;
}

const ExportFormat& export_format(std::string_view name) {
    const ExportFormat* format = find_format(name);
    model::check(format != nullptr, "export_format: one of the table");
    return *format;
}

std::vector<std::string> format_names() {
    std::vector<std::string> names;
    for (const ExportFormat& format : table) names.emplace_back(format.name);
    return names;
}

}  // namespace app
