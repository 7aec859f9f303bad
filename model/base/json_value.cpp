#include "model/base/json_value.h"

#include <algorithm>
#include <cmath>

#include "model/base/error.h"
#include "model/base/json.h"

namespace model {

using nlohmann::json;

namespace {

constexpr size_t longest_name = 1000;

std::string range(double low, double high) {
    return json(low).dump() + " to " + json(high).dump();
}

}  // namespace

JsonDocument::JsonDocument(std::string_view text, std::string file, Told told)
    : file_(std::move(file)), told_(told), whole_(parse_json(text, file_)) {
    if (told == Told::path) return;
    lines_ = json_lines(text);
    if (lines_.twice.empty()) return;
    const std::string field = lines_.twice.substr(lines_.twice.rfind('/') + 1);
    JsonValue(*this, whole_, lines_.twice, "").refuse("\"" + field + "\" is there twice");
}

JsonValue JsonDocument::root() const {
    return {*this, whole_, "", ""};
}

void JsonValue::refuse(const std::string& why) const {
    std::string where = document_->file_ + ": ";
    if (by_line()) where += "line " + std::to_string(line()) + ": ";
    if (!name_.empty()) where += name_ + ": ";
    throw Error(where + why);
}

void JsonValue::fail(const std::string& wanted) const {
    refuse("is " + shown(*value_) + ", not " + wanted);
}

void JsonValue::wrong(const std::string& wanted, const std::string& why) const {
    if (by_line()) refuse(why);
    fail(wanted);
}

int JsonValue::line() const {
    const auto found = document_->lines_.of.find(pointer_);
    return found == document_->lines_.of.end() ? 1 : found->second;
}

JsonValue JsonValue::operator[](const std::string& field) const {
    if (!value_->is_object()) wrong("an object", "has no \"" + field + "\"");
    const auto at = value_->find(field);
    if (by_line()) {
        if (at == value_->end()) refuse("has no \"" + field + "\"");
        return {*document_, *at, pointer_ + "/" + field, field};
    }
    const std::string name = name_ + (name_.empty() ? "" : ".") + field;
    if (at == value_->end()) throw Error(document_->file_ + ": " + name + ": is missing");
    return {*document_, *at, "", name};
}

bool JsonValue::has(const std::string& field) const {
    return value_->is_object() && value_->contains(field);
}

void JsonValue::only(const std::vector<std::string>& fields) const {
    if (!value_->is_object()) wrong("an object", "is not an object, but " + shown(*value_));
    for (const auto& [key, value] : value_->items()) {
        if (std::ranges::find(fields, key) != fields.end()) continue;
        std::string known;
        for (const std::string& field : fields) known += (known.empty() ? "" : ", ") + field;
        (*this)[key].refuse("is no field here; known are " + known);
    }
}

std::vector<JsonValue> JsonValue::list(size_t fewest, size_t most) const {
    if (!value_->is_array() || value_->size() < fewest || value_->size() > most) {
        wrong("a list of " + std::to_string(fewest) + " to " + std::to_string(most) + " items",
              "is not a list, but " + shown(*value_));
    }
    std::vector<JsonValue> all;
    all.reserve(value_->size());
    for (size_t i = 0; i < value_->size(); ++i) {
        const json& item = (*value_)[i];
        if (by_line()) {
            all.push_back({*document_, item, pointer_ + "/" + std::to_string(i),
                           name_ + " " + std::to_string(i + 1)});
        } else {
            all.push_back({*document_, item, "", name_ + "[" + std::to_string(i) + "]"});
        }
    }
    return all;
}

int JsonValue::whole(int low, int high) const {
    const std::string bounds = std::to_string(low) + " to " + std::to_string(high);
    if (!value_->is_number_integer()) {
        wrong("a whole number from " + bounds, "is not a whole number: " + shown(*value_));
    }
    const auto wanted = value_->get<double>();  // exact for everything that lies within
    if (wanted < low || wanted > high) {
        wrong("a whole number from " + bounds, shown(*value_) + " is not between " +
                                                   std::to_string(low) + " and " +
                                                   std::to_string(high));
    }
    return value_->get<int>();
}

uint64_t JsonValue::unsigned_number() const {
    if (!value_->is_number_unsigned()) fail("a whole number from 0 to 2^64 - 1");
    return value_->get<uint64_t>();
}

double JsonValue::number(double low, double high) const {
    if (!value_->is_number()) {
        wrong("a number from " + range(low, high), "is not a number, but " + shown(*value_));
    }
    const auto number = value_->get<double>();
    if (!(number >= low && number <= high)) {
        wrong("a number from " + range(low, high),
              shown(*value_) + " is not between " + json(low).dump() + " and " + json(high).dump());
    }
    return number;
}

bool JsonValue::truth() const {
    if (!value_->is_boolean()) {
        wrong("true or false", "is neither true nor false, but " + shown(*value_));
    }
    return value_->get<bool>();
}

const std::string& JsonValue::text() const {
    if (!value_->is_string()) wrong("a text", "is not a text, but " + shown(*value_));
    return value_->get_ref<const std::string&>();
}

const std::string& JsonValue::name() const {
    const std::string& name = text();
    const auto control = [](char c) { return static_cast<unsigned char>(c) < ' '; };
    if (name.size() > longest_name || std::ranges::any_of(name, control)) {
        fail("a text of one line and at most " + std::to_string(longest_name) + " bytes");
    }
    return name;
}

}  // namespace model
