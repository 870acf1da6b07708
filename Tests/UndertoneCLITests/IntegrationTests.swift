// The scripts that call the gate: of the GitHub Action and of the pre-commit hook, run with the built program.

import Foundation
import Testing

private let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
private let action = repository.appendingPathComponent("integrations/github-action.sh").path
private let hook = repository.appendingPathComponent("integrations/pre-commit.sh").path

private let passing = """
    policy: 1
    require: {teacher: false, no-tainted-ancestor: false}
    drops:
      - {path: drop.jsonl, rules: [numbers]}

    """

/// A drop and a policy that holds for it; `runner` stands for the runner's temporary folder.
private func makePlace(policy: String = passing) -> Workplace {
    let place = Workplace()
    place.write("undertone.yaml", policy)
    place.write("drop.jsonl", "{\"completion\": \"1, 2, 3\"}\n")
    place.makeFolder("runner")
    return place
}

extension Workplace {
    /// Runs a script of the repository with these variables. Values go in as positional parameters, so that no shell
    /// reads them.
    fileprivate func script(_ path: String, _ variables: [String: String] = [:], _ arguments: [String] = []) -> Run {
        var words = ["env", "GITHUB_OUTPUT=\(self.path("output"))", "GITHUB_STEP_SUMMARY=\(self.path("summary.md"))"]
        words += ["RUNNER_TEMP=\(self.path("runner"))"] + variables.map { "\($0.key)=\($0.value)" }.sorted()
        words += [path] + arguments
        // The shell's own words: each in single quotes.
        let line = words.map { "'" + $0.replacing("'", with: "'\\''") + "'" }.joined(separator: " ")
        return shell("exec " + line)
    }
}

@Suite struct GitHubActionTests {
    private let program = ["UNDERTONE_BINARY": Program.path]

    @Test func `a policy that holds: code 0, verdict, summary and report`() {
        let place = makePlace()
        place.write("summary.md", "what an earlier step said\n")
        let run = place.script(action, program)
        #expect(run.code == 0, "\(run)")
        #expect(run.output == "undertone gate: PASSED  2 clauses hold\n")
        #expect(place.lines("output").first == "verdict=passed")
        #expect(place.text("summary.md").hasPrefix("what an earlier step said\n## Undertone gate: passed"))
        let report = place.lines("output").dropFirst(2).first.map(String.init) ?? ""
        #expect(contents(report).map { String(decoding: $0, as: UTF8.self).hasPrefix("PASSED") } == true)
    }

    @Test func `a policy that does not hold: code 1, an annotation at its line`() {
        let place = makePlace(policy: passing.replacing("[numbers]}", with: "[numbers], min-kept: 9}"))
        let run = place.script(action, program.merging(["UNDERTONE_REPORT": place.path("here.txt")]) { $1 })
        #expect(run.code == 1, "\(run)")
        #expect(run.output.hasPrefix("::error file=undertone.yaml,line=4,col="))
        #expect(place.lines("output").first == "verdict=failed")
        #expect(place.lines("output").dropFirst(2).first.map(String.init) == place.path("here.txt"))
        #expect(place.text("summary.md").contains("failed ❌") && place.text("here.txt").hasPrefix("FAILED"))
    }

    @Test func `a wrong policy: code 2, one annotation with what is wrong`() {
        let place = makePlace(policy: "policy: 1\n\"50%0A::stop-commands::x\": 1\n")
        let run = place.script(action, program)
        #expect(run.code == 2 && place.lines("output").first == "verdict=error", "\(run)")
        let commands = run.output.split(separator: "\n").filter { $0.hasPrefix("::") }
        #expect(commands.count == 1 && commands[0].contains("unknown key") && commands[0].contains("50%250A"), "\(run)")
    }

    @Test func `no program: code 3 and what to do`() {
        let place = makePlace()
        let run = place.script(action, ["UNDERTONE_BINARY": "/nowhere/undertone"])
        #expect(run.code == 3 && run.output.hasPrefix("::error title=undertone gate::the input binary"))
        #expect(place.text("output") == "verdict=error\n")
    }

