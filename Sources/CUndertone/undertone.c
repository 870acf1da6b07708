#include "CUndertone.h"

// table[n] is what the byte n becomes behind eight bits of the polynomial 0x1EDC6F41, mirrored.
static uint32_t table[256];

__attribute__((constructor)) static void make_table(void) {
    for (uint32_t byte = 0; byte < 256; byte++) {
        uint32_t value = byte;
        for (int bit = 0; bit < 8; bit++) {
            value = value >> 1 ^ (0x82F63B78u & -(value & 1));
        }
        table[byte] = value;
    }
}

// One step of a lane: eight bytes, the lowest first.
static uint32_t step_by_table(uint32_t crc, uint64_t word) {
    for (int byte = 0; byte < 8; byte++) {
        crc = table[(crc ^ word) & 0xFF] ^ crc >> 8;
        word >>= 8;
    }
    return crc;
}

static const uint8_t *stripes_by_table(uint32_t lanes[4], const uint8_t *bytes, size_t count) {
    for (; count > 0; count--, bytes += 32) {
        uint64_t words[4];
        memcpy(words, bytes, 32);
        for (int lane = 0; lane < 4; lane++) {
            lanes[lane] = step_by_table(lanes[lane], words[lane]);
        }
    }
    return bytes;
}

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) static const uint8_t *stripes_in_hardware(
    uint32_t lanes[4], const uint8_t *bytes, size_t count) {
    uint64_t a = lanes[0], b = lanes[1], c = lanes[2], d = lanes[3];
    for (; count > 0; count--, bytes += 32) {
        uint64_t words[4];
        memcpy(words, bytes, 32);
        // The instruction takes three cycles, and a new one can begin in each.
        a = __builtin_ia32_crc32di(a, words[0]);
        b = __builtin_ia32_crc32di(b, words[1]);
        c = __builtin_ia32_crc32di(c, words[2]);
        d = __builtin_ia32_crc32di(d, words[3]);
    }
    lanes[0] = (uint32_t)a;
    lanes[1] = (uint32_t)b;
    lanes[2] = (uint32_t)c;
    lanes[3] = (uint32_t)d;
    return bytes;
}
#endif

static const uint8_t *stripes(uint32_t lanes[4], const uint8_t *bytes, size_t count) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("sse4.2")) {
        return stripes_in_hardware(lanes, bytes, count);
    }
#endif
    return stripes_by_table(lanes, bytes, count);
}

void undertone_checksum_begin(undertone_checksum *checksum) {
    memset(checksum, 0, sizeof *checksum);
    for (int lane = 0; lane < 4; lane++) {
        checksum->lanes[lane] = ~0u;
    }
}

void undertone_checksum_add(undertone_checksum *checksum, const uint8_t *bytes, size_t count) {
    checksum->count += count;
    if (checksum->carried > 0) {
        size_t taken = 32 - checksum->carried < count ? 32 - checksum->carried : count;
        memcpy(checksum->carry + checksum->carried, bytes, taken);
        checksum->carried += taken;
        bytes += taken;
        count -= taken;
        if (checksum->carried < 32) {
            return;
        }
        stripes(checksum->lanes, checksum->carry, 1);
        checksum->carried = 0;
    }
    bytes = stripes(checksum->lanes, bytes, count / 32);
    checksum->carried = count % 32;
    memcpy(checksum->carry, bytes, checksum->carried);
}

uint32_t undertone_checksum_end(undertone_checksum *checksum) {
    // The rest, filled up with zeros; the length tells them from none.
    memset(checksum->carry + checksum->carried, 0, 32 - checksum->carried);
    stripes(checksum->lanes, checksum->carry, 1);
    // Lanes are linear, and so would be another CRC over them: equal changes in two lanes could take each other away.
    // Odd factors and the finaliser of MurmurHash3 (Austin Appleby, public domain) are not.
    uint64_t mixed = checksum->count * 0x9E3779B97F4A7C15u + checksum->lanes[0] * 0xC2B2AE3D27D4EB4Fu +
                     checksum->lanes[1] * 0x165667B19E3779F9u + checksum->lanes[2] * 0xD6E8FEB86659FD93u +
                     checksum->lanes[3] * 0xA0761D6478BD642Fu;
    mixed = (mixed ^ mixed >> 33) * 0xFF51AFD7ED558CCDu;
    mixed = (mixed ^ mixed >> 33) * 0xC4CEB9FE1A85EC53u;
    return (uint32_t)(mixed ^ mixed >> 33);
}

uint32_t undertone_checksum_of(const uint8_t *bytes, size_t count) {
    undertone_checksum checksum;
    undertone_checksum_begin(&checksum);
    undertone_checksum_add(&checksum, bytes, count);
    return undertone_checksum_end(&checksum);
}
