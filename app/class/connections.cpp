#include "app/class/connections.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <exception>
#include <iterator>
#include <random>
#include <thread>
#include <utility>

#include "model/base/ascii.h"
#include "model/base/error.h"

namespace app {

namespace {

using namespace std::chrono_literals;

constexpr auto to_ask = 5s;         // for a whole request, from the connection on
constexpr auto to_take = 10s;       // some of an answer,
constexpr auto to_take_all = 5min;  // and all of it
constexpr auto to_leave = 1s;
constexpr auto between_ticks = 100ms;
constexpr size_t most_drained = 16 << 20;  // so that who sends too much hears of it
// Of one address: a school's network may show a whole class as one.
constexpr Rate requests_of_one{4000, 600};

const char* reason(int status) {
    switch (status) {
        case 400:
            return "Bad Request";
        case 405:
            return "Method Not Allowed";
        case 411:
            return "Length Required";
        case 413:
            return "Content Too Large";
        case 414:
            return "URI Too Long";
        case 415:
            return "Unsupported Media Type";
        case 417:
            return "Expectation Failed";
        case 429:
            return "Too Many Requests";
        case 500:
            return "Internal Server Error";
        default:
            return "Request Header Fields Too Large";
    }
}

std::string_view trimmed(std::string_view text) {
    const size_t begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

// Printable ASCII: a byte that ends a line, or means something elsewhere, is in no header.
bool printable(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= ' ' && c < 0x7F; });
}

constexpr std::string_view kept_headers[] = {"host",          "origin",       "sec-fetch-site",
                                             "if-none-match", "content-type", "stepscope-voter"};

}  // namespace

Parsed parse_request(std::string_view bytes) {
    const auto refused = [](int status) { return Parsed{{}, status}; };
    const size_t end = bytes.find("\r\n\r\n");
    if (end == std::string_view::npos) {
        return bytes.size() > longest_head ? refused(431) : Parsed{};
    }
    if (end > longest_head) return refused(431);
    std::string_view head = bytes.substr(0, end);
    const auto next_line = [&head] {
        const size_t at = head.find("\r\n");
        const std::string_view line = head.substr(0, at);
        head = at == std::string_view::npos ? std::string_view() : head.substr(at + 2);
        return line;
    };
    const std::string_view first = next_line();
    const size_t space = first.find(' '), last = first.rfind(' ');
    if (!printable(first) || space == std::string_view::npos || last == space) return refused(400);
    const std::string_view method = first.substr(0, space), version = first.substr(last + 1);
    const std::string_view target = first.substr(space + 1, last - space - 1);
    if (version != "HTTP/1.1" && version != "HTTP/1.0") return refused(400);
    if (!target.starts_with('/') || target.find(' ') != std::string_view::npos) return refused(400);
    if (target.size() > longest_target) return refused(414);
    const bool posts = method == "POST";
    if (!posts && method != "GET" && method != "HEAD") return refused(405);

    Asked asked;
    asked.text = std::string(method) + " " + std::string(target) + " HTTP/1.1\r\n";
    std::optional<size_t> length;
    bool json = false;
    std::vector<std::string> seen;
    while (!head.empty()) {
        const std::string_view line = next_line();
        const size_t colon = line.find(':');
        if (!printable(line) || colon == std::string_view::npos || colon == 0) return refused(400);
        const std::string name = model::ascii_lower_case(line.substr(0, colon));
        const std::string_view value = trimmed(line.substr(colon + 1));
        if (name == "transfer-encoding") return refused(411);
        if (name == "expect") return refused(417);
        if (name == "content-length") {
            const bool digits = !value.empty() && value.size() <= 12 &&
                                value.find_first_not_of("0123456789") == std::string_view::npos;
            if (!digits || length) return refused(400);
            length = std::stoull(std::string(value));
        }
        if (std::ranges::find(kept_headers, name) == std::end(kept_headers)) continue;
        if (std::ranges::find(seen, name) != seen.end()) return refused(400);  // which one counts?
        seen.push_back(name);
        if (name == "content-type") {
            const std::string type = model::ascii_lower_case(value);
            json = type == "application/json" || type == "application/json; charset=utf-8" ||
                   type == "application/json;charset=utf-8";
        }
        asked.text += name + ": " + std::string(value) + "\r\n";
    }
    if (!posts && length.value_or(0) > 0) return refused(413);
    if (posts && !length) return refused(411);
    if (length.value_or(0) > longest_body) return refused(413);
    if (posts && !json) return refused(415);
    const std::string_view body = bytes.substr(end + 4);
    if (body.size() < length.value_or(0)) return {};
    if (posts) asked.text += "content-length: " + std::to_string(*length) + "\r\n";
    asked.text += "\r\n";
    asked.text += body.substr(0, length.value_or(0));
    return {std::move(asked), 0};
}

