// A door to simdjson's first stage: where the structural characters of a text are. No logic here.
#ifndef CSIMDJSON_H
#define CSIMDJSON_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Bytes that must be readable behind every text that is indexed.
#define UNDERTONE_JSON_PADDING 64

typedef struct undertone_json_index undertone_json_index;

typedef enum {
    UNDERTONE_JSON_OK = 0,
    UNDERTONE_JSON_EMPTY = 1,
    UNDERTONE_JSON_INVALID_UTF8 = 2,
    UNDERTONE_JSON_INVALID_STRING = 3,
    UNDERTONE_JSON_NO_MEMORY = 4,
    UNDERTONE_JSON_OTHER = 5,
} undertone_json_status;

/// NULL where memory is short.
undertone_json_index *undertone_json_index_create(void);
void undertone_json_index_free(undertone_json_index *index);

/// Gives the index's memory back; the next text gets new memory.
void undertone_json_index_trim(undertone_json_index *index);

/// Finds the offset of every `{ } [ ] : ,` outside strings and of the first byte of every string and scalar.
/// `positions` stays valid until the next call; a last entry with the value `count` follows it.
undertone_json_status undertone_json_index_text(
    undertone_json_index *index, const uint8_t *text, size_t count,
    const uint32_t **positions, size_t *position_count);

/// 1 where the bytes are valid UTF-8.
int undertone_is_utf8(const uint8_t *text, size_t count);

#ifdef __cplusplus
}
#endif

#endif
