#include "viz/slides/pptx_slide.h"

#include <algorithm>
#include <utility>

#include "model/base/ascii.h"
#include "viz/paint/svg_canvas.h"
#include "viz/paint/xml.h"
#include "viz/slides/pptx.h"
#include "viz/slides/pptx_chart.h"
#include "viz/slides/pptx_native.h"
#include "viz/slides/pptx_parts.h"
#include "viz/slides/pptx_timing.h"

namespace viz::pptx {

namespace {

constexpr Colour nothing{0, 0, 0, 0};
// What a slide is read aloud by: title, figure, table, caption, number.
enum ShapeId { title_id = 2, caption_id, figure_id, number_id, footer_id, logo_id, first_free_id };

// What of the page a figure covers, moved to the origin.
void draw_figure(Canvas& canvas, const Rect& from, const Drawing& figure) {
    PlacedCanvas moved(canvas, {-from.x, -from.y}, 1);
    figure(moved);
}

std::string svg_of(const Rect& from, Colour ground, const std::string& title,
                   const Drawing& figure) {
    SvgCanvas canvas({from.w, from.h}, ground);
    draw_figure(canvas, from, figure);
    return canvas.finish(title);
}

std::string box_of(const WordsBox& box) {
    return box.placeholder.empty() ? fragment("text_box") : "<a:bodyPr/>";
}

std::string words_shape(int id, const char* name, const WordsBox& box, const std::string& words) {
    const bool own = box.placeholder.empty();
    std::string place = box.place;
    if (!place.empty()) place += "<a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom>";
    return fragment("words", {{"id", std::to_string(id)},
                              {"name", name},
                              {"locks", own ? "<p:cNvSpPr txBox=\"1\"/>"
                                            : "<p:cNvSpPr><a:spLocks noGrp=\"1\"/></p:cNvSpPr>"},
                              {"placeholder", box.placeholder},
                              {"place", place},
                              {"box", box_of(box)},
                              {"words", words}});
}

// The size of words that have room in the box, in hundredths of a point.
int size_of(const WordsBox& box, Face face, const std::string& text) {
    constexpr int least = 1000;
    if (box.size == 0 || box.room <= 0) return box.size;
    const double needed = double{text_width(face, 100, text)} / 100 * box.size / 100;
    const double shrunk = needed > box.room ? box.size * box.room / needed : box.size;
    return std::max(static_cast<int>(shrunk / 100) * 100, std::min(least, box.size));
}

std::string paragraph_in(const WordsBox& box, Face face, const std::string& text, bool soft) {
    if (text.empty()) return fragment("empty_paragraph");
    const int size = size_of(box, face, text);
    std::string style = "<a:rPr lang=\"en-US\"";
    if (size > 0 && size != box.usual) style += " sz=\"" + std::to_string(size) + "\"";
    style += box.placeholder.empty() && soft ? ">" + fragment("soft_ink") + "</a:rPr>" : "/>";
    return fragment("paragraph", {{"style", style}, {"text", xml_text(text)}});
}

std::string slide_number(const std::string& footer, int number, bool right) {
    return fragment(
        "slide_number",
        {{"align", right ? "<a:pPr algn=\"r\"/>" : ""},
         {"footer",
          footer.empty() ? std::string() : fragment("footer_run", {{"text", xml_text(footer)}})},
         {"number", std::to_string(number)}});
}

// One slide while it is put together.
class Slide {
  public:
    Slide(Parts& parts, const SlideForm& form, const Deck& deck, const Page& page, int number)
        : parts_(parts),
          form_(form),
          deck_(deck),
          page_(page),
          number_(number),
          part_(slide_name(parts.number("ppt/slides/slide", {".xml"}))),
          relations_(part_) {
        relations_.add("slideLayout", form.layout);
    }

