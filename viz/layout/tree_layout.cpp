#include "viz/layout/tree_layout.h"

namespace viz {

Rect TreeLayout::place(int col, int row, int rows) const {
    const float pitch = rect.h / static_cast<float>(rows);
    const float middle = rect.y + pitch * (static_cast<float>(row) + 0.5f) + lowered;
    return {rect.x + column * static_cast<float>(col) + gap, middle - chip / 2, column - gap, chip};
}

std::vector<int> lanes_of(std::span<const int> parents) {
    std::vector<int> lanes;
    std::vector<bool> continued(parents.size());  // has a child in its own lane
    int next = 0;
    for (const int parent : parents) {
        const auto at = static_cast<size_t>(parent);
        const bool stays = parent >= 0 && !continued[at];
        if (stays) continued[at] = true;
        lanes.push_back(stays ? lanes[at] : next++);
    }
    return lanes;
}

}  // namespace viz
