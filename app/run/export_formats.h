// The one table of formats that a run is exported in: the command line, the export dialog and what
// writes them are told from it. A new one: what writes it, and its row here.
#pragma once

#include <iosfwd>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "model/base/progress.h"
#include "viz/slides/deck.h"

namespace app {

class ExportRun;

// The bytes of one page as a file of its own.
using PageWriter = std::string (*)(const viz::Deck&, const viz::Page&);
// All pages in one file.
using DeckWriter = void (*)(std::ostream&, const viz::Deck&, const model::Progress&);
// Numbers, which have no pages.
using DataWriter = void (*)(std::ostream&, ExportRun&, const model::Progress&);

struct ExportFormat {
    const char* name;   // "pptx"; the ending of its files, unless `ending` is another
    const char* title;  // "PowerPoint"
    const char* help;   // what it is for
    std::variant<PageWriter, DeckWriter, DataWriter> write;
    const char* unit = "page";     // that its progress counts
    bool slides = false;           // of a lesson it shows slides, not the handout
    bool film = false;             // its pages follow each other by themselves
    bool pixels = false;           // its pages are pictures that have a scale
    const char* ending = nullptr;  // of its files, where it is not the name: "votes.csv"

    bool file_per_page() const { return std::holds_alternative<PageWriter>(write); }
    std::string file_ending() const { return ending ? ending : name; }
    bool has_pages() const { return !std::holds_alternative<DataWriter>(write); }
};

// In the order in which people choose from them.
std::span<const ExportFormat> export_formats();
// Null: there is none of this name.
const ExportFormat* find_format(std::string_view name);
// That of a file's name by its ending, the longest that fits; null: none does.
const ExportFormat* format_of_file(std::string_view file);
// One that there is.
const ExportFormat& export_format(std::string_view name);
std::vector<std::string> format_names();

}  // namespace app
