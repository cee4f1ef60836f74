//! The files in `fixtures/NAME/replies`: replies, and bodies of callbacks and webhooks, that
//! someone wrote for certain requests. Each is judged against the contract when it is read.

use super::Contract;
use crate::mock::{
    Answer, MessageFixture, Misfit, Prepared, PreparedMessage, PreparedResponse, ReplyFixture,
    RequestPattern, Wanted, WrittenFixtures, canned, header_fields,
};
use crate::spec::{Fields, LoadError, Place, Source};
use crate::validate::{Place as Where, Violation, check_fields};
use crate::wire::{HeaderMap, HeaderName, MediaType, Pointer, Reply, StatusCode, header};
use serde_json::{Map, Value};
use std::sync::Arc;

/// What a fixture may say.
const KEYS: [&str; 9] = [
    "operation",
    "callback",
    "webhook",
    "request",
    "status",
    "headers",
    "mediaType",
    "body",
    "example",
];

/// Reads the files against a contract that is whole but for them.
pub(super) fn read(
    contract: &Contract,
    files: &[Arc<Source>],
    errors: &mut Vec<LoadError>,
) -> WrittenFixtures {
    let mut written = WrittenFixtures::default();
    for source in files {
        let value = match source.parse() {
            Ok(value) => value,
            Err(error) => {
                errors.push(error);
                continue;
            }
        };
        let root = Pointer::root();
        let fixtures: Vec<(Pointer, &Value)> = match &value {
            Value::Null => Vec::new(), // nothing but comments
            Value::Array(items) => {
                let items = items.iter().enumerate();
                items
                    .map(|(index, item)| (root.child(index), item))
                    .collect()
            }
            one => vec![(root, one)],
        };
        for (at, value) in fixtures {
            let Some(fields) = Fields::new(source, at, value, &KEYS, errors) else {
                continue;
            };
            let mut reading = Reading {
                contract,
                source,
                fields,
                errors,
            };
            reading.add_to(&mut written);
        }
    }
    written
}

/// What a reply of its own may say.
const REPLY_KEYS: [&str; 6] = ["status", "headers", "mediaType", "body", "example", "force"];

impl Contract {
    /// A reply of an operation that someone wrote, judged as fixtures are; with `force: true` taken
    /// as it is.
    pub(crate) fn reply_for(
        &self,
        operation: &Prepared,
        said: &Map<String, Value>,
    ) -> Result<Reply, Vec<Misfit>> {
        if said.get("force") == Some(&Value::Bool(true)) {
            return forced(operation, said).map_err(|misfit| vec![misfit]);
        }
        let value = Value::Object(said.clone());
        let source = Arc::new(Source::new("reply", ""));
        let mut errors = Vec::new();
        let fields = Fields::new(&source, Pointer::root(), &value, &REPLY_KEYS, &mut errors);
        let answer = fields.and_then(|fields| {
            let mut reading = Reading {
                contract: self,
                source: &source,
                fields,
                errors: &mut errors,
            };
            reading.answer(operation)
        });
        let misfit = |error: LoadError| Misfit {
            at: match error.place {
                Place::Value(at) | Place::Key(at) => at,
                _ => Pointer::root(),
            },
            message: error.message,
            help: error.help,
        };
        match answer.filter(|_| errors.is_empty()) {
            None => Err(errors.into_iter().map(misfit).collect()),
            Some(Answer::Written(reply, _)) => Ok(*reply),
            Some(Answer::Documented(status, example)) => {
                let wanted = Wanted {
                    status,
                    example: example.as_deref(),
                    ..Wanted::default()
                };
                let canned = canned(self.contents(), operation, &wanted);
                canned.map(|canned| canned.reply).map_err(|_| {
                    vec![Misfit {
                        at: Pointer::root(),
                        message: "no reply can be made of this".to_owned(),
                        help: None,
                    }]
                })
            }
        }
    }
}

