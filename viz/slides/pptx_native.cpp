#include "viz/slides/pptx_native.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "viz/paint/xml.h"
#include "viz/slides/pptx_parts.h"

namespace viz::pptx {

namespace {

constexpr double emu_of_point = 12700;
constexpr double row_height = 56;     // pixels, where there is room
constexpr double words_size = 14;     // points, on a slide of 7.5 inches
constexpr double cell_margins = 7.2;  // points, above and below the words of a cell
constexpr double line_height = 1.2;   // of a size
constexpr double bars_share = 0.28;   // of the width
constexpr int marked_alpha = 18;      // percent, of the accent behind the chosen row
constexpr double bars_gap = 0.02;

constexpr double numbers_share = 1 - bars_share - bars_gap;

// Of a page's table: the column of what is asked for.
enum Column { token, probability, logit };

// In English Metric Units.
struct Box {
    double x, y, w, h;
    std::string place() const { return pptx::place(x, y, w, h); }
};

// A colour of the file's theme, or the page's own in its place. `alpha`: in percent.
std::string ink(const Theme* own, const char* name, int alpha = 100) {
    const std::string_view which = name;
    std::string kind = "schemeClr", value = name;
    if (own) {
        kind = "srgbClr";
        value = rgb_hex(which == "tx1"   ? own->text
                        : which == "tx2" ? own->muted
                        : which == "bg2" ? own->inset
                                         : own->accent);
    }
    const std::string through =
        alpha < 100 ? "<a:alpha val=\"" + std::to_string(alpha * 1000) + "\"/>" : "";
    return "<a:" + kind + " val=\"" + value + "\">" + through + "</a:" + kind + ">";
}

class Shapes {
  public:
    // With stages the choice is marked by a shape of its own.
    Shapes(const Page& page, const Placing& placing, const Theme* own, int first_id)
        : table_(*page.table), own_(own), next_id_(first_id), apart_(!page.stages.empty()) {
        const Rect& r = table_.place;
        box_ = {placing.x + (r.x - placing.from.x) * placing.scale,
                placing.y + (r.y - placing.from.y) * placing.scale, r.w * placing.scale,
                r.h * placing.scale};
        // With a line for the choice in words.
        const auto rows = static_cast<double>(table_.rows.size() + 1);
        row_ = std::min(row_height * placing.scale, box_.h / rows);
        const double usual = words_size * placing.scale / emu;
        size_ = std::min(usual, (row_ / emu_of_point - cell_margins) / line_height);
        // Columns are as wide as their words ask for, in fonts that may be wider than ours.
        constexpr double wider = 1.12, side_margins = 7.2;
        double ems = 0;
        for (const Column column : {token, probability, logit}) {
            for (const auto& row : table_.rows) {
                const double width = text_width(Face::sans_bold, 100, row[column]) / 100 * wider;
                widths_[column] = std::max(widths_[column], width);
            }
            ems += widths_[column];
        }
        for (double& width : widths_) width /= ems;
        const double room = box_.w * numbers_share / emu_of_point - 3 * side_margins;
        size_ = std::min(size_, room / ems);
        size_ = std::max(std::floor(size_ * 2) / 2, 6.0);
    }

    // `from`: the share of the width that stands before it.
    int table(const std::vector<Column>& columns, double from = 0) {
        double width = 0;
        std::string grid, rows;
        for (const Column column : columns) {
            const double wide = box_.w * numbers_share * widths_[column];
            grid += "<a:gridCol w=\"" + whole(wide) + "\"/>";
            width += wide;
        }
        for (size_t i = 0; i < table_.rows.size(); ++i) {
            rows += "<a:tr h=\"" + whole(row_) + "\">";
            for (const Column column : columns) rows += cell(i, column);
            rows += "</a:tr>";
        }
        return add("table", {{"id", std::to_string(next_id_)},
                             {"description", xml_attribute(table_.says)},
                             {"x", whole(box_.x + box_.w * numbers_share * from)},
                             {"y", whole(box_.y)},
                             {"w", whole(width)},
                             {"h", whole(row_ * static_cast<double>(table_.rows.size()))},
                             {"columns", grid},
                             {"rows", rows}});
    }

