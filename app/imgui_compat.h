// What differs between versions of Dear ImGui (1.86 in Debian 12, 1.92 elsewhere). No other file
// reads its version.
#pragma once

#include <imgui.h>

#include <cstdint>
#include <deque>
#include <optional>

#include "viz/font.h"

namespace app {

// An OpenGL texture as ImGui takes it.
ImTextureID texture_id(unsigned gl_name);

// Tells the textures of draw commands apart, uploaded or not.
uint64_t texture_key(const ImDrawCmd& command);

// All that is drawn until pop_texture uses this texture, shapes included.
void push_texture(ImDrawList& list, unsigned gl_name);
void pop_texture(ImDrawList& list);

void add_polyline(ImDrawList& list, const ImVec2* points, int count, ImU32 colour, float thickness,
                  bool closed);

// The font of ImGui's own text fields. Before the first frame, and again when the size changes.
void load_field_font(viz::Face face, float pixels_an_em);

// Before 1.87 ImGui looks at the keyboard once a frame and misses keys that were pressed and let
// go in between. This shows it every press for a frame. Later versions do so by themselves and may
// want further frames for it. Keys and modifiers are GLFW's.
class FieldKeys {
  public:
    void pressed(int key, int mods);
    bool waiting() const;  // another frame is needed
    // Around ImGui's frame.
    void begin_frame();
    void end_frame();

  private:
    struct Press {
        int key = 0;
        bool ctrl = false, shift = false;
    };
    std::deque<Press> presses_;
    std::optional<Press> before_;  // what ImGui believed before the press that it is shown
    bool pause_ = false;           // a frame without it: the same key may come twice
};

}  // namespace app
