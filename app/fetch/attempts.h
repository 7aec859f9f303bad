// What is tried again when a server or the way to it has trouble that may pass, and how often.
#pragma once

#include <functional>

#include "app/fetch/http.h"

namespace app {

// Whether the same request may be answered a little later.
bool is_passing(long status);

// Counts failures that came one after another.
class Attempts {
  public:
    explicit Attempts(const Http& http) : http_(http) {}

    // After a failure: waits a little, longer each time; false when there were enough of them.
    // Throws model::Stopped.
    bool again();
    // Something came: only what fails from now on counts.
    void came() { failures_ = 0; }

  private:
    const Http& http_;
    int failures_ = 0;
};

// A request without a file: asked again a few times. Returns the last answer, which may be one of
// trouble; throws what `ask` throws.
HttpReply ask_patiently(const Http& http, const std::function<HttpReply()>& ask);

}  // namespace app
