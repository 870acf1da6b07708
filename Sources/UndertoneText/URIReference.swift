// Paths as URIs.

/// A path as a URI reference (RFC 3986): relative paths stay relative, absolute ones get the scheme `file`. No
/// reader takes a part of it for a scheme, a host or a query.
package func uriReference(_ path: String) -> String {
    // Bytes, not characters: a mark behind a slash would make another character of it.
    var rest = Substring(path).utf8
    while rest.starts(with: "./".utf8) { rest = rest.dropFirst(2).drop { $0 == UInt8(ascii: "/") } }
    var uri = ""
    if rest.first == UInt8(ascii: "/") {
        uri = "file:///"
        rest = rest.drop { $0 == UInt8(ascii: "/") }
    }
    for byte in rest {
        let scalar = Unicode.Scalar(byte)
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "-", ".", "_", "~", "/": uri.unicodeScalars.append(scalar)
        default:
            let digits = String(byte, radix: 16, uppercase: true)
            uri += (byte < 16 ? "%0" : "%") + digits
        }
    }
    return uri
}
