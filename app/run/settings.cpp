#include "app/run/settings.h"

#include <cctype>
#include <cstdlib>

#include "model/base/error.h"

namespace app {

namespace fs = std::filesystem;

fs::path assets_folder() {
    // As it was installed; beside a program that was built, which has a link to the assets; in the
    // clone that was moved with its build folder. No place is compiled in.
    std::error_code failed;
    const fs::path program = fs::read_symlink("/proc/self/exe", failed).parent_path();
    for (const fs::path& assets :
         {program / STEPSCOPE_DATA, program / "assets", program / "../../assets"}) {
        // Whatever else may be missing.
        if (fs::is_directory(assets / "fonts", failed) ||
            fs::is_directory(assets / "model", failed)) {
            return assets.lexically_normal();
        }
    }
    return {};
}

fs::path web_folder() {
    const fs::path assets = assets_folder();
    if (assets.empty()) return {};
    std::error_code failed;
    if (fs::is_regular_file(assets / "web/index.html", failed)) return assets / "web";
    // A build's folder has a link to the assets.
    const fs::path built = assets.parent_path().parent_path() / "web";
    const bool builds = fs::is_symlink(assets, failed);
    return builds && fs::is_regular_file(built / "index.html", failed) ? built : fs::path();
}

fs::path bundled_model() {
    if (const fs::path assets = assets_folder(); !assets.empty()) return assets / "model";
    throw model::Error(
        "bundled model: not found beside the program; name a model with --model DIR");
}

fs::path export_folder() {
    // Where people look for what they made: as the desktop names it, or ~/Documents.
    const char* home = std::getenv("HOME");
    std::error_code failed;
    const char* named = std::getenv("XDG_DOCUMENTS_DIR");
    const fs::path documents = named && *named ? fs::path(named)
                               : home && *home ? fs::path(home) / "Documents"
                                               : fs::path();
    if (!documents.empty() && fs::is_directory(documents, failed)) return documents / "Stepscope";
    return data_folder() / "exports";
}

std::string shortened(const fs::path& path) {
    const char* home = std::getenv("HOME");
    const std::string text = path.string(), start = home ? std::string(home) + "/" : "";
    return start.size() > 2 && text.starts_with(start) ? "~/" + text.substr(start.size()) : text;
}

fs::path lengthened(const std::string& text) {
    const char* home = std::getenv("HOME");
    return home && text.starts_with("~/") ? fs::path(home) / text.substr(2) : fs::path(text);
}

std::string slug(const std::string& text) {
    constexpr size_t longest = 32;
    std::string out;
    for (const char c : text) {
        const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0;
        if (plain) out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        if (!plain && !out.empty() && out.back() != '-') out += '-';
        if (out.size() >= longest) break;
    }
    while (!out.empty() && out.back() == '-') out.pop_back();
    return out.empty() ? "run" : out;
}

fs::path data_folder() {
    const char* data = std::getenv("XDG_DATA_HOME");
    if (data && *data) return fs::path(data) / "stepscope";
    const char* home = std::getenv("HOME");
    return fs::path(home && *home ? home : ".") / ".local/share/stepscope";
}

}  // namespace app
