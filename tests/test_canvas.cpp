// The canvases: text is measured as cairo measures it, files are well formed and the same twice.
#include <cairo-ft.h>
#include <doctest/doctest.h>
#include <fontconfig/fontconfig.h>

#include <cmath>
#include <limits>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "model/base/error.h"
#include "tests/support.h"
#include "viz/paint/cairo_canvas.h"
#include "viz/paint/colormap.h"
#include "viz/paint/record_canvas.h"
#include "viz/paint/svg_canvas.h"
#include "viz/paint/utf8.h"

using namespace viz;

namespace {

constexpr Colour violet{0x6c, 0x3a, 0xde};
constexpr Colour ink{0x1d, 0x22, 0x33};

// Every call once.
void draw_everything(Canvas& canvas) {
    canvas.push_clip({0, 0, 300, 200});
    canvas.fill_rect({10, 20, 100, 40}, violet, 8);
    canvas.stroke_rect({10, 20, 100, 40}, {violet.with_alpha(0.5f), 1.5f, true}, 8);
    canvas.polyline(std::vector<Point>{{0, 0}, {10, 5}, {20, 0}}, {ink, 2});
    canvas.fill_polygon(std::vector<Point>{{0, 0}, {10, 5}, {20, 0}}, ink);
    canvas.curve({0, 0}, {0, 10}, {20, 10}, {20, 0}, {ink});
    canvas.text({12.5f, 40}, "␣Tom", {Face::mono, 13, ink});
    canvas.text({12.5f, 80}, "a<b & \"c\" \xff\x01", {Face::sans_bold, 13, ink}, 45);
    canvas.heatmap({0, 100, 40, 20}, {1, 4, {violet, violet, ink, violet}});
    canvas.heatmap({0, 140, 40, 20}, {1, 2, {violet, ink}, 2, 3});
    canvas.region({0, 140, 40, 20}, "map/0/1", 1, 2);
    canvas.pop_clip();
}

std::string svg_of(const Drawing& drawing) {
    SvgCanvas canvas({300, 200}, {255, 255, 255});
    drawing(canvas);
    return canvas.finish("“␣Tom” <1> & \xc3");
}

int times(const std::string& text, const std::string& part) {
    int n = 0;
    for (size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += part.size()) ++n;
    return n;
}

// What cairo says of a text by itself, in the file of this face.
double cairo_width(Face face, double size, const char* text) {
    FcPattern* pattern = FcPatternCreate();
    const std::string path = font_file(face).path;
    FcPatternAddString(pattern, FC_FILE, reinterpret_cast<const FcChar8*>(path.c_str()));
    FcPatternAddInteger(pattern, FC_INDEX, font_file(face).index);
    cairo_font_face_t* font = cairo_ft_font_face_create_for_pattern(pattern);
    cairo_matrix_t scale, identity;
    cairo_matrix_init_scale(&scale, size, size);
    cairo_matrix_init_identity(&identity);
    cairo_font_options_t* options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_scaled_font_t* scaled = cairo_scaled_font_create(font, &scale, &identity, options);
    cairo_text_extents_t extents;
    cairo_scaled_font_text_extents(scaled, text, &extents);
    cairo_scaled_font_destroy(scaled);
    cairo_font_options_destroy(options);
    cairo_font_face_destroy(font);
    FcPatternDestroy(pattern);
    return extents.x_advance;
}

}  // namespace

TEST_CASE("text is as wide as cairo draws it") {
    const char* text = "Next token — ranking at the last position, 62.0 % of AV To";
    for (Face face : {Face::sans, Face::sans_bold, Face::mono, Face::mono_bold}) {
        for (float size : {11.0f, 13.0f, 28.0f}) {
            CHECK(std::abs(text_width(face, size, text) - cairo_width(face, size, text)) < 0.5);
        }
    }
}

TEST_CASE("a layout grows with the size and nothing else") {
    const char* text = "␣thanked → 4.2e-6";
    CHECK(text_width(Face::mono, 26, text) ==
          doctest::Approx(2 * text_width(Face::mono, 13, text)));
    const std::vector<Glyph> glyphs = lay_out(Face::mono, 13, text);
    REQUIRE(glyphs.size() == 17);
    for (const Glyph& glyph : glyphs) CHECK(glyph.index != 0);
    CHECK_FALSE(*glyphs.front().file == font_file(Face::mono));
    CHECK(*glyphs.back().file == font_file(Face::mono));
    CHECK(cap_height(Face::sans, 10) > 6);
    CHECK(cap_height(Face::sans, 10) < line_factor(Face::sans) * 10);
}

TEST_CASE("every sign that the program draws has a glyph in every face") {
    for (Face face : {Face::sans, Face::sans_bold, Face::mono, Face::mono_bold}) {
        for (const Glyph& glyph : lay_out(face, 13, "␣⏎⇥…▲▼→←·×“”—√∞✓é▸▶↵\xff")) {
            CAPTURE(static_cast<uint32_t>(glyph.character));
            CHECK(glyph.index != 0);
        }
    }
}

