// A small client over sockets, which can send what no browser would.

import Glibc

struct HTTPAnswer {
    var status: Int
    var headers: [String: String]
    var body: String
}

/// Sends bytes to a port of loopback and reads until the server closes, or 20 seconds long.
func exchange(port: Int, _ request: [UInt8]) -> HTTPAnswer? {
    guard let file = connected(to: port) else { return nil }
    defer { close(file) }
    var sent = 0
    while sent < request.count {
        let count = request[sent...].withUnsafeBytes { send(file, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        if count <= 0 { break }
        sent += count
    }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
        let count = recv(file, &buffer, buffer.count, 0)
        if count <= 0 { break }
        bytes += buffer[..<count]
    }
    return answer(String(decoding: bytes, as: UTF8.self))
}

/// A connection to a port of loopback.
func connected(to port: Int) -> Int32? {
    let file = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard file >= 0 else { return nil }
    var patience = timeval(tv_sec: 20, tv_usec: 0)
    setsockopt(file, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let result = withUnsafePointer(to: &address) { address in
        address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            connect(file, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
    }
    guard result == 0 else {
        close(file)
        return nil
    }
    return file
}

/// Whether the server closes a connection; false where it is silent for 20 seconds or sends something.
func isClosed(_ file: Int32) -> Bool {
    var byte: UInt8 = 0
    let count = recv(file, &byte, 1, 0)
    return count == 0 || count < 0 && errno == ECONNRESET
}

private func answer(_ text: String) -> HTTPAnswer? {
    // Of scalars: a line end of HTTP is one character of Swift.
    let scalars = Array(text.unicodeScalars)
    let end = Array("\r\n\r\n".unicodeScalars)
    guard let start = scalars.indices.first(where: { scalars[$0...].starts(with: end) }) else { return nil }
    func string(_ part: ArraySlice<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: part)
        return String(view)
    }
    let lines = scalars[..<start].split { $0 == "\r" || $0 == "\n" }.map(string)
    guard let first = lines.first, let status = Int(first.split(separator: " ").dropFirst().first ?? "") else {
        return nil
    }
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
        let parts = line.split(separator: ":", maxSplits: 1)
        if parts.count == 2 { headers[parts[0].lowercased()] = String(parts[1].drop { $0 == " " }) }
    }
    return HTTPAnswer(status: status, headers: headers, body: string(scalars[(start + 4)...]))
}
