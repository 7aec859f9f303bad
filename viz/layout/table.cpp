#include "viz/layout/table.h"

#include <algorithm>
#include <utility>

#include "viz/layout/parts.h"

namespace viz {

Table::Table(Rect rect, const std::vector<Column>& columns, float margin) {
    auto there = [&](const Column& column) { return column.there && rect.w >= column.from; };
    float rest = rect.w - 2 * margin;
    for (const Column& column : columns) {
        if (there(column)) rest -= column.before + column.width + column.after;
    }
    float x = rect.x + margin;
    for (const Column& column : columns) {
        Place place{column.name, column.align, there(column), 0, 0};
        if (place.there) {
            place.left = x + column.before;
            place.width = column.width > 0 ? column.width : std::clamp(rest, 0.0f, column.most);
            x = place.left + place.width + column.after;
        }
        places_.push_back(std::move(place));
    }
}

void Table::write(Canvas& canvas, Rect row, size_t column, const std::string& text,
                  const TextStyle& style) const {
    if (!has(column)) return;
    const bool to_right = places_[column].align == Align::right;
    const Rect room =
        to_right ? Rect{row.x, row.y, right(column) - row.x, row.h} : cell(column, row);
    draw_text_in(canvas, room, text, style, places_[column].align);
}

void Table::write_token(Canvas& canvas, Rect row, size_t column, const std::string& token,
                        const TextStyle& style) const {
    write(canvas, row, column, fit_token(style, token, width(column)), style);
}

void Table::write_names(Canvas& canvas, Rect row, const TextStyle& style) const {
    for (size_t i = 0; i < places_.size(); ++i) {
        const auto& [name, align, there, left, width] = places_[i];
        const bool cut = align == Align::left && width_of(style, name) > width;
        if (!name.empty() && !cut) write(canvas, row, i, name, style);
    }
}

}  // namespace viz
