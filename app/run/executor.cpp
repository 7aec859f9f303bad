#include "app/run/executor.h"

#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

namespace app {

struct Executor::Beside {
    Turn turn;
    std::mutex mutex;
    std::condition_variable_any changed;
    bool called = false;
    std::jthread thread;  // last: it uses all of the above

    void work(const std::stop_token& quit) {
        while (true) {
            {
                std::unique_lock lock(mutex);
                if (!changed.wait(lock, quit, [this] { return called; })) return;
                called = false;
            }
            turn(quit);
        }
    }
};

Executor::Executor(Turn turn) : beside_(std::make_unique<Beside>()) {
    Beside* const beside = beside_.get();
    beside->turn = std::move(turn);
    beside->thread = std::jthread([beside](const std::stop_token& quit) { beside->work(quit); });
}

Executor::~Executor() = default;

void Executor::call() {
    {
        const std::lock_guard lock(beside_->mutex);
        beside_->called = true;
    }
    beside_->changed.notify_one();
}

bool Executor::rest(std::chrono::milliseconds time, const std::stop_token& quit) {
    Beside& b = *beside_;
    std::unique_lock lock(b.mutex);
    return !b.changed.wait_for(lock, quit, time, [&] { return b.called; }) &&
           !quit.stop_requested();
}

bool Executor::must_yield(const std::stop_token& quit) {
    return quit.stop_requested();
}

void Executor::run_due() {}

}  // namespace app
