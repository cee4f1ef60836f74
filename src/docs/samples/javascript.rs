//! A request as a module of JavaScript that calls `fetch`.

use super::super::code::json;
use super::literal::{Literals, is_double, is_exact, lines, text};
use super::{Body, Call, Mint, Part, PartContent};
use serde_json::{Number, Value};

/// How deep a literal is nested.
const DEPTH: usize = 32;

const LITERALS: Literals = Literals {
    null: "null",
    yes: "true",
    no: "false",
    key,
    text,
    number: Number::to_string,
    last: ",",
    indent: "  ",
};

/// The module.
pub(super) fn sample(call: &Call<'_>) -> Result<String, String> {
    if ["CONNECT", "TRACE", "TRACK"].contains(&call.method.to_ascii_uppercase().as_str()) {
        return Err(format!("fetch doesn't send {}", call.method));
    }
    if call.body.is_some() && ["GET", "HEAD"].contains(&call.method) {
        return Err(format!("fetch doesn't send {} with a body", call.method));
    }
    let mut before = String::new();
    let mut options = Vec::new();
    if call.method != "GET" {
        options.push(format!("method: {}", text(call.method)));
    }
    let body = call.body.map(|body| body_of(body, &mut before));
    // A form and its parts bring their media type along.
    let headers = match call.body {
        Some(Body::Form(_)) => call.headers.clone(),
        _ => call.all_headers(),
    };
    let bearer = call
        .token
        .map(|_| "    \"Authorization\": `Bearer ${token}`,\n".to_owned());
    if bearer.is_some() || !headers.is_empty() {
        let fields = headers
            .iter()
            .map(|(name, value)| format!("    {}: {},\n", text(name), text(&octets(value))));
        let fields = bearer.into_iter().chain(fields);
        options.push(format!("headers: {{\n{}  }}", fields.collect::<String>()));
    }
    options.extend(body.map(|body| format!("body: {body}")));
    let options: String = options
        .iter()
        .map(|option| format!("  {option},\n"))
        .collect();
    let options = match options.as_str() {
        "" => String::new(),
        options => format!(", {{\n{options}}}"),
    };
    let url = text(&call.url);
    let minted = call.token.map(mint).unwrap_or_default();
    Ok(format!(
        "{before}{minted}const response = await fetch({url}{options});\n\
         console.log(response.status, await response.text());\n"
    ))
}

/// How a token is got.
fn mint(token: &Mint) -> String {
    format!(
        "const minted = await fetch({}, {{\n  method: \"POST\",\n  \
         body: new URLSearchParams({{ scope: {} }}),\n}});\n\
         const {{ access_token: token }} = await minted.json();\n",
        text(&token.url),
        text(&token.scopes.join(" ")),
    )
}

fn body_of(body: &Body, before: &mut String) -> String {
    match body {
        Body::Text { text, .. } => joined(text),
        Body::Json(value) if is_exact(value, DEPTH, is_double) => {
            format!("JSON.stringify({})", LITERALS.of(value, 1))
        }
        // A number that no double holds, or the like: the text is sent as it is.
        Body::Json(value) => joined(&json(value)),
        Body::Form(pairs) => {
            let pairs = pairs.iter().map(|(name, value)| {
                Value::Array(vec![
                    Value::from(name.as_str()),
                    Value::from(value.as_str()),
                ])
            });
            let pairs: Vec<Value> = pairs.collect();
            let rows = pairs.iter().map(|pair| match pair {
                Value::Array(pair) => {
                    let pair: Vec<String> = pair.iter().map(|text| LITERALS.of(text, 0)).collect();
                    format!("    [{}],\n", pair.join(", "))
                }
                _ => String::new(),
            });
            format!("new URLSearchParams([\n{}  ])", rows.collect::<String>())
        }
        Body::Multipart(parts) => {
            let is_file = |part: &Part| matches!(part.content, PartContent::File(_));
            if parts.iter().any(is_file) {
                before.push_str(READ_FILE);
            }
            before.push_str("const form = new FormData();\n");
            for part in parts {
                before.push_str(&append(part));
            }
            "form".to_owned()
        }
        Body::Binary { file } => {
            before.push_str(READ_FILE);
            format!("await readFile({})", text(file))
        }
    }
}

const READ_FILE: &str = "import { readFile } from \"node:fs/promises\";\n\n";

fn append(part: &Part) -> String {
    let name = text(&part.name);
    let options = part
        .media_type
        .as_ref()
        .map(|t| format!(", {{ type: {} }}", text(t)));
    let options = options.unwrap_or_default();
    match &part.content {
        PartContent::Text(value) if options.is_empty() => {
            format!("form.append({name}, {});\n", text(value))
        }
        PartContent::Text(value) => {
            format!(
                "form.append({name}, new Blob([{}]{options}));\n",
                text(value)
            )
        }
        PartContent::File(file) => {
            let file = text(file);
            format!("form.append({name}, new Blob([await readFile({file})]{options}), {file});\n")
        }
    }
}

fn joined(text: &str) -> String {
    match lines(text) {
        none if none.is_empty() => "\"\"".to_owned(),
        lines => lines.join(" +\n    "),
    }
}

/// A name of a member: `__proto__` would be the prototype as it stands.
fn key(name: &str) -> String {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$';
    let starts = name.starts_with(|c: char| is_name(c) && !c.is_ascii_digit());
    match name {
        "__proto__" => "[\"__proto__\"]".to_owned(),
        name if starts && name.chars().all(is_name) => name.to_owned(),
        name => text(name),
    }
}

/// The value of a header field as fetch takes it: a character for each octet of its UTF-8.
fn octets(value: &str) -> String {
    value.bytes().map(char::from).collect()
}
