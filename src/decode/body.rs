use super::charset::Charset;
use super::coding;
use super::media::{Entity, Kind, Read, charset_of, read_media};
use super::unwritten::add_lists;
use crate::spec::{At, Encoding, ShapeId, Shapes};
use crate::wire::{MediaType, Method, Pointer, Request, header};
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

/// A documented media type, with what reading a body of it takes.
#[derive(Debug, Clone, Copy)]
pub struct Offer<'o> {
    /// The media type or range.
    pub media_type: &'o MediaType,
    /// The shape of its schema.
    pub shape: Option<ShapeId>,
    /// The shape of the schema of each item.
    pub item_shape: Option<ShapeId>,
    /// How its properties are written, by name.
    pub encoding: &'o [(String, Encoding)],
}

/// A body, and what is wrong with it that its schema doesn't see.
#[derive(Debug, Clone, PartialEq)]
pub struct Body {
    /// What it says.
    pub payload: Payload,
    /// What of its parts isn't as documented.
    pub breaches: Vec<BodyBreach>,
    /// The header fields of its parts that have a schema.
    pub fields: Vec<PartField>,
    /// Whether it is a list of items that are each judged alone: by the schema of items, else by
    /// the schema of the whole.
    pub in_items: bool,
}

/// A part of a body that isn't written as documented.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BodyBreach {
    /// Where in the value.
    pub pointer: Pointer,
    /// The keyword that it breaks.
    pub rule: &'static str,
    /// What was expected and what was there, as a sentence's predicate.
    pub detail: String,
}

/// A header field of a part, read as its schema says.
#[derive(Debug, Clone, PartialEq)]
pub struct PartField {
    /// Where the part is in the value.
    pub pointer: Pointer,
    /// The name of the field, as it is declared.
    pub name: String,
    /// Its schema.
    pub schema: At,
    /// What it says.
    pub value: Value,
}

/// Why a body can't be judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BodyFault {
    /// The media type isn't a documented one; what was sent, for people.
    Unsupported(String),
    /// Its `Content-Encoding` is not one that is undone.
    UnknownCoding(String),
    /// Without its `Content-Encoding` it is larger than a body may be.
    TooLarge(String),
    /// It can't be read as what it says it is, or must be there and isn't.
    Unreadable(String),
}

impl From<Payload> for Body {
    fn from(payload: Payload) -> Body {
        Body {
            payload,
            breaches: Vec::new(),
            fields: Vec::new(),
            in_items: false,
        }
    }
}

/// Reads what a request carries to an operation that documents no body: it is passed over, or,
/// where it is judged, of a type that isn't documented. In a method that gives a body no meaning
/// it is never judged (RFC 9110 §9.3.1, §9.3.2, §9.3.5, §9.3.7).
pub fn decode_undocumented(request: &Request, is_judged: bool) -> Result<Payload, BodyFault> {
    let passes = [Method::GET, Method::HEAD, Method::DELETE, Method::OPTIONS];
    match !is_judged || request.body.is_empty() || passes.contains(&request.method) {
        true => Ok(Payload::Absent),
        false => Err(BodyFault::Unsupported(
            "a body is sent, and none is documented".to_owned(),
        )),
    }
}

/// Reads the body as the documented media type that its `Content-Type` names most exactly.
pub fn decode_body<'o>(
    request: &Request,
    required: bool,
    offers: impl Iterator<Item = Offer<'o>>,
    shapes: &Shapes,
) -> Result<Body, BodyFault> {
    let mut fields = request.headers.get_all(header::CONTENT_TYPE).iter();
    let field = fields.next();
    if request.body.is_empty() && (field.is_none() || !required) {
        return match required {
            true => Err(BodyFault::Unreadable(
                "a body is required, and there is none".to_owned(),
            )),
            false => Ok(Payload::Absent.into()),
        };
    }
    let unsupported = |what: &str| BodyFault::Unsupported(what.to_owned());
    let Some(field) = field else {
        return Err(unsupported("no Content-Type is given"));
    };
    if fields.next().is_some() {
        return Err(unsupported("more than one Content-Type is given"));
    }
    let text = std::str::from_utf8(field.as_bytes()).unwrap_or("");
    let Some(media_type) = MediaType::parse(text).filter(|sent| !sent.is_range()) else {
        return Err(unsupported("the Content-Type is no media type"));
    };
    let charset = charset_of(&media_type).map_err(|charset| {
        let known = "UTF-8, US-ASCII, ISO-8859-1 and UTF-16 are";
        BodyFault::Unsupported(format!("the charset {charset} is not read; {known}"))
    })?;
    let offer = offers
        .enumerate()
        .filter(|(_, offer)| offer.media_type.takes_in(&media_type))
        .max_by_key(|(_, offer)| offer.media_type.nearness(&media_type));
    let Some((index, offer)) = offer else {
        return Err(BodyFault::Unsupported(format!(
            "{media_type} is not documented"
        )));
    };
    // Another charset than everyone's is a part of what has to be documented.
    let is_plain = charset.is_none_or(Charset::is_utf8);
    if !is_plain && offer.media_type.parameter("charset").is_none() {
        return Err(BodyFault::Unsupported(format!(
            "{media_type} is not documented; without its charset, as UTF-8, it is"
        )));
    }
    let bytes = coding::undo(&request.headers, &request.body)?;
    if bytes.is_empty() && required && !Kind::of(&media_type).may_be_empty() {
        return Err(BodyFault::Unreadable(
            "a body is required, and it is empty".to_owned(),
        ));
    }
    match read_media(&offer.entity(&media_type, &bytes, shapes)) {
        Ok(read) => Ok(Body::of(read, index)),
        Err(fault) => Err(BodyFault::Unreadable(format!("the body {fault}"))),
    }
}

/// Reads a reply's body, which is sent as a media type, as the documented one that this is. Says
/// what can't be read as a sentence's predicate.
pub fn decode_reply(
    body: &[u8],
    media_type: &MediaType,
    offer: Offer<'_>,
    shapes: &Shapes,
) -> Result<Body, String> {
    let mut read = read_media(&offer.entity(media_type, body, shapes))?;
    if let Some(read) = &mut read {
        add_lists(&mut read.value, Kind::of(media_type), shapes, offer.shape);
    }
    Ok(Body::of(read, 0))
}

impl<'o> Offer<'o> {
    fn entity(self, media_type: &'o MediaType, bytes: &'o [u8], shapes: &'o Shapes) -> Entity<'o> {
        Entity {
            media_type,
            bytes,
            shape: self.shape,
            item_shape: self.item_shape,
            encoding: self.encoding,
            shapes,
        }
    }
}

impl Body {
    fn of(read: Option<Read>, index: usize) -> Body {
        match read {
            Some(Read {
                value,
                breaches,
                fields,
                in_items,
            }) => Body {
                payload: Payload::Value(index, value),
                breaches,
                fields,
                in_items,
            },
            None => Payload::Opaque(index).into(),
        }
    }
}
