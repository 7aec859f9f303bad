#include "model/load/added_tokens.h"

#include <algorithm>

#include "model/load/tokenizer_parts.h"
#include "model/load/unicode.h"

namespace model {

namespace {

Character last_character(std::string_view text) {
    for (size_t bytes = 1; bytes <= std::min<size_t>(4, text.size()); ++bytes) {
        const Character c = first_character(text.substr(text.size() - bytes));
        if (c.bytes == bytes) return c;
    }
    return {};
}

size_t spaces_before(std::string_view text) {
    const size_t all = text.size();
    while (true) {
        const Character c = last_character(text);
        if (c.bytes == 0 || !is_white_space(c.code)) return all - text.size();
        text.remove_suffix(c.bytes);
    }
}

size_t spaces_after(std::string_view text) {
    const size_t all = text.size();
    while (true) {
        const Character c = first_character(text);
        if (c.bytes == 0 || !is_white_space(c.code)) return all - text.size();
        text.remove_prefix(c.bytes);
    }
}

bool is_word(const Character& c) {
    return c.bytes > 0 && is_word_character(c.code);
}

}  // namespace

void AddedTokens::add(AddedToken token) {
    uint32_t at = 0;
    for (const char c : token.spelling) {
        const auto byte = static_cast<unsigned char>(c);
        auto& next = nodes_[at].next;
        const auto found =
            std::ranges::find(next, byte, &std::pair<unsigned char, uint32_t>::first);
        if (found != next.end()) {
            at = found->second;
            continue;
        }
        const auto made = static_cast<uint32_t>(nodes_.size());
        next.emplace_back(byte, made);
        nodes_.emplace_back();
        at = made;
    }
    nodes_[at].token = static_cast<int>(tokens_.size());
    tokens_.push_back(std::move(token));
}

const AddedToken* AddedTokens::longest_at(std::string_view text) const {
    const AddedToken* longest = nullptr;
    uint32_t at = 0;
    for (const char c : text) {
        const auto& next = nodes_[at].next;
        const auto found = std::ranges::find(next, static_cast<unsigned char>(c),
                                             &std::pair<unsigned char, uint32_t>::first);
        if (found == next.end()) break;
        at = found->second;
        if (nodes_[at].token >= 0) longest = &tokens_[static_cast<size_t>(nodes_[at].token)];
    }
    return longest;
}

std::vector<AddedTokens::Stretch> AddedTokens::split(std::string_view text) const {
    std::vector<Stretch> stretches;
    size_t done = 0;
    const auto ordinary_up_to = [&](size_t end) {
        if (end > done) stretches.push_back({done, end, -1});
    };
    for (size_t at = 0; !tokens_.empty() && at < text.size();) {
        const AddedToken* found = longest_at(text.substr(at));
        if (!found) {
            ++at;
            continue;
        }
        size_t begin = at, end = at + found->spelling.size();
        at = end;
        if (found->single_word && (is_word(last_character(text.substr(0, begin))) ||
                                   is_word(first_character(text.substr(end))))) {
            continue;  // a part of a word, like any other text
        }
        if (found->left_strip) begin = std::max(done, begin - spaces_before(text.substr(0, begin)));
        if (found->right_strip) end += spaces_after(text.substr(end));
        ordinary_up_to(begin);
        stretches.push_back({begin, end, found->id});
        at = done = end;
    }
    ordinary_up_to(text.size());
    return stretches;
}

}  // namespace model
