#define PCRE2_CODE_UNIT_WIDTH 8
#include "model/load/text_pattern.h"

#include <pcre2.h>

#include <new>
#include <string_view>

#include "model/base/error.h"

namespace model {

namespace {

// What stands for a class of characters, as Oniguruma has it in Unicode. PCRE2's own \s also holds
// U+180E, which is no white space, its \w no marks, and its \h is another thing.
std::string_view members(char letter) {
    switch (letter) {
        case 's':
        case 'S':
            return R"(\t-\r\x{85}\p{Z})";
        case 'w':
        case 'W':
            return R"(\p{L}\p{M}\p{Nd}\p{Pc})";
        case 'h':
        case 'H':
            return "0-9A-Fa-f";
        default:
            return "";
    }
}

// These written out; the negated ones outside a class alone.
std::string spelled_out(const std::string& pattern) {
    std::string out;
    int depth = 0;  // of classes
    for (size_t i = 0; i < pattern.size(); ++i) {
        const char c = pattern[i];
        if (c == '\\' && i + 1 < pattern.size()) {
            const char next = pattern[++i];
            const std::string known(members(next));
            const bool negated = next >= 'A' && next <= 'Z';
            if (known.empty() || (negated && depth > 0)) {
                out += {c, next};
            } else {
                out += depth > 0 ? known : (negated ? "[^" : "[") + known + "]";
            }
            continue;
        }
        if (c == '[' && (depth == 0 || pattern.compare(i, 2, "[:") == 0)) ++depth;
        if (c == ']' && depth > 0) --depth;
        out += c;
    }
    return out;
}

constexpr uint32_t most_steps = 2'000'000;  // of one match

}  // namespace

struct TextPattern::Code {
    pcre2_code* code = nullptr;
    pcre2_match_context* limits = nullptr;

    Code(const std::string& pattern, uint32_t options, const std::string& where) {
        int error = 0;
        PCRE2_SIZE offset = 0;
        code = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(),
                             PCRE2_UTF | options, &error, &offset, nullptr);
        if (!code) {
            PCRE2_UCHAR why[200];
            pcre2_get_error_message(error, why, sizeof why);
            throw Error(where +
                        ": the pattern cannot be read: " + reinterpret_cast<const char*>(why));
        }
        // Without a JIT on this machine the interpreter matches the same.
        pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
        limits = pcre2_match_context_create(nullptr);
        if (!limits) throw std::bad_alloc();
        pcre2_set_match_limit(limits, most_steps);
    }
    ~Code() {
        pcre2_code_free(code);
        pcre2_match_context_free(limits);
    }
    Code(const Code&) = delete;
    Code& operator=(const Code&) = delete;
};

TextPattern TextPattern::regex(const std::string& pattern, const std::string& where) {
    return TextPattern(
        std::make_shared<const Code>(spelled_out(pattern), PCRE2_UCP | PCRE2_MULTILINE, where));
}

TextPattern TextPattern::literal(const std::string& text, const std::string& where) {
    return TextPattern(std::make_shared<const Code>(text, PCRE2_LITERAL, where));
}

const TextPattern& TextPattern::gpt2() {
    static const TextPattern pattern =
        regex(R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)",
              "GPT-2's pattern");
    return pattern;
}

TextPattern::Matcher::Matcher(const TextPattern& pattern, std::string_view text)
    : code_(*pattern.code_), text_(text), match_(pcre2_match_data_create(1, nullptr)) {
    if (!match_) throw std::bad_alloc();
}

TextPattern::Matcher::~Matcher() {
    pcre2_match_data_free(static_cast<pcre2_match_data*>(match_));
}

bool TextPattern::Matcher::next(size_t& begin, size_t& end) {
    auto* match = static_cast<pcre2_match_data*>(match_);
    while (at_ < text_.size()) {
        const int found =
            pcre2_match(code_.code, reinterpret_cast<PCRE2_SPTR>(text_.data()), text_.size(), at_,
                        PCRE2_NO_UTF_CHECK | PCRE2_NOTEMPTY, match, code_.limits);
        if (found == PCRE2_ERROR_NOMATCH) return false;
        if (found < 0) throw Error("tokenizer: its pattern takes too long on this text");
        const PCRE2_SIZE* ends = pcre2_get_ovector_pointer(match);
        begin = ends[0];
        at_ = end = ends[1];
        if (end > begin) return true;
        return false;  // \K moved the beginning behind the end: no pattern of a tokenizer
    }
    return false;
}

}  // namespace model
