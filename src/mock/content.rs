//! What of a body and of a response can be made ready once: media types with their schemas, header
//! fields with their readers.

use super::body::{NoBody, Ready};
use super::fields;
use super::prepared::Contents;
use super::rendered::Renderings;
use super::variants::Variants;
use crate::decode::{FieldReader, Kind, Offer, Payload, decode_reply};
use crate::encode::{has_file, text_of};
use crate::spec::{At, Content, Example, Header, Response, ShapeId, Shapes, StatusKey};
use crate::validate::{SchemaId, View};
use crate::wire::{HeaderName, HeaderValue, MediaType, Reply, header};
use serde_json::Value;
use std::sync::{Arc, OnceLock};

/// A response, prepared.
#[derive(Debug)]
pub struct PreparedResponse {
    /// What it is declared for.
    pub status: StatusKey,
    /// Its bodies.
    pub contents: Vec<PreparedContent>,
    /// The documented header fields with their values, made when they are first sent.
    pub values: OnceLock<Vec<(HeaderName, HeaderValue)>>,
    /// Its header fields, but for those whose names are none and `Content-Type`.
    pub fields: Vec<PreparedField>,
    /// Why no reply can have all the fields that it must; found when one is first wanted.
    pub(super) uncarried: OnceLock<Option<String>>,
}

/// A header field of a response, prepared.
#[derive(Debug)]
pub struct PreparedField {
    /// The declaration, with what reading it takes.
    pub reader: FieldReader,
    /// Its schema.
    pub schema: Option<SchemaId>,
    /// A value of it that was found valid: of most fields every reply has the same.
    pub sound: OnceLock<HeaderValue>,
    /// Why no reply has a value that was made for it, in words; found when one hasn't.
    pub unsent: OnceLock<Option<String>>,
}

/// One media type of a body, request's or reply's, prepared.
#[derive(Debug)]
pub struct PreparedContent {
    /// The media type.
    pub media_type: MediaType,
    /// The same as text.
    pub name: String,
    /// The shape of its schema.
    pub shape: Option<ShapeId>,
    /// The shape of the schema of each item.
    pub item_shape: Option<ShapeId>,
    /// The schema of each item.
    pub item_schema: Option<SchemaId>,
    /// Its schema, as the side sees it that the body comes from.
    pub schema: Option<SchemaId>,
    /// Whether its schema is one of objects or lists, and of nothing that is one text.
    pub(super) is_of_parts: bool,
    /// Whether that is the schema of one row, of which the body has one to a line.
    pub is_of_rows: bool,
    /// Whether a body is a file, or a text of a kind that has no members to show a value by.
    pub is_of_file: bool,
    /// Whether a body is a table, which the schema calls a text.
    pub is_of_table: bool,
    /// The declaration.
    pub declared: Content,
    /// Where the media type stands that comes first of those of its response: what is drawn for
    /// one is drawn for all, so that a reply says the same in each.
    pub(super) first: At,
    /// An example of what the response has in JSON, where this is another media type: it says what
    /// is meant where that has none of its own that does.
    pub(super) likeness: Option<Example>,
    /// The body that is sent where nobody asks for another, made when it is first sent.
    pub(super) ready: Arc<ReadyCell>,
    /// What is sent in turn where replies are rotated, made when the first is sent.
    pub(super) variants: OnceLock<Variants>,
    /// The replies that show an item, as they were sent last.
    pub renderings: Renderings,
}

/// Where a body is ready, once it was made.
pub(super) type ReadyCell = OnceLock<Result<Box<Ready>, NoBody>>;

impl PreparedContent {
    /// Prepares a declared media type; nothing where its name is none.
    pub fn new(declared: &Content, view: View, contents: Contents<'_>) -> Option<PreparedContent> {
        let media_type = MediaType::parse(&declared.media_type)?;
        let mut own = declared.clone();
        if media_type.essence().starts_with("multipart/") {
            fields::complete(contents, view, &mut own.encoding);
        }
        let shape = declared.schema.map(|at| contents.shapes.of(at));
        let shape = shape.map(|id| contents.shapes.get(id));
        let is_row = shape.is_some_and(|shape| !shape.has_items() && !shape.properties.is_empty());
        let is_of_lines = || Kind::of(&media_type.concrete()) == Kind::JsonLines;
        let is_of_parts = shape.is_some_and(|shape| {
            let scalars = ["string", "number", "integer", "boolean"];
            let has_parts = shape.types.has("object") || shape.types.has("array");
            has_parts && !scalars.iter().any(|name| shape.types.has(name))
        });
        let is_of_text = shape.is_some_and(|shape| {
            let others = ["object", "array", "number", "integer", "boolean"];
            shape.types.has("string") && !others.iter().any(|name| shape.types.has(name))
        });
        let concrete = media_type.concrete();
        Some(PreparedContent {
            is_of_parts,
            is_of_file: has_file(&concrete) || is_of_text && text_of(&concrete).is_some(),
            is_of_table: is_of_text && matches!(Kind::of(&concrete), Kind::Csv(_)),
            is_of_rows: is_row && declared.item_schema.is_none() && is_of_lines(),
            name: media_type.to_string(),
            media_type,
            shape: declared.schema.map(|at| contents.shapes.of(at)),
            item_shape: declared.item_schema.map(|at| contents.shapes.of(at)),
            item_schema: declared.item_schema.map(|at| contents.schemas.at(view, at)),
            schema: declared.schema.map(|at| contents.schemas.at(view, at)),
            first: own.at,
            likeness: None,
            declared: own,
            ready: Arc::default(),
            variants: OnceLock::new(),
            renderings: Renderings::default(),
        })
    }

