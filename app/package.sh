#!/bin/sh
# Builds what is given away, into build/package: a Debian package, and a folder that runs without
# being installed. What is built on Debian 12 runs there and on newer systems. Runs from any folder.
set -eu
exec </dev/null
cd "$(dirname "$0")/.."

. app/packages.sh
install_missing "$build_packages$package_packages"

out=$PWD/build/package
tree=$out/tree
# The same source gives the same bytes, wherever and whenever it is built.
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct 2>/dev/null || date -r CMakeLists.txt +%s)
export SOURCE_DATE_EPOCH
umask 022
# ccache leaves the flags and the folder's name out of what it compares.
export CCACHE_BASEDIR="$PWD" CCACHE_NOHASHDIR=1

# build FLAGS OF THE LINKER, then what else CMake is told.
build() {
    linker="-pie -Wl,-z,relro,-z,now $1"
    shift
    cmake -S . -B "$tree" -G Ninja -DCMAKE_BUILD_TYPE=Release -DBUILD_TESTING=OFF \
        -DCMAKE_INSTALL_PREFIX=/usr \
        -DCMAKE_CXX_FLAGS="-D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE \
-ffile-prefix-map=$PWD=." \
        -DCMAKE_EXE_LINKER_FLAGS="$linker" "$@"
    ninja -C "$tree" stepscope
}

rm -f "$out"/*.deb "$out"/*.tar.xz
build "" -DSTEPSCOPE_DEBIAN=ON -DCMAKE_INSTALL_RPATH=
(cd "$out" && cpack --config "$tree/CPackConfig.cmake" -B "$out/deb")
mv "$out"/deb/*.deb "$out"
# Newer ones miss a home page in the metainfo; the project has none.
page=appstream-metadata-validation-failed
lintian-explain-tags $page >/dev/null 2>&1 || page=
lintian --fail-on error,warning ${page:+--suppress-tags $page} "$out"/*.deb

# The folder brings its libraries, but not those that belong to the system: the C and C++ libraries,
# OpenGL, X11 and what Mesa itself needs, which must be as new as Mesa is. RPATH, not RUNPATH, so
# that the libraries find each other.
name=stepscope-$(uname -m)
folder=$out/folder/$name
rm -rf "$folder"
# shellcheck disable=SC2016 # $ORIGIN is for the loader
build '-static-libstdc++ -static-libgcc -Wl,--disable-new-dtags' -DSTEPSCOPE_DEBIAN=OFF \
    -DCMAKE_INSTALL_RPATH='$ORIGIN/../lib'
cmake --install "$tree" --prefix "$folder" --strip
systems='ld-linux|linux-vdso|lib(c|m|dl|pthread|rt|stdc\+\+|gcc_s)\.so'
systems="$systems|lib(GL|GLX|OpenGL|GLdispatch|EGL)\\.so"
systems="$systems|lib(X11|Xext|Xau|Xdmcp|xcb|xcb-shm|bsd|md|z|expat)\\.so"
mkdir -p "$folder/lib"
ldd "$tree/stepscope" | awk '$3 ~ "^/" {print $3}' | grep -Ev "/($systems)" |
    while read -r library; do
        cp -L "$library" "$folder/lib"
        chmod 644 "$folder/lib/$(basename "$library")"
        # Under the terms that come with it. /lib is /usr/lib now, which dpkg does not know.
        owner=$(dpkg-query -S "*/$(basename "$(readlink -f "$library")")" | head -n 1 | cut -d: -f1)
        cp "/usr/share/doc/$owner/copyright" "$folder/share/doc/stepscope/copyright.$owner"
    done
cat >"$folder/README" <<END
Start bin/stepscope; bin/stepscope --help lists what else it does. It needs libGL and libX11, which
every desktop has, and nothing else; the folder may lie anywhere.
END
tar -C "$out/folder" --sort=name --owner=0 --group=0 --numeric-owner \
    --mtime="@$SOURCE_DATE_EPOCH" -cJf "$out/$name.tar.xz" "$name"

ls -l "$out"/*.deb "$out"/*.tar.xz
