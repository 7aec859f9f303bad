// Which certificates a server's is checked against.
#pragma once

#include <string>

namespace app {

// A file of trusted certificates: the environment's, else the system's; "" for the one that curl
// knows of itself. A program that was built elsewhere knows of none here.
std::string certificates();

}  // namespace app
