//! How long a document takes to be ready, how much room, and what the first requests cost: each
//! told as a ratio to `serde_json`'s reading of the same text into a `Value`, in the same run.
//!
//! `cargo run --release --example loading [DOCUMENT…]`; without any, two documents are made up:
//! one of GitHub's kind and size, and one of Stripe's, whose schemas all refer to each other.

use counterpart::contract::{AuthSettings, Contract};
use counterpart::spec::Source;
use counterpart::wire::{Bytes, Method, Request, header};
use serde::de::IgnoredAny;
use serde_json::{Map, Value, json};
use std::error::Error;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// How often each thing that is compared is done, in turn.
const ROUNDS: usize = 15;
/// How many operations of each kind are called.
const CALLS: usize = 200;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [flag, what, path] if flag == "--room" => room_here(what, Path::new(path)),
        [] => {
            let folder = std::env::temp_dir().join(format!("loading-{}", std::process::id()));
            std::fs::create_dir_all(&folder)?;
            let outcome = made_up(&folder);
            std::fs::remove_dir_all(&folder)?;
            outcome
        }
        paths => paths.iter().try_for_each(|path| report(Path::new(path))),
    }
}

fn made_up(folder: &Path) -> Outcome<()> {
    let documents = [("wide.json", wide(1_200)), ("knotted.json", knotted(1_000))];
    for (name, document) in documents {
        let path: PathBuf = folder.join(name);
        std::fs::write(&path, serde_json::to_string_pretty(&document)?)?;
        report(&path)?;
    }
    Ok(())
}

fn report(path: &Path) -> Outcome<()> {
    let source = std::fs::read_to_string(path)?;
    let document = Arc::new(Source::new(path.display().to_string(), source.as_str())).parse()?;
    // serde_json reads no YAML: of that, the floor is the same document as JSON.
    let is_json = source.trim_start().starts_with('{');
    let text = match is_json {
        true => source.clone(),
        false => serde_json::to_string_pretty(&document)?,
    };
    let megabytes = source.len() as f64 / 1e6;
    println!("\n{} ({megabytes:.1} MB)", path.display());

    let (mut floor, mut skim, mut ready) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        floor.push(timed(|| serde_json::from_str::<Value>(&text))?);
        skim.push(timed(|| serde_json::from_str::<IgnoredAny>(&text))?);
        ready.push(timed(|| Contract::load(path, None))?);
    }
    let ratios = floor.iter().zip(&ready);
    let ratios = ratios.map(|(floor, ready)| ready.as_secs_f64() / floor.as_secs_f64());
    let ratio = middle(ratios.collect());
    let (floor, skim, ready) = (Times::of(floor), Times::of(skim), Times::of(ready));
    println!("  serde_json into a Value  {floor}");
    println!("  serde_json, kept nothing {skim}");
    println!("  counterpart, ready       {ready}");
    let best = ready.best.as_secs_f64() / floor.best.as_secs_f64();
    println!("  ratio                    {ratio:.2} in the middle, {best:.2} of the best");
    for what in ["counterpart", "serde_json"] {
        if let Some(bytes) = room(what, path) {
            let times = bytes as f64 / source.len() as f64;
            let what = format!("{what}, peak");
            println!(
                "  {what:<24} {:.1} MB, {times:.2} times the text",
                bytes as f64 / 1e6
            );
        }
    }
    requests(path, &document)
}

