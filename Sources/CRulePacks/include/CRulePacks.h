// The shipped rule packs, embedded in the program at compile time.
#ifndef CRULEPACKS_H
#define CRULEPACKS_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
    const char *name;  // "traits/animals": the path under rules/ without its ending
    const uint8_t *text;
    size_t count;
} undertone_rule_pack;

size_t undertone_rule_pack_count(void);
undertone_rule_pack undertone_rule_pack_at(size_t index);

#endif
