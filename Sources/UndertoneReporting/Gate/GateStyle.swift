// The style sheet of the gate's page, behind the shared one. No `<`, no `&`: it must mean the same as HTML and as XML.

let gateStyle = Page.Part(
    sha256: "SuORwlzM7bMZDej9gVKzCP/+qvpqssP6gzHr6ImDoEw=",
    text: #"""

        .question { margin: 0 0 0.3rem; color: var(--soft); }
        header h1 { font-size: 2.5rem; line-height: 1.1; }
        h2 small { color: var(--soft); font-weight: 400; }
        h3 { display: flex; flex-wrap: wrap; gap: 0.3rem 0.6rem; margin: 0; font-size: 1rem; font-weight: 400; }
        h3 code, .tag { font-weight: 700; }
        article.box { margin: 0.6rem 0; }
        article.box.bad, article.box.warn { background: var(--card); }
        article p { margin: 0.3rem 0; }
        summary { color: var(--soft); cursor: pointer; }
        article ul { margin: 0.3rem 0; padding-left: 1.2rem; }
        li b { color: var(--soft); font-weight: 600; }
        .figures { display: flex; flex-wrap: wrap; gap: 0 1.2rem; font-size: 0.9em; }
        .figures div { display: flex; gap: 0.4rem; }
        .figures dd, footer dd { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: 0.92em; }
        .digest { display: block; color: var(--soft); font-size: 0.8em; }
        .way { margin: 0; padding: 0; list-style: none; }
        .way span { font-weight: 600; }
        .way i { padding-left: 0.8rem; color: var(--soft); font-style: normal; }
        .way em { color: var(--bad); font-style: normal; }
        @media print {
          details > summary { display: none; }
          details::details-content { content-visibility: visible; height: auto; }
        }

        """#)
