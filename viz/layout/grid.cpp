#include "viz/layout/grid.h"

#include <algorithm>

#include "viz/layout/parts.h"

namespace viz {

namespace {

std::vector<int> kept(int n, float pitch, float needed, int always, Thin thin) {
    return (thin == Thin::to_last ? thinned_to_last : thinned)(n, pitch, needed, always);
}

}  // namespace

std::vector<Named> named_rows(Rect rect, int n, float needed, int always, Thin thin) {
    const float pitch = rect.h / static_cast<float>(n);
    const float high = std::max(pitch, needed);
    std::vector<Named> named;
    for (const int i : kept(n, pitch, needed, always, thin)) {
        const float middle = rect.y + pitch * (static_cast<float>(i) + 0.5f);
        named.push_back({i, {rect.x, middle - high / 2, rect.w, high}});
    }
    return named;
}

std::vector<Named> named_columns(Rect rect, int n, float needed, int always, Thin thin) {
    const float pitch = rect.w / static_cast<float>(n);
    const float wide = std::max(pitch, needed);
    std::vector<Named> named;
    for (const int i : kept(n, pitch, needed, always, thin)) {
        const float middle = rect.x + pitch * (static_cast<float>(i) + 0.5f);
        named.push_back({i, {middle - wide / 2, rect.y, wide, rect.h}});
    }
    return named;
}

std::optional<Rect> locked_cell(const Scene& scene, const std::string& id, Rect rect, int rows,
                                int cols) {
    const Hit& hit = scene.locked;
    if (hit.id != id || hit.row >= rows || hit.col >= cols) return {};
    return cell_of(rect, rows, cols, hit.row, hit.col);
}

}  // namespace viz
