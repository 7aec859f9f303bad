#include "app/screen/view_renderer.h"

#include <exception>
#include <utility>

#include "model/base/error.h"
#include "model/base/failure.h"
#include "viz/layout/parts.h"
#include "viz/views/pointing.h"

namespace app {

ViewRenderer::ViewRenderer(std::function<void()> wake)
    : wake_(std::move(wake)), executor_([this](const std::stop_token&) { work(); }) {}

void ViewRenderer::post(Order order) {
    {
        const std::lock_guard lock(mutex_);
        order_ = std::make_unique<Order>(std::move(order));
    }
    executor_.call();
}

std::unique_ptr<Work> ViewRenderer::take() {
    const std::lock_guard lock(mutex_);
    return std::move(done_);
}

std::string ViewRenderer::take_failure() {
    const std::lock_guard lock(mutex_);
    return std::exchange(failure_, {});
}

void ViewRenderer::work() {
    std::unique_ptr<Order> order;
    {
        const std::lock_guard lock(mutex_);
        order = std::move(order_);
    }
    if (!order) return;
    std::unique_ptr<Work> work;
    std::string failure;
    try {
        try {
            work = std::make_unique<Work>(carry_out(*order));
        } catch (const std::exception& why) {
            memo_ = {};  // what was remembered can be had again
            failure = why_not(*order->what.model, why);
            work = std::make_unique<Work>(instead(std::move(*order), failure));
        }
    } catch (const std::exception&) {
        // Not even that much memory: the last drawings stay on show.
    }
    {
        const std::lock_guard lock(mutex_);
        if (work) done_ = std::move(work);
        if (!failure.empty()) failure_ = std::move(failure);
    }
    wake_();
}

// A file that was changed under the drawing explains whatever else went wrong.
std::string ViewRenderer::why_not(const model::Model& model, const std::exception& failure) {
    try {
        model.weights.check_unchanged();
    } catch (const model::Error& changed) {
        return changed.what();
    }
    return model::failure_words(failure);
}

// Words in the place of every drawing.
Work ViewRenderer::instead(Order order, const std::string& words) {
    Work work{std::move(order), {}, {}};
    const viz::Theme& theme = *work.order.what.theme;
    for (const Sheet& sheet : work.order.sheets) {
        const auto drawing = std::make_shared<viz::DisplayList>();
        const viz::TextStyle style = viz::sans(13, theme.muted);
        const viz::Rect room = viz::Rect{0, 0, sheet.size.w, sheet.size.h}.top(24);
        viz::draw_text_in(*drawing, room, viz::fit_words(style, words, room.w), style);
        work.drawings.push_back(drawing);
    }
    last_ = {};
    return work;
}

// A sheet that shows what it showed before is not drawn again.
Work ViewRenderer::carry_out(Order order) {
    // What is remembered holds the records that it is about, and they the whole run.
    if (last_.order.what.run != order.what.run) memo_ = {};
    const bool same = last_.order.what == order.what;
    Work work{std::move(order), {}, {}};
    const viz::Scene scene = work.order.what.scene(memo_);
    for (const Sheet& sheet : work.order.sheets) {
        std::shared_ptr<const viz::DisplayList> drawing;
        for (size_t i = 0; same && i < last_.drawings.size(); ++i) {
            if (last_.order.sheets[i] == sheet) drawing = last_.drawings[i];
        }
        if (!drawing) {
            const auto fresh = std::make_shared<viz::DisplayList>();
            sheet.draw(*fresh, {0, 0, sheet.size.w, sheet.size.h}, scene);
            drawing = fresh;
        }
        work.drawings.push_back(std::move(drawing));
    }
    // Some views read weights themselves.
    work.order.what.model->weights.check_unchanged();
    if (!work.order.hover.target.empty()) work.tooltip = viz::tooltip(scene, work.order.hover);
    last_ = work;
    return work;
}

}  // namespace app