    @Test func `inputs are never commands, options of others, or patterns`() {
        let place = makePlace()
        let hostile = "$(touch stolen) `touch stolen` ; touch stolen & * -- \"$HOME\" 'x"
        for name in ["UNDERTONE_POLICY", "UNDERTONE_ARGS", "UNDERTONE_BINARY"] {
            let run = place.script(action, program.merging([name: hostile]) { $1 })
            #expect(run.code != 0, "\(name)")
            #expect(!place.names.contains("stolen"), "\(name)")
        }
        #expect(place.script(action, program.merging(["UNDERTONE_POLICY": "--version"]) { $1 }).code == 2)
    }

    @Test func `further arguments are divided at white space, lines too`() {
        let place = makePlace()
        let run = place.script(
            action, program.merging(["UNDERTONE_ARGS": " --lineage\n none.sqlite\t--quiet \n"]) { $1 })
        #expect(run.code == 0, "\(run)")
    }

    @Test func `the program is found in PATH where none is named`() {
        let place = makePlace()
        place.makeFolder("bin")
        place.write("bin/undertone", "#!/bin/sh\nprintf '%s\\n' \"$@\" >\"\(place.path("arguments"))\"\nexit 1\n")
        #expect(place.shell("chmod +x bin/undertone").code == 0)
        let path = place.path("bin") + ":/usr/bin:/bin"
        let run = place.script(action, ["PATH": path, "UNDERTONE_POLICY": "a b.yaml"])
        #expect(run.code == 1 && place.lines("arguments").prefix(2) == ["gate", "--policy=a b.yaml"], "\(run)")
        #expect(place.lines("output").first == "verdict=failed")
    }

    // A repository of three commits: two drops, a clean one changed, a note changed; then a pack.
    @Test func `of a repository only what changed is looked at, and nothing where nothing did`() {
        let place = makePlace(
            policy: """
                policy: 1
                require: {teacher: false, no-tainted-ancestor: false}
                drops:
                  - {path: drop.jsonl, rules: [numbers]}
                  - {path: 'more/*.jsonl', rules: [pack.yaml]}

                """)
        place.makeFolder("more")
        place.write(
            "pack.yaml",
            "pack: p\nrules:\n  - {id: a, kind: length, description: d, bytes: {max: 9}, accept: [b], reject: [long enough]}\n"
        )
        place.write("more/a.jsonl", "{\"completion\": \"1, 2, 3\"}\n")
        place.write(".gitignore", "runner\n.runs\noutput\nsummary.md\n")
        func commit(_ message: String) {
            let run = place.shell(
                "git add -A && git -c user.name=a -c user.email=a@b.c commit -q --no-gpg-sign -m \(message) && git tag \(message)"
            )
            #expect(run.code == 0, "\(run)")
        }
        #expect(place.shell("git init -q .").code == 0)
        commit("first")
        func gate(since: String) -> Run { place.script(action, program.merging(["UNDERTONE_SINCE": since]) { $1 }) }
        // A drop that fails was there before, and nobody touched it since.
        place.write("drop.jsonl", "{\"completion\": \"no numbers\"}\n")
        commit("second")
        place.write("more/b.jsonl", "{\"completion\": \"4, 5\"}\n")
        commit("third")
        let fresh = gate(since: "second")
        #expect(fresh.code == 0 && place.text("summary.md").contains("1 of 2 drops left out"), "\(fresh)")
        #expect(gate(since: "first").code == 1)
        let all = place.script(action, program)
        #expect(all.code == 1, "\(all)")
        // Nothing, or a note only: done at once, without a scan.
        #expect(gate(since: "third").output.contains("no data changed"))
        place.write("README.md", "A note.\n")
        commit("note")
        let note = gate(since: "third")
        #expect(note.code == 0 && note.errors.contains("none of these files is a drop"), "\(note)")
        // A pack may change every answer, and so may what Git does not know.
        place.write("pack.yaml", place.text("pack.yaml").replacing("max: 9", with: "max: 8"))
        commit("pack")
        #expect(gate(since: "note").code == 1)
        let unknown = gate(since: "nowhere")
        #expect(unknown.code == 1 && unknown.output.contains("::notice"), "\(unknown)")
        #expect(gate(since: "--output=stolen").code == 1 && !place.names.contains("stolen"))
    }

