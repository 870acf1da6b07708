// What Swift can't do by itself or can't do fast: see each declaration.
#ifndef CUNDERTONE_H
#define CUNDERTONE_H

#include <stddef.h>
#include <stdint.h>

// A mapping of single code points to UTF-8, in two stages. For a code point c below 0x30000,
// entries[blocks[c >> 7] * 128 + (c & 127)] is 0 where c stays as it is, 1 where c vanishes, and else the offset in
// the pool of a length byte and so many bytes. ASCII and Hangul syllables are not in the table; of the code points
// above, U+E0000 to U+E0FFF vanish and all others stay.
typedef struct {
    const uint8_t *blocks;
    const uint16_t *entries;
    const uint8_t *pool;
} undertone_fold_table;

// NFKD, full case folding, default-ignorable code points removed.
undertone_fold_table undertone_fold(void);

// The same without case folding.
undertone_fold_table undertone_keep(void);

// Letters of one script; ranges are sorted and don't overlap.
typedef struct {
    uint32_t first;
    uint32_t last;
    // 1 Latin, 2 Greek, 3 Cyrillic, 4 Armenian, 5 Cherokee, 6 Coptic, 7 Lisu, 15 a script written without spaces.
    uint8_t script;
} undertone_script_range;

// Scripts whose letters look alike, and those written without spaces between words.
const undertone_script_range *undertone_scripts(size_t *count);

#endif
