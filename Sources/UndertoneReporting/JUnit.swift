// Test cases in JUnit's XML, as build servers show them.

import UndertoneText

/// Writes one case of a suite; without an outcome it passed.
///
/// - Parameter outcome: `failure`, `error` or `skipped`, with a message and a text that are visible already.
func writeJUnitCase(
    _ suite: String, _ name: String, _ outcome: (element: String, message: String, text: String)?,
    to output: inout some TextOutputStream
) {
    output.write("    <testcase classname=\"\(suite)\" name=\"\(xmlText(name))\"")
    guard let outcome else {
        output.write("/>\n")
        return
    }
    output.write(">\n      <\(outcome.element) message=\"\(xmlEscaped(outcome.message))\"")
    output.write(outcome.text.isEmpty ? "/>\n" : ">\(xmlEscaped(outcome.text))</\(outcome.element)>\n")
    output.write("    </testcase>\n")
}
