//! The page of an operation as Markdown.

use super::write::{Leads, code, coded, escaped, fenced, line, table};
use crate::contract::Contract;
use crate::docs::bodies::BodyWords;
use crate::docs::code::{Bound, json_lines};
use crate::docs::describe::{Described, Field};
use crate::docs::message::MessageWords;
use crate::docs::operation::{OperationWords, ParameterWords};
use crate::docs::request::BASE;
use crate::docs::samples::{Language, brief_sample, sample};
use crate::spec::Location;

/// An operation as Markdown.
pub(super) fn operation(contract: &Contract, words: &OperationWords, leads: &Leads<'_>) -> String {
    let mut out = format!(
        "# {}\n\n{}\n\n- Base URL of the mock: `{BASE}{}`\n",
        escaped(&words.title),
        code(&format!("{} {}", words.method, words.path)),
        words.prefix,
    );
    for url in &words.servers {
        out += &format!("- Server: {}\n", code(url));
    }
    if let Some(id) = &words.id {
        out += &format!("- operationId: {}\n", code(id));
    }
    if words.is_deprecated {
        out += "\n**Deprecated.**\n";
    }
    leads.prose(&mut out, &words.description, 2);
    out += "\n## Authentication\n\n";
    if words.access.iter().all(Vec::is_empty) {
        out += "None. Anyone may call it.\n";
    }
    for scheme in words.access.iter().flatten() {
        let scopes = match scheme.scopes.as_slice() {
            [] => "no scopes declared".to_owned(),
            scopes => {
                let scopes: Vec<String> = scopes.iter().map(|scope| code(scope)).collect();
                format!("scopes {}", scopes.join(", "))
            }
        };
        let form = scheme
            .form
            .as_deref()
            .map(|form| format!(": {}", code(form)));
        let (name, kind) = (escaped(&scheme.name), escaped(&scheme.kind));
        out += &format!("- {name} ({kind}), {scopes}{}\n", form.unwrap_or_default());
    }
    for (place, title) in [
        (Location::Header, "Header fields"),
        (Location::Path, "Path parameters"),
        (Location::Query, "Query parameters"),
        (Location::Querystring, "Query"),
        (Location::Cookie, "Cookies"),
    ] {
        let of = words.parameters.iter().filter(|of| of.location == place);
        parameters(&mut out, leads, &format!("## {title}"), of);
    }
    if !words.bodies.is_empty() {
        out += "\n## Request body\n";
        leads.prose(&mut out, &words.body_description, 3);
        for of in &words.bodies {
            body(&mut out, leads, of, true);
        }
    }
    rules(&mut out, words);
    out += "\n## Responses\n";
    for reply in &words.responses {
        out += &format!("\n### {}\n", reply.status);
        leads.prose(&mut out, &reply.description, 4);
        parameters(&mut out, leads, "Header fields:", reply.headers.iter());
        for of in &reply.bodies {
            body(&mut out, leads, of, false);
        }
        for answer in &reply.answers {
            match brief_sample(&answer.call.shown(contract, BASE)) {
                Ok(text) => {
                    out += &format!("\n{}:\n", coded(&answer.how));
                    fenced(&mut out, "sh", text.trim_end());
                }
                Err(why) => out += &format!("\n{}. {why}\n", coded(&answer.how)),
            }
        }
        for link in &reply.links {
            let operation = code(&link.operation);
            out += &format!("\nLink {}: {operation}\n", code(&link.name));
        }
    }
    for callback in &words.callbacks {
        let to = code(&format!("{} {}", callback.method, callback.url));
        out += &format!("\n## Callback {}\n\n{to}\n", escaped(&callback.name));
        leads.prose(&mut out, callback.said(), 3);
        message(&mut out, leads, callback, "###");
    }
    let request = sample(
        &words.call.shown(contract, BASE),
        Language::Curl,
        usize::MAX,
    );
    if let Ok(text) = request {
        out += "\n## Sample\n";
        fenced(&mut out, "sh", text.trim_end());
    }
    if !words.reach.items.is_empty() {
        out += "\n## Fixtures\n\n";
        for item in &words.reach.items {
            out += &format!("- {}: {}\n", code(&item.key), escaped(&item.about));
        }
    }
    out += &format!("\nFrom {}\n", code(&words.place));
    out
}

