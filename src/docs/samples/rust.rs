//! A request as a program of Rust that calls reqwest.

use super::super::code::json;
use super::literal::{is_double, is_exact, is_integer, rust as text, rust_raw};
use super::{Body, Call, Mint, Part, PartContent};
use serde_json::{Number, Value};

/// How wide a chain of calls, a list or arguments are at most that rustfmt leaves on a line.
const WIDTH: usize = 60;

/// How many values `json!` is given, and how deep; it recurses for each token.
const VALUES: usize = 24;
const DEPTH: usize = 6;

/// The program, laid out as rustfmt lays it out.
pub(super) fn sample(call: &Call<'_>) -> String {
    let mut before = String::new();
    let mut calls = vec![start(call)];
    let body = call.body.map(|body| body_of(body, &mut before));
    let has_type = matches!(call.body, Some(Body::Form(_) | Body::Multipart(_)));
    let is_value = body.as_ref().is_some_and(|body| body.starts_with(".json("));
    let headers = match has_type || is_value {
        true => call.headers.clone(),
        false => call.all_headers(),
    };
    if call.token.is_some() {
        calls.push(".bearer_auth(token)".to_owned());
    }
    calls.extend(headers.iter().map(|(name, value)| {
        let octets = if value.is_ascii() { "" } else { ".as_bytes()" };
        arguments(".header", &[text(name), text(value) + octets])
    }));
    calls.extend(body);
    calls.push(".send()?".to_owned());
    let features = features(call, is_value);
    let minted = call.token.map(mint).unwrap_or_default();
    let one = format!("client{}", calls.concat());
    let chain = match one.chars().count() <= WIDTH && !one.contains('\n') {
        true => one,
        false => format!("client\n        {}", calls.join("\n        ")),
    };
    format!(
        "{features}\nfn main() -> Result<(), Box<dyn std::error::Error>> {{\n    \
         let client = reqwest::blocking::Client::new();\n{minted}{before}    \
         let response = {chain};\n    \
         println!(\"{{}} {{}}\", response.status(), response.text()?);\n    Ok(())\n}}\n"
    )
}

/// What the program needs, as a comment.
fn features(call: &Call<'_>, is_value: bool) -> String {
    let is_minted = call.token.is_some();
    let needed = [
        ("json", is_value || is_minted),
        (
            "form",
            is_minted || matches!(call.body, Some(Body::Form(_))),
        ),
        ("multipart", matches!(call.body, Some(Body::Multipart(_)))),
    ];
    let needed = needed.iter().filter(|(_, is_needed)| *is_needed);
    let needed: String = needed.map(|(name, _)| format!(",{name}")).collect();
    let value = match is_value || is_minted {
        true => " && cargo add serde_json",
        false => "",
    };
    format!("// cargo add reqwest --features blocking{needed}{value}\n")
}

/// How a token is got.
fn mint(token: &Mint) -> String {
    let scopes = text(&token.scopes.join(" "));
    format!(
        "    let minted: serde_json::Value = client\n        .post({})\n        \
         .form(&[(\"scope\", {scopes})])\n        .send()?\n        .json()?;\n    \
         let token = minted[\"access_token\"].as_str().unwrap_or_default();\n",
        text(&token.url),
    )
}

fn start(call: &Call<'_>) -> String {
    let url = text(&call.url);
    match call.method {
        "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" => {
            format!(".{}({url})", call.method.to_ascii_lowercase())
        }
        "OPTIONS" => format!(".request(reqwest::Method::OPTIONS, {url})"),
        method => {
            let method = format!("{}.parse::<reqwest::Method>()?", text(method));
            arguments(".request", &[method, url])
        }
    }
}

fn body_of(body: &Body, before: &mut String) -> String {
    match body {
        Body::Text { text: body, .. } => format!(".body({})", text(body)),
        Body::Json(value) if is_macro(value) => {
            let value = literal(value);
            before.push_str(&format!("    let body = serde_json::json!({value});\n"));
            ".json(&body)".to_owned()
        }
        Body::Json(value) => {
            before.push_str(&format!("    let body = {};\n", rust_raw(&json(value))));
            ".body(body)".to_owned()
        }
        Body::Form(pairs) => {
            before.push_str(&form(pairs));
            ".form(&form)".to_owned()
        }
        Body::Multipart(parts) => {
            before.push_str("    let form = reqwest::blocking::multipart::Form::new();\n");
            for part in parts {
                before.push_str(&append(part));
            }
            ".multipart(form)".to_owned()
        }
        Body::Binary { file } => {
            before.push_str(&format!(
                "    let body = std::fs::File::open({})?;\n",
                text(file)
            ));
            ".body(body)".to_owned()
        }
    }
}

/// A call in the chain, its arguments on lines of their own where they are wide.
fn arguments(name: &str, arguments: &[String]) -> String {
    let one = arguments.join(", ");
    match one.chars().count() <= WIDTH {
        true => format!("{name}({one})"),
        false => format!(
            "{name}(\n            {},\n        )",
            arguments.join(",\n            ")
        ),
    }
}

/// The pairs of a form as a list.
fn form(pairs: &[(String, String)]) -> String {
    if pairs.is_empty() {
        return "    let form: [(&str, &str); 0] = [];\n".to_owned();
    }
    let pairs = pairs
        .iter()
        .map(|(name, value)| arguments("", &[text(name), text(value)]));
    let pairs: Vec<String> = pairs.collect();
    let one = pairs.join(", ");
    match one.chars().count() <= WIDTH && !one.contains('\n') {
        true => format!("    let form = [{one}];\n"),
        false => format!(
            "    let form = [\n        {},\n    ];\n",
            pairs.join(",\n        ")
        ),
    }
}

fn append(part: &Part) -> String {
    let name = text(&part.name);
    let make = match &part.content {
        PartContent::Text(value) => format!("text({})", text(value)),
        PartContent::File(file) => format!("file({})?", text(file)),
    };
    let part_type = "reqwest::blocking::multipart::Part";
    let mut out = format!("    let part = {part_type}::{make};\n");
    if let Some(media_type) = &part.media_type {
        out.push_str(&format!(
            "    let part = part.mime_str({})?;\n",
            text(media_type)
        ));
    }
    out.push_str(&format!("    let form = form.part({name}, part);\n"));
    out
}

/// Whether `json!` takes a value as it is, and rustfmt leaves it: an object, of few values.
fn is_macro(value: &Value) -> bool {
    let has_members = value.as_object().is_some_and(|members| !members.is_empty());
    has_members && is_exact(value, DEPTH, is_number) && count(value) <= VALUES
}

fn count(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(count).sum::<usize>(),
        Value::Object(members) => 1 + members.values().map(count).sum::<usize>(),
        _ => 1,
    }
}

fn is_number(number: &Number) -> bool {
    match is_integer(number) {
        true => number.is_i64() || number.is_u64(),
        false => is_double(number),
    }
}

fn literal(value: &Value) -> String {
    let literals = super::literal::Literals {
        null: "null",
        yes: "true",
        no: "false",
        key: text,
        text,
        number: number_literal,
        last: "",
        indent: "    ",
    };
    literals.of(value, 1)
}

/// A number, with its type where it's more than Rust takes it for.
fn number_literal(number: &Number) -> String {
    match (is_integer(number), number.as_i64()) {
        (true, Some(value)) if i32::try_from(value).is_ok() => number.to_string(),
        (true, Some(_)) => format!("{number}_i64"),
        (true, None) => format!("{number}_u64"),
        _ => number.to_string(),
    }
}
