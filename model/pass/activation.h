// The activation of an MLP: a function of one number that every neuron goes through, chosen by the
// configuration's "activation_function".
//
// One table (activation.cpp) says all that the program knows of them: what configurations call
// them, how they are computed, how people write them. A new one is a row there, and one in
// tests/reference/gpt2_reference.py.
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace model {

struct Activation {
    std::array<std::string_view, 3> names;  // in configurations; the first is its own, "" for none
    const char* label;                      // for people: "GELU"
    std::array<const char*, 2> formula;     // of post from pre; a long one in two parts
    const char* effect;                     // what it does to a neuron, after its label
    void (*apply)(const float* x, int n, float* y);  // y = f(x) for n values; y may be x
};

// Null where there is none of that name.
const Activation* find_activation(std::string_view name);
// GPT-2's own, the tanh form of GELU, also where a configuration names none.
const Activation& gpt2_activation();
// All names that configurations may use: "gelu_new, gelu_fast, ...".
std::string activation_names();

// f of a single number.
float apply(const Activation& activation, float x);

}  // namespace model
