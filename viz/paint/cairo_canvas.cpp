// A canvas on a cairo context, and the PNG and PDF surfaces behind it.
#include "viz/paint/cairo_canvas.h"

#include <cairo-ft.h>
#include <cairo-pdf.h>
#include <cairo-ps.h>
#include <cairo.h>
#include <ft2build.h>
#include FT_FREETYPE_H

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>
#include <mutex>
#include <new>
#include <numbers>
#include <ostream>
#include <stdexcept>
#include <utility>

#include "model/base/error.h"
#include "viz/paint/described_pdf.h"
#include "viz/paint/utf8.h"

namespace viz {
namespace {

struct Destroy {
    void operator()(cairo_t* context) const { cairo_destroy(context); }
    void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
    void operator()(cairo_font_options_t* options) const { cairo_font_options_destroy(options); }
};
template <typename T>
using Owned = std::unique_ptr<T, Destroy>;

void require(cairo_status_t status, const char* what) {
    if (status == CAIRO_STATUS_SUCCESS) return;
    // libpng has nothing else to complain of in a picture that is in memory: what it writes to
    // has a status of its own.
    const bool memory = status == CAIRO_STATUS_NO_MEMORY || status == CAIRO_STATUS_PNG_ERROR;
    if (memory) throw std::bad_alloc();
    throw std::runtime_error(std::string(what) + ": " + cairo_status_to_string(status));
}

cairo_status_t append(void* to, const unsigned char* data, unsigned length) try {
    static_cast<std::string*>(to)->append(reinterpret_cast<const char*>(data), length);
    return CAIRO_STATUS_SUCCESS;
} catch (const std::bad_alloc&) {
    return CAIRO_STATUS_NO_MEMORY;  // nothing may be thrown through cairo
}

// A font as cairo knows it, kept for good: pages of one document share it, and so its embedded
// part. Each has a FreeType of its own, since canvases of several threads draw with them at once.
cairo_font_face_t* cairo_face(const FontFile& file) {
    static std::mutex mutex;
    static auto& faces = *new std::map<std::pair<std::string, int>, cairo_font_face_t*>;
    const std::lock_guard lock(mutex);
    cairo_font_face_t*& known = faces[{file.path, file.index}];
    if (!known) {
        FT_Library library = nullptr;
        FT_Face face = nullptr;
        if (FT_Init_FreeType(&library) != 0 ||
            FT_New_Face(library, file.path.c_str(), file.index, &face) != 0) {
            throw std::runtime_error(file.path + ": cannot be read");
        }
        known = cairo_ft_font_face_create_for_ft_face(face, FT_LOAD_NO_HINTING);
    }
    return known;
}

enum class Output { pixels, vectors };

constexpr int cells_of_picture = 400;

class CairoCanvas : public Canvas {
  public:
    // `figures`: where what they say is noted, in their order, while parts are tagged; null: no
    // tags.
    CairoCanvas(cairo_t* context, Output output, std::vector<std::string>* figures)
        : context_(context), output_(output), figures_(figures) {
        const Owned<cairo_font_options_t> options(cairo_font_options_create());
        cairo_font_options_set_hint_style(options.get(), CAIRO_HINT_STYLE_NONE);
        cairo_font_options_set_hint_metrics(options.get(), CAIRO_HINT_METRICS_OFF);
        cairo_font_options_set_antialias(options.get(), CAIRO_ANTIALIAS_GRAY);
        cairo_set_font_options(context_, options.get());
        cairo_set_line_join(context_, CAIRO_LINE_JOIN_ROUND);
    }

    void fill_rect(Rect rect, Colour colour, float radius) override {
        if (rect.w <= 0 || rect.h <= 0) return;
        rounded(rect, radius);
        fill(colour);
    }

    void stroke_rect(Rect rect, Stroke line, float radius) override {
        if (rect.w <= 0 || rect.h <= 0) return;
        rounded(rect, radius);
        stroke(line);
    }

    void polyline(std::span<const Point> points, Stroke line) override {
        follow(points);
        stroke(line);
    }

    void fill_polygon(std::span<const Point> points, Colour colour) override {
        follow(points);
        fill(colour);
    }

