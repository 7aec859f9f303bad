// The worker and the renderer under ThreadSanitizer: a window without a window asks for anything in
// any order, faster than it can be answered, looks at what comes, and goes while they work.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>
#include <stdlib.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "app/run/lessons.h"
#include "app/run/worker.h"
#include "app/screen/view_cache.h"
#include "tests/layout_canvas.h"
#include "tests/support.h"
#include "viz/paint/font.h"

using namespace app;

namespace {

using namespace std::chrono_literals;

constexpr auto patience = 120s;  // the sanitizer takes its time

class Desk {
  public:
    // Details that do not fit `budget` bytes are dropped and computed again, by whoever needs them.
    explicit Desk(size_t budget = 0)
        : worker(tests::bundled(), options(budget), [this] { ++wakes; }),
          cache([this] { ++wakes; }) {}

    // A frame of the window: takes in what is there, draws it, orders what is new.
    void frame() {
        for (const Event& event : worker.take()) {
            std::visit([this](const auto& e) { take(e); }, event);
        }
        tests::LayoutCanvas canvas;
        cache.begin();
        for (const viz::View* view : views) cache.show(canvas, {10, 10, 700, 500}, *view);
        // The window measures its own words while the renderer measures those of views.
        (void)viz::text_width(viz::Face::sans, 13, "frame " + std::to_string(++frames));
        if (!canvas.regions.empty()) {
            const auto& region =
                canvas.regions[static_cast<size_t>(frames) % canvas.regions.size()];
            hover = {region.id, region.rows - 1, region.cols - 1};
            ++drawn;
        }
        words += cache.tooltip(hover).size();
        cache.end(shown, hover);
    }

    // Frames until all that was asked for has been done, shown and drawn.
    void settle() {
        const auto end = std::chrono::steady_clock::now() + patience;
        int quiet = 0;
        while (quiet < 3 && std::chrono::steady_clock::now() < end) {
            const bool idle = !worker.busy();
            frame();
            hover = {};
            cache.end(shown, hover);
            quiet = idle && cache.settled() && shown.step ? quiet + 1 : 0;
            std::this_thread::sleep_for(5ms);
        }
        REQUIRE(quiet == 3);
        CHECK(cache.shows(shown.step));
    }

    std::atomic<int> wakes = 0;
    Snapshot shown;
    std::vector<const viz::View*> views = {viz::find_view("head"), viz::find_view("ranking")};
    viz::Hit hover;
    size_t words = 0;  // lines of tooltips
    int frames = 0, drawn = 0, arrived = 0, tasks = 0;
    std::vector<std::string> failures;
    Worker worker;
    ViewCache cache;

  private:
    static model::SessionOptions options(size_t budget) {
        model::SessionOptions options;
        options.detail_budget = budget;
        return options;
    }

