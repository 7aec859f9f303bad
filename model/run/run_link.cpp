#include "model/run/run_link.h"

#include <zlib.h>

#include <array>
#include <optional>

#include "model/base/error.h"

namespace model {

namespace {

constexpr std::string_view digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr int version = 1;
constexpr int no_header = -MAX_WBITS;  // as zlib is told that there is none
constexpr size_t most_packed = size_t{1} << 20, most_unpacked = size_t{1} << 24;  // bytes
constexpr const char* where = "link";

std::string deflated(std::string_view text) {
    z_stream stream{};
    if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, no_header, 9, Z_DEFAULT_STRATEGY) !=
        Z_OK) {
        throw Error("link: not enough memory to write one");
    }
    std::string out(deflateBound(&stream, static_cast<uLong>(text.size())), '\0');
    // zlib does not write to what it reads.
    stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);  // there is room for all of it
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

// None where the bytes are no whole deflated text, or a larger one than any run is.
std::optional<std::string> inflated(std::string_view packed) {
    z_stream stream{};
    if (inflateInit2(&stream, no_header) != Z_OK) {
        throw Error("link: not enough memory to read it");
    }
    stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(packed.data()));
    stream.avail_in = static_cast<uInt>(packed.size());
    std::string out;
    std::array<char, size_t{1} << 16> part;
    int status = Z_OK;
    while (status == Z_OK && out.size() <= most_unpacked) {
        stream.next_out = reinterpret_cast<Bytef*>(part.data());
        stream.avail_out = static_cast<uInt>(part.size());
        status = inflate(&stream, Z_NO_FLUSH);
        out.append(part.data(), part.size() - stream.avail_out);
    }
    const bool whole = status == Z_STREAM_END && stream.avail_in == 0;
    inflateEnd(&stream);
    if (!whole || out.size() > most_unpacked) return {};
    return out;
}

std::string base64url(std::string_view bytes) {
    std::string out;
    unsigned held = 0;
    int bits = 0;
    for (const char byte : bytes) {
        held = held << 8 | static_cast<unsigned char>(byte);
        for (bits += 8; bits >= 6; bits -= 6) out += digits[held >> (bits - 6) & 63];
    }
    if (bits > 0) out += digits[held << (6 - bits) & 63];
    return out;
}

std::optional<std::string> bytes_of(std::string_view text) {
    std::string out;
    unsigned held = 0;
    int bits = 0;
    for (const char digit : text) {
        // Mail breaks long lines, and who copies takes a blank too many.
        if (digit == ' ' || digit == '\n' || digit == '\r' || digit == '\t') continue;
        const size_t value = digits.find(digit);
        if (value == std::string_view::npos) return {};
        held = held << 6 | static_cast<unsigned>(value);
        bits += 6;
        if (bits < 8) continue;
        bits -= 8;
        out += static_cast<char>(held >> bits & 255);
    }
    if (bits >= 6 || (held & ((1u << bits) - 1)) != 0) return {};  // nothing ends so
    return out;
}

struct Parts {
    int version = 0;
    std::string_view packed;
};
// "#12.abc": behind the last '#'.
std::optional<Parts> parts_of(std::string_view text) {
    const size_t hash = text.rfind('#');
    if (hash == std::string_view::npos) return {};
    const std::string_view behind = text.substr(hash + 1);
    const size_t dot = behind.find('.');
    if (dot == 0 || dot == std::string_view::npos || dot > 4) return {};
    Parts parts{0, behind.substr(dot + 1)};
    for (const char digit : behind.substr(0, dot)) {
        if (digit < '0' || digit > '9') return {};
        parts.version = parts.version * 10 + (digit - '0');
    }
    if (parts.version < 1) return {};
    return parts;
}

}  // namespace

std::string run_link(RunFile run) {
    run.model_folder.clear();
    const std::string text = to_json(run);
    const bool fits = text.size() <= most_unpacked;
    const std::string packed = fits ? base64url(deflated(text)) : "";
    if (!fits || packed.size() > most_packed) {
        throw Error("link: this run is too large for one; save it as a file");
    }
    return "#" + std::to_string(version) + "." + packed;
}

bool is_run_link(std::string_view text) {
    return parts_of(text).has_value();
}

RunFile read_run_link(std::string_view text) {
    const auto parts = parts_of(text);
    if (!parts) throw Error("link: is none of Stepscope's: those have #1. and letters behind it");
    if (parts->version > version) {
        throw Error("link: a newer Stepscope made it (version " + std::to_string(parts->version) +
                    "); this one reads version " + std::to_string(version));
    }
    std::optional<std::string> json;
    if (parts->packed.size() <= most_packed) {
        if (const auto packed = bytes_of(parts->packed)) json = inflated(*packed);
    }
    if (!json) throw Error("link: is damaged or was cut; copy the whole of it");
    RunFile run = parse_run_file(*json, where);
    run.model_folder.clear();  // a link opens no folder
    return run;
}

}  // namespace model
