// What changes of somebody's PowerPoint file when slides are added to it: its list of slides, what
// that leads to, what its parts are, and how many slides it says it has.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "viz/slides/office_package.h"
#include "viz/slides/pptx_slide.h"

namespace viz::pptx {

inline constexpr const char* types_part = "[Content_Types].xml";

// What a part leads to, and more.
class GrownRelations {
  public:
    GrownRelations(const OfficePackage& package, const std::string& part);
    // `type`: the end of its name. The id, which is free.
    std::string add(const std::string& type, const std::string& target);
    std::string xml() const { return written_xml(document_); }

  private:
    std::string part_;
    pugi::xml_document document_;
    std::set<std::string> ids_;
    int last_ = 0;
};

// The presentation itself. `relation`: the id of what leads to the part.
class GrownPresentation {
  public:
    GrownPresentation(const OfficePackage& package, const std::string& main);
    int slides() const { return slides_; }  // that it came with
    void add_notes_master(const std::string& relation);
    // Behind all others, in the last section where there are any.
    void add_slide(const std::string& relation);
    std::string xml() const { return written_xml(document_); }

  private:
    pugi::xml_document document_;
    pugi::xml_node root_, list_, section_;
    std::string prefix_, id_name_;
    std::set<unsigned> ids_;
    int slides_ = 0;
};

// What the parts are, with those that are new. The whole is no template any more.
std::string grown_types(const OfficePackage& package, const std::string& main,
                        const std::vector<Parts::Typed>& added);
// What the file says of itself. `before`: the slides that it had; `titles`: of those that are new.
std::string grown_properties(const OfficePackage& package, const std::string& part, int before,
                             const std::vector<std::string>& titles);

}  // namespace viz::pptx
