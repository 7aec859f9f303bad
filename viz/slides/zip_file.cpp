#include "viz/slides/zip_file.h"

#include <zlib.h>

#include <cstdint>
#include <limits>
#include <stdexcept>

#include "model/base/error.h"

namespace viz {

namespace {

constexpr uint16_t version = 20;       // of the format: 2.0 knows deflate
constexpr uint16_t dos_date = 0x0021;  // 1980-01-01, the first there is
constexpr size_t file_header = 30, directory_header = 46, end_of_directory = 22;  // bytes

std::string little_endian(uint32_t value, int bytes) {
    std::string out;
    for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i) & 0xFF);
    return out;
}

std::string two(uint16_t value) {
    return little_endian(value, 2);
}

std::string four(size_t value) {
    return little_endian(static_cast<uint32_t>(value), 4);
}

std::string deflated(const std::string& bytes) {
    z_stream stream{};
    model::check(deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, -MAX_WBITS, MAX_MEM_LEVEL,
                              Z_DEFAULT_STRATEGY) == Z_OK,
                 "zlib starts");
    std::string out(deflateBound(&stream, bytes.size()), '\0');
    stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const int done = deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    model::check(done == Z_STREAM_END, "deflateBound is a bound");
    return out;
}

}  // namespace

ZipFile::Entry ZipFile::packed(const std::string& name, const std::string& bytes, Packing packing) {
    const bool packs = packing == Packing::deflated;
    constexpr size_t most = std::numeric_limits<uint32_t>::max();
    if (bytes.size() > most / 2) throw std::runtime_error("the file cannot be packed: too large");
    Entry entry{name, "", packs ? deflated(bytes) : bytes};
    const uLong sum =
        crc32(0, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size()));
    entry.header = two(version) + two(0) + two(packs ? Z_DEFLATED : 0) + two(0) + two(dos_date) +
                   four(sum) + four(entry.packed.size()) + four(bytes.size()) +
                   two(static_cast<uint16_t>(name.size())) + two(0);
    size_ += file_header + directory_header + 2 * name.size() + entry.packed.size();
    if (entries_.size() + 1 >= std::numeric_limits<uint16_t>::max() ||
        size_ > most - end_of_directory) {
        throw std::runtime_error("the file cannot be packed: too large");
    }
    return entry;
}

void ZipFile::add(const std::string& name, const std::string& bytes, Packing packing) {
    entries_.push_back(packed(name, bytes, packing));
}

void ZipFile::add_first(const std::string& name, const std::string& bytes, Packing packing) {
    entries_.push_front(packed(name, bytes, packing));
}

void ZipFile::write(std::ostream& out) {
    std::string directory;
    size_t at = 0;
    for (const Entry& entry : entries_) {
        out << "PK\3\4" << entry.header << entry.name << entry.packed;
        directory += "PK\1\2" + two(version) + entry.header + two(0) + two(0) + two(0) + four(0) +
                     four(at) + entry.name;
        at += file_header + entry.name.size() + entry.packed.size();
    }
    const auto files = static_cast<uint16_t>(entries_.size());
    out << directory << "PK\5\6" << two(0) << two(0) << two(files) << two(files)
        << four(directory.size()) << four(at) << two(0);
}

}  // namespace viz
