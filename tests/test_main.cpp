// The unit tests' main; the cases stand beside it, one file for each room.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

// Asked for by the leak checker of the sanitized build: Fontconfig keeps what it has read.
extern "C" const char* __lsan_default_suppressions() {
    return "leak:libfontconfig\n";
}
