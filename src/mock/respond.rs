use super::afresh::happen_now;
use super::body::{Body, Drawing};
use super::echo::{Echo, echo, shows_what_was_sent};
use super::error_body::{Occasion, of_status, of_status_as};
use super::of_body::told_of_body;
use super::paged::{Asking, OfList, paged};
use super::prepared::Contents;
use super::{
    Binding, Prepared, PreparedContent, PreparedField, PreparedResponse, Rejection, fields, project,
};
use crate::decode::Kind;
use crate::spec::Shapes;
use crate::validate::View;
use crate::wire::{
    Chosen, EntityTag, HeaderName, MediaType, Reply, StatusCode, choose, excludes, header,
};
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::Value;
use std::borrow::Cow;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

/// An item as a reply shows it: what the schema declares, in its envelope; of one that has a list the
/// list, where that is what it shows.
pub fn render_item<'v>(
    shapes: &Shapes,
    binding: &Binding,
    content: Option<&PreparedContent>,
    item: &'v Value,
) -> Cow<'v, Value> {
    const NO_ROWS: &Value = &Value::Array(Vec::new());
    let shape = content.and_then(|content| content.shape);
    let mut names = binding.within.iter();
    let item = names.try_fold(item, |item, name| item.get(name));
    let item = item.unwrap_or(NO_ROWS);
    match binding.envelope.is_empty() {
        true => project(shapes, shape, item, View::Reply),
        false => {
            let whole = binding.wrapped(item.clone());
            Cow::Owned(project(shapes, shape, &whole, View::Reply).into_owned())
        }
    }
}

/// What is wanted of a reply that comes from the contract alone.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted<'w> {
    /// Its status.
    pub status: StatusCode,
    /// What the client accepts; nothing takes anything.
    pub accept: Option<&'w str>,
    /// The example, by its name.
    pub example: Option<&'w str>,
    /// How a body is drawn, where the one that is sent to everyone won't do.
    pub drawing: Option<Drawing<'w>>,
    /// What the client said that a sample says again.
    pub echo: Echo<'w>,
    /// Who asks for a list, where it is one of success.
    pub asking: Option<Asking<'w>>,
    /// The request and when, where it is an error.
    pub occasion: Option<Occasion<'w>>,
    /// The present moment, where the reply shows what is made now.
    pub now: Option<DateTime<Utc>>,
}

/// A reply out of the contract alone.
#[derive(Debug)]
pub struct Canned {
    /// The reply.
    pub reply: Reply,
    /// Where its body is from, in words.
    pub source: Arc<str>,
    /// Whether the body is known to be valid.
    pub is_judged: bool,
    /// What header fields say of a list that was made up.
    pub of_list: Option<OfList>,
}

/// A reply out of the contract alone: the named example, else the first that is valid, else a
/// sample of the schema; with the documented header fields.
pub fn canned(
    contents: Contents<'_>,
    operation: &Prepared,
    wanted: &Wanted<'_>,
) -> Result<Canned, Rejection> {
    let status = wanted.status;
    let Some(response) = operation.response(status.as_u16()) else {
        return Ok(Canned {
            reply: Reply::new(status),
            source: "no documented response".into(),
            is_judged: true,
            of_list: None,
        });
    };
    response.can_be_dressed(contents)?;
    let mut of_list = None;
    let canned = with_body(contents, (operation, response), wanted, &mut of_list)?;
    Ok(Canned { of_list, ..canned })
}

/// Gives a reply the header fields that are documented for its status and that it hasn't got, but
/// for those that it `lacks` as there is nothing for them to say, unless it must have them. `at` is
/// the request's target, behind what stood before it, where that is known.
pub fn dress(
    contents: Contents<'_>,
    (operation, at): (&Prepared, Option<(&str, &str, &str)>),
    reply: &mut Reply,
    lacks: &[HeaderName],
) {
    let status = reply.status.as_u16();
    let Some(response) = operation.response(status) else {
        return;
    };
    let fields = response.values.get_or_init(|| {
        let declared = operation.declared.response(status);
        let headers = declared.map_or(&[][..], |response| &response.headers);
        let sent = response.contents.first().map(|content| &content.media_type);
        fields::documented(contents, headers, sent, &contents.sampling.seed)
    });
    let is_required = |name: &HeaderName| {
        let field = response.field(name);
        field.is_some_and(|field| field.reader.declared.required)
    };
    let is_lacking = |name: &HeaderName| {
        let has_range = matches!(status, 206 | 416);
        let is_unranged = *name == header::CONTENT_RANGE && !has_range;
        lacks.contains(name) || is_unranged && !response.has_example(name)
    };
    let is_sent = |name: &HeaderName| !is_lacking(name) || is_required(name);
    for field in &response.fields {
        let name = &field.reader.name;
        if *name == header::LAST_MODIFIED {
            redate(contents, field, reply);
        }
        if is_sent(name)
            && !reply.headers.contains_key(name)
            && let Some(told) = told_of_body(contents, (response, at), field, reply)
        {
            reply.headers.insert(name.clone(), told);
        }
    }
    let fields = fields.iter().filter(|(name, _)| is_sent(name));
    fields::add(reply, fields);
}