    void curve(Point from, Point control1, Point control2, Point to, Stroke line) override {
        cairo_move_to(context_, from.x, from.y);
        cairo_curve_to(context_, control1.x, control1.y, control2.x, control2.y, to.x, to.y);
        stroke(line);
    }

    void text(Point baseline, std::string_view text, const TextStyle& style,
              float degrees) override {
        cairo_save(context_);
        cairo_translate(context_, baseline.x, baseline.y);
        cairo_rotate(context_, -degrees * std::numbers::pi / 180);
        colour_of(style.colour);
        // A line of words that are read on: the next begins with another word.
        const std::string line = std::string(text) + (reads_on_ ? " " : "");
        for (const GlyphRun& run : lay_out_runs(style.face, style.size, line))
            show(run, style.size);
        cairo_restore(context_);
    }

    void heatmap(Rect rect, const Heatmap& map) override {
        model::check(
            map.colours.size() == static_cast<size_t>(map.rows) * static_cast<size_t>(map.cols),
            "a heatmap has a colour for every cell");
        const bool touching = map.gap <= 0 && map.radius <= 0;
        if (output_ == Output::vectors && touching && map.rows * map.cols >= cells_of_picture)
            return show_picture(rect, map);
        const bool reach = output_ == Output::vectors && map.seamless();
        cairo_save(context_);
        if (touching) cairo_set_antialias(context_, CAIRO_ANTIALIAS_NONE);
        for (int row = 0; row < map.rows; ++row) {
            for (int col = 0; col < map.cols; ++col) {
                const Colour colour = map.colours[static_cast<size_t>(row) * map.cols + col];
                if (colour.a == 0) continue;
                const Rect cell = cell_of(rect, map.rows, map.cols, row, col).inset(map.gap / 2);
                fill_rect(reach ? reach_under(cell, rect) : cell, colour, map.radius);
            }
        }
        cairo_restore(context_);
    }

    void push_clip(Rect rect) override {
        cairo_save(context_);
        cairo_rectangle(context_, rect.x, rect.y, std::max(rect.w, 0.0f), std::max(rect.h, 0.0f));
        cairo_clip(context_);
    }

    void pop_clip() override { cairo_restore(context_); }

    void region(Rect, const Target&, int, int) override {}

    void picture(Rect rect, const PicturePtr& shown) override {
        show_pixels(rect, shown->width, shown->height, CAIRO_FILTER_BEST,
                    [&](int row) { return &shown->argb[static_cast<size_t>(row) * shown->width]; });
    }

    void begin_part(PagePart part, std::string_view says) override {
        in_legend_ = part == PagePart::legend;
        if (in_legend_) return;
        tag_ = part == PagePart::title ? "H1" : part == PagePart::figure ? "Figure" : "P";
        if (!figures_ || part == PagePart::aside) tag_ = nullptr;
        if (!tag_) return;
        reads_on_ = part == PagePart::words || part == PagePart::title;
        if (part == PagePart::figure) figures_->emplace_back(says);
        cairo_tag_begin(context_, tag_, "");
    }

    void end_part() override {
        if (std::exchange(in_legend_, false)) return;
        if (tag_) cairo_tag_end(context_, tag_);
        tag_ = nullptr;
        reads_on_ = false;
    }

  private:
    void colour_of(Colour c) {
        cairo_set_source_rgba(context_, c.r / 255.0, c.g / 255.0, c.b / 255.0, c.a / 255.0);
    }

    void fill(Colour colour) {
        colour_of(colour);
        cairo_fill(context_);
    }

    void stroke(Stroke line) {
        colour_of(line.colour);
        cairo_set_line_width(context_, line.width);
        const double dashes[] = {line.dash(), line.dash_gap()};
        cairo_set_dash(context_, dashes, line.dashed ? 2 : 0, 0);
        cairo_stroke(context_);
    }

    void follow(std::span<const Point> points) {
        cairo_new_path(context_);
        for (Point p : points) cairo_line_to(context_, p.x, p.y);
    }

