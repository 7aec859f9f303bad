#include "app/fetch/certificates.h"

#include <curl/curl.h>

#include <cstdlib>
#include <filesystem>

namespace app {

std::string certificates() {
    std::error_code ignored;
    for (const char* variable : {"CURL_CA_BUNDLE", "SSL_CERT_FILE"}) {
        const char* path = std::getenv(variable);
        if (path && *path) return path;
    }
    const curl_version_info_data* built = curl_version_info(CURLVERSION_NOW);
    if (built->cainfo && std::filesystem::exists(built->cainfo, ignored)) return "";
    for (const char* usual :
         {"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
          "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem"}) {
        if (std::filesystem::exists(usual, ignored)) return usual;
    }
    return "";
}

}  // namespace app
