#include "CUndertone.h"

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) static uint32_t crc32c_in_hardware(uint32_t crc, const uint8_t *bytes, size_t count) {
    uint64_t value = crc;
    while (count >= 8) {
        uint64_t word;
        memcpy(&word, bytes, 8);
        value = __builtin_ia32_crc32di(value, word);
        bytes += 8;
        count -= 8;
    }
    crc = (uint32_t)value;
    while (count-- > 0) {
        crc = __builtin_ia32_crc32qi(crc, *bytes++);
    }
    return crc;
}
#endif

static uint32_t crc32c_bit_by_bit(uint32_t crc, const uint8_t *bytes, size_t count) {
    while (count-- > 0) {
        crc ^= *bytes++;
        for (int bit = 0; bit < 8; bit++) {
            crc = crc >> 1 ^ (0x82F63B78u & -(crc & 1));
        }
    }
    return crc;
}

uint32_t undertone_crc32c(uint32_t crc, const uint8_t *bytes, size_t count) {
    crc = ~crc;
#if defined(__x86_64__)
    if (__builtin_cpu_supports("sse4.2")) {
        return ~crc32c_in_hardware(crc, bytes, count);
    }
#endif
    return ~crc32c_bit_by_bit(crc, bytes, count);
}
