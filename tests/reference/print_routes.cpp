// What check_routes.py runs: the routes of a pass, and how long what heads bring is, as JSON.
#include <exception>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "model/interp/routes.h"
#include "model/pass/attention.h"
#include "model/run/session.h"

int main(int argc, char** argv) {
    if (argc != 7) {
        std::cerr << "usage: print_routes MODEL_FOLDER IDS POSITION FOLLOWED LEAST ABLATED\n";
        return 2;
    }
    try {
        const auto opened = model::load_model(argv[1]);
        std::vector<int> ids;
        std::istringstream list(argv[2]);
        for (std::string id; std::getline(list, id, ',');) ids.push_back(std::stoi(id));
        model::SessionOptions options;
        options.ablation = model::parse_ablation(argv[6], opened->config, "ABLATED");
        model::Session session(opened, options);
        session.start(ids, {});
        const model::Records& records = session.step()->records;
        nlohmann::json out;
        for (const auto measure : {model::RouteMeasure::answer, model::RouteMeasure::arrives}) {
            const model::Routes routes =
                model::find_routes(*opened, records, std::stoi(argv[3]), std::stoi(argv[4]),
                                   measure, std::stod(argv[5]));
            nlohmann::json edges = nlohmann::json::array();
            for (const auto& edge : routes.edges) {
                edges.push_back({edge.layer, edge.head, edge.from, edge.to, edge.share});
            }
            out[measure == model::RouteMeasure::answer ? "answer" : "arrives"] = {
                {"edges", edges},
                {"pre", routes.pre},
                {"mid", routes.mid},
                {"mlp", routes.mlp},
                {"constant", routes.constant},
                {"dropped", routes.dropped},
                {"logit", routes.logit},
                {"raised", routes.raised},
                {"lowered", routes.lowered}};
        }
        for (int layer = 0; layer < opened->config.n_layer; ++layer) {
            nlohmann::json lengths = nlohmann::json::array();
            const auto values = model::value_products(*opened, records, layer);
            model::visit_layer(opened->config, records, layer, static_cast<int>(records.size()) - 1,
                               [&](int, std::span<std::vector<float>> rows) {
                                   for (size_t from = 0; from < records.size(); ++from) {
                                       std::vector<float> weights;
                                       for (const auto& row : rows) weights.push_back(row[from]);
                                       lengths.push_back(values[from].length(weights));
                                   }
                               });
            out["lengths"].push_back(lengths);
        }
        std::cout << out << '\n';
    } catch (const std::exception& e) {
        std::cerr << "print_routes: " << e.what() << "\n";
        return 1;
    }
    return std::cout.flush() ? 0 : 1;
}
