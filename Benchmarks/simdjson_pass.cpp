// The floor under every row: read the file in chunks, take one string out of each record with simdjson On-Demand, and
// do nothing with it but add up its length. One thread: iterate_many's own second thread is switched off.
//
// Prints {"records": N, "bytes": N, "seconds": S}; ends with 1 on bad JSON and 3 where the file can't be read.

#include <simdjson.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

namespace {

// Smaller than a core's second-level cache, so that parsing finds in it what read() has just put there.
constexpr size_t defaultChunk = 256 << 10;

struct Totals {
    size_t records = 0;
    size_t bytes = 0;
};

// Parses `count` bytes of whole lines; behind them SIMDJSON_PADDING bytes must be readable.
bool take(simdjson::ondemand::parser &parser, const char *start, size_t count, size_t capacity, Totals &totals) {
    simdjson::ondemand::document_stream stream;
    if (parser.iterate_many(start, count, capacity).get(stream)) return false;
    for (auto document : stream) {
        std::string_view completion;
        if (document["completion"].get_string().get(completion)) return false;
        totals.records += 1;
        totals.bytes += completion.size();
    }
    return stream.truncated_bytes() == 0;
}

}  // namespace

int main(int argc, char **argv) {
    if (argc < 2) {
        std::fprintf(stderr, "usage: %s FILE [CHUNK-BYTES]\n", argv[0]);
        return 2;
    }
    const auto began = std::chrono::steady_clock::now();
    const int file = open(argv[1], O_RDONLY);
    if (file < 0) {
        std::perror(argv[1]);
        return 3;
    }
    simdjson::ondemand::parser parser;
#ifdef SIMDJSON_THREADS_ENABLED  // Only then the parser has the switch.
    parser.threaded = false;
#endif
    std::vector<char> buffer(argc > 2 ? std::strtoul(argv[2], nullptr, 10) : defaultChunk);
    Totals totals;
    size_t held = 0;  // Bytes of a line whose end has not been read yet.
    for (;;) {
        // A full buffer without a line feed in it: the line is longer than the chunk.
        if (held + simdjson::SIMDJSON_PADDING >= buffer.size()) buffer.resize(buffer.size() * 2);
        const size_t room = buffer.size() - simdjson::SIMDJSON_PADDING;
        const ssize_t got = read(file, buffer.data() + held, room - held);
        if (got < 0) {
            std::perror(argv[1]);
            return 3;
        }
        const size_t filled = held + static_cast<size_t>(got);
        size_t whole = filled;
        if (got > 0) {
            const void *last = memrchr(buffer.data() + held, '\n', static_cast<size_t>(got));
            whole = last ? static_cast<size_t>(static_cast<const char *>(last) - buffer.data()) + 1 : 0;
        }
        if (whole > 0 && !take(parser, buffer.data(), whole, room, totals)) {
            std::fprintf(stderr, "%s: bad JSON behind record %zu\n", argv[1], totals.records);
            return 1;
        }
        held = filled - whole;
        if (got == 0) break;
        std::memmove(buffer.data(), buffer.data() + whole, held);
    }
    close(file);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    std::printf("{\"records\": %zu, \"bytes\": %zu, \"seconds\": %.6f}\n", totals.records, totals.bytes, took.count());
    return 0;
}
