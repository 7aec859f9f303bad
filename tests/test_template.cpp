// Slides among somebody else's: what a PowerPoint file keeps, what it gets, which files are
// refused.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "model/base/error.h"
#include "tests/deck_files.h"
#include "tests/support.h"
#include "viz/slides/pptx.h"
#include "viz/slides/pptx_template.h"
#include "viz/slides/zip_file.h"

using namespace viz;
using tests::holds, tests::unpacked, tests::values;

namespace {

constexpr const char* types = "[Content_Types].xml";
constexpr const char* main_type =
    "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml";
const std::string office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const std::string package_relations =
    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">";

std::string relation(const std::string& id, const std::string& type, const std::string& target) {
    return "<Relationship Id=\"" + id + "\" Type=\"" + office + "/" + type + "\" Target=\"" +
           target + "\"/>";
}

std::string box(const std::string& placeholder, const std::string& place) {
    return "<x:sp><x:nvSpPr><x:cNvPr id=\"2\" name=\"\"/><x:cNvSpPr/><x:nvPr>" + placeholder +
           "</x:nvPr></x:nvSpPr><x:spPr>" + place + "</x:spPr></x:sp>";
}

std::string at(int x, int y, int w, int h) {
    const auto number = [](int value) { return "=\"" + std::to_string(value) + "\""; };
    return "<a:xfrm><a:off x" + number(x) + " y" + number(y) + "/><a:ext cx" + number(w) + " cy" +
           number(h) + "/></a:xfrm>";
}

using Files = std::vector<std::pair<std::string, std::string>>;

// As somebody made it: prefixes of its own, a section, two layouts, a slide, no notes.
struct Made {
    std::string background = "<a:srgbClr val=\"FFFFFF\"/>";
    std::string type = main_type;

