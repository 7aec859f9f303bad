// Decks as files: their structure, titles, notes and words are read back; the same deck gives the
// same bytes; writing can be stopped.
#include <doctest/doctest.h>
#include <gif_lib.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "model/base/error.h"
#include "model/run/session.h"
#include "tests/deck_files.h"
#include "tests/layout_canvas.h"
#include "tests/support.h"
#include "viz/paint/cairo_canvas.h"
#include "viz/paint/xml.h"
#include "viz/slides/deck.h"
#include "viz/slides/figure_parts.h"
#include "viz/slides/gif.h"
#include "viz/slides/html.h"
#include "viz/slides/pptx.h"
#include "viz/slides/pptx_parts.h"

using namespace viz;
using tests::bytes_of, tests::holds, tests::resolved, tests::unpacked, tests::values;

namespace {

constexpr int steps = 3;

// A short run of the bundled model and the scenes of its steps.
class Run {
  public:
    Run() : session_(tests::bundled()) {
        session_.start(
            model::encode_prompt(*tests::bundled(), "Tom gave the ball to Mia. Then Mia"), {});
        for (int i = 1; i < steps; ++i) session_.commit();
    }

    // A note is added to every page: what stands there must come through whatever it is.
    Deck deck(const Theme& theme = light_theme(), SlideShape shape = SlideShape::wide,
              const std::vector<const char*>& ids = {"head", "ranking"}) {
        DeckRecipe recipe;
        for (int i = 1; i <= steps; ++i) recipe.steps.push_back(i);
        for (const char* id : ids) recipe.views.push_back(find_view(id));
        recipe.shape = shape;
        Deck deck = make_deck(recipe, theme, [this, &theme](int number) -> const Scene& {
            session_.rewind(session_.step()->prompt_length + number - 1);
            step_ = session_.step();
            scene_ =
                std::make_unique<Scene>(Scene{session_.model(), *step_, memo_, theme, {}, {}, {}});
            scene_->total_steps = steps;
            return *scene_;
        });
        deck.title = "A run <of> three & steps";
        deck.page = [page_of = deck.page](int i) {
            Page page = page_of(i);
            page.notes = "Note " + std::to_string(i + 1) + ": 1 < 2 & \"so\"\nsecond line";
            return page;
        };
        return deck;
    }

  private:
    model::Session session_;
    model::StepPtr step_;
    Memo memo_;
    std::unique_ptr<Scene> scene_;
};

// Says what `write` told after each page; stops after `last` of them.
template <typename Writer>
std::vector<int> told(Writer write, const Deck& deck, int last) {
    std::vector<int> pages;
    std::ostringstream out;
    const auto progress = [&](int done, int all) {
        CHECK(all == deck.pages);
        pages.push_back(done);
        return done < last;
    };
    if (last <= deck.pages) {
        CHECK_THROWS_AS(write(out, deck, progress), model::Stopped);
    } else {
        CHECK_NOTHROW(write(out, deck, progress));
    }
    return pages;
}

}  // namespace

TEST_CASE("a PowerPoint file holds every part that its parts name") {
    Run run;
    for (const SlideShape shape : {SlideShape::wide, SlideShape::classic}) {
        const auto files = unpacked(bytes_of(write_pptx, run.deck(light_theme(), shape)));
        CHECK(files.size() == 18 + 6 * steps);
        const std::string& types = files.at("[Content_Types].xml");
        for (const std::string& name : values(types, "PartName")) {
            CAPTURE(name);
            CHECK(files.contains(name.substr(1)));
        }
        for (const auto& [name, text] : files) {
            CAPTURE(name);
            if (name.ends_with(".png")) {
                CHECK(text.starts_with("\x89PNG"));
                continue;
            }
            CHECK(tests::well_formed(text));
            if (!name.ends_with(".rels")) {
                const bool listed = holds(types, "PartName=\"/" + name + "\"");
                CHECK((listed || name.ends_with(".svg") || name == "[Content_Types].xml"));
                continue;
            }
            // "ppt/slides/_rels/slide1.xml.rels" is of "ppt/slides/slide1.xml".
            std::string owner = name.substr(0, name.size() - 5);
            owner.erase(owner.find("_rels/"), 6);
            CHECK((owner.empty() || files.contains(owner)));
            for (const std::string& target : values(text, "Target")) {
                CHECK(files.contains(resolved(owner, target)));
            }
            if (owner.empty()) continue;
            for (const char* use : {"r:id", "r:embed"}) {
                for (const std::string& id : values(files.at(owner), use)) {
                    CHECK(holds(text, "Id=\"" + id + "\""));
                }
            }
        }
        CHECK(values(files.at("ppt/presentation.xml"), "cx").front() ==
              (shape == SlideShape::wide ? "12192000" : "9144000"));
    }
}

