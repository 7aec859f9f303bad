// Under which addresses this machine is reached in its networks.
#pragma once

#include <string>
#include <vector>

namespace app {

// IPv4 addresses as text, the likeliest to be the class's network first: Wi-Fi and cables before
// what containers, virtual machines and tunnels have. None: there is no network.
std::vector<std::string> local_addresses();

// How likely an address of an interface of this name is that of a classroom; lower is likelier.
int address_rank(const std::string& name, unsigned address);  // in host order

// Names by which a browser may ask for this machine: digits, "localhost", its own name. Another
// name may be somebody else's, who points it here.
bool is_own_host(const std::string& host);  // as in the header: with or without a port

}  // namespace app
