// A table's columns: those that its width has room for, and where their texts stand.
#pragma once

#include <string>
#include <vector>

#include "viz/paint/canvas.h"

namespace viz {

// Lengths are pixels.
struct Column {
    std::string name = {};  // above it; "": nothing is
    float width = 0;        // of its text; 0: what the others leave, for one column of a table
    Align align = Align::left;
    float from = 0;               // the narrowest table that has it: the less it matters the wider
    float before = 0, after = 0;  // free room at its sides
    float most = 1e9f;            // of what the others leave
    bool there = true;            // false: the table has nothing to say in it
};

// Columns are known by their index. One that has no room is not written in, so that a row is
// written the same way in every width.
class Table {
  public:
    // As wide as the rectangle, with a margin at both sides.
    Table(Rect rect, const std::vector<Column>& columns, float margin = 0);

    bool has(size_t column) const { return places_[column].there; }
    // Meaningful for columns that are there.
    float left(size_t column) const { return places_[column].left; }
    float width(size_t column) const { return places_[column].width; }
    float right(size_t column) const { return left(column) + width(column); }
    Rect cell(size_t column, Rect row) const { return {left(column), row.y, width(column), row.h}; }

    // A text in its column. One that is aligned to the right and too wide reaches to the left.
    void write(Canvas& canvas, Rect row, size_t column, const std::string& text,
               const TextStyle& style) const;
    // A token, cut in its middle where it is too wide.
    void write_token(Canvas& canvas, Rect row, size_t column, const std::string& token,
                     const TextStyle& style) const;
    // The columns' names; one that its column would cut is left out.
    void write_names(Canvas& canvas, Rect row, const TextStyle& style) const;

  private:
    struct Place {
        std::string name;
        Align align;
        bool there;
        float left, width;
    };
    std::vector<Place> places_;
};

}  // namespace viz
