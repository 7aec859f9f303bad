#include "model/json_file.h"

#include <algorithm>

#include "model/error.h"
#include "model/file.h"

namespace model {

nlohmann::json read_json(const std::filesystem::path& path) {
    const std::string text = read_file(path);
    try {
        return nlohmann::json::parse(text);
    } catch (const nlohmann::json::parse_error& e) {
        const auto end = text.begin() + static_cast<std::ptrdiff_t>(std::min(e.byte, text.size()));
        const auto line = 1 + std::count(text.begin(), end, '\n');
        std::string why = e.what();  // "[json.exception...] parse error at line 1, column 2: why"
        if (const auto colon = why.find(": "); colon != std::string::npos) why.erase(0, colon + 2);
        throw Error(path.string() + ": line " + std::to_string(line) + ": not JSON: " + why);
    }
}

}  // namespace model
