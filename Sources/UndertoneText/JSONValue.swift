// Reads JSON (RFC 8259) that comes from outside into a value: strict, in bounded memory, and with one meaning only.

/// A JSON value.
///
/// The reader refuses what readers disagree about: two members of one name, halves of surrogate pairs, bytes that are
/// no UTF-8, a byte order mark, numbers that no 64-bit integer and no finite number holds.
package enum JSONValue: Sendable, Equatable {
    case null
    case boolean(Bool)
    /// A number without fraction and exponent that fits.
    case integer(Int)
    /// Any other number, as the nearest double.
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)

    /// How much of it there may be.
    package struct Limits: Sendable {
        /// Bytes of the text.
        package var bytes: Int
        /// Arrays and objects within each other.
        package var depth: Int
        /// Values and members; a value takes some 50 bytes of memory.
        package var values: Int

        package init(bytes: Int = 16 << 20, depth: Int = 64, values: Int = 1_000_000) {
            self.bytes = bytes
            self.depth = depth
            self.values = values
        }
    }

    /// The one value that `text` is, with nothing but white space around it.
    ///
    /// - Throws: ``JSONError`` with the place of the first fault.
    /// - Complexity: O(bytes); the stack grows with `limits.depth`.
    package init(parsing text: some Sequence<UInt8>, limits: Limits = Limits()) throws(JSONError) {
        func parsed(_ text: UnsafeBufferPointer<UInt8>) -> Result<JSONValue, JSONError> {
            Result { () throws(JSONError) in
                var json = try JSONScanner(text, limits: limits)
                let value = try JSONValue(&json)
                try json.end()
                return value
            }
        }
        let result =
            text.withContiguousStorageIfAvailable(parsed)
            ?? Array(text.prefix(limits.bytes + 1)).withUnsafeBufferPointer(parsed)
        self = try result.get()
    }

    private init(_ json: inout JSONScanner) throws(JSONError) {
        switch try json.kind() {
        case .null:
            try json.null()
            self = .null
        case .boolean: self = .boolean(try json.boolean())
        case .number: self = try json.number()
        case .string: self = .string(try json.string())
        case .array:
            var elements: [JSONValue] = []
            try json.beginArray()
            while try json.hasNext() { elements.append(try JSONValue(&json)) }
            self = .array(elements)
        case .object:
            var members = JSONObject()
            try json.beginObject()
            while let name = try json.uncheckedName() {
                let start = json.nameStart
                guard members.add(name, try JSONValue(&json)) else { throw json.twice(at: start) }
            }
            self = .object(members)
        }
    }

    /// The text of a string.
    package var string: String? { if case .string(let text) = self { text } else { nil } }

    /// The number, where it is whole.
    package var integer: Int? {
        switch self {
        case .integer(let number): number
        case .number(let number): Int(exactly: number)
        default: nil
        }
    }

    /// The number.
    package var double: Double? {
        switch self {
        case .integer(let number): Double(number)
        case .number(let number): number
        default: nil
        }
    }

    /// Whether it is `true`; `nil` where it is neither `true` nor `false`.
    package var boolean: Bool? { if case .boolean(let truth) = self { truth } else { nil } }

    /// The elements of an array.
    package var array: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }

    /// The members of an object.
    package var object: JSONObject? { if case .object(let object) = self { object } else { nil } }

    /// The member of that name, where this is an object that has one.
    package subscript(name: String) -> JSONValue? { object?[name] }

    /// What it is, for error texts: `a string`.
    package var kindName: String {
        switch self {
        case .null: "null"
        case .boolean: "true or false"
        case .integer, .number: "a number"
        case .string: "a string"
        case .array: "a list"
        case .object: "an object"
        }
    }

    /// Writes it as it was read, but for white space, escapes and the spelling of numbers.
    package func write(to json: inout JSONWriter) {
        switch self {
        case .null: json.value(nil as String?)
        case .boolean(let truth): json.value(truth)
        case .integer(let number): json.value(number)
        case .number(let number): json.value(number)
        case .string(let text): json.value(text)
        case .array(let elements):
            json.array { json in
                for element in elements { element.write(to: &json) }
            }
        case .object(let object):
            json.object { json in
                for member in object.members {
                    json.key(member.name)
                    member.value.write(to: &json)
                }
            }
        }
    }
}

/// The members of a JSON object, in the order in which they were written, each name once.
package struct JSONObject: Sendable, Equatable {
    package struct Member: Sendable, Equatable {
        package var name: String
        package var value: JSONValue
    }

    package private(set) var members: [Member] = []
    // Made once a search from end to end would cost more.
    private var places: [String: Int] = [:]
    private static let searched = 8

    package init() {}

    /// The member of that name. O(1).
    package subscript(name: String) -> JSONValue? { place(of: name).map { members[$0].value } }

    package static func == (left: JSONObject, right: JSONObject) -> Bool { left.members == right.members }

    /// Adds a member; `false`, and nothing changes, where the name is there already. Names that differ in nothing but
    /// Unicode normalisation count as the same.
    package mutating func add(_ name: String, _ value: JSONValue) -> Bool {
        guard place(of: name) == nil else { return false }
        members.append(Member(name: name, value: value))
        if members.count == JSONObject.searched {
            for (index, member) in members.enumerated() { places[member.name] = index }
        } else if members.count > JSONObject.searched {
            places[name] = members.count - 1
        }
        return true
    }

    private func place(of name: String) -> Int? {
        members.count < JSONObject.searched ? members.firstIndex { $0.name == name } : places[name]
    }
}

/// What is wrong with a JSON text, and where; nothing of the text is in it.
package struct JSONError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What sort of fault it is.
    package enum Reason: Sendable {
        /// It is no JSON.
        case syntax
        /// There is more of it than the reader takes.
        case limit
        /// An object has two members of one name.
        case duplicateName
        /// A string is no UTF-8.
        case notUTF8
    }

    /// What is wrong, for programs.
    package var reason: Reason
    /// What is wrong, as a clause.
    package var problem: String
    /// The byte, from 0.
    package var offset: Int
    /// The line, from 1.
    package var line: Int
    /// The byte of the line, from 1.
    package var column: Int

    /// `problem in line 3, column 7`.
    package var description: String { "\(problem) in line \(line), column \(column)" }
}
