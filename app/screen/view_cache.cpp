#include "app/screen/view_cache.h"

#include <algorithm>
#include <utility>

namespace app {

namespace {

constexpr std::string_view small_start = "small/";

}  // namespace

void ViewCache::begin() {
    if (const std::unique_ptr<Work> work = renderer_.take()) {
        shown_ = std::move(*work);
    }
    for (size_t i = 0; i < shown_.drawings.size(); ++i) {
        const Sheet& sheet = shown_.order.sheets[i];
        if (sheet.name.starts_with(small_start)) {
            small_[sheet.name] = {sheet.size, shown_.drawings[i]};
        }
    }
    wanted_.clear();
    small_wanted_.clear();
}

void ViewCache::show(viz::Canvas& canvas, viz::Rect rect, const viz::View& view) {
    const auto draw = [&view](viz::Canvas& sheet, viz::Rect whole, const viz::Scene& scene) {
        viz::draw_view(sheet, whole, view, scene);
    };
    // Not much smaller: then rather less of it.
    constexpr float smallest = 0.78f;
    const float scale =
        std::clamp(std::min(rect.w / view.least.w, rect.h / view.least.h), smallest, 1.0f);
    if (scale >= 1) return show(canvas, rect, view.id, draw);
    viz::PlacedCanvas placed(canvas, {rect.x, rect.y}, scale);
    show(placed, {0, 0, rect.w / scale, rect.h / scale}, view.id, draw);
}

void ViewCache::show_small(viz::Canvas& canvas, viz::Rect rect, const viz::View& view) {
    // As if it had a pane a little larger than it needs.
    constexpr float roomy = 1.35f;
    const float scale = std::min(rect.w / view.least.w, rect.h / view.least.h) / roomy;
    Sheet sheet{std::string(small_start) + view.id,
                {rect.w / scale, rect.h / scale},
                [&view](viz::Canvas& small, viz::Rect whole, const viz::Scene& scene) {
                    viz::draw_view(small, whole, view, scene);
                }};
    small_wanted_.push_back(sheet);
    const auto drawing = small_.find(sheet.name);
    if (drawing == small_.end()) return;
    // It may have been drawn for another place.
    const viz::Size& size = drawing->second.size;
    canvas.push_clip(rect);
    viz::SmallCanvas small(canvas, {rect.x, rect.y}, std::min(rect.w / size.w, rect.h / size.h));
    drawing->second.drawing->replay(small, {});
    canvas.pop_clip();
}

// The same may be there at two sizes, or only at another one.
const viz::DisplayList* ViewCache::find(const Sheet& wanted) const {
    const viz::DisplayList* drawing = nullptr;
    for (size_t i = 0; i < shown_.drawings.size(); ++i) {
        const Sheet& sheet = shown_.order.sheets[i];
        if (sheet.name != wanted.name) continue;
        drawing = shown_.drawings[i].get();
        if (sheet == wanted) break;
    }
    return drawing;
}

void ViewCache::show(viz::Canvas& canvas, viz::Rect rect, const std::string& name,
                     Sheet::Draw draw) {
    wanted_.push_back({name, {rect.w, rect.h}, std::move(draw)});
    const viz::DisplayList* drawing = find(wanted_.back());
    if (!drawing) return;
    canvas.push_clip(rect.inset(-2));
    drawing->replay(canvas, {rect.x, rect.y});
    canvas.pop_clip();
}

bool ViewCache::whole() const {
    return shown_.order.what == ordered_.what &&
           std::ranges::all_of(wanted_, [&](const Sheet& sheet) {
               return std::ranges::find(shown_.order.sheets, sheet) != shown_.order.sheets.end();
           });
}

void ViewCache::end(const Snapshot& what, const viz::Hit& hover) {
    if (!what.step) return;
    Order order{what, wanted_, hover};
    // Small pictures come one after another once all else is there.
    bool one_more = settled() && ordered_.what == what;
    for (Sheet& sheet : small_wanted_) {
        const bool had = ordered_.what == what &&
                         std::ranges::find(ordered_.sheets, sheet) != ordered_.sheets.end();
        if (had || std::exchange(one_more, false)) order.sheets.push_back(std::move(sheet));
    }
    if (order == ordered_) return;
    ordered_ = order;
    renderer_.post(std::move(order));
}

viz::Lines ViewCache::tooltip(const viz::Hit& hover) const {
    return shown_.order.hover == hover ? shown_.tooltip : viz::Lines{};
}

}  // namespace app