/// A reply as it is said, whatever the contract has.
fn forced(operation: &Prepared, said: &Map<String, Value>) -> Result<Reply, Misfit> {
    let wrong = |key: &str, message: &str| Misfit {
        at: Pointer::root().child(key),
        message: message.to_owned(),
        help: None,
    };
    if said.contains_key("example") {
        return Err(wrong("example", "an example needs no force"));
    }
    let success = || Some(u64::from(operation.declared.success()));
    let code = said.get("status").map_or_else(success, Value::as_u64);
    let code = code.and_then(|code| u16::try_from(code).ok());
    let status = code.and_then(|code| StatusCode::from_u16(code).ok());
    let status = status.filter(|status| (200..600).contains(&status.as_u16()));
    let status = status.ok_or_else(|| wrong("status", "is no status from 200 to 599"))?;
    let mut reply = Reply::new(status);
    if let Some(body) = said.get("body") {
        let named = said.get("mediaType").and_then(Value::as_str);
        let media_type = named.unwrap_or("application/json");
        let is_json = MediaType::parse(media_type).is_some_and(|named| named.is_json());
        reply.set(header::CONTENT_TYPE, media_type);
        reply.body = match body {
            Value::String(text) if !is_json => text.clone().into(),
            other => other.to_string().into(),
        };
    }
    let fields = said.get("headers").and_then(Value::as_object);
    for (name, value) in fields.into_iter().flatten() {
        let known = name.parse::<HeaderName>();
        let known = known.map_err(|_| wrong("headers", "has a name that no field can have"))?;
        match value {
            Value::String(text) => reply.set(known, text),
            other => reply.set(known, &other.to_string()),
        }
    }
    Ok(reply)
}

/// One fixture as it is read.
struct Reading<'r> {
    contract: &'r Contract,
    source: &'r Arc<Source>,
    fields: Fields<'r>,
    errors: &'r mut Vec<LoadError>,
}

impl<'r> Reading<'r> {
    fn add_to(&mut self, written: &mut WrittenFixtures) {
        if let Some((name, at)) = self.text("webhook") {
            self.refuse_all(&["operation", "callback", "request", "status", "headers"]);
            let webhooks = self.contract.operations.webhooks().iter();
            let named: Vec<&PreparedMessage> =
                webhooks.filter(|m| m.declared.name == name).collect();
            if named.is_empty() {
                let known = self.contract.webhooks();
                let known: Vec<&str> = known.iter().map(|hook| hook.name.as_str()).collect();
                return self.unknown("webhook", &name, at, &known);
            }
            written.webhooks.extend(self.message(name, &named));
            return;
        }
        let Some(operation) = self.operation() else {
            return;
        };
        let request = self.pattern(operation);
        if let Some((name, at)) = self.text("callback") {
            self.refuse_all(&["status", "headers", "mediaType", "example"]);
            let callbacks = operation.callbacks.iter();
            let named: Vec<&PreparedMessage> =
                callbacks.filter(|m| m.declared.name == name).collect();
            if named.is_empty() {
                let callbacks = operation.callbacks.iter();
                let known: Vec<&str> = callbacks.map(|m| m.declared.name.as_str()).collect();
                return self.unknown("callback", &name, at, &known);
            }
            let callbacks = written.callbacks.entry(operation.number).or_default();
            let message = self.message(name, &named);
            callbacks.extend(message.map(|message| MessageFixture { request, ..message }));
            return;
        }
        let Some(answer) = self.answer(operation) else {
            return;
        };
        let replies = written.replies.entry(operation.number).or_default();
        replies.push(ReplyFixture {
            request,
            answer,
            source: format!("fixture at {}#{}", self.source.name(), self.fields.at).into(),
        });
    }

