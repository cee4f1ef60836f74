//! A refusal as the contract documents errors.

use super::prepared::Contents;
use super::{Prepared, PreparedContent, Rejection};
use crate::decode::CODINGS;
use crate::spec::{At, Document, Shape, ShapeId};
use crate::validate::{VIOLATION_LIMIT, Violation};
use crate::wire::{
    HeaderName, MediaType, Method, Pointer, Problem, ProblemError, Reply, StatusCode, choose,
    header, reason,
};
use serde_json::{Map, Value, json};

const PROBLEM: &str = "application/problem+json";
const JSON: &str = "application/json";
/// How many violations an answer lists where nothing else is said.
pub const LISTED: usize = 20;
/// After how many seconds it may be tried again to use what keeps the state.
const RETRY_AFTER: &str = "1";
/// How deep errors within errors are filled: a schema of errors may be recursive.
const DEPTH: usize = 4;

/// How a refusal is told.
#[derive(Debug, Clone, Copy)]
pub struct Telling<'t> {
    /// The name of the example that the client prefers.
    pub example: Option<&'t str>,
    /// Which of several documented media types it likes.
    pub accept: Option<&'t str>,
    /// How many violations are listed; the rest is counted.
    pub listed: usize,
}

/// The reply to a refused request, its detail, and whether the body is known to be valid: in the
/// documented form of its status where there is one, filled from what went wrong, else an RFC 9457
/// problem.
pub fn refuse(
    contents: Contents<'_>,
    operation: Option<&Prepared>,
    rejection: &Rejection,
    telling: Telling<'_>,
) -> (Reply, String, bool) {
    let Telling {
        example,
        accept,
        listed,
    } = telling;
    let problem = problem(operation, rejection, listed);
    let documented = operation.and_then(|operation| operation.response(problem.status.as_u16()));
    let documented = documented
        .into_iter()
        .flat_map(|response| &response.contents);
    let mut documented: Vec<&PreparedContent> = documented.collect();
    let offers = documented.iter().map(|content| &content.media_type);
    let liked = accept.and_then(|accept| choose(Some(accept), offers));
    let liked = liked.map(|chosen| documented[chosen.offer].declared.at);
    documented.sort_by_key(|content| {
        let is_liked = liked == Some(content.declared.at);
        (!is_liked, !takes_json(content), !takes_text(content))
    });
    let preferred = documented.iter().find_map(|content| {
        let mut examples = content.declared.examples.iter();
        let found = examples.find(|known| example == Some(&known.name))?;
        let body = content.shown(contents, found);
        content.encode(contents, &body.value, true, None).ok()
    });
    let mut filled = documented.iter().filter_map(|content| {
        let told = match takes_text(content) {
            true => tell(contents, content, &problem).map(|told| (told, true)),
            false => None,
        };
        let (body, is_example) = told.or_else(|| fill(contents, content, &problem))?;
        content.encode(contents, &body, is_example, None).ok()
    });
    // What is filled was judged for it.
    let is_filled = preferred.is_none();
    let (mut reply, is_judged) = match preferred.or_else(|| filled.next()) {
        Some(encoded) => {
            let mut reply = Reply::new(problem.status);
            reply.set(header::CONTENT_TYPE, &encoded.content_type);
            reply.body = encoded.body;
            (reply, is_filled)
        }
        None => {
            let at = operation.map(|operation| operation.declared.at);
            let produced = at.and_then(|at| contents.document.produced(at));
            // What a document says that all its operations produce is of errors too.
            let produced = produced.unwrap_or_default();
            let is_of = |name: &str, essence: &str| {
                MediaType::parse(name).is_some_and(|produced| produced.essence() == essence)
            };
            let json = produced.iter().find(|name| is_of(name, JSON));
            let json = json.filter(|_| !produced.iter().any(|name| is_of(name, PROBLEM)));
            let media_type = json.map_or(PROBLEM, String::as_str);
            let reply = Reply::json(problem.status, media_type, &problem.to_json());
            (reply, false)
        }
    };
    add_headers(&mut reply, operation, rejection);
    (reply, problem.detail, is_judged)
}

