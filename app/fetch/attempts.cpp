#include "app/fetch/attempts.h"

namespace app {

namespace {

constexpr int most_failures = 4;
constexpr int first_pause_ms = 500;

}  // namespace

bool is_passing(long status) {
    constexpr long timed_out = 408, too_many_requests = 429, server_trouble = 500;
    return status == timed_out || status == too_many_requests || status >= server_trouble;
}

bool Attempts::again() {
    if (++failures_ >= most_failures) return false;
    http_.pause(first_pause_ms << (failures_ - 1));
    return true;
}

HttpReply ask_patiently(const Http& http, const std::function<HttpReply()>& ask) {
    for (Attempts attempts(http);;) {
        try {
            HttpReply reply = ask();
            if (!is_passing(reply.status) || !attempts.again()) return reply;
        } catch (const NetworkError& error) {
            if (!error.passing() || !attempts.again()) throw;
        }
    }
}

}  // namespace app
