#include "model/base/json.h"

#include <algorithm>

#include "model/base/error.h"
#include "model/base/file.h"

namespace model {

using nlohmann::json;

namespace {

constexpr int deepest = 64;

// The first bytes of a text, in whole characters.
std::string cut(std::string text, size_t bytes) {
    if (text.size() <= bytes) return text;
    while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80) --bytes;
    return text.substr(0, bytes) + "...";
}

}  // namespace

json parse_json(std::string_view text, const std::string& where) {
    auto check_depth = [&](int depth, json::parse_event_t, const json&) {
        if (depth > deepest) throw Error(where + ": nests too deep for a file of this kind");
        return true;
    };
    // "[json.exception...] parse error at line 1, column 2: why"
    auto reason = [](const json::exception& e, const char* before) {
        std::string why = e.what();
        if (const auto at = why.find(before); at != std::string::npos) {
            why.erase(0, at + std::string_view(before).size());
        }
        return cut(why, 200);
    };
    try {
        return json::parse(text, check_depth);
    } catch (const json::parse_error& e) {
        const auto end = static_cast<std::ptrdiff_t>(std::min(e.byte, text.size()));
        const auto line = 1 + std::count(text.begin(), text.begin() + end, '\n');
        throw Error(where + ": line " + std::to_string(line) + ": not JSON: " + reason(e, ": "));
    } catch (const json::exception& e) {  // a number that no double holds
        throw Error(where + ": not JSON: " + reason(e, "] "));
    }
}

json read_json(const std::filesystem::path& path) {
    return parse_json(read_file(path), path.string());
}

bool is_utf8(const std::string& text) {
    try {
        (void)json(text).dump();
        return true;
    } catch (const json::type_error&) {
        return false;
    }
}

std::string json_text(const nlohmann::ordered_json& value, int indent) {
    return value.dump(indent, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

std::string shown(const json& value) {
    return cut(value.dump(-1, ' ', false, json::error_handler_t::replace), 80);
}

}  // namespace model