    Files files() const {
        const std::string names =
            " xmlns:x=\"http://schemas.openxmlformats.org/presentationml/2006/main\""
            " xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" xmlns:q=\"" +
            office + "\"";
        const auto tree = [](const std::string& shapes) {
            return "<x:spTree>" + shapes + "</x:spTree>";
        };
        const std::string title = "<x:ph type=\"title\"/>";
        return {
            {types,
             "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
             "<Default Extension=\"rels\" "
             "ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
             "<Default Extension=\"xml\" ContentType=\"application/xml\"/>"
             "<Override PartName=\"/ppt/presentation.xml\" ContentType=\"" +
                 type + "\"/></Types>"},
            {"_rels/.rels",
             package_relations + relation("r1", "officeDocument", "ppt/presentation.xml") +
                 relation("r2", "extended-properties", "docProps/app.xml") + "</Relationships>"},
            {"docProps/app.xml",
             "<Properties xmlns:vt=\"v\"><Slides>1</Slides><HeadingPairs><vt:vector "
             "size=\"2\"><vt:variant><vt:lpstr>Folientitel</vt:lpstr></vt:variant><vt:variant>"
             "<vt:i4>1</vt:i4></vt:variant></vt:vector></HeadingPairs><TitlesOfParts><vt:vector "
             "size=\"1\"><vt:lpstr>Mine</vt:lpstr></vt:vector></TitlesOfParts></Properties>"},
            {"ppt/presentation.xml",
             "<x:presentation" + names +
                 "><x:sldMasterIdLst><x:sldMasterId id=\"2147483648\" "
                 "q:id=\"rId1\"/></x:sldMasterIdLst><x:sldIdLst><x:sldId id=\"2147483647\" "
                 "q:id=\"rId2\"/></x:sldIdLst><x:sldSz cx=\"9144000\" cy=\"6858000\"/><x:extLst>"
                 "<x:ext uri=\"u\"><s:sectionLst xmlns:s=\"s\"><s:section name=\"A\"><s:sldIdLst>"
                 "<s:sldId id=\"2147483647\"/></s:sldIdLst></s:section></s:sectionLst></x:ext>"
                 "</x:extLst></x:presentation>"},
            {"ppt/_rels/presentation.xml.rels",
             package_relations + relation("rId1", "slideMaster", "/ppt/slideMasters/m.xml") +
                 relation("rId2", "slide", "slides/Slide1.xml") + "</Relationships>"},
            {"ppt/slideMasters/m.xml",
             "<x:sldMaster" + names + "><x:cSld><x:bg><x:bgPr><a:solidFill>" + background +
                 "</a:solidFill></x:bgPr></x:bg>" +
                 tree(box(title, at(500000, 300000, 8000000, 900000)) +
                      box("<x:ph type=\"body\"/>", at(500000, 1300000, 8000000, 5000000)) +
                      box("", at(0, 6200000, 9144000, 658000))) +
                 "</x:cSld><x:clrMap bg1=\"lt1\" tx1=\"dk1\"/></x:sldMaster>"},
            {"ppt/slideMasters/_rels/m.xml.rels",
             package_relations + relation("r1", "slideLayout", "../slideLayouts/opening.xml") +
                 relation("r2", "slideLayout", "../slideLayouts/title.xml") +
                 relation("r3", "theme", "../theme/t.xml") + "</Relationships>"},
            {"ppt/slideLayouts/opening.xml",
             "<x:sldLayout" + names + " type=\"title\"><x:cSld>" +
                 tree(box("<x:ph type=\"ctrTitle\"/>", at(0, 0, 9000000, 5000000))) +
                 "</x:cSld></x:sldLayout>"},
            {"ppt/slideLayouts/_rels/opening.xml.rels",
             package_relations + relation("r1", "slideMaster", "../slideMasters/m.xml") +
                 "</Relationships>"},
            {"ppt/slideLayouts/title.xml",
             "<x:sldLayout" + names + " type=\"titleOnly\"><x:cSld>" +
                 tree(box(title, "") + box("<x:ph type=\"sldNum\" idx=\"12\"/>",
                                           at(7000000, 6300000, 900000, 300000))) +
                 "</x:cSld></x:sldLayout>"},
            {"ppt/slideLayouts/_rels/title.xml.rels",
             package_relations + relation("r1", "slideMaster", "../slideMasters/m.xml") +
                 "</Relationships>"},
            {"ppt/theme/t.xml",
             "<a:theme xmlns:a=\"a\"><a:themeElements><a:clrScheme><a:dk1><a:sysClr "
             "lastClr=\"000000\"/></a:dk1><a:lt1><a:srgbClr val=\"FFFFFF\"/></a:lt1><a:accent1>"
             "<a:srgbClr val=\"102030\"/></a:accent1></a:clrScheme></a:themeElements></a:theme>"},
            {"ppt/slides/Slide1.xml",
             "<x:sld" + names + "><x:cSld>" + tree("") + "</x:cSld></x:sld>"},
            {"ppt/slides/_rels/Slide1.xml.rels",
             package_relations + relation("r1", "slideLayout", "../slideLayouts/title.xml") +
                 "</Relationships>"}};
    }
};

std::string packed(const Files& files) {
    ZipFile file;
    for (const auto& [name, bytes] : files) file.add(name, bytes, Packing::deflated);
    std::ostringstream out;
    file.write(out);
    return std::move(out).str();
}

// Two pages that draw a little.
Deck small_deck(std::shared_ptr<const SlideTemplate> base) {
    Deck deck;
    deck.shape = base->shape();
    deck.theme = &base->theme();
    deck.base = std::move(base);
    deck.pages = 2;
    deck.page = [](int i) {
        Page page;
        page.title = "Page " + std::to_string(i + 1) + " & more";
        page.caption = "Below";
        page.notes = "Said";
        page.figure = [](Canvas& canvas) { canvas.fill_rect({200, 300, 50, 50}, {9, 8, 7}, 0); };
        page.table = PageTable{{700, 300, 600, 500},
                               {{"token", "probability", "logit"},
                                {"␣a", "75.0 %", "2.00"},
                                {"9 others", "25.0 %", ""}},
                               1,
                               {0.75, 0.25},
                               "“␣a” is chosen",
                               "rows",
                               "bars"};
        return page;
    };
    return deck;
}

struct Opened {
    tests::TempFolder folder;
    std::filesystem::path path = folder / "own.pptx";