std::optional<Connections> Connections::listen(int port) {
    const int made = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const auto fail = [&](const char* what) {
        const std::string why = std::strerror(errno);
        if (made >= 0) close(made);
        throw model::Error(std::string("class: ") + what + ": " + why);
    };
    if (made < 0) fail("no connections can be taken");
    const int on = 1;
    setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(static_cast<uint16_t>(port));
    at.sin_addr.s_addr = htonl(INADDR_ANY);
    if (bind(made, reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0 ||
        ::listen(made, 1024) != 0) {
        if (errno == EADDRINUSE) {
            close(made);
            return std::nullopt;
        }
        fail(("--port " + std::to_string(port)).c_str());
    }
    socklen_t size = sizeof at;
    getsockname(made, reinterpret_cast<sockaddr*>(&at), &size);
    return Connections(made, ntohs(at.sin_port));
}

Connections::Connections(int socket, int port)
    : socket_(socket), port_(port), most_(512), requests_(requests_of_one) {
    // The window needs files, too.
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY) {
        most_ = std::clamp<size_t>(limit.rlim_cur / 2, 32, most_);
    }
    std::random_device random;
    salt_ = (uint64_t{random()} << 32) | random();
}

Connections::Connections(Connections&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)),
      port_(other.port_),
      most_(other.most_),
      salt_(other.salt_),
      requests_(std::move(other.requests_)),
      all_(std::move(other.all_)) {}

Connections::~Connections() {
    for (const Connection& one : all_) close(one.socket);
    if (socket_ >= 0) close(socket_);
}

void Connections::run(const std::stop_token& quit, const Calls& calls) {
    using Does = Connection::Does;
    std::vector<pollfd> polled;
    std::vector<std::list<Connection>::iterator> of;
    auto ticked = Clock::now();
    while (!quit.stop_requested()) {
        polled.assign(1, {socket_, POLLIN, 0});
        of.assign(1, all_.end());
        for (auto one = all_.begin(); one != all_.end(); ++one) {
            const short events = one->does == Does::writes ? POLLOUT : POLLIN;
            polled.push_back({one->socket, events, 0});
            of.push_back(one);
        }
        const int ready = poll(polled.data(), polled.size(), static_cast<int>(between_ticks / 1ms));
        const auto now = Clock::now();
        if (now - ticked >= between_ticks) {
            ticked = now;
            requests_.sweep(now);
            calls.tick();
        }
        for (size_t i = 1; ready > 0 && i < polled.size(); ++i) {
            if (polled[i].revents == 0) continue;
            Connection& one = *of[i];
            bool goes_on = false;
            try {
                goes_on = one.does == Does::reads    ? read_from(one, calls, now)
                          : one.does == Does::writes ? write_to(one, now)
                                                     : drain(one);
            } catch (const std::exception&) {
                // There is no memory for this one, not even to refuse it.
            }
            if (!goes_on) drop(of[i]);
        }
        for (auto one = all_.begin(); one != all_.end();) {
            const auto here = one++;
            const bool late =
                now > here->until || (here->does == Does::writes && now - here->last > to_take);
            if (late) drop(here);
        }
        if (ready > 0 && polled[0].revents != 0) accept_all(now);
    }
}

