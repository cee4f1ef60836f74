//! Pieces of Markdown: texts of documents in which nothing acts.

use crate::docs::describe::{Described, Field, More, Part, Word};
use crate::docs::escape::visible;
use crate::docs::markdown::words;
use serde_json::Value;
use std::borrow::Cow;

/// How deep fields are told.
const DEPTH: usize = 4;
/// How long a description is in a row, in characters.
const LONG: usize = 500;

/// Where links lead from a page.
pub(super) struct Leads<'l> {
    /// Where a link of the document leads.
    pub resolve: &'l dyn Fn(&str) -> Option<String>,
    /// The page of a schema.
    pub schema: &'l dyn Fn(&str) -> Option<String>,
    /// The page of a part of the document that others have no room for.
    pub part: &'l dyn Fn(&Part) -> Option<String>,
    /// The way from the page to the site's root.
    pub root: &'static str,
}

impl Leads<'_> {
    /// A text of the document, as blocks, its topmost headings of a level.
    pub fn prose(&self, out: &mut String, text: &str, level: u8) {
        let text = crate::docs::markdown::source(text, level, self.resolve);
        if !text.is_empty() {
            *out += &format!("\n{text}\n");
        }
    }

    /// The rows of fields, and of what stands within them.
    pub fn fields(&self, rows: &mut String, above: &str, all: &[Field]) {
        self.fields_to(rows, above, all, DEPTH);
    }

    fn fields_to(&self, rows: &mut String, above: &str, all: &[Field], depth: usize) {
        for field in all {
            let name = format!("{above}{}", field.name.sign());
            self.row(rows, &name, field.is_required, &field.what);
            if depth > 0 {
                let above = format!("{name}.");
                self.fields_to(rows, &above, &field.what.fields, depth - 1);
            }
        }
    }

    /// What a row has no room for, below its table: long texts, and those with tables of their own.
    pub fn notes(&self, out: &mut String, name: &str, what: &Described, level: u8) {
        let about = &what.description;
        let has_table = || {
            let mut lines = about.lines().map(str::trim_start);
            lines.any(|line| line.starts_with('|'))
        };
        if about.chars().nth(LONG).is_some() || has_table() {
            *out += &format!("\n{}:\n", code(name));
            self.prose(out, about, level);
        }
        self.left_out(out, name, what);
    }

    /// What there was no room for, of a field or of all.
    pub fn left_out(&self, out: &mut String, name: &str, what: &Described) {
        if what.cut == 0 {
            return;
        }
        let lead = match name {
            "" => String::new(),
            name => format!("{}: ", code(name)),
        };
        let cut = what.cut;
        let more = what.more.as_ref().and_then(|more| match more {
            More::Schema(name) => (self.schema)(name).map(|to| (name, to)),
            More::Part(part) => (self.part)(part).map(|to| (&part.title, to)),
        });
        *out += &match more {
            Some((name, to)) => {
                format!(
                    "\n{lead}{cut} more fields are those of [{}]({to}).\n",
                    escaped(name)
                )
            }
            None => format!("\n{lead}{cut} more fields stand in the document.\n"),
        };
    }

    /// The same of fields, and of what stands within them.
    pub fn fields_notes(&self, out: &mut String, above: &str, all: &[Field], level: u8) {
        for field in all {
            let name = format!("{above}{}", field.name.sign());
            self.notes(out, &name, &field.what, level);
            self.fields_notes(out, &format!("{name}."), &field.what.fields, level);
        }
    }

    /// A row of a table of fields.
    pub fn row(&self, rows: &mut String, name: &str, is_required: bool, what: &Described) {
        let cells = || self.cells(what);
        let [kind, about] = match what.is_leaf {
            true => what.text.below(self.root).get_or_init(cells),
            false => &cells(),
        };
        let name = cell(&code(name));
        let needed = if is_required { "yes" } else { "no" };
        rows.extend([
            "| ", &name, " | ", kind, " | ", needed, " | ", about, " |\n",
        ]);
    }

    /// What stands in the others of its cells: its type and limits, and what is said of it.
    fn cells(&self, what: &Described) -> [String; 2] {
        let limits = what.constraints.iter().map(|words| format!("; {words}"));
        let limits: String = limits.collect();
        let mut about = escaped(&words(&what.description, LONG));
        for (is, mark) in [
            (what.is_deprecated, "Deprecated."),
            (what.is_read_only, "Read only."),
            (what.is_write_only, "Write only."),
        ] {
            if is {
                about += &format!(" {mark}");
            }
        }
        if let Some(default) = &what.default {
            about += &format!(" Default: {}.", code(&inline(default)));
        }
        if let Some(example) = what.examples.first() {
            about += &format!(" Example: {}.", code(&inline(example)));
        }
        let kind = cell(&self.types(what)) + &cell(&coded(&limits));
        [kind, cell(&about)]
    }

    /// What a value is, in words.
    pub fn types(&self, what: &Described) -> String {
        let linked = |name: &String| match (self.schema)(name) {
            Some(to) => format!("[{}]({to})", escaped(name)),
            None => escaped(name),
        };
        let words = what.types.iter().map(|word| match word {
            Word::Plain(text) => escaped(text),
            Word::Schema(name) => linked(name),
            Word::Named(name) => format!("({})", linked(name)),
        });
        words.collect::<Vec<String>>().join(" ")
    }
}

/// A table of fields.
pub(super) fn table(out: &mut String, title: &str, rows: &str) {
    if rows.is_empty() {
        return;
    }
    if !title.is_empty() {
        *out += &format!("\n{title}\n");
    }
    *out += "\n| Name | Type and limits | Required | Description |\n|---|---|---|---|\n";
    out.push_str(rows);
}

/// A text between fences that are longer than any within it.
pub(super) fn fenced(out: &mut String, language: &str, text: &str) {
    let text = visible(text);
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    *out += &format!("\n{fence}{language}\n{text}\n{fence}\n");
}

/// A text as code within a line.
pub(super) fn code(text: &str) -> String {
    let text = line(text);
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    match longest {
        0 => format!("`{text}`"),
        _ => {
            let fence = "`".repeat(longest + 1);
            format!("{fence} {text} {fence}")
        }
    }
}

/// Words in which code stands between backquotes; the rest means nothing in Markdown.
pub(super) fn coded(text: &str) -> String {
    let parts = text.split('`').enumerate();
    let parts = parts.map(|(index, part)| match index % 2 {
        1 => code(part),
        _ => escaped(part),
    });
    parts.collect()
}

/// A text on one line of which no character means anything in Markdown.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    // The spaces at both ends may part words.
    if text.starts_with(' ') {
        out.push(' ');
    }
    for c in line(text).chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '{' | '}' | '#' | '!' | '~' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    if text.len() > 1 && text.ends_with(' ') {
        out.push(' ');
    }
    out
}

/// A text on one line.
pub(super) fn line(text: &str) -> Cow<'_, str> {
    // As names are, and most texts.
    let is_line = text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
        && !text.contains("  ")
        && !text.starts_with(' ')
        && !text.ends_with(' ');
    if is_line {
        return Cow::Borrowed(text);
    }
    let text = visible(text);
    Cow::Owned(text.split_whitespace().collect::<Vec<&str>>().join(" "))
}

/// Markdown on one line as a cell of a table.
pub(super) fn cell(text: &str) -> String {
    text.trim().replace('|', "\\|")
}

fn inline(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    text.chars().take(200).collect()
}
