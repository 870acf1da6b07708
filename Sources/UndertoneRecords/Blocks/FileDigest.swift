// SHA-256 of files that are not scanned.

/// SHA-256 of an input's bytes as they are stored, in lower-case hexadecimal; as `sha256sum` prints it.
///
/// - Throws: ``InputError`` where the input can't be read to its end.
/// - Complexity: O(bytes); memory is bounded.
public func storedDigest(of input: Input) throws(InputError) -> String {
    let pool = DigestPool(threads: 1)
    defer { pool.close() }
    let digest = pool.digest()
    // The stream must end whatever happens, since the pool waits for its streams.
    defer { digest.end() }
    var source = try ByteSource.open(input, tap: digest)
    try source.drain()
    digest.end()
    return digest.hexadecimal
}
