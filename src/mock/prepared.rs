use super::Binding;
use crate::decode::ParameterReader;
use crate::spec::{Content, Operation, Response, ShapeId, Shapes, StatusKey};
use crate::validate::Schemas;
use crate::wire::MediaType;
use serde_json::Value;

/// An operation with all that answering it takes, made once.
#[derive(Debug)]
pub struct Prepared {
    /// Its number in the contract.
    pub number: usize,
    /// The declaration.
    pub declared: Operation,
    /// Its parameters.
    pub parameters: Vec<ParameterReader>,
    /// The media types of its request body.
    pub bodies: Vec<PreparedContent>,
    /// Whether an object without any property breaks `minProperties` of the body.
    pub needs_members: bool,
    /// Its responses.
    pub responses: Vec<PreparedResponse>,
    /// The collection that it works on, if any.
    pub binding: Option<Binding>,
    /// Why it can't be served, where it can't.
    pub broken: Option<String>,
}

/// A response, prepared.
#[derive(Debug)]
pub struct PreparedResponse {
    /// What it is declared for.
    pub status: StatusKey,
    /// Its bodies.
    pub contents: Vec<PreparedContent>,
}

/// One media type of a body, request's or reply's, prepared.
#[derive(Debug)]
pub struct PreparedContent {
    /// The media type.
    pub media_type: MediaType,
    /// The shape of its schema.
    pub shape: Option<ShapeId>,
    /// The declaration.
    pub declared: Content,
}

/// What answering needs of the contract beside the operation.
#[derive(Clone, Copy)]
pub struct Contents<'c> {
    /// The document.
    pub root: &'c Value,
    /// Its shapes.
    pub shapes: &'c Shapes,
    /// Its compiled schemas.
    pub schemas: &'c Schemas,
}

impl PreparedContent {
    /// Prepares a declared media type; nothing where its name is none.
    pub fn new(declared: &Content, root: &Value, shapes: &mut Shapes) -> Option<PreparedContent> {
        let schema = declared.schema.as_ref();
        Some(PreparedContent {
            media_type: MediaType::parse(&declared.media_type)?,
            shape: schema.map(|schema| shapes.of(root, schema)),
            declared: declared.clone(),
        })
    }
}

impl PreparedResponse {
    /// Prepares a declared response. A media type that is none is left out.
    pub fn new(declared: &Response, root: &Value, shapes: &mut Shapes) -> PreparedResponse {
        let contents = declared.content.iter();
        let contents = contents.filter_map(|content| PreparedContent::new(content, root, shapes));
        PreparedResponse {
            status: declared.status,
            contents: contents.collect(),
        }
    }

    /// The media types, for negotiation.
    pub fn media_types(&self) -> Vec<MediaType> {
        self.contents
            .iter()
            .map(|content| content.media_type.clone())
            .collect()
    }
}

impl Prepared {
    /// The shape of the numbered one of its request bodies.
    pub fn body_shape(&self, number: usize) -> Option<ShapeId> {
        self.bodies.get(number)?.shape
    }

    /// The JSON body of its success.
    pub fn success_json(&self) -> Option<&PreparedContent> {
        let response = self.response(self.declared.success())?;
        let mut contents = response.contents.iter();
        contents.find(|content| content.media_type.is_json())
    }

    /// The response for a status: by its code, else by its range, else the default.
    pub fn response(&self, status: u16) -> Option<&PreparedResponse> {
        let by = |key: StatusKey| self.responses.iter().find(|r| r.status == key);
        by(StatusKey::Code(status))
            .or_else(|| by(StatusKey::Range((status / 100) as u8)))
            .or_else(|| by(StatusKey::Default))
    }

    /// The status of *invalid*: the first of 422 and 400 that is documented, else 422.
    pub fn invalid_status(&self) -> u16 {
        let documents = |code| {
            self.responses
                .iter()
                .any(|r| r.status == StatusKey::Code(code))
        };
        if !documents(422) && documents(400) {
            400
        } else {
            422
        }
    }

    /// The documented statuses, as written.
    pub fn statuses(&self) -> String {
        let names: Vec<String> = self
            .responses
            .iter()
            .map(|r| r.status.to_string())
            .collect();
        names.join(", ")
    }
}
