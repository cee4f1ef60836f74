//! What can be said afterwards of why a request was answered as it was.

use super::{Api, Host};
use crate::contract::Contract;
use crate::mock::Prepared;
use crate::route::{Captures, Routed, why_not};
use crate::spec::{Excerpt, Origin, Place, StatusKey, Stub};
use crate::validate::Violation;
use crate::wire::Method;
use serde_json::Value;

/// How much of a value is told, in characters.
const TOLD: usize = 200;

/// An operation of an API, by their numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OperationAt {
    /// The API's number.
    pub api: usize,
    /// The operation's number in it.
    pub number: usize,
}

/// An operation that a request came near to, and why it wasn't that one.
#[derive(Debug)]
pub struct Near {
    /// The operation.
    pub at: OperationAt,
    /// Its method and template, as exchanges name it.
    pub name: String,
    /// What of the request isn't as it should be, in words.
    pub why: String,
}

/// A reply that an operation documents.
#[derive(Debug)]
pub struct Documented {
    /// What it is declared for.
    pub status: StatusKey,
    /// A code that it may be asked for by.
    pub code: u16,
    /// When it comes, in the document's words.
    pub when: String,
}

impl Host {
    /// The operation that exchanges name so.
    pub fn operation_named(&self, name: &str) -> Option<OperationAt> {
        let (method, path) = name.split_once(' ')?;
        self.apis.iter().enumerate().find_map(|(number, api)| {
            let path = path.strip_prefix(api.prefix())?;
            let mut stubs = api.contract.operations.stubs().iter();
            let is_it = |stub: &_| is_stub(stub, method, path);
            let operation = stubs.position(is_it)?;
            Some(OperationAt {
                api: number,
                number: operation,
            })
        })
    }

    /// The operations that a request which none answers came nearest to, three at most.
    pub fn near(&self, method: &Method, target: &str) -> Vec<Near> {
        let (_, inner) = self.sandbox_of(target);
        let Some((api, inner)) = self.api_of(inner) else {
            return Vec::new();
        };
        let (path, query) = inner.split_once('?').unwrap_or((&inner, ""));
        let contract = &self.apis[api].contract;
        let of = |number: usize, why: String| Near {
            at: OperationAt { api, number },
            name: self.apis[api].name_of(number),
            why,
        };
        let others = contract.methods(path, query);
        if !others.is_empty() {
            let takes = |_: usize, _: &Captures<'_, '_>| true;
            let there = others.iter().filter_map(|other| {
                match contract.router.route(other, path, query, &takes) {
                    Routed::Operation(number, _) => Some(of(
                        number,
                        format!("the path is this one's, and it isn't for {method}"),
                    )),
                    _ => None,
                }
            });
            return there.take(3).collect();
        }
        let nearest = contract.router.nearest(path).into_iter();
        let near = nearest.filter_map(|template| {
            let stubs = contract.operations.stubs();
            let same = |stub: &Stub| is_stub(stub, method.as_str(), template);
            let at = stubs.iter().position(same);
            let at = at.or_else(|| stubs.iter().position(|stub| *stub.path == *template))?;
            Some(of(at, why_not(template, path)))
        });
        near.collect()
    }
}

fn is_stub(stub: &Stub, method: &str, path: &str) -> bool {
    stub.method == method && *stub.path == *path
}

impl Api {
    /// The name of an operation in exchanges.
    fn name_of(&self, number: usize) -> String {
        let stub = &self.contract.operations.stubs()[number];
        format!("{} {}{}", stub.method, self.prefix(), stub.path)
    }

    /// What an operation is for, in a line; nothing where the document doesn't say.
    pub fn summary_of(&self, number: usize) -> Option<String> {
        let stub = &self.contract.operations.stubs()[number];
        let node = self.contract.document.node(stub.at).get("summary")?;
        node.text().map(|text| text.into_owned())
    }

    /// The lines where an operation stands.
    pub fn place_of(&self, number: usize) -> Excerpt {
        let stub = &self.contract.operations.stubs()[number];
        let origin = self.contract.document.origin(stub.at);
        origin.source.excerpt(&Place::Key(origin.pointer))
    }

    /// The replies that an operation documents.
    pub fn documented(&self, number: usize) -> Vec<Documented> {
        let operation = self.operation(number);
        let declared = operation.declared.responses.iter();
        let told = declared.map(|response| Documented {
            status: response.status,
            code: match response.status {
                StatusKey::Code(code) => code,
                StatusKey::Range(class) => u16::from(class) * 100,
                StatusKey::Default => 500,
            },
            when: response.description.clone(),
        });
        told.collect()
    }

    /// Which of them a status is one of.
    pub fn documented_for(&self, number: usize, status: u16) -> Option<StatusKey> {
        self.operation(number)
            .response(status)
            .map(|response| response.status)
    }

    /// The scopes of the bearer token that an operation asks for first; nothing where it asks for
    /// none.
    pub fn bearer_scopes(&self, number: usize) -> Option<Vec<String>> {
        let security = &self.operation(number).declared.security;
        let all = security.iter().find(|all| !all.is_empty())?;
        let mut bearers = all.iter().filter(|of| of.scheme.kind.is_bearer());
        bearers.next().map(|of| of.scopes.clone())
    }

    fn operation(&self, number: usize) -> &Prepared {
        let contract: &Contract = &self.contract;
        contract.operations.get(number)
    }
}

/// What the contract or a rule demands where a violation breaks it, on a line; nothing where that
/// is more than a word.
pub fn demanded(origin: &Origin) -> Option<String> {
    let tree = origin.source.tree().ok()?;
    let node = tree.at(&origin.pointer)?;
    (!node.is_object()).then(|| told(&node.value()))
}

/// What a message says at the place of a violation, on a line.
pub fn received(violation: &Violation, body: &Value) -> Option<String> {
    let value = violation.in_body()?.get(body)?;
    Some(told(value))
}

fn told(value: &Value) -> String {
    let text = match value {
        Value::Array(items) => {
            let first = items.iter().take(TOLD);
            let texts: Vec<String> = first.map(Value::to_string).collect();
            format!("[{}]", texts.join(", "))
        }
        other => other.to_string(),
    };
    match text.char_indices().nth(TOLD) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}
