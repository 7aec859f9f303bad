#include "app/screen/imgui_compat.h"

#include <imgui_internal.h>

#include <bit>

namespace app {

ImTextureID texture_id(unsigned gl_name) {
    return std::bit_cast<ImTextureID>(uintptr_t{gl_name});  // a pointer in 1.86, a number in 1.92
}

#if IMGUI_VERSION_NUM >= 19200

uint64_t texture_key(const ImDrawCmd& command) {
    const ImTextureRef& texture = command.TexRef;
    return texture._TexData ? static_cast<uint64_t>(texture._TexData->UniqueID) << 32
                            : static_cast<uint64_t>(texture._TexID);
}

void push_texture(ImDrawList& list, unsigned gl_name) {
    list.PushTexture(texture_id(gl_name));
}

void pop_texture(ImDrawList& list) {
    list.PopTexture();
}

#else

uint64_t texture_key(const ImDrawCmd& command) {
    return reinterpret_cast<uintptr_t>(command.GetTexID());
}

void push_texture(ImDrawList& list, unsigned gl_name) {
    list.PushTextureID(texture_id(gl_name));
}

void pop_texture(ImDrawList& list) {
    list.PopTextureID();
}

#endif

void add_polyline(ImDrawList& list, const ImVec2* points, int count, ImU32 colour, float thickness,
                  bool closed) {
    const ImDrawFlags flags = closed ? ImDrawFlags_Closed : ImDrawFlags_None;
#if IMGUI_VERSION_NUM >= 19280
    list.AddPolyline(points, count, colour, thickness, flags);
#else
    list.AddPolyline(points, count, colour, flags, thickness);
#endif
}

}  // namespace app
