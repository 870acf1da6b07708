// Chat messages: their members, and what each role is.

import Glibc
import UndertoneCore

/// The members of chat messages.
enum Roles {
    static let members = NameTable(KnownNames.messageTexts + KnownNames.messageTrees)
    static let labels = NameTable(KnownNames.labels)

    static func isRole(_ key: KeySpan) -> Bool {
        key.count == 4 && (memcmp(key.start, "role", 4) == 0 || memcmp(key.start, "from", 4) == 0)
    }

    static func tags(of name: UnsafeBufferPointer<UInt8>, plan: FieldPlan, response: FieldTags) -> FieldTags {
        // Roles are short; a long one is no known role.
        let role = String(decoding: name.prefix(64), as: UTF8.self)
        let lowered = role.lowercased()
        var tags: FieldTags
        if KnownNames.promptRoles.contains(lowered) {
            tags = [.prompt, .any]
        } else if KnownNames.systemRoles.contains(lowered) {
            tags = [.system, .any]
        } else if KnownNames.otherRoles.contains(lowered) {
            tags = [.other, .any]
        } else {
            tags = response
        }
        for known in plan.roles where name.elementsEqual(known.name.utf8) { tags.formUnion(known.tag) }
        return tags
    }
}