    explicit Opened(const std::string& bytes) { tests::write(path, bytes); }
    std::string refusal() const {
        const std::string said = tests::error_of([&] { SlideTemplate{path}; });
        const std::string name = path.string() + ": ";
        CHECK(said.starts_with(name));
        return said.substr(name.size());
    }
};

Files without(Files files, const std::string& part) {
    std::erase_if(files, [&](const auto& file) { return file.first == part; });
    return files;
}

Files with(Files files, const std::string& part, const std::string& from, const std::string& to) {
    for (auto& [name, bytes] : files) {
        if (name == part) bytes.replace(bytes.find(from), from.size(), to);
    }
    return files;
}

}  // namespace

TEST_CASE("slides are added behind those of a file, whose parts stay as they are") {
    const Files made = Made{}.files();
    const Opened own(packed(made));
    const Deck deck = small_deck(std::make_shared<SlideTemplate>(own.path));
    const std::string bytes = tests::bytes_of(write_pptx, deck);
    CHECK(bytes ==
          tests::bytes_of(write_pptx, small_deck(std::make_shared<SlideTemplate>(own.path))));
    auto files = unpacked(bytes);
    const std::set<std::string> grown{types, "docProps/app.xml", "ppt/presentation.xml",
                                      "ppt/_rels/presentation.xml.rels"};
    for (const auto& [name, text] : made) {
        CAPTURE(name);
        REQUIRE(files.contains(name));
        CHECK((files.at(name) == text) == !grown.contains(name));
    }
    // "Slide1.xml" and "slide1.xml" are one name.
    CHECK_FALSE(files.contains("ppt/slides/slide1.xml"));
    const std::string& main = files.at("ppt/presentation.xml");
    CHECK(tests::well_formed(main));
    // The largest id is taken: the next are the first that are free.
    CHECK(holds(main,
                "<x:sldId id=\"2147483647\" q:id=\"rId2\"/><x:sldId id=\"256\" q:id=\"rId4\"/>"
                "<x:sldId id=\"257\" q:id=\"rId5\"/></x:sldIdLst>"));
    CHECK(holds(main, "<s:sldId id=\"256\"/><s:sldId id=\"257\"/></s:sldIdLst></s:section>"));
    CHECK(holds(main, "</x:sldMasterIdLst><x:notesMasterIdLst><x:notesMasterId q:id=\"rId3\"/>"));
    const std::string& about = files.at("docProps/app.xml");
    CHECK(holds(about, "<Slides>3</Slides>"));
    CHECK(holds(about, "<vt:i4>3</vt:i4>"));
    CHECK(
        holds(about, "<vt:vector size=\"3\"><vt:lpstr>Mine</vt:lpstr><vt:lpstr>Page 1 &amp; more"));
    const std::string& slide = files.at("ppt/slides/slide2.xml");
    CHECK(holds(slide, "<p:ph type=\"title\"/>"));
    CHECK(holds(slide, "<p:ph type=\"sldNum\" idx=\"12\"/>"));
    CHECK(holds(files.at("ppt/slides/_rels/slide2.xml.rels"), "../slideLayouts/title.xml"));
    for (const auto& [name, text] : files) {
        if (!name.ends_with(".rels")) continue;
        CAPTURE(name);
        std::string owner = name.substr(0, name.size() - 5);
        owner.erase(owner.find("_rels/"), 6);
        std::vector<std::string> ids = values(text, "Id");
        std::ranges::sort(ids);
        CHECK(std::ranges::adjacent_find(ids) == ids.end());
        for (const std::string& target : values(text, "Target")) {
            const std::string part =
                target.starts_with('/') ? target.substr(1) : tests::resolved(owner, target);
            CHECK(files.contains(part));
        }
    }
    const std::string& said = files.at(types);
    for (const std::string& name : values(said, "PartName")) CHECK(files.contains(name.substr(1)));
    for (const char* ending : {"png", "svg", "xlsx"})
        CHECK(holds(said, "Extension=\"" + std::string(ending) + "\""));
    CHECK(said.find("<Default") < said.find("<Override"));

    // What stands on a slide is inside of it, below the title and above what decorates it.
    const auto numbers = [&](const std::string& attribute) {
        std::vector<long> out;
        for (const std::string& value : values(slide, attribute)) out.push_back(std::stol(value));
        return out;
    };
    const std::vector<long> x = numbers("x"), y = numbers("y"), w = numbers("cx"),
                            h = numbers("cy");
    REQUIRE(x.size() == w.size());
    REQUIRE(x.size() >= 4);
    for (size_t i = 2; i < x.size(); ++i) {  // the first two are the tree's
        CHECK(x[i] >= 500000);
        CHECK(x[i] + w[i] <= 8500000);
        CHECK(y[i] >= 1300000);
        CHECK(y[i] + h[i] <= 6200000);
    }
}

