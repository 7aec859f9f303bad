// A thread that writes to a closed connection lives on, and its signals are as before.
#include <doctest/doctest.h>
#include <unistd.h>

#include <cerrno>

#include "app/fetch/sigpipe.h"

namespace {

bool is_blocked() {
    sigset_t mask;
    pthread_sigmask(SIG_BLOCK, nullptr, &mask);
    return sigismember(&mask, SIGPIPE) == 1;
}

bool is_pending() {
    sigset_t pending;
    sigpending(&pending);
    return sigismember(&pending, SIGPIPE) == 1;
}

void write_to_nobody() {
    int ends[2];
    REQUIRE(pipe(ends) == 0);
    close(ends[0]);
    CHECK(write(ends[1], "x", 1) == -1);
    CHECK(errno == EPIPE);
    close(ends[1]);
}

}  // namespace

TEST_CASE("A connection that was closed does not end the program") {
    REQUIRE_FALSE(is_blocked());
    {
        const app::NoSigpipe guard;
        write_to_nobody();
        CHECK(is_pending());
    }
    CHECK_FALSE(is_pending());
    CHECK_FALSE(is_blocked());
    { const app::NoSigpipe nothing_happens; }
    CHECK_FALSE(is_blocked());
}

TEST_CASE("A signal that somebody else left waiting is left to them") {
    const app::NoSigpipe outer;
    write_to_nobody();
    { const app::NoSigpipe inner; }
    CHECK(is_blocked());
    CHECK(is_pending());
}
