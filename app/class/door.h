// A request that was read whole, parsed and answered by cpp-httplib, without a socket of its own.
#pragma once

#include <httplib.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

namespace app {

// What httplib reads from and writes to. Newer versions ask for more than older ones know, so
// nothing says `override` here.
class MemoryStream : public httplib::Stream {
  public:
    explicit MemoryStream(const std::string& in) : in_(in) {}
    using httplib::Stream::write;

    bool is_readable() const { return at_ < in_.size(); }
    bool is_writable() const { return true; }
    bool wait_readable() const { return is_readable(); }
    bool wait_writable() const { return true; }
    ssize_t read(char* bytes, size_t size) {
        const size_t n = std::min(size, in_.size() - at_);
        std::memcpy(bytes, in_.data() + at_, n);
        at_ += n;
        return static_cast<ssize_t>(n);
    }
    ssize_t write(const char* bytes, size_t size) {
        out_.append(bytes, size);
        return static_cast<ssize_t>(size);
    }
    void get_remote_ip_and_port(std::string& ip, int& port) const { ip.clear(), port = 0; }
    void get_local_ip_and_port(std::string& ip, int& port) const { ip.clear(), port = 0; }
    socket_t socket() const { return -1; }
    time_t duration() const { return 0; }

    std::string take() { return std::move(out_); }

  private:
    const std::string& in_;
    size_t at_ = 0;
    std::string out_;
};

// A server that never listens.
class Door : public httplib::Server {
  public:
    std::string answer(const std::string& request) {
        MemoryStream stream(request);
        process(*this, stream);
        return stream.take();
    }

  private:
    // Versions since 0.16 ask for addresses, which nobody needs here.
    template <class Self>
    static void process(Self& self, MemoryStream& stream) {
        bool closed = false;
        if constexpr (requires { self.process_request(stream, true, closed, nullptr); }) {
            self.process_request(stream, true, closed, nullptr);
        } else {
            self.process_request(stream, "", 0, "", 0, true, closed, nullptr);
        }
    }
};

}  // namespace app
