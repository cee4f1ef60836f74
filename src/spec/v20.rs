//! Swagger 2.0, lifted to the model of 3.0: bodies and forms become request bodies of what is
//! consumed, schemas of responses become content of what is produced.

use super::document::Document;
use super::model::{
    Content, Encoding, Example, Location, Misread, Parameter, RequestBody, SchemeKind, Style,
};
use super::reader::Reader;
use super::tree::{At, Node};
use crate::wire::MediaType;
use serde_json::{Map, Value, json};

/// What is taken for `consumes` and `produces` where nothing is said (Swagger 2.0 leaves it open).
const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data";

/// A parameter of the path, the query or a header: its own schema at the same time.
pub(super) fn parameter(node: Node<'_>) -> Result<Parameter, Misread> {
    let text = |member: &str| node.get(member).and_then(Node::text);
    let name = text("name").ok_or_else(|| Misread::at(node, "`name` is missing"))?;
    let place = text("in").ok_or_else(|| Misread::at(node, "`in` is missing"))?;
    let location = match &*place {
        "path" => Location::Path,
        "query" => Location::Query,
        "header" => Location::Header,
        other => {
            return Err(Misread::at(
                node.get("in").unwrap_or(node),
                format!("a parameter is in path, query, header, formData or body, not `{other}`"),
            ));
        }
    };
    let (style, explode) = collection(node, location);
    Ok(Parameter {
        name: name.into_owned(),
        location,
        required: location == Location::Path
            || node.get("required").and_then(Node::as_bool) == Some(true),
        style,
        explode,
        allow_reserved: false,
        allow_empty: node.get("allowEmptyValue").and_then(Node::as_bool) == Some(true),
        media_type: None,
        schema: Some(node.at()),
        examples: Vec::new(),
        at: node.at(),
    })
}

/// `collectionFormat` as style and explode; `csv` where nothing is said.
pub(super) fn collection(node: Node<'_>, location: Location) -> (Style, bool) {
    let format = node.get("collectionFormat").and_then(Node::text);
    let delimited = match location {
        Location::Path | Location::Header => Style::Simple,
        _ => Style::Form,
    };
    match format.as_deref() {
        Some("multi") => (Style::Form, true),
        Some("ssv") => (Style::SpaceDelimited, false),
        Some("tsv") => (Style::TabDelimited, false),
        Some("pipes") => (Style::PipeDelimited, false),
        _ => (delimited, false),
    }
}

pub(super) fn security_scheme(node: Node<'_>) -> Result<SchemeKind, Misread> {
    let text = |member: &str| node.get(member).and_then(Node::text);
    Ok(match text("type").as_deref() {
        Some("basic") => SchemeKind::Http("basic".to_owned()),
        Some("oauth2") => SchemeKind::OAuth,
        Some("apiKey") => {
            let location = match text("in").as_deref() {
                Some("query") => Location::Query,
                Some("header") => Location::Header,
                _ => return Err(Misread::at(node, "an API key is in query or header")),
            };
            let name = text("name").ok_or_else(|| Misread::at(node, "`name` is missing"))?;
            SchemeKind::ApiKey(location, name.into_owned())
        }
        _ => {
            let at = node.get("type").unwrap_or(node);
            return Err(Misread::at(
                at,
                "a scheme's type is basic, apiKey or oauth2",
            ));
        }
    })
}