fn problem(operation: Option<&Prepared>, rejection: &Rejection, listed: usize) -> Problem {
    let invalid = operation.map_or(422, Prepared::invalid_status);
    let (status, detail) = match rejection {
        Rejection::NoPath(nearest) if nearest.is_empty() => {
            (404, "the contract has no such path".to_owned())
        }
        Rejection::NoPath(nearest) => (
            404,
            format!(
                "the contract has no such path; the nearest are {}",
                nearest.join(", ")
            ),
        ),
        Rejection::NoMethod(allow) => (405, format!("this path is documented for {}", join(allow))),
        Rejection::UnknownMethod(allow) => (
            501,
            format!(
                "the method is not known; this path is documented for {}",
                join(allow)
            ),
        ),
        Rejection::Broken(why) => (501, format!("this operation can't be served: {why}")),
        Rejection::Unauthenticated(_, detail) => (401, detail.clone()),
        Rejection::Forbidden(_, detail) => (403, detail.clone()),
        Rejection::UnsupportedMedia(detail, accepted) if accepted.is_empty() => {
            (415, detail.clone())
        }
        Rejection::UnsupportedMedia(detail, accepted) => (
            415,
            format!("{detail}; the body may be {}", accepted.join(", ")),
        ),
        Rejection::UnknownCoding(detail) => (415, detail.clone()),
        Rejection::TooLarge(detail) => (413, detail.clone()),
        Rejection::Unreadable(detail) | Rejection::BadPreference(detail) => (400, detail.clone()),
        Rejection::Invalid(violations) => (invalid, summary(violations)),
        Rejection::NotAcceptable(offered) => {
            (406, format!("the reply comes as {}", offered.join("; ")))
        }
        Rejection::Missing(detail) => (404, detail.clone()),
        Rejection::NothingGiven(violations) => (400, summary(violations)),
        Rejection::Conflict(violations) => {
            // Where no conflict is documented, but what is wrong with a request is, it is that.
            let is_unknown = |op: &&Prepared| op.response(409).is_none();
            let other = operation.filter(is_unknown).map(Prepared::invalid_status);
            let is_documented = |code: &u16| operation.is_some_and(|op| op.documents(*code));
            (
                other.filter(is_documented).unwrap_or(409),
                summary(violations),
            )
        }
        Rejection::PreconditionFailed(violations, _) => (412, summary(violations)),
        Rejection::PreconditionRequired => (
            428,
            "a conditional request is required: send If-Match with the item's ETag".to_owned(),
        ),
        Rejection::Ruled(status, violations) => (*status, summary(violations)),
        Rejection::Full(why) => (507, why.clone()),
        Rejection::Away(why) => (503, format!("the state can't be used: {why}")),
        Rejection::Crowded(detail) => (507, detail.clone()),
        Rejection::Fault(detail) => (
            operation.map_or(500, Prepared::failure_status),
            detail.clone(),
        ),
    };
    let violations = rejection.violations();
    Problem {
        status: StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
        detail,
        errors: violations
            .iter()
            .take(listed)
            .map(Violation::to_problem_error)
            .collect(),
        omitted: violations.len().saturating_sub(listed),
    }
}

fn summary(violations: &[Violation]) -> String {
    match violations {
        [only] => match only.place.to_string().as_str() {
            "body" => only.detail.clone(),
            place => format!("{place}: {}", only.detail),
        },
        all if all.len() >= VIOLATION_LIMIT => {
            format!("The request has {VIOLATION_LIMIT} violations or more.")
        }
        all => format!("The request has {} violations.", all.len()),
    }
}

fn add_headers(reply: &mut Reply, operation: Option<&Prepared>, rejection: &Rejection) {
    match rejection {
        Rejection::NoMethod(allow) | Rejection::UnknownMethod(allow) => {
            reply.set(header::ALLOW, &join(allow))
        }
        Rejection::Unauthenticated(challenges, _) => {
            // Fields of their own: in one list clients have trouble to tell challenges from
            // parameters (RFC 9110 §11.6.1).
            for challenge in challenges {
                reply.append(header::WWW_AUTHENTICATE, challenge);
            }
        }
        Rejection::Forbidden(Some(challenge), _) => {
            reply.append(header::WWW_AUTHENTICATE, challenge);
        }
        Rejection::UnsupportedMedia(_, accepted) if !accepted.is_empty() => {
            let accepted = accepted.join(", ");
            match operation.map(|operation| operation.declared.method.clone()) {
                Some(Method::PATCH) => {
                    reply.set(HeaderName::from_static("accept-patch"), &accepted);
                }
                Some(Method::POST) => {
                    reply.set(HeaderName::from_static("accept-post"), &accepted);
                }
                _ => {}
            }
            reply.set(header::ACCEPT, &accepted);
        }
        // What would do instead is told by the field that it would be sent in (RFC 9110 §15.5.16).
        Rejection::UnknownCoding(_) => reply.set(header::ACCEPT_ENCODING, CODINGS),
        Rejection::Away(_) => reply.set(header::RETRY_AFTER, RETRY_AFTER),
        Rejection::PreconditionFailed(_, Some(tag)) => reply.set(header::ETAG, &tag.to_string()),
        _ => {}
    }
}

