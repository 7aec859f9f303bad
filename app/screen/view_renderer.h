// Draws views beside the window: what a view has to compute, and how long that takes, never
// holds up the window. Orders go in, finished drawings come out.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <vector>

#include "app/run/executor.h"
#include "app/run/snapshot.h"
#include "viz/paint/display_list.h"
#include "viz/views/view_table.h"

namespace app {

// Something to be drawn at a size. Sheets with the same name draw the same.
struct Sheet {
    using Draw = std::function<void(viz::Canvas&, viz::Rect, const viz::Scene&)>;

    std::string name;
    viz::Size size;
    Draw draw;

    bool operator==(const Sheet& other) const {
        return name == other.name && size.w == other.size.w && size.h == other.size.h;
    }
};

struct Order {
    Snapshot what;
    std::vector<Sheet> sheets;
    viz::Hit hover;  // what the tooltip shall speak of

    bool operator==(const Order&) const = default;
};

// An order that was carried out.
struct Work {
    Order order;
    std::vector<std::shared_ptr<const viz::DisplayList>> drawings;  // of its sheets
    viz::Lines tooltip;                                             // of its hover
};

class ViewRenderer {
  public:
    // `wake` is called on the renderer when work is there.
    explicit ViewRenderer(std::function<void()> wake);

    // Takes the place of an order that was not begun. Its step must be there.
    void post(Order order);
    std::unique_ptr<Work> take();  // null: there is none
    std::string take_failure();    // why an order was not carried out; "": all were

  private:
    void work();
    Work carry_out(Order order);
    static std::string why_not(const model::Model& model, const std::exception& failure);
    Work instead(Order order, const std::string& words);

    mutable std::mutex mutex_;
    std::unique_ptr<Order> order_;
    std::unique_ptr<Work> done_;
    std::string failure_;
    std::function<void()> wake_;

    // The renderer's own.
    viz::Memo memo_;
    Work last_;

    Executor executor_;  // last: it uses all of the above
};

}  // namespace app