    std::string add() {
        if (form_.title.there()) {
            shapes_ += words_shape(title_id, "Title", form_.title,
                                   paragraph_in(form_.title, Face::sans_bold, page_.title, false));
        }
        add_figures();
        if (page_.table) {
            const NativeRanking ranking = native_ranking(page_, form_.figure, own_colours(),
                                                         next_id_, [this] { return add_chart(); });
            shapes_ += ranking.shapes;
            for (size_t i = 0; i < ranking.clicks.size(); ++i)
                clicks_[i].insert(clicks_[i].end(), ranking.clicks[i].begin(),
                                  ranking.clicks[i].end());
        }
        add_words();
        if (deck_.logo) add_logo();
        const std::string slide = filled("pptx/slide.xml", {{"name", xml_attribute(page_.name)},
                                                            {"tree_head", fragment("tree_head")},
                                                            {"shapes", shapes_},
                                                            {"timing", timing(clicks_)}});
        parts_.add(part_, in_language(deck_.language, slide), type_of_slide);
        add_notes();
        parts_.add(relations_name(part_), relations_.xml(), "");
        return part_;
    }

  private:
    // The page's colours, where a figure has its own ground and not the slide's.
    const Theme* own_colours() const { return form_.ground.a > 0 ? deck_.theme : nullptr; }

    std::string description(const std::string& said) const {
        return page_.title + ". " + (said.empty() ? page_.caption : said);
    }

    // Vectors for programs that know SVG, with pixels for the others.
    void add_picture(int id, const char* name, const std::string& says, const std::string& svg,
                     const std::string& png, const std::string& place) {
        const int number = parts_.number("ppt/media/figure", {".png", ".svg"});
        parts_.add(png_name(number), png, "", Packing::stored);
        const std::string pixels = relations_.add("image", png_name(number));
        std::string vectors;
        if (!svg.empty()) {
            parts_.add(svg_name(number), svg, "");
            vectors = fragment("svg", {{"svg", relations_.add("image", svg_name(number))}});
        }
        shapes_ += fragment("picture", {{"id", std::to_string(id)},
                                        {"name", name},
                                        {"description", xml_attribute(says)},
                                        {"png", pixels},
                                        {"svg", vectors},
                                        {"place", place}});
    }

    // The figure, and what clicks lay over it where that differs.
    void add_figures() {
        const Placing& at = form_.figure;
        const std::string where = place(at.x, at.y, at.from.w * at.scale, at.from.h * at.scale);
        const auto add = [&](int id, const char* name, const std::string& says, Colour ground,
                             const Drawing& figure) {
            // On the slide's colour: where programs mix a transparent picture in, thin lines and
            // the gaps of maps come out grey.
            const std::string png =
                render_png({at.from.w, at.from.h}, pptx_picture_scale, form_.pixels_ground,
                           [&](Canvas& canvas) { draw_figure(canvas, at.from, figure); });
            add_picture(id, name, description(says), svg_of(at.from, ground, page_.title, figure),
                        png, where);
        };
        add(figure_id, "Figure", page_.description, form_.ground, page_.figure);
        std::string shown = svg_of(at.from, nothing, "", page_.figure);
        for (const PageStage& stage : page_.stages) {
            clicks_.emplace_back();
            std::string next = svg_of(at.from, nothing, "", stage.figure);
            if (next == shown) continue;
            shown = std::move(next);
            add(next_id_, "Figure", stage.description, form_.pixels_ground, stage.figure);
            clicks_.back().push_back({next_id_++});
        }
    }

    std::string add_chart() {
        const int number = parts_.number("ppt/charts/chart", {".xml"});
        const std::string part = "ppt/charts/chart" + std::to_string(number) + ".xml";
        const std::string front = "ppt/embeddings/Microsoft_Excel_Sheet";
        const std::string book = front + std::to_string(parts_.number(front, {".xlsx"})) + ".xlsx";
        Relations relations(part);
        const std::string leads = relations.add("package", book);
        parts_.add(part, chart(*page_.table, !page_.stages.empty(), leads), type_of_chart);
        parts_.add(relations_name(part), relations.xml(), "");
        parts_.add(book, workbook(*page_.table), "", Packing::stored);
        return relations_.add("chart", part);
    }

