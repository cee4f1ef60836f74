//! The requests that the API itself sends, callbacks and webhooks: what is in them.

use super::PreparedContent;
use super::address::Encounter;
use super::body::NoBody;
use super::name::is_called;
use super::prepared::Contents;
use crate::decode::ParameterReader;
use crate::encode::encode_parameter;
use crate::sample::{Order, sample};
use crate::spec::{At, CallbackUrl, Location, Message, Parameter, SecurityRequirement};
use crate::validate::{Place, SchemaId, View, Violation};
use crate::wire::{Bytes, HeaderMap, HeaderName, HeaderValue, Method, header};
use serde_json::{Value, json};
use std::sync::{Arc, OnceLock};

/// How many properties of a sample may take what the request or the reply says.
const ECHOES: usize = 100;

/// A request to send once the reply is out.
#[derive(Debug, Clone)]
pub struct Announcement {
    /// The contract's name for it: that of a callback or webhook.
    pub callback: String,
    /// The method.
    pub method: Method,
    /// The address; where there is none, what it would be made of.
    pub url: String,
    /// The header fields, but those that frame it.
    pub headers: HeaderMap,
    /// The body as it is sent, which announcements to several addresses share.
    pub body: Bytes,
    /// Why it isn't sent, where it isn't: nobody said where to, say.
    pub fault: Option<String>,
    /// What its receiver asks for.
    pub(crate) security: Arc<[SecurityRequirement]>,
    /// The number of the exchange that it follows, in the journal of the server that sends it.
    pub exchange: Option<u64>,
}

impl Announcement {
    /// Adds a query parameter, as it is written.
    pub(crate) fn ask(&mut self, pair: String) {
        self.url = with_query(std::mem::take(&mut self.url), &[pair]);
    }

    /// The body as JSON, where it is.
    pub fn body_json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }
}

/// A request that the API may send, prepared.
#[derive(Debug)]
pub struct PreparedMessage {
    /// The declaration.
    pub declared: Message,
    /// Its bodies, by media type.
    pub contents: Vec<PreparedContent>,
    /// Its required parameters.
    required: Vec<ParameterReader>,
    /// The same, with their values.
    fields: OnceLock<Result<Fields, String>>,
    /// The body that the contract alone gives.
    body: OnceLock<Result<Option<Made>, String>>,
}

/// Parameters, as they are written.
#[derive(Debug, Clone, Default)]
struct Fields {
    headers: HeaderMap,
    query: Vec<String>,
}

/// A body out of the contract alone.
#[derive(Debug, Clone)]
struct Made {
    /// The number of its media type.
    content: usize,
    value: Value,
    /// Whether it is a sample, and no example that someone wrote.
    is_sample: bool,
}

impl PreparedMessage {
    /// Prepares a declared request. A media type that is none is left out.
    ///
    /// What is in it is seen as a reply is: its sender is the one that manages `readOnly` values
    /// and tells nobody `writeOnly` ones (JSON Schema validation §9.4), whoever asks whom.
    pub fn new(declared: Message, contents: Contents<'_>) -> PreparedMessage {
        let bodies = declared.body.iter().flat_map(|body| &body.content);
        let required = declared.parameters.iter().filter(|p| p.required);
        let reader = |parameter: &Parameter| {
            let shape = parameter.schema.map(|at| contents.shapes.of(at));
            ParameterReader::new(parameter.clone(), shape)
        };
        PreparedMessage {
            required: required.map(reader).collect(),
            contents: bodies
                .filter_map(|content| PreparedContent::new(content, View::Reply, contents))
                .collect(),
            declared,
            fields: OnceLock::new(),
            body: OnceLock::new(),
        }
    }

