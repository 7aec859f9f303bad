#include "viz/paint/shaping.h"

#include <fribidi.h>
#include <ft2build.h>
#include <hb-ft.h>
#include FT_FREETYPE_H

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <new>
#include <utility>

namespace viz {

namespace {

struct Free {
    void operator()(hb_buffer_t* buffer) const { hb_buffer_destroy(buffer); }
};

// In units of the face's own.
hb_font_t* font_of(FT_Face face) {
    static auto& fonts = *new std::map<FT_Face, hb_font_t*>;
    hb_font_t*& font = fonts[face];
    if (!font) {
        hb_face_t* const made = hb_ft_face_create_referenced(face);
        font = hb_font_create(made);
        hb_face_destroy(made);
    }
    return font;
}

std::vector<FriBidiLevel> levels_of(std::span<const char32_t> text) {
    const auto length = static_cast<FriBidiStrIndex>(text.size());
    const std::vector<FriBidiChar> characters(text.begin(), text.end());
    std::vector<FriBidiCharType> types(text.size());
    std::vector<FriBidiBracketType> brackets(text.size());
    std::vector<FriBidiLevel> levels(text.size());
    fribidi_get_bidi_types(characters.data(), length, types.data());
    fribidi_get_bracket_types(characters.data(), length, types.data(), brackets.data());
    FriBidiParType direction = FRIBIDI_PAR_LTR;
    if (fribidi_get_par_embedding_levels_ex(types.data(), brackets.data(), length, &direction,
                                            levels.data()) == 0) {
        throw std::bad_alloc();
    }
    return levels;
}

bool has_script(hb_script_t script) {
    return script != HB_SCRIPT_COMMON && script != HB_SCRIPT_INHERITED &&
           script != HB_SCRIPT_UNKNOWN;
}

struct Stretch {
    ShapedRun run;
    FriBidiLevel level = 0;
    hb_script_t script = HB_SCRIPT_COMMON;
};

std::vector<Stretch> stretches(std::span<const char32_t> text,
                               std::span<FT_FaceRec_* const> faces) {
    const std::vector<FriBidiLevel> levels = levels_of(text);
    std::vector<Stretch> all;
    for (size_t i = 0; i < text.size(); ++i) {
        const hb_script_t script = hb_unicode_script(hb_unicode_funcs_get_default(), text[i]);
        const bool goes_on =
            !all.empty() && all.back().level == levels[i] && all.back().run.face == faces[i] &&
            (!has_script(script) || !has_script(all.back().script) || all.back().script == script);
        if (!goes_on) {
            Stretch next;
            next.run.face = faces[i];
            next.run.begin = i;
            next.level = levels[i];
            all.push_back(std::move(next));
        }
        all.back().run.end = i + 1;
        if (has_script(script)) all.back().script = script;
    }
    return all;
}

// From the highest level down to the lowest odd one, what stands there is turned around (UAX 9,
// L2).
void put_in_order(std::vector<Stretch>& all) {
    FriBidiLevel highest = 0;
    for (const Stretch& stretch : all) highest = std::max(highest, stretch.level);
    for (int level = highest; level > 0; --level) {
        for (size_t i = 0; i < all.size();) {
            size_t end = i;
            while (end < all.size() && all[end].level >= level) ++end;
            std::reverse(all.begin() + static_cast<std::ptrdiff_t>(i),
                         all.begin() + static_cast<std::ptrdiff_t>(end));
            i = std::max(end, i + 1);
        }
    }
}

void shape_one(std::span<const char32_t> text, Stretch& stretch, float& pen) {
    const std::unique_ptr<hb_buffer_t, Free> buffer(hb_buffer_create());
    const std::vector<uint32_t> codes(text.begin(), text.end());
    ShapedRun& run = stretch.run;
    hb_buffer_add_utf32(buffer.get(), codes.data(), static_cast<int>(codes.size()),
                        static_cast<unsigned>(run.begin), static_cast<int>(run.end - run.begin));
    if (!hb_buffer_allocation_successful(buffer.get())) throw std::bad_alloc();
    run.backward = stretch.level % 2 == 1;
    hb_buffer_set_direction(buffer.get(), run.backward ? HB_DIRECTION_RTL : HB_DIRECTION_LTR);
    hb_buffer_set_script(buffer.get(), stretch.script);
    hb_buffer_set_language(buffer.get(), hb_language_from_string("und", -1));
    hb_shape(font_of(run.face), buffer.get(), nullptr, 0);
    unsigned count = 0;
    const hb_glyph_info_t* infos = hb_buffer_get_glyph_infos(buffer.get(), &count);
    const hb_glyph_position_t* places = hb_buffer_get_glyph_positions(buffer.get(), &count);
    const auto ems = [&](hb_position_t units) {
        return static_cast<float>(units) / static_cast<float>(run.face->units_per_EM);
    };
    for (unsigned i = 0; i < count; ++i) {
        run.glyphs.push_back({infos[i].codepoint, infos[i].cluster, pen + ems(places[i].x_offset),
                              ems(places[i].y_offset), ems(places[i].x_advance)});
        pen += ems(places[i].x_advance);
    }
}

}  // namespace

bool needs_shaping(char32_t code) {
    if (code < 0x300) return false;
    static constexpr std::array<std::pair<char32_t, char32_t>, 23> blocks{{
        {0x300, 0x36F},                        // marks
        {0x590, 0x109F},                       // Hebrew to Burmese
        {0x1100, 0x11FF},   {0x1700, 0x18AF},  // Jamo; Philippine, Khmer, Mongolian
        {0x1A00, 0x1C7F},   {0x1CD0, 0x1CFF},  // Lanna, Balinese and their like
        {0x1DC0, 0x1DFF},   {0x200B, 0x200F},   {0x202A, 0x202E},  // marks, joiners, directions
        {0x2060, 0x206F},   {0x20D0, 0x20FF},   {0x302A, 0x302F},   {0x3099, 0x309A},
        {0xA800, 0xABFF},   {0xFB1D, 0xFDFF},   {0xFE00, 0xFE2F},   {0xFE70, 0xFEFE},
        {0x10800, 0x10FFF}, {0x11000, 0x11FFF}, {0x1E800, 0x1EFFF}, {0x1F1E6, 0x1F1FF},  // flags
        {0x1F3FB, 0x1F3FF},  // colours of skin
        {0xE0000, 0xE0FFF},  // tags and variants
    }};
    return std::ranges::any_of(
        blocks, [code](const auto& block) { return code >= block.first && code <= block.second; });
}

bool joins_previous(char32_t code) {
    const auto kind = hb_unicode_general_category(hb_unicode_funcs_get_default(), code);
    return kind == HB_UNICODE_GENERAL_CATEGORY_NON_SPACING_MARK ||
           kind == HB_UNICODE_GENERAL_CATEGORY_ENCLOSING_MARK ||
           kind == HB_UNICODE_GENERAL_CATEGORY_SPACING_MARK || code == 0x200C || code == 0x200D ||
           (code >= 0x1F3FB && code <= 0x1F3FF);
}

std::vector<ShapedRun> shape(std::span<const char32_t> text, std::span<FT_FaceRec_* const> faces) {
    std::vector<Stretch> all = stretches(text, faces);
    put_in_order(all);
    std::vector<ShapedRun> runs;
    float pen = 0;
    for (Stretch& stretch : all) {
        shape_one(text, stretch, pen);
        runs.push_back(std::move(stretch.run));
    }
    return runs;
}

}  // namespace viz