    void take(const Started& started) {
        shown.model = started.model;
        shown.strategies = nullptr;
        shown.decoding = started.request.decoding;
        take(started.first);
    }
    void take(const Stepped& stepped) {
        shown.step = stepped.step;
        shown.tree = stepped.tree;
        shown.untouched = stepped.untouched;
        shown.selection = {};
    }
    void take(const Compared& compared) { shown.strategies = compared.strategies; }
    void take(const Arrived&) { ++arrived; }
    void take(const TaskDone&) { ++tasks; }
    void take(const Failed& failed) { failures.push_back(failed.message); }
    template <typename Other>
    void take(const Other&) {}
};

Start prompt(int i) {
    const char* const texts[] = {"The old king", "Tom gave the ball to Mia. Then Mia", "One day"};
    Start start;
    start.prompt = texts[i % 3];
    return start;
}

// Any request but those for other models, by a hasty user who looks at what is shown.
Request anything(const Desk& desk, std::mt19937& random) {
    const auto below = [&](int end) {
        return static_cast<int>(random() % static_cast<unsigned>(end));
    };
    const model::Step* step = desk.shown.step.get();
    if (!step) return prompt(below(3));
    const int length = static_cast<int>(step->records.size());
    switch (below(22)) {
        case 0:
            return prompt(below(3));
        case 1:
            return Rewind{below(length + 2)};
        case 2: {
            SetDecoding change;
            change.decoding.seed = random();
            return change;
        }
        case 3:
            return Select{desk.shown.tree->nodes[random() % desk.shown.tree->nodes.size()].id};
        case 4:
            return Remove{step->node};
        case 5: {
            Ablate ablate;
            ablate.ablation.heads.insert({below(6), below(4)});
            return ablate;
        }
        case 6:
            return Untouch{};
        case 7:
            return Compare{};
        case 8:
            return EditPrompt{{below(2000), below(2000)}};
        case 9:
            return AppendTokens{{below(2000), below(2000)}, length};
        case 10:
            return Undo{};
        case 11:
            return Redo{};
        case 12:
            return CompareStrategies{below(2) ? model::default_rules()
                                              : std::vector<model::StrategyRule>{}};
        case 13:
            return Stop{};
        case 14:
            return Task{[](model::Session& session, const model::Progress& go_on) {
                for (int i = 0; i < 3 && go_on(i, 3); ++i) session.rewind(i + 1);
                return std::string("written");
            }};
        case 15:
            return Save{};
        case 16:
            return FindModels{};
        default:
            return Commit{below(3) ? std::optional<int>{} : below(2000), length};
    }
}

}  // namespace

TEST_CASE("whatever is asked in whatever order, the last answer is drawn") {
    Desk desk(200'000);
    desk.worker.post(prompt(0));
    desk.settle();
    std::mt19937 random(7);
    const auto all = viz::views();
    for (int i = 0; i < 400; ++i) {
        desk.worker.post(anything(desk, random));
        if (random() % 4 == 0) desk.views[random() % 2] = all[random() % all.size()];
        if (random() % 3 == 0) desk.frame();
        if (random() % 8 == 0) std::this_thread::sleep_for(10ms);
        if (random() % 50 == 0) desk.settle();
    }
    desk.worker.post(prompt(1));
    desk.worker.post(Commit{});
    desk.settle();
    CHECK(desk.shown.step->number() == 2);
    CHECK(desk.wakes > 100);
    CHECK(desk.drawn > 20);
    CHECK(desk.words > 0);
    CHECK(desk.tasks > 0);
    for (const std::string& failure : desk.failures) {
        CHECK_MESSAGE(failure.find("bug") == std::string::npos, failure);
    }
}

TEST_CASE("a lesson is walked through while it is drawn") {
    Desk desk;
    const auto lesson = open_lesson("tokens");
    for (int stop = 0; stop < static_cast<int>(lesson->stops.size()); ++stop) {
        desk.worker.post(Visit{lesson, stop});
        desk.settle();
        CHECK(desk.arrived == stop + 1);
    }
    CHECK(desk.failures.empty());
}

TEST_CASE("worker and renderer go while they work") {
    for (int i = 0; i < 12; ++i) {
        Desk desk;
        desk.worker.post(prompt(i));
        if (i % 3 > 0) desk.settle();
        desk.worker.post(CompareStrategies{model::default_rules()});
        for (int k = 0; k < 3; ++k) desk.worker.post(Commit{});
        if (i % 2) std::this_thread::sleep_for(std::chrono::milliseconds(3 * i));
        desk.frame();
        CHECK(desk.failures.empty());
    }
}

int main(int argc, char** argv) {
    // Before any thread: runs that are kept go where they vanish, and no model is found elsewhere.
    const tests::TempFolder home;
    setenv("XDG_DATA_HOME", home.path().c_str(), 1);
    setenv("HF_HUB_CACHE", home.path().c_str(), 1);
    viz::set_font_folder(STEPSCOPE_ASSETS "/fonts");
    return doctest::Context(argc, argv).run();
}
