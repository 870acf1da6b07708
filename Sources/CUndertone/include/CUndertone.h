// What Swift can't do by itself or can't do fast: see each declaration.
#ifndef CUNDERTONE_H
#define CUNDERTONE_H

#include <stddef.h>
#include <stdint.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

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

#endif