/// What a message has, and what is to be answered.
pub(super) fn message(out: &mut String, leads: &Leads<'_>, words: &MessageWords, marks: &str) {
    let level = u8::try_from(marks.len()).unwrap_or(6);
    parameters(
        out,
        leads,
        &format!("{marks} Fields beside the body"),
        words.parameters.iter(),
    );
    if !words.bodies.is_empty() {
        *out += &format!("\n{marks} Body\n");
        leads.prose(out, &words.body_description, level + 1);
        let bodies = words.bodies.iter();
        bodies.for_each(|of| body(out, leads, of, true));
    }
    if !words.demands.is_empty() {
        *out += &format!("\n{marks} Validation rules\n\n");
        for demand in &words.demands {
            *out += &format!("- {}\n", coded(&line(demand)));
        }
    }
    if !words.responses.is_empty() {
        *out += &format!("\n{marks} Expected answers\n");
    }
    for reply in &words.responses {
        *out += &format!("\n{marks}# {}\n", reply.status);
        leads.prose(out, &reply.description, level + 2);
        parameters(out, leads, "Header fields:", reply.headers.iter());
        let bodies = reply.bodies.iter();
        bodies.for_each(|of| body(out, leads, of, false));
    }
}

/// What is demanded, and what the server does by itself.
fn rules(out: &mut String, words: &OperationWords) {
    if !words.demands.is_empty() {
        *out += "\n## Validation rules\n\n";
        for demand in &words.demands {
            let (text, status) = (coded(&line(&demand.text)), demand.status);
            let place = escaped(&demand.place);
            *out += &format!("- {text} (else {status}; {place})\n");
        }
    }
    if !words.works.is_empty() {
        *out += "\n## What the server works out\n\n";
        for work in &words.works {
            let when = work
                .when
                .as_deref()
                .map(|when| format!(", when {}", code(when)));
            let when = when.unwrap_or_default();
            *out += &format!("- {}: {}{when}\n", code(&work.what), coded(&work.becomes));
        }
    }
}

fn parameters<'w>(
    out: &mut String,
    leads: &Leads<'_>,
    title: &str,
    all: impl Iterator<Item = &'w ParameterWords>,
) {
    let all: Vec<&ParameterWords> = all.collect();
    let mut rows = String::new();
    for of in &all {
        leads.row(&mut rows, &of.name, of.is_required, &of.what);
    }
    table(out, title, &rows);
    for of in all {
        leads.notes(out, &of.name, &of.what, 5);
    }
}

/// A body; the demands of one that has rules stand among these.
fn body(out: &mut String, leads: &Leads<'_>, of: &BodyWords, has_rules: bool) {
    let types = of.what.as_ref().map(|what| leads.types(what));
    let types = types.unwrap_or_default();
    *out += &format!("\n{} {types}\n", code(&of.media_type));
    if let Some(what) = &of.what {
        described(out, leads, what);
        let mut demands = Vec::new();
        if !has_rules || what.is_list() {
            demands.extend(what.demands.iter().map(|text| coded(&line(text))));
        }
        within("", &what.fields, &mut demands);
        if !demands.is_empty() {
            *out += "\n";
        }
        for demand in demands {
            *out += &format!("- {demand}\n");
        }
    }
    for example in of.examples.iter() {
        let (language, text) = match (example.text(), of.is_json()) {
            (_, true) => ("json", json_lines(&example.value, BOUND)),
            (Some(text), false) => ("", text.to_owned()),
            (None, false) => continue,
        };
        let name = match example.name.as_str() {
            "" => String::new(),
            name => format!(" {}", code(name)),
        };
        let summary = match example.summary.as_str() {
            "" => String::new(),
            summary => format!(", {}", escaped(summary)),
        };
        *out += &format!("\nExample{name}{summary}:\n");
        fenced(out, language, &text);
    }
}

/// What holds of several properties of fields at once, each with the field's name.
fn within(above: &str, fields: &[Field], all: &mut Vec<String>) {
    for field in fields {
        let name = format!("{above}{}", field.name.sign());
        let told = field.what.demands.iter();
        all.extend(told.map(|text| format!("{}: {}", code(&name), coded(&line(text)))));
        within(&format!("{name}."), &field.what.fields, all);
    }
}

/// How much of an example is shown.
const BOUND: Bound = Bound {
    lines: 200,
    bytes: 16_000,
};

/// The fields of a value, and what it may be one of.
pub(super) fn described(out: &mut String, leads: &Leads<'_>, what: &Described) {
    let mut rows = String::new();
    leads.fields(&mut rows, "", &what.fields);
    table(out, "", &rows);
    leads.fields_notes(out, "", &what.fields, 5);
    leads.left_out(out, "", what);
    for choice in &what.choices {
        for variant in &choice.of {
            let name = variant.name.as_deref().unwrap_or("another");
            let tags: Vec<String> = variant.tags.iter().map(|tag| code(tag)).collect();
            let title = match (&choice.tag, tags.is_empty()) {
                (Some(tag), false) => format!("Where {} is {}:", code(tag), tags.join(" or ")),
                _ => format!("Or {}:", escaped(name)),
            };
            let mut rows = String::new();
            leads.fields(&mut rows, "", &variant.what.fields);
            match rows.is_empty() {
                true => *out += &format!("\n{title} {}\n", leads.types(&variant.what)),
                false => table(out, &title, &rows),
            }
            leads.fields_notes(out, "", &variant.what.fields, 5);
        }
    }
}
