// Writing to a connection that the other side has closed raises SIGPIPE, which ends a program. curl
// guards itself, but not in programs with threads (CURLOPT_NOSIGNAL).
#pragma once

#include <csignal>

namespace app {

// While it lives, this thread gets no SIGPIPE; one that came meanwhile is forgotten.
class NoSigpipe {
  public:
    NoSigpipe();
    ~NoSigpipe();
    NoSigpipe(const NoSigpipe&) = delete;
    NoSigpipe& operator=(const NoSigpipe&) = delete;

  private:
    sigset_t before_{};
    bool waited_ = false;  // one was waiting already: it is somebody else's
};

}  // namespace app
