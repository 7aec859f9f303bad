// What differs between versions of Dear ImGui (1.86 in Debian 12, 1.92 elsewhere). No other file
// reads its version.
#pragma once

#include <imgui.h>

#include <cstdint>
#include <deque>
#include <set>

#include "viz/paint/font.h"

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

// What is typed into ImGui's text fields, in order. Before 1.87 ImGui looks at the keyboard once a
// frame: it misses keys that were pressed and let go in between, and does not know whether a letter
// came before Ctrl+A or after. This gives it a frame for each such event; later versions do so by
// themselves. Keys, actions and modifiers are GLFW's.
class Typing {
  public:
    void key(int key, int action, int mods);
    void character(unsigned code);
    bool waiting() const;  // another frame is needed
    void begin_frame();    // before ImGui's

  private:
    struct Event {
        int key = 0;  // 0: a character
        bool down = false;
        int mods = 0;
        unsigned code = 0;
    };
    std::deque<Event> events_;
    std::set<int> down_;  // keys as ImGui shall see them
};

}  // namespace app
