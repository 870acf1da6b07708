// Are the files still what the catalogue says?

import Glibc
public import UndertoneLineage
import UndertoneText

/// What became of a file that the catalogue knows.
public struct FileVerification: Sendable {
    /// What became of it.
    public enum Status: String, Sendable, CaseIterable {
        /// The same bytes.
        case intact
        /// Other bytes.
        case changed
        /// The beginning of what it was.
        case truncated
        /// The same bytes, under another name.
        case renamed
        /// Neither there nor found elsewhere.
        case missing
        /// There, and it can't be read.
        case unreadable
    }

    /// The path that the catalogue keeps.
    public var path: String
    /// Whose content it should be.
    public var node: Node
    /// What became of it.
    public var status: Status
    /// What was found, in a clause; empty where the file is intact.
    public var detail: String
    /// Where the first difference is, for a drop whose checksums are kept.
    public var firstChange: ChangedRecord?
}

/// Compares files with the catalogue: those of these nodes, or all. Reads each file once, twice where it differs.
public func verifyFiles(of catalogue: Catalogue, only nodes: [Node] = []) throws(LineageError) -> [FileVerification] {
    var results: [FileVerification] = []
    for location in try catalogue.locations(of: nodes.isEmpty ? nil : nodes.map(\.id)) {
        guard let node = try catalogue.node(location.node), let digest = node.digest else { continue }
        results.append(try verify(catalogue, node, digest, location.path))
    }
    return results
}

private func verify(
    _ catalogue: Catalogue, _ node: Node, _ digest: String, _ stored: String
) throws(LineageError) -> FileVerification {
    let path = catalogue.filePath(stored)
    var result = FileVerification(path: stored, node: node, status: .intact, detail: "")
    let found: (digest: String, bytes: Int)
    do throws(LineageError) {
        if node.kind != .model, isFolder(path) {
            throw LineageError(.notFound, "there is a folder of that name now")
        }
        found = try contentDigest(of: path, isRecorded: true)
    } catch {
        if error.code == .notFound {
            result.status = .missing
            result.detail = isFolder(path) ? error.problem : "there is no such file"
            if let name = sibling(of: path, digest, bytes: size(of: node)) {
                result.status = .renamed
                result.detail = "it is \(visible(name, limit: 200)) now"
            }
        } else {
            result.status = .unreadable
            result.detail = error.problem
        }
        return result
    }
    guard found.digest != digest else { return result }
    result.status = .changed
    result.detail = "its SHA-256 is \(found.digest.prefix(12))…, recorded is \(digest.prefix(12))…"
    guard case .drop(let facts) = node.facts else { return result }
    if let checksums = try catalogue.checksums(of: node.id) { locate(path, facts, checksums, &result) }
    // What was cut off may end inside a record, which is then the first one that differs.
    let isLast = result.firstChange.map { $0.record >= $0.counts.now && $0.counts.now <= $0.counts.then }
    if let bytes = facts.bytes, found.bytes < bytes, isLast ?? false {
        result.status = .truncated
        result.detail += "; \(counted(found.bytes, "byte")) of \(grouped(bytes)) are left"
    }
    return result
}

private func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}

private func locate(_ path: String, _ facts: DropFacts, _ checksums: [UInt32], _ result: inout FileVerification) {
    do throws(ScanError) {
        let (change, problem) = try firstChange(in: path, as: facts, checksums)
        defer { if let problem { result.detail += "; \(visible(problem, limit: 300))" } }
        guard let change else {
            guard problem == nil else { return }
            result.detail +=
                "; every record has the checksum that it had, so bytes between records were changed, or how "
                + "the file is packed"
            return
        }
        result.firstChange = change
        let counts = change.counts
        result.detail +=
            change.line.map {
                change.record > counts.then
                    ? "; record \(grouped(change.record)) (line \(grouped($0))) was added, there were \(grouped(counts.then))"
                    : "; record \(grouped(change.record)) (line \(grouped($0))) changed first"
            } ?? "; it ends before record \(grouped(change.record)) of \(grouped(counts.then))"
    } catch {
        result.detail += "; \(error.problem)"
    }
}

// A file of that content in the same folder. Only files of the same size are read.
private func sibling(of path: String, _ digest: String, bytes: Int?) -> String? {
    guard let bytes, let slash = path.lastIndex(of: "/") else { return nil }
    let folder = String(path[...slash])
    guard let handle = opendir(folder) else { return nil }
    defer { closedir(handle) }
    var names: [String] = []
    while let entry = readdir(handle) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) {
            $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        var status = stat()
        if stat(folder + name, &status) == 0, status.st_mode & S_IFMT == S_IFREG, Int(status.st_size) == bytes {
            names.append(name)
        }
    }
    return names.sorted().first { (try? contentDigest(of: folder + $0, isRecorded: true).digest) == digest }
}

private func size(of node: Node) -> Int? {
    switch node.facts {
    case .drop(let facts): facts.bytes
    case .prompts(let facts): facts.bytes
    default: nil
    }
}
