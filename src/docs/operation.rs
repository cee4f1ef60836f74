//! An operation as its page tells it.

use super::access::{self, SchemeWords};
use super::demands::sentences;
use super::describe::{Described, Describing};
use crate::contract::Contract;
use crate::mock::{Prepared, PreparedContent};
use crate::sample::{Order, sample};
use crate::spec::{At, Content, Header, Location, Node, Parameter, Place, StatusKey};
use crate::validate::View;
use serde_json::Value;

/// How many fields a page opens of each body.
const ROOM: usize = 160;

/// What a page tells of an operation.
#[derive(Debug)]
pub(crate) struct OperationWords {
    /// Its number in the contract.
    pub number: usize,
    /// Its method.
    pub method: String,
    /// Its path, with what stands before the paths of its API.
    pub path: String,
    /// `operationId`.
    pub id: Option<String>,
    /// What it does, in a line.
    pub title: String,
    /// What the document says of it, in Markdown.
    pub description: String,
    /// Whether it is going to be taken away.
    pub is_deprecated: bool,
    /// What it belongs to.
    pub tags: Vec<String>,
    /// The alternatives of who may call it; none where anyone may.
    pub access: Vec<Vec<SchemeWords>>,
    /// What a request has beside its body.
    pub parameters: Vec<ParameterWords>,
    /// Whether there must be a body.
    pub needs_body: bool,
    /// What the document says of the body, in Markdown.
    pub body_description: String,
    /// What the body may be.
    pub bodies: Vec<BodyWords>,
    /// What is demanded of several properties at once, and by the rules.
    pub demands: Vec<Demand>,
    /// What it answers.
    pub responses: Vec<ResponseWords>,
    /// Where it stands: the file and the line.
    pub place: String,
}

/// A parameter.
#[derive(Debug)]
pub(crate) struct ParameterWords {
    /// Its name.
    pub name: String,
    /// Where it travels.
    pub location: Location,
    /// Whether it must be there.
    pub is_required: bool,
    /// What it is.
    pub what: Described,
    /// A value of it.
    pub example: Option<Value>,
}

/// A body in one media type.
#[derive(Debug)]
pub(crate) struct BodyWords {
    /// The media type.
    pub media_type: String,
    /// What it is; nothing where the document doesn't say.
    pub what: Option<Described>,
    /// Examples by name, that are valid.
    pub examples: Vec<ExampleWords>,
}

/// A valid example.
#[derive(Debug)]
pub(crate) struct ExampleWords {
    /// Its name; empty for the one that has none.
    pub name: String,
    /// The value.
    pub value: Value,
    /// The same as it travels, where that is text.
    pub text: Option<String>,
}

/// What is demanded of a request.
#[derive(Debug)]
pub(crate) struct Demand {
    /// The sentence.
    pub text: String,
    /// What a request that doesn't meet it is answered with.
    pub status: u16,
}

/// A reply.
#[derive(Debug)]
pub(crate) struct ResponseWords {
    /// What it is documented for.
    pub status: StatusKey,
    /// When it comes, in Markdown.
    pub description: String,
    /// Its header fields.
    pub headers: Vec<ParameterWords>,
    /// Its bodies.
    pub bodies: Vec<BodyWords>,
}

/// Tells the operation of a number.
pub(crate) fn told(contract: &Contract, number: usize) -> OperationWords {
    let operation = contract.operations.get(number);
    let declared = &operation.declared;
    let document = &contract.document;
    let node = document.node(declared.at);
    let text = |name: &str| {
        let text = node.get(name).and_then(Node::text);
        text.unwrap_or_default().into_owned()
    };
    let tags = node.get("tags").into_iter().flat_map(Node::items);
    let tags = tags.filter_map(Node::text).map(|tag| tag.into_owned());
    let summary = text("summary");
    let alternatives = declared.security.iter();
    let access = alternatives.map(|all| all.iter().map(|of| access::told(document, of)).collect());
    let body = node.get("requestBody");
    let body = body.map(|body| document.node(document.referred(body.at())));
    let body_description = body.and_then(|body| body.get("description")?.text());
    OperationWords {
        number,
        method: declared.method.to_string(),
        path: format!("{}{}", contract.prefix, declared.path),
        title: match (summary.trim(), &declared.id) {
            ("", Some(id)) => id.clone(),
            ("", None) => declared.name(),
            (summary, _) => summary.to_owned(),
        },
        id: declared.id.clone(),
        description: text("description"),
        is_deprecated: node.get("deprecated").and_then(Node::as_bool) == Some(true),
        tags: tags.collect(),
        access: access.collect(),
        parameters: declared
            .parameters
            .iter()
            .map(|parameter| self::parameter(contract, parameter))
            .collect(),
        needs_body: declared.body.as_ref().is_some_and(|body| body.required),
        body_description: body_description.unwrap_or_default().into_owned(),
        bodies: bodies(contract, &operation.bodies, View::Request),
        demands: demands(contract, operation),
        responses: responses(contract, operation),
        place: place(contract, declared.at),
    }
}

