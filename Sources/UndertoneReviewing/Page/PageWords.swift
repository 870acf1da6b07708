// What the page says, as JSON: decisions, notes, and that it is done.

import UndertoneText

/// Why something that the page said was not taken.
struct PageRefusal: Error {
    /// Of HTTP.
    var status: Int
    var reason: String
}

/// Takes what the page says.
///
/// - Parameters:
///   - place: `decide`, `note`, `withdraw` or `finish`.
///   - body: the JSON that came with it, of bounded length.
/// - Returns: nil where it is kept.
func said(_ place: String, _ body: [UInt8], in session: ReviewSession) -> PageRefusal? {
    do throws(PageRefusal) {
        let members = try PageMembers(body, of: place)
        do throws(ReviewError) {
            switch members.saying {
            case .decision(let decision, let phrase, let note, let item):
                try session.decide(decision, phrase: phrase, note: note, about: item)
            case .note(let note, let item): try session.note(note, about: item)
            case .withdrawal(let item): try session.withdraw(about: item)
            case .end(let note, let evenUndecided): try session.finish(note: note, evenUndecided: evenUndecided)
            }
        } catch {
            throw PageRefusal(status: error.code == .notKept ? 500 : 409, reason: error.description)
        }
    } catch {
        return error
    }
    return nil
}

private struct PageMembers {
    enum Saying {
        case decision(ReviewDecision, phrase: String?, note: String?, item: Int)
        case note(String, item: Int)
        case withdrawal(item: Int)
        case end(note: String, evenUndecided: Bool)
    }

    let saying: Saying

    init(_ body: [UInt8], of place: String) throws(PageRefusal) {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: body, limits: .init(bytes: PageDoor.bodyLimit, depth: 4, values: 100))
        } catch {
            throw bad("The body is no JSON that can be used: \(error).")
        }
        guard let members = value.object else { throw bad("The body must be an object, not \(value.kindName).") }
        let allowed = [
            "decide": ["item", "decision", "phrase", "note"], "note": ["item", "note"], "withdraw": ["item"],
        ]
        for member in members.members
        where !(allowed[place] ?? ["note", "evenUndecided"]).contains(member.name) {
            throw bad("\(place) knows no \(visible(member.name, limit: 40)).")
        }
        let note = try text("note", members)
        if place == "finish" {
            let evenUndecided = members["evenUndecided"] ?? .boolean(false)
            guard let isTold = evenUndecided.boolean else {
                throw bad("evenUndecided must be true or false, not \(evenUndecided.kindName).")
            }
            saying = .end(note: note ?? "", evenUndecided: isTold)
            return
        }
        guard let item = members["item"]?.integer else { throw bad("item must be a whole number.") }
        switch place {
        case "withdraw": saying = .withdrawal(item: item)
        case "note": saying = .note(note ?? "", item: item)
        default:
            guard let decision = try text("decision", members).flatMap(ReviewDecision.init(rawValue:)) else {
                throw bad("decision must be fine, reject or rule.")
            }
            saying = .decision(decision, phrase: try text("phrase", members), note: note, item: item)
        }
    }
}

private func text(_ name: String, _ members: JSONObject) throws(PageRefusal) -> String? {
    guard let value = members[name], value != .null else { return nil }
    guard let text = value.string else { throw bad("\(name) must be a string, not \(value.kindName).") }
    return text
}

private func bad(_ reason: String) -> PageRefusal { PageRefusal(status: 400, reason: reason) }
