#!/bin/sh
# Builds the libraries that Stepscope stands on for the browser, from Debian's source packages.
#
#     sh app/web/libraries.sh SOURCES PREFIX
#
# SOURCES holds the unpacked source packages of app/packages.sh's web_sources. A library that is in
# PREFIX already is not built again. Needs emcc, cmake, meson and ninja.
set -eu
sources=$1 prefix=$2
here=$(cd "$(dirname "$0")" && pwd)
jobs=${STEPSCOPE_JOBS:-$(nproc)}
work=$prefix/build
mkdir -p "$work" "$prefix/lib/pkgconfig" "$prefix/include" "$prefix/done"

# As the program with threads needs them; that without links the same.
flags='-Os -pthread -msimd128 -fwasm-exceptions'
export PKG_CONFIG_PATH="$prefix/lib/pkgconfig"
sed "s|@PREFIX@|$prefix|g" "$here/emscripten.ini" >"$work/emscripten.ini"

name=
tell_end() {
    [ $? != 0 ] && [ -n "$name" ] || return 0
    tail -20 "$work/$name.log" >&2
    echo "libraries.sh: $name does not build; see $work/$name.log" >&2
}
trap tell_end EXIT

# built NAME COMMAND...: runs it in the folder of the library's source, with its output in a log.
built() {
    name=$1
    shift
    [ ! -e "$prefix/done/$name" ] || return 0
    began=$(date +%s)
    cd "$sources/$name"-[0-9]*
    "$@" >"$work/$name.log" 2>&1
    touch "$prefix/done/$name"
    echo "== $(basename "$PWD"): $(($(date +%s) - began)) s"
}

with_cmake() {
    emcmake cmake -S . -B "$work/$name" -G Ninja -DCMAKE_BUILD_TYPE=Release \
        -DCMAKE_C_FLAGS="$flags" -DCMAKE_CXX_FLAGS="$flags" -DCMAKE_INSTALL_PREFIX="$prefix" \
        -DCMAKE_INSTALL_LIBDIR=lib -DCMAKE_FIND_ROOT_PATH="$prefix" -DBUILD_SHARED_LIBS=OFF \
        -DBUILD_TESTING=OFF "$@"
    ninja -j"$jobs" -C "$work/$name" install
}

with_meson() {
    meson setup "$work/$name" . --cross-file "$work/emscripten.ini" --prefix "$prefix" \
        --libdir lib --buildtype release "$@"
    ninja -j"$jobs" -C "$work/$name" install
}

