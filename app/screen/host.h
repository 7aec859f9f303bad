// What a desktop and a page (app/screen/web) do each in their own way.
#pragma once

#include <functional>
#include <string>

namespace app {

// Calls `turn` again and again until it is false. A page's browser does that, after this has
// returned: what `turn` holds lives until then.
void run_turns(std::function<bool()> turn);

// Of the shaders that ImGui has, as GLSL says it.
const char* shader_version();

// The address of the page, without what follows "#"; "" on a desktop.
std::string page_address();

// Whether a text field has the keyboard: where there is none, the page shows one on the screen.
void want_keyboard(bool wanted);

}  // namespace app
