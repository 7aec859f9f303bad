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

    void encode_ordinary(std::string_view text, std::vector<int>& ids) const;
    void encode_valid(std::string_view text, std::vector<int>& ids) const;
    void encode_word(std::string_view word, std::vector<int>& ids) const;
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
