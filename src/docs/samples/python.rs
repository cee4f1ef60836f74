//! A request as a script of Python that calls requests.

use super::super::code::json;
use super::literal::{Literals, is_double, is_exact, is_integer, lines, text};
use super::{Body, Call, Mint, Part, PartContent};
use serde_json::Number;

/// How deep a literal is nested.
const DEPTH: usize = 32;

const LITERALS: Literals = Literals {
    null: "None",
    yes: "True",
    no: "False",
    key: text,
    text,
    number: Number::to_string,
    last: ",",
    indent: "    ",
};

/// The script.
pub(super) fn sample(call: &Call<'_>) -> String {
    let mut headers = call.headers.clone();
    let body = call.body.map(body_of);
    // A list that is empty is no body to requests, and brings no media type.
    let has_type = match call.body {
        Some(Body::Form(pairs)) => !pairs.is_empty(),
        body => matches!(body, Some(Body::Multipart(_))),
    };
    let is_value = body.as_ref().is_some_and(|body| body.starts_with("json="));
    if !has_type && !is_value {
        headers = call.all_headers();
    }
    let mut arguments = Vec::new();
    let name = call.method.to_ascii_lowercase();
    let known = ["get", "post", "put", "patch", "delete", "head", "options"];
    let is_known = known.contains(&name.as_str()) && call.method == name.to_ascii_uppercase();
    let function = match is_known {
        true => name.as_str(),
        false => {
            arguments.push(text(call.method));
            "request"
        }
    };
    arguments.push(text(&call.url));
    let bearer = call
        .token
        .map(|_| "        \"Authorization\": \"Bearer \" + token,\n".to_owned());
    if bearer.is_some() || !headers.is_empty() {
        let fields = headers
            .iter()
            .map(|(name, value)| format!("        {}: {},\n", text(name), header(value)));
        let fields = bearer.into_iter().chain(fields);
        arguments.push(format!("headers={{\n{}    }}", fields.collect::<String>()));
    }
    arguments.extend(body);
    let arguments: String = arguments.iter().map(|a| format!("    {a},\n")).collect();
    let minted = call.token.map(mint).unwrap_or_default();
    format!(
        "import requests\n\n{minted}\
         response = requests.{function}(\n{arguments})\n\
         print(response.status_code, response.text)\n"
    )
}

/// How a token is got.
fn mint(token: &Mint) -> String {
    format!(
        "token = requests.post(\n    {},\n    data={{\"scope\": {}}},\n).json()[\"access_token\"]\n",
        text(&token.url),
        text(&token.scopes.join(" ")),
    )
}

fn body_of(body: &Body) -> String {
    match body {
        Body::Text { text, .. } => data(text),
        // None is no body to requests, and a float may lose digits.
        Body::Json(value) if !value.is_null() && is_exact(value, DEPTH, is_number) => {
            format!("json={}", LITERALS.of(value, 1))
        }
        Body::Json(value) => data(&json(value)),
        Body::Form(pairs) if pairs.is_empty() => data(""),
        Body::Form(pairs) => {
            let pairs = pairs.iter();
            let pairs = pairs.map(|(name, value)| format!("({}, {})", text(name), text(value)));
            list("data", pairs.collect())
        }
        Body::Multipart(parts) => list("files", parts.iter().map(part).collect()),
        Body::Binary { file } => format!("data=open({}, \"rb\")", text(file)),
    }
}

fn list(name: &str, items: Vec<String>) -> String {
    let items: String = items
        .iter()
        .map(|item| format!("        {item},\n"))
        .collect();
    format!("{name}=[\n{items}    ]")
}

fn part(part: &Part) -> String {
    let media_type = part.media_type.as_ref().map(|t| format!(", {}", text(t)));
    let media_type = media_type.unwrap_or_default();
    let content = match &part.content {
        PartContent::Text(value) => format!("None, {}", text(value)),
        PartContent::File(file) => format!("{0}, open({0}, \"rb\")", text(file)),
    };
    format!("({}, ({content}{media_type}))", text(&part.name))
}

fn data(text: &str) -> String {
    match lines(text).as_slice() {
        [] => "data=b\"\"".to_owned(),
        [line] => format!("data={line}.encode()"),
        lines => {
            let lines = lines.iter().map(|line| format!("        {line}\n"));
            format!("data=(\n{}    ).encode()", lines.collect::<String>())
        }
    }
}

/// The value of a header field, which requests would write as Latin-1.
fn header(value: &str) -> String {
    match value.is_ascii() {
        true => text(value),
        false => format!("{}.encode()", text(value)),
    }
}

/// An integer is exact, of as many digits as Python reads.
fn is_number(number: &Number) -> bool {
    match is_integer(number) {
        true => number.to_string().len() <= 4000,
        false => is_double(number),
    }
}
