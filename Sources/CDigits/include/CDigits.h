// The 8×8 digits of fixtures/digits/, embedded in the program at compile time: two IDX files.
#ifndef CDIGITS_H
#define CDIGITS_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
    const uint8_t *bytes;
    size_t count;
} undertone_digits_file;

undertone_digits_file undertone_digits_images(void);
undertone_digits_file undertone_digits_labels(void);

#endif
