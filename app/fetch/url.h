// Addresses of the web, taken apart and put together as libcurl does.
#pragma once

#include <string>

namespace app {

// In lower case; "" of what is no address.
std::string url_scheme(const std::string& url);
std::string url_host(const std::string& url);
// Without a user's name and password: for messages. "" of what is no address.
std::string url_shown(const std::string& url);
// Why a text is no address of a server as the hub has one, "" where it is: http or https, no
// spaces, no query or fragment.
std::string url_problem(const std::string& text);
// Scheme, host and port: who is asked. Equal for addresses of the same server.
std::string url_origin(const std::string& url);
// Where a Location header leads, which may be relative; "" when it is no address.
std::string url_joined(const std::string& url, const std::string& location);

}  // namespace app
