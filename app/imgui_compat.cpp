#include "app/imgui_compat.h"

#include <GLFW/glfw3.h>
#include <backends/imgui_impl_opengl3.h>
#include <imgui_internal.h>

namespace app {

ImTextureID texture_id(unsigned gl_name) {
    return (ImTextureID)(intptr_t)gl_name;  // a pointer in 1.86, a number in 1.92
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

void load_field_font(viz::Face face, float pixels_an_em) {
    ImFontAtlas& fonts = *ImGui::GetIO().Fonts;
#if IMGUI_VERSION_NUM < 19200
    // Until the first frame the back end makes the texture, later nobody does.
    const bool begun = fonts.TexID != ImTextureID{};
    if (begun) ImGui_ImplOpenGL3_DestroyFontsTexture();
#endif
    fonts.Clear();
    const viz::FontFile& file = viz::font_file(face);
    ImFontConfig config;
    config.FontNo = file.index;
    // What people type in a prompt field: Latin, Greek, Cyrillic and punctuation. Fonts of 1.92
    // find the rest by themselves.
    static const ImWchar ranges[] = {0x20,   0x24F,  0x370,  0x52F,  0x1E00, 0x1EFF, 0x2010, 0x2049,
                                     0x20A0, 0x20BF, 0x2190, 0x2193, 0xFFFD, 0xFFFD, 0};
    fonts.AddFontFromFileTTF(file.path.c_str(), pixels_an_em * viz::line_factor(file), &config,
                             ranges);
#if IMGUI_VERSION_NUM < 19200
    if (begun) ImGui_ImplOpenGL3_CreateFontsTexture();
#endif
}

#if IMGUI_VERSION_NUM >= 18700

void FieldKeys::pressed(int, int) {}
bool FieldKeys::waiting() const {
    return ImGui::GetCurrentContext()->InputEventsQueue.Size > 0;
}
void FieldKeys::begin_frame() {}
void FieldKeys::end_frame() {}

#else

void FieldKeys::pressed(int key, int mods) {
    if (key < 0) return;  // GLFW does not know it
    presses_.push_back({key, (mods & GLFW_MOD_CONTROL) != 0, (mods & GLFW_MOD_SHIFT) != 0});
}

bool FieldKeys::waiting() const {
    return !presses_.empty();
}

void FieldKeys::begin_frame() {
    if (pause_ || presses_.empty()) return;
    const Press press = presses_.front();
    presses_.pop_front();
    ImGuiIO& io = ImGui::GetIO();
    if (io.KeysDown[press.key]) return;  // still held: ImGui sees it by itself
    before_ = {press.key, io.KeyCtrl, io.KeyShift};
    io.KeysDown[press.key] = true;
    io.KeyCtrl = press.ctrl;
    io.KeyShift = press.shift;
}

void FieldKeys::end_frame() {
    pause_ = before_.has_value();
    if (!before_) return;
    ImGuiIO& io = ImGui::GetIO();
    io.KeysDown[before_->key] = false;
    io.KeyCtrl = before_->ctrl;
    io.KeyShift = before_->shift;
    before_.reset();
}

#endif

}  // namespace app
