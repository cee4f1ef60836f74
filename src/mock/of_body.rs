//! What header fields tell of the body that they go before: its digests, its range, its length, and
//! how many items there are.

use super::error_body::names_value;
use super::name::plain;
use super::paging::link_to_itself;
use super::prepared::Contents;
use super::{PreparedField, PreparedResponse};
use crate::encode::{digests, encode_header, extension, md5_of};
use crate::sample::{Role, role};
use crate::wire::{HeaderValue, MediaType, Reply, StatusCode, field_of_text, header};
use serde_json::Value;

/// Of a longer body nothing is counted.
const COUNTED: usize = 1024 * 1024;

/// What a documented field tells of the body of a reply, where it is one of these and the document
/// has no example of it. Nothing where it's another, or its schema doesn't take what it would tell.
pub(super) fn told_of_body(
    contents: Contents<'_>,
    (response, at): (&PreparedResponse, Option<(&str, &str, &str)>),
    field: &PreparedField,
    reply: &Reply,
) -> Option<HeaderValue> {
    let declared = &field.reader.declared;
    if !declared.examples.is_empty() {
        return None;
    }
    let body = &reply.body;
    let name = field.reader.name.as_str();
    let told: Vec<Value> = match name {
        // RFC 9530 §2, RFC 3230 §4.3.2.
        "content-digest" | "repr-digest" | "digest" => {
            digests(name, body).into_iter().map(Value::from).collect()
        }
        "content-md5" => vec![md5_of(body).into()],
        // A file is called as its media type is written (RFC 6266 §4.3).
        "content-disposition" => {
            let says = |at| names_value(contents.document, at);
            if declared.schema.is_some_and(says) {
                return None;
            }
            let sent = MediaType::parse(reply.header(&header::CONTENT_TYPE)?)?;
            vec![format!("attachment; filename=\"file.{}\"", extension(&sent)?).into()]
        }
        "content-range" => vec![range(reply)?.into()],
        // No body is kept to be sent again.
        name if name.ends_with("-replayed") => vec![false.into(), "false".into()],
        // Where else it might lead nobody knows.
        "link" => vec![link_to_itself(at?).into()],
        // `X-Content-Length`, `X-Uncompressed-Content-Length`.
        name if name.ends_with("-content-length") => {
            vec![body.len().into(), body.len().to_string().into()]
        }
        name if counts(name) => {
            let count = count(contents, response, reply)?;
            vec![count.into(), count.to_string().into()]
        }
        // `X-Unread-Count`.
        name => {
            let so = name.strip_suffix("-count")?;
            let so = so.strip_prefix("x-").unwrap_or(so);
            let count = count_so(contents, response, reply, so)?;
            vec![count.into(), count.to_string().into()]
        }
    };
    let fits = |value: &&Value| {
        let schema = field.schema;
        schema.is_none_or(|schema| contents.schemas.is_valid(schema, value))
    };
    let value = told.iter().find(fits)?;
    field_of_text(&encode_header(value, declared)?)
}

/// The range that a body is of (RFC 9110 §14.4): of a whole one its own octets; of none where none
/// can be satisfied.
fn range(reply: &Reply) -> Option<String> {
    match (reply.status, reply.body.len()) {
        (StatusCode::RANGE_NOT_SATISFIABLE, _) => Some("bytes */0".to_owned()),
        (_, 0) => None,
        (_, length) => Some(format!("bytes 0-{}/{length}", length - 1)),
    }
}

/// Whether a field tells how many items there are.
fn counts(name: &str) -> bool {
    matches!(
        name,
        "x-total-count"
            | "total-count"
            | "x-total"
            | "x-total-items"
            | "x-total-results"
            | "x-total-records"
            | "x-pagination-total-count"
            | "x-pagination-total"
            | "pagination-total"
    )
}

/// How many of the items that a body lists are so as flags or statuses of theirs tell; nothing where
/// they tell nothing of it.
fn count_so(
    contents: Contents<'_>,
    response: &PreparedResponse,
    reply: &Reply,
    so: &str,
) -> Option<u64> {
    if reply.body.len() > COUNTED {
        return None;
    }
    let body = response.read(contents.shapes, reply)?;
    let rows = match body.as_array() {
        Some(rows) => rows,
        None => {
            let mut lists = body.as_object()?.values().filter_map(Value::as_array);
            lists.next()?
        }
    };
    let opposite = so.strip_prefix("un");
    let is_so = |row: &Value| {
        let mut told = row.as_object()?.iter().filter_map(|(name, value)| {
            let flag = plain(name);
            let flag = flag.strip_prefix("is").unwrap_or(&flag);
            match value {
                Value::Bool(told) if flag == so => Some(*told),
                Value::Bool(told) if Some(flag) == opposite => Some(!told),
                Value::String(status) if role(name) == Some(Role::Status) => {
                    Some(plain(status) == so)
                }
                _ => None,
            }
        });
        told.next()
    };
    let told: Option<Vec<bool>> = rows.iter().map(is_so).collect();
    let told = told.filter(|told| !told.is_empty())?;
    Some(told.into_iter().filter(|is_so| *is_so).count() as u64)
}

/// How many items there are, as a body says it: what it calls its total, else how many it lists.
fn count(contents: Contents<'_>, response: &PreparedResponse, reply: &Reply) -> Option<u64> {
    if reply.body.len() > COUNTED {
        return None;
    }
    let body = response.read(contents.shapes, reply)?;
    if let Some(items) = body.as_array() {
        return Some(items.len() as u64);
    }
    let told = |members: &Value| {
        let mut members = members.as_object()?.iter();
        members.find_map(|(name, value)| {
            let is_count = matches!(role(name), Some(Role::Count | Role::Sum));
            value.as_u64().filter(|_| is_count)
        })
    };
    let within = || body.as_object()?.values().find_map(told);
    let list = || {
        let mut lists = body.as_object()?.values().filter_map(Value::as_array);
        lists.next().map(|items| items.len() as u64)
    };
    told(&body).or_else(within).or_else(list)
}
