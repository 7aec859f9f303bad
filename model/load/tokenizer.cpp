#include "model/load/tokenizer.h"

#include <algorithm>
#include <cstdio>
#include <deque>
#include <queue>
#include <utility>

#include "model/base/error.h"
#include "model/load/tokenizer_parts.h"
#include "model/load/tokenizer_steps.h"

namespace model {

std::vector<int> Tokenizer::encode(std::string_view text) const {
    std::vector<int> ids = front_;
    encode_words(text, As::prompt, ids, [](const Word&) {});
    ids.insert(ids.end(), tail_.begin(), tail_.end());
    return ids;
}

std::vector<int> Tokenizer::encode_part(std::string_view text) const {
    std::vector<int> ids;
    encode_words(text, As::part, ids, [](const Word&) {});
    return ids;
}

bool Tokenizer::changes_prompts() const {
    return !front_.empty() || !tail_.empty() || !steps_->normalizers.empty() ||
           steps_->pre.prefix_space;
}

std::vector<Word> Tokenizer::words(std::string_view text) const {
    std::vector<int> ids;
    std::vector<Word> found;
    encode_words(text, As::given, ids, [&](const Word& word) { found.push_back(word); });
    return found;
}

std::vector<MergeStep> Tokenizer::merges(std::string_view word) const {
    std::vector<int> ids;
    std::vector<MergeStep> steps;
    encode_word(word, ids, &steps);
    return steps;
}

template <typename Visit>
void Tokenizer::encode_words(std::string_view text, As as, std::vector<int>& ids,
                             const Visit& visit) const {
    // Words met before: where their ids stand in `ids`, and how many.
    std::unordered_map<std::string_view, std::pair<size_t, size_t>> seen;
    split(text, as, [&](Word word, std::string_view bytes, int id) {
        word.first_token = ids.size();
        if (word.kind == Word::Kind::special) {
            ids.push_back(id);
        } else if (word.kind == Word::Kind::byte) {
            ids.push_back(byte_id(bytes[0]));
        } else if (const auto known = seen.find(bytes); known != seen.end()) {
            const auto [begin, count] = known->second;
            for (size_t i = begin; i < begin + count; ++i) ids.push_back(ids[i]);
        } else {
            encode_word(bytes, ids);
            seen.emplace(bytes, std::pair{word.first_token, ids.size() - word.first_token});
        }
        word.last_token = ids.size();
        visit(word);
    });
}

namespace {

// Normalizers and patterns are for characters: what is none goes byte by byte between the runs.
template <typename Run, typename Byte>
void each_run(std::string_view text, const Run& run, const Byte& byte) {
    size_t begin = 0;
    for (size_t at = 0; at < text.size();) {
        const size_t bytes = first_character(text.substr(at)).bytes;
        if (bytes > 0) {
            at += bytes;
            continue;
        }
        if (at > begin) run(begin, at);
        byte(at);
        begin = ++at;
    }
    if (text.size() > begin) run(begin, text.size());
}

}  // namespace

// What is made of the text on the way lives until the last word was visited. Of a text that is
// given, words know where they stand in it.
template <typename Visit>
void Tokenizer::split(std::string_view text, As as, const Visit& visit) const {
    std::deque<std::string> made;
    const auto word = [&](Word::Kind kind, std::string_view bytes, int id = -1) {
        const bool inside = as == As::given;
        const size_t begin = inside ? static_cast<size_t>(bytes.data() - text.data()) : 0;
        visit(Word{kind, begin, inside ? begin + bytes.size() : 0}, bytes, id);
    };
    const auto cut = [&](std::string_view piece) {
        if (as == As::prompt && steps_->pre.prefix_space && !piece.starts_with(' ')) {
            piece = made.emplace_back(" " + std::string(piece));
        }
        if (!steps_->pre.gpt2_pattern) return word(Word::Kind::ordinary, piece);
        size_t done = 0;
        TextPattern::gpt2().each_match(piece, [&](size_t begin, size_t end) {
            check(begin == done, "GPT-2's pattern matches any text");
            word(Word::Kind::ordinary, piece.substr(begin, end - begin));
            done = end;
        });
        check(done == piece.size(), "GPT-2's pattern matches any text");
    };
    const auto ordinary = [&](std::string_view run) {
        if (as != As::given) {
            for (const Normalizer& normalizer : steps_->normalizers) {
                run = made.emplace_back(normalizer(run));
            }
        }
        for (const AddedTokens::Stretch& stretch : steps_->added_normalized.split(run)) {
            const std::string_view bytes = run.substr(stretch.begin, stretch.end - stretch.begin);
            if (stretch.id >= 0) {
                word(Word::Kind::special, bytes, stretch.id);
                continue;
            }
            for (const std::string_view piece : pieces_of(steps_->pre, bytes)) cut(piece);
        }
    };
    for (const AddedTokens::Stretch& stretch : steps_->added.split(text)) {
        const std::string_view bytes = text.substr(stretch.begin, stretch.end - stretch.begin);
        if (stretch.id >= 0) {
            word(Word::Kind::special, bytes, stretch.id);
            continue;
        }
        each_run(
            bytes, [&](size_t begin, size_t end) { ordinary(bytes.substr(begin, end - begin)); },
            [&](size_t at) { word(Word::Kind::byte, bytes.substr(at, 1)); });
    }
}

// Merges the pair of lowest rank, leftmost first, until none is left. The symbols are a linked
// list and the pairs a heap, so that a word of n bytes takes O(n log n).
void Tokenizer::encode_word(std::string_view word, std::vector<int>& ids,
                            std::vector<MergeStep>* steps) const {
    struct Symbol {
        int id;  // -1 once it has become part of its left neighbour
        size_t previous, next;
    };
    if (ignore_merges_) {
        if (const auto whole = ids_.find(std::string(word)); whole != ids_.end()) {
            if (steps) steps->push_back({{whole->second}, -1, 0});
            ids.push_back(whole->second);
            return;
        }
    }
    std::vector<Symbol> symbols;
    symbols.reserve(word.size());
    for (const char byte : word) {
        const int id = byte_id(byte);
        const bool fused =
            id == unknown_ && fuse_unknown_ && !symbols.empty() && symbols.back().id == unknown_;
        if (!fused) symbols.push_back({id, symbols.size() - 1, symbols.size() + 1});
    }
    const size_t count = symbols.size();

    auto merge_at = [&](size_t i) -> const Merge* {
        if (i >= count || symbols[i].id < 0 || symbols[i].next >= count) return nullptr;
        const auto found = merges_.find(pair_key(symbols[i].id, symbols[symbols[i].next].id));
        return found == merges_.end() ? nullptr : &found->second;
    };
    using Candidate = std::pair<int, size_t>;  // rank, left symbol
    std::priority_queue<Candidate, std::vector<Candidate>, std::greater<>> candidates;
    auto consider = [&](size_t i) {
        if (const Merge* merge = merge_at(i)) candidates.emplace(merge->rank, i);
    };
    auto note = [&](int rank, size_t made) {
        if (!steps) return;
        MergeStep step{{}, rank, 0};
        for (size_t i = 0; i < count; i = symbols[i].next) {
            if (i == made) step.made = step.ids.size();
            step.ids.push_back(symbols[i].id);
        }
        steps->push_back(std::move(step));
    };
    for (size_t i = 0; i < count; ++i) consider(i);
    note(-1, 0);
    while (!candidates.empty()) {
        const auto [rank, i] = candidates.top();
        candidates.pop();
        const Merge* merge = merge_at(i);
        if (!merge || merge->rank != rank) continue;  // a neighbour was merged since
        Symbol& left = symbols[i];
        Symbol& right = symbols[left.next];
        left.id = merge->id;
        left.next = right.next;
        right.id = -1;
        if (left.next < count) symbols[left.next].previous = i;
        consider(left.previous);
        consider(i);
        note(rank, i);
    }
    for (size_t i = 0; i < count; i = symbols[i].next) ids.push_back(symbols[i].id);
}

int Tokenizer::byte_id(char byte) const {
    const auto found = ids_.find(std::string(1, byte));
    if (found == ids_.end()) {
        if (unknown_ >= 0) return unknown_;
        char hex[8];
        std::snprintf(hex, sizeof hex, "0x%02X", static_cast<unsigned char>(byte));
        throw Error(std::string("the text cannot be encoded: the vocabulary has no token for the "
                                "byte ") +
                    hex);
    }
    return found->second;
}

bool Tokenizer::special(int id) const {
    return id >= 0 && static_cast<size_t>(id) < added_.size() && added_[static_cast<size_t>(id)];
}

const std::string& Tokenizer::bytes(int id) const {
    static const std::string none;
    return id >= 0 && id < size() ? bytes_[static_cast<size_t>(id)] : none;
}

std::string Tokenizer::decode(const std::vector<int>& ids) const {
    std::string text;
    for (const int id : ids) text += bytes(id);
    return text;
}

std::string Tokenizer::shown(int id) const {
    return shown_text(bytes(id));
}

std::string shown_text(std::string_view text) {
    std::string shown;
    while (!text.empty()) {
        const Character c = first_character(text);
        const size_t bytes = std::max<size_t>(c.bytes, 1);
        const std::string escape = escape_of(c, text);
        if (c.code == ' ' && c.bytes > 0) {
            shown += "␣";
        } else if (c.code == '\n') {
            shown += "⏎";
        } else if (c.code == '\t') {
            shown += "⇥";
        } else {
            shown += escape.empty() ? text.substr(0, bytes) : escape;
        }
        text.remove_prefix(bytes);
    }
    return shown;
}

}  // namespace model