    void add_words() {
        // A footer without a place of its own goes along with the caption.
        std::string caption = page_.caption;
        const bool beside = !form_.footer.there() && form_.number.there();
        if (!form_.footer.there() && !form_.number.there() && !page_.footer.empty())
            caption += (caption.empty() ? "" : " · ") + page_.footer;
        if (!caption.empty()) {
            shapes_ +=
                words_shape(caption_id, "Caption", form_.caption,
                            paragraph_in(form_.caption, Face::sans, caption, !own_colours()));
        }
        if (form_.footer.there() && !page_.footer.empty()) {
            shapes_ += words_shape(footer_id, "Footer", form_.footer,
                                   paragraph_in(form_.footer, Face::sans, page_.footer, false));
        }
        if (form_.number.there()) {
            shapes_ +=
                words_shape(number_id, "Number", form_.number,
                            slide_number(beside ? page_.footer : "", number_, form_.number_right));
        }
    }

    void add_logo() {
        const Picture& logo = *deck_.logo;
        const Rect at = logo_place(deck_.shape, logo);
        const Placing& to = form_.logo;
        add_picture(logo_id, "Logo", "Logo", "", logo.png,
                    place(to.x + (at.x - to.from.x) * to.scale,
                          to.y + (at.y - to.from.y) * to.scale, at.w * to.scale, at.h * to.scale));
    }

    void add_notes() {
        const std::string notes_part =
            notes_name(parts_.number("ppt/notesSlides/notesSlide", {".xml"}));
        Relations leads(notes_part);
        leads.add("notesMaster", form_.notes_master);
        leads.add("slide", part_);
        parts_.add(notes_part, in_language(deck_.language, notes(page_, form_.notes_placeholder)),
                   type_of_notes);
        parts_.add(relations_name(notes_part), leads.xml(), "");
        relations_.add("notesSlide", notes_part);
    }

    Parts& parts_;
    const SlideForm& form_;
    const Deck& deck_;
    const Page& page_;
    int number_;
    std::string part_;
    Relations relations_;
    std::string shapes_;
    Clicks clicks_;
    int next_id_ = first_free_id;
};

}  // namespace

void Parts::take(const std::string& name) {
    taken_.insert(model::ascii_lower_case(name));
}

int Parts::number(const std::string& front, const std::vector<std::string>& endings) {
    const auto free = [&](int number) {
        return std::ranges::none_of(endings, [&](const std::string& ending) {
            return taken_.contains(
                model::ascii_lower_case(front + std::to_string(number) + ending));
        });
    };
    int& number = numbers_[front];
    do ++number;
    while (!free(number));
    return number;
}

void Parts::add(const std::string& name, const std::string& bytes, const std::string& type,
                Packing packing) {
    package_.add(name, bytes, packing);
    typed_.push_back({name, type});
}

std::string Relations::add(const std::string& type, const std::string& target) {
    const std::string id = "rId" + std::to_string(++count_);
    rows_ += fragment(
        "relation",
        {{"id", id}, {"type", type}, {"target", xml_attribute(relative_target(part_, target))}});
    return id;
}

std::string Relations::xml() const {
    return filled("pptx/relations.xml", {{"relations", rows_}});
}

std::string relative_target(const std::string& from, const std::string& to) {
    size_t shared = 0;
    for (size_t at = 0; at < std::min(from.size(), to.size()) && from[at] == to[at]; ++at) {
        if (from[at] == '/') shared = at + 1;
    }
    std::string out;
    for (size_t at = shared; (at = from.find('/', at)) != std::string::npos; ++at) out += "../";
    return out + to.substr(shared);
}

std::string add_slide(Parts& parts, const SlideForm& form, const Deck& deck, const Page& page,
                      int number) {
    return Slide(parts, form, deck, page, number).add();
}

}  // namespace viz::pptx