TEST_CASE("a template becomes a presentation, and what was added can be added to") {
    Made made;
    made.type = "application/vnd.openxmlformats-officedocument.presentationml.template.main+xml";
    const Opened own(packed(made.files()));
    const std::string once =
        tests::bytes_of(write_pptx, small_deck(std::make_shared<SlideTemplate>(own.path)));
    CHECK(holds(unpacked(once).at(types), main_type));
    const Opened again(once);
    const auto files = unpacked(
        tests::bytes_of(write_pptx, small_deck(std::make_shared<SlideTemplate>(again.path))));
    CHECK(values(files.at("ppt/presentation.xml"), "q:id").size() == 1 + 1 + 1 + 4);
    // The notes master that is there now is not added again.
    CHECK_FALSE(files.contains("ppt/notesMasters/notesMaster2.xml"));
    CHECK(files.contains("ppt/notesSlides/notesSlide4.xml"));
    CHECK(files.contains("ppt/media/figure4.png"));
}

TEST_CASE("figures go with what lies behind them") {
    struct Case {
        const char* colour;
        bool dark, plate;
    };
    for (const auto& [colour, dark, plate] :
         {Case{"<a:srgbClr val=\"FFFFFF\"/>", false, false},
          {"<a:schemeClr val=\"bg1\"/>", false, false},
          {"<a:schemeClr val=\"tx1\"/>", true, false},
          {"<a:schemeClr val=\"accent1\"/>", true, false},
          {"<a:srgbClr val=\"808080\"/>", false, true},
          {"<a:schemeClr val=\"bg1\"><a:shade val=\"9\"/></a:schemeClr>", false, true}}) {
        CAPTURE(colour);
        Made made;
        made.background = colour;
        const Opened own(packed(made.files()));
        const auto base = std::make_shared<SlideTemplate>(own.path);
        if (!plate) CHECK(base->theme().dark == dark);
        CHECK(base->shape() == SlideShape::classic);
        const Theme& theme = base->theme();
        const auto files = unpacked(tests::bytes_of(write_pptx, small_deck(base)));
        const std::string& svg = files.at("ppt/media/figure1.svg");
        CHECK(holds(svg, "fill-opacity=\"0\"") != plate);
        // Words that stand on a figure's own ground have the colours that go with it.
        const std::string& slide = files.at("ppt/slides/slide2.xml");
        CHECK(holds(slide, plate ? (theme.dark ? "<a:srgbClr" : "<a:srgbClr") : "<a:schemeClr"));
    }
}