/// Writes the date of a field as RFC 3339 does where the contract asks for that (`format:
/// date-time`), and not for the form of RFC 9110 §5.6.7.
fn redate(contents: Contents<'_>, field: &PreparedField, reply: &mut Reply) {
    let said = reply.header(&field.reader.name);
    let (Some(said), Some(schema)) = (said, field.schema) else {
        return;
    };
    let fits = |text: &str| contents.schemas.is_valid(schema, &text.into());
    let Some(moment) = httpdate::parse_http_date(said).ok().filter(|_| !fits(said)) else {
        return;
    };
    let moment: DateTime<Utc> = moment.into();
    let text = moment.to_rfc3339_opts(SecondsFormat::Secs, true);
    if fits(&text) {
        reply.set(field.reader.name.clone(), &text);
    }
}

fn with_body(
    contents: Contents<'_>,
    (operation, response): (&Prepared, &PreparedResponse),
    wanted: &Wanted<'_>,
    of_list: &mut Option<OfList>,
) -> Result<Canned, Rejection> {
    let status = wanted.status;
    let bodiless = [
        StatusCode::NO_CONTENT,
        StatusCode::RESET_CONTENT,
        StatusCode::NOT_MODIFIED,
    ];
    if response.contents.is_empty() || bodiless.contains(&status) {
        return Ok(Canned {
            reply: Reply::new(status),
            source: "documented without a body".into(),
            is_judged: true,
            of_list: None,
        });
    }
    let Chosen { offer, named } = response.choose_sayable(contents, wanted)?;
    let content = &response.contents[offer];
    // What was made up says what the client said, and of a list what it asked for.
    let mut say = |made: &Value| {
        let echoed = echo(contents, content, made, &wanted.echo);
        let said = echoed.as_ref().unwrap_or(made);
        let page = wanted.asking.as_ref();
        let page = page.and_then(|asking| {
            let shared = Some(&wanted.echo).filter(|_| wanted.drawing.is_none());
            paged(contents, operation, content, said, (asking, shared))
        });
        let page = page.map(|(page, told)| {
            *of_list = Some(told);
            page
        });
        let told = page.filter(|page| page != made).or(echoed);
        let base = told.as_ref().unwrap_or(made);
        let sent = wanted.echo.body;
        let fresh = wanted
            .now
            .and_then(|now| made_now(contents, content, base, (now, sent)));
        fresh.or(told)
    };
    let is_plain = wanted.example.is_none() && wanted.drawing.is_none() && named.is_none();
    if is_plain && contents.sampling.rotates && status.is_success() {
        let body = content.next_variant(contents)?;
        let echoed = match body.is_sample {
            true => say(&body.value),
            false => echo(contents, content, &body.value, &wanted.echo),
        };
        let encode = |value: &Value| content.encode(contents, value, !body.is_sample, None);
        let encoded = match echoed.map(|value| encode(&value)).transpose()? {
            Some(echoed) if content.misread(contents, &echoed).is_none() => echoed,
            _ => encode(&body.value)?,
        };
        return Ok(sent(status, encoded, &body.source, true));
    }
    if is_plain {
        let ready = content.ready(contents)?;
        let is_error = status.is_client_error() || status.is_server_error();
        let changed = match (ready.body.is_sample, is_error) {
            (true, true) => {
                let told = of_status(contents, content, status, wanted.occasion);
                let base = told.as_ref().unwrap_or(&ready.body.value);
                let echoed = echo(contents, content, base, &wanted.echo);
                // What follows from what was said was drawn anew: it tells of the status again.
                let again = echoed.map(|value| {
                    let drawn = (&value, true);
                    of_status_as(contents, content, status, drawn, wanted.occasion).unwrap_or(value)
                });
                again.or(told)
            }
            (true, false) => say(&ready.body.value),
            // An example of what is made or changed is one of what was sent.
            (false, false) if shows_what_was_sent(&ready.body.value, &wanted.echo) => {
                echo(contents, content, &ready.body.value, &wanted.echo)
            }
            (false, _) => None,
        };
        if let Some(value) = changed {
            let encoded = content.encode(contents, &value, false, None)?;
            // What a client said may be nothing that the media type can carry.
            if content.misread(contents, &encoded).is_none() {
                return Ok(sent(status, encoded, &ready.body.source, true));
            }
        }
        let (encoded, source) = (ready.encoded.clone(), &ready.body.source);
        return Ok(sent(status, encoded, source, true));
    }
    let encode = |body: &Body| {
        let is_example = !body.is_sample;
        content.encode(contents, &body.value, is_example, named.as_ref())
    };
    let (body, encoded, is_judged) = match (wanted.example, wanted.drawing) {
        (Some(name), _) => {
            let body = named_example(contents, (response, content), status, name)?;
            let is_valid = content.is_valid(contents, &body.value);
            let encoded = encode(&body)?;
            (body, encoded, is_valid)
        }
        (None, None) => {
            let body = content.ready(contents)?.body.clone();
            let encoded = encode(&body)?;
            (body, encoded, true)
        }
        (None, Some(drawing)) => {
            let (mut body, mut encoded) =
                content.sample(contents, Some(drawing), named.as_ref())?;
            let is_error = status.is_client_error() || status.is_server_error();
            let drawn = (&body.value, false);
            let told = || of_status_as(contents, content, status, drawn, wanted.occasion);
            if let Some(told) = is_error.then(told).flatten() {
                body.value = told;
                encoded = encode(&body)?;
            }
            (body, encoded, true)
        }
    };
    let echoed = match body.is_sample {
        true => say(&body.value),
        false => None,
    };
    let encoded = match echoed {
        Some(value) => {
            let echoed = content.encode(contents, &value, false, named.as_ref())?;
            match content.misread(contents, &echoed) {
                None => echoed,
                Some(_) => encoded,
            }
        }
        None => encoded,
    };
    Ok(sent(status, encoded, &body.source, is_judged))
}