TEST_CASE("text that is too wide is cut, and the telling ends stay") {
    const std::string token = "␣antidisestablishment";
    const float whole = text_width(Face::mono, 13, token);
    CHECK(fit_middle(Face::mono, 13, token, whole) == token);
    CHECK(fit_end(Face::mono, 13, token, whole) == token);
    for (float width = 0; width < whole; width += 3) {
        const std::string middle = fit_middle(Face::mono, 13, token, width);
        const std::string end = fit_end(Face::mono, 13, token, width);
        CHECK(text_width(Face::mono, 13, middle) <= width + 0.01f);
        CHECK(text_width(Face::mono, 13, end) <= width + 0.01f);
        CHECK(times(middle, "…") == (middle.empty() ? 0 : 1));
        CHECK(token.starts_with(end.substr(0, end.find("…"))));
    }
    CHECK(fit_middle(Face::mono, 13, token, 80) == "␣ant…hment");
    CHECK(fit_end(Face::mono, 13, token, 80) == "␣antidise…");
    CHECK(fit_middle(Face::mono, 13, token, 2).empty());
}

TEST_CASE("several threads may measure at once") {
    const float expected = text_width(Face::sans, 13, "entropy √∞ two");
    std::vector<std::thread> threads;
    std::vector<float> widths(4);
    for (float& width : widths) {
        threads.emplace_back([&width] { width = text_width(Face::sans, 13, "entropy √∞ two"); });
    }
    for (std::thread& thread : threads) thread.join();
    for (float width : widths) CHECK(width == expected);
}

TEST_CASE("broken UTF-8 is replaced, whole characters stay") {
    CHECK(drawable("a␣二é😀") == "a␣二é😀");
    CHECK(drawable("\xe4\xba") == "\uFFFD");  // a character that breaks off
    CHECK(drawable("\xe4\xba"
                   "a") == "\uFFFDa");                        // nothing after it is swallowed
    CHECK(drawable("\xc0\xaf") == "\uFFFD\uFFFD");            // overlong
    CHECK(drawable("\xed\xa0\x80") == "\uFFFD\uFFFD\uFFFD");  // a surrogate
    CHECK(drawable("\xf4\x90\x80\x80") == "\uFFFD\uFFFD\uFFFD\uFFFD");
    CHECK(drawable("\t\x7f\xc2\x85\xef\xbf\xbf") == "\uFFFD\uFFFD\uFFFD\uFFFD");
}

TEST_CASE("text in a rectangle is centred on its capitals and cut to fit") {
    RecordCanvas canvas;
    const TextStyle style{Face::mono, 20, ink};
    draw_text_in(canvas, {0, 0, 100, 20}, "Tom", style, Align::right);
    draw_text_in(canvas, {0, 0, 37, 20}, "thanked", style);
    // JetBrains Mono: 0.6 em a character, capitals 0.73 em high.
    CHECK(canvas.text() ==
          "text 64 17.3 mono 20 #1d2233 \"Tom\"\n"
          "text 0 17.3 mono 20 #1d2233 \"th…\"\n");
}

TEST_CASE("the recorder writes a line a call") {
    RecordCanvas canvas;
    draw_everything(canvas);
    CHECK(canvas.text() ==
          "push_clip 0 0 300 200\n"
          "fill_rect 10 20 100 40 r8 #6c3ade\n"
          "stroke_rect 10 20 100 40 r8 #6c3ade80 w1.5 dashed\n"
          "polyline 0 0 10 5 20 0 #1d2233 w2\n"
          "fill_polygon 0 0 10 5 20 0 #1d2233\n"
          "curve 0 0 0 10 20 10 20 0 #1d2233 w1\n"
          "text 12.5 40 mono 13 #1d2233 \"␣Tom\"\n"
          "text 12.5 80 sans_bold 13 #1d2233 turned 45 \"a<b & \\\"c\\\" \uFFFD\uFFFD\"\n"
          "heatmap 0 100 40 20 1x4 #6c3ade*2 #1d2233 #6c3ade\n"
          "heatmap 0 140 40 20 1x2 gap2 r3 #6c3ade #1d2233\n"
          "region 0 140 40 20 map/0/1 1x2\n"
          "pop_clip\n");
}

TEST_CASE("a placed canvas moves and scales every call") {
    RecordCanvas canvas;
    PlacedCanvas placed(canvas, {100, 50}, 2);
    draw_everything(placed);
    CHECK(canvas.text() ==
          "push_clip 100 50 600 400\n"
          "fill_rect 120 90 200 80 r16 #6c3ade\n"
          "stroke_rect 120 90 200 80 r16 #6c3ade80 w3 dashed\n"
          "polyline 100 50 120 60 140 50 #1d2233 w4\n"
          "fill_polygon 100 50 120 60 140 50 #1d2233\n"
          "curve 100 50 100 70 140 70 140 50 #1d2233 w2\n"
          "text 125 130 mono 26 #1d2233 \"␣Tom\"\n"
          "text 125 210 sans_bold 26 #1d2233 turned 45 \"a<b & \\\"c\\\" \uFFFD\uFFFD\"\n"
          "heatmap 100 250 80 40 1x4 #6c3ade*2 #1d2233 #6c3ade\n"
          "heatmap 100 330 80 40 1x2 gap4 r6 #6c3ade #1d2233\n"
          "region 100 330 80 40 map/0/1 1x2\n"
          "pop_clip\n");
}

