#include "app/class/addresses.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "model/base/ascii.h"

namespace app {

namespace {

bool within(unsigned address, unsigned net, int bits) {
    return (address >> (32 - bits)) == (net >> (32 - bits));
}

}  // namespace

int address_rank(const std::string& name, unsigned address) {
    if (within(address, 0xA9FE0000, 16)) return 4;  // 169.254: nobody gave it one
    for (const char* made : {"docker", "veth", "br-", "virbr", "vmnet", "vbox", "tun", "tap", "wg",
                             "tailscale", "zt", "lxc", "lxd", "podman", "cni", "ppp"}) {
        if (name.starts_with(made)) return 3;
    }
    const bool local = within(address, 0x0A000000, 8) || within(address, 0xAC100000, 12) ||
                       within(address, 0xC0A80000, 16);
    const bool wireless = name.starts_with("wl");
    return wireless ? 0 : local ? 1 : 2;
}

std::vector<std::string> local_addresses() {
    ifaddrs* first = nullptr;
    if (getifaddrs(&first) != 0) return {};
    const std::unique_ptr<ifaddrs, decltype(&freeifaddrs)> all(first, freeifaddrs);
    std::vector<std::pair<int, std::string>> ranked;
    for (const ifaddrs* one = first; one; one = one->ifa_next) {
        if (!one->ifa_addr || one->ifa_addr->sa_family != AF_INET) continue;
        if (!(one->ifa_flags & IFF_UP) || (one->ifa_flags & IFF_LOOPBACK)) continue;
        const auto* in = reinterpret_cast<const sockaddr_in*>(one->ifa_addr);
        char text[INET_ADDRSTRLEN] = {};
        if (!inet_ntop(AF_INET, &in->sin_addr, text, sizeof text)) continue;
        ranked.emplace_back(address_rank(one->ifa_name, ntohl(in->sin_addr.s_addr)), text);
    }
    std::ranges::stable_sort(ranked, {}, &std::pair<int, std::string>::first);
    std::vector<std::string> addresses;
    for (auto& [rank, text] : ranked) {
        if (std::ranges::find(addresses, text) == addresses.end()) addresses.push_back(text);
    }
    return addresses;
}

bool is_own_host(const std::string& host) {
    const std::string name = model::ascii_lower_case(host.substr(0, host.rfind(':')));
    in_addr digits{};
    if (inet_pton(AF_INET, name.c_str(), &digits) == 1 || name == "localhost") return true;
    char own[256] = {};
    if (gethostname(own, sizeof own - 1) != 0 || !*own) return false;
    const std::string mine = model::ascii_lower_case(own);
    return name == mine || name == mine + ".local";
}

}  // namespace app