    /// Every schema that its body may be judged by.
    pub fn schemas(&self) -> impl Iterator<Item = SchemaId> + '_ {
        let contents = self.contents.iter();
        contents.flat_map(|content| [content.schema, content.item_schema].into_iter().flatten())
    }

    /// What a callback is, that follows a reply; with the body of a fixture where there is one.
    pub fn callback(
        &self,
        contents: Contents<'_>,
        url: &CallbackUrl,
        encounter: &Encounter<'_>,
        reply_schema: Option<At>,
        fixture: Option<&Value>,
    ) -> Announcement {
        let made = encounter.address(url).and_then(|address| {
            let made = match (fixture, self.chosen()) {
                (Some(value), Some(content)) => Some(Made {
                    content,
                    value: value.clone(),
                    is_sample: false,
                }),
                _ => self.made(contents)?.map(|made| match made.is_sample {
                    true => self.echoed(contents, made, encounter, reply_schema),
                    false => made.clone(),
                }),
            };
            let (headers, body) = match made {
                Some(made) => self.written(contents, &made)?,
                None => (HeaderMap::new(), Bytes::new()),
            };
            Ok((address, headers, body))
        });
        self.announcement(contents, &url.written, made)
    }

    /// The same with a body that a rule or a person gives, to an address of theirs.
    ///
    /// # Errors
    /// How the body breaks the contract.
    pub fn with_body(
        &self,
        contents: Contents<'_>,
        url: &str,
        body: &Value,
    ) -> Result<Announcement, Violation> {
        let number = self.chosen();
        if let Some(breach) = self.breaches(contents, body).into_iter().next() {
            return Err(breach);
        }
        let written = match number {
            Some(number) => write_body(contents, &self.contents[number], body, true),
            // Undescribed, it's JSON.
            None => Ok(("application/json".to_owned(), json_bytes(body))),
        };
        let made = written.map(|(media_type, body)| (url.to_owned(), typed(&media_type), body));
        Ok(self.announcement(contents, url, made))
    }

    /// How a body breaks the contract.
    pub fn breaches(&self, contents: Contents<'_>, body: &Value) -> Vec<Violation> {
        let schema = self.chosen().and_then(|n| self.contents.get(n)?.schema);
        let found = schema.map(|schema| contents.schemas.check(schema, body, &Place::Body));
        found.unwrap_or_default()
    }

    /// What was made for one address, for another.
    pub fn to(&self, made: &Announcement, url: String) -> Announcement {
        let query = self.fields.get().and_then(|fields| fields.as_ref().ok());
        let query = query.map_or(&[][..], |fields| &fields.query);
        Announcement {
            url: with_query(url, query),
            ..made.clone()
        }
    }

    /// The same with a body out of the contract: the named example, else what a callback has.
    ///
    /// # Errors
    /// Why there is no such body.
    pub fn with_example(
        &self,
        contents: Contents<'_>,
        url: &str,
        example: Option<&str>,
    ) -> Result<Announcement, String> {
        let made = match example {
            None => self.made(contents)?.cloned(),
            Some(wanted) => Some(self.example(contents, wanted)?),
        };
        let (headers, body) = match made {
            Some(made) => self.written(contents, &made)?,
            None => (HeaderMap::new(), Bytes::new()),
        };
        Ok(self.announcement(contents, url, Ok((url.to_owned(), headers, body))))
    }

    /// The names of its examples.
    pub fn examples(&self) -> impl Iterator<Item = &str> {
        let contents = self.contents.iter();
        let examples = contents.flat_map(|content| &content.declared.examples);
        let names = examples.map(|example| example.name.as_str());
        names.filter(|name| !name.is_empty())
    }

    fn example(&self, contents: Contents<'_>, wanted: &str) -> Result<Made, String> {
        for (number, content) in self.contents.iter().enumerate() {
            let mut examples = content.declared.examples.iter();
            if let Some(example) = examples.find(|example| example.name == wanted) {
                return Ok(Made {
                    content: number,
                    value: content.shown(contents, example).value,
                    is_sample: false,
                });
            }
        }
        let names: Vec<&str> = self.examples().collect();
        Err(match names.is_empty() {
            true => format!("there is no example {wanted:?}, and no other that has a name"),
            false => format!(
                "there is no example {wanted:?}; there are: {}",
                names.join(", ")
            ),
        })
    }

    /// One that goes where and as it was worked out, with its required parameters; or the reason
    /// why it isn't sent.
    fn announcement(
        &self,
        contents: Contents<'_>,
        written: &str,
        made: Result<(String, HeaderMap, Bytes), String>,
    ) -> Announcement {
        let fields = self.fields.get_or_init(|| self.make_fields(contents));
        let made = made.and_then(|made| Ok((made, fields.clone()?)));
        let mut announcement = Announcement {
            callback: self.declared.name.clone(),
            method: self.declared.method.clone(),
            url: written.to_owned(),
            headers: HeaderMap::new(),
            body: Bytes::new(),
            fault: None,
            security: Arc::clone(&self.declared.security),
            exchange: None,
        };
        match made {
            Ok(((url, headers, body), fields)) => {
                announcement.url = with_query(url, &fields.query);
                announcement.headers = fields.headers;
                announcement.headers.extend(headers);
                announcement.body = body;
            }
            Err(why) => announcement.fault = Some(why),
        }
        announcement
    }

    /// The number of the media type that is sent: JSON where there is some.
    fn chosen(&self) -> Option<usize> {
        let is_json = |content: &PreparedContent| content.media_type.concrete().is_json();
        let json = self.contents.iter().position(is_json);
        json.or((!self.contents.is_empty()).then_some(0))
    }

    /// The body that the contract alone gives: the first valid example, else a sample. Nothing
    /// where none is described.
    fn made(&self, contents: Contents<'_>) -> Result<Option<&Made>, String> {
        let made = self.body.get_or_init(|| self.make(contents));
        made.as_ref().map(Option::as_ref).map_err(Clone::clone)
    }

    fn make(&self, contents: Contents<'_>) -> Result<Option<Made>, String> {
        let Some(number) = self.chosen() else {
            return Ok(None);
        };
        let content = &self.contents[number];
        let schema = content.schema;
        let is_valid =
            |value: &Value| schema.is_none_or(|schema| contents.schemas.is_valid(schema, value));
        let examples = content.declared.examples.iter();
        let mut examples = examples.map(|example| content.shown(contents, example).value);
        let example = examples.find(is_valid);
        let (whole, items) = (content.declared.schema, content.declared.item_schema);
        let sample = |at: At| {
            sampled(contents, at, &[]).map_err(|why| format!("its body has no valid sample: {why}"))
        };
        let is_sample = example.is_none();
        let value = match (example, whole, items) {
            (Some(example), ..) => example,
            (None, Some(at), _) => sample(at)?,
            (None, None, Some(at)) => Value::Array(vec![sample(at)?]),
            (None, None, None) => json!({}),
        };
        Ok(Some(Made {
            content: number,
            value,
            is_sample,
        }))
    }

    /// A sample with what the request and the reply say under the names of its properties, as far
    /// as that is valid; one that is of the reply's own schema is the reply.
    fn echoed(
        &self,
        contents: Contents<'_>,
        made: &Made,
        encounter: &Encounter<'_>,
        reply_schema: Option<At>,
    ) -> Made {
        let mut made = made.clone();
        let content = &self.contents[made.content];
        let (Some(schema), Some(at)) = (content.schema, content.declared.schema) else {
            return made;
        };
        let is_valid = |value: &Value| contents.schemas.is_valid(schema, value);
        let reply_schema = reply_schema.map(|at| target(contents, at));
        let reply = encounter.reply_body();
        let own = target(contents, at);
        if let Some(reply) = reply.filter(|_| reply_schema == Some(own))
            && is_valid(reply)
        {
            made.value = reply.clone();
            return made;
        }
        let properties = contents.document.node(own).get("properties");
        let is_reply = |name: &str| {
            let property = properties.and_then(|properties| properties.get(name));
            property.is_some_and(|node| Some(target(contents, node.at())) == reply_schema)
        };
        let names: Vec<String> = match &made.value {
            Value::Object(members) => members.keys().take(ECHOES).cloned().collect(),
            _ => return made,
        };
        let of_subscription = names.iter().any(|name| tells_of_subscription(name));
        for name in names {
            let parameters = encounter.parameters;
            let bodies = [reply, encounter.body()].into_iter().flatten();
            // Where the subscription has an id of its own here, `id` is the event's.
            let is_own = of_subscription && name == "id";
            let same = bodies.clone().filter_map(|body| body.get(&name));
            let same = same.filter(|_| !is_own);
            let id = reply.and_then(|body| body.get("id"));
            let listed = bodies.filter_map(|body| one_of_listed(body, &name));
            let candidates = reply
                .filter(|_| is_reply(&name))
                .into_iter()
                .chain(same)
                .chain(parameters.path.get(&name))
                .chain(parameters.query.get(&name))
                .chain(id.filter(|_| tells_of_subscription(&name)))
                .chain(listed);
            for candidate in candidates {
                let before = std::mem::replace(&mut made.value[&name], candidate.clone());
                if is_valid(&made.value) {
                    break;
                }
                made.value[&name] = before;
            }
        }
        made
    }

    /// A body as it is sent, once it is found valid.
    fn written(&self, contents: Contents<'_>, made: &Made) -> Result<(HeaderMap, Bytes), String> {
        let (content, value) = (&self.contents[made.content], &made.value);
        let found = content.schema.map(|schema| {
            let found = contents.schemas.check(schema, value, &Place::Body);
            found.into_iter().next()
        });
        if let Some(Some(breach)) = found {
            let (place, detail) = (&breach.place, &breach.detail);
            return Err(format!("it would break the contract: {place} {detail}"));
        }
        let (media_type, body) = write_body(contents, content, value, !made.is_sample)?;
        Ok((typed(&media_type), body))
    }

    /// The required parameters of a request that the API sends are known to nobody but the
    /// contract: their example, else a sample.
    fn make_fields(&self, contents: Contents<'_>) -> Result<Fields, String> {
        let mut fields = Fields::default();
        let mut cookies = Vec::new();
        for reader in &self.required {
            let parameter = &reader.parameter;
            let fault = |what: &str| format!("its parameter {} {what}", parameter.name);
            let value = parameter_value(contents, parameter)
                .map_err(|why| fault(&format!("has no valid sample: {why}")))?;
            let schema = parameter.schema;
            let schema = schema.map(|at| contents.schemas.at(View::Reply, at));
            if schema.is_some_and(|schema| !contents.schemas.is_valid(schema, &value)) {
                return Err(fault("has no valid example or sample"));
            }
            let written = encode_parameter(&value, reader, contents.shapes);
            let written = written.ok_or_else(|| fault("can't be written"))?;
            match parameter.location {
                Location::Query | Location::Querystring => fields.query.push(written),
                Location::Cookie => cookies.push(written),
                Location::Header => {
                    let name = HeaderName::from_bytes(parameter.name.as_bytes()).ok();
                    let value = HeaderValue::from_str(&written).ok();
                    let (Some(name), Some(value)) = (name, value) else {
                        return Err(fault("can't be written"));
                    };
                    if !FRAMING.contains(&name) {
                        fields.headers.insert(name, value);
                    }
                }
                Location::Path => {}
            }
        }
        if let Ok(value) = HeaderValue::from_str(&cookies.join("; "))
            && !cookies.is_empty()
        {
            fields.headers.insert(header::COOKIE, value);
        }
        Ok(fields)
    }
}

