#include "model/load/unicode.h"

#include <utf8proc.h>

#include <cstdlib>
#include <new>

#include "model/base/error.h"
#include "model/load/tokenizer_parts.h"

namespace model {

namespace {

utf8proc_category_t category(char32_t code) {
    return utf8proc_category(static_cast<utf8proc_int32_t>(code));
}

bool is_mark(char32_t code) {
    const auto c = category(code);
    return c >= UTF8PROC_CATEGORY_MN && c <= UTF8PROC_CATEGORY_ME;
}

void append(std::string& text, char32_t code) {
    utf8proc_uint8_t bytes[4];
    const auto n = utf8proc_encode_char(static_cast<utf8proc_int32_t>(code), bytes);
    text.append(reinterpret_cast<const char*>(bytes), static_cast<size_t>(n));
}

template <typename Visit>
void for_each_character(std::string_view text, const Visit& visit) {
    while (!text.empty()) {
        const Character c = first_character(text);
        check(c.bytes > 0, "well-formed UTF-8");
        visit(c.code, text.substr(0, c.bytes));
        text.remove_prefix(c.bytes);
    }
}

}  // namespace

bool is_white_space(char32_t code) {
    return (code >= 9 && code <= 13) || code == 0x20 || code == 0x85 || code == 0xA0 ||
           code == 0x1680 || (code >= 0x2000 && code <= 0x200A) || code == 0x2028 ||
           code == 0x2029 || code == 0x202F || code == 0x205F || code == 0x3000;
}

bool is_word_character(char32_t code) {
    const auto c = category(code);
    const bool joins = code == 0x200C || code == 0x200D;
    return (c >= UTF8PROC_CATEGORY_LU && c <= UTF8PROC_CATEGORY_ND) || c == UTF8PROC_CATEGORY_NL ||
           c == UTF8PROC_CATEGORY_PC || joins;
}

bool is_number(char32_t code) {
    const auto c = category(code);
    return c >= UTF8PROC_CATEGORY_ND && c <= UTF8PROC_CATEGORY_NO;
}

std::string normal_form(std::string_view text, NormalForm form) {
    const bool composed = form == NormalForm::nfc || form == NormalForm::nfkc;
    const bool compatible = form == NormalForm::nfkc || form == NormalForm::nfkd;
    const int options = UTF8PROC_STABLE | (composed ? UTF8PROC_COMPOSE : UTF8PROC_DECOMPOSE) |
                        (compatible ? UTF8PROC_COMPAT : 0);
    utf8proc_uint8_t* result = nullptr;
    const auto size = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                   static_cast<utf8proc_ssize_t>(text.size()), &result,
                                   static_cast<utf8proc_option_t>(options));
    if (size == UTF8PROC_ERROR_NOMEM) throw std::bad_alloc();
    check(size >= 0, "utf8proc normalises what is well-formed");
    std::string normal(reinterpret_cast<const char*>(result), static_cast<size_t>(size));
    std::free(result);
    return normal;
}

std::string lower_case(std::string_view text) {
    std::string lower;
    for_each_character(text, [&](char32_t code, std::string_view) {
        // The one character that becomes two (SpecialCasing.txt).
        if (code == 0x130) {
            lower += "i\xCC\x87";
        } else {
            append(lower,
                   static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(code))));
        }
    });
    return lower;
}

std::string without_marks(std::string_view text) {
    std::string kept;
    for_each_character(text, [&](char32_t code, std::string_view bytes) {
        if (!is_mark(code)) kept += bytes;
    });
    return kept;
}

std::string_view without_space(std::string_view text, bool left, bool right) {
    size_t begin = std::string_view::npos, end = 0, at = 0;  // of what is no space
    for_each_character(text, [&](char32_t code, std::string_view bytes) {
        if (!is_white_space(code)) {
            if (begin == std::string_view::npos) begin = at;
            end = at + bytes.size();
        }
        at += bytes.size();
    });
    if (begin == std::string_view::npos) return left || right ? text.substr(0, 0) : text;
    if (!left) begin = 0;
    if (!right) end = text.size();
    return text.substr(begin, end - begin);
}

}  // namespace model
