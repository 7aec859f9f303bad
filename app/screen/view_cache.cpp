#include "app/screen/view_cache.h"

#include <cmath>
#include <utility>

namespace app {

void ViewCache::begin() {
    if (const std::unique_ptr<Work> work = renderer_.take()) shown_ = std::move(*work);
    wanted_.clear();
}

void ViewCache::show(viz::Canvas& canvas, viz::Rect rect, const viz::View& view) {
    show(canvas, rect, view.id,
         [&view](viz::Canvas& sheet, viz::Rect whole, const viz::Scene& scene) {
             viz::draw_view(sheet, whole, view, scene);
         });
}

void ViewCache::show(viz::Canvas& canvas, viz::Rect rect, const std::string& name,
                     Sheet::Draw draw) {
    wanted_.push_back({name, {rect.w, rect.h}, std::move(draw)});
    const viz::DisplayList* drawing = nullptr;
    for (size_t i = 0; i < shown_.drawings.size(); ++i) {
        const Sheet& sheet = shown_.order.sheets[i];
        if (sheet.name != name) continue;
        drawing = shown_.drawings[i].get();
        if (sheet == wanted_.back()) break;  // the same may be there at two sizes
    }
    if (!drawing) return;
    canvas.push_clip(rect.inset(-2));
    drawing->replay(canvas, {rect.x, rect.y});
    canvas.pop_clip();
}

void ViewCache::end(const Snapshot& what, const viz::Hit& hover) {
    if (!what.step) return;
    Order order{what, wanted_, hover};
    if (order == ordered_) return;
    ordered_ = order;
    renderer_.post(std::move(order));
}

viz::Lines ViewCache::tooltip(const viz::Hit& hover) const {
    return shown_.order.hover == hover ? shown_.tooltip : viz::Lines{};
}

}  // namespace app
