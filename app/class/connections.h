// Whoever connects, on one thread: reads whole requests, small ones only, and writes answers.
// Nobody is waited for: who connects and says nothing, or half of something, or reads slowly, costs
// a line of a list until its time is over, and of too many the oldest go first.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "app/class/allowance.h"

namespace app {

inline constexpr size_t longest_head = 8192, longest_body = 1024, longest_target = 128;  // bytes

// A request whose form is right. Of its headers those are kept that mean something here.
struct Asked {
    std::string text;   // to be parsed: first line, headers, body
    uint64_t peer = 0;  // stands for the address it came from; of no use outside of this process
    bool near = false;  // it came from this machine
};

// What can be made of bytes that came: a request, a status that refuses them, or neither yet.
struct Parsed {
    std::optional<Asked> asked;
    int refused = 0;  // 0: it is not
};
Parsed parse_request(std::string_view bytes);

// The bytes of a response. A file behind them is held once for all who get it.
struct Reply {
    std::string bytes;
    std::shared_ptr<const std::string> file;
};

class Connections {
  public:
    using Clock = std::chrono::steady_clock;
    // Listens on all IPv4 addresses; 0: on any free port. None where the port is taken. Throws
    // model::Error that says why it cannot.
    static std::optional<Connections> listen(int port);

    Connections(Connections&& other) noexcept;
    Connections& operator=(Connections&&) = delete;
    Connections(const Connections&) = delete;
    Connections& operator=(const Connections&) = delete;
    ~Connections();

    int port() const { return port_; }
    // Until it is told to stop. `tick` is called ten times a second.
    struct Calls {
        std::function<Reply(const Asked&)> answer;
        std::function<void()> tick;
    };
    void run(const std::stop_token& quit, const Calls& calls);

  private:
    struct Connection {
        enum class Does { reads, writes, drains };
        int socket = -1;
        Does does = Does::reads;
        uint64_t peer = 0;
        bool near = false;
        std::string in;
        Reply out;
        size_t written = 0, drained = 0;
        Clock::time_point until, last;
    };

    Connections(int socket, int port);
    void accept_all(Clock::time_point now);
    bool read_from(Connection& one, const Calls& calls, Clock::time_point now);
    bool write_to(Connection& one, Clock::time_point now);
    bool drain(Connection& one);
    void refuse(Connection& one, int status, Clock::time_point now);
    void drop(std::list<Connection>::iterator one);
    void drop_one();

    int socket_, port_;
    size_t most_;
    uint64_t salt_;
    Allowances requests_;
    std::list<Connection> all_;  // the oldest first
};

}  // namespace app
