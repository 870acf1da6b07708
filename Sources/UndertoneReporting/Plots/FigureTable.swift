// A table on a page: the same figures as a plot's, for those who can't use a picture and for copying.

/// A table of texts. All of them are untrusted.
package struct FigureTable: Sendable {
    /// A column.
    package struct Column: Sendable {
        package var title: String
        /// Whether it is set to the right.
        package var isFigure: Bool

        package init(_ title: String, isFigure: Bool = true) {
            self.title = title
            self.isFigure = isFigure
        }
    }

    /// What it shows.
    package var caption: String
    /// The first one names the row.
    package var columns: [Column]
    /// A text for each column.
    package var rows: [[String]]

    package init(_ caption: String, columns: [Column], rows: [[String]]) {
        self.caption = caption
        self.columns = columns
        self.rows = rows
    }

    /// Writes the table; where the screen is too narrow it is scrolled, by keyboard too.
    ///
    /// - Parameter folded: whether it hides behind its caption until somebody asks for it.
    package func write(folded: Bool = false, to output: inout some TextOutputStream) {
        let caption = xmlText(caption, limit: 200)
        if folded { output.write("<details>\n<summary>\(caption)</summary>\n") }
        output.write("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"\(caption)\">\n<table>\n")
        output.write("<caption>\(caption)</caption>\n<thead><tr>")
        for column in columns {
            output.write("<th scope=\"col\"\(column.isFigure ? " class=\"n\"" : "")>\(xmlText(column.title))</th>")
        }
        output.write("</tr></thead>\n<tbody>\n")
        for row in rows {
            output.write("<tr>")
            for (index, (cell, column)) in zip(row, columns).enumerated() {
                let text = xmlText(cell, limit: 300)
                let style = column.isFigure ? " class=\"n\"" : ""
                output.write(index == 0 ? "<th scope=\"row\">\(text)</th>" : "<td\(style)>\(text)</td>")
            }
            output.write("</tr>\n")
        }
        output.write("</tbody>\n</table>\n</div>\n")
        if folded { output.write("</details>\n") }
    }
}
