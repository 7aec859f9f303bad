#include "viz/scene/regions.h"

#include <algorithm>

#include "viz/paint/canvas.h"

namespace viz {

Hit Regions::at(Point point) const {
    for (auto region = all_.rbegin(); region != all_.rend(); ++region) {
        if (!region->visible.contains(point)) continue;
        const Rect& r = region->rect;
        auto cell = [](float offset, float extent, int n) {
            return std::clamp(static_cast<int>(offset / extent * static_cast<float>(n)), 0, n - 1);
        };
        return {region->target, cell(point.y - r.y, r.h, region->rows),
                cell(point.x - r.x, r.w, region->cols)};
    }
    return {};
}

const Region* Regions::find(const Target& target) const {
    for (auto region = all_.rbegin(); region != all_.rend(); ++region) {
        if (region->target == target) return &*region;
    }
    return nullptr;
}

Rect Regions::cell(const Hit& hit) const {
    const Region* region = find(hit.target);
    return region ? cell_of(region->rect, region->rows, region->cols, hit.row, hit.col) : Rect{};
}

}  // namespace viz
