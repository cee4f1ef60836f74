use super::parse_json;
use super::query::Query;
use super::style::{Raw, typed};
use crate::spec::{ShapeId, Shapes, Style};
use crate::wire::{MediaType, Request, header};
use serde_json::Value;

/// A request's body as far as it could be read.
#[derive(Debug, Clone, PartialEq)]
pub enum Payload {
    /// There is none, and none is needed.
    Absent,
    /// Read, as the numbered one of the documented media types.
    Value(usize, Value),
    /// Taken as it is: its media type is documented, and nothing in it can be judged.
    Opaque(usize),
}

/// Why a body can't be judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BodyFault {
    /// The media type isn't a documented one; what was sent, for people.
    Unsupported(String),
    /// It can't be read as what it says it is, or must be there and isn't.
    Unreadable(String),
}

/// Reads the body as the documented media type that its `Content-Type` names most exactly.
/// `offers` are the documented types, each with the shape of its schema.
pub fn decode_body<'o>(
    request: &Request,
    required: bool,
    offers: impl Iterator<Item = (&'o MediaType, Option<ShapeId>)>,
    shapes: &Shapes,
) -> Result<Payload, BodyFault> {
    let mut fields = request.headers.get_all(header::CONTENT_TYPE).iter();
    let field = fields.next();
    if request.body.is_empty() && (field.is_none() || !required) {
        return match required {
            true => Err(BodyFault::Unreadable(
                "a body is required, and there is none".to_owned(),
            )),
            false => Ok(Payload::Absent),
        };
    }
    let unsupported = |what: &str| BodyFault::Unsupported(what.to_owned());
    let Some(field) = field else {
        return Err(unsupported("no Content-Type is given"));
    };
    if fields.next().is_some() {
        return Err(unsupported("more than one Content-Type is given"));
    }
    let text = field.to_str().unwrap_or("");
    let Some(media_type) = MediaType::parse(text).filter(|sent| !sent.is_range()) else {
        return Err(unsupported("the Content-Type is no media type"));
    };
    let charset = media_type.parameter("charset").unwrap_or("utf-8");
    if !["utf-8", "utf8", "us-ascii"]
        .iter()
        .any(|known| charset.eq_ignore_ascii_case(known))
    {
        return Err(unsupported("the charset is not UTF-8"));
    }
    let offer = offers
        .enumerate()
        .filter(|(_, (offer, _))| offer.takes_in(&media_type))
        .max_by_key(|(_, (offer, _))| offer.precision());
    let Some((index, (_, shape))) = offer else {
        return Err(BodyFault::Unsupported(format!(
            "{media_type} is not documented"
        )));
    };
    if request.body.is_empty() && required {
        return Err(BodyFault::Unreadable(
            "a body is required, and it is empty".to_owned(),
        ));
    }
    read(&media_type, &request.body, shape, shapes)
        .map(|value| match value {
            Some(value) => Payload::Value(index, value),
            None => Payload::Opaque(index),
        })
        .map_err(BodyFault::Unreadable)
}

fn read(
    media_type: &MediaType,
    body: &[u8],
    shape: Option<ShapeId>,
    shapes: &Shapes,
) -> Result<Option<Value>, String> {
    if media_type.is_json() {
        return parse_json(body)
            .map(Some)
            .map_err(|error| format!("the body is not JSON: {error}"));
    }
    let text = || std::str::from_utf8(body).map_err(|_| "the body is not UTF-8".to_owned());
    match media_type.essence().as_str() {
        "application/x-www-form-urlencoded" => form(text()?, shape, shapes).map(Some),
        essence if essence.starts_with("text/") => Ok(Some(text()?.into())),
        _ => Ok(None),
    }
}

fn form(text: &str, shape: Option<ShapeId>, shapes: &Shapes) -> Result<Value, String> {
    let query = Query::parse(text);
    if let Some((name, fault)) = query.faults.first() {
        return Err(format!("the form field `{name}` can't be read: {fault}"));
    }
    let mut members = Vec::new();
    let mut names: Vec<&str> = query.pairs().map(|(name, _)| name).collect();
    names.dedup();
    for name in names {
        if members.iter().any(|(known, _)| known == name) {
            continue;
        }
        let property = shape.and_then(|id| shapes.get(id).properties.get(name));
        let field = crate::spec::Parameter {
            name: name.to_owned(),
            location: crate::spec::Location::Query,
            required: false,
            style: Style::Form,
            explode: true,
            media_type: None,
            schema: None,
            at: Default::default(),
        };
        let shape = property.map(|property| shapes.get(shapes.of_property(property)));
        let raw = query
            .read(&field, shape)
            .map_err(|fault| format!("`{name}` {fault}"))?;
        members.push((name.to_owned(), raw.unwrap_or(Raw::Text(String::new()))));
    }
    Ok(typed(Raw::Members(members), shapes, shape))
}
