// undertone keys

import ArgumentParser
import UndertoneLineage
import UndertoneText

struct KeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "Make and look at keys for signing attestations and heads of the log.",
        subcommands: [New.self, Show.self])

    struct New: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "new",
            abstract: "Make an Ed25519 key pair: NAME.key, to keep secret, and NAME.pub, to hand out.",
            discussion: """
                No file is ever overwritten. The private key is not encrypted; only its owner may read the file.

                undertone keys new alice
                """)

        @Argument(help: "Where the files go, without their ending.")
        var name: String

        func validate() throws {
            let last = name.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
            if last.isEmpty || last == "." || last == ".." { throw ValidationError("NAME must name a file") }
        }

        func run() throws {
            let key = SigningKey()
            try KeyFiles.write(key, named: name)
            try Terminal.print(
                """
                \(visible(name)).key  private: keep it secret
                \(visible(name)).pub  public: hand it out
                key id \(key.verifyingKey.id)
                """)
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Say which key a file holds, and which half of it.",
            discussion: "undertone keys show alice.pub")

        @Argument(help: "A key file, private or public, in PEM form.")
        var file: String

        @Flag(name: .long, help: "Print the public key as a PEM text instead.")
        var publicKey = false

        func run() throws {
            let content = try KeyFiles.read(file)
            if publicKey { return try Terminal.print(content.verifyingKey.pem) }
            let kind: String
            switch content {
            case .signing: kind = "private"
            case .verifying: kind = "public"
            }
            try Terminal.print("Ed25519, \(kind)\nkey id \(content.verifyingKey.id)")
            if case .signing = content, KeyFiles.isReadableByOthers(file) {
                Terminal.printError("undertone: \(visible(file)): others may read this private key; chmod 600 it")
            }
        }
    }
}