/// The first and the second request to operations that only read, and to those that take a body
/// and may change something, of a contract that is loaded anew for each kind.
fn requests(path: &Path, document: &Value) -> Outcome<()> {
    let all = calls(document);
    println!("  {} operations", all.len());
    for (kind, reads) in [("GET", true), ("PUT, POST, PATCH and DELETE", false)] {
        let calls: Vec<&Call> = all
            .iter()
            .filter(|call| (call.method == Method::GET) == reads)
            .collect();
        let every = calls.len().div_ceil(CALLS).max(1);
        let contract = Contract::load(path, None)?;
        let before = contract.compiled_schemas();
        let (mut first, mut second) = (Vec::new(), Vec::new());
        let mut slowest = (Duration::ZERO, "");
        let mut taken = 0;
        for call in calls.into_iter().step_by(every) {
            let request = call.request();
            let again = request.clone();
            let at = Instant::now();
            let exchange = black_box(contract.answer(request));
            let took = at.elapsed();
            first.push(took);
            taken += usize::from(exchange.reply.status.is_success());
            if took > slowest.0 {
                slowest = (took, &call.target);
            }
            let at = Instant::now();
            black_box(contract.answer(again));
            second.push(at.elapsed());
        }
        if first.is_empty() {
            continue;
        }
        let (count, compiled) = (first.len(), contract.compiled_schemas() - before);
        let (first, second) = (Times::of(first), Times::of(second));
        println!("  {count} of {kind}, {taken} answered 2xx");
        println!("    first  {first}, most {:.2?} ({})", slowest.0, slowest.1);
        println!("    second {second}");
        println!("    schemas compiled: {before} at start, {compiled} by these");
    }
    Ok(())
}

/// The best and the middle of several times.
struct Times {
    best: Duration,
    middle: Duration,
}

impl Times {
    fn of(mut times: Vec<Duration>) -> Times {
        times.sort();
        Times {
            best: times.first().copied().unwrap_or_default(),
            middle: times.get(times.len() / 2).copied().unwrap_or_default(),
        }
    }
}

impl std::fmt::Display for Times {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "best {:.2?}, middle {:.2?}", self.best, self.middle)
    }
}

fn middle(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

/// How long it takes to make something; to drop it again isn't counted.
fn timed<T, E: Error + 'static>(make: impl FnOnce() -> Result<T, E>) -> Outcome<Duration> {
    let at = Instant::now();
    let made = make()?;
    let took = at.elapsed();
    drop(black_box(made));
    Ok(took)
}

/// How much more memory a process of its own takes at its peak than when it started. Only Linux
/// tells.
fn room(what: &str, path: &Path) -> Option<u64> {
    let mut child = Command::new(std::env::current_exe().ok()?);
    let output = child.arg("--room").arg(what).arg(path).output().ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}

fn room_here(what: &str, path: &Path) -> Outcome<()> {
    let peak = || -> Outcome<u64> {
        let status = std::fs::read_to_string("/proc/self/status")?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB"));
        Ok(kilobytes.ok_or("no VmHWM")?.parse::<u64>()? * 1024)
    };
    let before = peak()?;
    if what == "serde_json" {
        let text = std::fs::read_to_string(path)?;
        black_box(serde_json::from_str::<Value>(&text)?);
    } else {
        black_box(Contract::load(path, None)?);
    }
    println!("{}", peak()? - before);
    Ok(())
}

/// A request that an operation might take.
struct Call {
    method: Method,
    target: String,
    body: Option<(String, String)>,
}

impl Call {
    fn request(&self) -> Request {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let token = AuthSettings::default().token(&[], now.unwrap_or_default().as_secs(), 3_600);
        let request = Request::new(self.method.clone(), &*self.target)
            .with_header(header::AUTHORIZATION, &format!("Bearer {token}"));
        match &self.body {
            None => request,
            Some((media_type, body)) => request
                .with_header(header::CONTENT_TYPE, media_type)
                .with_body(Bytes::from(body.clone())),
        }
    }
}

/// A request for each operation: its path parameters and body as plain as the document has them.
fn calls(document: &Value) -> Vec<Call> {
    let mut calls = Vec::new();
    let paths = document["paths"].as_object().into_iter().flatten();
    for (path, item) in paths {
        for (name, operation) in item.as_object().into_iter().flatten() {
            let Ok(method) = name.to_uppercase().parse::<Method>() else {
                continue;
            };
            if !["get", "put", "post", "patch", "delete"].contains(&name.as_str()) {
                continue;
            }
            let body = followed(document, &operation["requestBody"]);
            let content = body["content"].as_object();
            let body = content.and_then(|content| content.iter().next());
            let lists = [&item["parameters"], &operation["parameters"]];
            let parameters = lists.into_iter().filter_map(Value::as_array).flatten();
            let parameters: Vec<&Value> = parameters.map(|p| followed(document, p)).collect();
            calls.push(Call {
                method,
                target: target(document, path, &parameters),
                body: body.map(|(media_type, declared)| {
                    let value = sample(document, &declared["schema"], 0);
                    (media_type.clone(), written(media_type, &value))
                }),
            });
        }
    }
    calls
}

