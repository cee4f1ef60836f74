//! A refusal as the contract documents errors: what happened, in the members whose names ask for
//! it.
//!
//! [`role`] says what a name asks for, [`fill`] puts it there, [`rows`] does so for lists and maps
//! of violations. Whatever comes of it is sent only where the schema takes it.

mod codes;
mod fill;
mod occasion;
mod place;
mod problem;
mod role;
mod rows;
mod tongues;
mod words;

use super::prepared::Contents;
use super::{Prepared, PreparedContent, Rejection};
use crate::spec::{At, Document};
use crate::wire::{MediaType, Problem, Reply, StatusCode, choose, header, reason};
use fill::{Filler, Keeps};
pub use occasion::Occasion;
use problem::{add_headers, place_and_detail, problem};
pub(super) use role::tells_of_errors;
use serde_json::Value;
use std::cell::Cell;

const PROBLEM: &str = "application/problem+json";
const JSON: &str = "application/json";
/// How many violations an answer lists where nothing else is said.
pub const LISTED: usize = 20;
/// How deep errors within errors are filled: a schema of errors may be recursive.
const DEPTH: usize = 4;
/// How many violations are told in one text.
const TOLD: usize = 5;
/// How many members are looked at to find out what a body's objects hold.
const LOOKED_AT: usize = 2_000;

/// How a refusal is told.
#[derive(Debug, Clone, Copy)]
pub struct Telling<'t> {
    /// The name of the example that the client prefers.
    pub example: Option<&'t str>,
    /// Which of several documented media types it likes.
    pub accept: Option<&'t str>,
    /// How many violations are listed; the rest is counted.
    pub listed: usize,
    /// The request, and when.
    pub occasion: Option<Occasion<'t>>,
}

/// What went wrong, and when.
#[derive(Clone, Copy)]
struct Happening<'h> {
    problem: &'h Problem,
    occasion: Option<Occasion<'h>>,
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
        occasion,
    } = telling;
    let problem = problem(contents.shapes, operation, rejection, listed);
    let happened = Happening {
        problem: &problem,
        occasion,
    };
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
        let (body, is_example) = told.or_else(|| fill(contents, content, happened))?;
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
    occasion: Option<Occasion<'_>>,
) -> Option<Value> {
    let problem = &of_status_alone(status);
    let happened = Happening { problem, occasion };
    let (body, is_example) = fill(contents, content, happened)?;
    (!is_example).then_some(body)
}

/// The same of what was drawn for this request, with all else as it was where `keeps_all`.
pub(super) fn of_status_as(
    contents: Contents<'_>,
    content: &PreparedContent,
    status: StatusCode,
    (drawn, keeps_all): (&Value, bool),
    occasion: Option<Occasion<'_>>,
) -> Option<Value> {
    let problem = &of_status_alone(status);
    let happened = Happening { problem, occasion };
    let words = reason(status).to_owned();
    let is_valid = |body: &Value| content.is_valid(contents, body);
    let all = [Keeps::Least, Keeps::Drawn];
    let mut all = all.into_iter().skip(usize::from(keeps_all));
    all.find_map(|keeps| {
        let filler = happened.filler(contents, content, &words, (false, keeps));
        let (body, tells) = filler.whole(content.shape?, Some(drawn));
        (tells || keeps != Keeps::Least)
            .then_some(body)
            .filter(is_valid)
    })
}

fn of_status_alone(status: StatusCode) -> Problem {
    Problem {
        status,
        detail: reason(status).to_owned(),
        errors: Vec::new(),
        omitted: 0,
    }
}

impl<'h> Happening<'h> {
    fn filler(
        self,
        contents: Contents<'h>,
        content: &PreparedContent,
        words: &'h str,
        (trusts_base, keeps): (bool, Keeps),
    ) -> Filler<'h> {
        let mut filler = Filler {
            contents,
            problem: self.problem,
            occasion: self.occasion,
            words,
            lists: false,
            is_problem: content.media_type.essence() == PROBLEM,
            trusts_base,
            keeps,
            left: Cell::new(LOOKED_AT),
        };
        filler.lists = content.shape.is_some_and(|shape| filler.can_list(shape, 0));
        filler
    }
}

