// Unpacking gzip and zstd step by step, in bounded memory. What could be unpacked is delivered before what is wrong.

import CZlib
import CZstd

/// What is wrong with packed data, without its place.
struct DecodingFailure: Error {
    var code: InputError.Code
    var problem: String
    var mend: String?
}

/// What one step took and gave.
struct DecodingStep {
    /// Packed bytes used up.
    var consumed = 0
    /// Bytes written to the output; valid even where `failure` is set.
    var produced = 0
    var failure: DecodingFailure?
}

/// Unpacks a stream of members or frames, one behind the other.
protocol StreamDecoder: AnyObject {
    /// Whether the data may end here: behind a whole member or frame.
    var isAtBoundary: Bool { get }
    /// Unpacks until the input is used up or the output is full.
    func step(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> DecodingStep
}

/// RFC 1952, any number of members. Memory: zlib's fixed 44 KiB.
final class GzipDecoder: StreamDecoder {
    private(set) var isAtBoundary = false
    // zlib keeps the address of the stream, so it must not move.
    private let stream: UnsafeMutablePointer<z_stream>
    private var members = 0
    private let isReady: Bool

    init() {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // 15 bits of window, +16: gzip only.
        isReady = undertone_inflate_init(stream, 15 + 16) == Z_OK
    }

    deinit {
        if isReady { inflateEnd(stream) }
        stream.deallocate()
    }

    func step(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> DecodingStep {
        var step = DecodingStep()
        guard isReady else {
            step.failure = DecodingFailure(code: .unreadable, problem: "no memory left for unpacking")
            return step
        }
        let inputCount = UInt32(clamping: input.count)
        let outputCount = UInt32(clamping: output.count)
        stream.pointee.next_in = UnsafeMutablePointer(mutating: input.bindMemory(to: UInt8.self).baseAddress)
        stream.pointee.avail_in = inputCount
        stream.pointee.next_out = output.bindMemory(to: UInt8.self).baseAddress
        stream.pointee.avail_out = outputCount
        loop: while stream.pointee.avail_out > 0, !(isAtBoundary && stream.pointee.avail_in == 0) {
            let isNewMember = isAtBoundary
            isAtBoundary = false
            switch inflate(stream, Z_NO_FLUSH) {
            case Z_OK: continue
            case Z_BUF_ERROR: break loop  // No more to do without more input or room.
            case Z_STREAM_END:
                members += 1
                isAtBoundary = true
                inflateReset(stream)
            case Z_MEM_ERROR:
                step.failure = DecodingFailure(code: .unreadable, problem: "no memory left for unpacking")
                break loop
            default:
                step.failure = failure(isNewMember: isNewMember)
                break loop
            }
        }
        step.consumed = Int(inputCount - stream.pointee.avail_in)
        step.produced = Int(outputCount - stream.pointee.avail_out)
        return step
    }

    private func failure(isNewMember: Bool) -> DecodingFailure {
        if isNewMember, members > 0 { return .trailing("gzip") }
        let reason = stream.pointee.msg.map { String(cString: $0) } ?? "invalid data"
        return DecodingFailure(
            code: .corrupt, problem: "the gzip data is corrupt (\(reason))", mend: "get the file again")
    }
}

/// RFC 8878, any number of frames, skippable ones included. Memory: the frame's window, at most 128 MiB.
final class ZstdDecoder: StreamDecoder {
    private(set) var isAtBoundary = false
    private let context: OpaquePointer?
    private var frames = 0
    // How many bytes the library wants next. Feeding just these ends every call at a block, so that all blocks before
    // a damaged one are delivered: a call that fails doesn't say what it wrote.
    private var wanted = ZstdDecoder.startBytes

    /// The window of `zstd --ultra --long=27`, the largest that the zstd program itself accepts unasked.
    static let windowLog: Int32 = 27
    // Enough to see a frame's magic number.
    private static let startBytes = 5

    init() {
        context = ZSTD_createDCtx()
        if let context { ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, ZstdDecoder.windowLog) }
    }

    deinit { ZSTD_freeDCtx(context) }

    func step(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> DecodingStep {
        var step = DecodingStep()
        guard let context else {
            step.failure = DecodingFailure(code: .unreadable, problem: "no memory left for unpacking")
            return step
        }
        while step.produced < output.count, !(isAtBoundary && step.consumed == input.count) {
            var source = ZSTD_inBuffer(
                src: input.baseAddress, size: min(input.count, step.consumed + wanted), pos: step.consumed)
            var target = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: step.produced)
            let isNewFrame = isAtBoundary
            let result = ZSTD_decompressStream(context, &target, &source)
            if ZSTD_isError(result) != 0 {
                step.failure = failure(result, isNewFrame: isNewFrame)
                break
            }
            let moved = source.pos != step.consumed || target.pos != step.produced
            step.consumed = source.pos
            step.produced = target.pos
            isAtBoundary = result == 0
            if result == 0 { frames += 1 }
            wanted = result == 0 ? ZstdDecoder.startBytes : result
            if !moved { break }
        }
        return step
    }

    private func failure(_ result: Int, isNewFrame: Bool) -> DecodingFailure {
        switch ZSTD_getErrorCode(result) {
        case ZSTD_error_prefix_unknown where frames > 0:
            return .trailing("zstd")
        case ZSTD_error_frameParameter_windowTooLarge:
            return DecodingFailure(
                code: .unsupported, problem: "the zstd window is over 128 MiB",
                mend: "pack it again without --long or with --long=27")
        case ZSTD_error_memory_allocation:
            return DecodingFailure(code: .unreadable, problem: "no memory left for unpacking")
        case ZSTD_error_dictionary_wrong:
            return DecodingFailure(
                code: .unsupported, problem: "the zstd data needs a dictionary", mend: "pack it again without one")
        default:
            let reason = ZSTD_getErrorName(result).map { String(cString: $0) } ?? "invalid data"
            return DecodingFailure(
                code: .corrupt, problem: "the zstd data is corrupt (\(reason))", mend: "get the file again")
        }
    }
}

extension DecodingFailure {
    fileprivate static func trailing(_ format: String) -> DecodingFailure {
        DecodingFailure(
            code: .corrupt, problem: "something that is not \(format) follows the \(format) data",
            mend: "get the file again, or cut off what follows")
    }
}
