#include "model/run/history.h"

#include <algorithm>
#include <atomic>

#include "model/base/error.h"

namespace model {

namespace {

uint64_t next_number() {
    static std::atomic<uint64_t> made{0};
    return ++made;
}

}  // namespace

const char* chosen_by_name(ChosenBy by) {
    switch (by) {
        case ChosenBy::prompt:
            return "prompt";
        case ChosenBy::argmax:
            return "argmax";
        case ChosenBy::sampled:
            return "sampled";
        case ChosenBy::forced:
            return "forced";
    }
    return "";
}

History::History() : number_(next_number()) {}

int History::run(const Ablation& ablation, const std::vector<int>& prompt) {
    if (const int known = find_run(ablation, prompt); known >= 0) return known;
    runs_.push_back({ablation, prompt, no_node});
    return runs() - 1;
}

int History::find_run(const Ablation& ablation, const std::vector<int>& prompt) const {
    const auto at = std::ranges::find_if(
        runs_, [&](const Run& run) { return run.ablation == ablation && run.prompt == prompt; });
    return at == runs_.end() ? -1 : static_cast<int>(at - runs_.begin());
}

void History::attach(NodeId id) {
    const HistoryNode& node = nodes_[static_cast<size_t>(id)];
    if (node.parent == no_node) {
        runs_[static_cast<size_t>(node.run)].root = id;
        return;
    }
    HistoryNode& parent = at(node.parent);
    parent.children.insert(std::ranges::upper_bound(parent.children, id), id);
    if (parent.visited == no_node) parent.visited = id;
}

NodeId History::add(NodeId parent, int run, RecordPtr record, const Choice& choice) {
    const NodeId id = next();
    nodes_.push_back({parent, run, std::move(record), choice, {}, {}, no_node});
    attach(id);
    return id;
}

bool History::contains(NodeId id) const {
    return id >= 0 && id < next() && nodes_[static_cast<size_t>(id)].record;
}

HistoryNode& History::at(NodeId id) {
    check(contains(id), "History::at: the node is in the tree");
    return nodes_[static_cast<size_t>(id)];
}

const HistoryNode& History::at(NodeId id) const {
    check(contains(id), "History::at: the node is in the tree");
    return nodes_[static_cast<size_t>(id)];
}

NodeId History::child(NodeId parent, int token) const {
    for (const NodeId id : at(parent).children) {
        if (at(id).record->id() == token) return id;
    }
    return no_node;
}

std::vector<NodeId> History::path_to(NodeId id) const {
    std::vector<NodeId> path;
    for (NodeId node = id; node != no_node; node = at(node).parent) path.push_back(node);
    std::ranges::reverse(path);
    return path;
}

std::vector<NodeId> History::visit(NodeId id) {
    std::vector<NodeId> path = path_to(id);
    for (size_t i = 1; i < path.size(); ++i) at(path[i - 1]).visited = path[i];
    while (true) {
        const NodeId on = at(path.back()).visited;
        if (on == no_node) return path;
        path.push_back(on);
    }
}

NodeId History::counterpart(NodeId id, int run) const {
    const std::vector<NodeId> path = path_to(id);
    NodeId node = root(run);
    for (size_t i = 1; i < prompt(run).size() && node != no_node; ++i) {
        node = at(node).children.front();
    }
    for (size_t i = prompt(at(id).run).size(); i < path.size() && node != no_node; ++i) {
        node = child(node, at(path[i]).record->id());
    }
    return node;
}

std::vector<NodeId> History::subtree(NodeId id) const {
    std::vector<NodeId> all, waiting = {id};
    while (!waiting.empty()) {
        const NodeId node = waiting.back();
        waiting.pop_back();
        all.push_back(node);
        const auto& children = at(node).children;
        waiting.insert(waiting.end(), children.rbegin(), children.rend());
    }
    return all;
}

Removed History::remove(NodeId id) {
    const HistoryNode& top = at(id);
    Removed removed;
    if (top.parent == no_node) {
        runs_[static_cast<size_t>(top.run)].root = no_node;
    } else {
        HistoryNode& parent = at(top.parent);
        std::erase(parent.children, id);
        removed.visited = parent.visited == id;
        if (removed.visited) {
            parent.visited = parent.children.empty() ? no_node : parent.children.front();
        }
    }
    removed.history = number_;
    for (const NodeId node : subtree(id)) removed.parts.push_back({node, at(node)});
    for (Removed::Part& part : removed.parts) {
        std::vector<float>().swap(part.node.logits);  // had again for one product
        nodes_[static_cast<size_t>(part.id)] = {};
    }
    return removed;
}

NodeId History::now(NodeId id) const {
    for (auto at = moved_.find(id); !contains(id) && at != moved_.end(); at = moved_.find(id)) {
        id = at->second;
    }
    return id;
}

NodeId History::restore(const Removed& removed, NodeId wanted) {
    if (removed.history != number_ || removed.parts.empty()) return no_node;
    const HistoryNode& top = removed.parts.front().node;
    if (top.parent != no_node && !contains(now(top.parent))) return no_node;
    for (const auto& [id, node] : removed.parts) {
        const NodeId parent = node.parent == no_node ? no_node : now(node.parent);
        NodeId same = contains(id)        ? id
                      : parent == no_node ? root(node.run)
                                          : child(parent, node.record->id());
        if (same == no_node) {
            HistoryNode& put = nodes_[static_cast<size_t>(id)];
            put = node;
            put.parent = parent;
            put.children.clear();
            put.visited = no_node;
            attach(id);
            same = id;
        }
        if (same != id) moved_[id] = same;
    }
    for (const auto& [id, node] : removed.parts) {
        if (contains(id) && node.visited != no_node) at(id).visited = now(node.visited);
    }
    if (removed.visited) at(now(top.parent)).visited = now(removed.parts.front().id);
    return now(wanted == no_node ? removed.parts.front().id : wanted);
}

TreePtr History::tree(const std::vector<NodeId>& path, int length) const {
    auto tree = std::make_shared<Tree>();
    std::unordered_map<NodeId, int> index;
    for (int run = 0; run < runs(); ++run) {
        tree->runs.push_back(ablation(run));
        tree->prompts.push_back(prompt(run));
        if (root(run) == no_node) continue;
        for (const NodeId id : subtree(root(run))) {
            const HistoryNode& node = at(id);
            index[id] = static_cast<int>(tree->nodes.size());
            tree->nodes.push_back({.id = id,
                                   .parent = node.parent == no_node ? -1 : index.at(node.parent),
                                   .run = run,
                                   .token = node.record->id(),
                                   .position = node.record->position(),
                                   .probability = node.choice.probability,
                                   .rank = node.choice.rank,
                                   .by = node.choice.by});
        }
    }
    for (const NodeId id : path) tree->nodes[static_cast<size_t>(index.at(id))].on_path = true;
    if (path.empty()) return tree;
    tree->current = index.at(path[static_cast<size_t>(length - 1)]);
    tree->path_end = index.at(path.back());
    return tree;
}

}  // namespace model