/// The same body of what is made at this moment, where it tells when it was.
fn made_now(
    contents: Contents<'_>,
    content: &PreparedContent,
    body: &Value,
    (now, sent): (DateTime<Utc>, Option<&Value>),
) -> Option<Value> {
    let members = body.as_object()?;
    let is_said = |name: &str| sent.is_some_and(|sent| sent.get(name).is_some());
    let mut changed = body.clone();
    let own = happen_now(members, now, &is_said);
    let mut inner = members.iter().filter(|(_, value)| value.is_object());
    match (own.is_empty(), inner.next(), inner.next()) {
        // The one thing that it wraps.
        (true, Some((name, Value::Object(inner))), None) => {
            let of_inner = |own: &str| {
                let said = sent.and_then(|sent| sent.get(name)?.get(own));
                said.is_some() || is_said(own)
            };
            let moved = happen_now(inner, now, &of_inner);
            changed.get_mut(name)?.as_object_mut()?.extend(moved);
        }
        _ => changed.as_object_mut()?.extend(own),
    }
    (changed != *body && content.is_valid(contents, &changed)).then_some(changed)
}

fn sent(
    status: StatusCode,
    encoded: crate::encode::Encoded,
    source: &Arc<str>,
    is_judged: bool,
) -> Canned {
    let mut reply = Reply::new(status);
    reply.set(header::CONTENT_TYPE, &encoded.content_type);
    reply.body = encoded.body;
    Canned {
        reply,
        source: Arc::clone(source),
        is_judged,
        of_list: None,
    }
}

fn named_example(
    contents: Contents<'_>,
    (response, content): (&PreparedResponse, &PreparedContent),
    status: StatusCode,
    name: &str,
) -> Result<Body, Rejection> {
    let mut examples = content.declared.examples.iter();
    match examples.find(|example| example.name == name) {
        Some(example) => Ok(content.shown(contents, example)),
        None => {
            let all = response.contents.iter();
            let all = all.flat_map(|content| &content.declared.examples);
            let names = all.map(|example| example.name.as_str());
            let mut known: Vec<&str> = Vec::new();
            for name in names.filter(|name| !name.is_empty()) {
                if !known.contains(&name) {
                    known.push(name);
                }
            }
            let status = status.as_u16();
            Err(Rejection::BadPreference(match known.is_empty() {
                true => {
                    format!("example={name}: the {status} of this operation has no named examples")
                }
                false => format!(
                    "example={name} is not documented for {status}; {} are",
                    known.join(", ")
                ),
            }))
        }
    }
}

impl PreparedResponse {
    /// Whether a reply can have the header fields that it must: where nothing is valid for one, the
    /// reply would break its contract as one with an invalid body does.
    ///
    /// # Errors
    /// [`Rejection::Fault`] of the first that has no valid value.
    pub fn can_be_dressed(&self, contents: Contents<'_>) -> Result<(), Rejection> {
        let why = self.uncarried.get_or_init(|| {
            let mut fields = self.fields.iter();
            fields.find_map(|field| {
                let header = &field.reader.declared;
                let why = fields::uncarried(contents, field).filter(|_| header.required)?;
                Some(format!(
                    "the required header field {} of its response can't be sent: {why}",
                    header.name
                ))
            })
        });
        why.clone().map_or(Ok(()), |why| Err(Rejection::Fault(why)))
    }

