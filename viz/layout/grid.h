// Names beside the rows and above the columns of a grid of equal cells: those that have room.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "viz/paint/canvas.h"
#include "viz/scene/scene.h"

namespace viz {

// A row or a column that has a name, and the room for it.
struct Named {
    int i;
    Rect room;
};

// Which of several names are left out where there is no room for all: the rest stand at equal
// steps, or the last one has a name, too, where the one that always has leaves it room.
enum class Thin { evenly, to_last };

// `rect` divided into n rows. Names are `needed` pixels high, and the rooms at least as much, about
// the middle of their row.
std::vector<Named> named_rows(Rect rect, int n, float needed, int always, Thin thin = Thin::evenly);
// `rect` divided into n columns, names `needed` pixels wide.
std::vector<Named> named_columns(Rect rect, int n, float needed, int always,
                                 Thin thin = Thin::evenly);

// The cell of a region of rows x cols that was clicked; none where it lies elsewhere.
std::optional<Rect> locked_cell(const Scene& scene, const std::string& id, Rect rect, int rows,
                                int cols);

}  // namespace viz