TEST_CASE("slides have their title, caption and notes as text, and the figure without them") {
    Run run;
    const Deck deck = run.deck();
    const auto files = unpacked(bytes_of(write_pptx, deck));
    const Rect place = pptx::figure_place(deck);
    CHECK(holds(files.at("docProps/core.xml"),
                "<dc:title>A run &lt;of&gt; three &amp; steps</dc:title>"));
    for (int i = 1; i <= steps; ++i) {
        const std::string number = std::to_string(i);
        const std::string& slide = files.at("ppt/slides/slide" + number + ".xml");
        const Page page = deck.page(i - 1);
        const size_t title = slide.find("<p:ph type=\"title\"/>");
        const size_t caption = slide.find("<p:ph type=\"body\"");
        REQUIRE(std::max(title, caption) != std::string::npos);
        CHECK(slide.find("<a:t>" + xml_text(page.title) + "</a:t>", title) < caption);
        CHECK(slide.find("<a:t>" + xml_text(page.caption) + "</a:t>", caption) !=
              std::string::npos);
        const std::string& notes = files.at("ppt/notesSlides/notesSlide" + number + ".xml");
        CHECK(holds(notes, "<a:t>Note " + number + ": 1 &lt; 2 &amp; \"so\"</a:t>"));
        CHECK(holds(notes, "<a:t>second line</a:t>"));
        const std::string& svg = files.at("ppt/media/figure" + number + ".svg");
        CHECK(holds(svg, ">Ranking at the last position</text>"));
        CHECK_FALSE(holds(svg, ">Stepscope · "));
        CHECK(holds(svg, "fill-opacity=\"0\""));
        CHECK(files.at("ppt/media/figure" + number + ".png") ==
              render_png({place.w, place.h}, pptx_picture_scale, light_theme().card,
                         [&](Canvas& canvas) {
                             PlacedCanvas moved(canvas, {-place.x, -place.y}, 1);
                             page.figure(moved);
                         }));
        // Read aloud in this order: title, figure, caption, number.
        const size_t picture = slide.find("<p:pic>"), counted = slide.find("type=\"sldNum\"");
        CHECK(title < picture);
        CHECK(picture < caption);
        CHECK(caption < counted);
        CHECK(holds(slide, "descr=\"" + xml_attribute(page.title + ". " + page.description)));
    }
    const auto dark = unpacked(bytes_of(write_pptx, run.deck(dark_theme())));
    CHECK(holds(dark.at("ppt/theme/theme1.xml"), "<a:dk1><a:srgbClr val=\"1c1f29\"/></a:dk1>"));
    CHECK(holds(dark.at("ppt/slideMasters/slideMaster1.xml"), "<p:clrMap bg1=\"dk1\" tx1=\"lt1\""));
}

TEST_CASE("a packed file has no date but the first there is") {
    Run run;
    const std::string bytes = bytes_of(write_pptx, run.deck());
    int entries = 0;
    for (size_t at = 0; (at = bytes.find("PK\x01\x02", at)) != std::string::npos; ++at) {
        ++entries;
        CHECK(bytes.substr(at + 12, 4) == std::string("\0\0\x21\0", 4));
        // Sizes are given at once: no entry needs zip64, which some readers refuse.
        CHECK(bytes[at + 6] <= 20);
    }
    CHECK(entries == 18 + 6 * steps);
}

