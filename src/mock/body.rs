//! The body of a reply out of the contract alone: an example, or a sample of its schema.

use super::breaches::breaches;
use super::prepared::Contents;
use super::{PreparedContent, Rejection, withhold};
use crate::decode::{Kind, Payload, decode_reply};
use crate::encode::{Encoded, Layout, encode_body, text_of};
use crate::sample::{FULL_SIZE, Order, beginning};
use crate::spec::Example;
use crate::validate::{Place, SchemaId, View, Violation};
use crate::wire::{Bytes, EntityTag, MediaType, Pointer, applied, quoted};
use serde_json::{Value, json};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock};

/// How many samples are drawn for a media type that may not be able to carry them.
pub(super) const TURNS: usize = 24;

/// A body, with where it is from.
#[derive(Debug, Clone)]
pub struct Body {
    /// The value.
    pub value: Value,
    /// Where it is from, in words.
    pub source: Arc<str>,
    /// Whether it was made up, by parts of examples or without.
    pub is_sample: bool,
}

/// A body that is the same for everyone, ready to be sent.
#[derive(Debug)]
pub struct Ready {
    /// The body.
    pub body: Body,
    /// The same as bytes.
    pub encoded: Encoded,
    /// Whether the bytes were found valid.
    pub is_sound: AtomicBool,
    /// The tag of the bytes, once a reply had it.
    pub(super) tag: OnceLock<EntityTag>,
}

/// Why there is no body.
#[derive(Debug, Clone)]
pub enum NoBody {
    /// The schema can't be used.
    Broken(String),
    /// No value was found for it, or the media type has no form for that.
    Fault(String),
}

impl std::fmt::Display for NoBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (NoBody::Broken(why) | NoBody::Fault(why)) = self;
        f.write_str(why)
    }
}

impl From<NoBody> for Rejection {
    fn from(why: NoBody) -> Rejection {
        match why {
            NoBody::Broken(why) => Rejection::Broken(why),
            NoBody::Fault(why) => Rejection::Fault(why),
        }
    }
}

/// What a generated body is drawn from, where a client says so.
#[derive(Debug, Clone, Copy)]
pub struct Drawing<'d> {
    /// The seed.
    pub seed: &'d str,
    /// Whether examples are left aside.
    pub is_dynamic: bool,
}

impl PreparedContent {
    /// The body that is sent where nobody asks for another: made when it is first needed.
    pub fn ready(&self, contents: Contents<'_>) -> Result<&Ready, NoBody> {
        let made = self.ready.get_or_init(|| {
            let (body, encoded) = match self.example(contents) {
                Some(body) => {
                    let encoded = self.encode(contents, &body.value, true, None)?;
                    (body, encoded)
                }
                None => self.sample(contents, None, None)?,
            };
            Ok(Box::new(Ready {
                is_sound: AtomicBool::new(body.is_sample),
                body,
                encoded,
                tag: OnceLock::new(),
            }))
        });
        made.as_ref().map(|ready| &**ready).map_err(NoBody::clone)
    }

    /// The same, where these are its bytes and no copy of them.
    pub fn ready_of(&self, bytes: &Bytes) -> Option<&Ready> {
        let ready = self.ready.get()?.as_ref().ok()?;
        let own = &ready.encoded.body;
        (own.as_ptr() == bytes.as_ptr() && own.len() == bytes.len()).then_some(ready)
    }

    /// The value of the body that is ready, for a reader who sees the beginning of it: of a sample of
    /// JSON with more values than `end`, no more than that.
    pub fn begun(&self, contents: Contents<'_>, end: usize) -> Option<Value> {
        let is_sample = self.declared.examples.is_empty() && self.media_type.is_json();
        match is_sample {
            true => Some(self.drawn(contents, None, 0, end).ok()?.value),
            false => Some(self.ready(contents).ok()?.body.value.clone()),
        }
    }

    /// The first example that is valid.
    fn example(&self, contents: Contents<'_>) -> Option<Body> {
        let mut examples = self.declared.examples.iter();
        examples.find_map(|example| {
            let body = self.shown(contents, example);
            let schema = self.declared.schema.map(|at| contents.document.node(at));
            let nulls_stand =
                schema.is_none_or(|schema| contents.schemas.allows_nulls(schema, &body.value));
            let found = self.breaches_of_example(contents, View::Reply, &body.value);
            (nulls_stand && found.is_empty()).then_some(body)
        })
    }

    /// How an example breaks the schema: as a value, or where it is a text as the body that it is, if
    /// no value of the schema is a text.
    pub fn breaches_of_example(
        &self,
        contents: Contents<'_>,
        view: View,
        example: &Value,
    ) -> Vec<Violation> {
        let read = self.said_as_json(contents, example);
        let example = read.as_ref().unwrap_or(example);
        let check = |schema| contents.schemas.check(schema, example, &Place::Body);
        let own = self.schema.map(check).unwrap_or_default();
        let shape = self.shape.map(|id| contents.shapes.get(id));
        let takes_text = shape.is_some_and(|shape| shape.types.has("string"));
        match takes_text && own.is_empty() {
            true => own,
            false => self.said_by_text(contents, view, example).unwrap_or(own),
        }
    }

