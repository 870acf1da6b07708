// Rules that count the whole drop, or ask a model about it, read it twice; standard input can only be read once, so it is put aside first.

import Glibc
import UndertoneRecords

/// Makes sure that every input can be read twice. What comes from a pipe on standard input goes to a file without a
/// name, which takes the place of standard input.
func makeReadableTwice(_ inputs: [Input]) throws(ScanError) {
    for input in inputs where input.storedBytes == nil {
        guard input.isStandardInput else {
            throw ScanError(
                .input, "\(input.path): a rule must see the whole drop first, but a pipe can't be read twice",
                mend: "save the data to a file first")
        }
        if lseek(STDIN_FILENO, 0, SEEK_CUR) < 0 { try spoolStandardInput() }
    }
}

/// Goes back to the first byte of standard input.
func rewindStandardInput(_ inputs: [Input]) {
    if inputs.contains(where: \.isStandardInput) { lseek(STDIN_FILENO, 0, SEEK_SET) }
}

private func spoolStandardInput() throws(ScanError) {
    let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var name = Array("\(folder)/undertone-XXXXXX".utf8CString)
    let file = mkstemp(&name)
    guard file >= 0 else {
        throw ScanError(
            .input, "-: standard input can't be put aside in \(folder): \(String(cString: strerror(errno)))",
            mend: "set TMPDIR to a folder with room, or save the data to a file first")
    }
    unlink(name)
    defer { close(file) }
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    while true {
        let count = read(STDIN_FILENO, &buffer, buffer.count)
        if count < 0, errno == EINTR { continue }
        if count < 0 { throw ScanError(.input, "-: \(String(cString: strerror(errno)))") }
        if count == 0 { break }
        var written = 0
        while written < count {
            let more = buffer.withUnsafeBytes { write(file, $0.baseAddress.map { $0 + written }, count - written) }
            if more < 0, errno == EINTR { continue }
            guard more > 0 else {
                throw ScanError(
                    .input, "-: standard input can't be put aside in \(folder): \(String(cString: strerror(errno)))",
                    mend: "set TMPDIR to a folder with room, or save the data to a file first")
            }
            written += more
        }
    }
    lseek(file, 0, SEEK_SET)
    dup2(file, STDIN_FILENO)
}
