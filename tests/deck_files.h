// Exported decks as tests read them back: bytes, the parts of a packed file, what their XML says.
#pragma once

#include <doctest/doctest.h>
#include <zip.h>

#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "viz/slides/deck.h"

namespace tests {

template <typename Writer>
std::string bytes_of(Writer write, const viz::Deck& deck) {
    std::ostringstream out;
    write(out, deck, {});
    return out.str();
}

inline std::map<std::string, std::string> unpacked(const std::string& bytes) {
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
    zip_t* archive = zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error);
    REQUIRE(archive);
    std::map<std::string, std::string> files;
    for (zip_int64_t i = 0; i < zip_get_num_entries(archive, 0); ++i) {
        zip_stat_t stat;
        REQUIRE(zip_stat_index(archive, static_cast<zip_uint64_t>(i), 0, &stat) == 0);
        std::string& file = files[stat.name];
        file.resize(stat.size);
        zip_file_t* opened = zip_fopen_index(archive, static_cast<zip_uint64_t>(i), 0);
        CHECK(zip_fread(opened, file.data(), file.size()) == static_cast<zip_int64_t>(file.size()));
        zip_fclose(opened);
    }
    zip_discard(archive);
    return files;
}

// The values of an attribute, in order.
inline std::vector<std::string> values(const std::string& xml, const std::string& attribute) {
    std::vector<std::string> out;
    const std::string begin = " " + attribute + "=\"";
    for (size_t at = 0; (at = xml.find(begin, at)) != std::string::npos;) {
        at += begin.size();
        out.push_back(xml.substr(at, xml.find('"', at) - at));
    }
    return out;
}

inline bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

// "ppt/slides/slide1.xml" and "../media/figure1.png" give "ppt/media/figure1.png".
inline std::string resolved(const std::string& from, std::string target) {
    std::string folder = from.substr(0, from.rfind('/') + 1);
    while (target.starts_with("../")) {
        target = target.substr(3);
        folder = folder.substr(0, folder.rfind('/', folder.size() - 2) + 1);
    }
    return folder + target;
}

}  // namespace tests
