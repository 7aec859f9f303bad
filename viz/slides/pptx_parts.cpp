#include "viz/slides/pptx_parts.h"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "viz/paint/xml.h"

namespace viz::pptx {

namespace {

constexpr int notes_width = 6858000, notes_height = 9144000;  // a sheet of 7.5 x 10 inches
constexpr double notes_margin = 685800;
constexpr double notes_picture = 3086100;                   // height
constexpr double notes_gap = 400000, notes_text = 4286100;  // below it, and the height of the words

std::string part(const char* name, const Values& values = {}) {
    return filled("pptx/" + std::string(name) + ".xml", values);
}

std::string place_of(Rect r) {
    return pptx::place(r.x * emu, r.y * emu, r.w * emu, r.h * emu);
}

std::string tree_head() {
    return fragment("tree_head");
}

std::string paragraph(std::string_view text) {
    if (text.empty()) return fragment("empty_paragraph");
    return fragment("paragraph", {{"style", "<a:rPr lang=\"en-US\"/>"}, {"text", xml_text(text)}});
}

// One paragraph a line.
std::string paragraphs(std::string_view text) {
    std::string out;
    for (bool more = true; more;) {
        const size_t end = text.find('\n');
        out += paragraph(text.substr(0, end));
        more = end != std::string_view::npos;
        if (more) text.remove_prefix(end + 1);
    }
    return out;
}

std::string text_style(const TextStyle& style, const char* colour, const char* font) {
    // Hundredths of a point: a pixel of a slide is half a point.
    return fragment("text_style", {{"size", whole(style.size * 50.0)},
                                   {"bold", font_weight(style.face) >= 600 ? "1" : "0"},
                                   {"colour", colour},
                                   {"font", font}});
}

// Title and caption where slides have them.
std::string text_boxes(const Deck& deck) {
    const SlideText at = slide_text(deck.shape, *deck.theme, deck.footer);
    return fragment("text_boxes",
                    {{"title_place", place_of(at.title)},
                     {"title_style", text_style(at.title_style, "tx1", "+mj-lt")},
                     {"caption_place", place_of(at.caption)},
                     {"caption_style", text_style(at.caption_style, "tx2", "+mn-lt")}});
}

std::string number_box(const Deck& deck) {
    const SlideText at = slide_text(deck.shape, *deck.theme, deck.footer);
    return fragment("number_box",
                    {{"number_place", place_of(at.number)},
                     {"number_style", text_style(at.caption_style, "tx2", "+mn-lt")}});
}

std::string body_box(int id, const char* name, const char* kind, int index, Rect where,
                     const TextStyle& style) {
    return fragment("body_box", {{"id", std::to_string(id)},
                                 {"name", name},
                                 {"kind", kind},
                                 {"index", std::to_string(index)},
                                 {"place", place_of(where)},
                                 {"style", text_style(style, "tx1", "+mn-lt")}});
}

std::string numbered(const char* front, int number, const char* back) {
    return front + std::to_string(number) + back;
}

}  // namespace

std::string fragment(const char* name, const Values& values) {
    return filled("pptx/fragments/" + std::string(name) + ".xml", values);
}

std::string whole(double value) {
    return std::to_string(std::lround(value));
}

std::string slide_name(int number) {
    return numbered("ppt/slides/slide", number, ".xml");
}
std::string notes_name(int number) {
    return numbered("ppt/notesSlides/notesSlide", number, ".xml");
}
std::string png_name(int number) {
    return numbered("ppt/media/figure", number, ".png");
}
std::string svg_name(int number) {
    return numbered("ppt/media/figure", number, ".svg");
}

std::string relations_name(const std::string& part) {
    const size_t slash = part.rfind('/') + 1;
    return part.substr(0, slash) + "_rels/" + part.substr(slash) + ".rels";
}

std::string in_language(const std::string& language, std::string part) {
    if (language == "en") return part;
    const std::string spoken = "Pr lang=\"" + language + "\"";
    constexpr std::string_view english = "Pr lang=\"en-US\"";  // text has no quotes of this kind
    for (size_t at = 0; (at = part.find(english, at)) != std::string::npos; at += spoken.size()) {
        part.replace(at, english.size(), spoken);
    }
    return part;
}

std::string place(double x, double y, double w, double h) {
    return fragment("transform",
                    {{"x", whole(x)}, {"y", whole(y)}, {"w", whole(w)}, {"h", whole(h)}});
}

std::string content_types(const std::string& types) {
    return part("content_types", {{"types", types}});
}

std::string part_type(const std::string& name, const std::string& type) {
    return fragment("part_type", {{"part", name}, {"type", type}});
}

std::string package_relations() {
    return part("package_rels");
}

std::string core_properties(const std::string& title) {
    return part("core", {{"title", xml_text(title)}});
}

std::string app_properties() {
    return part("app");
}

std::string presentation(const Deck& deck, const std::vector<std::string>& slides) {
    std::string ids;
    for (size_t i = 0; i < slides.size(); ++i)
        ids += fragment("slide_id", {{"id", std::to_string(256 + i)}, {"relation", slides[i]}});
    const Size size = deck.size();
    return part("presentation",
                {{"slides", ids.empty() ? "" : fragment("slide_ids", {{"ids", ids}})},
                 {"width", whole(size.w * emu)},
                 {"height", whole(size.h * emu)},
                 {"screen", deck.shape == SlideShape::classic ? " type=\"screen4x3\"" : ""},
                 {"notes_width", std::to_string(notes_width)},
                 {"notes_height", std::to_string(notes_height)}});
}

std::string theme(const Theme& t) {
    return part("theme", {{"dk1", rgb_hex(t.dark ? t.card : t.text)},
                          {"lt1", rgb_hex(t.dark ? t.text : t.card)},
                          {"dk2", rgb_hex(t.dark ? t.inset : t.muted)},
                          {"lt2", rgb_hex(t.dark ? t.muted : t.inset)},
                          {"accent1", rgb_hex(t.accent)},
                          {"accent2", rgb_hex(t.query)},
                          {"accent3", rgb_hex(t.key)},
                          {"accent4", rgb_hex(t.value)},
                          {"accent5", rgb_hex(t.mlp)},
                          {"accent6", rgb_hex(t.warning)},
                          {"hlink", rgb_hex(t.accent)},
                          {"followed_link", rgb_hex(t.muted)}});
}

std::string slide_master(const Deck& deck) {
    const SlideText at = slide_text(deck.shape, *deck.theme);
    // Which of the theme's colours is which.
    const bool dark = deck.theme->dark;
    return part("slide_master", {{"tree_head", tree_head()},
                                 {"text_boxes", text_boxes(deck)},
                                 {"number_box", number_box(deck)},
                                 {"bg1", dark ? "dk1" : "lt1"},
                                 {"tx1", dark ? "lt1" : "dk1"},
                                 {"bg2", dark ? "dk2" : "lt2"},
                                 {"tx2", dark ? "lt2" : "dk2"},
                                 {"title_style", text_style(at.title_style, "tx1", "+mj-lt")},
                                 {"caption_style", text_style(at.caption_style, "tx2", "+mn-lt")},
                                 {"other_style", text_style(at.caption_style, "tx1", "+mn-lt")}});
}

std::string slide_master_relations() {
    return part("slide_master_rels");
}

std::string layout_name(int number) {
    return numbered("ppt/slideLayouts/slideLayout", number, ".xml");
}

Rect figure_place(const Deck& deck) {
    const SlideText at = slide_text(deck.shape, *deck.theme);
    const float top = at.title.bottom() + 8, bottom = at.caption.y;
    return {0, top, deck.size().w, bottom - top};
}

std::string slide_layout(const Deck& deck, int number) {
    const SlideText at = slide_text(deck.shape, *deck.theme);
    const TextStyle words{Face::sans, 32, {}};
    const Size size = deck.size();
    const Rect body = slide_body(deck.shape);
    std::string name = "Step", boxes = text_boxes(deck) + number_box(deck);
    if (number == 2) {
        name = "Figure alone";
        boxes = body_box(6, "Figure", " type=\"pic\"", 12,
                         Rect{0, 0, size.w, size.h}.inset(at.title.y), words) +
                number_box(deck);
    }
    if (number == 3) {
        name = "Figure and text";
        const float half = (body.w - 60) * 0.6f;
        boxes += body_box(6, "Figure", " type=\"pic\"", 12, body.left(half), words) +
                 body_box(7, "Text", " type=\"body\"", 13, body.without_left(half + 60), words);
    }
    return part("slide_layout", {{"name", name}, {"tree_head", tree_head()}, {"boxes", boxes}});
}

std::string slide_layout_relations() {
    return part("slide_layout_rels");
}

std::string notes_master(Size size) {
    const double width = notes_picture * size.w / size.h;
    return part(
        "notes_master",
        {{"tree_head", tree_head()},
         {"slide_place", place((notes_width - width) / 2, notes_margin, width, notes_picture)},
         {"notes_place", place(notes_margin, notes_margin + notes_picture + notes_gap,
                               notes_width - 2 * notes_margin, notes_text)},
         {"notes_style", text_style({Face::sans, 24, {}}, "tx1", "+mn-lt")}});
}

std::string notes(const Page& page, const std::string& placeholder) {
    return part("notes", {{"tree_head", tree_head()},
                          {"placeholder", placeholder},
                          {"notes", paragraphs(page.notes)}});
}

}  // namespace viz::pptx