fn target(document: &Value, path: &str, parameters: &[&Value]) -> String {
    let mut target = path.to_owned();
    let mut query = Vec::new();
    for parameter in parameters {
        let name = parameter["name"].as_str().unwrap_or("");
        let value = match sample(document, &parameter["schema"], 0) {
            Value::String(text) => text,
            other => other.to_string(),
        };
        match parameter["in"].as_str() {
            Some("path") => target = target.replace(&format!("{{{name}}}"), &encoded(&value)),
            Some("query") if parameter["required"] == true => {
                query.push(format!("{name}={}", encoded(&value)));
            }
            _ => {}
        }
    }
    match query.is_empty() {
        true => target,
        false => format!("{target}?{}", query.join("&")),
    }
}

fn written(media_type: &str, value: &Value) -> String {
    if !media_type.contains("form-urlencoded") {
        return value.to_string();
    }
    let members = value.as_object().into_iter().flatten();
    let members = members.filter_map(|(name, value)| Some((name, value.as_str()?)));
    let pairs: Vec<String> = members
        .map(|(name, value)| format!("{name}={}", encoded(value)))
        .collect();
    pairs.join("&")
}

fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes()
        .map(|byte| match plain(byte) {
            true => char::from(byte).to_string(),
            false => format!("%{byte:02X}"),
        })
        .collect()
}

fn followed<'d>(document: &'d Value, value: &'d Value) -> &'d Value {
    let target = value["$ref"]
        .as_str()
        .and_then(|text| text.strip_prefix('#'));
    match target.and_then(|pointer| document.pointer(pointer)) {
        Some(target) => target,
        None => value,
    }
}

/// A small value of a schema: its example, or what it can't do without.
fn sample(document: &Value, schema: &Value, depth: usize) -> Value {
    let schema = followed(document, schema);
    let given = [&schema["example"], &schema["default"], &schema["enum"][0]];
    if let Some(given) = given.into_iter().find(|given| !given.is_null()) {
        return given.clone();
    }
    if depth > 8 {
        return Value::Null;
    }
    for keyword in ["oneOf", "anyOf", "allOf"] {
        if let Some(part) = schema.get(keyword).and_then(|parts| parts.get(0)) {
            return sample(document, part, depth + 1);
        }
    }
    match schema["type"].as_str() {
        Some("integer" | "number") => json!(1),
        Some("boolean") => json!(true),
        Some("array") => json!([sample(document, &schema["items"], depth + 1)]),
        Some("string") => json!("text"),
        _ => {
            let required = schema["required"].as_array().into_iter().flatten();
            let names = required.filter_map(Value::as_str);
            let members = names.map(|name| {
                let property = &schema["properties"][name];
                (name.to_owned(), sample(document, property, depth + 1))
            });
            Value::Object(members.collect())
        }
    }
}