TEST_CASE("SVG is well formed and its text is text") {
    const std::string svg = svg_of(draw_everything);
    CHECK(tests::well_formed(svg));
    CHECK(svg == svg_of(draw_everything));
    CHECK(drawable(svg.substr(svg.find("<title>"), 40)).find("<title>“␣Tom” &lt;1&gt; &amp;") == 0);
    CHECK(times(svg, "monospace\">␣</tspan><tspan x=") == 1);
    CHECK(times(svg, ">Tom</tspan></text>") == 1);
    CHECK(times(svg, ">a&lt;b &amp; \"c\" </tspan>") == 1);
    CHECK(times(svg, ">\uFFFD\uFFFD</tspan></text>") == 1);
    CHECK(times(svg, "rotate(-45 12.5 80)") == 1);
    CHECK(times(svg, "stroke-opacity=\"0.502\"") == 1);
    // Two equal neighbours that touch are one rectangle, which reaches under the next.
    CHECK(times(svg, "<rect x=\"0\" y=\"100\" width=\"20.5\" height=\"20\" fill=\"#6c3ade\"/>") ==
          1);
    CHECK(times(svg, "<rect x=\"1\" y=\"141\" width=\"18\" height=\"18\" rx=\"3\"") == 1);
}

TEST_CASE("a clip that stays open and a point nowhere are refused") {
    SvgCanvas canvas({10, 10}, ink);
    canvas.push_clip({0, 0, 1, 1});
    CHECK_THROWS_AS(canvas.finish(""), std::logic_error);
    const float nowhere = std::numeric_limits<float>::quiet_NaN();
    CHECK_THROWS_AS(canvas.fill_rect({nowhere, 0, 1, 1}, ink, 0), model::Error);
}

// What a PDF holds (pages, bookmarks, no date) is read by poppler in test_export.py.
TEST_CASE("PNG and PDF are the same bytes twice") {
    const std::string png = render_png({300, 200}, 2, {255, 255, 255}, draw_everything);
    CHECK(png.starts_with("\x89PNG"));
    CHECK(png == render_png({300, 200}, 2, {255, 255, 255}, draw_everything));
    auto pdf = [] {
        std::ostringstream out;
        PdfWriter writer(out, {300, 200}, {.title = "␣Tom"});
        for (int page = 0; page < 2; ++page) writer.add_page({255, 255, 255}, draw_everything);
        writer.finish();
        return std::move(out).str();
    };
    const std::string bytes = pdf();
    CHECK(bytes.starts_with("%PDF-"));
    CHECK(bytes == pdf());
}

TEST_CASE("maps rise or fall evenly in lightness, and text on them can be read") {
    const Colour black{0, 0, 0};
    for (const Theme* theme : {&light_theme(), &dark_theme()}) {
        for (Colormap map : {Colormap::violet, Colormap::viridis, Colormap::cividis}) {
            const bool rises = map != Colormap::violet || theme->dark;
            for (int i = 0; i < 100; ++i) {
                const Colour a = sequential(*theme, map, static_cast<float>(i) / 100);
                const Colour b = sequential(*theme, map, static_cast<float>(i + 1) / 100);
                CHECK((contrast(b, black) > contrast(a, black)) == rises);
                CHECK(contrast(text_on(a), a) >= 4.5f);
            }
        }
        CHECK(sequential(*theme, Colormap::violet, -3) == sequential(*theme, Colormap::violet, 0));
        CHECK(sequential(*theme, Colormap::violet, std::nanf("")) == theme->masked);
        CHECK(diverging(*theme, 0) == theme->card);
        CHECK(diverging(*theme, -1).b > diverging(*theme, -1).r);
        CHECK(diverging(*theme, 1).r > diverging(*theme, 1).b);
    }
}

TEST_CASE("words can be read on every surface of both themes") {
    for (const Theme* theme : {&light_theme(), &dark_theme()}) {
        CAPTURE(theme->id);
        for (Colour surface : {theme->page, theme->card, theme->inset, theme->accent_soft}) {
            for (Colour words : {theme->text, theme->muted, theme->accent}) {
                CHECK(contrast(words, surface) >= 4.5f);
            }
        }
        CHECK(contrast(theme->up, theme->card) >= 4.5f);
        CHECK(contrast(theme->down, theme->card) >= 4.5f);
        CHECK(contrast(theme->warning, theme->card) >= 4.5f);
        CHECK(contrast(theme->on_accent, theme->accent) >= 4.5f);
        CHECK(contrast(theme->on_tooltip, theme->tooltip) >= 4.5f);
    }
}
