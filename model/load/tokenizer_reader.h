// How a tokenizer is read from the files of a folder.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "model/load/tokenizer_steps.h"

namespace model {

// Reads a vocabulary and its merges, then what stands around; everything throws Error that names
// the file.
class TokenizerReader {
  public:
    explicit TokenizerReader(const std::filesystem::path& folder);

    void read_tokenizer_json(const std::filesystem::path& file);
    void read_vocabulary(const std::filesystem::path& file);
    void read_merges(const std::filesystem::path& file);
    Tokenizer finish();

  private:
    // Of tokenizer.json (tokenizer_settings.cpp): its model's kind, what a decoder does, what a
    // post-processor puts around a text.
    void read_kind(const nlohmann::json& model, const std::string& name);
    static void check_decoder(const nlohmann::json& described, const std::string& where);
    void read_template(const nlohmann::json& described, const std::string& where);
    // Of tokenizer_config.json and special_tokens_map.json.
    void read_added_tokens_decoder();
    void read_settings();
    std::string special_name(const char* key) const;
    int id_of(const std::string& spelling, const std::string& where) const;

    // A token of the vocabulary. strict: it must be spelled in byte letters.
    void add(int id, const std::string& spelling, const std::string& where, bool strict);
    // Of an added token: {"content": "<pad>", "lstrip": ...}.
    void add_token(int id, const nlohmann::json& described, const std::string& where);
    void add_merge(std::string_view left, std::string_view right, const std::string& where);
    void place(int id, const std::string& bytes, const std::string& where);
    void check_merges() const;

    std::filesystem::path settings_file_;
    std::filesystem::path merges_file_;               // empty: tokenizer.json
    nlohmann::json settings_, special_map_;           // empty objects where there are no such files
    std::unordered_map<std::string, int> spellings_;  // of the vocabulary, in byte letters
    std::unordered_map<std::string, int> added_;
    Tokenizer::Steps steps_;
    Tokenizer made_;
};

}  // namespace model
