#include "app/class/web_files.h"

#include <utility>

namespace app {

namespace fs = std::filesystem;

namespace {

constexpr uintmax_t largest = uintmax_t{64} << 20;
constexpr size_t most = 200;

const char* type_of(const fs::path& file) {
    constexpr std::pair<const char*, const char*> types[] = {
        {".html", "text/html; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".wasm", "application/wasm"},
        {".json", "application/json"},
        {".webmanifest", "application/manifest+json"},
        {".svg", "image/svg+xml"},
        {".png", "image/png"},
        {".ttf", "font/ttf"},
        {".woff2", "font/woff2"},
        {".data", "application/octet-stream"},
        {".safetensors", "application/octet-stream"},
        {".txt", "text/plain; charset=utf-8"}};
    for (const auto& [ending, type] : types) {
        if (file.extension() == ending) return type;
    }
    return nullptr;
}

bool plain_name(const std::string& name) {
    return !name.starts_with('.') &&
           name.find_first_not_of(
               "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
               "._-") == std::string::npos;
}

}  // namespace

WebFiles web_files(const fs::path& folder) {
    WebFiles files;
    if (folder.empty()) return files;
    std::error_code failed;
    fs::directory_iterator at(folder, failed);
    for (; !failed && at != fs::directory_iterator(); at.increment(failed)) {
        const fs::directory_entry& entry = *at;
        const std::string name = entry.path().filename().string();
        const char* type = type_of(entry.path());
        if (!type || !plain_name(name)) continue;
        // What leads elsewhere is not served.
        std::error_code unknown;
        if (entry.is_symlink(unknown) || !entry.is_regular_file(unknown)) continue;
        if (entry.file_size(unknown) > largest || files.size() == most) continue;
        files[name] = {entry.path(), type};
    }
    if (!files.contains("index.html")) files.clear();
    return files;
}

}  // namespace app