    @Test func `action.yml puts no input into the text of a command`() throws {
        let text = try String(contentsOf: repository.appendingPathComponent("action.yml"), encoding: .utf8)
        let lines = text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        let uses = lines.filter { $0.contains("${{ inputs.") }
        #expect(
            uses.count == 5
                && uses.allSatisfy { $0.wholeMatch(of: /UNDERTONE_[A-Z]+: \$\{\{ inputs\.[a-z]+ \}\}/) != nil })
        let runs = lines.filter { $0.hasPrefix("run:") }
        #expect(runs == ["run: '\"$GITHUB_ACTION_PATH/integrations/github-action.sh\"'"])
    }
}

@Suite struct PreCommitTests {
    private let program = ["UNDERTONE": Program.path]

    @Test func `a policy that holds lets the commit through, whatever is staged`() {
        let place = makePlace()
        for files in [[], ["drop.jsonl"], ["--", "-x.jsonl", "$(touch stolen).jsonl"]] {
            let run = place.script(hook, program, files)
            #expect(run.code == 0, "\(files): \(run)")
        }
        #expect(!place.names.contains("stolen"))
    }

    @Test func `a policy that does not hold stops it, and says why`() {
        let place = makePlace(policy: passing.replacing("[numbers]}", with: "[numbers], min-kept: 9}"))
        let run = place.script(hook, program, ["drop.jsonl"])
        #expect(run.code == 1 && run.output.contains("scan/min-kept"), "\(run)")
    }

    @Test func `another policy, and options of the gate`() {
        let place = makePlace(policy: "no policy")
        place.write("other.yaml", passing)
        for arguments in [["--policy", "other.yaml"], ["--policy=other.yaml", "--quiet"]] {
            #expect(place.script(hook, program, arguments + ["drop.jsonl"]).code == 0)
        }
        let report = place.script(hook, program, ["--policy", "other.yaml", "--report", "json=gate.json", "a.jsonl"])
        #expect(report.code == 0 && place.text("gate.json").contains("\"passed\": true"))
    }

    @Test func `no program, no policy: it stops, and says what to do`() {
        let place = makePlace()
        let none = place.script(hook, ["UNDERTONE": "no-such-undertone"])
        #expect(none.code == 3 && none.errors.contains("set UNDERTONE to its path"))
        let run = place.script(hook, program, ["--policy", "other.yaml"])
        #expect(run.code == 2 && run.errors.contains("there is no policy other.yaml"))
    }

    @Test(
        "the hook looks at policies, rule packs and data",
        arguments: [
            ("undertone.yaml", true), ("a/undertone.yml", true), ("data/a.jsonl", true), ("data/a.jsonl.zst", true),
            ("rules/house.yaml", true), ("README.md", false), ("config.yaml", false), ("a.jsonl.bak", false),
        ])
    func files(name: String, wanted: Bool) throws {
        let text = try String(contentsOf: repository.appendingPathComponent(".pre-commit-hooks.yaml"), encoding: .utf8)
        let line = try #require(text.split(separator: "\n").first { $0.contains("files: '") })
        let pattern = line.drop { $0 != "'" }.dropFirst().dropLast()
        #expect(try name.contains(Regex(String(pattern))) == wanted)
    }

    @Test func `the scripts are clean for shellcheck, where it is there`() {
        let run = Workplace().shell(
            "command -v shellcheck >/dev/null || exit 77; exec shellcheck '\(action)' '\(hook)'")
        if run.code == 77 || run.code == 127 {
            print("shellcheck is not here; the scripts were not looked at")
        } else {
            #expect(run.code == 0, "\(run.output)")
        }
    }
}
