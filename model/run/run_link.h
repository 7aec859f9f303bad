// A run as a link: a run file (model/run/run_file.h), packed small enough to stand behind the '#'
// of an address, where a browser keeps it to itself. "#1." and the file's JSON, deflated (RFC 1951,
// without a header), in base64url (RFC 4648, section 5) without padding; 1 is the version of the
// packing. The folder of the model is left out: it is nobody else's business.
#pragma once

#include <string>
#include <string_view>

#include "model/run/run_file.h"

namespace model {

// The same run gives the same link.
std::string run_link(RunFile run);

// Whether a text looks like such a link, alone or behind an address, of this version or a newer
// one; a name of a file may do so, too.
bool is_run_link(std::string_view text);

// Checks every field. Throws Error that says what is wrong: a newer link, one that was cut, what is
// no saved run.
RunFile read_run_link(std::string_view text);

}  // namespace model