/// The file and line of a place.
pub(crate) fn place(contract: &Contract, at: At) -> String {
    let origin = contract.document.origin(at);
    let (line, _) = origin.source.position(&Place::Value(origin.pointer));
    format!("{}:{line}", origin.source.name())
}

fn parameter(contract: &Contract, of: &Parameter) -> ParameterWords {
    let (what, example) = described(contract, of.at, of.schema, &of.examples);
    ParameterWords {
        name: of.name.clone(),
        location: of.location,
        is_required: of.required,
        example,
        what,
    }
}

fn header(contract: &Contract, of: &Header) -> ParameterWords {
    let (what, example) = described(contract, of.at, of.schema, &of.examples);
    ParameterWords {
        name: of.name.clone(),
        location: Location::Header,
        is_required: of.required,
        example,
        what,
    }
}

/// What a parameter or a header field is, by its schema and its own words, and a value of it.
fn described(
    contract: &Contract,
    at: At,
    schema: Option<At>,
    examples: &[Value],
) -> (Described, Option<Value>) {
    let node = contract.document.node(at);
    let mut what = Describing::new(&contract.document, ROOM / 4).describe(schema.unwrap_or(at));
    if let Some(own) = node.get("description").and_then(Node::text) {
        what.description = own.into_owned();
    }
    what.is_deprecated |= node.get("deprecated").and_then(Node::as_bool) == Some(true);
    let example = examples.first().or(what.examples.first()).cloned();
    (what, example)
}

fn bodies(contract: &Contract, all: &[PreparedContent], view: View) -> Vec<BodyWords> {
    let told = all.iter().map(|content| {
        let schema = content.declared.schema.or(content.declared.item_schema);
        BodyWords {
            media_type: content.declared.media_type.clone(),
            what: schema.map(|at| Describing::new(&contract.document, ROOM).describe(at)),
            examples: examples(contract, content, view),
        }
    });
    told.collect()
}

/// The documented examples that are valid; where there is none, a sample.
fn examples(contract: &Contract, content: &PreparedContent, view: View) -> Vec<ExampleWords> {
    let contents = contract.contents();
    let example = |name: &str, value: Value| {
        let encoded = content.encode(contents, &value, true, None).ok();
        let text = encoded.and_then(|encoded| String::from_utf8(encoded.body.to_vec()).ok());
        ExampleWords {
            name: name.to_owned(),
            value,
            text,
        }
    };
    let documented = content.declared.examples.iter();
    let valid = documented.filter(|example| content.is_valid(contents, &example.value));
    let mut all: Vec<ExampleWords> = valid
        .map(|of| example(&of.name, of.value.clone()))
        .collect();
    if all.is_empty() {
        let made = match view {
            View::Reply => content
                .ready(contents)
                .ok()
                .map(|ready| ready.body.value.clone()),
            View::Request => requested(contract, &content.declared),
        };
        all.extend(made.map(|value| example("", value)));
    }
    all
}

/// A value that a client may send.
fn requested(contract: &Contract, content: &Content) -> Option<Value> {
    let order = Order {
        schema: content.schema?,
        view: View::Request,
        seed: "",
        is_dynamic: false,
        locale: Default::default(),
        names: &[],
        hint: None,
        wish: None,
    };
    sample(&contract.document, &contract.schemas, &order).ok()
}

fn demands(contract: &Contract, operation: &Prepared) -> Vec<Demand> {
    let usual = operation.invalid_status();
    let mut all = Vec::new();
    for schema in operation
        .bodies
        .iter()
        .filter_map(|body| body.declared.schema)
    {
        for text in sentences(&contract.document, schema) {
            if all.iter().all(|demand: &Demand| demand.text != text) {
                let status = match operation.needs_members && text.starts_with("At least one") {
                    true => 400,
                    false => usual,
                };
                all.push(Demand { text, status });
            }
        }
    }
    let Some(rules) = contract.rules.of(operation.number) else {
        return all;
    };
    let rules = [(&rules.conditions, 412), (&rules.requires, usual)];
    for (rules, usual) in rules {
        for rule in rules {
            all.push(Demand {
                text: rule.message.clone(),
                status: rule.status.unwrap_or(usual),
            });
        }
    }
    all
}

fn responses(contract: &Contract, operation: &Prepared) -> Vec<ResponseWords> {
    let declared = operation.declared.responses.iter();
    let prepared = operation.responses.iter();
    let told = declared
        .zip(prepared)
        .map(|(declared, prepared)| ResponseWords {
            status: declared.status,
            description: declared.description.clone(),
            headers: declared
                .headers
                .iter()
                .map(|of| header(contract, of))
                .collect(),
            bodies: bodies(contract, &prepared.contents, View::Reply),
        });
    told.collect()
}
