#include "viz/slides/pptx_parts.h"

#include <cmath>
#include <string_view>
#include <utility>
#include <vector>

#include "viz/paint/xml.h"

namespace viz::pptx {

namespace {

constexpr const char* xml_head = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
constexpr const char* namespaces =
    " xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\""
    " xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\""
    " xmlns:p=\"http://schemas.openxmlformats.org/presentationml/2006/main\"";
constexpr const char* office =
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";
constexpr const char* types = "application/vnd.openxmlformats-officedocument.";
// An empty group is what every tree of shapes begins with.
constexpr const char* tree_head =
    "<p:nvGrpSpPr><p:cNvPr id=\"1\" name=\"\"/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr>"
    "<p:grpSpPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"0\" cy=\"0\"/><a:chOff x=\"0\" "
    "y=\"0\"/>"
    "<a:chExt cx=\"0\" cy=\"0\"/></a:xfrm></p:grpSpPr>";
constexpr int notes_width = 6858000, notes_height = 9144000;  // a sheet of 7.5 x 10 inches

std::string whole(double value) {
    return std::to_string(std::lround(value));
}

std::string place(double x, double y, double w, double h) {
    return "<a:xfrm><a:off x=\"" + whole(x) + "\" y=\"" + whole(y) + "\"/><a:ext cx=\"" + whole(w) +
           "\" cy=\"" + whole(h) + "\"/></a:xfrm>";
}

std::string place(Rect r) {
    return place(r.x * emu, r.y * emu, r.w * emu, r.h * emu);
}

std::string rectangle(const std::string& placed) {
    return "<p:spPr>" + placed + "<a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></p:spPr>";
}

// Hundredths of a point: a pixel of a slide is half a point.
std::string points(float pixels) {
    return whole(pixels * 50.0);
}

// Which of the theme's colours is which: the master's bg1, tx1, bg2, tx2.
const char* colour_map(bool dark) {
    return dark ? "<p:clrMap bg1=\"dk1\" tx1=\"lt1\" bg2=\"dk2\" tx2=\"lt2\" accent1=\"accent1\" "
                  "accent2=\"accent2\" accent3=\"accent3\" accent4=\"accent4\" "
                  "accent5=\"accent5\" accent6=\"accent6\" hlink=\"hlink\" folHlink=\"folHlink\"/>"
                : "<p:clrMap bg1=\"lt1\" tx1=\"dk1\" bg2=\"lt2\" tx2=\"dk2\" accent1=\"accent1\" "
                  "accent2=\"accent2\" accent3=\"accent3\" accent4=\"accent4\" "
                  "accent5=\"accent5\" accent6=\"accent6\" hlink=\"hlink\" folHlink=\"folHlink\"/>";
}

// The box stays where the picture leaves room for it; text that is too long shrinks or wraps.
std::string body_properties(const char* fit) {
    return std::string(
               "<a:bodyPr vert=\"horz\" wrap=\"square\" lIns=\"0\" tIns=\"0\" rIns=\"0\" "
               "bIns=\"0\" anchor=\"ctr\">") +
           fit + "</a:bodyPr>";
}

struct Placeholder {
    int id;
    const char* name;
    const char* kind;  // attributes of <p:ph>
};
constexpr Placeholder title_box{2, "Title", "type=\"title\""};
constexpr Placeholder caption_box{3, "Caption", "type=\"body\" sz=\"quarter\" idx=\"10\""};

// A text box. An empty `properties` takes place and looks from the layout.
std::string text_box(const Placeholder& box, const std::string& properties,
                     const std::string& text_body) {
    return "<p:sp><p:nvSpPr><p:cNvPr id=\"" + std::to_string(box.id) + "\" name=\"" + box.name +
           "\"/><p:cNvSpPr><a:spLocks noGrp=\"1\"/></p:cNvSpPr><p:nvPr><p:ph " + box.kind +
           "/></p:nvPr></p:nvSpPr>" + (properties.empty() ? "<p:spPr/>" : properties) +
           "<p:txBody>" + text_body + "</p:txBody></p:sp>";
}

std::string paragraph(std::string_view text) {
    if (text.empty()) return "<a:p><a:endParaRPr lang=\"en-US\"/></a:p>";
    return "<a:p><a:r><a:rPr lang=\"en-US\"/><a:t>" + xml_text(text) + "</a:t></a:r></a:p>";
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

std::string level(const char* element, const TextStyle& style, const char* colour,
                  const char* font) {
    return std::string("<a:") + element +
           " marL=\"0\" indent=\"0\" algn=\"l\"><a:lnSpc><a:spcPct val=\"100000\"/></a:lnSpc>"
           "<a:spcBef><a:spcPts val=\"0\"/></a:spcBef><a:buNone/><a:defRPr sz=\"" +
           points(style.size) + "\" b=\"" + (font_weight(style.face) >= 600 ? "1" : "0") +
           "\" kern=\"0\"><a:solidFill><a:schemeClr val=\"" + colour +
           "\"/></a:solidFill><a:latin typeface=\"" + font + "\"/></a:defRPr></a:" + element + ">";
}

// Title and caption where slides have them.
std::string text_boxes(const Deck& deck) {
    const SlideText at = slide_text(deck.shape, *deck.theme);
    const std::string list = "<a:lstStyle/>";
    return text_box(title_box, rectangle(place(at.title)),
                    body_properties("<a:normAutofit/>") + list + paragraph("Title")) +
           text_box(caption_box, rectangle(place(at.caption)),
                    body_properties("<a:noAutofit/>") + "<a:lstStyle>" +
                        level("lvl1pPr", at.caption_style, "tx2", "+mn-lt") + "</a:lstStyle>" +
                        paragraph("Caption"));
}

struct Relation {
    const char* type;
    std::string target;
};

std::string relations(const std::vector<Relation>& all) {
    std::string out = std::string(xml_head) +
                      "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/"
                      "relationships\">";
    int id = 0;
    for (const Relation& relation : all) {
        const bool outside = std::string_view(relation.type).starts_with("http");
        out += "<Relationship Id=\"rId" + std::to_string(++id) + "\" Type=\"" +
               (outside ? "" : office) + relation.type + "\" Target=\"" + relation.target + "\"/>";
    }
    return out + "</Relationships>";
}

std::string numbered(const char* front, int number, const char* back) {
    return front + std::to_string(number) + back;
}

}  // namespace

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

std::string content_types(int pages) {
    std::string out = std::string(xml_head) +
                      "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/"
                      "content-types\">"
                      "<Default Extension=\"rels\" "
                      "ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
                      "<Default Extension=\"xml\" ContentType=\"application/xml\"/>"
                      "<Default Extension=\"png\" ContentType=\"image/png\"/>"
                      "<Default Extension=\"svg\" ContentType=\"image/svg+xml\"/>";
    const auto part = [&](const std::string& name, const std::string& type) {
        out += "<Override PartName=\"/" + name + "\" ContentType=\"" + type + "\"/>";
    };
    const std::string show = std::string(types) + "presentationml.";
    part("docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml");
    part("docProps/app.xml", std::string(types) + "extended-properties+xml");
    part("ppt/presentation.xml", show + "presentation.main+xml");
    part("ppt/slideMasters/slideMaster1.xml", show + "slideMaster+xml");
    part("ppt/slideLayouts/slideLayout1.xml", show + "slideLayout+xml");
    part("ppt/notesMasters/notesMaster1.xml", show + "notesMaster+xml");
    part("ppt/theme/theme1.xml", std::string(types) + "theme+xml");
    part("ppt/theme/theme2.xml", std::string(types) + "theme+xml");
    for (int i = 1; i <= pages; ++i) {
        part(slide_name(i), show + "slide+xml");
        part(notes_name(i), show + "notesSlide+xml");
    }
    return out + "</Types>";
}

std::string package_relations() {
    return relations({{"officeDocument", "ppt/presentation.xml"},
                      {"http://schemas.openxmlformats.org/package/2006/relationships/metadata/"
                       "core-properties",
                       "docProps/core.xml"},
                      {"extended-properties", "docProps/app.xml"}});
}

std::string core_properties(const std::string& title) {
    // Programs want a date; a real one would change the bytes.
    const std::string date = " xsi:type=\"dcterms:W3CDTF\">2000-01-01T00:00:00Z</dcterms:";
    return std::string(xml_head) +
           "<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/"
           "core-properties\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
           "xmlns:dcterms=\"http://purl.org/dc/terms/\" "
           "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><dc:title>" +
           xml_text(title) + "</dc:title><dc:creator>Stepscope</dc:creator><dcterms:created" +
           date + "created><dcterms:modified" + date + "modified></cp:coreProperties>";
}

std::string app_properties() {
    return std::string(xml_head) +
           "<Properties xmlns=\"http://schemas.openxmlformats.org/officeDocument/2006/"
           "extended-properties\"><Application>Stepscope</Application></Properties>";
}

std::string presentation(const Deck& deck) {
    std::string out = std::string(xml_head) + "<p:presentation" + namespaces +
                      " saveSubsetFonts=\"1\"><p:sldMasterIdLst>"
                      "<p:sldMasterId id=\"2147483648\" r:id=\"rId1\"/></p:sldMasterIdLst>"
                      "<p:notesMasterIdLst><p:notesMasterId r:id=\"rId2\"/></p:notesMasterIdLst>";
    if (deck.pages > 0) {
        out += "<p:sldIdLst>";
        for (int i = 0; i < deck.pages; ++i) {
            out += "<p:sldId id=\"" + std::to_string(256 + i) + "\" r:id=\"rId" +
                   std::to_string(4 + i) + "\"/>";
        }
        out += "</p:sldIdLst>";
    }
    const Size size = slide_size(deck.shape);
    out += "<p:sldSz cx=\"" + whole(size.w * emu) + "\" cy=\"" + whole(size.h * emu) + "\"" +
           (deck.shape == SlideShape::classic ? " type=\"screen4x3\"" : "") + "/><p:notesSz cx=\"" +
           std::to_string(notes_width) + "\" cy=\"" + std::to_string(notes_height) + "\"/>";
    return out + "</p:presentation>";
}

std::string presentation_relations(int pages) {
    std::vector<Relation> all{{"slideMaster", "slideMasters/slideMaster1.xml"},
                              {"notesMaster", "notesMasters/notesMaster1.xml"},
                              {"theme", "theme/theme1.xml"}};
    for (int i = 1; i <= pages; ++i) {
        all.push_back({"slide", numbered("slides/slide", i, ".xml")});
    }
    return relations(all);
}

std::string theme(const Theme& t) {
    std::string out = std::string(xml_head) +
                      "<a:theme xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" "
                      "name=\"Stepscope\"><a:themeElements><a:clrScheme name=\"Stepscope\">";
    const std::pair<const char*, Colour> colours[] = {{"dk1", t.dark ? t.card : t.text},
                                                      {"lt1", t.dark ? t.text : t.card},
                                                      {"dk2", t.dark ? t.inset : t.muted},
                                                      {"lt2", t.dark ? t.muted : t.inset},
                                                      {"accent1", t.accent},
                                                      {"accent2", t.query},
                                                      {"accent3", t.key},
                                                      {"accent4", t.value},
                                                      {"accent5", t.mlp},
                                                      {"accent6", t.warning},
                                                      {"hlink", t.accent},
                                                      {"folHlink", t.muted}};
    for (const auto& [name, colour] : colours) {
        out += std::string("<a:") + name + "><a:srgbClr val=\"" + rgb_hex(colour) +
               "\"/></a:" + name + ">";
    }
    const std::string font =
        "<a:latin typeface=\"Inter\"/><a:ea typeface=\"\"/>"
        "<a:cs typeface=\"\"/>";
    out += "</a:clrScheme><a:fontScheme name=\"Stepscope\"><a:majorFont>" + font +
           "</a:majorFont><a:minorFont>" + font +
           "</a:minorFont></a:fontScheme><a:fmtScheme name=\"Stepscope\">";
    // Three of each are demanded.
    const auto three = [&](const char* list, const std::string& one) {
        out += std::string("<a:") + list + ">" + one + one + one + "</a:" + list + ">";
    };
    const std::string fill = "<a:solidFill><a:schemeClr val=\"phClr\"/></a:solidFill>";
    three("fillStyleLst", fill);
    three("lnStyleLst", "<a:ln w=\"9525\">" + fill + "<a:prstDash val=\"solid\"/></a:ln>");
    three("effectStyleLst", "<a:effectStyle><a:effectLst/></a:effectStyle>");
    three("bgFillStyleLst", fill);
    return out + "</a:fmtScheme></a:themeElements></a:theme>";
}

std::string slide_master(const Deck& deck) {
    const SlideText at = slide_text(deck.shape, *deck.theme);
    return std::string(xml_head) + "<p:sldMaster" + namespaces +
           "><p:cSld><p:bg><p:bgPr><a:solidFill><a:schemeClr val=\"bg1\"/></a:solidFill>"
           "<a:effectLst/></p:bgPr></p:bg><p:spTree>" +
           tree_head + text_boxes(deck) + "</p:spTree></p:cSld>" + colour_map(deck.theme->dark) +
           "<p:sldLayoutIdLst><p:sldLayoutId id=\"2147483649\" r:id=\"rId1\"/></p:sldLayoutIdLst>"
           "<p:txStyles><p:titleStyle>" +
           level("lvl1pPr", at.title_style, "tx1", "+mj-lt") + "</p:titleStyle><p:bodyStyle>" +
           level("lvl1pPr", at.caption_style, "tx2", "+mn-lt") + "</p:bodyStyle><p:otherStyle>" +
           level("lvl1pPr", at.caption_style, "tx1", "+mn-lt") +
           "</p:otherStyle></p:txStyles></p:sldMaster>";
}

std::string slide_master_relations() {
    return relations(
        {{"slideLayout", "../slideLayouts/slideLayout1.xml"}, {"theme", "../theme/theme1.xml"}});
}

std::string slide_layout(const Deck& deck) {
    return std::string(xml_head) + "<p:sldLayout" + namespaces +
           " preserve=\"1\" userDrawn=\"1\"><p:cSld name=\"Step\"><p:spTree>" + tree_head +
           text_boxes(deck) +
           "</p:spTree></p:cSld><p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:sldLayout>";
}

std::string slide_layout_relations() {
    return relations({{"slideMaster", "../slideMasters/slideMaster1.xml"}});
}

std::string slide(const Deck& deck, const Page& page) {
    const Size size = slide_size(deck.shape);
    const std::string own = "<a:bodyPr/><a:lstStyle/>";
    // The picture lies below: otherwise a click on the title would take hold of the picture.
    return std::string(xml_head) + "<p:sld" + namespaces + "><p:cSld name=\"" +
           xml_attribute(page.name) + "\"><p:spTree>" + tree_head +
           "<p:pic><p:nvPicPr><p:cNvPr id=\"4\" name=\"Figure\" descr=\"" +
           xml_attribute(page.title + ". " + page.caption) +
           "\"/><p:cNvPicPr><a:picLocks noChangeAspect=\"1\"/></p:cNvPicPr><p:nvPr/></p:nvPicPr>"
           "<p:blipFill><a:blip r:embed=\"rId2\"><a:extLst>"
           "<a:ext uri=\"{96DAC541-7B7A-43D3-8B79-37D633B846F1}\"><asvg:svgBlip "
           "xmlns:asvg=\"http://schemas.microsoft.com/office/drawing/2016/SVG/main\" "
           "r:embed=\"rId3\"/></a:ext></a:extLst></a:blip><a:stretch><a:fillRect/></a:stretch>"
           "</p:blipFill>" +
           rectangle(place({0, 0, size.w, size.h})) + "</p:pic>" +
           text_box(title_box, "", own + paragraph(page.title)) +
           text_box(caption_box, "", own + paragraph(page.caption)) +
           "</p:spTree></p:cSld><p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:sld>";
}

std::string slide_relations(int number) {
    return relations({{"slideLayout", "../slideLayouts/slideLayout1.xml"},
                      {"image", numbered("../media/figure", number, ".png")},
                      {"image", numbered("../media/figure", number, ".svg")},
                      {"notesSlide", numbered("../notesSlides/notesSlide", number, ".xml")}});
}

namespace {

constexpr double notes_margin = 685800;
constexpr double notes_picture = 3086100;  // height

std::string notes_picture_box(const std::string& properties) {
    return "<p:sp><p:nvSpPr><p:cNvPr id=\"2\" name=\"Slide\"/><p:cNvSpPr><a:spLocks noGrp=\"1\" "
           "noRot=\"1\" noChangeAspect=\"1\"/></p:cNvSpPr><p:nvPr><p:ph type=\"sldImg\"/></p:nvPr>"
           "</p:nvSpPr>" +
           properties + "</p:sp>";
}

constexpr Placeholder notes_box{3, "Notes", "type=\"body\" idx=\"1\""};

}  // namespace

std::string notes_master(const Deck& deck) {
    const Size size = slide_size(deck.shape);
    const double width = notes_picture * size.w / size.h;
    const TextStyle style{Face::sans, 24, {}};
    // Paper is white whatever the slides are: its colours are those of the light theme.
    return std::string(xml_head) + "<p:notesMaster" + namespaces +
           "><p:cSld><p:bg><p:bgPr><a:solidFill><a:schemeClr val=\"bg1\"/></a:solidFill>"
           "<a:effectLst/></p:bgPr></p:bg><p:spTree>" +
           tree_head +
           notes_picture_box(
               rectangle(place((notes_width - width) / 2, notes_margin, width, notes_picture))) +
           text_box(notes_box,
                    rectangle(place(notes_margin, notes_margin + notes_picture + 400000,
                                    notes_width - 2 * notes_margin, 4286100)),
                    "<a:bodyPr/><a:lstStyle/>" + paragraph("Notes")) +
           "</p:spTree></p:cSld>" + colour_map(false) + "<p:notesStyle>" +
           level("lvl1pPr", style, "tx1", "+mn-lt") + "</p:notesStyle></p:notesMaster>";
}

std::string notes_master_relations() {
    return relations({{"theme", "../theme/theme2.xml"}});
}

std::string notes(const Page& page) {
    return std::string(xml_head) + "<p:notes" + namespaces + "><p:cSld><p:spTree>" + tree_head +
           notes_picture_box("<p:spPr/>") +
           text_box(notes_box, "", "<a:bodyPr/><a:lstStyle/>" + paragraphs(page.notes)) +
           "</p:spTree></p:cSld><p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:notes>";
}

std::string notes_relations(int number) {
    return relations({{"notesMaster", "../notesMasters/notesMaster1.xml"},
                      {"slide", numbered("../slides/slide", number, ".xml")}});
}

}  // namespace viz::pptx
