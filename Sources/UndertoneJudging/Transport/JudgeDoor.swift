// From the description of a judge to something that can be asked.

import Glibc
import UndertoneText

extension JudgeSettings {
    /// Opens the way to the judge, and reads its key from the environment. Nothing is sent or started yet.
    ///
    /// - Throws: ``TransportError``, lasting: an address or a command that is none, a key that is named and not there, or
    ///   one that may not go where it would.
    public func transport() throws(TransportError) -> any JudgeTransport {
        var key: Secret?
        if let keyVariable {
            guard let value = getenv(keyVariable), value.pointee != 0 else {
                throw TransportError(
                    .lasting,
                    "the variable \(visible(keyVariable)) that holds the key of judge \(visible(name)) is not set",
                    mend: "set it, or take key-variable away")
            }
            key = Secret(String(cString: value))
        }
        switch door {
        case .endpoint(let base): return try HTTPTransport(base: base, key: key, certificates: certificates)
        case .command(let arguments):
            // A program finds its key in its own environment.
            let names = environment + (keyVariable.map { [$0] } ?? [])
            return try CommandTransport(arguments, environment: names, startSeconds: max(60, timeout))
        }
    }
}