    // Beside the rows of the table: each bar beside its own.
    int bars(const std::string& relation) {
        return add("chart_frame", {{"id", std::to_string(next_id_)},
                                   {"description", xml_attribute(table_.bars_say)},
                                   {"relation", relation},
                                   {"x", whole(box_.x + box_.w * (1 - bars_share))},
                                   {"y", whole(box_.y + row_)},
                                   {"w", whole(box_.w * bars_share)},
                                   {"h", whole(row_ * static_cast<double>(table_.shares.size()))}});
    }

    int marker() {
        const Box row{box_.x, box_.y + row_ * table_.marked, box_.w, row_};
        return add("marker", {{"id", std::to_string(next_id_)}, {"place", row.place()}});
    }

    int chosen() {
        const Box line{box_.x, box_.y + row_ * static_cast<double>(table_.rows.size()), box_.w,
                       row_};
        const std::string style = "<a:rPr lang=\"en-US\" sz=\"" + whole(size_ * 100) +
                                  "\" b=\"1\"><a:solidFill>" + ink(own_, "accent1") +
                                  "</a:solidFill></a:rPr>";
        return add("words",
                   {{"id", std::to_string(next_id_)},
                    {"name", "Choice"},
                    {"locks", "<p:cNvSpPr txBox=\"1\"/>"},
                    {"placeholder", ""},
                    {"place", line.place() + "<a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom>"},
                    {"box", fragment("text_box")},
                    {"words", fragment("paragraph",
                                       {{"style", style}, {"text", xml_text(table_.chosen)}})}});
    }

    double before_probability() const { return widths_[token] + widths_[logit]; }

    std::string xml;

  private:
    int add(const char* name, const Values& values) {
        xml += fragment(name, values);
        return next_id_++;
    }

    std::string cell(size_t row, Column column) const {
        const bool head = row == 0, marked = !apart_ && static_cast<int>(row) == table_.marked;
        const std::string fill =
            marked ? "<a:solidFill>" + ink(own_, "accent1", marked_alpha) + "</a:solidFill>"
                   : "<a:noFill/>";
        return fragment("table_cell", {{"align", column == token ? "l" : "r"},
                                       {"bold", head || marked ? "1" : "0"},
                                       {"size", whole(size_ * 100)},
                                       {"ink", ink(own_, head ? "tx2" : "tx1")},
                                       {"line", ink(own_, "bg2")},
                                       {"text", xml_text(table_.rows[row][column])},
                                       {"fill", fill}});
    }

    const PageTable& table_;
    const Theme* own_;
    int next_id_;
    bool apart_;
    Box box_{};
    double row_ = 0, size_ = 0;
    std::array<double, 3> widths_{};  // of the columns, of all of them
};

}  // namespace

NativeRanking native_ranking(const Page& page, const Placing& placing, const Theme* own_colours,
                             int first_id, const std::function<std::string()>& add_chart) {
    const PageTable& table = *page.table;
    Shapes shapes(page, placing, own_colours, first_id);
    Clicks clicks(page.stages.size());
    if (page.stages.empty()) {
        shapes.table({token, probability, logit});
        shapes.bars(add_chart());
        return {std::move(shapes.xml), {}};
    }
    shapes.table({token, logit});
    const int chances = shapes.table({probability}, shapes.before_probability());
    const int bars = shapes.bars(add_chart());
    for (size_t i = 0; i < page.stages.size(); ++i) {
        if (page.stages[i].reveal == Reveal::probabilities)
            clicks[i] = {{chances}, {bars, Appearing::Kind::chart}};
        if (page.stages[i].reveal != Reveal::choice) continue;
        if (table.marked > 0) clicks[i].push_back({shapes.marker(), Appearing::Kind::words});
        clicks[i].push_back({shapes.chosen(), Appearing::Kind::words});
    }
    return {std::move(shapes.xml), std::move(clicks)};
}

}  // namespace viz::pptx
