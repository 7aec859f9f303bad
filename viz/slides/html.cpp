// The pages of the HTML deck, and the words behind what can be pointed at.
#include "viz/slides/html.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "viz/paint/format.h"
#include "viz/paint/svg_canvas.h"
#include "viz/paint/xml.h"
#include "viz/slides/figure_parts.h"
#include "viz/slides/fill.h"

namespace viz {

namespace {

struct Region {
    Rect rect;
    Target target;
    int rows, cols;
};

constexpr int cells_of_picture = 24;  // a map of so many is shorter as pixels than as rectangles

// Keeps the regions, and draws maps of touching cells as pictures of one pixel a cell, which
// browsers enlarge without smoothing.
class PageCanvas : public SvgCanvas {
  public:
    using SvgCanvas::SvgCanvas;
    void region(Rect rect, const Target& target, int rows, int cols) override {
        if (rect.w > 0 && rect.h > 0 && rows > 0 && cols > 0 &&
            rows <= most_cells_with_words / cols) {
            regions.push_back({rect, target, rows, cols});
        }
    }

    void heatmap(Rect rect, const Heatmap& map) override {
        if (map.gap > 0 || map.radius > 0 || map.rows * map.cols < cells_of_picture ||
            rect.w <= 0 || rect.h <= 0) {
            SvgCanvas::heatmap(rect, map);
            return;
        }
        Pixels pixels{map.cols, map.rows, {}};
        for (const Colour colour : map.colours) pixels.argb.push_back(premultiplied(colour));
        append_png(rect, png_of(std::move(pixels)), " style=\"image-rendering:pixelated\"");
    }

    std::vector<Region> regions;
};

// Every line and every saying once in the whole file: most of what a step says was said before.
class Words {
  public:
    // The number of a saying, from 1; 0 is silence.
    size_t of(const Lines& said) {
        if (said.empty()) return 0;
        std::string key;
        for (const std::string& line : said) key += line + '\n';
        const auto [entry, added] = sayings_.try_emplace(std::move(key), sayings_.size() + 1);
        if (added) {
            nlohmann::json numbers = nlohmann::json::array();
            for (const std::string& line : said) {
                const auto [known, fresh] = lines_.try_emplace(drawable(line), lines_.size());
                if (fresh) new_lines_.push_back(known->first);
                numbers.push_back(known->second);
            }
            new_sayings_.push_back(std::move(numbers));
        }
        return entry->second;
    }

    // What came since the last time.
    nlohmann::json new_lines() { return std::exchange(new_lines_, nlohmann::json::array()); }
    nlohmann::json new_sayings() { return std::exchange(new_sayings_, nlohmann::json::array()); }

