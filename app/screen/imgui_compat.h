// What differs between versions of Dear ImGui (1.86 in Debian 12, 1.92 elsewhere). No other file
// reads its version.
#pragma once

#include <imgui.h>

#include <cstdint>

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

}  // namespace app
