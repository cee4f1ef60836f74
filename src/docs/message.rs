//! What the API itself sends, as its page tells it: callbacks and webhooks.

use super::bodies::{BodyWords, ROOM, Use, bodies};
use super::demands::sentences;
use super::describe::Describing;
use super::operation::{ParameterWords, ResponseWords, content_type, header, parameter};
use super::origin::place;
use super::samples::{Body, Request};
use super::site::Service;
use crate::contract::Contract;
use crate::host::Host;
use crate::mock::{Prepared, PreparedContent, PreparedMessage};
use crate::spec::{Node, Response};
use crate::validate::View;
use crate::wire::encode_segment;
use serde_json::json;

/// Where a receiver listens in samples.
const RECEIVER: &str = "http://127.0.0.1:9000/hook";

/// A request that the API sends.
#[derive(Debug)]
pub(crate) struct MessageWords {
    /// Its name: that of a callback or webhook.
    pub name: String,
    /// `operationId`.
    pub id: Option<String>,
    /// Its method.
    pub method: String,
    /// Where a callback goes, as the document says it; empty for a webhook.
    pub url: String,
    /// What it is in a line, where the document says it.
    pub summary: String,
    /// What the document says of it, in Markdown.
    pub description: String,
    /// Whether it is going to be taken away.
    pub is_deprecated: bool,
    /// What it has beside its body.
    pub parameters: Vec<ParameterWords>,
    /// Whether there is always a body.
    pub needs_body: bool,
    /// What the document says of the body, in Markdown.
    pub body_description: String,
    /// Its bodies.
    pub bodies: Vec<BodyWords>,
    /// What holds of several properties at once.
    pub demands: Vec<String>,
    /// What its receiver is to answer.
    pub responses: Vec<ResponseWords>,
    /// Where it stands: the file and the line.
    pub place: String,
}

impl MessageWords {
    /// What the document says of it, in Markdown: its summary where it has no description.
    pub fn said(&self) -> &str {
        match self.description.is_empty() {
            true => &self.summary,
            false => &self.description,
        }
    }

    /// The names of its examples.
    pub fn examples(&self) -> impl Iterator<Item = &str> {
        let examples = self.bodies.iter().flat_map(|body| body.examples.iter());
        let names = examples.map(|example| example.name.as_str());
        names.filter(|name| !name.is_empty())
    }
}

/// The messages that an operation sends.
pub(super) fn callbacks(
    contract: &Contract,
    service: &Service,
    operation: &Prepared,
) -> Vec<MessageWords> {
    let describing = Describing::new(&contract.document, ROOM / 2).with(&service.leaves);
    let all = operation.callbacks.iter();
    all.map(|of| message(contract, &describing, of)).collect()
}

/// A webhook, with so many bytes of fields.
pub(super) fn webhook(
    contract: &Contract,
    service: &Service,
    of: &PreparedMessage,
    room: usize,
) -> MessageWords {
    let describing = Describing::new(&contract.document, room).with(&service.leaves);
    message(contract, &describing, of)
}

/// The request that has a webhook sent by a mock at `base`.
pub(super) fn sending(host: &Host, api: usize, name: &str, base: &str) -> Request {
    let api = encode_segment(host.apis()[api].name());
    Request {
        method: "POST".to_owned(),
        url: format!(
            "{base}/_counterpart/webhooks/{api}/{}",
            encode_segment(name)
        ),
        headers: Vec::new(),
        token: None,
        body: Some(Body::Json(json!({"url": RECEIVER}))),
    }
}

fn message(contract: &Contract, describing: &Describing<'_>, of: &PreparedMessage) -> MessageWords {
    let declared = &of.declared;
    let document = &contract.document;
    let node = document.node(declared.at);
    let text = |name: &str| {
        let text = node.get(name).and_then(Node::text);
        text.unwrap_or_default().trim().to_owned()
    };
    let bodies = bodies(contract, describing, &of.contents, Use::Sent, None);
    let needs_body = declared.body.as_ref().is_some_and(|body| body.required);
    let is_typed = |of: &&ParameterWords| of.name.eq_ignore_ascii_case("content-type");
    let own = declared.parameters.iter();
    let own: Vec<ParameterWords> = own.map(|of| parameter(contract, of)).collect();
    let typed = content_type(&bodies, needs_body).filter(|_| own.iter().find(is_typed).is_none());
    let body = node.get("requestBody");
    let body = body.map(|body| document.node(document.referred(body.at())));
    let body_description = body.and_then(|body| body.get("description")?.text());
    let schemas = of.contents.iter().filter_map(|of| of.declared.schema);
    let mut demands: Vec<String> = Vec::new();
    for sentence in schemas.flat_map(|schema| sentences(document, schema)) {
        if !demands.contains(&sentence) {
            demands.push(sentence);
        }
    }
    MessageWords {
        name: declared.name.clone(),
        id: Some(text("operationId")).filter(|id| !id.is_empty()),
        method: declared.method.to_string(),
        url: declared
            .url
            .as_ref()
            .map(|url| url.written.clone())
            .unwrap_or_default(),
        summary: text("summary"),
        description: text("description"),
        is_deprecated: node.get("deprecated").and_then(Node::as_bool) == Some(true),
        parameters: typed.into_iter().chain(own).collect(),
        needs_body,
        body_description: body_description.unwrap_or_default().into_owned(),
        bodies,
        demands,
        responses: declared
            .responses
            .iter()
            .map(|response| answer(contract, describing, response))
            .collect(),
        place: place(contract, declared.at),
    }
}

/// What a receiver answers.
fn answer(contract: &Contract, describing: &Describing<'_>, of: &Response) -> ResponseWords {
    let contents = of.content.iter();
    let contents = contents
        .filter_map(|content| PreparedContent::new(content, View::Reply, contract.contents()));
    let contents: Vec<PreparedContent> = contents.collect();
    ResponseWords {
        status: of.status,
        description: of.description.clone(),
        headers: of.headers.iter().map(|of| header(contract, of)).collect(),
        bodies: bodies(contract, describing, &contents, Use::Answered, None),
        links: Vec::new(),
        answers: Vec::new(),
    }
}