/// The problem in the form of a documented body, and whether that is an example; nothing where it
/// can't be made valid.
fn fill(
    contents: Contents<'_>,
    content: &PreparedContent,
    happened: Happening<'_>,
) -> Option<(Value, bool)> {
    let problem = happened.problem;
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
    let words = in_words(problem);
    let filler_of = |trusts| {
        let mut filler = happened.filler(contents, content, &words, trusts);
        // What lists the violations counts them where it tells of them all.
        if !filler.lists {
            return filler;
        }
        filler.words = &problem.detail;
        filler
    };
    if content.media_type.essence() == PROBLEM {
        let body = problem.to_json();
        if is_valid(&body) {
            let filler = filler_of((false, Keeps::Least));
            let more = content.shape.map(|shape| filler.whole(shape, None).0);
            let mut told = body.clone();
            for (name, value) in more.iter().filter_map(Value::as_object).flatten() {
                if told.get(name).is_none() {
                    told[name] = value.clone();
                }
            }
            return Some((Some(told).filter(is_valid).unwrap_or(body), false));
        }
    }
    let ready = content.ready(contents).ok().map(|ready| &ready.body);
    let base = ready.map(|body| &body.value);
    let is_written = ready.is_some_and(|body| !body.is_sample);
    for (base, trusts_base, keeps) in [
        (base, is_written, Keeps::Least),
        (base, is_written, Keeps::Drawn),
        (base, true, Keeps::All),
        (None, true, Keeps::All),
    ] {
        let Some(shape) = content.shape else { break };
        if keeps == Keeps::Drawn
            && !is_written
            && let Some(told) = told_somewhere(problem, base, &words, &is_valid)
        {
            return Some((told, false));
        }
        let filler = filler_of((trusts_base, keeps));
        let (body, tells) = filler.whole(shape, base);
        if (tells || keeps != Keeps::Least) && is_valid(&body) {
            let told = with_detail(&body, content, filler.words).filter(is_valid);
            return Some((told.unwrap_or(body), false));
        }
    }
    // A value that the document names is the documented one; else what went wrong tells more.
    let is_named = is_written || names_value(contents.document, at);
    let told = Value::from(words);
    if !is_named && is_valid(&told) {
        return Some((told, false));
    }
    ready.map(|body| (body.value.clone(), !body.is_sample))
}

/// An error whose schema has no name for what went wrong, which says so all the same: in the only
/// text that may say anything, or where it may be any object, as a problem.
fn told_somewhere(
    problem: &Problem,
    made: Option<&Value>,
    words: &str,
    is_valid: &dyn Fn(&Value) -> bool,
) -> Option<Value> {
    let members = made.and_then(Value::as_object)?;
    let texts = members.iter().filter(|(_, value)| value.is_string());
    let told = texts.map(|(name, _)| {
        let mut told = members.clone();
        told.insert(name.clone(), words.into());
        Value::Object(told)
    });
    let mut told = told.filter(|told| is_valid(told));
    let is_alone = |told: &mut dyn Iterator<Item = Value>| told.next().is_none();
    match told.next() {
        Some(body) => is_alone(&mut told).then_some(body),
        None => Some(problem.to_json()).filter(|body| is_valid(body)),
    }
}

/// What went wrong in one text, which lists the violations where there are more.
fn in_words(problem: &Problem) -> String {
    if problem.errors.len() < 2 {
        return problem.detail.clone();
    }
    let listed = problem.errors.iter().take(TOLD);
    let listed: Vec<String> = listed.map(place_and_detail).collect();
    let omitted = problem.errors.len().saturating_sub(TOLD) + problem.omitted;
    match omitted {
        0 => listed.join("; "),
        omitted => format!("{}; and {omitted} more", listed.join("; ")),
    }
}

/// A problem that says in none of its members what went wrong, with the `detail` that says so
/// (RFC 9457 §3.1.4); nothing where it says so, or is no problem.
fn with_detail(body: &Value, content: &PreparedContent, words: &str) -> Option<Value> {
    let members = body.as_object()?;
    let has = |name: &str| members.contains_key(name);
    let is_problem = content.media_type.essence() == PROBLEM || has("title") && has("status");
    if !is_problem || has("detail") || says(body, words, 0) {
        return None;
    }
    let mut told = body.clone();
    told["detail"] = words.into();
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
pub(super) fn names_value(document: &Document, at: At) -> bool {
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
    let told = Value::from(in_words(problem));
    let is_valid = |body: &Value| {
        let schema = content.schema;
        body.is_string() && schema.is_none_or(|schema| contents.schemas.is_valid(schema, body))
    };
    examples.chain([told]).find(is_valid)
}
