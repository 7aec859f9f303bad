// The program as a browser runs it, where it is installed beside this one: files that are listed
// once, when a class begins.
#pragma once

#include <filesystem>
#include <map>
#include <string>

namespace app {

struct WebFile {
    std::filesystem::path path;
    std::string type;  // as Content-Type says it
};
// By their names, "index.html" among them; empty: it is not installed.
using WebFiles = std::map<std::string, WebFile>;

WebFiles web_files(const std::filesystem::path& folder);

}  // namespace app
