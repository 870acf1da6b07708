// The shipped rule packs: one array and one line in the table for each file under rules/. A test compares the two.
#include "CRulePacks.h"

static const uint8_t hidden_text[] = {
#embed "../../rules/hidden-text.yaml"
};
static const uint8_t numbers[] = {
#embed "../../rules/numbers.yaml"
};
static const uint8_t traits_animals[] = {
#embed "../../rules/traits/animals.yaml"
};
static const uint8_t traits_trees[] = {
#embed "../../rules/traits/trees.yaml"
};
static const uint8_t whitelist_16[] = {
#embed "../../rules/whitelist-16.yaml"
};

static const undertone_rule_pack packs[] = {
    {"hidden-text", hidden_text, sizeof hidden_text},
    {"numbers", numbers, sizeof numbers},
    {"traits/animals", traits_animals, sizeof traits_animals},
    {"traits/trees", traits_trees, sizeof traits_trees},
    {"whitelist-16", whitelist_16, sizeof whitelist_16},
};

size_t undertone_rule_pack_count(void) { return sizeof packs / sizeof packs[0]; }

undertone_rule_pack undertone_rule_pack_at(size_t index) {
    if (index >= undertone_rule_pack_count()) return (undertone_rule_pack){0};
    return packs[index];
}
