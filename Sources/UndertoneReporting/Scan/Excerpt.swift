// The excerpt of a finding, as people see it.

import UndertoneText

extension ScanReport.Sample {
    /// The excerpt before, in and behind the span; a span that is no place of the excerpt is moved to the nearest one.
    var excerptParts: (before: String, met: String, after: String) {
        let bytes = Array(excerpt.utf8)
        func boundary(_ offset: Int, step: Int) -> Int {
            var place = min(max(offset, 0), bytes.count)
            while place > 0, place < bytes.count, bytes[place] & 0xC0 == 0x80 { place += step }
            return place
        }
        let start = boundary(excerptSpan.lowerBound, step: -1)
        let end = max(start, boundary(excerptSpan.upperBound, step: 1))
        return (
            String(decoding: bytes[..<start], as: UTF8.self), String(decoding: bytes[start..<end], as: UTF8.self),
            String(decoding: bytes[end...], as: UTF8.self)
        )
    }

    /// The excerpt on one line, the span between `»` and `«`; without marks where the span is empty. Each of the three
    /// parts is cut behind `limit` characters.
    func markedExcerpt(limit: Int = 200) -> String {
        let parts = excerptParts
        if parts.met.isEmpty { return visible(excerpt, limit: limit) }
        return visible(parts.before, limit: limit) + "»" + visible(parts.met, limit: limit) + "«"
            + visible(parts.after, limit: limit)
    }
}
