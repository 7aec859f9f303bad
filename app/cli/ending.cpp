#include "app/cli/ending.h"

#include <pthread.h>

#include <atomic>
#include <csignal>
#include <ctime>
#include <system_error>
#include <thread>

#include "app/run/process.h"
#include "model/base/file_set.h"

namespace app {

namespace {

constexpr int patience_s = 2;  // for a wish; what waits for a pipe's reader never hears of it

std::atomic<bool> wishes_heard = false, wished = false;

// All that end a process and come from outside. Not SIGPIPE and what a fault raises, which belong
// to the thread that did it, nor SIGXFSZ, which main() ignores: a write then fails, and says so.
sigset_t ending_signals() {
    sigset_t set;
    sigemptyset(&set);
    for (const int signal : {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM,
                             SIGXCPU, SIGPROF, SIGIO}) {
        struct sigaction now {};
        if (sigaction(signal, nullptr, &now) == 0 && now.sa_handler == SIG_DFL) {
            sigaddset(&set, signal);
        }
    }
    for (int signal = SIGRTMIN; signal <= SIGRTMAX; ++signal) sigaddset(&set, signal);
    return set;
}

[[noreturn]] void end_by(int signal) {
    model::abandon_files();
    end_programs();
    sigset_t one;
    sigemptyset(&one);
    sigaddset(&one, signal);
    std::signal(signal, SIG_DFL);
    pthread_sigmask(SIG_UNBLOCK, &one, nullptr);
    std::raise(signal);
    std::_Exit(128 + signal);
}

// Ordinary code, where a handler could not even take a lock.
void wait_for(const sigset_t set) {
    while (true) {
        int signal = 0;
        if (sigwait(&set, &signal) != 0) continue;
        const bool polite = signal == SIGINT || signal == SIGTERM;
        if (!polite || !wishes_heard || wished.exchange(true)) end_by(signal);
        timespec patience{patience_s, 0};
        const int again = sigtimedwait(&set, nullptr, &patience);
        if (wishes_heard) end_by(again > 0 ? again : signal);
    }
}

// Raised where the reader of a pipe went away, in the middle of a write: no lock of ours is held.
void end_without_reader(int) {
    end_by(SIGPIPE);
}

}  // namespace

void watch_for_signals() {
    const sigset_t set = ending_signals();
    if (pthread_sigmask(SIG_BLOCK, &set, nullptr) != 0) return;
    try {
        std::thread(wait_for, set).detach();
    } catch (const std::system_error&) {
        pthread_sigmask(SIG_UNBLOCK, &set, nullptr);  // no thread is to be had: the system's way
        return;
    }
    struct sigaction pipe {};
    if (sigaction(SIGPIPE, nullptr, &pipe) == 0 && pipe.sa_handler == SIG_DFL) {
        std::signal(SIGPIPE, end_without_reader);
    }
}

Interruptible::Interruptible() {
    wished = false;
    wishes_heard = true;
}

Interruptible::~Interruptible() {
    wishes_heard = false;
}

bool Interruptible::asked() const {
    return wished;
}

}  // namespace app