    /// Tells it from others of the contract, but for those of the same response: what is made for
    /// one of these is made for all.
    pub fn identity(&self) -> usize {
        Arc::as_ptr(&self.ready).addr()
    }

    /// How bodies of it are written; of a range, those that are sent.
    pub fn kind(&self) -> Kind {
        Kind::of(&self.media_type.concrete())
    }

    /// Whether it is text for people, of values that are no texts: they are written as the JSON
    /// that another media type is for.
    fn is_prose(&self) -> bool {
        let mut examples = self.declared.examples.iter();
        let is_text = matches!(self.media_type.essence(), "text/plain" | "text/html");
        is_text && self.is_of_parts && !examples.any(|example| example.value.is_string())
    }

    /// What reading a body of it takes.
    pub fn offer(&self) -> Offer<'_> {
        Offer {
            media_type: &self.media_type,
            shape: self.shape,
            item_shape: self.item_shape,
            encoding: &self.declared.encoding,
        }
    }
}

impl PreparedResponse {
    /// Prepares a declared response. A media type that is none is left out.
    pub(super) fn new(declared: &Response, contents: Contents<'_>) -> PreparedResponse {
        let prepared = declared.content.iter();
        let prepared =
            prepared.filter_map(|content| PreparedContent::new(content, View::Reply, contents));
        let mut prepared: Vec<PreparedContent> = prepared.collect();
        let first = prepared.first().map(|content| content.first);
        let examples = prepared
            .iter()
            .filter(|content| content.media_type.is_json());
        let mut likeness = examples.flat_map(|content| {
            let examples = content.declared.examples.iter();
            examples.map(|example| Example {
                value: content.shown(contents, example).value,
                ..example.clone()
            })
        });
        let likeness = likeness.next();
        for content in &mut prepared {
            content.first = first.unwrap_or(content.first);
            let is_json = content.media_type.is_json();
            content.likeness = likeness.clone().filter(|_| !is_json);
        }
        // A client without a wish gets what is written as itself: .NET documents plain text before
        // the JSON of the same objects, and sends the JSON.
        prepared.sort_by_key(|content| content.is_prose());
        let field = |header: &Header| {
            let shape = header.schema.map(|at| contents.shapes.of(at));
            Some(PreparedField {
                reader: FieldReader::new(header.clone(), shape)?,
                schema: header.schema.map(|at| contents.schemas.at(View::Reply, at)),
                sound: OnceLock::new(),
                unsent: OnceLock::new(),
            })
        };
        PreparedResponse {
            status: declared.status,
            contents: prepared,
            values: OnceLock::new(),
            fields: declared.headers.iter().filter_map(field).collect(),
            uncarried: OnceLock::new(),
        }
    }

    /// What a body says that is a reply of this response; nothing where it can't be read.
    pub fn read(&self, shapes: &Shapes, reply: &Reply) -> Option<Value> {
        let media_type = MediaType::parse(reply.header(&header::CONTENT_TYPE)?)?;
        if media_type.is_json() {
            return serde_json::from_slice(&reply.body).ok();
        }
        let mut contents = self.contents.iter();
        let content = contents.find(|content| content.media_type.takes_in(&media_type))?;
        let body = decode_reply(&reply.body, &media_type, content.offer(), shapes).ok()?;
        match body.payload {
            Payload::Value(_, value) => Some(value),
            Payload::Absent | Payload::Opaque(_) => None,
        }
    }

    /// Whether `Accept` has a say in it.
    pub(super) fn is_negotiated(&self) -> bool {
        let has_range = || self.contents.iter().any(|c| c.media_type.is_range());
        self.contents.len() > 1 || has_range()
    }
}
