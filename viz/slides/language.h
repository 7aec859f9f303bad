// The language of what pages say: titles, headings, captions, notes, descriptions. Its sentences
// are a file, assets/export/language/en.json; a translation has the same sentences with the same
// fields. What stands inside of figures, and the words of lessons, are not in it.
#pragma once

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>

namespace viz {

class Language {
  public:
    struct Field {
        std::string_view name;
        std::string value;
    };

    const std::string& code() const { return code_; }  // BCP 47: "en", "de-CH"
    // The sentence of this name, which must be there, with its fields filled in.
    std::string say(std::string_view name, std::initializer_list<Field> fields = {}) const;
    // The title of a view; `title` where the language does not know the view.
    std::string view_title(const std::string& id, const std::string& title) const;
    // "1 block", "6 blocks": the sentences "blocks.one" and "blocks.many".
    std::string counted(std::string_view name, long long n) const;
    std::string bits(double value) const;  // "1.58 bits"

    const std::map<std::string, std::string, std::less<>>& sentences() const { return sentences_; }

  private:
    friend Language parsed(std::string_view json, const std::string& file, const Language* like);
    std::string code_;
    std::map<std::string, std::string, std::less<>> sentences_;
};

const Language& english();

// A language that the program brings, "en" or "de", or a file that ends in .json. Throws
// model::Error.
Language find_language(const std::string& name);

// Throws model::Error that names the file and the line: a sentence is missing or unknown, or has
// other fields than the English one.
Language read_language(std::string_view json, const std::string& file);

}  // namespace viz