    /// The header field of a name.
    pub fn field(&self, name: &HeaderName) -> Option<&PreparedField> {
        self.fields.iter().find(|field| field.reader.name == *name)
    }

    /// Whether the document has an example of a header field.
    fn has_example(&self, name: &HeaderName) -> bool {
        let field = self.field(name);
        field.is_some_and(|field| !field.reader.declared.examples.is_empty())
    }

    /// The tag of a reply that no state is behind: the same for the same body, and for no other
    /// (RFC 9110 §8.8.3). Nothing where the response documents none, or writes one out.
    pub fn tag(&self, reply: &Reply) -> Option<EntityTag> {
        let field = self.field(&header::ETAG)?;
        if reply.body.is_empty() || !field.reader.declared.examples.is_empty() {
            return None;
        }
        let made = || {
            let mut hasher = DefaultHasher::new();
            reply.header(&header::CONTENT_TYPE).hash(&mut hasher);
            reply.body.hash(&mut hasher);
            EntityTag::strong(format!("{:016x}", hasher.finish()))
        };
        let mut contents = self.contents.iter();
        let ready = contents.find_map(|content| content.ready_of(&reply.body));
        Some(match ready {
            Some(ready) => ready.tag.get_or_init(made).clone(),
            None => made(),
        })
    }

    /// The body that suits the client of those that can be said: no form carries a list of lists, and
    /// no XML a control character. Where none can, the one that suits, which tells why.
    fn choose_sayable(
        &self,
        contents: Contents<'_>,
        wanted: &Wanted<'_>,
    ) -> Result<Chosen, Rejection> {
        let chosen = self.choose(wanted.accept, wanted.example)?;
        let is_sayable = |content: &PreparedContent| content.ready(contents).is_ok();
        let is_alone = self.contents.len() == 1 || wanted.example.is_some();
        if is_alone || is_sayable(&self.contents[chosen.offer]) {
            return Ok(chosen);
        }
        let others = self.contents.iter().enumerate();
        let others: Vec<(usize, &PreparedContent)> =
            others.filter(|(_, content)| is_sayable(content)).collect();
        let other = choose(wanted.accept, others.iter().map(|(_, c)| &c.media_type));
        Ok(other.map_or(chosen, |other| Chosen {
            offer: others[other.offer].0,
            named: other.named,
        }))
    }

    /// The body that suits the client; of those with the example, where one has it.
    pub fn choose(&self, accept: Option<&str>, example: Option<&str>) -> Result<Chosen, Rejection> {
        let has = |content: &&PreparedContent| {
            let mut examples = content.declared.examples.iter();
            example.is_none_or(|name| examples.any(|example| example.name == name))
        };
        let with_example = self.contents.iter().enumerate().filter(|(_, c)| has(c));
        let with_example: Vec<(usize, &PreparedContent)> = match example {
            Some(_) => with_example.collect(),
            None => Vec::new(),
        };
        let chosen = match with_example.is_empty() {
            true => choose(accept, self.contents.iter().map(|c| &c.media_type)),
            false => {
                let offered = with_example.iter().map(|(_, c)| &c.media_type);
                choose(accept, offered).map(|chosen| Chosen {
                    offer: with_example[chosen.offer].0,
                    named: chosen.named,
                })
            }
        };
        let chosen = chosen.and_then(|chosen| self.carried(chosen, accept));
        chosen.ok_or_else(|| {
            let suiting = with_example.iter().map(|(_, content)| *content);
            let suiting: Vec<&PreparedContent> = match with_example.is_empty() {
                true => self.contents.iter().collect(),
                false => suiting.collect(),
            };
            let offered = suiting.iter().map(|content| {
                // An object is no picture, and comes as one type of a range alone.
                let offer = match content.is_of_parts {
                    true => content.media_type.concrete(),
                    false => content.media_type.clone(),
                };
                let offer = &offer;
                match accept.is_some_and(|accept| excludes(accept, offer)) {
                    true => format!("{offer}, which Accept excludes"),
                    false => offer.to_string(),
                }
            });
            Rejection::NotAcceptable(offered.collect())
        })
    }

    /// What was chosen, where that can carry what its schema says: no picture is an object, though
    /// a document says `*/*` of it. Then the usual type of that range, if it is acceptable.
    fn carried(&self, chosen: Chosen, accept: Option<&str>) -> Option<Chosen> {
        let content = &self.contents[chosen.offer];
        let is_carried =
            |named: &MediaType| !content.is_of_parts || Kind::of(named) != Kind::Opaque;
        if chosen.named.as_ref().is_none_or(is_carried) {
            return Some(chosen);
        }
        let usual = content.media_type.concrete();
        choose(accept, std::iter::once(&usual)).map(|_| Chosen {
            named: Some(usual),
            ..chosen
        })
    }
}
