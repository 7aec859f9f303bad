// What is the same in every exported deck, and how the rest is filled in: the files of
// assets/export, which the build puts into the program.
#pragma once

#include <functional>
#include <map>
#include <ostream>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace viz {

// Texts by their names below assets/export: "pptx/slide.xml".
const std::map<std::string_view, std::string_view>& export_files();

// What stands in the place of {{name}}: words, already escaped, or what writes them.
struct Value {
    std::string_view name;
    std::variant<std::string, std::function<void(std::ostream&)>> value;
};
using Values = std::vector<Value>;

// Writes a text with its places filled in. Throws std::logic_error, and has written nothing, when a
// place has no value or two, a value no place, or the text a "{{" that opens none; `name` is the
// text's in that message.
void fill(std::ostream& out, std::string_view name, std::string_view text, const Values& values);
// The same of a file of assets/export, which must be there; XML without the breaks between its
// lines.
void fill_file(std::ostream& out, std::string_view file, const Values& values);
std::string filled(std::string_view file, const Values& values = {});

// XML without its layout: a line break and the indentation behind it go between tags and places,
// and become a space inside of a tag. The one after <?xml ... ?> stays.
std::string without_layout(std::string_view xml);

}  // namespace viz
