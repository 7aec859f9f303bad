#include "model/base/json.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "model/base/error.h"
#include "model/base/file.h"

namespace model {

using nlohmann::json;

namespace {

constexpr size_t deepest = 64;
constexpr size_t most_values = 8'000'000;   // a vocabulary of 250,000 has a tenth
constexpr size_t largest_json = 256 << 20;  // bytes

// The first bytes of a text, in whole characters.
std::string cut(std::string text, size_t bytes) {
    if (text.size() <= bytes) return text;
    while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80) --bytes;
    return text.substr(0, bytes) + "...";
}

// Builds a value from the events of nlohmann's parser, whose own builder with a callback looks
// through a parent after each of its children. As there, the last of two equal keys counts.
class Builder : public json::json_sax_t {
  public:
    Builder(std::string_view text, const std::string& where) : text_(text), where_(where) {}
    json whole;

    bool null() override { return add(nullptr); }
    bool boolean(bool value) override { return add(value); }
    bool number_integer(number_integer_t value) override { return add(value); }
    bool number_unsigned(number_unsigned_t value) override { return add(value); }
    bool number_float(number_float_t value, const string_t&) override { return add(value); }
    bool string(string_t& value) override { return add(std::move(value)); }
    bool binary(binary_t&) override { return false; }
    bool start_object(std::size_t) override { return open(json::object()); }
    bool start_array(std::size_t) override { return open(json::array()); }
    bool key(string_t& name) override {
        place_ = &(*open_.back())[name];
        return true;
    }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }
    bool parse_error(std::size_t position, const std::string&,
                     const nlohmann::detail::exception& why) override {
        // "[json.exception...] parse error at line 1, column 2: why"; a number that no double holds
        // has no place.
        std::string reason = why.what();
        const bool placed = dynamic_cast<const json::parse_error*>(&why) != nullptr;
        const std::string_view before = placed ? ": " : "] ";
        if (const auto at = reason.find(before); at != std::string::npos) {
            reason.erase(0, at + before.size());
        }
        const auto end = static_cast<std::ptrdiff_t>(std::min(position, text_.size()));
        const auto line = 1 + std::count(text_.begin(), text_.begin() + end, '\n');
        throw Error(where_ + (placed ? ": line " + std::to_string(line) : "") +
                    ": not JSON: " + cut(reason, 200));
    }

  private:
    template <typename Value>
    json* put(Value&& value) {
        if (++values_ > most_values) throw Error(where_ + ": holds too many values");
        if (open_.empty()) {
            whole = std::forward<Value>(value);
            return &whole;
        }
        if (open_.back()->is_array()) {
            open_.back()->push_back(std::forward<Value>(value));
            return &open_.back()->back();
        }
        *place_ = std::forward<Value>(value);
        return place_;
    }
    template <typename Value>
    bool add(Value&& value) {
        put(std::forward<Value>(value));
        return true;
    }
    bool open(json container) {
        if (open_.size() >= deepest) {
            throw Error(where_ + ": nests too deep for a file of this kind");
        }
        open_.push_back(put(std::move(container)));
        return true;
    }
    bool close() {
        open_.pop_back();
        return true;
    }

    std::string_view text_;
    const std::string& where_;
    std::vector<json*> open_;  // a parent never moves while its child is open
    json* place_ = nullptr;    // of the key that was read last
    size_t values_ = 0;
};

// Python writes NaN, Infinity and -Infinity, which JSON does not know, and reads them. Here they
// become texts of that name: where such a value is used, it is refused by it.
std::string with_constants_quoted(std::string_view text) {
    std::string out;
    bool inside = false;  // of a string
    for (size_t i = 0; i < text.size();) {
        if (!inside) {
            bool quoted = false;
            for (const std::string_view name : {"NaN", "Infinity", "-Infinity"}) {
                if (!text.substr(i).starts_with(name)) continue;
                out.append("\"").append(name).append("\"");
                i += name.size();
                quoted = true;
                break;
            }
            if (quoted) continue;
        }
        const size_t taken = inside && text[i] == '\\' && i + 1 < text.size() ? 2 : 1;
        if (taken == 1 && text[i] == '"') inside = !inside;
        out += text.substr(i, taken);
        i += taken;
    }
    return out;
}

}  // namespace

json parse_json(std::string_view text, const std::string& where) {
    Builder builder(text, where);
    const bool whole = json::sax_parse(text, &builder);
    check(whole, "the parser ends in an exception or a value");
    return std::move(builder.whole);
}

json read_json(const std::filesystem::path& path) {
    const std::string text = read_file(path, largest_json);
    try {
        return parse_json(text, path.string());
    } catch (const Error&) {
        const std::string quoted = with_constants_quoted(text);
        if (quoted == text) throw;
        return parse_json(quoted, path.string());
    }
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
