// The pages that phones get: the files of assets/class, which the build puts into the program.
#pragma once

#include <string_view>
#include <vector>

namespace app {

struct PageFile {
    std::string_view name;  // below assets/class: "phone.html"
    std::string_view text;
};
const std::vector<PageFile>& page_files();
std::string_view page_file(std::string_view name);  // one that there is

}  // namespace app
