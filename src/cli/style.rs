use std::io::IsTerminal;

/// Whether and how what is written is coloured: for a terminal, unless `NO_COLOR` is set or the
/// terminal is dumb; `FORCE_COLOR` colours in any case.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    coloured: bool,
}

impl Style {
    pub(super) fn of_stderr() -> Style {
        Style::of(std::io::stderr().is_terminal())
    }

    pub(super) fn of_stdout() -> Style {
        Style::of(std::io::stdout().is_terminal())
    }

    fn of(is_terminal: bool) -> Style {
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        Style {
            coloured: set("FORCE_COLOR") || !set("NO_COLOR") && !dumb && is_terminal,
        }
    }

    #[cfg(test)]
    pub(super) fn plain() -> Style {
        Style { coloured: false }
    }

    pub(super) fn is_coloured(self) -> bool {
        self.coloured
    }

    pub(super) fn bold(self, text: &str) -> String {
        self.paint("1", text)
    }

    pub(super) fn dim(self, text: &str) -> String {
        self.paint("2", text)
    }

    pub(super) fn status(self, status: u16) -> String {
        let code = match status {
            0..300 => "32",
            300..400 => "36",
            400..500 => "33",
            _ => "31",
        };
        self.paint(code, &status.to_string())
    }

    pub(super) fn warning(self, text: &str) -> String {
        self.paint("33", text)
    }

    pub(super) fn breaking(self, text: &str) -> String {
        self.paint("31", text)
    }

    fn paint(self, code: &str, text: &str) -> String {
        match self.coloured {
            true => format!("\x1b[{code}m{text}\x1b[0m"),
            false => text.to_owned(),
        }
    }
}

/// Whether a character does something to a terminal beside being shown: controls, and what turns
/// the direction of writing or breaks the line.
pub(super) fn acts(c: char) -> bool {
    let turns = matches!(
        c,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    );
    c.is_control() || turns
}

/// Text from requests and documents as a terminal may be shown it: control characters, and those
/// that turn the direction of writing, are escaped.
pub(super) fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match acts(c) {
            true => out.extend(c.escape_default()),
            false => out.push(c),
        }
    }
    out
}
