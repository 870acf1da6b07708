// The inner loops of the training core, in single and in double precision.
//
// The same text is compiled for both, so that gradients checked in double precision are those of the loops that train.
// Matrices lie in rows, one behind the other; `real` is float or double, by the table that a function stands in.
#ifndef UNDERTONE_CNUMERICS_H
#define UNDERTONE_CNUMERICS_H

#include <stdint.h>

#pragma clang assume_nonnull begin

/// Sequences that lie one behind the other in a batch of tokens, and the tokens whose outputs are wanted.
typedef struct {
    /// Sequences.
    long count;
    /// (count + 1): where each sequence begins among the tokens; the last one is the number of tokens.
    const int32_t *starts;
    /// (count + 1): where the queries of each sequence begin in `queries`.
    const int32_t *query_starts;
    /// Positions within their sequences, ascending: the tokens that attend. What they attend to is themselves and all
    /// before them.
    const int32_t *queries;
    /// Room for the attention of one head of one query; at least the longest sequence, a multiple of 16.
    long stride;
} undertone_sequences;

/// The most tokens of a sequence, and the most columns of a head.
enum { UNDERTONE_LONGEST = 128, UNDERTONE_WIDEST_HEAD = 128 };

/// Loops of one precision, for the instructions that this machine has.
typedef struct {
    /// y ← (x − mean) / √(variance + 1e-5) · gain + bias, row by row. statistics: (rows, 2), mean and 1 / √….
    void (*layer_norm)(
        long rows, long width, const void *x, const void *gain, const void *bias, void *y, void *statistics);
    /// dx ← dx + …; gain_gradient and bias_gradient, where there are any, get their sums added.
    void (*layer_norm_back)(
        long rows, long width, const void *x, const void *gain, const void *statistics, const void *dy, void *dx,
        void *_Nullable gain_gradient, void *_Nullable bias_gradient);
    /// The tangent of y for tangents of x, gain and bias.
    void (*layer_norm_tangent)(
        long rows, long width, const void *x, const void *gain, const void *statistics, const void *x_tangent,
        const void *gain_tangent, const void *bias_tangent, void *y_tangent);

    /// y ← x · Φ(x), by the form with tanh (Hendrycks and Gimpel, Gaussian error linear units, 2016).
    void (*gelu)(long count, const void *x, void *y);
    /// out ← d · gelu′(x): the pass back and the tangent.
    void (*gelu_slope)(long count, const void *x, const void *d, void *out);

    /// Causal attention. qkv: (tokens, 3 · heads · width); shares: (queries, heads, stride), the softmax;
    /// out: (queries, heads · width).
    void (*attention)(
        const undertone_sequences *sequences, long heads, long width, const void *qkv, void *shares, void *out);
    /// qkv_gradient is written for all tokens; where a token is no query, its q part is 0.
    void (*attention_back)(
        const undertone_sequences *sequences, long heads, long width, const void *qkv, const void *shares,
        const void *out_gradient, void *qkv_gradient);
    /// The tangent of out for a tangent of qkv.
    void (*attention_tangent)(
        const undertone_sequences *sequences, long heads, long width, const void *qkv, const void *shares,
        const void *qkv_tangent, void *out_tangent);
    /// Attention of one new token of each row against a cache. qkv: (rows, 3 · heads · width), the new tokens at `position`;
    /// cache: (rows, room, 2 · heads · width), k and v, to which they are added; out: (rows, heads · width).
    void (*attention_step)(
        long rows, long position, long room, long heads, long width, const void *qkv, void *cache, void *out);

    /// shares ← softmax(x); returns the logarithm of the sum of exponentials.
    double (*softmax)(long count, const void *x, void *shares);
    /// y ← y + scale · x.
    void (*add)(long count, double scale, const void *x, void *y);
    /// Sums of columns: y ← y + Σ rows of x.
    void (*add_rows)(long rows, long width, const void *x, void *y);
    /// x ← max(x, 0).
    void (*relu)(long count, void *x);
    /// d ← 0 where x is not above 0.
    void (*relu_mask)(long count, const void *x, void *d);
    /// One step of Adam: mean, square and parameter; scale, root and keep as AdamW gives them.
    void (*adam)(
        long count, const void *gradient, void *mean, void *square, void *parameters, double first, double second,
        double scale, double root, double epsilon, double keep);
    /// Σ x · y, in lanes of double precision whose number is the same on all machines.
    double (*dot)(long count, const void *x, const void *y);

    /// c ← scale · op(a) · op(b), added to what is in c if `adds`: c is (m, n), op(a) (m, k), op(b) (k, n); op transposes
    /// where it is asked to. Strides are elements between rows as they lie in memory.
    void (*multiply)(
        long m, long n, long k, double scale, const void *a, long a_stride, int transposes_a, const void *b,
        long b_stride, int transposes_b, int adds, void *c, long c_stride);
} undertone_numerics;

/// Loops in single precision.
const undertone_numerics *undertone_numerics_f32(void);
/// Loops in double precision.
const undertone_numerics *undertone_numerics_f64(void);
/// The instructions that the loops in single precision use: "avx512", "avx2" or "portable".
const char *undertone_numerics_instructions(void);

#pragma clang assume_nonnull end
#endif