fn join(methods: &[Method]) -> String {
    let names: Vec<&str> = methods.iter().map(Method::as_str).collect();
    names.join(", ")
}

fn takes_json(content: &PreparedContent) -> bool {
    let media_type = &content.media_type;
    media_type.is_json() || MediaType::parse(JSON).is_some_and(|json| media_type.takes_in(&json))
}

fn takes_text(content: &PreparedContent) -> bool {
    content.media_type.essence().starts_with("text/") && !takes_json(content)
}

/// A sample of a documented error, with what its status says of itself.
pub(super) fn of_status(
    contents: Contents<'_>,
    content: &PreparedContent,
    status: StatusCode,
) -> Option<Value> {
    let problem = Problem {
        status,
        detail: reason(status).to_owned(),
        errors: Vec::new(),
        omitted: 0,
    };
    let (body, is_example) = fill(contents, content, &problem)?;
    (!is_example).then_some(body)
}

/// The same with all else as it was drawn.
pub(super) fn of_status_as(
    contents: Contents<'_>,
    content: &PreparedContent,
    status: StatusCode,
    drawn: &Value,
) -> Option<Value> {
    let problem = Problem {
        status,
        detail: reason(status).to_owned(),
        errors: Vec::new(),
        omitted: 0,
    };
    let filler = Filler {
        contents,
        problem: &problem,
        trusts_base: false,
    };
    let body = filler.fill(content.shape?, Some(drawn), None, 0);
    content.is_valid(contents, &body).then_some(body)
}

/// The problem in the form of a documented body, and whether that is an example; nothing where it
/// can't be made valid.
fn fill(
    contents: Contents<'_>,
    content: &PreparedContent,
    problem: &Problem,
) -> Option<(Value, bool)> {
    let (Some(schema), Some(at)) = (content.schema, content.declared.schema) else {
        // An example alone is all that is known of the body. A range takes in a problem as such.
        let example = content.declared.examples.first();
        let is_json = content.media_type.is_json();
        return match example {
            Some(example) => Some((example.value.clone(), true)),
            None => is_json.then(|| (problem.to_json(), false)),
        };
    };
    let is_valid = |body: &Value| contents.schemas.is_valid(schema, body);
    if content.media_type.essence() == PROBLEM {
        let body = problem.to_json();
        if is_valid(&body) {
            return Some((body, false));
        }
    }
    let ready = content.ready(contents).ok().map(|ready| &ready.body);
    let base = ready.map(|body| &body.value);
    let is_written = ready.is_some_and(|body| !body.is_sample);
    for (base, trusts_base) in [(base, is_written), (base, true), (None, true)] {
        let Some(shape) = content.shape else { break };
        let filler = Filler {
            contents,
            problem,
            trusts_base,
        };
        let body = filler.fill(shape, base, None, 0);
        if is_valid(&body) {
            let told = with_detail(&body, content, problem).filter(is_valid);
            return Some((told.unwrap_or(body), false));
        }
    }
    // A value that the document names is the documented one; else what went wrong tells more.
    let is_named = is_written || names_value(contents.document, at);
    let told = Value::from(problem.detail.as_str());
    if !is_named && is_valid(&told) {
        return Some((told, false));
    }
    ready.map(|body| (body.value.clone(), !body.is_sample))
}

