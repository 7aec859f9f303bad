#!/bin/sh
# Installs what is missing, builds the program, its tests and sanitized builds of the unit tests and
# of the threads, and runs every check. The last lines are ctest's summary and what was skipped. Runs
# from anywhere.
set -eu
exec </dev/null
cd "$(dirname "$0")/.."

. app/packages.sh
install_missing "$build_packages$test_packages"
install_offered "$optional_test_packages"

# STEPSCOPE_PRESET=ci: warnings are errors. STEPSCOPE_SANITIZED=no: without the sanitized builds, which
# take as long as all else.
sanitized='' threads=''
if [ "${STEPSCOPE_SANITIZED:-yes}" = yes ]; then
    sanitized=$PWD/build/sanitize/tests/unit_tests threads=$PWD/build/tsan/tests/thread_tests
    cmake --preset sanitize -B build/sanitize
    cmake --preset tsan -B build/tsan
    ninja -C build/sanitize unit_tests
    ninja -C build/tsan thread_tests
fi
cmake --preset "${STEPSCOPE_PRESET:-release}" -B build/release -DBUILD_TESTING=ON \
    -DSTEPSCOPE_SANITIZED_TESTS="$sanitized" -DSTEPSCOPE_THREAD_TESTS="$threads"
ninja -C build/release
status=0
ctest --test-dir build/release --output-on-failure --timeout 900 -j2 || status=$?
skipped=$(sed -n 's/^skipped: //p' build/release/Testing/Temporary/LastTest.log | sort -u)
[ -z "$skipped" ] || { echo "Skipped, $(echo "$skipped" | wc -l) in all:"; echo "$skipped"; }
exit $status
