// What tokenizer_reference.py runs: each line of stdin is a text as hexadecimal bytes, each line of
// stdout its token ids. The first line says which version of Unicode the character classes are of.
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <exception>
#include <iostream>
#include <string>

#include "model/load/tokenizer.h"

int main(int argc, char** argv) {
    if (argc != 2) {
        std::cerr << "usage: tokenize_lines TOKENIZER_FOLDER < LINES\n";
        return 2;
    }
    try {
        const auto tokenizer = model::Tokenizer::load(argv[1]);
        char version[64] = "";
        pcre2_config(PCRE2_CONFIG_UNICODE_VERSION, version);
        std::cout << version << '\n';
        for (std::string line; std::getline(std::cin, line);) {
            std::string text;
            for (size_t i = 0; i + 1 < line.size(); i += 2) {
                text += static_cast<char>(std::stoi(line.substr(i, 2), nullptr, 16));
            }
            const char* separator = "";
            for (const int id : tokenizer.encode(text)) {
                std::cout << separator << id;
                separator = " ";
            }
            std::cout << '\n';
        }
    } catch (const std::exception& e) {
        std::cerr << "tokenize_lines: " << e.what() << "\n";
        return 1;
    }
    return std::cout.flush() ? 0 : 1;
}
