// Byte-level BPE (Radford et al. 2019): text to ids and back, and how a token is shown.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace model {

// A stretch of a text that is encoded by itself: what the pre-tokenizer's pattern cuts out, a
// special token, or a byte that is no character.
struct Word {
    enum class Kind { ordinary, special, byte };
    Kind kind = Kind::ordinary;
    size_t begin = 0, end = 0;               // bytes of the text
    size_t first_token = 0, last_token = 0;  // of encode(text): [first, last)
};

// A word after one merge: neighbouring tokens, of which one has just been made.
struct MergeStep {
    std::vector<int> ids;  // of the pieces, in order
    int rank = -1;         // of the merge in the list, from 0; -1: the word as bytes, before any
    size_t made = 0;       // index of the piece that was made
};

class Tokenizer {
  public:
    // Reads tokenizer.json, or vocab.json + merges.txt, or encoder.json + vocab.bpe. Throws Error
    // that names the file, and the line where a merge is at fault.
    static Tokenizer load(const std::filesystem::path& folder);
    // Whether a folder holds tokenizer files at all.
    static bool present(const std::filesystem::path& folder);

    // Ids of a text. Special tokens ("<|endoftext|>") are recognised by their spelling. Any bytes
    // may be given; what is not UTF-8 is encoded byte by byte.
    std::vector<int> encode(std::string_view text) const;

    // The words of a text, in order and without gaps; their tokens are those of encode(text).
    std::vector<Word> words(std::string_view text) const;
    // How an ordinary word becomes tokens: its bytes, then one state for every merge, in the order
    // in which they are done. The last one is what encode() makes of the word.
    std::vector<MergeStep> merges(std::string_view word) const;
    int merge_count() const { return static_cast<int>(merges_.size()); }

    int size() const { return static_cast<int>(bytes_.size()); }
    bool special(int id) const;
    // The bytes an id stands for; a special token's spelling. Ids outside give "".
    const std::string& bytes(int id) const;
    std::string decode(const std::vector<int>& ids) const;
    // Printable UTF-8 of one token: space as "␣", newline as "⏎", tab as "⇥", bytes that are
    // no character by themselves as "\xE2".
    std::string shown(int id) const;

  private:
    struct Pattern;  // the compiled regular expression
    struct Merge {
        int rank = 0;  // the lowest is done first
        int id = 0;    // what the pair becomes
    };

    void read_tokenizer_json(const std::filesystem::path& file);
    void read_vocabulary(const std::filesystem::path& file);
    void read_merges(const std::filesystem::path& file);
    // Both throw Error that begins with `where`.
    void add(int id, const std::string& spelling, bool special, const std::string& where);
    void add_merge(std::string_view left, std::string_view right, const std::string& where);

    // Calls visit(word) for each word; token ranges are not set.
    template <typename Visit>
    void split(std::string_view text, const Visit& visit) const;
    template <typename Visit>
    void split_ordinary(std::string_view text, size_t begin, size_t end, const Visit& visit) const;
    template <typename Visit>
    void split_valid(std::string_view text, size_t begin, size_t end, const Visit& visit) const;
    template <typename Visit>
    void encode_words(std::string_view text, std::vector<int>& ids, const Visit& visit) const;
    void encode_word(std::string_view word, std::vector<int>& ids,
                     std::vector<MergeStep>* steps = nullptr) const;
    int byte_id(char byte) const;

    std::vector<std::string> bytes_;                       // id -> bytes
    std::unordered_map<std::string, int> ids_;             // bytes -> id, without specials
    std::unordered_map<uint64_t, Merge> merges_;           // a pair of ids, as pair_key() packs it
    std::map<std::string, int, std::greater<>> specials_;  // spelling -> id; longer ones come first
    std::shared_ptr<const Pattern> pattern_;
};

// `text` with what cannot be drawn made visible, as Tokenizer::shown does.
std::string shown_text(std::string_view text);

}  // namespace model
