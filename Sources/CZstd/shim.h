// zstd, the streaming interface.
#include <zstd.h>
#include <zstd_errors.h>
