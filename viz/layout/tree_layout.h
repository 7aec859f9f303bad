// Places for a tree that grows to the right: a column for each depth, chips with edges before them.
#pragma once

#include <span>
#include <vector>

#include "viz/paint/canvas.h"

namespace viz {

// Lengths are pixels.
struct TreeLayout {
    Rect rect;          // of the columns that are shown
    float column = 0;   // from one to the next
    float gap = 0;      // of it, before a chip: for the edges
    float chip = 0;     // height of a chip
    float lowered = 0;  // of chips, below the middle of their row: what stands above needs room

    // In column 0, 1, ... and in one of the rows of equal height that fill the rectangle.
    Rect place(int col, int row, int rows) const;
};

// The lane of each node, from 0 at the top: a node's first child goes on in its lane, every other
// child begins a new one below all. Parents come before their children; a root's is -1.
std::vector<int> lanes_of(std::span<const int> parents);

}  // namespace viz
