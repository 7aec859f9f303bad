// Glyphs as pictures in one texture, drawn by FreeType when they are first asked for: any size and
// angle, any character that viz/paint/font finds a file for, at quarter pixels, so that the window
// spaces text as every other canvas does and every picture lands on whole pixels.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "viz/paint/font.h"
#include "viz/paint/geometry.h"

struct FT_LibraryRec_;
struct FT_FaceRec_;

namespace app {

// Where the picture of a glyph lies, in pixels from its pen and as texture coordinates.
struct GlyphImage {
    viz::Rect box;
    viz::Rect uv;
};

class GlyphAtlas {
  public:
    static constexpr int phases = 4;  // places within a pixel at which a glyph is drawn

    // `side`: pixels of the texture's sides. Needs a current OpenGL context, as does the
    // destructor.
    explicit GlyphAtlas(int side);
    ~GlyphAtlas();
    GlyphAtlas(const GlyphAtlas&) = delete;
    GlyphAtlas& operator=(const GlyphAtlas&) = delete;

    unsigned texture() const { return texture_; }
    // A place in the texture that is opaque: shapes drawn with it need no other texture.
    viz::Point white() const;
    // Null where there is nothing to draw, or no room. `size` in pixels an em, `degrees`
    // counterclockwise, phases right and down of the pen's pixel.
    const GlyphImage* find(const viz::FontFile& file, unsigned glyph, float size, int degrees,
                           int phase_x, int phase_y);
    // Starts anew when the last frame found no room. Call between frames.
    void make_room();
    bool overflowed() const { return overflowed_; }

  private:
    const int side_;
    struct Key {
        const viz::FontFile* file;
        unsigned glyph;
        int size, degrees, phase_x, phase_y;
        bool operator==(const Key&) const = default;
    };
    // Asked for each letter of each frame.
    struct KeyHash {
        size_t operator()(const Key& key) const {
            const auto place = static_cast<uint64_t>(key.degrees + 360) * phases * phases +
                               static_cast<uint64_t>(key.phase_y * phases + key.phase_x);
            const uint64_t bits = (uint64_t{key.glyph} << 40) ^
                                  (static_cast<uint64_t>(key.size) << 20) ^ place ^
                                  (reinterpret_cast<uintptr_t>(key.file) << 8);
            return (bits * 0x9e3779b97f4a7c15ull) >> 16;
        }
    };

    FT_FaceRec_* face(const viz::FontFile& file);
    GlyphImage draw(FT_FaceRec_* face, const Key& key);
    bool place(int w, int h, int& x, int& y);
    void upload(int x, int y, int w, int h, const uint8_t* alpha, int pitch);
    void clear();

    FT_LibraryRec_* library_ = nullptr;
    unsigned texture_ = 0;
    std::map<std::pair<std::string, int>, FT_FaceRec_*> faces_;
    std::unordered_map<Key, GlyphImage, KeyHash> images_;
    int shelf_x_ = 0, shelf_y_ = 0, shelf_h_ = 0;  // the row of pictures that is being filled
    bool overflowed_ = false;
};

}  // namespace app
