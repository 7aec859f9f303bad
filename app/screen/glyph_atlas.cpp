#include "app/screen/glyph_atlas.h"

#include <GLFW/glfw3.h>
#include <ft2build.h>
#include FT_FREETYPE_H
#include FT_OUTLINE_H

#include <algorithm>
#include <cmath>
#include <numbers>

#include "model/base/error.h"

namespace app {

namespace {

constexpr int margin = 1;     // between pictures, against bleeding where text is turned
constexpr int white_w = 4;    // the opaque corner
constexpr int size_unit = 8;  // sizes are told apart to an eighth of a pixel

}  // namespace

GlyphAtlas::GlyphAtlas(int side) : side_(side) {
    model::check(FT_Init_FreeType(&library_) == 0, "FreeType starts");
    glGenTextures(1, &texture_);
    glBindTexture(GL_TEXTURE_2D, texture_);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_NEAREST);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_NEAREST);
    clear();
}

GlyphAtlas::~GlyphAtlas() {
    for (const auto& [file, face] : faces_) FT_Done_Face(face);
    FT_Done_FreeType(library_);
    glDeleteTextures(1, &texture_);
}

void GlyphAtlas::clear() {
    images_.clear();
    shelf_x_ = shelf_y_ = shelf_h_ = 0;
    overflowed_ = false;
    const std::vector<uint8_t> nothing(static_cast<size_t>(side_) * static_cast<size_t>(side_) * 4);
    glBindTexture(GL_TEXTURE_2D, texture_);
    glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA, side_, side_, 0, GL_RGBA, GL_UNSIGNED_BYTE,
                 nothing.data());
    const std::vector<uint8_t> opaque(size_t{white_w} * white_w, 255);
    int x = 0, y = 0;
    place(white_w, white_w, x, y);
    upload(x, y, white_w, white_w, opaque.data(), white_w);
}

void GlyphAtlas::make_room() {
    if (overflowed_) clear();
}

viz::Point GlyphAtlas::white() const {
    const float middle = (margin + white_w / 2.0f) / static_cast<float>(side_);
    return {middle, middle};
}

const GlyphImage* GlyphAtlas::find(const viz::FontFile& file, unsigned glyph, float size,
                                   int degrees, int phase_x, int phase_y) {
    const int units = std::max(1, static_cast<int>(std::lround(size * size_unit)));
    const Key key{&file, glyph, units, degrees, phase_x, phase_y};
    auto known = images_.find(key);
    if (known == images_.end()) {
        FT_FaceRec_* drawn_by = face(file);
        if (!drawn_by) return nullptr;
        known = images_.emplace(key, draw(drawn_by, key)).first;
    }
    return known->second.box.w > 0 ? &known->second : nullptr;
}

FT_FaceRec_* GlyphAtlas::face(const viz::FontFile& file) {
    const auto [known, added] = faces_.try_emplace({file.path, file.index}, nullptr);
    if (added && FT_New_Face(library_, file.path.c_str(), file.index, &known->second) != 0) {
        known->second = nullptr;
    }
    return known->second;
}

GlyphImage GlyphAtlas::draw(FT_FaceRec_* face, const Key& key) {
    // Level text is hinted in height alone: lines are crisp, widths stay those of viz/paint/font.
    const int hinting = key.degrees == 0 ? FT_LOAD_TARGET_LIGHT : FT_LOAD_NO_HINTING;
    if (FT_Set_Char_Size(face, 0, key.size * 64 / size_unit, 72, 72) != 0 ||
        FT_Load_Glyph(face, key.glyph, static_cast<FT_Int32>(hinting | FT_LOAD_NO_BITMAP)) != 0 ||
        face->glyph->format != FT_GLYPH_FORMAT_OUTLINE) {
        return {};
    }
    FT_Outline& outline = face->glyph->outline;
    if (key.degrees != 0) {
        const double angle = key.degrees * std::numbers::pi / 180;
        const auto along = static_cast<FT_Fixed>(std::cos(angle) * 0x10000);
        const auto up = static_cast<FT_Fixed>(std::sin(angle) * 0x10000);
        const FT_Matrix turn{along, -up, up, along};
        FT_Outline_Transform(&outline, &turn);
    }
    FT_Outline_Translate(&outline, key.phase_x * 64 / phases, -key.phase_y * 64 / phases);
    if (FT_Render_Glyph(face->glyph, FT_RENDER_MODE_NORMAL) != 0) return {};
    const FT_Bitmap& bitmap = face->glyph->bitmap;
    const int w = static_cast<int>(bitmap.width), h = static_cast<int>(bitmap.rows);
    if (w == 0 || h == 0) return {};
    int x = 0, y = 0;
    if (!place(w, h, x, y)) {
        overflowed_ = true;
        return {};
    }
    upload(x, y, w, h, bitmap.buffer, bitmap.pitch);
    auto real = [](int v) { return static_cast<float>(v); };
    return {{real(face->glyph->bitmap_left), real(-face->glyph->bitmap_top), real(w), real(h)},
            {real(x) / real(side_), real(y) / real(side_), real(w) / real(side_),
             real(h) / real(side_)}};
}

bool GlyphAtlas::place(int w, int h, int& x, int& y) {
    if (shelf_x_ + w + 2 * margin > side_) {
        shelf_y_ += shelf_h_ + margin;
        shelf_x_ = shelf_h_ = 0;
    }
    if (w + 2 * margin > side_ || shelf_y_ + h + 2 * margin > side_) return false;
    x = shelf_x_ + margin;
    y = shelf_y_ + margin;
    shelf_x_ += w + margin;
    shelf_h_ = std::max(shelf_h_, h);
    return true;
}

void GlyphAtlas::upload(int x, int y, int w, int h, const uint8_t* alpha, int pitch) {
    std::vector<uint8_t> pixels(static_cast<size_t>(w) * h * 4, 255);
    for (int row = 0; row < h; ++row) {
        for (int col = 0; col < w; ++col) {
            pixels[(static_cast<size_t>(row) * w + col) * 4 + 3] = alpha[row * pitch + col];
        }
    }
    glBindTexture(GL_TEXTURE_2D, texture_);
    glTexSubImage2D(GL_TEXTURE_2D, 0, x, y, w, h, GL_RGBA, GL_UNSIGNED_BYTE, pixels.data());
}

}  // namespace app
