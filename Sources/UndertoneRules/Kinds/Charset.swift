// Which characters a text may hold, or may not.

import UndertoneCore

/// Finds runs of characters outside a whitelist, or inside a blacklist. Characters are Unicode scalars and are taken as
/// they are: a full-width digit is no ASCII digit. A byte that is not UTF-8 is outside every list.
struct Charset: ~Copyable, Sendable {
    private static let listSchema: String = {
        let names = CharacterClass.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ",")
        return """
            {"type":"object","properties":{"characters":{"type":"string"},"classes":{"type":"array","items":{"enum":\
            [\(names)]}}},"additionalProperties":false,"minProperties":1}
            """
    }()

    static let reference = KindReference(
        name: "charset",
        summary: "The text holds a character that is not allowed.",
        parameters: [
            .init(
                "allow", schema: listSchema,
                "The only characters that may occur: `characters`, a string of them, and `classes`, a list of "
                    + CharacterClass.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")
                    + ". Exactly one of `allow` and `deny` is given."),
            .init("deny", schema: listSchema, "The characters that may not occur, in the same form."),
        ],
        reasons: ["forbidden-character"],
        example: """
            - id: digits-only
              kind: charset
              description: Only digits, commas and white space.
              allow: { characters: ',', classes: [ascii-digit, ascii-space] }
              accept: ['1, 2, 3']
              reject: [{ text: '1, owl', span: [3, 6] }]
            """)

    private let listed: ScalarSet
    private let allows: Bool
    // Of each byte: 0 where it may occur as ASCII, else 1.
    private nonisolated(unsafe) let stops: UnsafeMutablePointer<UInt8>

    init(_ parameters: inout ParameterReader) throws(SettingsError) {
        let allow = try parameters.map("allow")
        let deny = try parameters.map("deny")
        guard var list = allow ?? deny, (allow == nil) != (deny == nil) else {
            throw parameters.missing("allow or deny", "give exactly one of them")
        }
        let characters = try list.string("characters") ?? ""
        var classes: [CharacterClass] = []
        for item in try list.list("classes") ?? [] {
            classes.append(try ParameterReader.choice(item, "classes", of: CharacterClass.self))
        }
        try list.finish()
        let listed = ScalarSet(characters.unicodeScalars, classes)
        guard !listed.isEmpty else {
            throw SettingsError(
                .neverFires, at: list.location,
                allow == nil ? "nothing is denied, so no text is met" : "nothing is allowed, so every text is met",
                mend: "list characters or classes")
        }
        self.init(listed, allows: allow != nil)
    }

    private init(_ listed: consuming ScalarSet, allows: Bool) {
        self.allows = allows
        stops = .allocate(capacity: 256)
        for byte in UInt32(0)..<256 {
            let isForbidden = byte >= 0x80 || listed.contains(byte) != allows
            (stops + Int(byte)).initialize(to: isForbidden ? 1 : 0)
        }
        self.listed = listed
    }

    deinit { stops.deallocate() }

    func look(at field: Field, into findings: FindingBuffer) {
        var index = nextStop(field, 0)
        while index < field.count {
            let next = scalar(field.start, at: index, end: field.count)
            guard isForbidden(next.value) else {
                index = nextStop(field, index &+ next.length)
                continue
            }
            let run = endOfRun(field, index &+ next.length)
            guard findings.add(reason: 0, index, run) else { return }
            index = nextStop(field, run)
        }
    }

    func explanation(of field: Field) -> String {
        var (count, index) = (0, 0)
        var first: (value: UInt32, index: Int)?
        while index < field.count {
            let next = scalar(field.start, at: index, end: field.count)
            if isForbidden(next.value) {
                count += 1
                if first == nil { first = (next.value, index) }
            }
            index += next.length
        }
        let place = allows ? "outside the whitelist" : "of the blacklist"
        guard let first else { return "no character \(place)" }
        return "\(counted(count, "character")) \(place), the first \(describe(first.value)) at byte \(first.index)"
    }

    @inline(__always)
    private func isForbidden(_ value: UInt32) -> Bool {
        listed.contains(value) != allows && (allows || value != invalidScalar)
    }

    // The first index from `index` on whose byte is not a permitted ASCII character. Eight at a time: fields can be
    // read beyond their end.
    @inline(__always)
    private func nextStop(_ field: Field, _ index: Int) -> Int {
        let (start, end, stops) = (field.start, field.count, stops)
        var index = index
        while index < end {
            let p = start + index
            let first = stops[Int(p[0])] | stops[Int(p[1])] | stops[Int(p[2])] | stops[Int(p[3])]
            let second = stops[Int(p[4])] | stops[Int(p[5])] | stops[Int(p[6])] | stops[Int(p[7])]
            if first | second != 0 { break }
            index &+= 8
        }
        while index < end, stops[Int(start[index])] == 0 { index &+= 1 }
        return min(index, end)
    }

    private func endOfRun(_ field: Field, _ index: Int) -> Int {
        var index = index
        while index < field.count {
            let next = scalar(field.start, at: index, end: field.count)
            guard isForbidden(next.value) else { break }
            index &+= next.length
        }
        return index
    }
}
