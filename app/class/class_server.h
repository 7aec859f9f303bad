// The pages of a class on the local network: from the moment it is made until it goes. It serves
// fixed files and the classroom's state, to those who know the code; docs/class.md says what comes
// in and what goes out.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/class/classroom.h"

namespace app {

inline constexpr int usual_class_port = 8099;

class ClassServer {
  public:
    struct Options {
        std::optional<int> port;    // else the usual one, or the next that is free; 0: any
        std::filesystem::path web;  // the program for browsers; empty: it is not here
        std::string code = {};      // empty: a random one
    };
    // `wake` is called on the server's thread, at most ten times a second, when the classroom has
    // news. Throws model::Error in one line.
    ClassServer(Options options, std::shared_ptr<Classroom> classroom, std::function<void()> wake);
    ~ClassServer();  // nobody is answered any more
    ClassServer(const ClassServer&) = delete;
    ClassServer& operator=(const ClassServer&) = delete;

    const std::string& code() const;
    int port() const;
    // "http://192.168.1.20:8099/KMRT", the likeliest first; that of this machine alone where it has
    // no network.
    const std::vector<std::string>& addresses() const;
    bool has_network() const;
    bool has_web() const;

  private:
    class Serving;
    std::unique_ptr<Serving> serving_;
};

}  // namespace app
