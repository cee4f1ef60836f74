//! What requests someone expects, found in the contracts; and requests as the contracts read them.

use super::Host;
use super::placing::Names;
use crate::decode::Payload;
use crate::exchange::Meaning;
use crate::faults::{Asked, Placement, Scope};
use crate::mock::{Difference, Misfit, RequestPattern};
use crate::spec::nearest;
use crate::validate::Place;
use crate::wire::{HeaderMap, Pointer, Request};
use serde_json::{Map, Value};
use std::cell::OnceCell;

/// Header fields that requests have beside the parameters of a contract, which needn't name them.
const USUAL: [&str; 24] = [
    "accept",
    "accept-encoding",
    "accept-language",
    "authorization",
    "baggage",
    "cache-control",
    "content-encoding",
    "content-language",
    "content-type",
    "counterpart-sandbox",
    "forwarded",
    "idempotency-key",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "origin",
    "prefer",
    "range",
    "referer",
    "traceparent",
    "user-agent",
    "x-request-id",
];

/// Which requests are meant, by their scope and by what they say.
#[derive(Debug, Clone)]
pub struct Pattern {
    place: Placement,
    /// What requests to each operation must say, where they must say something.
    said: Option<Vec<((usize, usize), RequestPattern)>>,
    /// The method that they have, where that is known.
    method: Option<String>,
    /// The path or template that they have, with the API's prefix.
    path: Option<String>,
}

/// A place in a pattern, and what is wrong there.
pub type Wrong = (Pointer, String);

/// A request as the contracts read it, as far as someone looks.
pub struct Seen<'h> {
    host: &'h Host,
    api: usize,
    operation: Option<usize>,
    sandbox: Option<String>,
    /// Within its API.
    request: Request,
    meaning: OnceCell<Option<Meaning>>,
}

/// How a request differs from those that are meant.
#[derive(Debug, Default)]
pub struct Unlike {
    /// How far it is from being one, from 0 to 1.
    pub distance: f64,
    /// The places that differ: in words, what was expected, and what there is.
    pub places: Vec<(String, Value, Option<Value>)>,
}

impl Host {
    /// A pattern of requests: those of a scope that say what `request` has of them. `names` are
    /// made when they are first asked for.
    ///
    /// # Errors
    /// What it names and the contracts don't have, each with its place in the pattern.
    pub(crate) fn pattern(
        &self,
        scope: &Scope,
        request: Option<&Map<String, Value>>,
        names: &mut Option<Names>,
    ) -> Result<Pattern, Vec<Wrong>> {
        let at = |member: &str| Pointer::root().child(member);
        let place = self.place(scope, names);
        let place = place.map_err(|(member, why)| vec![(at(member), why)])?;
        let operations = self.operations_at(&place);
        let said = match request.filter(|said| !said.is_empty()) {
            None => None,
            Some(_) if operations.is_empty() => {
                let why = "goes with an operation, or with a path and method that have one";
                return Err(vec![(at("request"), why.to_owned())]);
            }
            Some(said) => {
                let mut patterns = Vec::new();
                let mut wrong: Option<Vec<Wrong>> = None;
                for (api, number) in &operations {
                    let contract = self.apis[*api].contract();
                    let operation = contract.operations.get(*number);
                    let (pattern, mut misfits) =
                        RequestPattern::read(&contract.shapes, operation, said);
                    misfits.extend(unusual(&pattern, operation.header_names()));
                    match misfits.is_empty() {
                        true => patterns.push(((*api, *number), pattern)),
                        false => {
                            let under = |misfit: &Misfit| {
                                let at = Pointer::parse(&format!("/request{}", misfit.at));
                                (at.unwrap_or_else(Pointer::root), misfit.to_string())
                            };
                            wrong.get_or_insert_with(|| misfits.iter().map(under).collect());
                        }
                    }
                }
                // Of several operations, those are meant that have all that is named.
                if let Some(wrong) = wrong.filter(|_| patterns.is_empty()) {
                    return Err(wrong);
                }
                Some(patterns)
            }
        };
        let stub = |(api, number): &(usize, usize)| {
            let api = &self.apis[*api];
            (api.prefix(), &api.contract.operations.stubs()[*number])
        };
        let methods = operations.iter().map(|o| stub(o).1.method.as_str());
        let mut methods: Vec<&str> = methods.collect();
        methods.dedup();
        let method = match (&scope.method, methods.as_slice()) {
            (Some(method), _) => Some(method.to_string()),
            (None, [only]) => Some((*only).to_owned()),
            (None, _) => None,
        };
        let template = || {
            let (prefix, stub) = operations.first().map(stub)?;
            let mut path = format!("{prefix}{}", stub.path);
            let named = request.and_then(|said| said.get("path")?.as_object());
            for (name, value) in named.into_iter().flatten() {
                path = path.replace(&format!("{{{name}}}"), &text(value));
            }
            Some(path)
        };
        let path = scope.path.clone().or_else(template);
        Ok(Pattern {
            place,
            said,
            method,
            path,
        })
    }

