// The one strict reader of files that are our own: runs, lessons. Every value knows where it
// stands, so that what is wrong is told with file, place and key.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "model/base/json_lines.h"

namespace model {

class JsonValue;

// A text that is read. Programs write some files, whose errors name the path of a value:
//   FILE: runs[0].tokens[3].id: is -1, not a whole number from 0 to 9
// People write others, whose errors name the line:
//   FILE: line 7: minutes: -1 is not between 0 and 9
class JsonDocument {
  public:
    enum class Told { path, line };

    // Throws Error that begins with `file` for what is not JSON and, where lines are told, for a
    // key that an object has twice.
    JsonDocument(std::string_view text, std::string file, Told told);

    // Valid as long as this is.
    JsonValue root() const;

  private:
    friend class JsonValue;

    std::string file_;
    Told told_;
    nlohmann::json whole_;
    JsonLines lines_;  // where they are told
};

// A value of a document, which must outlive it. What asks for something else than there is throws
// Error; so do a field or an item that is missing.
class JsonValue {
  public:
    JsonValue operator[](const std::string& field) const;
    bool has(const std::string& field) const;
    // It is an object and has no fields but these.
    void only(const std::vector<std::string>& fields) const;
    std::vector<JsonValue> list(size_t fewest = 0, size_t most = SIZE_MAX) const;

    bool is_text() const { return value_->is_string(); }
    bool is_object() const { return value_->is_object(); }
    bool is_null() const { return value_->is_null(); }

    int whole(int low, int high) const;
    uint64_t unsigned_number() const;
    double number(double low, double high) const;
    bool truth() const;
    const std::string& text() const;
    // A text that may stand in a line of a message.
    const std::string& name() const;
    const nlohmann::json& value() const { return *value_; }

    int line() const;  // from 1; where lines are not told, 1
    // "FILE: PLACE: WHY".
    [[noreturn]] void refuse(const std::string& why) const;
    // Refuses because it is not `wanted`: "FILE: PLACE: is 7, not WANTED".
    [[noreturn]] void fail(const std::string& wanted) const;

  private:
    friend class JsonDocument;
    JsonValue(const JsonDocument& document, const nlohmann::json& value, std::string pointer,
              std::string name)
        : document_(&document),
          value_(&value),
          pointer_(std::move(pointer)),
          name_(std::move(name)) {}

    bool by_line() const { return document_->told_ == JsonDocument::Told::line; }
    // Refuses in the words of documents that tell paths, or of those that tell lines.
    [[noreturn]] void wrong(const std::string& wanted, const std::string& why) const;

    const JsonDocument* document_;
    const nlohmann::json* value_;
    std::string pointer_;  // where lines are told
    std::string name_;     // "runs[0].tokens[3].id", or "id"; empty: the whole
};

}  // namespace model
