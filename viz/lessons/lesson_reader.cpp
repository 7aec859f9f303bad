#include "viz/lessons/lesson_reader.h"

#include <algorithm>
#include <cstdio>

#include "model/base/error.h"

namespace viz {

std::string listed(const Names& names) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
    return text;
}

std::string text_of(const Value& value, size_t most) {
    const std::string& text = value.text();
    if (text.empty()) value.refuse("is empty");
    if (text.size() > most) {
        value.refuse("is longer than " + std::to_string(most) + " bytes: there is no room for it");
    }
    return text;
}

Names texts_of(const Value& value) {
    Names all;
    for (const Value& each : value.list()) all.push_back(text_of(each));
    return all;
}

size_t chosen(const Value& value, const Names& words) {
    const std::string word = text_of(value);
    const auto found = std::ranges::find(words, word);
    if (found == words.end()) value.refuse("\"" + word + "\" is none of " + listed(words));
    return static_cast<size_t>(found - words.begin());
}

model::HeadName head_of(const Value& value) {
    try {
        return model::parse_head_name(text_of(value));
    } catch (const model::Error& error) {
        value.refuse(error.what());
    }
}

PositionName position_of(const Value& value) {
    PositionName name;
    name.given = true;
    if (value.is_text()) {
        name.text = text_of(value);
    } else if (value.is_object()) {
        value.only({"text", "occurrence"});
        name.text = text_of(value["text"]);
        name.occurrence = value["occurrence"].whole(1, 1000);
    } else {
        name.index = value.whole(-100000, 100000);
    }
    return name;
}

int layer_of(const Value& value) {
    if (value.is_text()) return static_cast<int>(chosen(value, {"last"}));
    return value.whole(1, 1000);
}

PartName part_of(const Value& value) {
    const std::string text = text_of(value);
    PartName part;
    int layer = 0, end = 0;
    if (std::sscanf(text.c_str(), "L%4dMLP%n", &layer, &end) == 1 && layer >= 1 &&
        static_cast<size_t>(end) == text.size()) {
        part.mlp = true;
        part.layer = layer - 1;
    } else {
        part.head = head_of(value);
    }
    return part;
}

}  // namespace viz
