#include "model/base/json_lines.h"

namespace model {

namespace {

// Walks over a text that is known to be JSON, so it looks at no more than where values begin.
class Scanner {
  public:
    explicit Scanner(std::string_view text) : text_(text) { value(""); }
    JsonLines lines;

  private:
    void space() {
        while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != text_.npos) {
            next();
        }
    }
    char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
    void next() {
        if (peek() == '\n') ++line_;
        ++at_;
    }

    std::string word() {  // as it is written, without its quotes
        next();
        const size_t from = at_;
        while (at_ < text_.size() && peek() != '"') {
            if (peek() == '\\') next();
            next();
        }
        std::string word(text_.substr(from, at_ - from));
        next();
        return word;
    }

    void value(const std::string& pointer) {
        space();
        const auto [known, added] = lines.of.try_emplace(pointer, line_);
        if (!added && lines.twice.empty()) {
            lines.twice = pointer;
            known->second = line_;
        }
        if (peek() == '"') {
            word();
        } else if (peek() == '{' || peek() == '[') {
            inside(pointer, peek() == '{' ? '}' : ']');
        } else {
            while (at_ < text_.size() && std::string_view(" \t\r\n,]}").find(peek()) == text_.npos)
                next();
        }
    }

    void inside(const std::string& pointer, char end) {
        next();
        for (size_t i = 0;; ++i) {
            space();
            if (peek() == ',') next();
            space();
            if (peek() == end || peek() == '\0') break;
            std::string name = std::to_string(i);
            if (end == '}') {
                name = word();
                space();
                next();  // the colon
            }
            value(pointer + "/" + name);
        }
        next();
    }

    std::string_view text_;
    size_t at_ = 0;
    int line_ = 1;
};

}  // namespace

JsonLines json_lines(std::string_view text) {
    return Scanner(text).lines;
}

}  // namespace model
