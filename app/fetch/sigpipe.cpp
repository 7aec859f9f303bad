#include "app/fetch/sigpipe.h"

#include <cerrno>
#include <ctime>

namespace app {

namespace {

sigset_t only_sigpipe() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGPIPE);
    return set;
}

}  // namespace

NoSigpipe::NoSigpipe() {
    sigset_t pending;
    sigemptyset(&pending);
    sigpending(&pending);
    waited_ = sigismember(&pending, SIGPIPE) == 1;
    const sigset_t set = only_sigpipe();
    pthread_sigmask(SIG_BLOCK, &set, &before_);
}

NoSigpipe::~NoSigpipe() {
    const sigset_t set = only_sigpipe();
    const timespec at_once{};
    while (!waited_ && sigtimedwait(&set, nullptr, &at_once) < 0 && errno == EINTR) {
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

}  // namespace app
