#include "viz/scene/likelihood.h"

#include <cmath>

#include "viz/paint/format.h"

namespace viz {

std::vector<ChainLink> chain_of(const model::Step& step) {
    std::vector<ChainLink> links;
    double sum = 0;
    for (size_t i = 1; i < step.choices.size(); ++i) {
        const model::Choice& choice = step.choices[i];
        const double log = std::log(choice.probability);
        sum += log;
        links.push_back({static_cast<int>(i), choice.probability, choice.rank,
                         -std::log2(choice.probability) + 0.0, sum,
                         std::exp(-sum / static_cast<double>(i))});
    }
    return links;
}

std::string power_of_ten(double log10) {
    double exponent = std::floor(log10);
    double mantissa = std::pow(10, log10 - exponent);
    if (mantissa >= 9.95) {
        mantissa = 1;
        exponent += 1;
    }
    return number(mantissa).substr(0, 3) + "e" + std::to_string(static_cast<int>(exponent));
}

std::string probability_of_log(double log) {
    if (!std::isfinite(log)) return percent(std::exp(log));
    const double log10 = log / std::log(10.0);
    return log10 > -3 ? percent(std::exp(log)) : power_of_ten(log10);
}

std::string one_in(double log) {
    if (!std::isfinite(log) || log > std::log(1e-3)) return percent(std::exp(log));
    if (log > std::log(1e-15)) return "1 in " + large(std::round(std::exp(-log)));
    std::string power = std::to_string(std::llround(-log / std::log(10.0))), raised;
    const char* digits[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
    for (const char digit : power) raised += digits[digit - '0'];
    return "1 in 10" + raised;
}

std::string likelihood(const model::Step& step) {
    const std::vector<ChainLink> links = chain_of(step);
    if (links.empty() || !std::isfinite(links.back().log_so_far)) return "";
    return "P(text) = " + one_in(links.back().log_so_far) + " · perplexity " +
           number(links.back().perplexity);
}

}  // namespace viz
