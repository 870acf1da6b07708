// The few licences that most data and models have, as SPDX and as the Hugging Face Hub write them.
// Sources: spdx.org/licenses; huggingface.co/docs/hub/repositories-licenses.

enum LicenseNames {
    /// SPDX identifiers whose lower-case form is the Hub's.
    private static let spdx = [
        "AFL-3.0", "AGPL-3.0", "Apache-2.0", "Artistic-2.0", "BSD-2-Clause", "BSD-3-Clause", "BSD-3-Clause-Clear",
        "BSL-1.0", "CC-BY-2.0", "CC-BY-2.5", "CC-BY-3.0", "CC-BY-4.0", "CC-BY-NC-2.0", "CC-BY-NC-3.0", "CC-BY-NC-4.0",
        "CC-BY-NC-ND-3.0", "CC-BY-NC-ND-4.0", "CC-BY-NC-SA-2.0", "CC-BY-NC-SA-3.0", "CC-BY-NC-SA-4.0", "CC-BY-ND-4.0",
        "CC-BY-SA-3.0", "CC-BY-SA-4.0", "CC0-1.0", "CDLA-Permissive-1.0", "CDLA-Permissive-2.0", "CDLA-Sharing-1.0",
        "ECL-2.0", "EPL-1.0", "EPL-2.0", "EUPL-1.1", "EUPL-1.2", "GFDL-1.3", "GPL-2.0", "GPL-3.0", "ISC", "LGPL-2.1",
        "LGPL-3.0", "LPPL-1.3c", "MIT", "MPL-2.0", "MS-PL", "MulanPSL-2.0", "NCSA", "OFL-1.1", "OSL-3.0", "PDDL-1.0",
        "PostgreSQL", "Unlicense", "WTFPL", "Zlib",
    ]
    // The Hub leaves the version out where there is but one.
    private static let others = ["ODbL-1.0": "odbl", "PDDL-1.0": "pddl", "MulanPSL-2.0": "mulanpsl-2.0"]
    private static let hubBySPDX = Dictionary(spdx.map { ($0, $0.lowercased()) }) { first, _ in first }
        .merging(others) { $1 }
    private static let spdxByLowerCase = Dictionary(
        hubBySPDX.flatMap { [($0.key.lowercased(), $0.key), ($0.value, $0.key)] }
    ) { first, _ in first }

    /// The SPDX identifier in its proper case; `nil` for what is none that this program knows.
    static func spdx(_ name: String) -> String? { spdxByLowerCase[name.lowercased()] }

    /// What the Hub calls it; `nil` for what has no name there.
    static func hub(_ name: String) -> String? { spdx(name).flatMap { hubBySPDX[$0] } }

    /// A page about it that Croissant can name; `nil` for what is no identifier that this program knows.
    static func page(_ name: String) -> String? { spdx(name).map { "https://spdx.org/licenses/\($0).html" } }

    /// The name in a URL such as ``page(_:)``, or the text as it is.
    static func name(_ text: String) -> String {
        for start in ["https://spdx.org/licenses/", "http://spdx.org/licenses/"] where text.hasPrefix(start) {
            let rest = text.dropFirst(start.count)
            let name = rest.hasSuffix(".html") ? rest.dropLast(5) : rest
            return spdx(String(name)) ?? String(name)
        }
        return spdx(text) ?? text
    }
}
