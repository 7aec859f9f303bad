// How the process ends when it is told to from outside.
#pragma once

namespace app {

// From here on a signal that ends the process takes unfinished files away first (model/base/
// file_set). To be called before any other thread is there. What was ignored stays ignored.
void watch_for_signals();

// While it lives, Ctrl+C (and a polite request to end) is a wish, to be asked for between pieces of
// work, and is granted anyhow where nobody asks in time. One at a time.
class Interruptible {
  public:
    Interruptible();
    ~Interruptible();
    Interruptible(const Interruptible&) = delete;
    Interruptible& operator=(const Interruptible&) = delete;

    bool asked() const;
};
constexpr int interrupted = 130;  // exit status, as shells have it

}  // namespace app
