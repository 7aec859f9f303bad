// A file of an office program that somebody made: its parts, what they are and how they lead to
// one another (ECMA-376 Open Packaging Conventions). Nothing in it is believed.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "viz/slides/zip_file.h"

namespace viz {

struct PartRelation {
    std::string id;
    std::string type;    // the end of its name: "slideLayout"
    std::string target;  // a part; empty: something outside the file
};

class OfficePackage {
  public:
    // `name` begins every message. Throws model::Error where these are no such file, or one that
    // asks for too much room.
    OfficePackage(std::string bytes, std::string name);
    ~OfficePackage();
    OfficePackage(const OfficePackage&) = delete;
    OfficePackage& operator=(const OfficePackage&) = delete;

    // In the file's order. Without the slash that names begin with inside the file.
    const std::vector<std::string>& parts() const { return parts_; }
    // The name as the file spells it: capitals do not count. Empty: there is no such part.
    std::string spelled(const std::string& part) const;
    // Unpacked. Throws model::Error.
    std::string bytes(const std::string& part, size_t most = SIZE_MAX) const;
    // Whether it lies in the file as it is: what is packed already.
    bool stored(const std::string& part) const;
    // Throws model::Error where it is missing, too large or no XML.
    pugi::xml_document xml(const std::string& part) const;
    // What the parts say they are; empty: nothing.
    std::string type_of(const std::string& part) const;
    // Of a part; "": of the whole file. None where it has none.
    std::vector<PartRelation> relations(const std::string& part) const;
    // The first of a type; empty target: there is none.
    PartRelation relation(const std::string& part, std::string_view type) const;

    [[noreturn]] void refuse(const std::string& why) const;

  private:
    void read_directory();
    void read_types();

    struct Archive;
    std::string name_, packed_;
    Archive* archive_ = nullptr;
    std::vector<std::string> parts_;
    std::map<std::string, size_t> places_;  // by the name in small letters: the place in parts_
    std::vector<unsigned long long> indices_;
    std::map<std::string, std::string> types_, endings_;
};

// XML without its prefixes: "p:sldId" is "sldId".
std::string_view local_name(const pugi::xml_node& node);
pugi::xml_node first_element(const pugi::xml_node& node);
pugi::xml_node child(const pugi::xml_node& node, std::string_view name);
// Down a way: descend(shape, {"nvSpPr", "nvPr", "ph"}).
pugi::xml_node descend(pugi::xml_node node, std::initializer_list<std::string_view> way);
// "r:id", whatever its prefix is; "id" without one is another.
std::string relation_id(const pugi::xml_node& node);
// As a part of a file has it.
std::string written_xml(const pugi::xml_document& document);

}  // namespace viz
