#include "app/run/preferences.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <type_traits>

#include "app/run/settings.h"
#include "model/base/error.h"
#include "model/base/file.h"
#include "model/base/file_set.h"
#include "model/base/json.h"

namespace app {

namespace {

constexpr size_t most_bytes = 1 << 16;

std::filesystem::path preferences_file() {
    return data_folder() / "settings.json";
}

template <class Value>
void take(const nlohmann::json& from, const char* key, Value& value) {
    const auto found = from.find(key);
    if (found == from.end()) return;
    const bool fits = std::is_same_v<Value, bool>    ? found->is_boolean()
                      : std::is_same_v<Value, float> ? found->is_number()
                                                     : found->is_string();
    if (fits) value = found->template get<Value>();
}

}  // namespace

Preferences read_preferences() {
    Preferences p;
    try {
        const std::string text = model::read_file(preferences_file(), most_bytes);
        const nlohmann::json file = model::parse_json(text, "settings.json");
        if (!file.is_object()) return p;
        take(file, "used", p.used);
        take(file, "motion", p.motion);
        take(file, "since", p.since);
        take(file, "theme", p.theme);
        take(file, "colours", p.colours);
        take(file, "text", p.text);
    } catch (const model::Error&) {
        return p;
    }
    return p;
}

void write_preferences(const Preferences& p) {
    nlohmann::ordered_json file;
    file["used"] = p.used;
    file["motion"] = p.motion;
    file["since"] = p.since;
    file["theme"] = p.theme;
    file["colours"] = p.colours;
    file["text"] = std::round(p.text * 100) / 100;
    try {
        model::FileSet files;
        files.make_folder(data_folder());
        files.write(preferences_file(), model::json_text(file, 2) + "\n");
        files.commit();
    } catch (const model::Error&) {
        return;
    }
}

}  // namespace app
