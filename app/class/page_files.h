// The pages that phones get: the files of assets/class, which the build puts into the program.
#pragma once

#include <map>
#include <string_view>

namespace app {

// Texts by their names below assets/class: "phone.html".
const std::map<std::string_view, std::string_view>& page_files();

}  // namespace app