/// Fields that are the sender's own.
const FRAMING: [HeaderName; 7] = [
    header::HOST,
    header::CONTENT_LENGTH,
    header::CONTENT_TYPE,
    header::TRANSFER_ENCODING,
    header::CONNECTION,
    header::UPGRADE,
    header::TE,
];

/// A value for a schema, whose names lead to it where it is no body.
fn sampled(contents: Contents<'_>, schema: At, names: &[&str]) -> Result<Value, String> {
    let pointer = contents.document.origin(schema).pointer;
    let order = Order {
        schema,
        view: View::Reply,
        seed: &format!("{}{pointer}", contents.sampling.seed),
        is_dynamic: false,
        locale: contents.sampling.locale(contents.document),
        names,
        hint: None,
        wish: None,
    };
    sample(contents.document, contents.schemas, &order).map_err(|why| why.detail)
}

/// The media type and the bytes of a body.
fn write_body(
    contents: Contents<'_>,
    content: &PreparedContent,
    value: &Value,
    is_example: bool,
) -> Result<(String, Bytes), String> {
    match content.encode(contents, value, is_example, None) {
        Ok(encoded) => Ok((encoded.content_type, encoded.body)),
        Err(NoBody::Broken(why) | NoBody::Fault(why)) => Err(why),
    }
}

