// What the page's script (page.js) does for the program, and what the program asks GLFW of a page.
#pragma once

namespace app {

// Whether the window has something to do: something happened, or the time came that it waits for.
bool is_awake();

}  // namespace app

extern "C" {
// Begins to tell what happens, by the functions page_... of glfw.cpp.
void page_listen();
// In CSS pixels, and how many of the screen's one of them has.
int page_width();
int page_height();
double page_density();
// Of the canvas, in the screen's pixels.
void page_set_canvas(int width, int height);
// One of CSS.
void page_set_cursor(const char* name);
void page_set_clipboard(const char* text);
void page_fill_screen(int fill);
// Whether a text field has the keyboard.
void page_want_keyboard(int wanted);
// The address without what follows "#"; freed by who asked.
char* page_address();
// Files that were written for the user become downloads.
void page_hand_over();
// The window is closed; what was set is kept.
void page_close();
}
