// Packs that include packs: finding them, switching rules off, changing them, and not going round in circles.

import Foundation
import Testing
import UndertoneCore

@testable import UndertoneRulePacks

@Suite struct IncludeTests {
    private let base =
        "pack: base\nversion: '2'\nrules:\n" + ruleText("one", "    aliases: [uno]") + "\n" + ruleText("two")

    private func error(_ files: [String: String], _ path: String = "main.yaml") throws -> SettingsError? {
        try withFolder(files) { folder in
            do throws(SettingsError) {
                _ = try PackLibrary().pack("\(folder)/\(path)")
                Issue.record("the pack was read")
                return nil
            } catch {
                // Without the folder, whose name is another every time.
                var shown = error
                shown.location?.file = String(error.location?.file.split(separator: "/").last ?? "")
                return shown
            }
        }
    }

    @Test func `rules are switched off and changed, and keep their names`() throws {
        let main = """
            pack: main
            include:
              - pack: sub/base.yaml
                disable: [two]
                override:
                  uno:
                    action: flag
                    field: any
                    deny: ['hawk']
                    limits: { match: 5 }
                    reject: ['hawk']
            rules:
            \(ruleText("own"))
            gate: { max-findings: { base/one: 3, own: 4 } }
            """
        try withFolder(["main.yaml": main, "sub/base.yaml": base]) { folder in
            let pack = try PackLibrary().pack("\(folder)/main.yaml")
            let plain = try PackLibrary().pack("\(folder)/sub/base.yaml")
            #expect(pack.rules.map(\.id.description) == ["base/one", "main/own"])
            let changed = pack.rules[0]
            #expect(changed.action == .flag)
            #expect(changed.field == .any)
            #expect(changed.parameters.map(\.key) == ["deny", "limits"])
            #expect(changed.parameters[0].value.location.line == 9)
            #expect(changed.parameters[0].value.location.file.hasSuffix("main.yaml"))
            #expect(changed.location.file.hasSuffix("sub/base.yaml"))
            #expect(changed.digest != plain.rules[0].digest)
            #expect(changed.reject.count == 1)
            #expect(
                pack.gate.maxFindings == [RuleID(pack: "base", name: "one"): 3, RuleID(pack: "main", name: "own"): 4])
            #expect(pack.digest == Digest.sha256(Digest.sha256(main) + "\n" + Digest.sha256(base) + "\n"))
            #expect(pack.path == "\(folder)/main.yaml")
            #expect(pack.rule(named: "base/uno") == changed.id)
        }
    }

    @Test func `a shipped pack is included by name`() throws {
        let text = "pack: mine\ninclude:\n  - pack: numbers\n    disable: [grammar]\n"
        let pack = try PackLibrary().pack(text: text, file: "t.yaml")
        #expect(pack.rules.map(\.id.description) == ["numbers/taboo"])
        #expect(pack.gate.maxSharePerRule == nil)
    }

    @Test func `two ways to one rule are one rule`() throws {
        let files = [
            "base.yaml": base,
            "left.yaml": "pack: left\ninclude: [{pack: base.yaml}]\n",
            "right.yaml": "pack: right\ninclude: [{pack: base.yaml, disable: [two]}]\n",
            "main.yaml": "pack: main\ninclude: [{pack: left.yaml}, {pack: right.yaml}]\n",
        ]
        try withFolder(files) { folder in
            let pack = try PackLibrary().pack("\(folder)/main.yaml")
            #expect(pack.rules.map(\.id.description) == ["base/one", "base/two"])
        }
    }

    @Test func `two ways to one rule that disagree are an error`() throws {
        let error = try error([
            "base.yaml": base,
            "main.yaml":
                "pack: main\ninclude:\n  - pack: base.yaml\n  - pack: base.yaml\n    override: {one: {action: flag}}\n",
        ])
        #expect(error?.code == .duplicate)
        #expect(error?.location?.description == "main.yaml:4:11")
    }

    @Test(
        "is refused at its place",
        arguments: [
            ("- pack: numbrs", SettingsError.Code.unknownPack, "3:11", "did you mean \"numbers\"?"),
            ("- pack: base", .unknownPack, "3:11", "path of a .yaml file"),
            ("- pack: gone.yaml", .unreadable, "3:11", "can't read"),
            ("- pack: /etc/x.yaml", .unreadable, "3:11", "relative"),
            ("- pak: base.yaml", .unknownKey, "3:5", "did you mean \"pack\"?"),
            ("- {}", .missing, "3:5", "an include has no pack"),
            ("- pack: base.yaml\n    disable: [tow]", .unknownRule, "4:15", "did you mean \"two\"?"),
            ("- pack: base.yaml\n    disable: [base/tow]", .unknownRule, "4:15", "did you mean \"base/two\"?"),
            ("- pack: base.yaml\n    disable: [zebra]", .unknownRule, "4:15", "known are one, two"),
            ("- pack: base.yaml\n    override: {tow: {action: flag}}", .unknownRule, "4:16", "\"two\"?"),
            ("- pack: base.yaml\n    override: {two: {action: flog}}", .badValue, "4:30", "\"flag\"?"),
            ("- pack: base.yaml\n    override: {two: {kind: words}}", .badValue, "4:22", "can't be changed"),
            ("- pack: base.yaml\n    override: {one: {deny: a}, uno: {deny: b}}", .duplicate, "4:32", "changed twice"),
            ("- pack: base.yaml\n    disable: [one]\n    override: {one: {deny: a}}", .duplicate, "5:16", "disabled"),
            ("- pack: base.yaml\n    disable: [one, two]", .missing, "1:7", "no active rule"),
        ])
    func refusals(include: String, code: SettingsError.Code, place: String, says: String) throws {
        let error = try error(["base.yaml": base, "main.yaml": "pack: main\ninclude:\n  \(include)\n"])
        #expect(error?.code == code, "\(String(describing: error))")
        #expect(error?.location?.description == "main.yaml:\(place)", "\(String(describing: error))")
        #expect(error?.description.contains(says) == true, "\(String(describing: error))")
    }

    @Test func `an error in an included file names that file`() throws {
        let error = try error([
            "main.yaml": "pack: main\ninclude: [{pack: bad.yaml}]\n", "bad.yaml": "pack: bad\nruels: []\n",
        ])
        #expect(error?.location?.description == "bad.yaml:2:1")
    }

    @Test func `a cycle is named from end to end`() throws {
        let error = try error([
            "main.yaml": "pack: main\ninclude: [{pack: a/b.yaml}]\n",
            "a/b.yaml": "pack: b\ninclude:\n  - pack: ../main.yaml\n",
        ])
        #expect(error?.code == .includeCycle)
        #expect(error?.location?.description == "b.yaml:3:11")
        #expect(error?.problem.contains("b.yaml → ") == true)
    }

    @Test func `a pack that includes itself is a cycle`() throws {
        let error = try error(["main.yaml": "pack: main\ninclude: [{pack: main.yaml}]\n"])
        #expect(error?.code == .includeCycle)
        #expect(error?.location?.description == "main.yaml:2:18")
    }

    @Test(arguments: [(8, true), (9, false)])
    func `eight packs deep is deep enough`(levels: Int, isAllowed: Bool) throws {
        var files = ["p\(levels).yaml": packText("p\(levels)")]
        for level in 1..<levels { files["p\(level).yaml"] = "pack: p\(level)\ninclude: [{pack: p\(level + 1).yaml}]\n" }
        if isAllowed {
            try withFolder(files) { folder in
                let pack = try PackLibrary().pack("\(folder)/p1.yaml")
                #expect(pack.rules.count == 1)
            }
        } else {
            let error = try error(files, "p1.yaml")
            #expect(error?.code == .tooLarge)
            #expect(error?.location?.description == "p8.yaml:2:18")
        }
    }

    @Test func `a shared chain counts its depth whichever way it was reached first`() throws {
        var files = ["q8.yaml": packText("q8")]
        for level in 1..<8 { files["q\(level).yaml"] = "pack: q\(level)\ninclude: [{pack: q\(level + 1).yaml}]\n" }
        files["main.yaml"] = "pack: main\ninclude: [{pack: q2.yaml}, {pack: more.yaml}]\n"
        files["more.yaml"] = "pack: more\ninclude: [{pack: q2.yaml}]\n"
        let error = try error(files)
        #expect(error?.code == .tooLarge)
        #expect(error?.location?.description == "more.yaml:2:18")
    }

    @Test func `packs are found by name, folder and path`() throws {
        let own = packText("numbers", rule: "mine")
        try withFolder(["numbers.yaml": own, "team/extra.yml": packText("team/extra"), "plain": packText("plain")]) {
            folder in
            let library = PackLibrary(directories: [folder])
            let (own, extra) = (try library.pack("numbers"), try library.pack("team/extra"))
            let (shipped, plain) = (try PackLibrary().pack("numbers"), try library.pack("\(folder)/plain"))
            #expect(own.rules.map(\.id.name) == ["mine"])
            #expect(extra.name == "team/extra")
            #expect(shipped.rules.count == 2)
            #expect(shipped.path == nil)
            #expect(plain.name == "plain")
        }
        #expect(throws: SettingsError.self) { try PackLibrary().pack("nothing.yaml") }
        do {
            _ = try PackLibrary().pack("trait/animals")
            Issue.record("there is no such pack")
        } catch {
            #expect(error.code == .unknownPack)
            #expect(error.description.contains("did you mean \"traits/animals\"?"))
        }
    }
}
