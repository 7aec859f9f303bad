#include "app/class/class_server.h"

#include <thread>
#include <utility>

#include "app/class/addresses.h"
#include "app/class/class_routes.h"
#include "app/class/connections.h"
#include "app/class/random_text.h"
#include "model/base/error.h"

namespace app {

namespace {

constexpr int ports_tried = 20;

Connections listening(const std::optional<int>& wanted) {
    const int first = wanted.value_or(usual_class_port);
    for (int port = first; port < first + (wanted ? 1 : ports_tried); ++port) {
        if (auto found = Connections::listen(port)) return std::move(*found);
    }
    if (wanted) {
        throw model::Error("--port " + std::to_string(first) +
                           ": another program has this port; name another one, or leave it out");
    }
    throw model::Error("class: the ports " + std::to_string(first) + " to " +
                       std::to_string(first + ports_tried - 1) +
                       " belong to other programs; name another one with --port N");
}

}  // namespace

class ClassServer::Serving {
  public:
    Serving(Options options, std::shared_ptr<Classroom> classroom, std::function<void()> wake)
        : code(options.code.empty() ? random_code() : std::move(options.code)),
          connections_(listening(options.port)),
          port(connections_.port()) {
        WebFiles web = web_files(options.web);
        has_web = !web.empty();
        std::vector<std::string> hosts = local_addresses();
        has_network = !hosts.empty();
        if (!has_network) hosts.emplace_back("127.0.0.1");
        for (const std::string& host : hosts) {
            addresses.push_back("http://" + host + ":" + std::to_string(port) + "/" + code);
        }
        thread_ = std::jthread([this, web = std::move(web), classroom = std::move(classroom),
                                wake = std::move(wake)](const std::stop_token& quit) {
            serve(quit, web, classroom, wake);
        });
    }

    const std::string code;

  private:
    Connections connections_;

  public:
    const int port;
    bool has_web = false, has_network = false;
    std::vector<std::string> addresses;

  private:
    void serve(const std::stop_token& quit, const WebFiles& web,
               const std::shared_ptr<Classroom>& classroom, const std::function<void()>& wake) {
        ClassRoutes routes(code, web, classroom);
        Classroom::Count told;
        int ticks = 0;
        Connections::Calls calls;
        calls.answer = [&](const Asked& asked) { return routes.answer(asked); };
        calls.tick = [&] {
            constexpr int in_a_second = 10;
            bool news = classroom->has_news();
            if (++ticks % in_a_second == 0) {
                const auto now = Classroom::Clock::now();
                routes.sweep(now);
                // Who went away says nothing.
                const Classroom::Count count = classroom->count(now);
                news = news || count != told;
                told = count;
            }
            if (news) wake();
        };
        connections_.run(quit, calls);
    }

    std::jthread thread_;  // last: it uses the others
};

ClassServer::ClassServer(Options options, std::shared_ptr<Classroom> classroom,
                         std::function<void()> wake)
    : serving_(
          std::make_unique<Serving>(std::move(options), std::move(classroom), std::move(wake))) {}
ClassServer::~ClassServer() = default;

const std::string& ClassServer::code() const {
    return serving_->code;
}
int ClassServer::port() const {
    return serving_->port;
}
const std::vector<std::string>& ClassServer::addresses() const {
    return serving_->addresses;
}
bool ClassServer::has_network() const {
    return serving_->has_network;
}
bool ClassServer::has_web() const {
    return serving_->has_web;
}

}  // namespace app
