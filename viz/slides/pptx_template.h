// A PowerPoint file that somebody made, to whose slides those of a deck are added: with its layout,
// theme and fonts. Its own slides stay as they are, byte for byte.
#pragma once

#include <filesystem>
#include <memory>
#include <ostream>

#include "viz/slides/deck.h"

namespace viz {

class SlideTemplate {
  public:
    // .pptx or .potx. Throws model::Error that names the path: no such file, a damaged one, one
    // with a password, macros or a signature.
    explicit SlideTemplate(const std::filesystem::path& path);
    ~SlideTemplate();

    // What figures are drawn for its slides in.
    SlideShape shape() const;
    const Theme& theme() const;

    // The file with the slides of `deck` behind its own. The same deck and file give the same
    // bytes. Throws model::Stopped when `progress` says so, model::Error where a part is damaged
    // and std::runtime_error when the file cannot be packed.
    void write(std::ostream& out, const Deck& deck, const Progress& progress) const;

  private:
    struct Opened;
    std::unique_ptr<const Opened> opened_;
};

}  // namespace viz