TEST_CASE("an HTML deck stands alone, and its pages and notes are text") {
    Run run;
    for (const Theme* theme : {&light_theme(), &dark_theme()}) {
        const Deck deck = run.deck(*theme);
        const std::string html = bytes_of(write_html, deck);
        CHECK(html.starts_with("<!DOCTYPE html>"));
        CHECK(holds(html, "<title>A run &lt;of&gt; three &amp; steps</title>"));
        CHECK(holds(html, "--card: #" + rgb_hex(theme->card)));
        for (const char* other : {"http:", "https:", "src=", "href=\"h", "@import", "url(h"}) {
            CAPTURE(other);
            CHECK_FALSE(holds(html, other));
        }
        size_t at = 0;
        for (int i = 0; i < steps; ++i) {
            const Page page = deck.page(i);
            at = html.find("<section class=\"page\" id=\"page-" + std::to_string(i + 1) + "\"", at);
            REQUIRE(at != std::string::npos);
            const size_t end = html.find("</section>", at);
            const std::string section = html.substr(at, end + 10 - at);
            CHECK(tests::well_formed(section));
            CHECK(holds(section, "<h2>" + xml_text(page.title) + "</h2>"));
            CHECK(holds(section, "<p class=\"caption\">" + xml_text(page.caption) + "</p>"));
            CHECK(holds(section, "<div class=\"notes\">Note " + std::to_string(i + 1) +
                                     ": 1 &lt; 2 &amp; \"so\"\nsecond line</div>"));
            CHECK(holds(section, ">Ranking at the last position</text>"));
        }
        // Ids of clips must not be those of another page.
        std::vector<std::string> ids = values(html, "id");
        std::sort(ids.begin(), ids.end());
        CHECK(std::adjacent_find(ids.begin(), ids.end()) == ids.end());
    }
}

TEST_CASE("an HTML deck says of every cell what the program says of it") {
    Run run;
    const Deck deck = run.deck();
    const std::string html = bytes_of(write_html, deck);
    std::vector<std::string> lines;
    std::vector<std::vector<size_t>> sayings{{}};
    size_t at = 0;
    int maps = 0, cells = 0;
    for (int i = 0; i < steps; ++i) {
        at = html.find("<script>add(", at) + 12;
        const size_t end = html.find(")</script>", at);
        const auto words = nlohmann::json::parse("[" + html.substr(at, end - at) + "]");
        for (const auto& line : words[0]) lines.push_back(line);
        for (const auto& saying : words[1]) sayings.push_back(saying);
        const Page page = deck.page(i);
        tests::LayoutCanvas canvas;
        page.whole(canvas);
        REQUIRE(canvas.regions.size() == words[2].size());
        for (size_t r = 0; r < canvas.regions.size(); ++r) {
            const auto& [rect, id, rows, cols] = canvas.regions[r];
            const auto& region = words[2][r];
            CHECK(region[4] == rows);
            CHECK(region[5] == cols);
            std::vector<size_t> said;
            for (size_t k = 6; k < region.size(); k += 2) {
                for (size_t n = 0; n < region[k + 1].get<size_t>(); ++n) {
                    said.push_back(region[k].get<size_t>() + n);
                }
            }
            REQUIRE(said.size() == static_cast<size_t>(rows) * cols);
            maps += id.starts_with("map/");
            for (int cell = 0; cell < rows * cols; ++cell) {
                Lines read;
                for (size_t line : sayings.at(said[static_cast<size_t>(cell)])) {
                    read.push_back(lines.at(line));
                }
                CHECK(read == page.tooltip({id, cell / cols, cell % cols}));
                ++cells;
            }
        }
        CHECK(words[3].size() == 3);  // ribbon, head, ranking
    }
    CHECK(maps == steps);
    CHECK(cells > 300);
}