    fn operation(&mut self) -> Option<&'r Prepared> {
        let (name, at) = self.fields.needed("operation", self.errors)?;
        let names = self.contract.operation_names();
        match names.get(&name).map(Vec::as_slice) {
            Some([number]) => {
                let operation = self.contract.operations.get(*number);
                // One that can't be served is told of elsewhere.
                operation.broken.is_none().then_some(operation)
            }
            Some(_) => {
                let message = format!("several operations have the operationId `{name}`");
                let error = LoadError::new(self.source, Place::Value(at), message);
                self.errors
                    .push(error.with_help("name it as `PATCH /path`"));
                None
            }
            None => {
                let known: Vec<&str> = names.keys().map(String::as_str).collect();
                self.unknown("operation", &name, at, &known);
                None
            }
        }
    }

    /// What `request` says of the requests that it is for.
    fn pattern(&mut self, operation: &Prepared) -> RequestPattern {
        let Some((value, at)) = self.fields.get("request") else {
            return RequestPattern::default();
        };
        let known = ["path", "query", "headers", "cookies", "body"];
        let Some(fields) = Fields::new(self.source, at, value, &known, self.errors) else {
            return RequestPattern::default();
        };
        let Some(said) = value.as_object() else {
            return RequestPattern::default();
        };
        let (read, misfits) = RequestPattern::read(&self.contract.shapes, operation, said);
        let undeclared = read.undeclared(operation);
        for misfit in misfits.into_iter().chain(undeclared) {
            let at = Pointer::parse(&format!("{}{}", fields.at, misfit.at));
            let at = at.unwrap_or_else(|| fields.at.clone());
            self.misfit(Misfit { at, ..misfit });
        }
        read
    }

    /// The reply, judged.
    fn answer(&mut self, operation: &'r Prepared) -> Option<Answer> {
        let status = self.status(operation)?;
        let response = operation.response(status.as_u16())?;
        let body = self.fields.get("body");
        if body.is_none() && self.fields.get("headers").is_none() {
            self.refuse_all(&["mediaType"]);
            let example = self.text("example");
            if let Some((name, at)) = &example {
                let contents = response.contents.iter();
                let examples = contents.flat_map(|content| &content.declared.examples);
                let known: Vec<&str> = examples.map(|example| example.name.as_str()).collect();
                if !known.contains(&name.as_str()) {
                    self.unknown("example", name, at.clone(), &known);
                    return None;
                }
            }
            return Some(Answer::Documented(status, example.map(|(name, _)| name)));
        }
        self.refuse_all(&["example"]);
        let mut reply = Reply::new(status);
        let content = match body {
            Some((body, at)) => Some(self.write_body(response, body, &at, &mut reply)?),
            None if response.contents.is_empty() => None,
            None => {
                let at = self.fields.at.clone();
                let code = status.as_u16();
                self.error(
                    at,
                    format!("a `body` is missing: this operation's {code} has one"),
                );
                return None;
            }
        };
        self.write_headers(operation, response, &mut reply);
        Some(Answer::Written(Box::new(reply), content))
    }

    /// The status: of success where none is named.
    fn status(&mut self, operation: &Prepared) -> Option<StatusCode> {
        let (code, at) = match self.text("status") {
            Some((text, at)) => (text.parse().unwrap_or(0), at),
            None => (operation.declared.success(), self.fields.at.clone()),
        };
        let status = StatusCode::from_u16(code).ok();
        let status = status.filter(|status| (200..600).contains(&status.as_u16()));
        let is_documented = operation.response(code).is_some();
        match status.filter(|_| is_documented) {
            Some(status) => Some(status),
            None => {
                let known = operation.statuses();
                let message = "the operation documents no such status";
                let error = LoadError::new(self.source, Place::Value(at), message);
                self.errors.push(error.with_help(match known.as_str() {
                    "" => "it documents none".to_owned(),
                    known => format!("it documents {known}"),
                }));
                None
            }
        }
    }

    /// Writes the body as its media type; gives the number of that in the response.
    fn write_body(
        &mut self,
        response: &PreparedResponse,
        body: &Value,
        at: &Pointer,
        reply: &mut Reply,
    ) -> Option<usize> {
        let named = self.text("mediaType");
        let mut contents = response.contents.iter();
        let number = match &named {
            None => contents
                .position(|content| content.media_type.concrete().is_json())
                .or((!response.contents.is_empty()).then_some(0)),
            Some((name, _)) => {
                let media_type = MediaType::parse(name);
                media_type.and_then(|m| contents.position(|c| c.media_type.takes_in(&m)))
            }
        };
        let Some(number) = number else {
            let names: Vec<&str> = response.contents.iter().map(|c| c.name.as_str()).collect();
            let (message, at) = match (&named, names.is_empty()) {
                (_, true) => ("the contract documents no body here", at.clone()),
                (None, false) => ("no media type is documented", at.clone()),
                (Some((_, at)), false) => ("the media type isn't documented", at.clone()),
            };
            let error = LoadError::new(self.source, Place::Value(at), message);
            self.errors.push(match names.is_empty() {
                true => error,
                false => error.with_help(format!("there are {}", names.join(", "))),
            });
            return None;
        };
        let content = &response.contents[number];
        let schemas = &self.contract.schemas;
        if let Some(schema) = content.schema {
            let found = schemas.check(schema, body, &Where::Body);
            self.breaches(&found, at);
            if !found.is_empty() {
                return None;
            }
        }
        let named = named.and_then(|(name, _)| MediaType::parse(&name));
        let named = named.filter(|_| content.media_type.is_range());
        match content.encode(self.contract.contents(), body, true, named.as_ref()) {
            Ok(encoded) => {
                reply.set(header::CONTENT_TYPE, &encoded.content_type);
                reply.body = encoded.body;
                Some(number)
            }
            Err(why) => {
                self.error(at.clone(), why.to_string());
                None
            }
        }
    }

    fn write_headers(
        &mut self,
        operation: &Prepared,
        response: &PreparedResponse,
        reply: &mut Reply,
    ) {
        let Some((value, at)) = self.fields.get("headers") else {
            return;
        };
        let Some(fields) = value.as_object() else {
            return self.error(at, "`headers` is a mapping of header fields by their names");
        };
        let declared = operation.declared.response(reply.status.as_u16());
        let declared = declared.map_or(&[][..], |response| &response.headers);
        let mut sent = HeaderMap::new();
        for (name, value) in fields {
            match header_fields(name, value, declared) {
                Ok(found) => {
                    let mut last = None;
                    for (name, value) in found {
                        sent.append(&name, value);
                        last = Some(name);
                    }
                    let Some(name) = last else { continue };
                    let fields = response.fields.iter().filter(|f| f.reader.name == name);
                    let fields = fields.map(|field| (&field.reader, field.schema));
                    let contract = self.contract;
                    let (schemas, shapes) = (&contract.schemas, &contract.shapes);
                    let found = check_fields(&contract.document, fields, schemas, shapes, &sent);
                    self.breaches(&found, &at.child(name.as_str()));
                }
                Err(why) => self.error(at.child(name), why),
            }
        }
        reply.headers.extend(sent);
    }

    /// The body of a callback or webhook, which all requests of that name must be able to have.
    fn message(&mut self, name: String, named: &[&PreparedMessage]) -> Option<MessageFixture> {
        let Some((body, at)) = self.fields.get("body") else {
            let at = self.fields.at.clone();
            self.error(at, "a `body` is missing here");
            return None;
        };
        for message in named {
            let found = message.breaches(self.contract.contents(), body);
            self.breaches(&found, &at);
            if !found.is_empty() {
                return None;
            }
        }
        Some(MessageFixture {
            message: name,
            request: RequestPattern::default(),
            body: body.clone(),
        })
    }

    fn text(&mut self, key: &str) -> Option<(String, Pointer)> {
        self.fields.text(key, self.errors)
    }

    fn error(&mut self, at: Pointer, message: impl Into<String>) {
        let place = Place::Value(at);
        let error = LoadError::new(self.source, place, message.into());
        self.errors.push(error);
    }

    fn unknown(&mut self, kind: &str, name: &str, at: Pointer, known: &[&str]) {
        self.misfit(Misfit::unknown(kind, name, at, known));
    }

    fn misfit(&mut self, misfit: Misfit) {
        let error = LoadError::new(self.source, Place::Value(misfit.at), misfit.message);
        self.errors.push(match misfit.help {
            Some(help) => error.with_help(help),
            None => error,
        });
    }

    /// Tells of keys that mean nothing in a fixture of this kind.
    fn refuse_all(&mut self, keys: &[&str]) {
        for key in keys {
            if let Some((_, at)) = self.fields.get(key) {
                let message = format!("`{key}` means nothing beside what else is said here");
                self.errors
                    .push(LoadError::new(self.source, Place::Key(at), message));
            }
        }
    }

    fn breaches(&mut self, found: &[Violation], at: &Pointer) {
        for violation in found {
            let inner = violation.in_body().map_or("", Pointer::as_str);
            let place = Pointer::parse(&format!("{at}{inner}")).unwrap_or_else(|| at.clone());
            let detail = format!("{inner} {}", violation.detail);
            let message = format!("this fixture breaks the contract: {}", detail.trim_start());
            let error = LoadError::new(self.source, Place::Value(place), message);
            self.errors.push(match &violation.origin {
                Some(origin) => error.with_help(format!("{origin} says so")),
                None => error,
            });
        }
    }
}
