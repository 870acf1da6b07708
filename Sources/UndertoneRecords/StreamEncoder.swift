// Packing as gzip and zstd, step by step.

import CZlib
import CZstd

/// What one step took and gave.
struct EncodingStep {
    var consumed: Int
    var produced: Int
    /// Whether the stream is whole; only ever after the last input.
    var isDone: Bool
}

/// Packs one stream. `nil` from a step means that the library has failed, for want of memory for instance.
protocol StreamEncoder: AnyObject {
    /// Packs some of `input`; with `isLast`, call until the step says that it is done.
    func step(
        _ input: UnsafeRawBufferPointer, isLast: Bool, into output: UnsafeMutableRawBufferPointer
    ) -> EncodingStep?
}

/// One member of RFC 1952, without name and time: the same input gives the same bytes.
final class GzipEncoder: StreamEncoder {
    // zlib keeps the address of the stream, so it must not move.
    private let stream: UnsafeMutablePointer<z_stream>
    private let isReady: Bool

    /// - Parameter level: 1 (fast) to 9 (small).
    init(level: Int32) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        isReady = undertone_deflate_init(stream, level, 15 + 16) == Z_OK
    }

    deinit {
        if isReady { deflateEnd(stream) }
        stream.deallocate()
    }

    func step(
        _ input: UnsafeRawBufferPointer, isLast: Bool, into output: UnsafeMutableRawBufferPointer
    ) -> EncodingStep? {
        guard isReady else { return nil }
        stream.pointee.next_in = UnsafeMutablePointer(mutating: input.bindMemory(to: UInt8.self).baseAddress)
        stream.pointee.avail_in = UInt32(input.count)
        stream.pointee.next_out = output.bindMemory(to: UInt8.self).baseAddress
        stream.pointee.avail_out = UInt32(output.count)
        let result = deflate(stream, isLast ? Z_FINISH : Z_NO_FLUSH)
        guard result == Z_OK || result == Z_STREAM_END || result == Z_BUF_ERROR else { return nil }
        return EncodingStep(
            consumed: input.count - Int(stream.pointee.avail_in),
            produced: output.count - Int(stream.pointee.avail_out), isDone: result == Z_STREAM_END)
    }
}

/// One frame of RFC 8878 with a checksum of its content.
final class ZstdEncoder: StreamEncoder {
    private let context: OpaquePointer?

    /// - Parameter level: 1 (fast) to 19 (small).
    init(level: Int32) {
        context = ZSTD_createCCtx()
        if let context {
            ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level)
            ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
        }
    }

    deinit { ZSTD_freeCCtx(context) }

    func step(
        _ input: UnsafeRawBufferPointer, isLast: Bool, into output: UnsafeMutableRawBufferPointer
    ) -> EncodingStep? {
        guard let context else { return nil }
        var source = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
        var target = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
        let left = ZSTD_compressStream2(context, &target, &source, isLast ? ZSTD_e_end : ZSTD_e_continue)
        if ZSTD_isError(left) != 0 { return nil }
        return EncodingStep(consumed: source.pos, produced: target.pos, isDone: isLast && left == 0)
    }
}