  private:
    std::unordered_map<std::string, size_t> lines_, sayings_;
    nlohmann::json new_lines_ = nlohmann::json::array();
    nlohmann::json new_sayings_ = nlohmann::json::array();
};

double tenth(float value) {
    return std::round(double{value} * 10) / 10;
}

nlohmann::json numbers(Rect r) {
    return {tenth(r.x), tenth(r.y), tenth(r.w), tenth(r.h)};
}

// [x, y, width, height, rows, columns, then runs of sayings that follow one another].
nlohmann::json with_words(const Region& region, const Page& page, Words& words) {
    nlohmann::json out = numbers(region.rect);
    out.push_back(region.rows);
    out.push_back(region.cols);
    size_t first = 0, length = 0;
    const auto end_run = [&] {
        if (length == 0) return;
        out.push_back(first);
        out.push_back(length);
    };
    for (int row = 0; row < region.rows; ++row) {
        for (int col = 0; col < region.cols; ++col) {
            const size_t saying = words.of(page.tooltip({region.target, row, col}));
            if (length > 0 && saying == first + length) {
                ++length;
                continue;
            }
            end_run();
            first = saying;
            length = 1;
        }
    }
    end_run();
    return out;
}

// JSON inside a <script>: no "<" may end it.
std::string script_json(const nlohmann::json& json) {
    std::string out;
    for (const char c : json.dump()) {
        if (c == '<') {
            out += "\\u003c";
        } else {
            out += c;
        }
    }
    return out;
}

std::string style(const Deck& deck) {
    const Theme& t = *deck.theme;
    const Size size = deck.size();
    return filled("deck.css", {{"scheme", t.id},
                               {"card", rgb_hex(t.card)},
                               {"around", rgb_hex(t.page)},
                               {"inset", rgb_hex(t.inset)},
                               {"border", rgb_hex(t.border)},
                               {"text", rgb_hex(t.text)},
                               {"muted", rgb_hex(t.muted)},
                               {"faint", rgb_hex(t.faint)},
                               {"accent", rgb_hex(t.accent)},
                               {"soft", rgb_hex(t.accent_soft)},
                               {"tip", rgb_hex(t.tooltip)},
                               {"on_tip", rgb_hex(t.on_tooltip)},
                               {"sheet_size", decimal(double{size.w} / 96, 3) + "in " +
                                                  decimal(double{size.h} / 96, 3) + "in"}});
}

void write_page(std::ostream& out, const Deck& deck, int i, Words& words) {
    const Page page = deck.page(i);
    const std::string number = std::to_string(i + 1);
    const Size size = deck.size();
    PageCanvas canvas(size, deck.theme->card, "p" + number + "-");
    page.whole(canvas);
    nlohmann::json regions = nlohmann::json::array();
    for (const Region& region : canvas.regions) {
        regions.push_back(with_words(region, page, words));
    }
    nlohmann::json parts = nlohmann::json::array();
    // An upright page of no parts fits an upright screen as it is.
    const std::vector<Rect> cut = page.parts ? *page.parts
                                  : deck.shape == SlideShape::upright
                                      ? std::vector{Rect{0, 0, size.w, size.h}}
                                      : figure_parts(page.figure, deck.shape);
    for (const Rect& part : cut) parts.push_back(numbers(part));
    fill_file(out, "deck_page.html",
              {{"number", number},
               {"reading", page.parts ? " reading" : ""},
               {"step", std::to_string(page.step)},
               {"says", xml_text(page.description)},
               {"label", xml_attribute(page.title)},
               {"title", xml_text(page.title)},
               {"picture", canvas.finish_inline(page.title)},
               {"caption", xml_text(page.caption)},
               {"notes", xml_lines(page.notes)},
               {"lines", script_json(words.new_lines())},
               {"sayings", script_json(words.new_sayings())},
               {"regions", script_json(regions)},
               {"parts", script_json(parts)}});
}

// As the value of an attribute, line breaks and all.
std::string quoted(const std::string& text) {
    std::string out;
    for (const char c : text) {
        if (c == '&') {
            out += "&amp;";
        } else if (c == '\n') {  // Markdown ends a piece of HTML at an empty line
            out += "&#10;";
        } else if (c == '"') {
            out += "&quot;";
        } else {
            out += c;
        }
    }
    return out;
}

void write_whole(std::ostream& out, const Deck& deck, const Progress& progress) {
    const auto write_pages = [&](std::ostream& to) {
        Words words;
        for (int i = 0; i < deck.pages; ++i) {
            write_page(to, deck, i, words);
            tell(progress, i + 1, deck.pages);
        }
    };
    fill_file(out, "deck.html",
              {{"language", xml_attribute(deck.language)},
               {"title", xml_text(deck.title.empty() ? "Stepscope" : deck.title)},
               {"style", style(deck)},
               {"words_script", filled("deck_words.js")},
               {"pages", write_pages},
               {"script", filled("deck.js")}});
}

}  // namespace

void write_html(std::ostream& out, const Deck& deck, const Progress& progress) {
    if (!deck.fragment) return write_whole(out, deck, progress);
    // In a frame of its own neither page changes the other's look or keys.
    std::ostringstream page;
    write_whole(page, deck, progress);
    const Size size = deck.size();
    fill_file(out, "deck_fragment.html",
              {{"title", xml_attribute(deck.title.empty() ? "Stepscope" : deck.title)},
               {"ratio", decimal(double{size.w} / size.h, 4)},
               {"page", quoted(page.str())}});
}

}  // namespace viz