TEST_CASE("what is no PowerPoint file, or one that cannot be added to, is refused") {
    const Files made = Made{}.files();
    CHECK(Opened("hello").refusal() == "is no PowerPoint file, or a damaged one");
    CHECK(Opened("").refusal() == "is no PowerPoint file");
    const std::string whole = packed(made);
    CHECK(Opened(whole.substr(0, whole.size() / 2)).refusal() ==
          "is no PowerPoint file, or a damaged one");
    std::string flipped = whole;
    flipped[flipped.find("ppt/presentation.xml") + 60] ^= 1;
    CHECK(Opened(flipped).refusal().starts_with("is damaged: ppt/presentation.xml cannot be"));
    const std::string compound("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1");
    CHECK(Opened(compound).refusal() == "is of PowerPoint before 2007 (.ppt); save it as .pptx");
    std::string locked = compound;
    for (const char c : std::string("EncryptedPackage")) locked += std::string{c, '\0'};
    CHECK(Opened(locked).refusal() == "is locked with a password; save a copy without one");

    const auto refusal = [](const Files& files) { return Opened(packed(files)).refusal(); };
    for (const char* part : {types, "_rels/.rels"}) {
        CAPTURE(part);
        CHECK(refusal(without(made, part)).starts_with("is no PowerPoint"));
    }
    for (const char* part : {"ppt/presentation.xml", "ppt/slideMasters/m.xml"}) {
        CAPTURE(part);
        const std::string said = refusal(without(made, part));
        CHECK((said.starts_with("is damaged: ") || said == "is no PowerPoint presentation"));
    }
    CHECK(refusal(with(made, "ppt/presentation.xml", "</x:presentation>", "")) ==
          "is damaged: ppt/presentation.xml is no XML");
    CHECK(refusal(with(made, "ppt/presentation.xml", "<x:presentation",
                       "<!DOCTYPE x [<!ENTITY e \"e\">]><x:presentation"))
              .ends_with("ppt/presentation.xml defines entities"));
    CHECK(refusal(with(made, "ppt/presentation.xml", "cx=\"9144000\"", "cx=\"9\"")) ==
          "is damaged: its slides have no size");
    CHECK(refusal(with(made, types, "presentationml", "wordprocessingml")) ==
          "is no PowerPoint presentation");
    CHECK(refusal(with(made, types, main_type,
                       "application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml")) ==
          "has macros; save a copy without them, as .pptx");
    CHECK(refusal(with(made, "_rels/.rels", office + "/officeDocument",
                       "http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument"))
              .find("Strict Open XML") != std::string::npos);
    CHECK(refusal(with(made, "_rels/.rels", "</Relationships>",
                       relation("s", "origin", "_xmlsignatures/origin.sigs") + "</Relationships>"))
              .find("digitally signed") != std::string::npos);
    Files twice = made;
    twice.emplace_back("PPT/Presentation.xml", "<x/>");
    CHECK(refusal(twice).starts_with("is damaged: it has PPT/Presentation.xml twice"));
    Files none = with(made, "ppt/slideMasters/_rels/m.xml.rels", "/slideLayout\"", "/other\"");
    none = with(none, "ppt/slideMasters/_rels/m.xml.rels", "/slideLayout\"", "/other\"");
    CHECK(refusal(none) == "has no layout for slides");
    // Sizes that are not true: in the entry of the directory, whose name is behind 46 bytes.
    const size_t size = whole.rfind("ppt/presentation.xml") - 46 + 24;
    std::string lying = whole;
    lying[size + 3] = 0x7F;
    CHECK(Opened(lying).refusal() == "is larger than 1 GB when it is unpacked");
    lying = whole;
    ++lying[size];
    CHECK(Opened(lying).refusal().starts_with("is damaged: ppt/presentation.xml cannot be"));
    CHECK(tests::error_of([] {
              SlideTemplate{"/nowhere/own.pptx"};
          }).starts_with("/nowhere/own.pptx: "));
}
