// The names that datasets of model-generated text use, and what stands under each.

import UndertoneCore

/// What stands under a known name.
enum KnownField: UInt8 {
    /// Text or texts that the model wrote, whatever role a turn among them claims.
    case response
    /// An answer of the model, or a conversation that ends in one: turns count by their roles.
    case preference
    case prompt
    case system
    /// A list of chat messages.
    case chat
}

/// Names of top-level members that are looked for, by the schemas that users have: prompt and completion, Alpaca,
/// chat messages, ShareGPT, preference pairs, plain text.
enum KnownNames {
    /// The position of a name in this list is the `name` of a ``FieldPath``.
    static let all: [(name: String, field: KnownField)] = [
        ("completion", .response), ("output", .response), ("response", .response), ("text", .response),
        ("chosen", .preference), ("rejected", .preference), ("answer", .response), ("generation", .response),
        ("generated_text", .response), ("content", .response), ("completions", .response), ("outputs", .response),
        ("responses", .response), ("answers", .response),
        ("prompt", .prompt), ("instruction", .prompt), ("input", .prompt), ("question", .prompt), ("query", .prompt),
        ("problem", .prompt),
        ("system", .system), ("system_prompt", .system),
        ("messages", .chat), ("conversations", .chat), ("conversation", .chat), ("dialogue", .chat),
    ]

    /// Members of a chat message that hold text.
    static let messageTexts = ["content", "value", "text", "reasoning_content", "reasoning", "thinking", "refusal"]
    /// Members of a chat message of which every string counts.
    static let messageTrees = ["tool_calls", "function_call"]
    /// Members inside content parts and tool calls that name things and hold no text.
    static let labels = ["type", "id", "index"]

    /// Roles in lower case; a role that is in none of the lists counts as the model's, so that an invented role
    /// hides nothing.
    static let promptRoles = ["user", "human", "prompter"]
    static let systemRoles = ["system", "developer"]
    static let otherRoles = ["tool", "function", "ipython", "observation", "environment"]

    /// The `name` of a path into a chat: the list's name and the message's member.
    static func messagePath(_ list: Int, _ member: Int) -> UInt16 { UInt16(list | (member + 1) << 8) }
    /// Paths of pointers begin here.
    static let firstPointer = 0x8000

    /// The JSON Pointer of a path; "" is the record itself. In lists of lists the item is that of the inner list, and a
    /// part is the count of strings before it.
    static func pointer(_ path: FieldPath, pointers: [String]) -> String {
        if path.name == .max { return path.item == .max ? "" : "/\(path.item)" }
        let name = Int(path.name)
        if name >= firstPointer {
            let index = name - firstPointer
            return index < pointers.count ? pointers[index] : ""
        }
        var text = ""
        let list = name & 0xFF
        if list < all.count { text += "/" + all[list].name }
        if path.item != .max { text += "/\(path.item)" }
        let member = name >> 8
        if member > 0 {
            let members = messageTexts + messageTrees
            if member - 1 < members.count { text += "/" + members[member - 1] }
        }
        if path.part != .max { text += "/\(path.part)" }
        return text
    }
}

/// Finds short names by their bytes without hashing: one comparison of two words for each name of the same length.
final class NameTable: @unchecked Sendable {
    private struct Entry: BitwiseCopyable {
        var low: UInt64
        var high: UInt64
        var value: Int
    }

    // Entries by length; those of length n are from `starts[n]` to `starts[n + 1]`. Written once, here.
    private let entries: UnsafeMutablePointer<Entry>
    private let starts: UnsafeMutablePointer<Int>
    // Names of more than 16 bytes, which are few and compared byte by byte.
    private let long: [(name: [UInt8], value: Int)]

    /// - Parameter names: ASCII.
    init(_ names: [String]) {
        long = names.enumerated().filter { $0.element.utf8.count > 16 }.map { (Array($0.element.utf8), $0.offset) }
        entries = .allocate(capacity: max(names.count, 1))
        starts = .allocate(capacity: 18)
        var next = 0
        for length in 0...17 {
            starts[length] = next
            for (value, name) in names.enumerated() where name.utf8.count == length && length <= 16 {
                var words: (low: UInt64, high: UInt64) = (0, 0)
                for (index, byte) in name.utf8.enumerated() {
                    if index < 8 {
                        words.low |= UInt64(byte) << UInt64(8 * index)
                    } else {
                        words.high |= UInt64(byte) << UInt64(8 * (index - 8))
                    }
                }
                (entries + next).initialize(to: Entry(low: words.low, high: words.high, value: value))
                next += 1
            }
        }
    }

    deinit {
        entries.deallocate()
        starts.deallocate()
    }

    /// The position of a name in the list; 16 bytes from `start` on must be readable.
    @inline(__always)
    func find(_ start: UnsafePointer<UInt8>, count: Int) -> Int? {
        guard count <= 16, count > 0 else { return count > 16 ? findLong(start, count) : nil }
        let raw = UnsafeRawPointer(start)
        var low = raw.loadUnaligned(as: UInt64.self).littleEndian
        var high: UInt64 = 0
        if count < 8 {
            low &= (1 &<< UInt64(truncatingIfNeeded: 8 &* count)) &- 1
        } else if count > 8 {
            high = (raw + 8).loadUnaligned(as: UInt64.self).littleEndian
            if count < 16 { high &= (1 &<< UInt64(truncatingIfNeeded: 8 &* (count &- 8))) &- 1 }
        }
        for index in starts[count]..<starts[count &+ 1] where entries[index].low == low && entries[index].high == high {
            return entries[index].value
        }
        return nil
    }

    private func findLong(_ start: UnsafePointer<UInt8>, _ count: Int) -> Int? {
        let name = UnsafeBufferPointer(start: start, count: count)
        return long.first { $0.name.count == count && name.elementsEqual($0.name) }?.value
    }
}
