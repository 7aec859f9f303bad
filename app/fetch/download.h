// One file of a server, fetched so that it appears under its name whole or not at all. What came
// waits in NAME.incomplete, and the next attempt goes on from there.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "app/fetch/http.h"

namespace app {

// What the server states of a file.
struct Wanted {
    std::string what;  // as messages call it: "gpt2: model.safetensors"
    std::string url;
    std::string hash;  // see Digest
    uint64_t size = 0;
};

std::filesystem::path incomplete(const std::filesystem::path& target);

// `tell` hears how many bytes are there, those of earlier attempts included. A connection that
// breaks is tried again a few times. Throws model::Stopped, and model::Error that says why not:
// with a broken connection, no room, no permission or an answer of a wrong length the incomplete
// file stays as far as it was; with a hash that the server did not state it goes.
void download(Http& http, const Wanted& wanted, const std::filesystem::path& target,
              const std::function<void(uint64_t)>& tell);

// What a status that is not good means for somebody who asked for `what`, and what to do.
// `page` is where a licence is accepted.
[[noreturn]] void refuse(const HttpReply& reply, const std::string& what, const std::string& page);

}  // namespace app
