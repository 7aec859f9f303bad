// The unit tests' main; the cases stand beside it, one file for each room. Texts are measured with
// the program's own fonts, so that what is drawn is the same on every machine.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include "viz/paint/font.h"

// Asked for by the leak checker of the sanitized build: Fontconfig keeps what it has read.
extern "C" const char* __lsan_default_suppressions() {
    return "leak:libfontconfig\n";
}

int main(int argc, char** argv) {
    viz::set_font_folder(STEPSCOPE_ASSETS "/fonts");
    return doctest::Context(argc, argv).run();
}
