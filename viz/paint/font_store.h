// The fonts that are in use: where each file and each character of a face is found. For
// viz/paint/font alone.
#pragma once

#include <array>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "viz/paint/font.h"

struct FT_FaceRec_;
struct FT_LibraryRec_;

namespace viz {

struct Font {
    FontFile file;
    FT_FaceRec_* face = nullptr;

    float ems(long units) const;
};

// Where a character of a face is found, and how far it moves on.
struct Character {
    const Font* font;
    unsigned index;
    float advance;  // in ems
};

// Every font that was needed so far. One lock covers it, because a FreeType face may serve only one
// thread at a time.
class FontStore {
  public:
    // The one that all use; never destroyed: a worker may still be measuring when the program ends.
    template <typename Use>
    static auto with(Use use) {
        FontStore& store = all();
        const std::lock_guard lock(store.mutex_);
        return use(store);
    }

    void set_folder(const std::filesystem::path& folder);
    const Font& of(Face face);
    const Font& load(const FontFile& file);
    const Character& find(Face face, char32_t code);
    // A character in another font than its own; `otherwise` where that lacks it.
    const Character& find_in(const Font& font, char32_t code, const Character& otherwise);

    void note_missing(char32_t code);
    std::string take_missing();

  private:
    FontStore();
    static FontStore& all();
    FontFile own_file(const char* name) const;
    Character look_up(Face face, char32_t code);

    std::mutex mutex_;
    FT_LibraryRec_* library_ = nullptr;
    std::filesystem::path folder_;
    std::vector<std::unique_ptr<Font>> fonts_;
    std::array<const Font*, 4> faces_{};
    std::unordered_map<uint32_t, Character> characters_;
    std::map<std::pair<const Font*, char32_t>, Character> borrowed_;
    std::set<char32_t> told_;        // that no font has
    std::vector<char32_t> missing_;  // of these, what was not taken yet
};

}  // namespace viz
