#include "viz/slides/pptx_chart.h"

#include <sstream>

#include "model/base/json.h"
#include "viz/paint/xml.h"
#include "viz/slides/fill.h"
#include "viz/slides/zip_file.h"

namespace viz::pptx {

namespace {

std::string point(size_t index, const std::string& value) {
    return "<c:pt idx=\"" + std::to_string(index) + "\"><c:v>" + value + "</c:v></c:pt>";
}

std::string words_cell(const std::string& cell, const std::string& text) {
    return filled("xlsx/fragments/words_cell.xml", {{"cell", cell}, {"text", xml_text(text)}});
}

}  // namespace

std::string chart(const PageTable& table, bool asks, const std::string& workbook) {
    std::string names, values;
    for (size_t i = 0; i < table.shares.size(); ++i) {
        names += point(i, xml_text(table.rows[i + 1].front()));
        values += point(i, model::json_text(table.shares[i]));
    }
    std::string marked;
    if (table.marked > 0 && !asks) {
        marked =
            filled("pptx/fragments/marked_bar.xml", {{"index", std::to_string(table.marked - 1)}});
    }
    return filled("pptx/chart.xml", {{"marked", marked},
                                     {"series", xml_text(table.rows.front()[1])},
                                     {"names", names},
                                     {"values", values},
                                     {"count", std::to_string(table.shares.size())},
                                     {"last_row", std::to_string(table.shares.size() + 1)},
                                     {"workbook", workbook}});
}

std::string workbook(const PageTable& table) {
    std::string rows = "<row r=\"1\">" + words_cell("A1", table.rows.front().front()) +
                       words_cell("B1", table.rows.front()[1]) + "</row>";
    for (size_t i = 0; i < table.shares.size(); ++i) {
        const std::string row = std::to_string(i + 2);
        rows += "<row r=\"" + row + "\">" + words_cell("A" + row, table.rows[i + 1].front()) +
                filled("xlsx/fragments/number_cell.xml",
                       {{"cell", "B" + row},
                        {"style", "1"},
                        {"value", model::json_text(table.shares[i])}}) +
                "</row>";
    }
    ZipFile file;
    for (const auto& [name, from] : {std::pair{"[Content_Types].xml", "content_types"},
                                     {"_rels/.rels", "package_rels"},
                                     {"xl/workbook.xml", "workbook"},
                                     {"xl/_rels/workbook.xml.rels", "workbook_rels"},
                                     {"xl/styles.xml", "styles"}}) {
        file.add(name, filled(std::string("xlsx/") + from + ".xml", {}), Packing::deflated);
    }
    file.add("xl/worksheets/sheet1.xml", filled("xlsx/sheet.xml", {{"rows", rows}}),
             Packing::deflated);
    std::ostringstream out;
    file.write(out);
    return std::move(out).str();
}

}  // namespace viz::pptx
