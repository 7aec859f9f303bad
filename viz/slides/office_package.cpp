// Reads with libzip and pugixml, which know no entities of a file's own.
#include "viz/slides/office_package.h"

#include <zip.h>

#include <algorithm>
#include <sstream>

#include "model/base/ascii.h"
#include "model/base/error.h"
#include "model/load/plain_text.h"
#include "viz/slides/pptx_parts.h"

namespace viz {

namespace {

constexpr size_t most_parts = 20'000;
constexpr zip_uint64_t most_bytes = 1 << 30;       // of all parts, unpacked
constexpr zip_uint64_t most_xml_bytes = 64 << 20;  // of one that is read
constexpr const char* types_part = "[Content_Types].xml";

// A target as a relation of `part` writes it.
std::string resolved(const std::string& part, const std::string& target) {
    std::vector<std::string> way;
    const auto follow = [&](const std::string& path) {
        std::istringstream steps(path);
        for (std::string step; std::getline(steps, step, '/');) {
            if (step == ".." && !way.empty()) {
                way.pop_back();
            } else if (!step.empty() && step != "." && step != "..") {
                way.push_back(step);
            }
        }
    };
    if (!target.starts_with('/')) follow(part.substr(0, part.rfind('/') + 1));
    follow(target.substr(0, target.find('#')));
    std::string out;
    for (const std::string& step : way) out += (out.empty() ? "" : "/") + step;
    return out;
}

bool is_part_name(std::string_view name) {
    return !name.empty() && name.size() < 1024 && name.find('\\') == std::string_view::npos &&
           std::ranges::all_of(name, [](char c) { return c >= ' ' && c <= '~'; });
}

// What is taken out of a document takes out its children by a call for each level.
struct Shallow : pugi::xml_tree_walker {
    bool for_each(pugi::xml_node&) override { return depth() < 256; }
};

}  // namespace

struct OfficePackage::Archive {
    zip_t* zip;
};

OfficePackage::OfficePackage(std::string bytes, std::string name)
    : name_(std::move(name)), packed_(std::move(bytes)) {
    // Compound files: PowerPoint of before 2007, and whatever has a password.
    if (packed_.starts_with("\xD0\xCF\x11\xE0")) {
        const std::string_view word = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0";
        constexpr size_t letters = 20;
        if (packed_.find(std::string(word.data(), letters)) != std::string::npos)
            refuse("is locked with a password; save a copy without one");
        refuse("is of PowerPoint before 2007 (.ppt); save it as .pptx");
    }
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t* source = zip_source_buffer_create(packed_.data(), packed_.size(), 0, &error);
    zip_t* zip = source ? zip_open_from_source(source, ZIP_RDONLY, &error) : nullptr;
    if (!zip) {
        if (source) zip_source_free(source);
        zip_error_fini(&error);
        refuse("is no PowerPoint file, or a damaged one");
    }
    zip_error_fini(&error);
    archive_ = new Archive{zip};
    try {
        read_directory();
        read_types();
    } catch (...) {
        zip_discard(zip);
        delete archive_;
        throw;
    }
}

OfficePackage::~OfficePackage() {
    zip_discard(archive_->zip);
    delete archive_;
}

void OfficePackage::refuse(const std::string& why) const {
    throw model::Error(name_ + ": " + model::plain_text(why));
}

void OfficePackage::read_directory() {
    const zip_int64_t entries = zip_get_num_entries(archive_->zip, 0);
    if (entries < 0 || static_cast<size_t>(entries) > most_parts)
        refuse("has more than " + std::to_string(most_parts) + " parts");
    zip_uint64_t all = 0;
    for (zip_int64_t i = 0; i < entries; ++i) {
        zip_stat_t stat;
        const auto index = static_cast<zip_uint64_t>(i);
        if (zip_stat_index(archive_->zip, index, 0, &stat) != 0 ||
            (stat.valid & ZIP_STAT_SIZE) == 0)
            refuse("is damaged");
        const std::string part = stat.name;
        if (part.ends_with('/')) continue;  // a folder
        if ((stat.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 && stat.encryption_method != ZIP_EM_NONE)
            refuse("is locked with a password; save a copy without one");
        if (!is_part_name(part)) refuse("is no PowerPoint file: a part has no usable name");
        if (!places_.emplace(model::ascii_lower_case(part), parts_.size()).second)
            refuse("is damaged: it has " + part + " twice");
        if (stat.size > most_bytes || (all += stat.size) > most_bytes)
            refuse("is larger than 1 GB when it is unpacked");
        parts_.push_back(part);
        indices_.push_back(index);
    }
}

void OfficePackage::read_types() {
    if (spelled(types_part).empty()) refuse("is no PowerPoint file");
    const pugi::xml_document types = xml(types_part);
    for (const pugi::xml_node& entry : types.document_element().children()) {
        const std::string type = entry.attribute("ContentType").value();
        if (local_name(entry) == "Default")
            endings_.emplace(model::ascii_lower_case(entry.attribute("Extension").value()), type);
        if (local_name(entry) == "Override")
            types_.emplace(
                model::ascii_lower_case(resolved("", entry.attribute("PartName").value())), type);
    }
}

std::string OfficePackage::spelled(const std::string& part) const {
    const auto place = places_.find(model::ascii_lower_case(part));
    return place == places_.end() ? "" : parts_[place->second];
}

bool OfficePackage::stored(const std::string& part) const {
    zip_stat_t stat;
    const auto index = indices_[places_.at(model::ascii_lower_case(part))];
    return zip_stat_index(archive_->zip, index, 0, &stat) == 0 && stat.comp_method == ZIP_CM_STORE;
}

std::string OfficePackage::bytes(const std::string& part, size_t most) const {
    const auto place = places_.find(model::ascii_lower_case(part));
    if (place == places_.end()) refuse("is damaged: " + part + " is missing");
    const auto index = indices_[place->second];
    zip_stat_t stat;
    zip_file_t* file = zip_stat_index(archive_->zip, index, 0, &stat) == 0
                           ? zip_fopen_index(archive_->zip, index, 0)
                           : nullptr;
    if (!file) refuse("is damaged: " + part + " cannot be unpacked");
    if (stat.size > most) {
        zip_fclose(file);
        refuse(part + " is too large");
    }
    // One byte more would be one more than the directory says; at the end the sum is checked.
    std::string out(stat.size + 1, '\0');
    size_t had = 0;
    zip_int64_t n = 1;
    while (n > 0 && had < out.size()) {
        n = zip_fread(file, out.data() + had, out.size() - had);
        if (n > 0) had += static_cast<size_t>(n);
    }
    zip_fclose(file);
    if (n < 0 || had != stat.size) refuse("is damaged: " + part + " cannot be unpacked");
    out.resize(had);
    return out;
}

pugi::xml_document OfficePackage::xml(const std::string& part) const {
    const std::string text = bytes(part, most_xml_bytes);
    pugi::xml_document document;
    constexpr unsigned how = pugi::parse_default | pugi::parse_ws_pcdata | pugi::parse_comments |
                             pugi::parse_pi | pugi::parse_doctype;
    if (!document.load_buffer(text.data(), text.size(), how))
        refuse("is damaged: " + part + " is no XML");
    Shallow shallow;
    if (!document.traverse(shallow)) refuse(part + " is nested too deeply");
    for (const pugi::xml_node& node : document.children()) {
        if (node.type() == pugi::node_doctype)
            refuse("is no PowerPoint file: " + part + " defines entities");
    }
    return document;
}

std::string OfficePackage::type_of(const std::string& part) const {
    const std::string name = model::ascii_lower_case(part);
    if (const auto type = types_.find(name); type != types_.end()) return type->second;
    const auto type = endings_.find(name.substr(name.rfind('.') + 1));
    return type == endings_.end() ? "" : type->second;
}

std::vector<PartRelation> OfficePackage::relations(const std::string& part) const {
    std::vector<PartRelation> out;
    const std::string name = pptx::relations_name(part);
    if (spelled(name).empty()) return out;
    const pugi::xml_document document = xml(name);
    for (const pugi::xml_node& node : document.document_element().children()) {
        if (local_name(node) != "Relationship") continue;
        const std::string type = node.attribute("Type").value();
        if (type.starts_with("http://purl.oclc.org/ooxml/"))
            refuse("is saved as \"Strict Open XML\"; save it as an ordinary .pptx");
        const bool outside = node.attribute("TargetMode").value() == std::string_view("External");
        out.push_back({node.attribute("Id").value(), type.substr(type.rfind('/') + 1),
                       outside ? "" : resolved(part, node.attribute("Target").value())});
    }
    return out;
}

PartRelation OfficePackage::relation(const std::string& part, std::string_view type) const {
    for (PartRelation& each : relations(part)) {
        if (each.type == type && !each.target.empty()) return std::move(each);
    }
    return {};
}

std::string_view local_name(const pugi::xml_node& node) {
    const std::string_view name = node.name();
    return name.substr(name.find(':') + 1);  // no colon: npos + 1 is 0
}

pugi::xml_node first_element(const pugi::xml_node& node) {
    return node.find_child(
        [](const pugi::xml_node& each) { return each.type() == pugi::node_element; });
}

pugi::xml_node child(const pugi::xml_node& node, std::string_view name) {
    for (const pugi::xml_node& each : node.children()) {
        if (each.type() == pugi::node_element && local_name(each) == name) return each;
    }
    return {};
}

pugi::xml_node descend(pugi::xml_node node, std::initializer_list<std::string_view> way) {
    for (const std::string_view name : way) node = child(node, name);
    return node;
}

std::string relation_id(const pugi::xml_node& node) {
    for (const pugi::xml_attribute& attribute : node.attributes()) {
        if (std::string_view(attribute.name()).ends_with(":id")) return attribute.value();
    }
    return "";
}

std::string written_xml(const pugi::xml_document& document) {
    std::ostringstream out;
    out << "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
    document.save(out, "", pugi::format_raw | pugi::format_no_declaration, pugi::encoding_utf8);
    return std::move(out).str();
}

}  // namespace viz
