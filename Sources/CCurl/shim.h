// libcurl's easy interface and its reader of addresses, without variadic functions, which Swift can't call. Handles are
// `void *`, since newer versions of libcurl give them a type.
#include <curl/curl.h>

typedef size_t (*undertone_curl_reader)(char *bytes, size_t size, size_t count, void *user);

static inline void *undertone_curl_make(void) { return curl_easy_init(); }

static inline void undertone_curl_free(void *curl) { curl_easy_cleanup((CURL *)curl); }

static inline CURLcode undertone_curl_set_number(void *curl, CURLoption option, long value) {
    return (curl_easy_setopt)((CURL *)curl, option, value);
}

// The text is copied.
static inline CURLcode undertone_curl_set_text(void *curl, CURLoption option, const char *value) {
    return (curl_easy_setopt)((CURL *)curl, option, value);
}

// The list is not copied.
static inline CURLcode undertone_curl_set_headers(void *curl, struct curl_slist *headers) {
    return (curl_easy_setopt)((CURL *)curl, CURLOPT_HTTPHEADER, headers);
}

// The body is not copied.
static inline CURLcode undertone_curl_set_body(void *curl, const void *body, size_t bytes) {
    CURLcode code = (curl_easy_setopt)((CURL *)curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)bytes);
    return code ? code : (curl_easy_setopt)((CURL *)curl, CURLOPT_POSTFIELDS, body);
}

// `body` and `header` are called with `user` during undertone_curl_perform.
static inline CURLcode undertone_curl_set_readers(
    void *curl, undertone_curl_reader body, undertone_curl_reader header, void *user) {
    CURLcode code = (curl_easy_setopt)((CURL *)curl, CURLOPT_WRITEFUNCTION, body);
    if (!code) code = (curl_easy_setopt)((CURL *)curl, CURLOPT_WRITEDATA, user);
    if (!code) code = (curl_easy_setopt)((CURL *)curl, CURLOPT_HEADERFUNCTION, header);
    if (!code) code = (curl_easy_setopt)((CURL *)curl, CURLOPT_HEADERDATA, user);
    return code;
}

static inline CURLcode undertone_curl_perform(void *curl) { return curl_easy_perform((CURL *)curl); }

// The status of the last answer; 0 where there was none.
static inline long undertone_curl_status(void *curl) {
    long status = 0;
    return (curl_easy_getinfo)((CURL *)curl, CURLINFO_RESPONSE_CODE, &status) ? 0 : status;
}
