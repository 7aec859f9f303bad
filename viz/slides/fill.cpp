#include "viz/slides/fill.h"

#include <algorithm>
#include <sstream>
#include <stdexcept>

namespace viz {

namespace {

constexpr std::string_view open = "{{", close = "}}";
constexpr std::string_view name_characters = "abcdefghijklmnopqrstuvwxyz0123456789_";

[[noreturn]] void bug(std::string_view file, const std::string& what) {
    throw std::logic_error("assets/export/" + std::string(file) + ": " + what);
}

// A stretch of text, and the value behind it; the last stretch has none.
struct Stretch {
    std::string_view text;
    const Value* value = nullptr;
};

std::vector<Stretch> stretches(std::string_view name, std::string_view text, const Values& values) {
    std::vector<Stretch> found;
    std::vector<bool> placed(values.size());
    for (size_t at = 0; (at = text.find(open)) != std::string_view::npos;) {
        const size_t begin = at + open.size();
        const size_t end = text.find_first_not_of(name_characters, begin);
        if (end == std::string_view::npos || end == begin || !text.substr(end).starts_with(close)) {
            bug(name, "\"{{\" opens no place");
        }
        const std::string_view place = text.substr(begin, end - begin);
        const auto value = std::ranges::find(values, place, &Value::name);
        if (value == values.end()) bug(name, "{{" + std::string(place) + "}} has no value");
        placed[static_cast<size_t>(value - values.begin())] = true;
        found.push_back({text.substr(0, at), &*value});
        text.remove_prefix(end + close.size());
    }
    found.push_back({text});
    for (size_t i = 0; i < values.size(); ++i) {
        if (!placed[i]) bug(name, "no place for the value " + std::string(values[i].name));
    }
    return found;
}

}  // namespace

void fill(std::ostream& out, std::string_view name, std::string_view text, const Values& values) {
    for (const Stretch& stretch : stretches(name, text, values)) {
        out << stretch.text;
        if (!stretch.value) continue;
        if (const auto* words = std::get_if<std::string>(&stretch.value->value)) {
            out << *words;
        } else {
            std::get<1>(stretch.value->value)(out);
        }
    }
}

void fill_file(std::ostream& out, std::string_view file, const Values& values) {
    const auto found = export_files().find(file);
    if (found == export_files().end()) bug(file, "there is no such file");
    if (file.ends_with(".xml")) {
        fill(out, file, without_layout(found->second), values);
    } else {
        fill(out, file, found->second, values);
    }
}

std::string filled(std::string_view file, const Values& values) {
    std::ostringstream out;
    fill_file(out, file, values);
    return std::move(out).str();
}

std::string without_layout(std::string_view xml) {
    std::string out;
    for (size_t end = 0; (end = xml.find('\n')) != std::string_view::npos;) {
        out += xml.substr(0, end);
        xml.remove_prefix(std::min(xml.find_first_not_of(" \n", end), xml.size()));
        if (out.ends_with("?>")) {
            out += '\n';
        } else if (!out.ends_with('>') && !out.ends_with(close) && !xml.empty()) {
            out += ' ';
        }
    }
    return out + std::string(xml);
}

}  // namespace viz
