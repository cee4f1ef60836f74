//! The page of an operation as Markdown.

use super::code::{Bound, json_lines};
use super::describe::{Described, Field, FieldName, Word};
use super::operation::{BodyWords, OperationWords, ParameterWords};
use crate::spec::Location;
use serde_json::Value;

/// How deep fields are told.
const DEPTH: usize = 4;

/// An operation as Markdown.
pub(crate) fn operation(words: &OperationWords) -> String {
    let mut out = format!(
        "# {}\n\n`{} {}`\n",
        line(&words.title),
        words.method,
        words.path
    );
    if words.is_deprecated {
        out += "\n**Deprecated.**\n";
    }
    if !words.description.trim().is_empty() {
        out += &format!("\n{}\n", words.description.trim());
    }
    out += "\n## Authentication\n\n";
    if words.access.iter().all(Vec::is_empty) {
        out += "None. Anyone may call it.\n";
    }
    for scheme in words.access.iter().flatten() {
        let scopes = match scheme.scopes.as_slice() {
            [] => "no scopes declared".to_owned(),
            scopes => format!("scopes `{}`", scopes.join("`, `")),
        };
        let form = scheme.form.as_deref().map(|form| format!(": `{form}`"));
        let form = form.unwrap_or_default();
        out += &format!("- {} ({}), {scopes}{form}\n", scheme.name, scheme.kind);
    }
    for (place, title) in [
        (Location::Header, "Header fields"),
        (Location::Path, "Path parameters"),
        (Location::Query, "Query parameters"),
        (Location::Querystring, "Query"),
        (Location::Cookie, "Cookies"),
    ] {
        let of = words.parameters.iter().filter(|of| of.location == place);
        parameters(&mut out, &format!("## {title}"), of);
    }
    if !words.bodies.is_empty() {
        out += "\n## Request body\n";
        if !words.body_description.trim().is_empty() {
            out += &format!("\n{}\n", words.body_description.trim());
        }
        for of in &words.bodies {
            body(&mut out, of);
        }
    }
    if !words.demands.is_empty() {
        out += "\n## Validation rules\n\n";
        for demand in &words.demands {
            out += &format!("- {} (else {})\n", line(&demand.text), demand.status);
        }
    }
    out += "\n## Responses\n";
    for reply in &words.responses {
        out += &format!("\n### {}\n", reply.status);
        if !reply.description.trim().is_empty() {
            out += &format!("\n{}\n", reply.description.trim());
        }
        parameters(&mut out, "Header fields:", reply.headers.iter());
        for of in &reply.bodies {
            body(&mut out, of);
        }
    }
    out += &format!("\nFrom `{}`\n", words.place);
    out
}

fn parameters<'w>(out: &mut String, title: &str, all: impl Iterator<Item = &'w ParameterWords>) {
    let rows = all.map(|of| row(&of.name, of.is_required, &of.what));
    table(out, title, rows.collect());
}

fn body(out: &mut String, of: &BodyWords) {
    let types = of.what.as_ref().map(types).unwrap_or_default();
    *out += &format!("\n`{}` {types}\n", of.media_type);
    if let Some(what) = &of.what {
        let mut rows = Vec::new();
        fields(&mut rows, "", &what.fields, DEPTH);
        table(out, "", rows);
        for variant in what.choices.iter().flat_map(|choice| &choice.of) {
            let name = variant.name.as_deref().unwrap_or("another");
            let mut rows = Vec::new();
            fields(&mut rows, "", &variant.what.fields, DEPTH);
            table(
                out,
                &format!("{} {}:", line(name), variant.tags.join(", ")),
                rows,
            );
        }
    }
    for example in &of.examples {
        let bound = Bound {
            lines: 200,
            bytes: 16_000,
        };
        let (language, text) = match (&example.text, of.media_type.contains("json")) {
            (_, true) => ("json", json_lines(&example.value, bound)),
            (Some(text), false) => ("", text.clone()),
            (None, false) => continue,
        };
        // A fence is longer than any within it.
        let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
        let fence = "`".repeat(longest.max(2) + 1);
        *out += &format!("\n{fence}{language}\n{text}\n{fence}\n");
    }
}

fn fields(rows: &mut Vec<String>, above: &str, all: &[Field], depth: usize) {
    for field in all {
        let name = match &field.name {
            FieldName::Declared(name) => name.clone(),
            FieldName::Matching(pattern) => format!("/{pattern}/"),
            FieldName::Other => "*".to_owned(),
        };
        let name = format!("{above}{name}");
        rows.push(row(&name, field.is_required, &field.what));
        if depth > 0 {
            fields(rows, &format!("{name}."), &field.what.fields, depth - 1);
        }
    }
}

fn table(out: &mut String, title: &str, rows: Vec<String>) {
    if rows.is_empty() {
        return;
    }
    if !title.is_empty() {
        *out += &format!("\n{title}\n");
    }
    *out += "\n| Name | Type and limits | Required | Description |\n|---|---|---|---|\n";
    *out += &rows.concat();
}

fn row(name: &str, is_required: bool, what: &Described) -> String {
    let limits: String = what
        .constraints
        .iter()
        .map(|words| format!("; {words}"))
        .collect();
    let mut description = what.description.trim().to_owned();
    if let Some(default) = &what.default {
        description += &format!(" Default: `{}`.", inline(default));
    }
    format!(
        "| `{}` | {} | {} | {} |\n",
        cell(name),
        cell(&(types(what) + &limits)),
        if is_required { "yes" } else { "no" },
        cell(&description)
    )
}

fn types(what: &Described) -> String {
    let words = what.types.iter().map(|word| match word {
        Word::Plain(text) | Word::Schema(text) => text.clone(),
        Word::Named(name) => format!("({name})"),
    });
    words.collect::<Vec<String>>().join(" ")
}

fn inline(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A text on one line.
fn line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<&str>>().join(" ")
}

/// The same as a cell of a table.
fn cell(text: &str) -> String {
    line(text).replace('|', "\\|")
}
