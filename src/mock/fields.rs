//! The header fields that a response documents, each with a valid value in its style.

use super::body::TURNS;
use super::prepared::Contents;
use super::standin::forms;
use super::{Prepared, PreparedField};
use crate::decode::FieldReader;
use crate::encode::{encode_header, extension};
use crate::sample::{Order, sample};
use crate::spec::{Encoding, Header, Location};
use crate::validate::{Schemas, View, check_fields};
use crate::wire::{HeaderMap, HeaderName, HeaderValue, MediaType, Reply, Request, field_of_text};
use serde_json::Value;
use std::borrow::Cow;

/// Fields of the connection and the body, which are not the document's to set.
const OURS: [&str; 12] = [
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "date",
    "host",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// The fields of a name with a value that someone wrote: in the style that is documented for it,
/// else as a text; several for a list of cookies.
///
/// # Errors
/// Why no reply can have it, as a sentence.
pub fn header_fields(
    name: &str,
    value: &Value,
    declared: &[Header],
) -> Result<Vec<(HeaderName, HeaderValue)>, String> {
    let Ok(field) = name.to_ascii_lowercase().parse::<HeaderName>() else {
        return Err("this is no name of a header field".to_owned());
    };
    if OURS.contains(&field.as_str()) {
        return Err("the server sets this field itself".to_owned());
    }
    let mut declared = declared.iter();
    let header = declared.find(|header| header.name.eq_ignore_ascii_case(name));
    let values = match (field.as_str(), value) {
        ("set-cookie", Value::Array(cookies)) => cookies.iter().collect(),
        (_, value) => vec![value],
    };
    let write = |value: &Value| {
        let text = match (header, value) {
            (Some(header), value) => encode_header(value, header),
            (None, Value::String(text)) => Some(text.clone()),
            (None, Value::Number(_) | Value::Bool(_)) => Some(value.to_string()),
            (None, _) => None,
        };
        let value = text.and_then(|text| HeaderValue::from_str(&text).ok());
        value.ok_or_else(|| "no header field can have this value".to_owned())
    };
    let values = values.into_iter().map(write);
    let fields = values.map(|value| Ok((field.clone(), value?)));
    fields.collect()
}
/// The characters of a value that are told.
const TOLD: usize = 100;

/// The fields that are documented, with a value each; several for a list of cookies. `sent` is the
/// media type of the body that they go before.
pub(super) fn documented(
    contents: Contents<'_>,
    headers: &[Header],
    sent: Option<&MediaType>,
    seed: &str,
) -> Vec<(HeaderName, HeaderValue)> {
    let mut fields = Vec::new();
    for header in headers {
        let Ok(name) = header.name.to_ascii_lowercase().parse::<HeaderName>() else {
            continue;
        };
        if OURS.contains(&name.as_str()) {
            continue;
        }
        fields.extend(written(contents, header, (&name, sent), seed).fields);
    }
    agree(contents, headers, &mut fields);
    fields
}

/// Says again in a reply what the request says in a field of the same name that both document: the
/// key or the id by which a client knows its request (`Idempotency-Key`, `X-Request-Id`).
pub fn say_again(schemas: &Schemas, operation: &Prepared, request: &Request, reply: &mut Reply) {
    let Some(response) = operation.response(reply.status.as_u16()) else {
        return;
    };
    for field in &response.fields {
        let name = &field.reader.name;
        let mut declared = operation.parameters.iter();
        let is_asked = declared.any(|reader| {
            let parameter = &reader.parameter;
            parameter.location == Location::Header
                && parameter.name.eq_ignore_ascii_case(name.as_str())
        });
        let mut sent = request.headers.get_all(name).iter();
        let only = sent.next().filter(|_| sent.next().is_none());
        let text = only.and_then(|value| value.to_str().ok());
        let Some(text) = text.filter(|_| is_asked && !reply.headers.contains_key(name)) else {
            continue;
        };
        let forms = forms(&text.into());
        let fits = |value: &Value| field.schema.is_none_or(|id| schemas.is_valid(id, value));
        if field.reader.declared.examples.is_empty() && forms.iter().any(fits) {
            reply.set(name.clone(), text);
        }
    }
}

/// No more of a limit remains than there is of it: `X-RateLimit-Remaining` beside
/// `X-RateLimit-Limit`, of which neither has an example.
fn agree(contents: Contents<'_>, headers: &[Header], fields: &mut [(HeaderName, HeaderValue)]) {
    let number = |fields: &[(HeaderName, HeaderValue)], name: &str| {
        let (_, value) = fields.iter().find(|(known, _)| known == name)?;
        value.to_str().ok()?.parse::<u64>().ok()
    };
    let names: Vec<String> = fields.iter().map(|(name, _)| name.to_string()).collect();
    for name in names {
        let Some(stem) = name.strip_suffix("remaining") else {
            continue;
        };
        let limit = number(fields, &format!("{stem}limit"));
        let (Some(limit), Some(left)) = (limit, number(fields, &name)) else {
            continue;
        };
        let left = match left > limit {
            true => limit - limit / 5,
            false => left,
        };
        for (name, value) in [(name.clone(), left), (format!("{stem}used"), limit - left)] {
            let mut declared = headers.iter();
            let declared = declared.find(|header| header.name.eq_ignore_ascii_case(&name));
            let field = fields.iter_mut().find(|(known, _)| *known == *name);
            let (Some(declared), Some((_, field))) = (declared, field) else {
                continue;
            };
            let schema = declared
                .schema
                .map(|at| contents.schemas.at(View::Reply, at));
            let fits = |value: &Value| {
                schema.is_none_or(|schema| contents.schemas.is_valid(schema, value))
            };
            let values = [Value::from(value), Value::from(value.to_string())];
            let value = values.iter().find(|value| fits(value));
            let written = value.and_then(|value| carried(value, declared));
            if let Some(written) = written.filter(|_| declared.examples.is_empty()) {
                *field = written;
            }
        }
    }
}

/// Why a field is left out that nothing is wrong with.
const IS_NULL: &str = "its value is null";

/// What came of writing a field.
struct Written {
    /// With a value that a reader takes for what it is; where none was found, with one that it
    /// doesn't, or none at all.
    fields: Vec<(HeaderName, HeaderValue)>,
    /// Why no value was found that will do, in words.
    fault: Option<String>,
}

/// A field with a value, several for a list of cookies: one value after another until a reader
/// takes one for what it is.
fn written(
    contents: Contents<'_>,
    header: &Header,
    said: (&HeaderName, Option<&MediaType>),
    seed: &str,
) -> Written {
    let (name, _) = said;
    let shape = header.schema.map(|at| contents.shapes.of(at));
    let reader = FieldReader::new(header.clone(), shape);
    let schema = header.schema.map(|at| contents.schemas.at(View::Reply, at));
    let misread = |fields: &[(HeaderName, HeaderValue)]| {
        let headers: HeaderMap = fields.iter().cloned().collect();
        let read = reader.iter().map(|reader| (reader, schema));
        let (document, schemas) = (contents.document, contents.schemas);
        let found = check_fields(document, read, schemas, contents.shapes, &headers);
        found.into_iter().next()
    };
    let mut first = Vec::new();
    let mut fault = None;
    for turn in 0..TURNS {
        let Some(value) = value(contents, header, said, (seed, turn)) else {
            fault.get_or_insert_with(|| "no valid value of it was found".to_owned());
            break;
        };
        let told: String = value.to_string().chars().take(TOLD).collect();
        let values = match (name.as_str(), value) {
            ("set-cookie", Value::Array(cookies)) => cookies,
            (_, value) => vec![value],
        };
        let cookies = values
            .iter()
            .enumerate()
            .map(|(number, value)| match value {
                Value::String(text) if name.as_str() == "set-cookie" && turn < TURNS - 1 => {
                    Value::String(named_cookie(text, number))
                }
                value => value.clone(),
            });
        let values: Vec<Value> = cookies.collect();
        let values = values.iter().filter_map(|value| carried(value, header));
        let fields: Vec<(HeaderName, HeaderValue)> =
            values.map(|value| (name.clone(), value)).collect();
        let why = match (fields.is_empty(), told.as_str()) {
            (true, "null") => IS_NULL.to_owned(),
            (true, told) => format!("no header field can carry its value {told}"),
            (false, _) => match misread(&fields) {
                None => {
                    return Written {
                        fields,
                        fault: None,
                    };
                }
                Some(breach) => format!("what is read from its value {told} {}", breach.detail),
            },
        };
        fault.get_or_insert(why);
        if first.is_empty() {
            first = fields;
        }
    }
    // What is read otherwise than it is meant is worth something only where something must be there.
    first.retain(|_| header.required);
    Written {
        fields: first,
        fault,
    }
}

/// A cookie that has a name (RFC 6265 §4.1.1), where what is drawn has none.
fn named_cookie(text: &str, number: usize) -> String {
    const NAMES: [&str; 4] = ["id", "visit", "theme", "lang"];
    let is_named = text
        .split(';')
        .next()
        .is_some_and(|pair| pair.contains('='));
    if is_named {
        return text.to_owned();
    }
    let value: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
    match NAMES.get(number) {
        Some(name) => format!("{name}={value}; Path=/"),
        None => format!("cookie{number}={value}; Path=/"),
    }
}

/// A value as a field. What many clients can't read, as it leaves ASCII, is sent only where the
/// document has it as its example, or the field has to be there.
fn carried(value: &Value, header: &Header) -> Option<HeaderValue> {
    let text = encode_header(value, header)?;
    let is_sent = text.is_ascii() || header.required || header.examples.contains(value);
    field_of_text(&text).filter(|_| is_sent)
}

/// A value for a field; after the first turn, one that owes nothing to examples.
fn value(
    contents: Contents<'_>,
    header: &Header,
    (name, sent): (&HeaderName, Option<&MediaType>),
    (seed, turn): (&str, usize),
) -> Option<Value> {
    let schema = header.schema?;
    let id = contents.schemas.at(View::Reply, schema);
    let mut examples = header.examples.iter().filter(|_| turn == 0);
    if let Some(example) = examples.find(|example| contents.schemas.is_valid(id, example)) {
        return Some(example.clone());
    }
    let usual = usual(name.as_str(), sent);
    let order = Order {
        schema,
        view: View::Reply,
        seed: &match turn {
            0 => seed.to_owned(),
            turn => format!("{seed} {turn}"),
        },
        is_dynamic: turn > 0,
        locale: contents.sampling.locale(contents.document),
        names: &[&header.name],
        hint: usual.as_deref(),
        wish: None,
    };
    sample(contents.document, contents.schemas, &order).ok()
}

/// Gives the fields of parts that must be there a value that they are written with, where the
/// document has no example of it.
pub(super) fn complete(contents: Contents<'_>, view: View, encodings: &mut [(String, Encoding)]) {
    let headers = encodings.iter_mut().flat_map(|(_, own)| &mut own.headers);
    for header in headers.filter(|header| header.required) {
        let Some(schema) = header.schema else {
            continue;
        };
        let id = contents.schemas.at(view, schema);
        let is_valid = |value: &Value| contents.schemas.is_valid(id, value);
        if header.examples.iter().any(is_valid) {
            continue;
        }
        let Ok(name) = HeaderName::from_bytes(header.name.as_bytes()) else {
            continue;
        };
        let usual = usual(name.as_str(), None);
        let order = Order {
            schema,
            view,
            seed: &contents.sampling.seed,
            is_dynamic: false,
            locale: contents.sampling.locale(contents.document),
            names: &[&header.name],
            hint: usual.as_deref(),
            wish: None,
        };
        if let Ok(made) = sample(contents.document, contents.schemas, &order) {
            header.examples.insert(0, made);
        }
    }
}

/// Why a documented field is in no reply, in words; nothing where one could have been.
pub fn unsent<'f>(contents: Contents<'_>, field: &'f PreparedField) -> Option<&'f str> {
    let why = field.unsent.get_or_init(|| {
        let (header, name) = (&field.reader.declared, &field.reader.name);
        if OURS.contains(&name.as_str()) {
            return Some("only the server sets it".to_owned());
        }
        let written = written(contents, header, (name, None), &contents.sampling.seed);
        written.fault.filter(|_| written.fields.is_empty())
    });
    why.as_deref()
}

/// Why no reply has a documented field with a value that is valid, in words. The fields that only
/// the server sets are no concern of the document, and a field whose value is null
/// is left out where it needn't be there.
pub fn uncarried(contents: Contents<'_>, field: &PreparedField) -> Option<String> {
    let (header, name) = (&field.reader.declared, &field.reader.name);
    if OURS.contains(&name.as_str()) || header.schema.is_none() {
        return None;
    }
    let written = written(contents, header, (name, None), &contents.sampling.seed);
    written
        .fault
        .filter(|fault| header.required || fault != IS_NULL)
}

/// What a field of this name usually says.
fn usual(name: &str, sent: Option<&MediaType>) -> Option<Cow<'static, str>> {
    let usual = match name {
        "etag" => "\"5d8c72a5edda8d6a\"",
        "last-modified" | "expires" => "Mon, 15 Jan 2024 09:00:00 GMT",
        "location" | "content-location" => "/",
        "link" => "</>; rel=\"self\"",
        "retry-after" => "120",
        "cache-control" => "no-cache",
        "content-disposition" => {
            let extension = sent.and_then(extension).unwrap_or("txt");
            return Some(format!("attachment; filename=\"file.{extension}\"").into());
        }
        "content-language" => "en",
        "content-md5" => "1B2M2Y8AsgTpgAmY7PhCfg==",
        "digest" => "sha-256=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
        "content-digest" | "repr-digest" => {
            "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:"
        }
        "content-range" => "bytes 0-0/1",
        "accept-ranges" => "bytes",
        "set-cookie" => "id=d2f5a8c1; Path=/; HttpOnly",
        "vary" => "Accept",
        "allow" => "GET, HEAD",
        "www-authenticate" => "Bearer",
        "sunset" => "Mon, 15 Jan 2035 09:00:00 GMT",
        "deprecation" => "@1705309200",
        "via" => "1.1 proxy",
        "traceparent" => "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "proxy-authenticate" => "Basic realm=\"proxy\"",
        "accept-patch" => "application/merge-patch+json",
        "refresh" => "5",
        "server-timing" => "total;dur=12",
        "pragma" => "no-cache",
        "warning" => "199 - \"Something is unusual\"",
        "preference-applied" => "return=representation",
        "age" => "60",
        "server" => "server",
        "strict-transport-security" => "max-age=31536000",
        "access-control-allow-origin" => "*",
        _ => return None,
    };
    Some(usual.into())
}

/// Sets documented fields that the reply hasn't got yet.
pub(super) fn add<'f>(
    reply: &mut Reply,
    fields: impl Iterator<Item = &'f (HeaderName, HeaderValue)>,
) {
    let mut last = None;
    for (name, value) in fields {
        // Those of one name stand side by side.
        if last == Some(name) || !reply.headers.contains_key(name) {
            reply.headers.append(name, value.clone());
            last = Some(name);
        }
    }
}
