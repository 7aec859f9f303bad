// Executors of a page without threads: their turns are run between its frames, and what is done at
// leisure in slices, so that the page stays alive.
#include "app/run/executor.h"

#include <algorithm>
#include <optional>
#include <vector>

namespace app {

namespace {

using Clock = std::chrono::steady_clock;

// What does not get done in one slice may need a longer one: a pass that was given up begins anew.
constexpr auto first_slice = std::chrono::milliseconds(12);
constexpr auto longest_slice = std::chrono::milliseconds(200);
// After the last call; what is not done by then waits for the next one.
constexpr auto longest_leisure = std::chrono::seconds(6);

}  // namespace

struct Executor::Beside {
    Turn turn;
    Clock::time_point called = Clock::now();  // last
    std::optional<Clock::time_point> due;     // of the next turn
    Clock::duration slice = first_slice;
    Clock::time_point slice_end;

    static std::vector<Beside*>& all() {
        static std::vector<Beside*> beside;
        return beside;
    }

    void run(Clock::time_point now) {
        if (!due || now < *due) return;
        due.reset();
        slice_end = now + slice;
        turn({});
    }
};

Executor::Executor(Turn turn) : beside_(std::make_unique<Beside>()) {
    beside_->turn = std::move(turn);
    Beside::all().push_back(beside_.get());
}

Executor::~Executor() {
    std::erase(Beside::all(), beside_.get());
}

void Executor::call() {
    Beside& b = *beside_;
    b.called = Clock::now();
    b.due = b.called;
    b.slice = first_slice;
}

bool Executor::rest(std::chrono::milliseconds time, const std::stop_token&) {
    Beside& b = *beside_;
    const Clock::time_point over = b.called + time;
    if (Clock::now() >= over) return true;
    if (!b.due) b.due = over;
    return false;
}

bool Executor::must_yield(const std::stop_token&) {
    Beside& b = *beside_;
    const Clock::time_point now = Clock::now();
    if (now < b.slice_end) return false;
    if (!b.due && now < b.called + longest_leisure) {
        b.slice = std::min<Clock::duration>(2 * b.slice, longest_slice);
        b.due = now;
    }
    return true;
}

void Executor::run_due() {
    const Clock::time_point now = Clock::now();
    // One that is added meanwhile has its turn after the next frame; one that is gone has none.
    const std::vector<Beside*> all = Beside::all();
    for (Beside* beside : all) {
        if (std::ranges::count(Beside::all(), beside) == 1) beside->run(now);
    }
}

}  // namespace app
