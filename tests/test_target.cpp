// What is pointed at: as a value, as text, and what a click on it selects.
#include <doctest/doctest.h>

#include "viz/scene/targets.h"
#include "viz/views/pointing.h"

using namespace viz;

TEST_CASE("a target and its text are the same") {
    const Target targets[] = {{},
                              {"lens-proof", {}},
                              {"map", {2, 1}},
                              {"zoom", {0, 11, 128, 96}},
                              {"norms", "resid"},
                              {"phase", "attention/scores"},
                              {"part", "head", {3, 0}},
                              {"operand", "x̂", {64}}};
    const char* texts[] = {"",
                           "lens-proof",
                           "map/2/1",
                           "zoom/0/11/128/96",
                           "norms/resid",
                           "phase/attention/scores",
                           "part/head/3/0",
                           "operand/x̂/64"};
    for (size_t i = 0; i < std::size(targets); ++i) {
        CHECK(targets[i].text() == texts[i]);
        CHECK(Target(texts[i]) == targets[i]);
    }
    CHECK(Target("map/2/1") != Target("map/1/2"));
}

TEST_CASE("any text is a target and is itself again") {
    for (const char* text : {"map/02/1", "map/-1/2", "a/1/b/2", "map/99999999999/3",
                             "map/1/2/3/4/5/6", "map/2147483647", "0", "1/2"}) {
        CHECK(Target(text).text() == text);
    }
    CHECK(Target("map//1/") != Target("map/1"));
    CHECK(Target("map//1") == Target("map/1"));  // nothing between strokes is no word
    CHECK(Target("map/02/1").number(0) == 1);    // "02" is a word
    CHECK(Target("map/-1").number(0) == -1);
    for (const char* odd : {"token/", "token/x", "token/-1", "token/1x", "token/99999999999"}) {
        CHECK_MESSAGE(Target(odd).number(0) == -1, odd);
    }
    CHECK(Target("map/7").number(0, 7) == -1);
    CHECK(Target("map/7").number(0, 8) == 7);
    CHECK(Target("map/7").number(1) == -1);
    CHECK(Target("phase/attention/scores").word() == "attention");
    CHECK(Target("phase/attention/scores").word(1) == "scores");
    CHECK(Target("phase/attention/scores").word(2).empty());
}

TEST_CASE("a click selects what its target is about") {
    const Extent extent{6, 4, 512, 9};
    const Selection before{.position = 3, .layer = 2, .head = 1, .neuron = 40};
    auto clicked = [&](const Hit& hit) {
        Selection selection = before;
        select(selection, hit, extent);
        return selection;
    };
    CHECK(clicked({target::token(5), 0, 0}).position == 5);
    CHECK(clicked({target::token(5), 0, 0}).neuron == -1);
    CHECK(clicked({target::token(9), 0, 0}) == before);  // there is none
    CHECK(clicked({target::layer(4), 0, 0}).layer == 4);
    CHECK(clicked({target::head(4, 3), 0, 0}).head == 3);
    CHECK(clicked({target::head(4, 4), 0, 0}) == before);
    CHECK(clicked({target::map(2, 1), 7, 0}).position == 7);
    CHECK(clicked({target::phase("softmax"), 0, 0}).phase == Phase::softmax);
    CHECK(clicked({target::phase("mlp/post"), 0, 0}).phase == Phase::mlp);
    CHECK(clicked({target::phase("nowhere"), 0, 0}) == before);
    CHECK(clicked({"norms/resid", 0, 8}).phase == Phase::embedding);
    CHECK(clicked({"norms/resid", 0, 8}).position == 8);
    CHECK(clicked({"norms/attn", 5, 8}).layer == 5);
    CHECK(clicked({"lens/4", 1, 3}).position == 7);
    CHECK(clicked({"lens/4", 1, 3}).layer == 1);
    CHECK(clicked({"rise/4", 3, 0}).layer == 3);
    CHECK(clicked({"total/0", 0, 0}) == before);
    CHECK(clicked({"total/5", 0, 0}).layer == 4);
    CHECK(clicked({"neuron/2/17", 0, 0}).neuron == 17);
    CHECK(clicked({"neurons/2/64", 3, 5}).neuron == 197);
    CHECK(clicked({"neurons/2/64", 8, 5}).neuron == 40);  // of 512
    CHECK(clicked({"part/head/3/2", 0, 0}).layer == 3);
    CHECK(clicked({"part/head/3/2", 0, 0}).head == 2);
    CHECK(clicked({"part/mlp/3", 0, 0}).phase == Phase::mlp);
    CHECK(clicked({"surprisal", 0, 6}).position == 6);
    CHECK(clicked({"nothing/1/2", 0, 0}) == before);
}

TEST_CASE("a click keeps cells on show, under the name that every drawing knows") {
    CHECK(lockable({"zoom/2/1/100/90", 5, 6}) == Hit{target::map(2, 1), 105, 96});
    for (const char* text :
         {"map/2/1", "row/2/1/0", "norms/resid", "stream/0/128", "lens/0", "rise/0", "neuron/0/1",
          "neurons/0/64", "part/mlp/0", "total/1", "surprisal", "cost/naive"}) {
        CHECK(lockable({text, 1, 2}) == Hit{text, 1, 2});
    }
    for (const char* text : {"token/1", "layer/0", "phase/mlp", "operand/q/0", "command/append",
                             "gelu/0/1", "nothing"}) {
        CHECK(lockable({text, 0, 0}).target.empty());
    }
}
