#include "CSimdJSON.h"

#include <memory>
#include <new>
#include <simdjson.h>

using simdjson::error_code;

struct undertone_json_index {
    std::unique_ptr<simdjson::internal::dom_parser_implementation> stages;
};

static bool reserve(undertone_json_index *index, size_t count) {
    if (index->stages && index->stages->capacity() >= count) {
        return true;
    }
    size_t capacity = count < 4096 ? 4096 : count;
    index->stages.reset();
    error_code error = simdjson::get_active_implementation()->create_dom_parser_implementation(capacity, 1, index->stages);
    return error == simdjson::SUCCESS;
}

extern "C" undertone_json_index *undertone_json_index_create(void) {
    return new (std::nothrow) undertone_json_index{};
}

extern "C" void undertone_json_index_free(undertone_json_index *index) { delete index; }

extern "C" void undertone_json_index_trim(undertone_json_index *index) { index->stages.reset(); }

extern "C" undertone_json_status undertone_json_index_text(
    undertone_json_index *index, const uint8_t *text, size_t count,
    const uint32_t **positions, size_t *position_count) {
    *positions = nullptr;
    *position_count = 0;
    if (count == 0) {
        return UNDERTONE_JSON_EMPTY;
    }
    if (!reserve(index, count)) {
        return UNDERTONE_JSON_NO_MEMORY;
    }
    error_code error = index->stages->stage1(text, count, simdjson::stage1_mode::regular);
    switch (error) {
        case simdjson::SUCCESS:
            *positions = index->stages->structural_indexes.get();
            *position_count = index->stages->n_structural_indexes;
            return UNDERTONE_JSON_OK;
        case simdjson::EMPTY: return UNDERTONE_JSON_EMPTY;
        case simdjson::UTF8_ERROR: return UNDERTONE_JSON_INVALID_UTF8;
        case simdjson::UNESCAPED_CHARS:
        case simdjson::UNCLOSED_STRING: return UNDERTONE_JSON_INVALID_STRING;
        case simdjson::MEMALLOC: return UNDERTONE_JSON_NO_MEMORY;
        default: return UNDERTONE_JSON_OTHER;
    }
}

extern "C" int undertone_is_utf8(const uint8_t *text, size_t count) {
    return simdjson::validate_utf8(reinterpret_cast<const char *>(text), count) ? 1 : 0;
}
