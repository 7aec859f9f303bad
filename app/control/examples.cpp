#include "app/control/examples.h"

#include <array>

namespace app {

std::span<const Example> examples() {
    static constexpr std::array<Example, 12> all{
        {{"Tom and Mia went to the lake. Tom",
          "many ways to go on; four steps later only one name is left", "attention"},
         {"Anna and Ben had a cake. Ben gave it to", "one name of two: which head looks at it?",
          "attention"},
         {"The capital of France is", "a fact: after which block does it appear?", "lens"},
         {"I love pizza because", "no right answer: how many are likely?", "attention"},
         {"Monday, Tuesday, Wednesday,", "a row that everybody knows, and the way back", "lens"},
         {"The keys near the door", "is or are: the noun that counts is not the last one",
          "contributions"},
         {"Zorvik Bantu came to the park. Nobody knew Zorvik",
          "a name that it never saw: induction heads copy it", "heads"},
         {"2 + 3 =", "a sum: sure, and right?", "attention"},
         {"My name is Yusuf and I like", "a text about you; put in your own name", "attention"},
         {"Tom did not give the ball to Mia. Who has the ball?",
          "a small word: does the model heed it?", "contributions"},
         {"Once upon a time there was a dragon", "a story: choose Temp. at the right, then Play",
          "chain"},
         {"Dear Grandma,", "a letter: does it go on like one?", "attention"}}};
    return all;
}

}  // namespace app
