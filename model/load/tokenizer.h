// Byte-level BPE (Radford et al. 2019), with what Hugging Face's files say happens before and
// after: text to ids and back, and how a token is shown.
#pragma once

#include <cstdint>
#include <filesystem>
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
    // Reads tokenizer.json, or vocab.json + merges.txt, or encoder.json + vocab.bpe, and what
    // tokenizer_config.json says of them. Throws Error that names the file, and the line where a
    // merge is at fault; also for other kinds of tokenizers.
    static Tokenizer load(const std::filesystem::path& folder);
    // Whether a folder holds tokenizer files at all, of whatever kind.
    static bool present(const std::filesystem::path& folder);

    // Ids of a prompt: added tokens ("<|endoftext|>") are recognised by their spelling, the rest is
    // normalised, split and merged, and the tokens that a template asks for stand around it. Any
    // bytes may be given; what is not UTF-8 is encoded byte by byte.
    std::vector<int> encode(std::string_view text) const;
    // Of a part of a text: nothing stands around it, nor a space before it.
    std::vector<int> encode_part(std::string_view text) const;
    // Whether normalizers, a space or a template make a prompt another text than was typed.
    bool changes_prompts() const;

    // The words of a text that is a prompt already, in order: nothing is normalised. A splitter may
    // leave characters out.
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
    struct Steps;  // what happens to a text before its pairs are merged
    struct Merge {
        int rank = 0;  // the lowest is done first
        int id = 0;    // what the pair becomes
    };
    enum class As { prompt, part, given };
    friend class TokenizerReader;

    // Calls visit(word, bytes, id) for each word; id: of an added token. Token ranges are not set.
    template <typename Visit>
    void split(std::string_view text, As as, const Visit& visit) const;
    template <typename Visit>
    void encode_words(std::string_view text, As as, std::vector<int>& ids,
                      const Visit& visit) const;
    void encode_word(std::string_view word, std::vector<int>& ids,
                     std::vector<MergeStep>* steps = nullptr) const;
    int byte_id(char byte) const;

    std::vector<std::string> bytes_;              // id -> bytes
    std::unordered_map<std::string, int> ids_;    // bytes -> id, without added tokens
    std::unordered_map<uint64_t, Merge> merges_;  // a pair of ids, as pair_key() packs it
    std::vector<bool> added_;                     // by id
    std::vector<int> front_, tail_;               // around a prompt
    bool ignore_merges_ = false;                  // where the vocabulary holds the whole word
    bool fuse_unknown_ = false;
    int unknown_ = -1;  // id for bytes that the vocabulary lacks
    std::shared_ptr<const Steps> steps_;
};

// `text` with what cannot be drawn made visible, as Tokenizer::shown does.
std::string shown_text(std::string_view text);

}  // namespace model