    void rounded(Rect r, float radius) {
        radius = std::min(radius, std::min(r.w, r.h) / 2);
        cairo_new_path(context_);
        if (radius <= 0) {
            cairo_rectangle(context_, r.x, r.y, r.w, r.h);
            return;
        }
        constexpr double turn = std::numbers::pi / 2;
        cairo_arc(context_, r.right() - radius, r.y + radius, radius, -turn, 0);
        cairo_arc(context_, r.right() - radius, r.bottom() - radius, radius, 0, turn);
        cairo_arc(context_, r.x + radius, r.bottom() - radius, radius, turn, 2 * turn);
        cairo_arc(context_, r.x + radius, r.y + radius, radius, 2 * turn, 3 * turn);
        cairo_close_path(context_);
    }

    // A map of many cells as a picture of a pixel a cell: a tenth of the bytes, and no seams.
    void show_picture(Rect rect, const Heatmap& map) {
        std::vector<uint32_t> line(static_cast<size_t>(map.cols));
        show_pixels(rect, map.cols, map.rows, CAIRO_FILTER_NEAREST, [&](int row) {
            const Colour* cells = map.colours.data() + static_cast<size_t>(row) * map.cols;
            std::transform(cells, cells + map.cols, line.begin(), premultiplied);
            return line.data();
        });
    }

    // `line_of`: the pixels of a row.
    template <typename LineOf>
    void show_pixels(Rect rect, int width, int height, cairo_filter_t filter, LineOf line_of) {
        if (rect.w <= 0 || rect.h <= 0) return;
        const Owned<cairo_surface_t> picture(
            cairo_image_surface_create(CAIRO_FORMAT_ARGB32, width, height));
        require(cairo_surface_status(picture.get()), "cairo cannot make the picture");
        unsigned char* line = cairo_image_surface_get_data(picture.get());
        for (int row = 0; row < height; ++row) {
            std::memcpy(line, line_of(row), static_cast<size_t>(width) * sizeof(uint32_t));
            line += cairo_image_surface_get_stride(picture.get());
        }
        cairo_surface_mark_dirty(picture.get());
        cairo_save(context_);
        cairo_translate(context_, rect.x, rect.y);
        cairo_scale(context_, double{rect.w} / width, double{rect.h} / height);
        cairo_set_source_surface(context_, picture.get(), 0, 0);
        cairo_pattern_set_filter(cairo_get_source(context_), filter);
        cairo_rectangle(context_, 0, 0, width, height);
        cairo_fill(context_);
        cairo_restore(context_);
    }

    // Glyphs of one font, at the places that viz/paint/font measured.
    void show(const GlyphRun& run, float size) {
        if (run.glyphs.empty()) return;
        cairo_set_font_face(context_, cairo_face(*run.file));
        cairo_set_font_size(context_, size);
        std::vector<cairo_glyph_t> glyphs;
        std::vector<cairo_text_cluster_t> clusters;
        for (const Glyph& glyph : run.glyphs) glyphs.push_back({glyph.index, glyph.x, -glyph.y});
        for (const auto& [bytes, of] : run.clusters) clusters.push_back({bytes, of});
        const int count = static_cast<int>(glyphs.size());
        if (output_ == Output::vectors) {  // the text goes along, so that it can be selected
            cairo_show_text_glyphs(context_, run.text.data(), static_cast<int>(run.text.size()),
                                   glyphs.data(), count, clusters.data(),
                                   static_cast<int>(clusters.size()),
                                   static_cast<cairo_text_cluster_flags_t>(
                                       run.backward ? CAIRO_TEXT_CLUSTER_FLAG_BACKWARD : 0));
        } else {  // pictures of glyphs would be moved to whole pixels, outlines are not
            cairo_new_path(context_);
            cairo_glyph_path(context_, glyphs.data(), count);
            cairo_fill(context_);
        }
    }

