// A regular expression, or a literal, of a tokenizer's file.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace model {

class TextPattern {
  public:
    // `pattern` as Oniguruma, which Hugging Face uses, understands it. Throws Error that begins
    // with `where`.
    static TextPattern regex(const std::string& pattern, const std::string& where);
    static TextPattern literal(const std::string& text, const std::string& where);
    // GPT-2's own: words with the space before them, numbers, the rest, white space.
    static const TextPattern& gpt2();

    // Calls visit(begin, end) for each match that is not empty, in order; they do not overlap. The
    // text is well-formed UTF-8. Throws Error where a match takes too long.
    template <typename Visit>
    void each_match(std::string_view text, const Visit& visit) const {
        Matcher matcher(*this, text);
        size_t begin = 0, end = 0;
        while (matcher.next(begin, end)) visit(begin, end);
    }

  private:
    struct Code;
    class Matcher {
      public:
        Matcher(const TextPattern& pattern, std::string_view text);
        ~Matcher();
        Matcher(const Matcher&) = delete;
        Matcher& operator=(const Matcher&) = delete;
        bool next(size_t& begin, size_t& end);

      private:
        const Code& code_;
        std::string_view text_;
        size_t at_ = 0;
        void* match_;
    };

    explicit TextPattern(std::shared_ptr<const Code> code) : code_(std::move(code)) {}
    std::shared_ptr<const Code> code_;
};

}  // namespace model
