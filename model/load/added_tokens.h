// Tokens that were added to a vocabulary: found in a text by their spelling, before it is split.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace model {

struct AddedToken {
    int id = 0;
    std::string spelling;
    bool left_strip = false, right_strip = false;  // takes the white space beside it in
    bool single_word = false;                      // not within a word
    bool normalized = false;  // is looked for in the text as the normalizers leave it
};

// A trie of spellings: what is found begins furthest to the left, and is the longest there.
class AddedTokens {
  public:
    void add(AddedToken token);
    bool empty() const { return tokens_.empty(); }

    // A stretch of a text: an added token's id, or -1 for what lies between.
    struct Stretch {
        size_t begin = 0, end = 0;
        int id = -1;
    };
    std::vector<Stretch> split(std::string_view text) const;

  private:
    struct Node {
        int token = -1;  // index of the one that ends here
        std::vector<std::pair<unsigned char, uint32_t>> next;
    };
    const AddedToken* longest_at(std::string_view text) const;

    std::vector<AddedToken> tokens_;
    std::vector<Node> nodes_{1};
};

}  // namespace model