TEST_CASE("maps of many cells stay without words") {
    Deck deck;
    deck.shape = SlideShape::wide;
    deck.pages = 1;
    deck.page = [](int) {
        Page page;
        page.figure = [](Canvas&) {};
        page.whole = [](Canvas& canvas) {
            canvas.region({0, 0, 100, 100}, "small", 64, 64);
            canvas.region({0, 0, 100, 100}, "large", 64, 65);
        };
        page.tooltip = [](const Hit& hit) { return Lines{"<" + hit.target.text() + "></script>"}; };
        return page;
    };
    const std::string html = bytes_of(write_html, deck);
    CHECK(holds(html, "add([\"\\u003csmall>\\u003c/script>\"],[[0]],[[0.0,0.0,100.0,100.0,64,64,"));
    CHECK_FALSE(holds(html, "large>"));
}

TEST_CASE("large maps of touching cells are small pictures in an HTML deck") {
    Deck deck;
    deck.shape = SlideShape::wide;
    deck.pages = 1;
    deck.page = [](int) {
        Page page;
        page.figure = [](Canvas&) {};
        page.whole = [](Canvas& canvas) {
            std::vector<Colour> colours;
            for (uint8_t i = 0; i < 200; ++i) colours.push_back({i, 0, 9});
            canvas.heatmap({10, 20, 400, 200}, {10, 20, colours});
            canvas.heatmap({10, 20, 400, 200}, {10, 20, colours, 1});
        };
        return page;
    };
    const std::string html = bytes_of(write_html, deck);
    const std::string begin = "href=\"data:image/png;base64,";
    const size_t at = html.find(begin);
    REQUIRE(at != std::string::npos);
    CHECK(html.find(begin, at + 1) == std::string::npos);
    CHECK(holds(html, "<image x=\"10\" y=\"20\" width=\"400\" height=\"200\""));
    // 89 50 4E 47 0D 0A 1A 0A, a header of 13 bytes: 20 x 10.
    CHECK(html.substr(at + begin.size(), 32) == "iVBORw0KGgoAAAANSUhEUgAAABQAAAAK");
    CHECK((html.find('"', at + begin.size()) - at - begin.size()) % 4 == 0);
}

TEST_CASE("a figure's parts hold all of it and do not overlap") {
    Run run;
    for (const SlideShape shape : {SlideShape::wide, SlideShape::classic}) {
        const Page page = run.deck(light_theme(), shape).page(0);
        const std::vector<Rect> parts = figure_parts(page.figure, shape);
        REQUIRE(parts.size() == 3);
        CHECK(parts[0].bottom() <= parts[1].y);
        CHECK(parts[1].right() <= parts[2].x);
        CHECK(parts[2].right() <= slide_size(shape).w);
        CHECK(parts[1].bottom() <= slide_text(shape, light_theme()).caption.y);
        // One view is one part.
        const Page single = run.deck(light_theme(), shape, {"ranking"}).page(0);
        CHECK(figure_parts(single.figure, shape).size() == 2);
    }
    CHECK(figure_parts([](Canvas&) {}, SlideShape::wide).empty());
}

namespace {

int read_bytes(GifFileType* gif, GifByteType* to, int n) {
    auto& in = *static_cast<std::istringstream*>(gif->UserData);
    in.read(reinterpret_cast<char*>(to), n);
    return static_cast<int>(in.gcount());
}

}  // namespace

