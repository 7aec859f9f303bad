// Where there is no room for all rows, columns or positions: the stretch of them that is shown.
#pragma once

namespace viz {

// Indices [first, last).
struct Stretch {
    int first = 0, last = 0;

    int size() const { return last - first; }
    bool shows(int i) const { return i >= first && i < last; }
};

// `room` of 0..n-1, all where there is room for them; at least one. The selected one is among them,
// and at most `before` stand before it unless the end is near.
Stretch stretch_around(int selected, int n, int room, int before);

}  // namespace viz