# with_compiler LIBRARY COMPILER FLAGS FILE...
with_compiler() {
    library=$1 compiler=$2 more=$3
    shift 3
    mkdir -p "$work/$name"
    for file in "$@"; do
        # shellcheck disable=SC2086 # flags are words
        $compiler $flags $more -c "$file" -o "$work/$name/$(basename "$file").o"
    done
    emar rcs "$prefix/lib/$library.a" "$work/$name"/*.o
}

# tell_pkg_config NAME CFLAGS LIBRARY
tell_pkg_config() {
    printf 'Name: %s\nDescription: %s\nVersion: %s\nCflags: %s\nLibs: %s\n' \
        "$1" "$1" "${PWD##*-}" "$2" "$prefix/lib/$3.a" >"$prefix/lib/pkgconfig/$1.pc"
}

build_zlib() {
    with_compiler libz emcc -D_LARGEFILE64_SOURCE adler32.c compress.c crc32.c deflate.c \
        inffast.c inflate.c inftrees.c trees.c uncompr.c zutil.c
    cp zlib.h zconf.h "$prefix/include"
    tell_pkg_config zlib "-I$prefix/include" libz
}

build_giflib() {
    with_compiler libgif emcc '' dgif_lib.c egif_lib.c gif_err.c gif_hash.c gifalloc.c \
        openbsd-reallocarray.c
    cp gif_lib.h "$prefix/include"
}

build_harfbuzz() {
    with_compiler libharfbuzz em++ \
        "-std=c++17 -fno-exceptions -fno-rtti -DHAVE_FREETYPE -I$prefix/include/freetype2" \
        src/harfbuzz.cc
    mkdir -p "$prefix/include/harfbuzz"
    cp src/hb.h src/hb-*.h "$prefix/include/harfbuzz"
    tell_pkg_config harfbuzz "-I$prefix/include/harfbuzz" libharfbuzz
}

# OpenGL of browsers cannot begin counting vertices anew within a list, and a large picture has more
# than 65,536: indices of 32 bits.
build_imgui() {
    grep -q '^#define ImDrawIdx' imconfig.h || echo '#define ImDrawIdx unsigned int' >>imconfig.h
    with_compiler libimgui em++ '-O2 -std=c++20 -I. -DGLFW_INCLUDE_ES3 -DIMGUI_IMPL_OPENGL_ES3' \
        imgui.cpp imgui_draw.cpp imgui_tables.cpp imgui_widgets.cpp backends/imgui_impl_glfw.cpp \
        backends/imgui_impl_opengl3.cpp
    mkdir -p "$prefix/include/imgui/backends"
    cp imgui.h imconfig.h imgui_internal.h imstb_*.h "$prefix/include/imgui"
    cp backends/imgui_impl_glfw.h backends/imgui_impl_opengl3.h "$prefix/include/imgui/backends"
    tell_pkg_config imgui "-I$prefix/include/imgui" libimgui
}

build_utf8proc() {
    with_compiler libutf8proc emcc -DUTF8PROC_STATIC utf8proc.c
    cp utf8proc.h "$prefix/include"
    tell_pkg_config libutf8proc -DUTF8PROC_STATIC libutf8proc
}

build_xxhash() {
    with_compiler libxxhash emcc -mno-simd128 xxhash.c
    cp xxhash.h xxh3.h "$prefix/include"
    tell_pkg_config libxxhash '' libxxhash
}

# Headers alone; its own CMake files ask the compiler for minutes.
build_eigen3() {
    mkdir -p "$prefix/include/eigen3" "$prefix/share/cmake/Eigen3"
    cp -r Eigen "$prefix/include/eigen3"
    cat >"$prefix/share/cmake/Eigen3/Eigen3Config.cmake" <<END
add_library(Eigen3::Eigen INTERFACE IMPORTED)
target_include_directories(Eigen3::Eigen INTERFACE "$prefix/include/eigen3")
END
    cat >"$prefix/share/cmake/Eigen3/Eigen3ConfigVersion.cmake" <<END
set(PACKAGE_VERSION ${PWD##*-})
END
}

built zlib build_zlib
built libpng1.6 with_cmake -DPNG_SHARED=OFF -DPNG_TESTS=OFF -DPNG_TOOLS=OFF \
    -DPNG_EXECUTABLES=OFF -DPNG_HARDWARE_OPTIMIZATIONS=OFF \
    -DZLIB_LIBRARY="$prefix/lib/libz.a" -DZLIB_INCLUDE_DIR="$prefix/include"
built freetype with_cmake -DFT_REQUIRE_ZLIB=ON -DZLIB_LIBRARY="$prefix/lib/libz.a" \
    -DZLIB_INCLUDE_DIR="$prefix/include" -DFT_DISABLE_PNG=ON -DFT_DISABLE_BZIP2=ON \
    -DFT_DISABLE_HARFBUZZ=ON -DFT_DISABLE_BROTLI=ON
built pixman with_meson -Dtests=disabled -Ddemos=disabled -Dgtk=disabled -Dlibpng=disabled -Dopenmp=disabled -Dtls=disabled
built cairo with_meson -Dtests=disabled -Dfontconfig=disabled -Dfreetype=enabled -Dpng=enabled -Dzlib=enabled \
    -Dxlib=disabled -Dxcb=disabled -Dglib=disabled -Dspectre=disabled -Dquartz=disabled \
    -Ddwrite=disabled -Dlzo=disabled -Dtee=disabled
built fribidi with_meson -Ddocs=false
built harfbuzz build_harfbuzz
built pcre2 with_cmake -DPCRE2_BUILD_PCRE2GREP=OFF -DPCRE2_BUILD_TESTS=OFF \
    -DPCRE2_SUPPORT_UNICODE=ON -DPCRE2_SUPPORT_JIT=OFF
built highway with_cmake -DHWY_ENABLE_TESTS=OFF -DHWY_ENABLE_EXAMPLES=OFF -DHWY_ENABLE_CONTRIB=OFF
built giflib build_giflib
built imgui build_imgui
built utf8proc build_utf8proc
built xxhash build_xxhash
built nlohmann-json3 with_cmake -DJSON_BuildTests=OFF
built cli11 with_cmake -DCLI11_BUILD_TESTS=OFF -DCLI11_BUILD_EXAMPLES=OFF -DCLI11_BUILD_DOCS=OFF
built eigen3 build_eigen3

# Whether there are threads is for the program to say.
sed -i 's/ -pthread\b//g' "$prefix"/lib/pkgconfig/*.pc