/// Many operations, each with schemas, parameters and an example of its own.
fn wide(operations: usize) -> Value {
    let (mut paths, mut schemas, mut examples) = (Map::new(), Map::new(), Map::new());
    for number in 0..operations / 2 {
        let properties = (0..40).map(|at| {
            let property = match at % 5 {
                0 => json!({"type": "string", "description": "What it is called.", "minLength": 1}),
                1 => json!({"type": "integer", "minimum": 0, "example": 42}),
                2 => json!({"type": ["string", "null"], "format": "date-time"}),
                3 => json!({"type": "array", "items": {"$ref": format!("#/components/schemas/part-{number}")}}),
                _ => json!({"type": "string", "format": "uri", "example": "https://example.com/\u{e9}"}),
            };
            (format!("property_{at}"), property)
        });
        let thing = json!({
            "title": "A thing", "type": "object", "required": ["property_0", "property_1"],
            "description": "One of many, as the interface of a large service has them.",
            "properties": properties.collect::<Map<_, _>>(),
        });
        let part = json!({
            "type": "object", "required": ["id"],
            "properties": {
                "id": {"type": "integer", "readOnly": true},
                "node_id": {"type": "string"},
                "whole": {"anyOf": [{"$ref": format!("#/components/schemas/thing-{number}")}, {"type": "null"}]},
            },
        });
        let example = (0..40).map(|at| match at % 5 {
            0 => (format!("property_{at}"), json!("a thing of ours")),
            1 => (format!("property_{at}"), json!(at)),
            2 => (format!("property_{at}"), json!("2011-01-26T19:01:12Z")),
            3 => (
                format!("property_{at}"),
                json!([{"id": 1, "node_id": "MDEwOlJlcG9zaXRvcnkx"}]),
            ),
            _ => (
                format!("property_{at}"),
                json!("https://api.example.com/things/1"),
            ),
        });
        schemas.insert(format!("thing-{number}"), thing);
        schemas.insert(format!("part-{number}"), part);
        examples.insert(
            format!("thing-{number}"),
            json!({"value": example.collect::<Map<_, _>>()}),
        );
        let content = json!({"application/json": {
            "schema": {"$ref": format!("#/components/schemas/thing-{number}")},
            "examples": {"default": {"$ref": format!("#/components/examples/thing-{number}")}},
        }});
        let parameters =
            json!([{"name": "id", "in": "path", "required": true, "schema": {"type": "integer"}}]);
        let operation = |verb: &str| {
            json!({
                "summary": format!("{verb} a thing"), "operationId": format!("things/{verb}-{number}"),
                "description": "What it does, and for whom, and since when; a few lines of it.",
                "parameters": parameters,
                "responses": {"200": {"description": "Done", "content": content}, "404": {"description": "Not found"}},
            })
        };
        let mut update = operation("update");
        update["requestBody"] = json!({"required": true, "content": content});
        paths.insert(
            format!("/things-{number}/{{id}}"),
            json!({"get": operation("get"), "patch": update}),
        );
    }
    json!({
        "openapi": "3.1.0", "info": {"title": "Wide", "version": "1"}, "paths": paths,
        "components": {"schemas": schemas, "examples": examples},
    })
}

/// Schemas that each lead to all others, as "expandable" members do.
fn knotted(schemas: usize) -> Value {
    let (mut paths, mut all) = (Map::new(), Map::new());
    for number in 0..schemas {
        let properties = (1..=20).map(|at| {
            let other = (number * 7 + at * at * 31) % schemas;
            let property = json!({
                "description": "The other, whole or by its key.", "nullable": true,
                "anyOf": [{"maxLength": 5000, "type": "string"}, {"$ref": format!("#/components/schemas/knot_{other}")}],
                "x-expansionResources": {"oneOf": [{"$ref": format!("#/components/schemas/knot_{other}")}]},
            });
            (format!("member_{at}"), property)
        });
        let mut properties: Map<String, Value> = properties.collect();
        properties.insert(
            "id".to_owned(),
            json!({"type": "string", "maxLength": 5000}),
        );
        all.insert(
            format!("knot_{number}"),
            json!({"type": "object", "required": ["id"], "properties": properties, "x-expandableFields": ["member_1"]}),
        );
        let reply = json!({"200": {"description": "Done", "content": {
            "application/json": {"schema": {"$ref": format!("#/components/schemas/knot_{number}")}},
        }}});
        let id =
            json!([{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}]);
        let form =
            json!({"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}});
        let body = json!({"content": {"application/x-www-form-urlencoded": {"schema": form}}});
        paths.insert(
            format!("/v1/knots_{number}/{{id}}"),
            json!({
                "get": {"operationId": format!("GetKnot{number}"), "parameters": id, "responses": reply},
                "post": {"operationId": format!("PostKnot{number}"), "parameters": id, "requestBody": body, "responses": reply},
            }),
        );
    }
    json!({
        "openapi": "3.0.0", "info": {"title": "Knotted", "version": "1"}, "paths": paths,
        "components": {"schemas": all},
    })
}
