// The unit tests' main; the cases stand beside it, one file for each room.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>
