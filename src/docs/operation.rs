//! An operation as its page tells it.

use super::access::{self, SchemeWords};
use super::bodies::{BodyWords, ROOM, Use, bodies};
use super::call::Call;
use super::demands::sentences;
use super::describe::{Described, Describing, Word};
use super::message::{MessageWords, callbacks};
use super::more::{LinkWords, links, servers};
use super::origin::{at, place};
use super::reach::{Reach, reach};
use super::request;
use super::site::Service;
use super::trigger::{Answer, Trigger};
use super::works::{Work, works};
use crate::contract::Contract;
use crate::host::Host;
use crate::mock::{Action, Prepared};
use crate::rules::{Merge, Require};
use crate::spec::{At, Header, Location, Node, Parameter, StatusKey};
use serde_json::Value;

/// What a page tells of an operation.
#[derive(Debug)]
pub(crate) struct OperationWords {
    /// Its number in the contract.
    pub number: usize,
    /// Its method.
    pub method: String,
    /// Its path.
    pub path: String,
    /// What stands before the paths of its API on the mock.
    pub prefix: String,
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
    /// What the server does by itself.
    pub works: Vec<Work>,
    /// The status of success.
    pub success: u16,
    /// What it answers.
    pub responses: Vec<ResponseWords>,
    /// The messages that it sends.
    pub callbacks: Vec<MessageWords>,
    /// What the fixtures hold for it.
    pub reach: Reach,
    /// The addresses that the document says it is served at.
    pub servers: Vec<String>,
    /// Its request, one that the mock takes if there is any.
    pub call: Call,
    /// Whether the mock takes that.
    pub is_taken: bool,
    /// What a body becomes of what is there.
    pub merge: Option<Merge>,
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
}

/// What is demanded of a request.
#[derive(Debug)]
pub(crate) struct Demand {
    /// The sentence.
    pub text: String,
    /// What a request that doesn't meet it is answered with.
    pub status: u16,
    /// Where it is said: the file and the line.
    pub place: String,
}

impl ParameterWords {
    /// A value of it.
    pub fn example(&self) -> Option<&Value> {
        self.what.examples.first()
    }
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
    /// What may be asked next.
    pub links: Vec<LinkWords>,
    /// What the mock answers with it to what; of errors alone.
    pub answers: Vec<Answer>,
}

/// Tells the operation of a number, with so many bytes of the fields of its bodies.
pub(crate) fn told(
    host: &Host,
    contract: &Contract,
    service: &Service,
    number: usize,
    room: usize,
) -> OperationWords {
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
    let access: Vec<Vec<SchemeWords>> = access.collect();
    let describing = Describing::new(document, room).with(&service.leaves);
    let bodies = bodies(contract, &describing, &operation.bodies, Use::Asked, None);
    let usual = request::usual(host, contract, service, operation, &access, &bodies);
    let trigger = Trigger {
        host,
        contract,
        operation,
        bodies: &bodies,
        call: &usual.short,
    };
    let describing = Describing::new(document, room).with(&service.leaves);
    let responses = responses(service, &trigger, &describing);
    let parameters = parameters(contract, operation, &access, &bodies);
    let body = node.get("requestBody");
    let body = body.map(|body| document.node(document.referred(body.at())));
    let body_description = body.and_then(|body| body.get("description")?.text());
    OperationWords {
        number,
        method: declared.method.to_string(),
        path: declared.path.to_string(),
        prefix: contract.prefix.clone(),
        success: declared.success(),
        title: match (summary.trim(), &declared.id) {
            ("", Some(id)) => id.clone(),
            ("", None) => declared.name(),
            (summary, _) => summary.to_owned(),
        },
        id: declared.id.clone(),
        description: text("description"),
        is_deprecated: node.get("deprecated").and_then(Node::as_bool) == Some(true),
        tags: tags.collect(),
        access,
        parameters,
        needs_body: declared.body.as_ref().is_some_and(|body| body.required),
        body_description: body_description.unwrap_or_default().into_owned(),
        works: works(contract, operation),
        reach: reach(contract, operation, &responses),
        callbacks: callbacks(contract, service, operation),
        servers: servers(document, declared.at),
        merge: merge(operation),
        bodies,
        call: usual.call,
        is_taken: usual.is_taken,
        demands: demands(contract, operation),
        responses,
        place: place(contract, declared.at),
    }
}

/// How an update applies its body.
fn merge(operation: &Prepared) -> Option<Merge> {
    let binding = operation.binding.as_ref()?;
    match binding.action {
        Action::Update(merge) if binding.members.is_none() => Some(merge),
        _ => None,
    }
}

