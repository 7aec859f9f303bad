#include "app/screen/imgui_compat.h"

#include <GLFW/glfw3.h>
#include <backends/imgui_impl_opengl3.h>
#include <imgui_internal.h>

#include <bit>
#include <optional>

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

void Typing::key(int, int, int) {}
void Typing::character(unsigned) {}
bool Typing::waiting() const {
    return ImGui::GetCurrentContext()->InputEventsQueue.Size > 0;
}
void Typing::begin_frame() {}

#else

void Typing::key(int key, int action, int mods) {
    // Letters arrive as characters; as keys they count for shortcuts alone. Modifiers come along.
    const bool letter = key < GLFW_KEY_ESCAPE && !(mods & (GLFW_MOD_CONTROL | GLFW_MOD_SUPER));
    const bool modifier = key >= GLFW_KEY_LEFT_SHIFT && key <= GLFW_KEY_RIGHT_SUPER;
    if ((letter && action != GLFW_RELEASE) || modifier) return;
    if (action != GLFW_PRESS) events_.push_back({key, false, mods, 0});
    if (action != GLFW_RELEASE) events_.push_back({key, true, mods, 0});
}

void Typing::character(unsigned code) {
    events_.push_back({0, false, 0, code});
}

bool Typing::waiting() const {
    return !events_.empty();
}

void Typing::begin_frame() {
    ImGuiIO& io = ImGui::GetIO();
    io.InputQueueCharacters.resize(0);
    bool characters = false;
    std::optional<int> key;  // the one that changes in this frame
    int mods = 0;
    while (!events_.empty()) {
        const Event& event = events_.front();
        const bool held = down_.count(event.key) > 0;
        const bool counts = event.key != 0 && (event.down || held);
        if (key || (characters && counts)) break;
        if (event.key == 0) {
            io.AddInputCharacter(event.code);
            characters = true;
        } else if (counts) {
            key = event.key;
            mods = event.mods;
            if (event.down) {
                down_.insert(event.key);
            } else {
                down_.erase(event.key);
            }
        }
        events_.pop_front();
    }
    for (int i = 0; i <= GLFW_KEY_LAST; ++i) io.KeysDown[i] = down_.count(i) > 0;
    io.KeyCtrl = (mods & GLFW_MOD_CONTROL) != 0;
    io.KeyShift = (mods & GLFW_MOD_SHIFT) != 0;
    io.KeyAlt = (mods & GLFW_MOD_ALT) != 0;
    io.KeySuper = (mods & GLFW_MOD_SUPER) != 0;
}

#endif

}  // namespace app
