// What curl's troubles mean for somebody who waits for an answer.
#pragma once

#include <curl/curl.h>

#include <string>

namespace app {

// Throws NetworkError. `detail` is what curl wrote of it, which may be nothing.
[[noreturn]] void refuse_connection(CURLcode code, const std::string& url,
                                    const std::string& detail);

}  // namespace app
