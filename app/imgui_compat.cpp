#include "app/imgui_compat.h"

#include <backends/imgui_impl_opengl3.h>

#include <cstdint>

namespace app {

ImTextureID texture_id(unsigned gl_name) {
    return (ImTextureID)(intptr_t)gl_name;  // a pointer in 1.86, a number in 1.92
}

#if IMGUI_VERSION_NUM >= 19200

void push_texture(ImDrawList& list, unsigned gl_name) {
    list.PushTexture(texture_id(gl_name));
}

void pop_texture(ImDrawList& list) {
    list.PopTexture();
}

#else

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

void load_field_font(viz::Face face, float pixels_an_em) {
    ImGuiIO& io = ImGui::GetIO();
    io.Fonts->Clear();
    const viz::FontFile& file = viz::font_file(face);
    ImFontConfig config;
    config.FontNo = file.index;
    // What people type in a prompt field: Latin, Greek, Cyrillic and punctuation. Fonts of 1.92
    // find the rest by themselves.
    static const ImWchar ranges[] = {0x20,   0x24F,  0x370,  0x52F,  0x1E00, 0x1EFF, 0x2010, 0x2049,
                                     0x20A0, 0x20BF, 0x2190, 0x2193, 0xFFFD, 0xFFFD, 0};
    io.Fonts->AddFontFromFileTTF(file.path.c_str(), pixels_an_em * viz::line_factor(file), &config,
                                 ranges);
#if IMGUI_VERSION_NUM < 19200
    io.Fonts->Build();
    ImGui_ImplOpenGL3_DestroyDeviceObjects();  // made again in the next frame
#endif
}

}  // namespace app