    /// A request, with its whole target, as the contracts read it; nothing where it is none of
    /// theirs.
    pub(crate) fn seen(&self, mut request: Request, sandbox: Option<&str>) -> Option<Seen<'_>> {
        let (_, inner) = self.sandbox_of(&request.target);
        let (api, inner) = self.api_of(inner)?;
        request.target = inner;
        Some(Seen {
            host: self,
            api,
            operation: self.apis[api].contract.operation_of(&request),
            sandbox: sandbox.map(str::to_owned),
            request,
            meaning: OnceCell::new(),
        })
    }
}

impl Seen<'_> {
    fn asked<T>(&self, ask: impl FnOnce(Asked<'_>) -> T) -> T {
        let path = self.request.path();
        let router = &self.host.apis[self.api].contract.router;
        let paths = [Some(path), router.behind_base(path)];
        let paths: Vec<&str> = paths.into_iter().flatten().collect();
        ask(Asked {
            api: self.api,
            operation: self.operation,
            method: &self.request.method,
            paths: &paths,
            sandbox: self.sandbox.as_deref(),
        })
    }

    /// The numbers of its API and of its operation, where it has one.
    pub(crate) fn operation(&self) -> Option<(usize, usize)> {
        Some((self.api, self.operation?))
    }

    /// The request within its API.
    pub(crate) fn request(&self) -> &Request {
        &self.request
    }

    /// What it says to its operation, as far as it can be read.
    pub(crate) fn meaning(&self) -> Option<&Meaning> {
        let contract = &self.host.apis[self.api].contract;
        let meaning = self.meaning.get_or_init(|| contract.meaning(&self.request));
        meaning.as_ref()
    }

    fn said<'p>(&self, pattern: &'p Pattern) -> Option<&'p RequestPattern> {
        let own = (self.api, self.operation?);
        let mut said = pattern.said.iter().flatten();
        said.find(|(operation, _)| *operation == own)
            .map(|(_, said)| said)
    }
}

impl Pattern {
    /// Whether a request is one of those that are meant.
    pub(crate) fn fits(&self, seen: &Seen<'_>) -> bool {
        if !seen.asked(|asked| self.place.takes(asked)) {
            return false;
        }
        if self.said.is_none() {
            return true;
        }
        let (Some(said), Some(meaning)) = (seen.said(self), seen.meaning()) else {
            return false;
        };
        let has_body = said.body.is_none() || meaning.payload.is_some();
        let payload = meaning.payload.as_ref();
        let payload = payload.unwrap_or(&Payload::Absent);
        let fields = &seen.request.headers;
        let mut named = said.fields.iter();
        has_body
            && said.fits(&meaning.parameters, payload)
            && named.all(|(name, wanted)| field(fields, name).is_some_and(|g| g == text(wanted)))
    }

    /// How a request differs from those that are meant; nothing where it has next to nothing in
    /// common with them. What is hidden in it isn't compared.
    pub(crate) fn unlike(
        &self,
        seen: &Seen<'_>,
        is_hidden: &dyn Fn(&Place) -> bool,
    ) -> Option<Unlike> {
        let mut unlike = Unlike::default();
        // A path outweighs all else: what went to another isn't what was meant.
        let mut weight = 5.0;
        let mut apart = 0.0;
        if self.place.api.is_some_and(|api| api != seen.api) {
            return None;
        }
        let is_there =
            seen.asked(|asked| self.place.takes_operation(asked) && self.place.takes_path(asked));
        let prefix = seen.host.apis[seen.api].prefix();
        let path = format!("{prefix}{}", seen.request.path());
        if !is_there && let Some(wanted) = &self.path {
            let differs = apart_in_segments(wanted, &path);
            if differs > 0.5 {
                return None;
            }
            apart += 4.0 * differs;
            if differs > 0.0 {
                let there = Some(Value::from(path));
                unlike
                    .places
                    .push(("path".to_owned(), wanted.as_str().into(), there));
            }
        }
        let method = seen.request.method.as_str();
        if let Some(wanted) = self.method.as_deref().filter(|wanted| *wanted != method) {
            apart += 1.0;
            let there = Some(Value::from(method));
            unlike
                .places
                .push(("method".to_owned(), wanted.into(), there));
        }
        if let Some(wanted) = &self.place.sandbox {
            weight += 1.0;
            if seen.sandbox.as_ref() != Some(wanted) {
                apart += 1.0;
                let there = seen.sandbox.clone().map(Value::from);
                unlike
                    .places
                    .push(("sandbox".to_owned(), wanted.as_str().into(), there));
            }
        }
        if let (Some(said), Some(meaning)) = (seen.said(self), seen.meaning()) {
            weight += said.size() as f64;
            let body = match &meaning.payload {
                Some(Payload::Value(_, value)) => Some(value),
                _ => None,
            };
            for Difference {
                place,
                expected,
                got,
            } in said.differences(&meaning.parameters, body)
            {
                if !is_hidden(&place) {
                    apart += 1.0;
                    unlike.places.push((place.to_string(), expected, got));
                }
            }
            for (name, wanted) in &said.fields {
                let there = field(&seen.request.headers, name);
                let place = Place::Header(name.clone());
                if there.as_deref() != Some(&text(wanted)) && !is_hidden(&place) {
                    apart += 1.0;
                    let place = place.to_string();
                    unlike
                        .places
                        .push((place, wanted.clone(), there.map(Value::from)));
                }
            }
        }
        unlike.distance = apart / weight;
        Some(unlike)
    }

