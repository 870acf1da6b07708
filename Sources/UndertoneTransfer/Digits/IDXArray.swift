// IDX, the format of the MNIST files: an array of numbers behind a short head.

import Glibc

/// An array of bytes out of an IDX file.
///
///     0 0 type dimensions · each size in four bytes, the highest first · the elements, the last index fastest
///
/// Source: LeCun, Cortes and Burges, *The MNIST database of handwritten digits*, "File formats for the MNIST database".
public struct IDXArray: Sendable, Equatable {
    /// Its sizes, the slowest first.
    public let shape: [Int]
    /// As many as the product of the sizes.
    public let elements: [UInt8]

    /// Files may have this many bytes; the largest of MNIST has 47 million.
    public static let limitBytes = 1 << 30

    /// Reads an array out of the bytes of a file.
    ///
    /// - Parameters:
    ///   - place: the name of the file, for errors.
    ///   - dimensions: as many as the array must have: 1 for labels, 3 for images.
    /// - Throws: ``DigitsError``, a code for each way in which a file can be wrong.
    public init(_ bytes: some Collection<UInt8>, place: String, dimensions: Int) throws(DigitsError) {
        let head = Array(bytes.prefix(4))
        if head.starts(with: [0x1F, 0x8B]) {
            throw DigitsError(.packed, place, "is packed with gzip", mend: "unpack it: gunzip FILE.gz")
        }
        guard head.count == 4, head[0] == 0, head[1] == 0 else {
            throw DigitsError(
                .badMagic, place, head.count < 4 ? "is too short for an IDX file" : "does not begin as IDX files do",
                mend: "two bytes 0, the type, and the number of dimensions come first")
        }
        guard head[2] == 0x08 else {
            let type = IDXArray.types[head[2]] ?? "of unknown type \(head[2])"
            throw DigitsError(.badType, place, "its elements are \(type)", mend: "unsigned bytes (type 8) are read")
        }
        guard Int(head[3]) == dimensions else {
            throw DigitsError(
                .badShape, place, "has \(head[3]) dimension\(head[3] == 1 ? "" : "s") instead of \(dimensions)",
                mend: "images have three and labels one: are the files given in the right places?")
        }
        let sizes = Array(bytes.dropFirst(4).prefix(4 * dimensions))
        guard sizes.count == 4 * dimensions else { throw DigitsError(.truncated, place, "ends within its head") }
        var shape: [Int] = []
        var count = 1
        for dimension in 0..<dimensions {
            let size = sizes[4 * dimension..<4 * dimension + 4].reduce(0) { $0 << 8 | Int($1) }
            let (product, overflows) = count.multipliedReportingOverflow(by: size)
            guard size > 0, !overflows, product <= IDXArray.limitBytes else {
                throw DigitsError(
                    .badShape, place, "dimension \(dimension + 1) is \(size)",
                    mend: "sizes are at least 1, and their product at most \(IDXArray.limitBytes)")
            }
            shape.append(size)
            count = product
        }
        let rest = bytes.count - 4 - 4 * dimensions
        guard rest >= count else {
            throw DigitsError(
                .truncated, place, "has \(rest) of the \(count) elements that its head names",
                mend: "fetch the file again")
        }
        guard rest == count else {
            throw DigitsError(
                .trailingBytes, place, "\(rest - count) bytes follow the \(count) elements that its head names")
        }
        self.shape = shape
        elements = Array(bytes.dropFirst(4 + 4 * dimensions))
    }

    /// Reads a file whole.
    ///
    /// - Throws: ``DigitsError``; `unreadable` for what is no ordinary file, too.
    public init(path: String, dimensions: Int) throws(DigitsError) {
        try self.init(try wholeFile(path), place: path, dimensions: dimensions)
    }

    private static let types: [UInt8: String] = [
        0x09: "signed bytes", 0x0B: "16-bit integers", 0x0C: "32-bit integers", 0x0D: "32-bit floating-point numbers",
        0x0E: "64-bit floating-point numbers",
    ]
}

/// Whether something is at that path and may be read.
func isThere(_ path: String) -> Bool { access(path, R_OK) == 0 }

// The bytes of an ordinary file.
private func wholeFile(_ path: String) throws(DigitsError) -> [UInt8] {
    func failed(_ what: String) -> DigitsError {
        DigitsError(.unreadable, path, "\(what): \(String(cString: strerror(errno)))")
    }
    // Without waiting: a pipe in the place of a file would block.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw failed("can't be opened") }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw failed("can't be looked at") }
    guard status.st_mode & S_IFMT == S_IFREG else { throw DigitsError(.unreadable, path, "is no ordinary file") }
    let size = Int(status.st_size)
    guard size <= IDXArray.limitBytes else {
        throw DigitsError(.unreadable, path, "has \(size) bytes; at most \(IDXArray.limitBytes) are read")
    }
    var bytes = [UInt8](repeating: 0, count: size)
    var done = 0
    while done < size {
        let count = bytes.withUnsafeMutableBytes { buffer in
            buffer.baseAddress.map { read(descriptor, $0 + done, size - done) } ?? 0
        }
        if count < 0, errno == EINTR { continue }
        guard count >= 0 else { throw failed("can't be read") }
        if count == 0 { break }
        done += count
    }
    return done == size ? bytes : Array(bytes.prefix(done))
}
