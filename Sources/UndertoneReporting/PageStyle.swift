// What all pages look like: colours, light and dark, type, boxes, facts, foot, print. No `<`, no `&`: it must mean the same
// as HTML and as XML.

extension Page {
    static let style = Part(
        sha256: "D1/wCz5N1wkwOGCf7NGdsXbqohsDkFWV5OZt3DXPdcM=",
        text: #"""

            :root { color-scheme: light dark; --measure: 60rem;
              --page: #f6f6f3; --card: #ffffff; --ink: #1a1c21; --soft: #565c67; --rule: #d5d7dc; --line: #7f8794;
              --link: #1a57b5; --lit: #1a57b5; --bad: #b0211a; --bad-page: #fdeceb; --warn: #854600;
              --warn-page: #fff3dd; --good: #1c6a39; --good-page: #e9f5ee; }
            @media (prefers-color-scheme: dark) { :root {
              --page: #121418; --card: #1c1f25; --ink: #eceef2; --soft: #aab1bd; --rule: #363b45; --line: #838b99;
              --link: #8fb8ff; --lit: #8fb8ff; --bad: #ff8d84; --bad-page: #3b1d1c; --warn: #ffc56f;
              --warn-page: #35290f; --good: #83d3a2; --good-page: #17301f; } }
            * { box-sizing: border-box; }
            html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
            body { margin: 0 auto; padding: 1.5rem clamp(0.9rem, 3vw, 2.5rem) 3rem; max-width: var(--measure);
              background: var(--page); color: var(--ink); font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto,
              "Noto Sans", "DejaVu Sans", sans-serif; overflow-wrap: anywhere; }
            h1 { margin: 0; font-size: clamp(1.45rem, 1.1rem + 1.6vw, 2.1rem); line-height: 1.2;
              letter-spacing: -0.01em; }
            h2 { margin: 2.2rem 0 0.7rem; font-size: 1.15rem; }
            a { color: var(--link); }
            code { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: 0.92em; }
            :focus-visible { outline: 3px solid var(--lit); outline-offset: 2px; }
            .summary { margin: 0.35rem 0 0; color: var(--soft); }
            .note { margin: 0.8rem 0 0; padding: 0.5rem 0.8rem; border-left: 4px solid var(--line);
              background: var(--card); }
            .box { margin: 1rem 0 0; padding: 0.8rem 1rem; border: 1px solid var(--rule); border-left-width: 6px;
              border-radius: 8px; background: var(--card); }
            .box.bad { border-color: var(--bad); background: var(--bad-page); }
            .box.warn { border-color: var(--warn); background: var(--warn-page); }
            .box.good { border-left-color: var(--good); }
            .box.bad > h1, .box.bad > h2, .box.bad .tag { color: var(--bad); }
            .box.warn > h1, .box.warn > h2, .box.warn .tag { color: var(--warn); }
            .box.good > h1, .box.good > h2, .box.good .tag { color: var(--good); }
            dl { margin: 0; }
            dl div { display: grid; grid-template-columns: minmax(5.5rem, 9rem) 1fr; gap: 0 0.8rem; }
            dt { color: var(--soft); }
            dd { margin: 0; }
            footer { margin-top: 2.5rem; color: var(--soft); font-size: 0.9rem; }
            @media print {
              :root { color-scheme: light; --page: #ffffff; --card: #ffffff; --ink: #000000; --soft: #444444;
                --rule: #bbbbbb; --line: #666666; --link: #000000; --bad: #a00000; --bad-page: #ffffff;
                --warn: #6a3800; --warn-page: #ffffff; --good: #004d1f; --good-page: #ffffff; }
              body { max-width: none; padding: 0; font-size: 10pt; }
              .box { break-inside: avoid; }
            }

            """#)
}
