#include "viz/lessons/unclaimed.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

namespace viz {

namespace {

constexpr std::array strong{
    "more",     "less",    "fewer",  "most",     "least",  "than",       "best",    "worst",
    "always",   "never",   "all",    "none",     "every",  "everything", "nothing", "nobody",
    "only",     "twice",   "half",   "nearly",   "almost", "same",       "rises",   "falls",
    "grows",    "shrinks", "surer",  "higher",   "lower",  "larger",     "smaller", "longer",
    "shorter",  "faster",  "slower", "stronger", "weaker", "likelier",   "two",     "three",
    "four",     "five",    "six",    "seven",    "eight",  "nine",       "ten",     "hundred",
    "thousand", "million"};

bool is_letter(char c) {
    return std::isalpha(static_cast<unsigned char>(c)) != 0;
}

bool is_strong(std::string word) {
    std::ranges::transform(word, word.begin(), [](unsigned char c) { return std::tolower(c); });
    return std::ranges::find(strong, std::string_view(word)) != strong.end() ||
           (word.size() > 6 && word.ends_with("est"));
}

bool speaks_strongly(const std::string& sentence) {
    std::string word;
    for (const char c : sentence + " ") {
        if (std::isdigit(static_cast<unsigned char>(c))) return true;
        if (is_letter(c)) {
            word += c;
        } else if (!word.empty()) {
            if (is_strong(word)) return true;
            word.clear();
        }
    }
    return false;
}

std::vector<std::string> sentences(const std::string& text) {
    std::vector<std::string> all;
    std::string sentence;
    for (size_t i = 0; i < text.size(); ++i) {
        sentence += text[i];
        const bool ends = (text[i] == '.' || text[i] == '?' || text[i] == '!') &&
                          (i + 1 == text.size() || text[i + 1] == ' ');
        if (!ends && i + 1 < text.size()) continue;
        sentence.erase(0, std::min(sentence.find_first_not_of(' '), sentence.size()));
        if (!sentence.empty()) all.push_back(sentence);
        sentence.clear();
    }
    return all;
}

}  // namespace

std::vector<std::string> unclaimed(const LessonStop& stop) {
    std::vector<std::string> found;
    for (const std::string* words : {&stop.note, &stop.answer}) {
        for (const std::string& sentence : sentences(*words)) {
            const bool claimed = std::ranges::any_of(stop.claims, [&](const Claim& claim) {
                return !claim.says.empty() && sentence.find(claim.says) != std::string::npos;
            });
            if (claimed || sentence.find('{') != std::string::npos) continue;
            if (speaks_strongly(sentence)) found.push_back(sentence);
        }
    }
    return found;
}

}  // namespace viz
