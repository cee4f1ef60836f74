//! Steps 8 to 12: which reply, and what it shows or changes; and the mock's judgement of it.

use super::purpose::tell;
use super::wishes::{Answered, Wishes};
use super::{Call, Checked, Done, Judged};
use crate::contract::Contract;
use crate::decode::Payload;
use crate::mock::{
    Action, Asked, Binding, Canned, Drawing, Echo, Found, How, NAMELESS, Prepared, PreparedContent,
    Rejection, Wanted, Write, canned, check_parents, find, project, remove, render_item,
};
use crate::rules::Merge;
use crate::store::{Change, Item, State};
use crate::validate::View;
use crate::wire::{
    Chosen, EntityTag, MediaType, Reply, Request, StatusCode, Verdict, accept, encode_segment,
    header,
};
use serde_json::{Value, json};
use std::borrow::Cow;
use std::hash::{BuildHasher, RandomState};
use std::time::SystemTime;

impl Contract {
    /// Step 8.
    pub(super) fn negotiate<'o>(
        &self,
        operation: &'o Prepared,
        request: &Request,
        code: u16,
    ) -> Result<Option<Negotiated<'o>>, Rejection> {
        let response = operation.response(code);
        let Some(response) = response.filter(|response| !response.contents.is_empty()) else {
            return Ok(None);
        };
        let accept = accept(&request.headers);
        let Chosen { offer, named } = response.choose(accept.as_deref(), None)?;
        let is_json = |content: &PreparedContent| match content.media_type.is_range() {
            true => content.media_type.concrete().is_json(),
            false => content.media_type.is_json(),
        };
        let first = response.contents.iter().position(is_json);
        let content = response.contents.get(offer);
        Ok(content.map(|content| {
            let is_usual = |named: &MediaType| *named == content.media_type.concrete();
            Negotiated {
                is_first: first == Some(offer) && named.as_ref().is_none_or(is_usual),
                content,
                named,
            }
        }))
    }

    /// A reply out of the contract alone: the one that is preferred, else that of success.
    /// Nothing is changed for it.
    pub(super) fn canned(
        &self,
        operation: &Prepared,
        request: &Request,
        checked: &Checked,
        wishes: &Wishes,
    ) -> Result<Done, Rejection> {
        let usual = operation.declared.success();
        let answered = match wishes.code {
            Some(code) => Answered {
                code,
                applied: None,
            },
            None if request.method.is_safe() => Answered {
                code: usual,
                applied: None,
            },
            None => wishes.answered(operation, usual),
        };
        let status = status(answered.code);
        let accept = accept(&request.headers);
        let seed = match (&wishes.seed, wishes.is_dynamic) {
            (Some(seed), _) => Some(seed.clone()),
            (None, true) => Some(self.fresh_seed(request)),
            (None, false) => None,
        };
        let is_success = status.is_success();
        let wanted = Wanted {
            status,
            // An error is sent in the form it is documented in, whatever the client accepts.
            accept: accept.as_deref().filter(|_| is_success),
            example: wishes.example.as_deref(),
            drawing: seed.as_deref().map(|seed| Drawing {
                seed,
                is_dynamic: wishes.is_dynamic,
            }),
            echo: match is_success {
                true => Echo {
                    body: Some(checked.body()),
                    ..operation.echo(&checked.parameters)
                },
                false => Echo::default(),
            },
        };
        let canned = canned(self.contents(), operation, &wanted)?;
        let mut done = done(canned, wishes);
        if let Some(applied) = answered.applied {
            tell(&mut done.reply, applied);
        }
        Ok(done)
    }

    /// The reply that someone wrote for this request, where there is one.
    pub(super) fn written(
        &self,
        operation: &Prepared,
        request: &Request,
        checked: &Checked,
        wishes: &Wishes,
    ) -> Option<Result<Done, Rejection>> {
        let accept = accept(&request.headers);
        let said = (&checked.parameters, &checked.payload);
        let contents = self.contents();
        let found = self
            .written
            .reply(contents, operation, said, accept.as_deref())?;
        Some(found.map(|canned| done(canned, wishes)))
    }

    /// What a drawn body is drawn from where the client doesn't say: the same for the same
    /// request where a seed was set, else another every time.
    fn fresh_seed(&self, request: &Request) -> String {
        match self.sampling.seed.as_str() {
            "" => format!("{:x}", RandomState::new().hash_one(&request.target)),
            seed => format!("{seed} {} {}", request.method, request.target),
        }
    }

    pub(super) fn find<'s>(
        &self,
        call: &Call<'_>,
        state: &'s State,
    ) -> Result<Found<'s>, Rejection> {
        let parameters = &call.checked.parameters;
        let body = call.checked.body();
        find(self.standins(), call.binding, parameters, body, state)
    }

    /// Whether the state knows what an operation is about, and not the contract alone.
    pub(super) fn is_stored(&self, call: &Call<'_>) -> bool {
        let (binding, parameters) = (call.binding, &call.checked.parameters);
        call.store.read(|state| match binding.action {
            Action::Create | Action::Several => false,
            Action::List => binding.is_written(parameters, state),
            Action::Read | Action::Update(_) | Action::Delete => {
                self.find(call, state).is_ok_and(|found| !found.is_standin)
            }
        })
    }

    /// Shows one item.
    pub(super) fn show(&self, call: &Call<'_>) -> Result<Done, Rejection> {
        let (operation, binding) = (call.operation, call.binding);
        let code = operation.declared.success();
        let content = self.negotiate(operation, call.request, code)?;
        let found = call.store.read(|state| {
            let found = self.find(call, state)?;
            let item = found.item.into_owned();
            Ok::<_, Rejection>((item, found.is_plain, found.key))
        });
        let (item, is_plain, key) = found?;
        let tag = represented(&item.tag, content.as_ref());
        let (tag, modified) = (tag.as_ref(), item.modified);
        let mut done = match call.preconditions.judge(true, tag, modified) {
            Verdict::NotModified => self.done(call, Reply::new(StatusCode::NOT_MODIFIED)),
            Verdict::Failed(field) => return Err(Rejection::precondition(field, tag)),
            Verdict::Proceed if is_plain => {
                self.canned(operation, call.request, call.checked, call.wishes)?
            }
            Verdict::Proceed => {
                let shown = content.as_ref().map(|negotiated| negotiated.content);
                let body = render_item(&self.shapes, binding, shown, &item.value);
                let (body, is_valid) = self.sayable(binding, shown, body, &key);
                let reply = self.reply(code, content.as_ref(), &body)?;
                Done {
                    judged: match is_valid {
                        true => Judged::Valid,
                        false => Judged::As(body),
                    },
                    ..self.done(call, reply)
                }
            }
        };
        validators(&mut done.reply, Some(tag), Some(modified));
        Ok(done)
    }

    /// A body that shows items, and whether it is known to be valid: where no fixtures say what they
    /// are, one that isn't is made so. What fixtures say is told as it is.
    fn sayable(
        &self,
        binding: &Binding,
        shown: Option<&PreparedContent>,
        body: Value,
        seed: &str,
    ) -> (Value, bool) {
        let Some(shown) = shown.filter(|_| !binding.is_seeded) else {
            return (body, false);
        };
        if shown.is_valid(self.contents(), &body) {
            return (body, true);
        }
        match self.standins().sampled(shown, &body, seed) {
            Some(body) => (body, true),
            None => (body, false),
        }
    }

    /// Shows the items.
    pub(super) fn list(&self, call: &Call<'_>) -> Result<Done, Rejection> {
        let (operation, binding) = (call.operation, call.binding);
        let parameters = &call.checked.parameters;
        let code = operation.declared.success();
        let content = self.negotiate(operation, call.request, code)?;
        let shown = content.as_ref().map(|negotiated| negotiated.content);
        let host = call.request.header(&header::HOST).unwrap_or("localhost");
        let asked = Asked {
            binding,
            content: shown,
            parameters,
            request: call.request,
            base: format!("http://{host}{}{}", call.lead, self.prefix),
        };
        let listed = call.store.read(|state| {
            check_parents(&binding.parents, parameters, state)?;
            if binding.scope.is_some() {
                check_parents(&operation.parents, parameters, state)?;
            }
            if binding.is_written(parameters, state) {
                let collection = state.collection(&binding.place(parameters));
                let tag = collection.map(|all| all.tag());
                return Ok::<_, Rejection>((Some(asked.list(self.contents(), state)?), tag));
            }
            if let Some(rows) = self.standins().rows_beside(binding, parameters, state) {
                let collection = state.collection(&binding.place(parameters));
                let listed = asked.of_rows(self.contents(), &rows)?;
                return Ok((Some(listed), collection.map(|all| all.tag())));
            }
            let tag = self.standins().list_tag(binding);
            // What the contract alone shows is shown as it is, but for who asks for a part of it.
            if call.request.query().is_empty() {
                return Ok((None, tag));
            }
            let rows = self.standins().rows(binding, parameters);
            let listed = asked.of_rows(self.contents(), &rows)?;
            Ok((Some(listed).filter(|listed| listed.total > 0), tag))
        })?;
        let (listed, tag) = listed;
        let tag = tag.map(|tag| represented(&tag, content.as_ref()).into_owned());
        let verdict = tag.as_ref().map_or(Verdict::Proceed, |tag| {
            let modified = call.now.into();
            call.preconditions.judge(true, tag, modified)
        });
        let mut done = match (verdict, listed, &tag) {
            (Verdict::NotModified, ..) => self.done(call, Reply::new(StatusCode::NOT_MODIFIED)),
            (Verdict::Failed(field), _, Some(tag)) => {
                return Err(Rejection::precondition(field, tag));
            }
            (_, None, _) => Done {
                // An example of one leads to another service's pages.
                lacks: Some(header::LINK),
                ..self.canned(operation, call.request, call.checked, call.wishes)?
            },
            (_, Some(listed), _) => {
                let (body, is_valid) = self.sayable(binding, shown, listed.body, "");
                let mut reply = self.reply(code, content.as_ref(), &body)?;
                if let Some(link) = listed.link {
                    reply.set(header::LINK, &link);
                }
                Done {
                    judged: match is_valid {
                        true => Judged::Valid,
                        false => Judged::As(body),
                    },
                    lacks: Some(header::LINK),
                    ..self.done(call, reply)
                }
            }
        };
        validators(&mut done.reply, tag.as_ref(), None);
        Ok(done)
    }

    /// Changes an item, or where nothing says how, adds one.
    pub(super) fn write(&self, call: &Call<'_>, how: Option<Merge>) -> Result<Done, Rejection> {
        let (operation, binding) = (call.operation, call.binding);
        let made = match how {
            Some(_) if operation.documents(201) => 201,
            _ => operation.declared.done(),
        };
        let changed = operation.declared.changed(how.is_some());
        let [changed, made] = [changed, made].map(|usual| call.wishes.answered(operation, usual));
        let offered = |answered: Answered| self.negotiate(operation, call.request, answered.code);
        // Which of them is sent is known only when it is decided on.
        let (content, created) = (offered(changed), offered(made));
        if let (Err(refused), Err(_)) = (&content, &created) {
            return Err(refused.clone());
        }
        let parameters = &call.checked.parameters;
        let (number, sent) = match &call.checked.payload {
            Payload::Value(number, value) => (*number, value),
            Payload::Opaque(number) => (*number, &Value::Null),
            Payload::Absent => (0, &Value::Null),
        };
        let is_patch = self.is_patch(operation, number, sent);
        // What is no item, nor a part of one, says nothing of one.
        let is_item = sent.is_object() || sent.is_null() || is_patch && how.is_some();
        if !is_item && !binding.is_seeded {
            return self.canned(operation, call.request, call.checked, call.wishes);
        }
        let how = how.map(|how| match is_patch {
            true => How::Patch,
            false => How::Merge(how),
        });
        let mut shape = operation.body_shape(number);
        let body = match sent {
            operations if how == Some(How::Patch) => operations.clone(),
            Value::Null if operation.bodies.is_empty() && how.is_some() => {
                self.standins().said_in_query(binding, parameters).into()
            }
            // Nothing that can be applied: rules may still compute.
            Value::Null => json!({}),
            body => project(&self.shapes, shape, body, View::Request),
        };
        let body = match &binding.wrapper {
            Some(name) if how != Some(How::Patch) => {
                let property = shape.and_then(|id| self.shapes.get(id).properties.get(name));
                shape = property.map(|property| self.shapes.of_property(property));
                body.get(name).cloned().unwrap_or_else(|| json!({}))
            }
            _ => body,
        };
        let values = self.scene_values(operation, call.request, parameters, sent, call.auth);
        let now = call.now.into();
        let (decided, items) = call.store.write(now, |state| {
            let write = Write {
                operation,
                binding,
                parameters,
                body: &body,
                shape,
                preconditions: &call.preconditions,
                content: offered_content(&content),
                created: offered_content(&created),
                stage: self.stage(operation, &values, state, call.now),
                standins: self.standins(),
                now,
            };
            let (changes, decided) = match how {
                Some(how) => write.update(how, state)?,
                None => write.create(state)?,
            };
            match if decided.is_new { &created } else { &content } {
                Ok(_) => Ok((changes, decided)),
                Err(refused) => Err(refused.clone()),
            }
        })?;
        let (answered, content) = match decided.is_new {
            true => (made, created?),
            false => (changed, content?),
        };
        let body = decided.body.unwrap_or(Value::Null);
        let mut reply = self.reply(answered.code, content.as_ref(), &body)?;
        if let Some(applied) = answered.applied {
            tell(&mut reply, applied);
        }
        if let Some(Item { tag, modified, .. }) = items.first() {
            let tag = represented(tag, content.as_ref());
            validators(&mut reply, Some(&tag), Some(*modified));
        }
        if binding.action == Action::Create {
            self.locate(call, &decided.key, &mut reply);
        }
        Ok(Done {
            announcements: decided.announcements,
            ..self.done(call, reply)
        })
    }

    /// Whether a body is a list of operations (RFC 6902), by its media type and schema.
    fn is_patch(&self, operation: &Prepared, number: usize, sent: &Value) -> bool {
        let media_type = operation.bodies.get(number).map(|body| &body.media_type);
        let is_named =
            media_type.is_some_and(|name| name.essence() == "application/json-patch+json");
        let shape = operation.body_shape(number).map(|id| self.shapes.get(id));
        match sent {
            // Some documents say `application/json` of what is a list of operations.
            Value::Array(_) => {
                let items = shape.and_then(|shape| self.shapes.of_items(shape));
                let items = items.map(|id| &self.shapes.get(id).properties);
                is_named
                    || items.is_some_and(|all| all.contains_key("op") && all.contains_key("path"))
            }
            // And some have one schema, of an object, for all the media types of a patch.
            Value::Object(_) => {
                let takes_object = shape
                    .is_some_and(|shape| !shape.types.has("array") && shape.types.has("object"));
                is_named && !takes_object
            }
            _ => is_named,
        }
    }

    /// Says where a new item is found: by its path, or where the contract asks for a whole URL, by
    /// that.
    fn locate(&self, call: &Call<'_>, key: &str, reply: &mut Reply) {
        // What stands in no path is found in the list alone.
        if key == NAMELESS {
            return;
        }
        let key = encode_segment(key);
        let elsewhere = call.binding.path_elsewhere(&call.checked.parameters);
        let path = elsewhere.as_deref().unwrap_or(call.request.path());
        let path = path.trim_end_matches('/');
        let end = if call.request.path().ends_with('/') {
            "/"
        } else {
            ""
        };
        let path = format!("{}{}{path}/{key}{end}", call.lead, self.prefix);
        let response = call.operation.response(reply.status.as_u16());
        let fields = response.map_or(&[][..], |response| &response.fields);
        let field = fields.iter().find(|f| f.reader.name == header::LOCATION);
        let schema = field.and_then(|field| field.schema);
        let fits = |text: &str| {
            schema.is_none_or(|schema| self.schemas.is_valid(schema, &Value::from(text)))
        };
        let host = call.request.header(&header::HOST).unwrap_or("localhost");
        let location = match fits(&path) {
            true => path,
            false => format!("http://{host}{path}"),
        };
        reply.set(header::LOCATION, &location);
    }

    pub(super) fn delete(&self, call: &Call<'_>) -> Result<Done, Rejection> {
        self.removed(call, |state| {
            remove(
                self.standins(),
                call.binding,
                &call.checked.parameters,
                &call.preconditions,
                state,
            )
        })
    }

    /// The reply to a removal, once it is made.
    pub(super) fn removed(
        &self,
        call: &Call<'_>,
        decide: impl Fn(&State) -> Result<Vec<Change>, Rejection>,
    ) -> Result<Done, Rejection> {
        let (operation, parameters) = (call.operation, &call.checked.parameters);
        let answered = call.wishes.answered(operation, operation.declared.done());
        // What can't be answered mustn't be done.
        self.negotiate(operation, call.request, answered.code)?;
        let now = call.now.into();
        call.store
            .write(now, |state| Ok::<_, Rejection>((decide(state)?, ())))?;
        let accept = accept(&call.request.headers);
        let wanted = Wanted {
            status: status(answered.code),
            accept: accept.as_deref(),
            echo: operation.echo(parameters),
            ..Wanted::default()
        };
        let canned = canned(self.contents(), operation, &wanted)?;
        let mut done = done(canned, call.wishes);
        if let Some(applied) = answered.applied {
            tell(&mut done.reply, applied);
        }
        Ok(done)
    }

    /// What a request for items came to.
    pub(super) fn done(&self, call: &Call<'_>, reply: Reply) -> Done {
        Done {
            reply,
            source: Some(call.binding.told(&call.checked.parameters).into()),
            announcements: Vec::new(),
            judged: Judged::Valid,
            lacks: None,
        }
    }

    pub(super) fn reply(
        &self,
        code: u16,
        content: Option<&Negotiated<'_>>,
        body: &Value,
    ) -> Result<Reply, Rejection> {
        let mut reply = Reply::new(status(code));
        // Neither has a body, whatever is documented (RFC 9110 §15.3.5, §15.3.6).
        let content = content.filter(|_| ![204, 205].contains(&code));
        if let Some(Negotiated { content, named, .. }) = content {
            let encoded = content.encode(self.contents(), body, true, named.as_ref())?;
            reply.set(header::CONTENT_TYPE, &encoded.content_type);
            reply.body = encoded.body;
        }
        Ok(reply)
    }
}

