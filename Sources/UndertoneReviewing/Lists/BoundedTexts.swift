// Texts of a drop on a sheet: long ones are cut, and say so.

import UndertoneRecords

extension ReviewSheet {
    /// Bytes of an output, prompt or variant on a sheet.
    public static let textLimit = 4096
    /// Stands behind a text that was cut. A text with it is longer than ``textLimit``, one that is whole never is.
    public static let cutMark = " … (cut)"

    /// Whether a text of a sheet is only the beginning of what stands in the drop.
    public static func isCut(_ text: String) -> Bool { text.utf8.count > textLimit }

    /// A text for a sheet: whole characters of UTF-8.
    static func bounded(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
        guard bytes.count > textLimit else { return String(decoding: bytes, as: UTF8.self) }
        var end = textLimit
        while end > textLimit - 4, bytes[end] & 0xC0 == 0x80 { end -= 1 }
        return String(decoding: bytes[..<end], as: UTF8.self) + cutMark
    }

    static func bounded(_ text: String) -> String {
        guard text.utf8.count > textLimit else { return text }
        var text = text
        return text.withUTF8 { bounded($0) }
    }
}

extension ReviewItem.Example {
    /// A turn of a record: its number from 0, and what was answered.
    ///
    /// - Parameter from: where in the answer what is to be seen begins; more than is shown before it is left out.
    init(_ record: DropRecord, _ turn: Int, _ output: UnsafeBufferPointer<UInt8>, from: Int = 0) {
        let texts = record.texts
        let isPaired = texts.prompts.count == texts.completions.count && turn < texts.prompts.count
        let prompt = isPaired ? texts.prompts[turn] : texts.prompts.last ?? ""
        var start = 0
        if from > ReviewSheet.textLimit / 2 {
            start = from - ReviewSheet.textLimit / 4
            while start > 0, output[start] & 0xC0 == 0x80 { start -= 1 }
        }
        let part = ReviewSheet.bounded(UnsafeBufferPointer(rebasing: output[start...]))
        self.init(line: record.line, prompt: ReviewSheet.bounded(prompt), output: (start > 0 ? "… " : "") + part)
    }
}
