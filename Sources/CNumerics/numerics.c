// The loops of loops.inc in single and double precision, and for the vector instructions that this machine has.

#include "CNumerics.h"

#include <math.h>
#include <string.h>

// The closest float to e^x within two units in the last place: x = n · ln 2 + r, a polynomial of degree 6 on |r| ≤ ln 2 / 2
// (Cody and Waite, Software Manual for the Elementary Functions, 1980), and 2ⁿ by its bits. Without branches, so that
// compilers make vectors of it. What is not a number stays so.
static inline __attribute__((always_inline)) float exponential_f32(float x) {
    float low = x < -87.0f ? -87.0f : x;
    float bounded = low > 88.0f ? 88.0f : low;
    float n = __builtin_rintf(bounded * 1.44269504f);
    float r = bounded - n * 0.693359375f;
    r = r + n * 2.12194440e-4f;
    float p = 1.9875691500e-4f;
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * r * r + r + 1.0f;
    int32_t bits = ((int32_t)n + 127) << 23;
    float power;
    memcpy(&power, &bits, sizeof power);
    return p * power;
}

#define JOIN_(a, b) a##_##b
#define JOIN(a, b) JOIN_(a, b)
#define NAME(name) JOIN(name, SUFFIX)

// Vectors of 16 bytes are in every processor of 64 bits.
#define real double
#define SQRT __builtin_sqrt
#define exponential_f64 exp
#define SUFFIX f64
#define LANES 2
#define TILE 4
#include "loops.inc"
#undef SUFFIX
#undef LANES
#undef real
#undef SQRT

#define real float
#define SQRT __builtin_sqrtf
#define SUFFIX f32
#define LANES 4
#include "loops.inc"
#undef SUFFIX
#undef LANES
#undef TILE

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define exponential_avx2 exponential_f32
#define SUFFIX avx2
#define LANES 8
#define TILE 6
#include "loops.inc"
#undef SUFFIX
#undef LANES
#undef TILE
#pragma clang attribute pop

#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512vl,avx512dq,avx512bw,avx2,fma"))), apply_to = function)
#define exponential_avx512 exponential_f32
#define SUFFIX avx512
#define LANES 16
#define TILE 12
#include "loops.inc"
#undef SUFFIX
#undef LANES
#undef TILE
#pragma clang attribute pop

static int has_avx512(void) {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq")
        && __builtin_cpu_supports("avx512bw");
}

static int has_avx2(void) { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); }
#endif

const undertone_numerics *undertone_numerics_f32(void) {
#if defined(__x86_64__)
    if (has_avx512()) return &numerics_avx512;
    if (has_avx2()) return &numerics_avx2;
#endif
    return &numerics_f32;
}

const undertone_numerics *undertone_numerics_f64(void) { return &numerics_f64; }

const char *undertone_numerics_instructions(void) {
#if defined(__x86_64__)
    if (has_avx512()) return "avx512";
    if (has_avx2()) return "avx2";
#endif
    return "portable";
}
