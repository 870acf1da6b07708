// The style sheet of pages with plots and tables, behind the shared one. No `<`, no `&`: it must mean the same as HTML
// and as XML.

extension Page {
    package static let figures = Part(
        sha256: "3MFcPVAmIZSm/MmdoV7rxQjGT7tDicYGHfLweZDIi9I=",
        text: #"""

            :root { --band: #e7e9ee; }
            @media (prefers-color-scheme: dark) { :root { --band: #2b303a; } }
            .question { margin: 0 0 0.3rem; color: var(--soft); }
            h2 + p { margin-top: 0; }
            h3 { margin: 1.4rem 0 0.3rem; font-size: 1rem; }
            section p, section li { max-width: 46rem; }
            .found { margin: 0.8rem 0 0; padding: 0; list-style: none; }
            .found li { margin: 0.35rem 0 0; padding-left: 1.6rem; text-indent: -1.6rem; max-width: none; }
            .name { font-weight: 700; }
            .found .key { text-indent: 0; }
            article.box { margin: 0.6rem 0; }
            article p { margin: 0.3rem 0; }
            .tag { font-weight: 700; }
            .tag::after { content: ":"; }
            figure { margin: 0.8rem 0 0; padding: 0.9rem 1rem; border: 1px solid var(--rule); border-radius: 8px;
              background: var(--card); }
            figcaption { margin-bottom: 0.7rem; color: var(--soft); font-size: 0.9rem; }
            .key { width: 1rem; height: 1rem; margin: 0 0.3rem 0 0; vertical-align: -2px; }
            .rows { margin: 0; padding: 0; list-style: none; }
            .rows li, .axis { display: grid; grid-template-columns: minmax(7rem, 15rem) minmax(0, 1fr) 8.5rem;
              gap: 0 0.9rem; max-width: none; }
            .rows li { border-top: 1px solid var(--rule); }
            .label { padding: 0.3rem 0; line-height: 1.3; }
            .label i { display: block; font-size: 0.9rem; font-style: normal; }
            .label small { display: block; color: var(--soft); }
            .figure { padding: 0.3rem 0; line-height: 1.3; text-align: right; font-variant-numeric: tabular-nums; }
            .figure small { display: block; color: var(--soft); }
            .track { width: 100%; height: 0; min-height: max(2.6rem, 100%); overflow: visible; }
            .axis svg { grid-column: 2; width: 100%; height: 1.6rem; overflow: visible; }
            .curve, .histogram { display: block; width: 100%; height: 17rem; overflow: visible; }
            figure svg text { fill: var(--soft); font-size: 0.8rem; font-family: inherit; }
            .at { overflow: visible; }
            .mark { fill: var(--ink); stroke: var(--ink); stroke-width: 1.5px; }
            .mark.hollow { fill: var(--card); }
            .run { fill: none; stroke: var(--soft); stroke-width: 1.2px; }
            .range { fill: none; stroke: var(--ink); stroke-width: 2px; }
            .path { stroke: var(--lit); stroke-width: 2px; }
            .bar { fill: var(--lit); stroke: var(--lit); }
            .bar.hollow { fill: var(--card); stroke: var(--ink); }
            .band { fill: var(--band); }
            .zero, .tick { stroke: var(--line); }
            .edge { stroke: var(--line); stroke-dasharray: 1 3; }
            .dashed { stroke: var(--line); stroke-dasharray: 5 4; }
            .grid { stroke: var(--rule); }
            .scroll { margin: 0.8rem 0 0; overflow-x: auto; }
            table { border-collapse: collapse; font-size: 0.9rem; }
            caption { padding: 0 0 0.3rem; color: var(--soft); text-align: left; }
            details caption { display: none; }
            details .scroll { margin-top: 0.4rem; }
            th, td { padding: 0.25rem 1rem 0.25rem 0; border-top: 1px solid var(--rule); text-align: left;
              vertical-align: top; min-width: 8rem; }
            .n { min-width: 3rem; }
            th[scope="row"] { min-width: 9rem; max-width: 22rem; }
            thead th { border-top: 0; color: var(--soft); font-weight: 600; vertical-align: bottom;
              overflow-wrap: normal; }
            td:last-child:not(.n) { min-width: 14rem; }
            tbody th { font-weight: 600; }
            .n { overflow-wrap: normal; text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
            thead .n { white-space: normal; }
            details { margin: 0.8rem 0 0; }
            summary { color: var(--soft); cursor: pointer; }
            pre { white-space: pre-wrap; overflow-wrap: anywhere; font-size: 0.85rem; }
            footer dd { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: 0.92em; }
            @media (max-width: 44rem) {
              .rows li { grid-template-columns: minmax(0, 1fr) auto; }
              .axis { display: block; }
              .track { grid-column: 1 / -1; grid-row: 2; height: 2.4rem; min-height: 0; }
              .label i, .label small { display: inline; }
              .label i::before, .label small::before { content: "\00b7\2002"; }
              figure { padding: 0.8rem 0.7rem; }
            }
            @media print {
              :root { --band: #eeeeee; --lit: #1a57b5; }
              figure, tr, .rows li { break-inside: avoid; }
              details > summary { display: none; }
              details::details-content { content-visibility: visible; height: auto; }
              details caption { display: table-caption; }
              .scroll { overflow: visible; }
              table { font-size: 7.5pt; }
              th, td, .n, th[scope="row"], td:last-child:not(.n) { min-width: 0; padding-right: 0.5rem; }
              .n { white-space: normal; }
            }

            """#)
}