/// The body that the parameters in `body` or `formData` make, where there are any.
pub(super) fn body(
    reader: &Reader<'_>,
    operation: Node<'_>,
    parameters: &[Node<'_>],
) -> Option<RequestBody> {
    let is_body = |node: &&Node<'_>| node.get("in").is_some_and(|place| place.is_text("body"));
    let required = |node: Node<'_>| node.get("required").and_then(Node::as_bool) == Some(true);
    let consumes = media_types(reader.document, operation, "consumes");
    // A list in a form is written as its parameter says.
    let fields = parameters.iter().filter(|node| {
        node.get("in")
            .is_some_and(|place| place.is_text("formData"))
    });
    let encoding: Vec<(String, Encoding)> = fields
        .filter_map(|node| {
            let (style, explode) = collection(*node, Location::Query);
            let is_list = node.get("type").is_some_and(|kind| kind.is_text("array"));
            let encoding = Encoding {
                style: is_list.then_some(style),
                explode: is_list.then_some(explode),
                ..Encoding::default()
            };
            Some((node.get("name")?.text()?.into_owned(), encoding))
        })
        .collect();
    let content = |schema: Option<At>, at: At, names: Vec<String>| {
        let content = names.into_iter().map(|media_type| Content {
            media_type,
            schema,
            item_schema: None,
            encoding: encoding.clone(),
            examples: Vec::new(),
            at,
        });
        content.collect()
    };
    let mut parameters = parameters.iter();
    if let Some(node) = parameters.clone().find(is_body) {
        return Some(RequestBody {
            required: required(*node),
            content: content(node.get("schema").map(Node::at), node.at(), consumes),
        });
    }
    let schema = reader.document.form_schema(operation.at())?;
    let is_form = |name: &String| name.starts_with(FORM) || name.starts_with(MULTIPART);
    let mut names: Vec<String> = consumes.into_iter().filter(is_form).collect();
    if names.is_empty() {
        let file = |node: &Node<'_>| node.get("type").is_some_and(|kind| kind.is_text("file"));
        let has_file = parameters.any(file);
        names = match has_file {
            true => vec![MULTIPART.to_owned()],
            false => vec![FORM.to_owned(), MULTIPART.to_owned()],
        };
    }
    let required = reader.document.node(schema).get("required").is_some();
    Some(RequestBody {
        required,
        content: content(Some(schema), operation.at(), names),
    })
}

/// A response's content: its schema as each media type that is produced. Where examples alone tell
/// of a body, it is as they are.
pub(super) fn content(
    reader: &Reader<'_>,
    operation: Node<'_>,
    response: Node<'_>,
) -> Vec<Content> {
    let schema = response.get("schema").map(Node::at);
    let examples = response.get("examples");
    let examples = || examples.into_iter().flat_map(Node::entries);
    let media_types = match schema {
        Some(_) => media_types(reader.document, operation, "produces"),
        None => {
            let names = examples().map(|(name, _)| name.into_owned());
            names.filter(|name| !name.starts_with("x-")).collect()
        }
    };
    media_types
        .into_iter()
        .map(|media_type| Content {
            schema,
            item_schema: None,
            encoding: Vec::new(),
            examples: examples()
                .filter(|(name, _)| is_of(name, &media_type))
                .map(|(_, example)| Example {
                    name: String::new(),
                    value: example.value(),
                    at: example.at(),
                })
                .collect(),
            at: response.at(),
            media_type,
        })
        .collect()
}

/// Whether an example under this name is one of a media type: a range stands for all of its.
fn is_of(name: &str, media_type: &str) -> bool {
    let [name, of] = [name, media_type].map(MediaType::parse);
    match (name, of) {
        (Some(name), Some(of)) => name.takes_in(&of),
        _ => false,
    }
}

impl Document {
    /// The media types that an operation produces, whatever its status: in Swagger 2.0, where it or
    /// the document says so.
    pub fn produced(&self, operation: At) -> Option<Vec<String>> {
        self.root().get("swagger")?;
        let said = self.node(operation).get("produces");
        said.or_else(|| self.root().get("produces"))?;
        Some(media_types(self, self.node(operation), "produces"))
    }
}

fn media_types(document: &Document, operation: Node<'_>, member: &str) -> Vec<String> {
    let said = operation
        .get(member)
        .or_else(|| document.root().get(member));
    let names = said
        .into_iter()
        .flat_map(Node::items)
        .filter_map(Node::text);
    let names: Vec<String> = names.map(|name| name.into_owned()).collect();
    match names.is_empty() {
        true => vec![JSON.to_owned()],
        false => names,
    }
}

/// The schemas of forms, which 2.0 writes as parameters: one object schema for each operation
/// that has any, its properties references to the parameters. Gives each with its operation.
pub(super) fn form_schemas(document: &Document) -> (Value, Vec<At>) {
    let mut schemas = Vec::new();
    let mut operations = Vec::new();
    for stub in &document.operations {
        let (operation, item) = (document.node(stub.at), document.node(stub.item));
        let mut properties = Map::new();
        let mut required = Vec::new();
        for node in [item, operation]
            .into_iter()
            .filter_map(|node| node.get("parameters"))
        {
            for parameter in node.items().filter_map(|node| document.resolve(node).ok()) {
                let text = |member: &str| parameter.get(member).and_then(Node::text);
                let (Some("formData"), Some(name)) = (text("in").as_deref(), text("name")) else {
                    continue;
                };
                if parameter.get("required").and_then(Node::as_bool) == Some(true) {
                    required.push(json!(name));
                }
                let reference = document.reference(parameter.at());
                properties.insert(name.into_owned(), json!({"$ref": reference}));
            }
        }
        if properties.is_empty() {
            continue;
        }
        let mut schema = Map::from_iter([
            ("type".to_owned(), json!("object")),
            ("properties".to_owned(), Value::Object(properties)),
        ]);
        if !required.is_empty() {
            schema.insert("required".to_owned(), Value::Array(required));
        }
        schemas.push(Value::Object(schema));
        operations.push(stub.at);
    }
    (Value::Array(schemas), operations)
}