    /// How an example breaks the schema that is a body already, written out in its media type:
    /// what it says is judged, as of a body that was sent. Nothing where that says no value.
    fn said_by_text(
        &self,
        contents: Contents<'_>,
        view: View,
        example: &Value,
    ) -> Option<Vec<Violation>> {
        let is_text = example.is_string() && !self.media_type.is_json();
        if !is_text || self.media_type.is_range() {
            return None;
        }
        let sent = self.encode(contents, example, true, None).ok()?;
        let media_type = MediaType::parse(&sent.content_type)?;
        match decode_reply(&sent.body, &media_type, self.offer(), contents.shapes) {
            Ok(body) => {
                let is_read = matches!(body.payload, Payload::Value(..));
                is_read.then(|| breaches(contents.schemas, Some(self), view, &body))
            }
            Err(detail) => Some(vec![Violation {
                place: Place::Body(Pointer::root()),
                rule: "syntax".to_owned(),
                detail,
                origin: None,
            }]),
        }
    }

    /// The object or list that an example of JSON has written out in a text, where there is a schema
    /// and no value of it is a text: so many documents have them.
    fn said_as_json(&self, contents: Contents<'_>, example: &Value) -> Option<Value> {
        let text = example.as_str().filter(|_| self.media_type.is_json())?;
        // Where no schema says what it is, it is what it says.
        let shape = contents.shapes.get(self.shape?);
        if shape.types.has("string") {
            return None;
        }
        let is_open = text.trim_start().starts_with(['{', '[']);
        is_open.then(|| serde_json::from_str(text).ok()).flatten()
    }

    /// An example as the server may send it: what only a client may send stands in many all the
    /// same.
    pub(super) fn shown(&self, contents: Contents<'_>, example: &Example) -> Body {
        let read = self.said_as_json(contents, &example.value);
        let mut value = read.unwrap_or_else(|| example.value.clone());
        if let Some(shape) = self.shape {
            withhold(contents.shapes, shape, &mut value, View::Reply);
        }
        let origin = contents.document.origin(example.at);
        let source = match example.name.as_str() {
            "" => format!("example at {origin}"),
            name => format!("example {name:?} at {origin}"),
        };
        Body {
            value,
            source: source.into(),
            is_sample: false,
        }
    }

    /// A sample of the schema, and the same as bytes that say it: a value that the media type
    /// can't carry, such as a control character in XML, gives way to another.
    pub(super) fn sample(
        &self,
        contents: Contents<'_>,
        drawing: Option<Drawing<'_>>,
        named: Option<&MediaType>,
    ) -> Result<(Body, Encoded), NoBody> {
        let mut why = String::new();
        for turn in 0..TURNS {
            let body = self.drawn(contents, drawing, turn, usize::MAX)?;
            match self.encode(contents, &body.value, false, named) {
                Ok(encoded) => match self.misread(contents, &encoded) {
                    None => return Ok((body, encoded)),
                    Some(breach) => why = format!("what is read from it {breach}"),
                },
                Err(fault) => why = fault.to_string(),
            }
        }
        let place = contents.document.origin(self.declared.at);
        Err(NoBody::Fault(format!(
            "no sample for {place} that {} can carry: {why}",
            self.name
        )))
    }

    /// Whether the media type carries a body, so that what is read from it is valid too.
    pub(super) fn carries(&self, contents: Contents<'_>, body: &Value) -> bool {
        let encoded = || self.encode(contents, body, false, None);
        self.kind() == Kind::Json
            || encoded().is_ok_and(|encoded| self.misread(contents, &encoded).is_none())
    }

    /// How what is read from a body breaks the schema, where it isn't JSON, which says all that is
    /// put into it.
    pub(super) fn misread(&self, contents: Contents<'_>, encoded: &Encoded) -> Option<String> {
        let media_type = MediaType::parse(&encoded.content_type);
        let media_type = media_type.filter(|media_type| !media_type.is_json())?;
        match decode_reply(&encoded.body, &media_type, self.offer(), contents.shapes) {
            Ok(body) => {
                let found = breaches(contents.schemas, Some(self), View::Reply, &body);
                let told = |violation: &Violation| match violation.place.to_string().as_str() {
                    "body" => violation.detail.clone(),
                    place => format!("is wrong in the {place}, which {}", violation.detail),
                };
                found.first().map(told)
            }
            Err(fault) => Some(fault),
        }
    }

