// Packs come from outside: none may take the program down, or its time and memory.

import Foundation
import Testing
import UndertoneCore
import UndertoneSettings

@testable import UndertoneRulePacks

@Suite struct HostilePackTests {
    @Test func `an alias bomb is refused at its first anchor`() {
        var text = "pack: test\na: &a [x, x, x, x, x, x, x, x, x, x]\n"
        for (last, next) in zip("abcdefghijklmnopqrstuvwxy", "bcdefghijklmnopqrstuvwxyz") {
            text +=
                "\(next): &\(next) [*\(last), *\(last), *\(last), *\(last), *\(last), *\(last), *\(last), *\(last)]\n"
        }
        text += "*z : y\n[*z]: z\n"
        let error = refusal(of: text)
        #expect(error?.code == .syntax)
        #expect(error?.location?.description == "t.yaml:2:4")
        #expect(refusal(of: text + "? *z\n: x\n")?.code == .syntax)
    }

    @Test(
        "deep nesting is refused",
        arguments: [
            String(repeating: "[", count: 100_000), String(repeating: "{a: ", count: 100_000),
            String(repeating: "- ", count: 100_000), String(repeating: "{", count: 5000),
            "k: " + String(repeating: "[", count: 900) + String(repeating: "]", count: 900),
            String(repeating: "[", count: 250) + "a" + String(repeating: "]: 1", count: 249) + "]",
            "k: " + String(repeating: "{", count: 400) + "a" + String(repeating: "}", count: 400),
        ])
    func nesting(text: String) {
        let error = refusal(of: text)
        #expect(error?.code == .tooLarge || error?.code == .syntax)
    }

    @Test(arguments: [(32, true), (33, false)])
    func `thirty-two levels are the limit`(levels: Int, isAllowed: Bool) {
        // The pack itself and the key's list are levels too.
        let text = "k: " + String(repeating: "[", count: levels - 1) + "a" + String(repeating: "]", count: levels - 1)
        do throws(SettingsError) {
            _ = try SettingsText.value(of: text, file: "t.yaml")
            #expect(isAllowed)
        } catch {
            #expect(!isAllowed)
            #expect(error.code == .tooLarge)
            #expect(error.location?.description == "t.yaml:1:\(3 + levels)")
        }
    }

    @Test(.timeLimit(.minutes(1))) func `keys that hold whole trees cost no more than their size`() {
        // Yams looks for equal keys, and a key may be a mapping: each level would look through all that is inside.
        let keys = (0..<50_000).map { "k\($0)" }.joined(separator: ",")
        let text = String(repeating: "{", count: 900) + keys + String(repeating: "}", count: 900)
        #expect(refusal(of: text)?.code == .tooLarge)
    }

    @Test func `a megabyte is the limit of a text and of a file`() throws {
        let text = packText() + "\n#" + String(repeating: "x", count: SettingsText.byteLimit)
        let error = refusal(of: text)
        #expect(error?.code == .tooLarge)
        #expect(error?.location?.description == "t.yaml:1:1")
        try withFolder(["large.yaml": text]) { folder in
            do throws(SettingsError) {
                _ = try PackLibrary().pack("\(folder)/large.yaml")
                Issue.record("the pack was read")
            } catch {
                #expect(error.code == .tooLarge)
            }
        }
        do throws(SettingsError) {
            _ = try PackLibrary().pack("/dev/zero")
            Issue.record("the pack was read")
        } catch {
            #expect(error.code == .tooLarge)
        }
    }

    @Test func `ten thousand rules are the limit`() {
        var text = "pack: test\nrules:\n"
        for index in 0...PackFile.ruleLimit {
            text += "- {id: r\(index), kind: w, description: d, accept: [a], reject: [b]}\n"
        }
        let error = refusal(of: text)
        #expect(error?.code == .tooLarge)
        #expect(error?.location?.description == "t.yaml:\(PackFile.ruleLimit + 3):3")
    }

    @Test func `a hundred includes are the limit`() {
        let text = "pack: test\ninclude:\n" + String(repeating: "- pack: numbers\n", count: 101)
        let error = refusal(of: text)
        #expect(error?.code == .tooLarge)
        #expect(error?.location?.description == "t.yaml:103:3")
    }

    @Test func `bytes that are not UTF-8 are named by their place`() {
        do throws(SettingsError) {
            _ = try SettingsFile.decoded(Array("pack: té\nx: ".utf8) + [0xC3, 0x28], file: "t.yaml")
            Issue.record("it is not UTF-8")
        } catch {
            #expect(error.location?.description == "t.yaml:2:4")
        }
    }

    @Test(arguments: ["/", "/nowhere/at/all.yaml", "."])
    func `what is no file is unreadable or unknown`(path: String) {
        do throws(SettingsError) {
            _ = try PackLibrary().pack(path)
            Issue.record("there is no pack")
        } catch {
            #expect(error.code == .unreadable || error.code == .unknownPack)
        }
    }

    @Test func `a folder with the name of a pack is unreadable`() throws {
        try withFolder(["a.yaml/b": ""]) { folder in
            do throws(SettingsError) {
                _ = try PackLibrary().pack("\(folder)/a.yaml")
                Issue.record("it is a folder")
            } catch {
                #expect(error.code == .unreadable)
            }
        }
    }

    @Test("mutations of the shipped packs are read or refused, and never more", arguments: PackLibrary.shippedNames)
    func mutations(name: String) throws {
        let seed: UInt64 = 0x5EED
        var generator = SeededGenerator(state: seed)
        let whole = Array(try PackLibrary().pack(name).text.utf8)
        let pieces = [
            "&", "*", "!", "? ", "[", "]", "{", "}", "- ", ": ", "|", ">", "'", "\"", "#", "\n", "\t", "---", "\\", "é",
            "\u{F301}", "0", "%",
        ]
        for round in 0..<60 {
            // A piece of the pack keeps a round short; most faults need no more.
            let start = Int.random(in: 0..<max(1, whole.count - 2000), using: &generator)
            var bytes = round % 4 == 0 ? whole : Array(whole.prefix(400) + whole[start...].prefix(2000))
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                let at = Int.random(in: 0...bytes.count, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0:
                    bytes.insert(contentsOf: Array(pieces.randomElement(using: &generator)?.utf8 ?? "".utf8), at: at)
                case 1: bytes.removeSubrange(at..<min(bytes.count, at + Int.random(in: 1...40, using: &generator)))
                case 2 where at < bytes.count: bytes[at] = UInt8.random(in: 0...255, using: &generator)
                default:
                    bytes.insert(
                        contentsOf: bytes[at...].prefix(60), at: Int.random(in: 0...bytes.count, using: &generator))
                }
            }
            do throws(SettingsError) {
                _ = try PackLibrary().pack(text: String(decoding: bytes, as: UTF8.self), file: "t.yaml")
            } catch {
                #expect(error.location != nil, "seed \(seed), round \(round): \(error)")
                #expect((error.location?.line ?? 0) >= 1 && (error.location?.column ?? 0) >= 1)
            }
        }
    }
}