/// What a request has beside its body; first the fields of the credential and of the body's type.
fn parameters(
    contract: &Contract,
    operation: &Prepared,
    access: &[Vec<SchemeWords>],
    bodies: &[BodyWords],
) -> Vec<ParameterWords> {
    let declared = &operation.declared.parameters;
    let mut all: Vec<ParameterWords> = Vec::new();
    let mut add = |name: &str, is_required: bool, description: String, constraints: Vec<String>| {
        let is_same = |of: &str| of.eq_ignore_ascii_case(name);
        let is_declared = |of: &Parameter| of.location == Location::Header && is_same(&of.name);
        if !declared.iter().any(is_declared) && !all.iter().any(|of| is_same(&of.name)) {
            all.push(ParameterWords {
                name: name.to_owned(),
                location: Location::Header,
                is_required,
                what: Described {
                    types: vec![Word::Plain("string".to_owned())],
                    constraints,
                    description,
                    ..Described::default()
                },
            });
        }
    };
    let is_needed = access.iter().all(|all| !all.is_empty());
    for scheme in access.iter().flatten() {
        let form = scheme.form.as_deref().unwrap_or_default();
        if let Some((name, value)) = form.split_once(": ") {
            let description = format!("{}, as `{value}`.", scheme.kind);
            add(
                name,
                is_needed && access.len() == 1,
                description,
                Vec::new(),
            );
        }
    }
    let is_needed = operation
        .declared
        .body
        .as_ref()
        .is_some_and(|body| body.required);
    if let Some(ParameterWords { name, what, .. }) = content_type(bodies, is_needed) {
        add(&name, is_needed, what.description, what.constraints);
    }
    let declared = declared.iter().map(|of| parameter(contract, of));
    all.extend(declared.collect::<Vec<ParameterWords>>());
    all
}

/// The field that says what a body is, where there is one.
pub(super) fn content_type(bodies: &[BodyWords], is_required: bool) -> Option<ParameterWords> {
    let types: Vec<String> = bodies
        .iter()
        .map(|body| format!("`{}`", body.media_type))
        .collect();
    let types = match types.as_slice() {
        [] => return None,
        [only] => format!("always {only}"),
        several => format!("one of {}", several.join(", ")),
    };
    Some(ParameterWords {
        name: "Content-Type".to_owned(),
        location: Location::Header,
        is_required,
        what: Described {
            types: vec![Word::Plain("string".to_owned())],
            constraints: vec![types],
            description: "What the body is.".to_owned(),
            ..Described::default()
        },
    })
}

/// A declared parameter.
pub(super) fn parameter(contract: &Contract, of: &Parameter) -> ParameterWords {
    let what = described(contract, of.at, of.schema, &of.examples);
    ParameterWords {
        name: of.name.clone(),
        location: of.location,
        is_required: of.required,
        what,
    }
}

/// A declared header field.
pub(super) fn header(contract: &Contract, of: &Header) -> ParameterWords {
    let what = described(contract, of.at, of.schema, &of.examples);
    ParameterWords {
        name: of.name.clone(),
        location: Location::Header,
        is_required: of.required,
        what,
    }
}

/// What a parameter or a header field is, by its schema and its own words.
fn described(contract: &Contract, at: At, schema: Option<At>, examples: &[Value]) -> Described {
    let node = contract.document.node(at);
    let mut what = Describing::new(&contract.document, ROOM / 5).describe(schema.unwrap_or(at));
    if let Some(own) = node.get("description").and_then(Node::text) {
        what.description = own.into_owned();
    }
    what.is_deprecated |= node.get("deprecated").and_then(Node::as_bool) == Some(true);
    what.examples.splice(0..0, examples.first().cloned());
    what
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
                let place = place(contract, contract.document.referred(schema));
                all.push(Demand {
                    text,
                    status,
                    place,
                });
            }
        }
    }
    let Some(rules) = contract.rules.of(operation.number) else {
        return all;
    };
    let demand = |rule: &Require, usual: u16| Demand {
        text: rule.message.clone(),
        status: rule.status.unwrap_or(usual),
        place: at(contract, &rule.that.origin()),
    };
    if let Some(authorize) = &rules.authorize {
        let rule: Vec<&str> = authorize.text().split_whitespace().collect();
        all.push(Demand {
            text: format!(
                "It is permitted where `{}`.",
                rule.join(" ").replace('`', "'")
            ),
            status: 403,
            place: at(contract, &authorize.origin()),
        });
    }
    all.extend(rules.conditions.iter().map(|rule| demand(rule, 412)));
    all.extend(rules.requires.iter().map(|rule| demand(rule, usual)));
    all
}

fn responses(
    service: &Service,
    trigger: &Trigger<'_>,
    describing: &Describing<'_>,
) -> Vec<ResponseWords> {
    let &Trigger {
        contract,
        operation,
        ..
    } = trigger;
    let node = contract.document.node(operation.declared.at);
    let own = node.get("responses").into_iter().flat_map(Node::entries);
    let own: Vec<At> = own.map(|(_, response)| response.at()).collect();
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
            bodies: {
                let shared = Some(&service.shared).filter(|_| !own.contains(&declared.at));
                bodies(
                    contract,
                    describing,
                    &prepared.contents,
                    Use::Answered,
                    shared,
                )
            },
            links: links(&contract.document, declared.at),
            answers: match is_error(declared.status) {
                true => trigger.answers(declared.status),
                false => Vec::new(),
            },
        });
    told.collect()
}

/// Whether a status tells of a failure.
pub(super) fn is_error(status: StatusKey) -> bool {
    match status {
        StatusKey::Code(code) => code >= 400,
        StatusKey::Range(class) => class >= 4,
        StatusKey::Default => true,
    }
}
