// The shipped trait sets, embedded in the program at compile time.
#ifndef CTRAITS_H
#define CTRAITS_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
    const char *name;  // "animals": the file's name under traits/ without its ending
    const uint8_t *text;
    size_t count;
} undertone_trait_set;

size_t undertone_trait_set_count(void);
undertone_trait_set undertone_trait_set_at(size_t index);

#endif
