//! The requests that bring each error about on the mock, and what it answers to them.

use super::bodies::BodyWords;
use super::call::{Call, Sent};
use super::request::{is_seeded, known};
use crate::contract::Contract;
use crate::host::Host;
use crate::mock::Prepared;
use crate::spec::{Location, StatusKey};
use crate::validate::Place;
use crate::wire::{decode_percent, header};
use serde_json::{Map, Value, json};

/// How many items are tried for an error.
const ITEMS: usize = 8;
/// How many properties of a body are wrong at once.
const WRONG: usize = 3;
/// How many errors of one status are shown.
const SHOWN: usize = 2;

/// An error that a request brings about.
#[derive(Debug)]
pub(crate) struct Answer {
    /// What about the request does, in words.
    pub how: String,
    /// The request.
    pub call: Call,
    /// The media type of the reply's body.
    pub media_type: String,
    /// The reply's body.
    pub text: String,
}

/// Asks for errors of an operation.
pub(crate) struct Trigger<'t> {
    pub host: &'t Host,
    pub contract: &'t Contract,
    pub operation: &'t Prepared,
    pub bodies: &'t [BodyWords],
    /// The request that is taken, where one is.
    pub call: &'t Call,
}

type Candidate = (String, Call);

impl Trigger<'_> {
    /// What the mock answers with a status: to requests that are wrong in the way that it tells of,
    /// else to one that asks for it by `Prefer`.
    pub fn answers(&self, status: StatusKey) -> Vec<Answer> {
        let StatusKey::Code(code) = status else {
            return Vec::new();
        };
        let mut answers: Vec<Answer> = Vec::new();
        // Where nothing but the request has a say, one that is sound is never answered so.
        let is_judged = matches!(code, 400 | 401 | 403 | 415 | 422)
            && !is_seeded(self.contract, self.operation);
        let is_sound = |call: &Call| self.contract.hear(&call.request(self.host)).is_sound();
        for (how, call) in self.candidates(code) {
            let is_same = |other: &Answer| other.how == how;
            if answers.iter().any(is_same) || is_judged && is_sound(&call) {
                continue;
            }
            answers.extend(self.answer(code, how, call));
            if answers.len() >= SHOWN {
                break;
            }
        }
        if answers.is_empty() {
            let asked = self.call.with("Prefer", &format!("code={code}"));
            answers.extend(self.answer(code, "Asked for with Prefer".to_owned(), asked));
        }
        answers
    }

    fn answer(&self, code: u16, how: String, call: Call) -> Option<Answer> {
        let exchange = call.ask(self.host, self.contract);
        let reply = &exchange.reply;
        (reply.status.as_u16() == code && exchange.reply_violations.is_empty()).then(|| {
            let media_type = reply.header(&header::CONTENT_TYPE).unwrap_or_default();
            Answer {
                media_type: media_type.to_owned(),
                text: String::from_utf8_lossy(&reply.body).into_owned(),
                how,
                call,
            }
        })
    }

    /// Requests that may bring a status about, the most telling first.
    fn candidates(&self, code: u16) -> Vec<Candidate> {
        // Items that nobody wrote are there under any key.
        if matches!(code, 404 | 409 | 412) && !is_seeded(self.contract, self.operation) {
            return Vec::new();
        }
        match code {
            400 => self.unreadable(),
            401 => vec![("No credential".to_owned(), self.anonymous())],
            403 => match &self.call.token {
                Some(_) => vec![("A token without the scope".to_owned(), self.powerless())],
                None => Vec::new(),
            },
            404 => self.missing(),
            406 => {
                let call = self.call.with("Accept", "application/x-nothing");
                vec![("A media type that isn’t documented".to_owned(), call)]
            }
            409 => self.taken(),
            412 => self.unmet(),
            415 if self.call.body.is_some() => {
                let body = Some(Sent::text("text/plain", "text"));
                vec![("A body of text".to_owned(), self.call.sending(body))]
            }
            422 => self.wrong(),
            428 => {
                let mut call = self.call.clone();
                call.headers
                    .retain(|(name, _)| !name.to_ascii_lowercase().starts_with("if-"));
                vec![("No precondition".to_owned(), call)]
            }
            _ => Vec::new(),
        }
    }

    fn unreadable(&self) -> Vec<Candidate> {
        let json = self.bodies.iter().find(|body| body.is_json());
        let Some(body) = json else {
            return self.wrong();
        };
        let media_type = &body.media_type;
        let empty = Sent::json(media_type, json!({}));
        let broken = Sent::text(media_type, "{\"");
        let mut all = Vec::new();
        if self.operation.needs_members {
            let call = self.call.sending(Some(empty));
            all.push(("No field at all".to_owned(), call));
        }
        let call = self.call.sending(Some(broken));
        all.push(("A body that isn’t JSON".to_owned(), call));
        all.push(("No body".to_owned(), self.call.sending(None)));
        all.extend(self.wrong());
        all
    }

    fn anonymous(&self) -> Call {
        let mut call = Call {
            token: None,
            ..self.call.clone()
        };
        let declared = self.operation.parameters.iter();
        let declared: Vec<&str> = declared
            .map(|reader| reader.parameter.name.as_str())
            .collect();
        let is_own = |name: &str| declared.iter().any(|own| own.eq_ignore_ascii_case(name));
        call.headers.retain(|(name, _)| is_own(name));
        call.query
            .retain(|pair| pair.split('=').next().is_some_and(is_own));
        call
    }

    fn powerless(&self) -> Call {
        Call {
            token: Some(Vec::new()),
            ..self.call.clone()
        }
    }

    /// Keys of items that aren't there.
    fn missing(&self) -> Vec<Candidate> {
        let Some((name, value)) = self.call.path.last() else {
            return Vec::new();
        };
        let Ok(value) = decode_percent(value) else {
            return Vec::new();
        };
        let others = unlike(&value).into_iter();
        let others = others.map(|other| {
            let how = format!("An unknown `{name}`");
            (how, self.call.at(name, &other))
        });
        others.collect()
    }

    /// What another item has already.
    fn taken(&self) -> Vec<Candidate> {
        let (Some(binding), Some(body)) = (&self.operation.binding, self.bodies.first()) else {
            return Vec::new();
        };
        let fields = body.names();
        let apart = self.contract.apart();
        let others: Vec<Map<String, Value>> = apart.store().read(|state| {
            let items = state.collection(&binding.collection);
            let items = items.into_iter().flat_map(|items| items.iter());
            let members = items.take(ITEMS).map(|(_, item)| {
                let members = item.value.as_object().into_iter().flatten();
                let own = members.filter(|(name, _)| fields.contains(&name.as_str()));
                own.map(|(name, value)| (name.clone(), value.clone()))
                    .collect()
            });
            members.collect()
        });
        let others = others.into_iter().map(|members| {
            let body = Sent::json(&body.media_type, Value::Object(members));
            let how = "What another item has already".to_owned();
            (how, self.call.sending(Some(body)))
        });
        others.collect()
    }

    /// Items that a condition of the rules doesn't hold for, and a precondition that fails.
    fn unmet(&self) -> Vec<Candidate> {
        let rules = self.contract.rules.of(self.operation.number);
        let mut all = Vec::new();
        if rules.is_some_and(|rules| !rules.conditions.is_empty()) {
            let items = known(self.contract, self.operation);
            all.extend(items.into_iter().take(ITEMS).map(|item| {
                let at = |call: Call, (name, value): &(String, String)| call.at(name, value);
                let call = item.iter().fold(self.call.clone(), at);
                (
                    "An item that the rules don’t let be changed".to_owned(),
                    call,
                )
            }));
        }
        let stale = self.call.with("If-Match", "\"stale\"");
        all.push(("An entity tag that isn’t current".to_owned(), stale));
        all
    }

    /// Values that break the schema of the body, each in a way of its own; else of a parameter.
    fn wrong(&self) -> Vec<Candidate> {
        let mut all: Vec<Candidate> = Vec::new();
        let how = || "Values that break the contract".to_owned();
        all.extend(
            self.wrong_body()
                .map(|body| (how(), self.call.sending(Some(body)))),
        );
        for reader in &self.operation.parameters {
            let parameter = &reader.parameter;
            let Some(schema) = parameter.schema else {
                continue;
            };
            let schema = self
                .contract
                .schemas
                .at(crate::validate::View::Request, schema);
            let is_refused =
                |text: &&str| !self.contract.schemas.is_valid(schema, &Value::from(*text));
            let Some(text) = ["-1", "unknown", ""].iter().find(|text| is_refused(text)) else {
                continue;
            };
            let name = &parameter.name;
            let how = format!("A wrong `{name}`");
            let call = match parameter.location {
                Location::Query => {
                    let mut call = self.call.clone();
                    let lead = format!("{name}=");
                    call.query.retain(|pair| !pair.starts_with(&lead));
                    call.query.push(format!("{lead}{text}"));
                    call
                }
                Location::Header => self.call.with(name, text),
                Location::Path => self.call.at(name, text),
                _ => continue,
            };
            all.push((how, call));
        }
        // What only a rule knows to be wrong.
        if let Some(Value::Object(members)) = self.sample() {
            let texts = members.iter().filter(|(_, value)| value.is_string());
            let texts: Vec<String> = texts.map(|(name, _)| name.clone()).collect();
            let media_type = self.bodies.first().map(|body| body.media_type.as_str());
            for name in texts {
                let wrong = Map::from_iter([(name.clone(), Value::from("unknown"))]);
                let media_type = media_type.unwrap_or("application/json");
                let body = Sent::json(media_type, self.completed(wrong, &members));
                all.push((format!("A wrong `{name}`"), self.call.sending(Some(body))));
            }
        }
        all
    }

    /// The value of the body that is taken.
    fn sample(&self) -> Option<Value> {
        let json = self.bodies.first().filter(|body| body.is_json())?;
        let example = json.examples.first()?;
        Some(example.value.clone())
    }

    fn wrong_body(&self) -> Option<Sent> {
        const VALUES: [fn() -> Value; 6] = [
            || json!(""),
            || json!("unknown"),
            || json!(-1),
            || json!([]),
            || json!("90"),
            || json!({}),
        ];
        let Some(Value::Object(sample)) = self.sample() else {
            return None;
        };
        let body = self.bodies.first()?;
        let content = self.operation.bodies.first()?;
        let schemas = &self.contract.schemas;
        let schema = content.schema?;
        let mut wrong = Map::new();
        let mut rules: Vec<String> = Vec::new();
        for name in body.names() {
            if wrong.len() >= WRONG {
                break;
            }
            let broken = VALUES.iter().find_map(|value| {
                let value = value();
                let mut members = sample.clone();
                members.insert(name.to_owned(), value.clone());
                let found = schemas.check(schema, &Value::Object(members), &Place::Body);
                let rule = found.first()?.rule.clone();
                let is_here = found.iter().all(|violation| match &violation.place {
                    Place::Body(pointer) => pointer.tokens().next().as_deref() == Some(name),
                    _ => false,
                });
                (is_here && !rules.contains(&rule)).then_some((value, rule))
            });
            if let Some((value, rule)) = broken {
                rules.push(rule);
                wrong.insert(name.to_owned(), value);
            }
        }
        if wrong.is_empty() {
            return None;
        }
        Some(Sent::json(&body.media_type, self.completed(wrong, &sample)))
    }

    /// What is wrong, with the rest of a body where some of it must be there.
    fn completed(&self, wrong: Map<String, Value>, sample: &Map<String, Value>) -> Value {
        let alone = Value::Object(wrong.clone());
        let content = self.operation.bodies.first();
        let schema = content.and_then(|content| content.schema);
        let needs_more = schema.is_some_and(|schema| {
            let found = self.contract.schemas.check(schema, &alone, &Place::Body);
            found.iter().any(|violation| violation.rule == "required")
        });
        match needs_more {
            false => alone,
            true => {
                let mut members = sample.clone();
                members.extend(wrong);
                Value::Object(members)
            }
        }
    }
}

/// Texts of the same kind as one.
fn unlike(text: &str) -> Vec<String> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number && text.len() < 10 {
        return vec!["999999999".to_owned(), "0".to_owned()];
    }
    let turned = |by: u8| {
        let last = text
            .char_indices()
            .rev()
            .find(|(_, c)| c.is_ascii_alphanumeric());
        let (at, c) = last?;
        let other = match c {
            '0'..='9' => char::from(b'0' + (c as u8 - b'0' + by) % 10),
            'a'..='z' => char::from(b'a' + (c as u8 - b'a' + by) % 6),
            _ => char::from(b'A' + (c as u8).wrapping_sub(b'A').wrapping_add(by) % 6),
        };
        Some(format!("{}{other}{}", &text[..at], &text[at + 1..]))
    };
    let turned = [8, 5, 3].into_iter().filter_map(turned);
    turned.chain(["unknown".to_owned()]).collect()
}
