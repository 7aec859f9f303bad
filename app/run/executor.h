// Work beside the window, one turn after another: on a thread of its own, or where a page has none
// between its frames (app/run/web).
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <stop_token>

namespace app {

class Executor {
  public:
    // A turn does what waits to be done, and returns when nothing does.
    using Turn = std::function<void(const std::stop_token&)>;

    explicit Executor(Turn turn);
    ~Executor();  // asks the turn that is running to stop, and waits for its end
    Executor(const Executor&) = delete;
    Executor& operator=(const Executor&) = delete;

    // Something is to be done: a turn begins, after the one that is running. From any thread.
    void call();

    // For the turn that is running. Lets the window go first. False when the turn shall end: it was
    // called, or shall stop, or another one goes on when the time is over.
    bool rest(std::chrono::milliseconds time, const std::stop_token& quit);
    // Whether what is done at leisure shall be given up; if nobody called, another turn goes on.
    bool must_yield(const std::stop_token& quit);

    // Where turns are run between frames: those that are due. Elsewhere nothing.
    static void run_due();

  private:
    struct Beside;
    std::unique_ptr<Beside> beside_;
};

}  // namespace app
