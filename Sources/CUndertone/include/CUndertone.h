// What Swift can't do by itself or can't do fast: see each declaration.
#ifndef CUNDERTONE_H
#define CUNDERTONE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/// Whether a byte occurs. Short texts are searched in line, without a call; up to 15 bytes behind them are read.
static inline int undertone_has_byte(const uint8_t *text, size_t count, uint8_t byte) {
#if defined(__SSE2__)
    if (count <= 64) {
        const __m128i wanted = _mm_set1_epi8((char)byte);
        for (size_t at = 0; at < count; at += 16) {
            unsigned hits = (unsigned)_mm_movemask_epi8(
                _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)(text + at)), wanted));
            if (hits != 0) {
                return at + (size_t)__builtin_ctz(hits) < count;
            }
        }
        return 0;
    }
#endif
    return memchr(text, byte, count) != NULL;
}

/// One bit for each of up to 64 bytes: whether it is an ASCII digit. Whole runs of 16 bytes are read.
static inline uint64_t undertone_digit_mask(const uint8_t *text, size_t count) {
    uint64_t mask = 0;
    if (count > 64) {
        count = 64;
    }
#if defined(__SSE2__)
    for (size_t at = 0; at < count; at += 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(text + at));
        __m128i value = _mm_sub_epi8(bytes, _mm_set1_epi8('0'));
        __m128i is_digit = _mm_cmpeq_epi8(_mm_min_epu8(value, _mm_set1_epi8(9)), value);
        mask |= (uint64_t)(uint16_t)_mm_movemask_epi8(is_digit) << at;
    }
#else
    for (size_t at = 0; at < count; at++) {
        mask |= (uint64_t)((uint8_t)(text[at] - '0') < 10) << at;
    }
#endif
    return count == 64 ? mask : mask & (((uint64_t)1 << count) - 1);
}

/// A checksum of 32 bits that finds accidental and careless changes: four CRC-32C (Castagnoli, RFC 3720 appendix B.4), of
/// which each takes every fourth group of eight bytes, mixed with each other and the length. Four at once are three times
/// as fast as one. The bytes may come in any pieces. It keeps nobody out who changes data on purpose.
typedef struct {
    uint32_t lanes[4];
    uint64_t count;
    uint8_t carry[32];
    size_t carried;
} undertone_checksum;

void undertone_checksum_begin(undertone_checksum *checksum);
void undertone_checksum_add(undertone_checksum *checksum, const uint8_t *bytes, size_t count);
uint32_t undertone_checksum_end(undertone_checksum *checksum);

/// The checksum of bytes that are all there.
uint32_t undertone_checksum_of(const uint8_t *bytes, size_t count);

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