/// A problem that says in none of its members what went wrong, with the `detail` that says so
/// (RFC 9457 §3.1.4); nothing where it says so, or is no problem.
fn with_detail(body: &Value, content: &PreparedContent, problem: &Problem) -> Option<Value> {
    let members = body.as_object()?;
    let has = |name: &str| members.contains_key(name);
    let is_problem = content.media_type.essence() == PROBLEM || has("title") && has("status");
    if !is_problem || has("detail") || says(body, &problem.detail, 0) {
        return None;
    }
    let mut told = body.clone();
    told["detail"] = problem.detail.as_str().into();
    Some(told)
}

/// Whether a text is one of a value's.
fn says(value: &Value, text: &str, depth: usize) -> bool {
    match value {
        Value::String(known) => known == text,
        Value::Array(items) if depth < DEPTH => {
            items.iter().any(|item| says(item, text, depth + 1))
        }
        Value::Object(members) if depth < DEPTH => {
            members.values().any(|value| says(value, text, depth + 1))
        }
        _ => false,
    }
}

/// Whether a schema says itself what its value is.
fn names_value(document: &Document, at: At) -> bool {
    let node = document.node(at);
    let reference = node.get("$ref");
    let target =
        reference.and_then(|reference| document.follow(reference.at(), &reference.text()?).ok());
    let node = target.map_or(node, |at| document.node(at));
    let mut keywords = ["const", "enum", "example", "examples", "default"].iter();
    keywords.any(|keyword| node.get(keyword).is_some())
}

/// The problem as a documented text: its example, else what went wrong.
fn tell(contents: Contents<'_>, content: &PreparedContent, problem: &Problem) -> Option<Value> {
    let examples = content.declared.examples.iter();
    let examples = examples.map(|example| example.value.clone());
    let told = Value::from(problem.detail.as_str());
    let is_valid = |body: &Value| {
        let schema = content.schema;
        body.is_string() && schema.is_none_or(|schema| contents.schemas.is_valid(schema, body))
    };
    examples.chain([told]).find(is_valid)
}

/// Whether a member of an error tells what went wrong, by its name.
pub(super) fn tells_of_errors(name: &str) -> bool {
    let plain = name.chars().filter(char::is_ascii_alphanumeric);
    let plain: String = plain.map(|c| c.to_ascii_lowercase()).collect();
    let words = [
        "message",
        "detail",
        "description",
        "reason",
        "msg",
        "errormessage",
        "errordescription",
        "longmessage",
        "title",
        "status",
        "statuscode",
        "httpstatus",
        "error",
        "code",
        "errorcode",
        "type",
        "errors",
        "violations",
        "details",
        "issues",
    ];
    words.contains(&plain.as_str())
}

struct Filler<'f> {
    contents: Contents<'f>,
    problem: &'f Problem,
    /// Whether the words of what is filled are those of the document, and go before ours.
    trusts_base: bool,
}

