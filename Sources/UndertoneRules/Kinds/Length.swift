// How long a text may be, in bytes, characters, lines or items.

import UndertoneCore

/// Finds texts that are too short or too long. Nothing is looked for in the text but line feeds and separators.
struct Length: ~Copyable, Sendable {
    private static let boundsSchema = """
        {"type":"object","properties":{"min":{"type":"integer","minimum":0},"max":{"type":"integer","minimum":0}},\
        "minProperties":1,"additionalProperties":false}
        """

    static let reference = KindReference(
        name: "length",
        summary: "The text is shorter or longer than allowed.",
        parameters: [
            .init(
                "bytes", schema: boundsSchema,
                "`min` and `max` of the UTF-8 bytes. At least one of `bytes`, `characters`, `lines`, `items` is given."),
            .init("characters", schema: boundsSchema, "`min` and `max` of the characters (Unicode scalars)."),
            .init(
                "lines", schema: boundsSchema,
                "`min` and `max` of the lines: line feeds, and one more where text follows the last."),
            .init(
                "items", schema: boundsSchema,
                "`min` and `max` of the items: the parts between separators that hold more than white space."),
            .init(
                "item-separators", schema: #"{"type":"string","minLength":1,"default":",;\n"}"#,
                "The characters that separate items. Default: comma, semicolon and line feed."),
        ],
        reasons: ["too-short", "too-long"],
        example: """
            - id: at-most-ten
              kind: length
              description: More than ten items.
              items: { min: 1, max: 10 }
              accept: ['1, 2, 3']
              reject: ['1,2,3,4,5,6,7,8,9,10,11', '']
            """)

    private enum Measure: String, CaseIterable { case bytes, characters, lines, items }

    private struct Bound: BitwiseCopyable {
        var measure: Measure
        var least: Int
        var most: Int
    }

    private enum Reason { static let (short, long) = (0, 1) }

    // Raw memory, so that the loop counts no references.
    private nonisolated(unsafe) let bounds: UnsafeMutablePointer<Bound>
    private let count: Int
    private let separators: ScalarSet

    init(_ parameters: inout ParameterReader) throws(SettingsError) {
        var bounds: [Bound] = []
        for measure in Measure.allCases {
            guard let bound = try Length.bound(measure, &parameters) else { continue }
            bounds.append(bound)
        }
        let separators = try parameters.string("item-separators")
        guard !bounds.isEmpty else {
            throw parameters.missing("bound", "give bytes, characters, lines or items, each with min or max")
        }
        if separators != nil, !bounds.contains(where: { $0.measure == .items }) {
            throw parameters.missing("items", "item-separators says nothing without it")
        }
        if separators?.isEmpty ?? false {
            throw SettingsError(
                .badValue, at: parameters.location, "item-separators is empty", mend: "write ',' or the like")
        }
        self.separators = ScalarSet((separators ?? ",;\n").unicodeScalars)
        count = bounds.count
        self.bounds = .allocate(capacity: bounds.count)
        self.bounds.initialize(from: bounds, count: bounds.count)
    }

    deinit { bounds.deallocate() }

    func look(at field: Field, into findings: FindingBuffer) {
        for index in 0..<count {
            let bound = bounds[index]
            let size = size(of: field, bound.measure)
            if size < bound.least {
                findings.add(reason: Reason.short, 0, field.count)
            } else if size > bound.most {
                findings.add(reason: Reason.long, 0, field.count)
            }
        }
    }

    func explanation(of field: Field) -> String {
        (0..<count).map { index in
            let noun = bounds[index].measure.rawValue.dropLast()
            return counted(size(of: field, bounds[index].measure), String(noun))
        }.joined(separator: ", ")
    }

    private func size(of field: Field, _ measure: Measure) -> Int {
        switch measure {
        case .bytes: field.count
        case .characters: characters(of: field)
        case .lines: lines(of: field)
        case .items: items(of: field)
        }
    }

    // Continuation bytes are what is below -64 as a signed byte.
    private func characters(of field: Field) -> Int {
        var count = 0
        for index in 0..<field.count where Int8(bitPattern: field.start[index]) >= -64 { count &+= 1 }
        return count
    }

    private func lines(of field: Field) -> Int {
        guard field.count > 0 else { return 0 }
        var count = 0
        for index in 0..<field.count where field.start[index] == 0x0A { count &+= 1 }
        return field.start[field.count - 1] == 0x0A ? count : count &+ 1
    }

    private func items(of field: Field) -> Int {
        var (count, index, isBlank) = (0, 0, true)
        while index < field.count {
            let next = scalar(field.start, at: index, end: field.count)
            index &+= next.length
            if separators.contains(next.value) {
                isBlank = true
            } else if isBlank && !isSpace(next.value) {
                isBlank = false
                count &+= 1
            }
        }
        return count
    }

    @inline(__always)
    private func isSpace(_ value: UInt32) -> Bool {
        if value < 0x80 { return value == 0x20 || value &- 0x09 < 5 }
        return Unicode.Scalar(value)?.properties.isWhitespace ?? false
    }

    private static func bound(_ measure: Measure, _ parameters: inout ParameterReader) throws(SettingsError) -> Bound? {
        guard var reader = try parameters.map(measure.rawValue) else { return nil }
        let least = try reader.integer("min")
        let most = try reader.integer("max")
        try reader.finish()
        guard least != nil || most != nil else { throw reader.missing("min or max", "give at least one of them") }
        guard most ?? .max > 0 || least ?? 0 == 0, least ?? 0 <= most ?? .max else {
            throw SettingsError(
                .neverFires, at: reader.location, "\(measure.rawValue): min is above max, so every text is met",
                mend: "swap them")
        }
        guard (least ?? 0) > 0 || most != nil else {
            throw SettingsError(
                .neverFires, at: reader.location, "\(measure.rawValue): every text has at least 0",
                mend: "raise min or give max")
        }
        return Bound(measure: measure, least: least ?? 0, most: most ?? .max)
    }
}
