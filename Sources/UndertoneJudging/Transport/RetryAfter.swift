// How long a server wants to be left alone.

import UndertoneText

/// Reads the headers `Retry-After` (RFC 9110, section 10.2.3) and `retry-after-ms`.
enum RetryAfter {
    /// Seconds that are honoured at most.
    static let limit = 120.0

    /// Seconds to wait, 0 to ``limit``; `nil` where the headers say nothing that makes sense.
    ///
    /// - Parameters:
    ///   - milliseconds: the value of `retry-after-ms`, which wins, being the finer one.
    ///   - value: the value of `Retry-After`: seconds, or a date in the form that RFC 9110 wants.
    ///   - now: seconds since 1970.
    static func seconds(milliseconds: String?, value: String?, now: Int) -> Double? {
        if let milliseconds, let number = number(milliseconds) { return min(number / 1000, limit) }
        guard let value else { return nil }
        if let number = number(value) { return min(number, limit) }
        guard let date = moment(value) else { return nil }
        return min(max(Double(date.seconds) - Double(now), 0), limit)
    }

    private static func number(_ text: String) -> Double? {
        let isPlain = text.utf8.allSatisfy { ($0 >= 0x30 && $0 <= 0x39) || $0 == UInt8(ascii: ".") }
        guard isPlain, text.utf8.count <= 20 else { return nil }
        return Double(text)
    }

    // `Sun, 06 Nov 1994 08:49:37 GMT`
    private static func moment(_ text: String) -> Moment? {
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        guard words.count == 6, words[0].utf8.count == 4, words[0].hasSuffix(","), words[5] == "GMT",
            let month = months.firstIndex(of: String(words[2]))
        else { return nil }
        return Moment("\(words[3])-\(month < 9 ? "0" : "")\(month + 1)-\(words[1])T\(words[4])Z")
    }
}