impl Filler<'_> {
    /// Puts what went wrong into the members whose names ask for it, over `base`.
    /// `error` is the one violation that an entry of a list is about.
    fn fill(&self, id: ShapeId, base: Option<&Value>, error: Option<usize>, depth: usize) -> Value {
        if depth > DEPTH {
            return base.cloned().unwrap_or_else(|| json!({}));
        }
        let shape = self.contents.shapes.get(id);
        let mut body = Map::new();
        for (name, property) in &shape.properties {
            let known = base.and_then(|base| base.get(name));
            let member = self.member(
                name,
                self.contents.shapes.of_property(property),
                known,
                error,
                depth,
            );
            if let Some(value) = member.or_else(|| known.cloned()) {
                body.insert(name.clone(), value);
            }
        }
        Value::Object(body)
    }

    fn member(
        &self,
        name: &str,
        id: ShapeId,
        known: Option<&Value>,
        error: Option<usize>,
        depth: usize,
    ) -> Option<Value> {
        let shape = self.contents.shapes.get(id);
        let status = self.problem.status;
        let entry = error.and_then(|index| self.problem.errors.get(index));
        let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
        match plain.to_ascii_lowercase().as_str() {
            "message" | "detail" | "description" | "reason" | "msg" | "errormessage"
            | "errordescription" | "longmessage" => match texts(shape) {
                true => {
                    let detail = entry.map_or(&self.problem.detail, |entry| &entry.detail);
                    Some(detail.as_str().into())
                }
                false => self.list(shape, known, depth),
            },
            "loc" => {
                let entry = entry?;
                self.contents.shapes.of_items(shape)?;
                Some(steps(entry))
            }
            "pointer" | "field" | "path" | "property" | "source" | "location" | "param"
            | "parameter" => {
                let place = entry.map(place)?;
                texts(shape).then_some(place.into())
            }
            "rule" | "keyword" | "constraint" => {
                texts(shape).then(|| entry.map(|entry| entry.rule.as_str().into()))?
            }
            "title" => texts(shape).then(|| reason(status).into()),
            "status" | "statuscode" | "httpstatus" | "httpstatuscode" | "httpcode"
            | "responsecode" | "responsestatus" => match numbers(shape) {
                true => Some(status.as_u16().into()),
                false => known
                    .cloned()
                    .or_else(|| texts(shape).then(|| reason(status).into())),
            },
            "error" if !shape.properties.is_empty() => Some(self.fill(id, known, error, depth + 1)),
            "error" | "code" | "errorcode" | "type" => {
                known.filter(|_| self.trusts_base).cloned().or_else(|| {
                    if numbers(shape) {
                        return Some(status.as_u16().into());
                    }
                    let word = || reason(status).to_ascii_lowercase().replace([' ', '-'], "_");
                    let word = entry.map_or_else(word, |entry| entry.rule.clone());
                    texts(shape).then(|| word.into())
                })
            }
            "errors" | "violations" | "details" | "issues" => self.list(shape, known, depth),
            // Whoever looks at no more than this goes the way of the error.
            "success" | "successful" | "issuccess" | "succeeded" | "ok" | "isok" => {
                flags(shape).then(|| false.into())
            }
            "iserror" | "haserror" | "haserrors" | "failed" => flags(shape).then(|| true.into()),
            "statustext" | "statusmessage" | "reasonphrase" | "httpmessage" => {
                texts(shape).then(|| reason(status).into())
            }
            _ => None,
        }
    }

    /// An entry for each violation. What an entry must have beside what its names ask for is that
    /// of the first one of `known`.
    fn list(&self, shape: &Shape, known: Option<&Value>, depth: usize) -> Option<Value> {
        let shapes = self.contents.shapes;
        let item = shapes.of_items(shape)?;
        let item_shape = shapes.get(item);
        let mut base = known.and_then(|known| known.get(0)).cloned();
        if self.problem.errors.is_empty() {
            // What went wrong is none of the request's parts: one entry tells it.
            let entry = match item_shape.properties.is_empty() {
                true if texts(item_shape) => json!(self.problem.detail),
                true => return known.cloned(),
                false => self.fill(item, base.as_ref(), None, depth + 1),
            };
            return Some(json!([entry]));
        }
        if let Some(Value::Object(members)) = &mut base {
            let properties = &item_shape.properties;
            members.retain(|name, _| properties.get(name).is_some_and(|known| known.required));
        }
        let listed = self.problem.errors.iter().enumerate();
        let entries = listed.map(|(index, entry)| match item_shape.properties.is_empty() {
            true => json!(format!("{} {}", place(entry), entry.detail).trim()),
            false => self.fill(item, base.as_ref(), Some(index), depth + 1),
        });
        Some(entries.collect())
    }
}

/// The name of what an error is about.
fn place(entry: &ProblemError) -> String {
    let place = entry.pointer.as_ref().or(entry.parameter.as_ref());
    place.cloned().unwrap_or_default()
}

/// The way to what an error is about, from the part of the request that it is in.
fn steps(entry: &ProblemError) -> Value {
    let pointer = entry.pointer.as_deref().and_then(Pointer::parse);
    let tokens = pointer.iter().flat_map(Pointer::tokens);
    let step = |token: String| match token.parse::<u32>() {
        Ok(index) => index.into(),
        Err(_) => token.into(),
    };
    let part = Some(entry.part).filter(|part| !part.is_empty());
    let steps = part.map(Value::from).into_iter();
    let steps = steps.chain(entry.parameter.as_deref().map(Value::from));
    steps.chain(tokens.map(step)).collect()
}

fn texts(shape: &Shape) -> bool {
    shape.types.is_unsaid() || shape.types.has("string")
}

fn flags(shape: &Shape) -> bool {
    shape.types.has("boolean")
}

fn numbers(shape: &Shape) -> bool {
    shape.types.has("integer") || shape.types.has("number")
}
