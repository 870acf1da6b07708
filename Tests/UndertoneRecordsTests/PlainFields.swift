// A second reading of fields, from a tree: which strings of a record count, in which order.

import UndertoneCore

@testable import UndertoneRecords

/// What a record comes to without rules that name roles or pointers.
struct PlainRecord {
    var faults: Set<Malformation> = []
    var fields: [(bytes: [UInt8], source: Int, isResponse: Bool)] = []

    /// Reads a line; `nil` for white space alone.
    init?(_ line: [UInt8], depthLimit: Int = 512) {
        if line.allSatisfy({ [0x20, 0x09, 0x0A, 0x0D].contains($0) }) { return nil }
        do throws(PlainJSON.Fault) {
            switch try PlainJSON(line, depthLimit: depthLimit) {
            case .object(let members): top(members)
            case .array(let elements): texts(elements, isResponse: true, isWhole: true, isStrict: true)
            case .string(let bytes, let at): fields.append((bytes, at, true))
            case .scalar: break
            }
        } catch {
            faults =
                switch error {
                case .invalid: [.invalidJSON]
                case .loneSurrogate: [.loneSurrogate]
                case .tooDeep: [.tooDeep]
                }
            return
        }
        if faults.isEmpty, !fields.contains(where: \.isResponse) { faults = [.missingField] }
    }

    private mutating func top(_ members: [(key: [UInt8], value: PlainJSON)]) {
        if PlainJSON.hasTwins(members) { faults.insert(.duplicateKey) }
        for (key, value) in members {
            let name = String(decoding: key, as: UTF8.self)
            guard let known = KnownNames.all.first(where: { Array($0.name.utf8) == Array(name.utf8) })?.field else {
                continue
            }
            let isAnswer = known == .response || known == .preference
            switch (known, value) {
            case (.chat, .array(let elements)): texts(elements, isResponse: true, isWhole: false, isStrict: true)
            case (.chat, _): faults.insert(.wrongType)
            case (_, .string(let bytes, let at)): fields.append((bytes, at, isAnswer))
            case (_, .array(let elements)):
                texts(
                    elements, isResponse: isAnswer, isWhole: known == .response, isStrict: isAnswer)
            case (_, .object(let members)) where isAnswer:
                message(members, isResponse: true, isWhole: known == .response)
            case (_, .scalar) where isAnswer: faults.insert(.wrongType)
            default: break
            }
        }
    }

    // `isWhole`: the model wrote it all, whatever role it claims.
    // `isStrict`: anything but text, a list, a message or null is a fault.
    private mutating func texts(_ elements: [PlainJSON], isResponse: Bool, isWhole: Bool, isStrict: Bool) {
        for element in elements {
            switch element {
            case .string(let bytes, let at): fields.append((bytes, at, isResponse))
            case .array(let inner): texts(inner, isResponse: isResponse, isWhole: isWhole, isStrict: isStrict)
            case .object(let members): message(members, isResponse: isResponse, isWhole: isWhole)
            case .scalar(let bytes, _): if isStrict, bytes != Array("null".utf8) { faults.insert(.wrongType) }
            }
        }
    }

    private mutating func message(_ members: [(key: [UInt8], value: PlainJSON)], isResponse: Bool, isWhole: Bool) {
        if PlainJSON.hasTwins(members) { faults.insert(.duplicateKey) }
        let first = fields.count
        var roles: [String] = []
        for (key, value) in members {
            let name = String(decoding: key, as: UTF8.self)
            if name == "role" || name == "from" {
                if case .string(let bytes, _) = value {
                    roles.append(String(decoding: bytes, as: UTF8.self).lowercased())
                }
            } else if KnownNames.messageTexts.contains(name) {
                if case .scalar(let bytes, _) = value {
                    if bytes != Array("null".utf8) { faults.insert(.wrongType) }
                } else {
                    strings(value, isResponse)
                }
            } else if KnownNames.messageTrees.contains(name) {
                strings(value, isResponse)
            }
        }
        guard !roles.isEmpty else { return }
        let others = KnownNames.promptRoles + KnownNames.systemRoles + KnownNames.otherRoles
        for index in first..<fields.count { fields[index].isResponse = isWhole || !roles.allSatisfy(others.contains) }
    }

    private mutating func strings(_ value: PlainJSON, _ isResponse: Bool) {
        switch value {
        case .string(let bytes, let at): fields.append((bytes, at, isResponse))
        case .array(let elements): for element in elements { strings(element, isResponse) }
        case .object(let members):
            if PlainJSON.hasTwins(members) { faults.insert(.duplicateKey) }
            for (key, value) in members where !KnownNames.labels.contains(String(decoding: key, as: UTF8.self)) {
                strings(value, isResponse)
            }
        case .scalar(let bytes, let at):
            if let first = bytes.first, first == 0x2D || (0x30...0x39).contains(first) {
                fields.append((bytes, at, isResponse))
            }
        }
    }
}

/// Why a line is no record by the plain reading; the first reason where there are several.
func plainFault(_ line: String) -> Set<Malformation> { PlainRecord(Array(line.utf8))?.faults ?? [] }

/// Whether a reader's verdict is one that the plain reading allows: the same fault, or one of several.
func isSame(_ found: Malformation?, _ expected: Set<Malformation>) -> Bool {
    guard let found else { return expected.isEmpty }
    if expected.contains(found) { return true }
    // The reader stops at what it meets first; behind that, the text may be broken in other ways too.
    let syntax: Set<Malformation> = [.invalidJSON, .loneSurrogate, .tooDeep]
    return !expected.isDisjoint(with: syntax)
        && (syntax.contains(found) || found == .duplicateKey || found == .wrongType || found == .invalidUTF8)
}
