// A page serves nobody.
#include "app/class/class_server.h"

#include "model/base/error.h"

namespace app {

class ClassServer::Serving {
  public:
    std::string code;
    std::vector<std::string> addresses;
};

ClassServer::ClassServer(Options, std::shared_ptr<Classroom>, std::function<void()>) {
    throw model::Error("class: phones reach a program on a desktop, not a page in a browser");
}

ClassServer::~ClassServer() = default;

const std::string& ClassServer::code() const {
    return serving_->code;
}

int ClassServer::port() const {
    return 0;
}

const std::vector<std::string>& ClassServer::addresses() const {
    return serving_->addresses;
}

bool ClassServer::has_network() const {
    return false;
}

bool ClassServer::has_web() const {
    return false;
}

}  // namespace app
