#include "viz/slides/pptx_grown.h"

#include <algorithm>
#include <initializer_list>
#include <utility>

#include "model/base/ascii.h"
#include "viz/slides/pptx_parts.h"

namespace viz::pptx {

namespace {

constexpr const char* office_relations =
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
constexpr const char* presentation_type =
    "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml";

// "p:" of "p:presentation".
std::string prefix_of(const pugi::xml_node& node) {
    const std::string name = node.name();
    return name.substr(0, name.find(':') + 1);
}

pugi::xml_node add_behind(pugi::xml_node parent, const std::string& name,
                          std::initializer_list<std::string_view> before) {
    pugi::xml_node last;
    for (const pugi::xml_node& each : parent.children()) {
        if (std::ranges::find(before, local_name(each)) != before.end()) last = each;
    }
    return last ? parent.insert_child_after(name.c_str(), last)
                : parent.prepend_child(name.c_str());
}

void set_attribute(pugi::xml_node node, const std::string& name, const std::string& value) {
    node.append_attribute(name.c_str()).set_value(value.c_str());
}

}  // namespace

GrownRelations::GrownRelations(const OfficePackage& package, const std::string& part)
    : part_(part), document_(package.xml(relations_name(part))) {
    for (const PartRelation& relation : package.relations(part)) ids_.insert(relation.id);
}

std::string GrownRelations::add(const std::string& type, const std::string& target) {
    std::string id;
    do id = "rId" + std::to_string(++last_);
    while (ids_.contains(id));
    pugi::xml_node root = document_.document_element();
    pugi::xml_node added = root.append_child((prefix_of(root) + "Relationship").c_str());
    set_attribute(added, "Id", id);
    set_attribute(added, "Type", std::string(office_relations) + "/" + type);
    set_attribute(added, "Target", relative_target(part_, target));
    return id;
}

GrownPresentation::GrownPresentation(const OfficePackage& package, const std::string& main)
    : document_(package.xml(main)), root_(document_.document_element()), prefix_(prefix_of(root_)) {
    for (const pugi::xml_attribute& attribute : root_.attributes()) {
        const std::string name = attribute.name();
        if (name.starts_with("xmlns:") && attribute.value() == std::string_view(office_relations))
            id_name_ = name.substr(6) + ":id";
    }
    if (id_name_.empty()) {
        set_attribute(root_, "xmlns:r", office_relations);
        id_name_ = "r:id";
    }
    list_ = child(root_, "sldIdLst");
    if (!list_) {
        list_ = add_behind(root_, prefix_ + "sldIdLst",
                           {"sldMasterIdLst", "notesMasterIdLst", "handoutMasterIdLst"});
    }
    for (const pugi::xml_node& slide : list_.children()) {
        if (local_name(slide) != "sldId") continue;
        ids_.insert(slide.attribute("id").as_uint());
        ++slides_;
    }
    for (const pugi::xml_node& extension : child(root_, "extLst").children()) {
        for (const pugi::xml_node& section : child(extension, "sectionLst").children()) {
            if (local_name(section) == "section") section_ = section;
        }
    }
}

void GrownPresentation::add_notes_master(const std::string& relation) {
    pugi::xml_node list = add_behind(root_, prefix_ + "notesMasterIdLst", {"sldMasterIdLst"});
    set_attribute(list.append_child((prefix_ + "notesMasterId").c_str()), id_name_, relation);
}

void GrownPresentation::add_slide(const std::string& relation) {
    constexpr unsigned first = 256;  // those below are no slides'
    unsigned id = ids_.empty() ? first : std::max(*ids_.rbegin() + 1, first);
    constexpr unsigned end = 1u << 31;
    if (id >= end) {
        for (id = first; ids_.contains(id); ++id) {
        }
    }
    ids_.insert(id);
    pugi::xml_node added = list_.append_child((prefix_ + "sldId").c_str());
    set_attribute(added, "id", std::to_string(id));
    set_attribute(added, id_name_, relation);
    if (!section_) return;
    const std::string prefix = prefix_of(section_);
    pugi::xml_node of_section = child(section_, "sldIdLst");
    if (!of_section) of_section = section_.prepend_child((prefix + "sldIdLst").c_str());
    set_attribute(of_section.append_child((prefix + "sldId").c_str()), "id", std::to_string(id));
}

std::string grown_types(const OfficePackage& package, const std::string& main,
                        const std::vector<Parts::Typed>& added) {
    pugi::xml_document document = package.xml(types_part);
    pugi::xml_node root = document.document_element();
    const std::string prefix = prefix_of(root);
    const auto add = [&](const char* kind, const char* name, const std::string& value,
                         const std::string& type) {
        pugi::xml_node entry = root.append_child((prefix + kind).c_str());
        set_attribute(entry, name, value);
        set_attribute(entry, "ContentType", type);
    };
    bool named = false;
    for (pugi::xml_node& entry : root.children()) {
        const std::string part = entry.attribute("PartName").value();
        if (model::ascii_lower_case(part) != model::ascii_lower_case("/" + main)) continue;
        entry.attribute("ContentType").set_value(presentation_type);
        named = true;
    }
    if (!named) add("Override", "PartName", "/" + main, presentation_type);
    const std::pair<const char*, const char*> endings[] = {
        {"rels", "application/vnd.openxmlformats-package.relationships+xml"},
        {"png", "image/png"},
        {"svg", "image/svg+xml"},
        {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}};
    std::set<std::string> said;
    for (const auto& [part, type] : added) {
        if (!type.empty()) {
            add("Override", "PartName", "/" + part, type);
            continue;
        }
        const std::string ending = part.substr(part.rfind('.') + 1);
        const auto* known =
            std::ranges::find_if(endings, [&](const auto& each) { return ending == each.first; });
        const std::string has = package.type_of(part);
        if (has == known->second) continue;
        if (has.empty()) {
            if (said.insert(ending).second) add("Default", "Extension", ending, known->second);
        } else {
            add("Override", "PartName", "/" + part, known->second);
        }
    }
    // Those by ending stand before those by name.
    std::vector<pugi::xml_node> defaults;
    for (const pugi::xml_node& entry : root.children()) {
        if (local_name(entry) == "Default") defaults.push_back(entry);
    }
    for (auto entry = defaults.rbegin(); entry != defaults.rend(); ++entry)
        root.prepend_move(*entry);
    return written_xml(document);
}

std::string grown_properties(const OfficePackage& package, const std::string& part, int before,
                             const std::vector<std::string>& titles) {
    pugi::xml_document document = package.xml(part);
    pugi::xml_node root = document.document_element();
    const int more = static_cast<int>(titles.size());
    for (const char* count : {"Slides", "Notes"}) {
        if (pugi::xml_node node = child(root, count)) node.text().set(node.text().as_int() + more);
    }
    // Titles are listed behind what else is listed. Where that cannot be told they are left out:
    // PowerPoint writes them anew.
    pugi::xml_node kinds = descend(root, {"HeadingPairs", "vector"});
    pugi::xml_node names = descend(root, {"TitlesOfParts", "vector"});
    pugi::xml_node last;
    for (const pugi::xml_node& kind : kinds.children()) {
        if (const pugi::xml_node number = child(kind, "i4")) last = number;
    }
    if (names && last && last.text().as_int() == before) {
        last.text().set(before + more);
        names.attribute("size").set_value(names.attribute("size").as_int() + more);
        for (const std::string& title : titles)
            names.append_child((prefix_of(names) + "lpstr").c_str()).text().set(title.c_str());
    } else {
        root.remove_child(child(root, "HeadingPairs"));
        root.remove_child(child(root, "TitlesOfParts"));
    }
    return written_xml(document);
}

}  // namespace viz::pptx