    cairo_t* context_;
    Output output_;
    std::vector<std::string>* figures_;
    const char* tag_ = nullptr;  // of the part that is open
    bool reads_on_ = false, in_legend_ = false;
};

constexpr double points_per_pixel = 0.75;  // a pixel is 1/96 inch, a point 1/72

// One drawing on a surface, in pixels of the drawing.
void draw(cairo_surface_t* surface, Output output, double scale, Colour background,
          const Drawing& drawing, std::vector<std::string>* figures = nullptr) {
    const Owned<cairo_t> context(cairo_create(surface));
    cairo_scale(context.get(), scale, scale);
    cairo_set_source_rgba(context.get(), background.r / 255.0, background.g / 255.0,
                          background.b / 255.0, background.a / 255.0);
    cairo_paint(context.get());
    CairoCanvas canvas(context.get(), output, figures);
    drawing(canvas);
    require(cairo_status(context.get()), "cairo cannot draw");
}

Owned<cairo_surface_t> picture(Size size, float scale, Colour background, const Drawing& drawing) {
    const int w = static_cast<int>(std::lround(size.w * scale));
    const int h = static_cast<int>(std::lround(size.h * scale));
    Owned<cairo_surface_t> surface(cairo_image_surface_create(CAIRO_FORMAT_ARGB32, w, h));
    require(cairo_surface_status(surface.get()), "cairo cannot make the picture");
    draw(surface.get(), Output::pixels, scale, background, drawing);
    return surface;
}

std::string png_of(cairo_surface_t* surface) {
    std::string bytes;
    require(cairo_surface_write_to_png_stream(surface, append, &bytes),
            "cairo cannot write the PNG");
    return bytes;
}

}  // namespace

uint32_t premultiplied(Colour c) {
    const auto times = [&](uint8_t v) { return static_cast<uint32_t>((v * c.a + 127) / 255); };
    return uint32_t{c.a} << 24 | times(c.r) << 16 | times(c.g) << 8 | times(c.b);
}

std::string render_png(Size size, float scale, Colour background, const Drawing& drawing) {
    const auto surface = picture(size, scale, background, drawing);
    return png_of(surface.get());
}

std::string render_eps(Size size, Colour background, const Drawing& drawing) {
    std::string bytes;
    const Owned<cairo_surface_t> surface(cairo_ps_surface_create_for_stream(
        append, &bytes, size.w * points_per_pixel, size.h * points_per_pixel));
    cairo_ps_surface_set_eps(surface.get(), 1);
    draw(surface.get(), Output::vectors, points_per_pixel, background, drawing);
    cairo_surface_show_page(surface.get());
    cairo_surface_finish(surface.get());
    require(cairo_surface_status(surface.get()), "cairo cannot write the EPS");
    const auto replace_line = [&](const std::string& name, const std::string& by) {
        const size_t at = bytes.find(name);
        if (at != std::string::npos) bytes.replace(at, bytes.find('\n', at) + 1 - at, by);
    };
    // The same drawing gives the same bytes, and is as large as its page, whatever it covers.
    replace_line("%%CreationDate:", "");
    const std::string box =
        " 0 0 " + std::to_string(static_cast<int>(std::ceil(size.w * points_per_pixel))) + " " +
        std::to_string(static_cast<int>(std::ceil(size.h * points_per_pixel))) + "\n";
    for (const char* name : {"%%BoundingBox:", "%%PageBoundingBox:"})
        replace_line(name, name + box);
    return bytes;
}

std::string png_of(Pixels pixels) {
    const Owned<cairo_surface_t> surface(cairo_image_surface_create_for_data(
        reinterpret_cast<unsigned char*>(pixels.argb.data()), CAIRO_FORMAT_ARGB32, pixels.width,
        pixels.height, pixels.width * static_cast<int>(sizeof(uint32_t))));
    require(cairo_surface_status(surface.get()), "cairo cannot make the picture");
    return png_of(surface.get());
}

Pixels render_pixels(Size size, float scale, Colour background, const Drawing& drawing) {
    const auto surface = picture(size, scale, background, drawing);
    cairo_surface_flush(surface.get());
    Pixels pixels{cairo_image_surface_get_width(surface.get()),
                  cairo_image_surface_get_height(surface.get()),
                  {}};
    const size_t width = static_cast<size_t>(pixels.width);
    pixels.argb.resize(width * static_cast<size_t>(pixels.height));
    const unsigned char* row = cairo_image_surface_get_data(surface.get());
    for (size_t y = 0; y < static_cast<size_t>(pixels.height); ++y) {
        std::memcpy(&pixels.argb[y * width], row, width * sizeof(uint32_t));
        row += cairo_image_surface_get_stride(surface.get());
    }
    return pixels;
}

namespace {

struct Unread {
    const std::string& bytes;
    size_t at = 0;
};

cairo_status_t read_some(void* from, unsigned char* data, unsigned length) {
    auto& unread = *static_cast<Unread*>(from);
    if (length > unread.bytes.size() - unread.at) return CAIRO_STATUS_READ_ERROR;
    std::memcpy(data, unread.bytes.data() + unread.at, length);
    unread.at += length;
    return CAIRO_STATUS_SUCCESS;
}

// Of the header that a PNG begins with: four bytes, the highest first.
uint32_t number_at(const std::string& bytes, size_t at) {
    uint32_t number = 0;
    for (size_t i = at; i < at + 4; ++i) number = number << 8 | static_cast<uint8_t>(bytes[i]);
    return number;
}

}  // namespace

PicturePtr read_png(const std::string& bytes, Size most) {
    constexpr uint32_t most_side = 8192;
    constexpr size_t width_at = 16, height_at = 20, header = 33;
    if (bytes.size() < header || number_at(bytes, width_at) > most_side ||
        number_at(bytes, height_at) > most_side) {
        return nullptr;
    }
    Unread unread{bytes};
    const Owned<cairo_surface_t> surface(
        cairo_image_surface_create_from_png_stream(read_some, &unread));
    if (cairo_surface_status(surface.get()) != CAIRO_STATUS_SUCCESS) return nullptr;
    const Size size{static_cast<float>(cairo_image_surface_get_width(surface.get())),
                    static_cast<float>(cairo_image_surface_get_height(surface.get()))};
    const float scale = std::min({most.w / size.w, most.h / size.h, 1.0f});
    const int w = std::max(static_cast<int>(size.w * scale), 1);
    const int h = std::max(static_cast<int>(size.h * scale), 1);
    // In colours with alpha, whatever the file has them in.
    Pixels pixels{w, h, std::vector<uint32_t>(static_cast<size_t>(w) * static_cast<size_t>(h))};
    const Owned<cairo_surface_t> drawn(cairo_image_surface_create_for_data(
        reinterpret_cast<unsigned char*>(pixels.argb.data()), CAIRO_FORMAT_ARGB32, w, h,
        w * static_cast<int>(sizeof(uint32_t))));
    const Owned<cairo_t> context(cairo_create(drawn.get()));
    cairo_scale(context.get(), w / double{size.w}, h / double{size.h});
    cairo_set_source_surface(context.get(), surface.get(), 0, 0);
    cairo_pattern_set_filter(cairo_get_source(context.get()), CAIRO_FILTER_BEST);
    cairo_paint(context.get());
    cairo_surface_flush(drawn.get());
    require(cairo_status(context.get()), "cairo cannot draw");
    return std::make_shared<const Picture>(Picture{w, h, pixels.argb, png_of(pixels)});
}

struct PdfWriter::Document {
    std::ostream& out;
    PdfWords words;
    std::string bytes = {};
    std::vector<std::string> figures = {};  // what they say, in the order in which they are read
    int pages = 0;
    Owned<cairo_surface_t> surface = nullptr;
};

PdfWriter::PdfWriter(std::ostream& out, Size size, PdfWords words)
    : document_(new Document{out, std::move(words)}) {
    document_->surface.reset(cairo_pdf_surface_create_for_stream(
        append, &document_->bytes, size.w * points_per_pixel, size.h * points_per_pixel));
    cairo_surface_t* surface = document_->surface.get();
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE,
                                   drawable(document_->words.title).c_str());
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_AUTHOR, "Stepscope");
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, "");
}

PdfWriter::~PdfWriter() = default;

void PdfWriter::add_page(Colour background, const Drawing& drawing) {
    ++document_->pages;
    draw(document_->surface.get(), Output::vectors, points_per_pixel, background, drawing,
         &document_->figures);
    cairo_surface_show_page(document_->surface.get());
}

int PdfWriter::add_bookmark(const std::string& text, int below) {
    const std::string page = "page=" + std::to_string(document_->pages);
    return cairo_pdf_surface_add_outline(
        document_->surface.get(), below > 0 ? below : CAIRO_PDF_OUTLINE_ROOT,
        drawable(text).c_str(), page.c_str(), static_cast<cairo_pdf_outline_flags_t>(0));
}

void PdfWriter::finish() {
    cairo_surface_finish(document_->surface.get());
    require(cairo_surface_status(document_->surface.get()), "cairo cannot write the PDF");
    document_->out << described_pdf(std::exchange(document_->bytes, {}), document_->figures,
                                    document_->words.language);
}

}  // namespace viz