/// A reply out of the contract or of fixtures, as what the request came to.
fn done(canned: Canned, wishes: &Wishes) -> Done {
    let mut reply = canned.reply;
    if let Some(applied) = wishes.applied() {
        tell(&mut reply, &applied);
    }
    Done {
        reply,
        source: Some(canned.source),
        announcements: Vec::new(),
        judged: canned.is_judged.into(),
        lacks: None,
    }
}

/// The body that suits the client.
pub(super) struct Negotiated<'o> {
    pub(super) content: &'o PreparedContent,
    /// The type that it names, where a range is offered.
    named: Option<MediaType>,
    /// Whether it is the first that is JSON, which is known by the tag of the state itself.
    is_first: bool,
}

/// The tag of a state as it is shown.
fn represented<'t>(tag: &'t EntityTag, shown: Option<&Negotiated<'_>>) -> Cow<'t, EntityTag> {
    match shown {
        Some(shown) if !shown.is_first => Cow::Owned(match &shown.named {
            Some(named) => tag.represented(&named.to_string()),
            None => tag.represented(&shown.content.name),
        }),
        _ => Cow::Borrowed(tag),
    }
}

fn offered_content<'o>(
    offered: &Result<Option<Negotiated<'o>>, Rejection>,
) -> Option<&'o PreparedContent> {
    let offered = offered.as_ref().ok().and_then(Option::as_ref);
    offered.map(|negotiated| negotiated.content)
}

fn validators(reply: &mut Reply, tag: Option<&EntityTag>, modified: Option<SystemTime>) {
    if let Some(tag) = tag {
        reply.set(header::ETAG, &tag.to_string());
    }
    if let Some(modified) = modified {
        reply.set(header::LAST_MODIFIED, &httpdate::fmt_http_date(modified));
    }
}

fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::OK)
}