    /// The places that it names parameters, fields and cookies by.
    pub(crate) fn named(&self) -> Vec<(Place, Pointer)> {
        let mut named = Vec::new();
        for (_, said) in self.said.iter().flatten().take(1) {
            let request = Pointer::root().child("request");
            type Named = fn(String) -> Place;
            let parts: [(&str, &Map<String, Value>, Named); 4] = [
                ("query", &said.query, Place::Query),
                ("headers", &said.header, Place::Header),
                ("headers", &said.fields, Place::Header),
                ("cookies", &said.cookie, Place::Cookie),
            ];
            for (key, names, place) in parts {
                let names = names.keys();
                named.extend(
                    names.map(|name| (place(name.clone()), request.child(key).child(name))),
                );
            }
        }
        named
    }

    /// The API that it names.
    pub(crate) fn api(&self) -> Option<usize> {
        self.place.api
    }

    /// The sandbox that it names.
    pub(crate) fn sandbox(&self) -> Option<&str> {
        self.place.sandbox.as_deref()
    }
}

/// As a person would name such a request: `PATCH /pets/1`.
impl std::fmt::Display for Pattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let method = self.method.as_deref();
        match (method, &self.path) {
            (Some(method), Some(path)) => write!(f, "{method} {path}"),
            (None, Some(path)) => write!(f, "a request to {path}"),
            (Some(method), None) => write!(f, "a {method} request"),
            (None, None) => f.write_str("a request"),
        }
    }
}

/// The header fields of a pattern that are misspelt, most likely: they are like one that there is.
/// A contract needn't name all that its clients send.
fn unusual<'o>(
    pattern: &RequestPattern,
    declared: impl Iterator<Item = &'o str> + Clone,
) -> Vec<Misfit> {
    let known: Vec<&str> = declared.chain(USUAL).collect();
    let lower: Vec<String> = known.iter().map(|name| name.to_lowercase()).collect();
    let lower: Vec<&str> = lower.iter().map(String::as_str).collect();
    let at = Pointer::root().child("headers");
    let misspelt = pattern.fields.keys().filter(|name| {
        let name = name.to_lowercase();
        !lower.contains(&name.as_str()) && nearest(&name, &lower).is_some()
    });
    misspelt
        .map(|name| Misfit::unknown("header parameter", name, at.child(name), &known))
        .collect()
}

/// The values of a field as one list (RFC 9110 §5.3).
fn field(fields: &HeaderMap, name: &str) -> Option<String> {
    let values = fields.get_all(name).iter();
    let values = values.filter_map(|value| value.to_str().ok());
    let values: Vec<&str> = values.collect();
    (!values.is_empty()).then(|| values.join(", "))
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Which part of two paths differs, segment by segment; what is in braces takes any.
fn apart_in_segments(wanted: &str, path: &str) -> f64 {
    let wanted: Vec<&str> = wanted.trim_matches('/').split('/').collect();
    let path: Vec<&str> = path.trim_matches('/').split('/').collect();
    let is_same = |(one, other): (&&str, &&str)| one == other || one.contains('{');
    let same = wanted
        .iter()
        .zip(&path)
        .filter(|pair| is_same(*pair))
        .count();
    let all = wanted.len().max(path.len());
    (all - same) as f64 / all as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_apart_by_their_segments() {
        for (wanted, path, apart) in [
            ("/pets/{id}", "/pets/1", 0.0),
            ("/pets/1", "/pets/2", 0.5),
            ("/pets", "/pets/2", 0.5),
            ("/pets", "/toys", 1.0),
            ("/a/b/c/d", "/a/b/x/d", 0.25),
        ] {
            let found = apart_in_segments(wanted, path);
            assert!((found - apart).abs() < 1e-9, "{wanted} {path}: {found}");
        }
    }
}
