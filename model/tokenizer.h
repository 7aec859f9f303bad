// Byte-level BPE (Radford et al. 2019): text to ids and back, and how a token is shown.
#pragma once

#include <filesystem>
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
    void add(int id, const std::string& spelling, bool special);
    void encode_ordinary(std::string_view text, std::vector<int>& ids) const;
    void encode_word(std::string_view word, std::vector<int>& ids) const;

    std::vector<std::string> bytes_;                        // id -> bytes
    std::unordered_map<std::string, int> ids_;              // spelling in byte letters -> id
    std::unordered_map<std::string, int> merge_rank_;       // "left right" -> rank
    std::map<std::string, int, std::greater<>> specials_;   // spelling -> id
    std::shared_ptr<const Pattern> pattern_;
};

// `text` with what cannot be drawn made visible, as Tokenizer::shown does.
std::string shown_text(std::string_view text);

}  // namespace model
