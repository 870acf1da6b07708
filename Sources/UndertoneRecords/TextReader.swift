// Texts below the top of a record: lists, chat messages, parts of messages, tool calls.

import UndertoneCore

extension BlockReader {
    // A list of texts, of messages, or of lists of them. In a strict list anything else but null is no text, and a record
    // that holds it is not let pass unseen.
    mutating func readTexts(
        _ tags: FieldTags, path: UInt16, isResponse: Bool, isStrict: Bool, depth: Int
    ) -> Bool {
        guard depth < parser.limits.depth else { return walker.fail(.tooDeep) }
        walker.token &+= 1
        if walker.current == UInt8(ascii: "]") {
            walker.token &+= 1
            return true
        }
        var item: UInt32 = 0
        while true {
            switch walker.current {
            case UInt8(ascii: "\""):
                guard addText(tags, FieldPath(name: path, item: item)) else { return false }
            case UInt8(ascii: "{"):
                guard readMessage(path, item: item, default: tags, isResponse: isResponse, depth: depth &+ 1) else {
                    return false
                }
            case UInt8(ascii: "["):
                guard
                    readTexts(tags, path: path, isResponse: isResponse, isStrict: isStrict, depth: depth &+ 1)
                else { return false }
            default:
                guard skipScalar(isStrict: isStrict) else { return false }
            }
            item &+= 1
            if walker.current == UInt8(ascii: ",") {
                walker.token &+= 1
                continue
            }
            guard walker.current == UInt8(ascii: "]") else { return walker.fail(.invalidJSON) }
            walker.token &+= 1
            return true
        }
    }

    // A chat message. Its role may come behind its text, so the tags are set when the object ends.
    mutating func readMessage(
        _ path: UInt16, item: UInt32, default tags: FieldTags, isResponse: Bool, depth: Int
    ) -> Bool {
        guard depth < parser.limits.depth else { return walker.fail(.tooDeep) }
        let firstKey = keys.pointee.count
        let firstField = batch.fields.count
        let tagsBefore = seenTags
        var roleTags: FieldTags?
        walker.token &+= 1
        if walker.current == UInt8(ascii: "}") {
            walker.token &+= 1
            return true
        }
        while true {
            guard let key = readKey(since: firstKey) else { return false }
            if Roles.isRole(key) {
                if walker.current == UInt8(ascii: "\"") {
                    guard let raw = walker.rawString(), let name = walker.decode(raw) else {
                        return walker.fail(.invalidJSON)
                    }
                    // A message with a role under both names is what either says.
                    roleTags = Roles.tags(of: name, plan: parser.plan, response: responseTags).union(roleTags ?? [])
                    walker.token &+= 1
                } else {
                    guard walker.skipValue(depth: depth &+ 1) else { return false }
                }
            } else if let member = Roles.members.find(key.start, count: key.count) {
                let name = KnownNames.messagePath(path == .max ? 0xFF : Int(path), member)
                let isTree = member >= KnownNames.messageTexts.count
                guard readContent(FieldPath(name: name, item: item), tags, isTree: isTree, depth: depth &+ 1) else {
                    return false
                }
            } else {
                guard walker.skipValue(depth: depth &+ 1) else { return false }
            }
            if walker.current == UInt8(ascii: ",") {
                walker.token &+= 1
                continue
            }
            guard walker.current == UInt8(ascii: "}") else { return walker.fail(.invalidJSON) }
            guard closeObject(since: firstKey) else { return false }
            break
        }
        // Under "completion" every turn is what is trained on, whatever role it claims.
        if var roleTags {
            if isResponse { roleTags.formUnion(responseTags) }
            seenTags = batch.fields.count > firstField ? tagsBefore.union(roleTags) : tagsBefore
            for index in firstField..<batch.fields.count { batch.fields.base[index].tags = roleTags }
        }
        return true
    }

    private mutating func readContent(_ path: FieldPath, _ tags: FieldTags, isTree: Bool, depth: Int) -> Bool {
        if walker.current == UInt8(ascii: "\"") { return addText(tags, path) }
        if isTree || walker.current == UInt8(ascii: "[") || walker.current == UInt8(ascii: "{") {
            var path = path
            path.part = 0
            return collectStrings(&path, tags, depth: depth)
        }
        return skipScalar(isStrict: true)
    }

    // Where text should stand: null is as good as nothing, a number or a Boolean is not.
    private mutating func skipScalar(isStrict: Bool) -> Bool {
        let isNull = walker.current == UInt8(ascii: "n")
        guard walker.skipScalar() else { return false }
        return isNull || !isStrict || walker.fail(.wrongType)
    }

    // Every string at or below the current value is a field, and every number as it is written; those under labels are
    // left out.
    mutating func collectStrings(_ path: inout FieldPath, _ tags: FieldTags, depth: Int) -> Bool {
        switch walker.current {
        case UInt8(ascii: "\""):
            guard addText(tags, path) else { return false }
            if path.part < .max - 1 { path.part &+= 1 }
            return true
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            guard depth < parser.limits.depth else { return walker.fail(.tooDeep) }
            let isObject = walker.current == UInt8(ascii: "{")
            let bracket = isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")
            let firstKey = keys.pointee.count
            walker.token &+= 1
            if walker.current == bracket {
                walker.token &+= 1
                return true
            }
            while true {
                if isObject {
                    guard let key = readKey(since: firstKey) else { return false }
                    if Roles.labels.find(key.start, count: key.count) != nil {
                        guard walker.skipValue(depth: depth &+ 1) else { return false }
                    } else {
                        guard collectStrings(&path, tags, depth: depth &+ 1) else { return false }
                    }
                } else {
                    guard collectStrings(&path, tags, depth: depth &+ 1) else { return false }
                }
                if walker.current == UInt8(ascii: ",") {
                    walker.token &+= 1
                    continue
                }
                guard walker.current == bracket else { return walker.fail(.invalidJSON) }
                return closeObject(since: firstKey)
            }
        default: return addNumber(&path, tags)
        }
    }

    // A number as it is written; true, false and null are passed over.
    private mutating func addNumber(_ path: inout FieldPath, _ tags: FieldTags) -> Bool {
        let first = walker.current
        let raw = walker.rawToken
        guard walker.skipScalar() else { return false }
        guard first == UInt8(ascii: "-") || first &- 0x30 < 10 else { return true }
        guard batch.fields.count &- firstField < RecordLimits.fields else { return walker.fail(.tooLong) }
        seenTags.formUnion(tags)
        batch.fields.append(
            Field(
                start: walker.text + raw.lowerBound, count: raw.count, tags: tags, path: path,
                source: raw.lowerBound &- recordStart))
        if path.part < .max - 1 { path.part &+= 1 }
        return true
    }

    @inline(__always)
    mutating func addText(_ tags: FieldTags, _ path: FieldPath) -> Bool {
        guard let raw = walker.rawString() else { return walker.fail(.invalidJSON) }
        guard let text = walker.decode(raw), let start = text.baseAddress else { return false }
        guard batch.fields.count &- firstField < RecordLimits.fields else { return walker.fail(.tooLong) }
        seenTags.formUnion(tags)
        batch.fields.append(
            Field(start: start, count: text.count, tags: tags, path: path, source: raw.lowerBound &- recordStart))
        walker.token &+= 1
        return true
    }
}