TEST_CASE("a GIF's frames, laid over one another, are the pages") {
    Run run;
    const Deck deck = run.deck();
    std::istringstream in(bytes_of(write_gif, deck));
    CHECK(in.str().starts_with("GIF89a"));
    CHECK(holds(in.str(), "NETSCAPE2.0"));
    int error = 0;
    GifFileType* gif = DGifOpen(&in, read_bytes, &error);
    REQUIRE(gif);
    REQUIRE(DGifSlurp(gif) == GIF_OK);
    CHECK(gif->SWidth == 960);
    CHECK(gif->SHeight == 540);
    REQUIRE(gif->ImageCount == steps);
    std::vector<uint32_t> seen(960 * 540);
    for (int i = 0; i < steps; ++i) {
        const SavedImage& frame = gif->SavedImages[i];
        const GifImageDesc& at = frame.ImageDesc;
        GraphicsControlBlock control;
        REQUIRE(DGifSavedExtensionToGCB(gif, i, &control) == GIF_OK);
        CHECK(control.DelayTime >= 100);
        CHECK(control.DelayTime <= 200);
        if (i > 0) CHECK(at.Width * at.Height < 960 * 540);
        for (int y = 0; y < at.Height; ++y) {
            for (int x = 0; x < at.Width; ++x) {
                const int index = frame.RasterBits[y * at.Width + x];
                if (index == control.TransparentColor) continue;
                REQUIRE(index < at.ColorMap->ColorCount);
                const GifColorType& c = at.ColorMap->Colors[index];
                seen[static_cast<size_t>((at.Top + y) * 960 + at.Left + x)] =
                    0xFF000000u | c.Red << 16 | c.Green << 8 | c.Blue;
            }
        }
        const Pixels page =
            render_pixels(slide_size(deck.shape), 0.5f, deck.theme->card, deck.page(i).whole);
        REQUIRE(page.argb.size() == seen.size());
        int largest = 0, differ = 0;
        for (size_t p = 0; p < seen.size(); ++p) {
            int distance = 0;
            for (int shift : {0, 8, 16}) {
                distance =
                    std::max(distance, std::abs(static_cast<int>(seen[p] >> shift & 0xFF) -
                                                static_cast<int>(page.argb[p] >> shift & 0xFF)));
            }
            largest = std::max(largest, distance);
            differ += distance > 6;
        }
        CHECK(largest <= 40);  // colours of text edges
        CHECK(differ < 1000);
    }
    DGifCloseFile(gif, &error);
    Deck empty;
    std::ostringstream out;
    CHECK(tests::error_of([&] { write_gif(out, empty, {}); }) == "a GIF needs at least one page");
}

TEST_CASE("a GIF of few colours has exactly these") {
    Deck deck;
    deck.shape = SlideShape::wide;
    deck.pages = 2;
    deck.page = [](int) {
        Page page;
        page.whole = [](Canvas& canvas) {
            for (uint8_t i = 0; i < 200; ++i) {
                canvas.fill_rect({8.0f * i, 0, 8, 1080}, {i, static_cast<uint8_t>(2 * i), 7});
            }
        };
        return page;
    };
    std::istringstream in(bytes_of(write_gif, deck));
    int error = 0;
    GifFileType* gif = DGifOpen(&in, read_bytes, &error);
    REQUIRE(gif);
    REQUIRE(DGifSlurp(gif) == GIF_OK);
    REQUIRE(gif->ImageCount == 2);
    const SavedImage& frame = gif->SavedImages[0];
    for (int i = 0; i < 200; ++i) {
        const GifColorType& c = frame.ImageDesc.ColorMap->Colors[frame.RasterBits[4 * i + 1]];
        CHECK(c.Red == i);
        CHECK(c.Green == 2 * i % 256);
        CHECK(c.Blue == 7);
    }
    CHECK(gif->SavedImages[1].ImageDesc.Width == 1);  // nothing changed
    DGifCloseFile(gif, &error);
}

TEST_CASE("the same deck gives the same bytes, and writing can be stopped after any page") {
    Run run;
    const Deck deck = run.deck();
    const auto check = [&](auto write) {
        CHECK(bytes_of(write, deck) == bytes_of(write, Run().deck()));
        CHECK(told(write, deck, 1) == std::vector<int>{1});
        CHECK(told(write, deck, 2) == std::vector<int>{1, 2});
        CHECK(told(write, deck, 9) == std::vector<int>{1, 2, 3});
    };
    check(write_pptx);
    check(write_html);
    check(write_gif);
}

TEST_CASE("an error in a page comes through the packer as it is") {
    Deck deck;
    deck.shape = SlideShape::wide;
    deck.pages = 1;
    deck.page = [](int) -> Page { throw model::Error("no such step"); };
    std::ostringstream out;
    CHECK(tests::error_of([&] { write_pptx(out, deck, {}); }) == "no such step");
}
