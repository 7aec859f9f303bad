// What is the same in every HTML deck: how it looks (CSS) and what it does (JavaScript).
#pragma once

namespace viz {

extern const char* const deck_style;
// Before the pages: defines add(), which each page's own script calls.
extern const char* const deck_words_script;
// Behind the pages.
extern const char* const deck_script;

}  // namespace viz