    /// A sample of the schema; after the first turn, one that owes nothing to examples. Of one with
    /// more values than `end` no more than the beginning.
    fn drawn(
        &self,
        contents: Contents<'_>,
        drawing: Option<Drawing<'_>>,
        turn: usize,
        end: usize,
    ) -> Result<Body, NoBody> {
        let place = || contents.document.origin(self.declared.at);
        let items = self.declared.item_schema;
        let Some(schema) = self.declared.schema.or(items) else {
            let value = match self.media_type.concrete().is_json() {
                true => json!({}),
                false => Value::Null,
            };
            let source = format!("no schema at {}", place()).into();
            return Ok(Body {
                value,
                source,
                is_sample: true,
            });
        };
        // An example that breaks its schema says what is meant all the same, but what is written out
        // in another form than JSON says nothing of its parts here.
        let takes_text = |shape| {
            let shape = contents.shapes.get(shape);
            let has_parts = !shape.properties.is_empty() || shape.has_items();
            shape.types.has("string") || shape.types.is_unsaid() && !has_parts
        };
        let takes_text = self.shape.is_none_or(takes_text);
        let said = self.declared.examples.first().into_iter();
        let said = said.chain(self.likeness.as_ref());
        let mut said = said.filter(|_| drawing.is_none() && turn == 0);
        let wish = said.find_map(|example| {
            let body = self.shown(contents, example);
            (takes_text || !body.value.is_string()).then_some(body)
        });
        let pointer = contents.document.origin(self.first).pointer;
        let seed = match drawing {
            Some(drawing) => format!("{}{pointer}", drawing.seed),
            None => format!("{}{pointer}", contents.sampling.seed),
        };
        let seed = match turn {
            0 => seed,
            turn => format!("{seed} {turn}"),
        };
        let order = Order {
            schema,
            view: View::Reply,
            seed: &seed,
            is_dynamic: turn > 0 || drawing.is_some_and(|drawing| drawing.is_dynamic),
            locale: contents.sampling.locale(contents.document),
            names: &[],
            hint: text_of(&self.media_type),
            wish: wish.as_ref().map(|body| &body.value),
        };
        let (document, schemas) = (contents.document, contents.schemas);
        match beginning(document, schemas, &order, FULL_SIZE, end) {
            Ok((value, _)) => {
                let value = match (self.declared.schema, items) {
                    (None, Some(_)) => Value::Array(vec![value]),
                    _ => value,
                };
                let source = match drawing {
                    Some(drawing) => match quoted(drawing.seed) {
                        Some(seed) => format!("sample of {} by seed {seed}", place()),
                        None => {
                            format!("sample of {} by {}", place(), applied("seed", drawing.seed))
                        }
                    },
                    None => format!("sample of {}", place()),
                };
                Ok(Body {
                    value,
                    source: source.into(),
                    is_sample: true,
                })
            }
            Err(why) => {
                // That a schema can't be compiled may be why.
                let schemas = contents.schemas;
                let faults = self.schema.map(|schema| schemas.faults(schema));
                Err(match faults.unwrap_or_default().first() {
                    Some(fault) => NoBody::Broken(fault.to_string()),
                    None => NoBody::Fault(format!(
                        "no valid example or sample for {}: {}",
                        place(),
                        why.detail
                    )),
                })
            }
        }
    }

    /// Writes a value as this media type, or as the one that the client names of the range that
    /// this is.
    pub fn encode(
        &self,
        contents: Contents<'_>,
        value: &Value,
        is_example: bool,
        named: Option<&MediaType>,
    ) -> Result<Encoded, NoBody> {
        let concrete;
        let media_type = match named {
            Some(named) => named,
            None if self.media_type.is_range() => {
                concrete = match (value, self.media_type.concrete()) {
                    (Value::String(_), json) if json.is_json() => {
                        MediaType::parse("text/plain").unwrap_or(json)
                    }
                    (_, concrete) => concrete,
                };
                &concrete
            }
            None => &self.media_type,
        };
        let layout = Layout {
            media_type,
            shape: self.shape,
            item_shape: self.item_shape,
            encoding: &self.declared.encoding,
            shapes: contents.shapes,
            is_example,
        };
        encode_body(value, &layout).map_err(|why| {
            let place = contents.document.origin(self.declared.at);
            NoBody::Fault(format!("the body of {place} can't be written: {why}"))
        })
    }

    /// Whether a body is valid, before it is written.
    pub fn is_valid(&self, contents: Contents<'_>, body: &Value) -> bool {
        let is_valid = |schema: Option<SchemaId>, body: &Value| {
            schema.is_none_or(|schema| contents.schemas.is_valid(schema, body))
        };
        let of_rows = if self.is_of_rows {
            self.schema
        } else {
            self.item_schema
        };
        let of_whole = self.schema.filter(|_| !self.is_of_rows);
        match body {
            Value::Array(rows) if of_rows.is_some() => {
                is_valid(of_whole, body) && rows.iter().all(|row| is_valid(of_rows, row))
            }
            body => is_valid(self.schema, body),
        }
    }
}
