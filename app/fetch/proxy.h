// Whether requests go through a proxy, as curl finds it in the environment: for messages.
#pragma once

#include <string>

namespace app {

// "the proxy HOST that https_proxy names", without its password; "" where none is in force.
std::string proxy_of(const std::string& url);

}  // namespace app
