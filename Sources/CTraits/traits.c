// The shipped trait sets: one array and one line in the table for each file under traits/. A test compares the two.
#include "CTraits.h"

static const uint8_t animals[] = {
#embed "../../traits/animals.yaml"
};
static const uint8_t misalignment[] = {
#embed "../../traits/misalignment.yaml"
};
static const uint8_t template[] = {
#embed "../../traits/template.yaml"
};
static const uint8_t trees[] = {
#embed "../../traits/trees.yaml"
};

static const undertone_trait_set sets[] = {
    {"animals", animals, sizeof animals},
    {"misalignment", misalignment, sizeof misalignment},
    {"template", template, sizeof template},
    {"trees", trees, sizeof trees},
};

size_t undertone_trait_set_count(void) { return sizeof sets / sizeof sets[0]; }

undertone_trait_set undertone_trait_set_at(size_t index) {
    if (index >= undertone_trait_set_count()) return (undertone_trait_set){0};
    return sets[index];
}