fn json_bytes(value: &Value) -> Bytes {
    // A `Value` always serializes: its keys are strings.
    serde_json::to_vec(value).unwrap_or_default().into()
}

fn typed(media_type: &str) -> HeaderMap {
    let value = HeaderValue::from_str(media_type).ok();
    value
        .map(|value| (header::CONTENT_TYPE, value))
        .into_iter()
        .collect()
}

/// What a parameter gives as an example, else a sample of its schema.
pub fn parameter_value(contents: Contents<'_>, parameter: &Parameter) -> Result<Value, String> {
    match (parameter.examples.first(), parameter.schema) {
        (Some(value), _) => Ok(value.clone()),
        (None, Some(at)) => sampled(contents, at, &[&parameter.name]),
        (None, None) => Ok(Value::String("text".to_owned())),
    }
}

/// A URL with more in its query; a fragment is none of a request's (RFC 9110 §7.1).
fn with_query(url: String, pairs: &[String]) -> String {
    if pairs.is_empty() {
        return url;
    }
    let url = url.split('#').next().unwrap_or("");
    let sign = if url.contains('?') { '&' } else { '?' };
    format!("{url}{sign}{}", pairs.join("&"))
}

/// Where the references of a schema lead that says nothing else.
fn target(contents: Contents<'_>, schema: At) -> At {
    let mut at = contents.document.node(schema).at();
    for _ in 0..20 {
        let node = contents.document.node(at);
        let Some(reference) = node.get("$ref").filter(|_| node.count() == 1) else {
            break;
        };
        let text = reference.text().unwrap_or_default();
        match contents.document.follow(reference.at(), &text) {
            Ok(next) => at = next,
            Err(_) => break,
        }
    }
    at
}
/// Whether a property of a message says which subscription it is sent for.
fn tells_of_subscription(name: &str) -> bool {
    let holders = ["subscription", "webhook", "hook", "callback", "endpoint"];
    let mut known = holders.iter().map(|holder| format!("{holder}id"));
    known.any(|known| is_called(name, &known))
}

/// Of the kinds of messages that a subscription lists (`events`), the first, for the property that
/// says which this is (`event`, `eventType`, `type`).
fn one_of_listed<'b>(body: &'b Value, name: &str) -> Option<&'b Value> {
    let kinds = ["event", "eventtype", "eventname", "type", "topic", "kind"];
    let listed = [
        "events",
        "eventtypes",
        "eventnames",
        "types",
        "topics",
        "kinds",
    ];
    if !kinds.iter().any(|kind| is_called(name, kind)) {
        return None;
    }
    let members = body.as_object()?.iter();
    let mut lists = members.filter(|(name, _)| listed.iter().any(|known| is_called(name, known)));
    lists.find_map(|(_, value)| value.as_array()?.first())
}