void Connections::accept_all(Clock::time_point now) {
    for (int taken = 0; taken < 256; ++taken) {
        sockaddr_in from{};
        socklen_t size = sizeof from;
        const int made = accept4(socket_, reinterpret_cast<sockaddr*>(&from), &size,
                                 SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (made < 0) {
            if (errno == EMFILE || errno == ENFILE) {
                // Where none of ours can make room, whoever has the files may.
                if (all_.empty()) std::this_thread::sleep_for(std::chrono::milliseconds(20));
                drop_one();
            }
            return;
        }
        if (all_.size() >= most_) drop_one();
        const int on = 1;
        setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        const uint32_t address = ntohl(from.sin_addr.s_addr);
        Connection one;
        one.socket = made;
        // Nobody can tell the address from it.
        one.peer = (address ^ salt_) * 0x9E3779B97F4A7C15u;
        one.near = address >> 24 == 127;
        one.until = now + to_ask;
        one.last = now;
        all_.push_back(std::move(one));
    }
}

bool Connections::read_from(Connection& one, const Calls& calls, Clock::time_point now) {
    char bytes[4096];
    while (true) {
        const ssize_t got = recv(one.socket, bytes, sizeof bytes, 0);
        if (got == 0) return false;
        if (got < 0) {
            if (errno == EINTR) continue;
            return errno == EAGAIN || errno == EWOULDBLOCK;
        }
        one.in.append(bytes, static_cast<size_t>(got));
        Parsed parsed = parse_request(one.in);
        if (parsed.refused != 0) {
            refuse(one, parsed.refused, now);
            return write_to(one, now);
        }
        if (!parsed.asked) continue;
        if (!requests_.take(one.peer, now)) {
            refuse(one, 429, now);
            return write_to(one, now);
        }
        parsed.asked->peer = one.peer;
        parsed.asked->near = one.near;
        one.in = {};
        try {
            one.out = calls.answer(*parsed.asked);
        } catch (const std::exception&) {  // there is no memory, say; the class goes on
            refuse(one, 500, now);
            return write_to(one, now);
        }
        one.does = Connection::Does::writes;
        one.until = now + to_take_all;
        one.last = now;
        return write_to(one, now);
    }
}

// Without a word on how it was meant: whoever sends this is no page of ours.
void Connections::refuse(Connection& one, int status, Clock::time_point now) {
    one.in = {};
    one.out.bytes = "HTTP/1.1 " + std::to_string(status) + " " + reason(status) +
                    "\r\nContent-Length: 0\r\nConnection: close\r\nCache-Control: no-store\r\n\r\n";
    one.does = Connection::Does::writes;
    one.until = now + to_take_all;
    one.last = now;
}

bool Connections::write_to(Connection& one, Clock::time_point now) {
    const std::string& head = one.out.bytes;
    const size_t file = one.out.file ? one.out.file->size() : 0;
    while (one.written < head.size() + file) {
        const bool in_head = one.written < head.size();
        const std::string& from = in_head ? head : *one.out.file;
        const size_t at = in_head ? one.written : one.written - head.size();
        const ssize_t sent = send(one.socket, from.data() + at, from.size() - at, MSG_NOSIGNAL);
        if (sent < 0) {
            if (errno == EINTR) continue;
            return errno == EAGAIN || errno == EWOULDBLOCK;
        }
        one.written += static_cast<size_t>(sent);
        one.last = now;
    }
    // What is still on its way here is read and thrown away: else the answer would be lost.
    one.out = {};
    shutdown(one.socket, SHUT_WR);
    one.does = Connection::Does::drains;
    one.until = now + to_leave;
    return drain(one);
}

bool Connections::drain(Connection& one) {
    char bytes[16384];
    while (one.drained < most_drained) {
        const ssize_t got = recv(one.socket, bytes, sizeof bytes, 0);
        if (got < 0) return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
        if (got == 0) return false;
        one.drained += static_cast<size_t>(got);
    }
    return false;
}

void Connections::drop(std::list<Connection>::iterator one) {
    close(one->socket);
    all_.erase(one);
}

// The oldest of those that say nothing, else the oldest.
void Connections::drop_one() {
    if (all_.empty()) return;
    const auto idle = std::ranges::find_if(all_, [](const Connection& one) {
        return one.does == Connection::Does::reads || one.does == Connection::Does::drains;
    });
    drop(idle == all_.end() ? all_.begin() : idle);
}

}  // namespace app
