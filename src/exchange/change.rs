//! What writes do: an item added, changed or removed, and the reply that says so.

use super::purpose::tell;
use super::reply::{done, offered_content, represented, status, validators};
use super::wishes::Answered;
use super::{Call, Checked, Done};
use crate::contract::Contract;
use crate::decode::Payload;
use crate::mock::{
    Action, Binding, How, NAMELESS, Prepared, PreparedResponse, Rejection, Wanted, Write, canned,
    project, remove, trimmed,
};
use crate::rules::Merge;
use crate::store::{Change, Item, State};
use crate::validate::View;
use crate::wire::{Method, Reply, Request, StatusCode, accept, encode_segment, header};
use serde_json::{Value, json};
use std::borrow::Cow;

/// What a path ends in behind what it is of: a slash, or the name of a format.
fn end_of(path: &str) -> &str {
    &path[trimmed(path).len()..]
}

impl Contract {
    /// Changes an item, or where nothing says how, adds one.
    pub(super) fn write(&self, call: &Call<'_>, how: Option<Merge>) -> Result<Done, Rejection> {
        let (operation, binding) = (call.operation, call.binding);
        let made = match how {
            Some(_) if operation.documents(201) => 201,
            _ => operation.declared.success(),
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
        let members = binding.members.as_ref();
        let is_item = is_item || members.is_some();
        let is_apt = members.is_none_or(|members| members.take(&call.checked.payload));
        if !is_item && !binding.is_seeded || !is_apt {
            return self.canned(operation, call.occasion, call.checked, call.wishes);
        }
        let how = how.map(|how| match is_patch {
            true => How::Patch,
            false => How::Merge(how),
        });
        let mut shape = operation.body_shape(number);
        let body = match sent {
            operations if how == Some(How::Patch) => Cow::Borrowed(operations),
            Value::Null if operation.bodies.is_empty() && how.is_some() => {
                Cow::Owned(self.standins().said_in_query(binding, parameters).into())
            }
            // Nothing that can be applied: rules may still compute.
            Value::Null => Cow::Owned(json!({})),
            body => project(&self.shapes, shape, body, View::Request),
        };
        let body = match &binding.wrapper {
            Some(name) if how != Some(How::Patch) => {
                let property = shape.and_then(|id| self.shapes.get(id).properties.get(name));
                shape = property.map(|property| self.shapes.of_property(property));
                Cow::Owned(body.get(name).cloned().unwrap_or_else(|| json!({})))
            }
            _ => body,
        };
        let body = match how {
            Some(How::Patch) => body,
            // What is said of members is none of the item.
            _ if binding.members.is_some() => body,
            _ => self.standins().meant((operation, binding), shape, body),
        };
        let said = (call.request, parameters, sent);
        let scene = self.scene(operation, said, call.auth, call.now);
        let now = call.now.into();
        let written = call.store.write(now, |state| {
            let write = Write {
                operation,
                binding,
                parameters,
                body: &body,
                shape,
                preconditions: &call.preconditions,
                content: offered_content(&content),
                created: offered_content(&created),
                stage: self.rules.stage(operation.number, &scene, state),
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
        });
        let has_rules = self.rules.of(operation.number).is_some();
        let (decided, items) = match written {
            // A request that keeps to the contract means something else then.
            Err(Rejection::Invalid(_)) if members.is_some() && !has_rules => {
                return self.canned(operation, call.occasion, call.checked, call.wishes);
            }
            written => {
                let as_sent =
                    |refused: Rejection| refused.placed_in(sent, binding.wrapper.as_deref());
                written.map_err(as_sent)?
            }
        };
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
            let tag = represented(tag, content.as_ref(), None);
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
        let made = (call.operation, call.binding);
        self.locate_at(made, call.request, call.checked, call.lead, key, reply);
    }

    /// The same of what a reply of the contract alone shows as made, where it documents the field.
    pub(super) fn locate_shown(
        &self,
        operation: &Prepared,
        request: &Request,
        checked: &Checked,
        lead: &str,
        reply: &mut Reply,
    ) {
        let is_create = |binding: &&Binding| binding.action == Action::Create;
        let response = operation.response(reply.status.as_u16());
        if reply.status != StatusCode::CREATED || !is_located(response) {
            return;
        }
        let body = response.and_then(|response| response.read(&self.shapes, reply));
        let text = |key: &Value| match key {
            Value::String(key) => Some(key.clone()),
            Value::Number(key) => Some(key.to_string()),
            _ => None,
        };
        if let Some(binding) = operation.binding.as_ref().filter(is_create) {
            let item = body.as_ref().and_then(|body| binding.unwrapped(body));
            if let Some(key) = item.and_then(|item| text(item.get(&binding.key)?)) {
                self.locate_at((operation, binding), request, checked, lead, &key, reply);
            }
        } else if operation.declared.method == Method::POST
            && operation.last_parameter.is_none()
            && let Some(key) = body.as_ref().and_then(|body| text(body.get("id")?))
        {
            // Where no path leads to what was made, it would be below that at which it was.
            let path = request.path().trim_end_matches('/');
            let path = format!("{lead}{}{path}/{}", self.prefix, encode_segment(&key));
            self.locate_as(operation, &path, request, reply);
        }
    }

    /// What a `PUT` made is where it was put.
    pub(super) fn locate_put(
        &self,
        operation: &Prepared,
        request: &Request,
        lead: &str,
        reply: &mut Reply,
    ) {
        if reply.status != StatusCode::CREATED
            || operation.declared.method != Method::PUT
            || reply.headers.contains_key(header::LOCATION)
        {
            return;
        }
        let response = operation.response(reply.status.as_u16());
        if is_located(response) {
            let path = format!("{lead}{}{}", self.prefix, request.path());
            self.locate_as(operation, &path, request, reply);
        }
    }

    fn locate_at(
        &self,
        (operation, binding): (&Prepared, &Binding),
        request: &Request,
        checked: &Checked,
        lead: &str,
        key: &str,
        reply: &mut Reply,
    ) {
        // What stands in no path is found in the list alone.
        if key == NAMELESS || !binding.has_item_path {
            return;
        }
        let key = encode_segment(key);
        let elsewhere = binding.path_elsewhere(&checked.parameters);
        let path = elsewhere.as_deref().unwrap_or(request.path());
        let own = end_of(&operation.declared.path);
        let path = path.strip_suffix(own).unwrap_or(path);
        let path = path.trim_end_matches('/');
        // The item's own path tells how it ends, whatever the list's does.
        let reader = binding
            .reader
            .map(|number| &*self.operations.stubs()[number].path);
        let end = end_of(reader.unwrap_or(request.path()));
        let path = format!("{lead}{}{path}/{key}{end}", self.prefix);
        self.locate_as(operation, &path, request, reply);
    }

    /// Says that something is found at a path, in the form that the contract has for that.
    fn locate_as(&self, operation: &Prepared, path: &str, request: &Request, reply: &mut Reply) {
        let response = operation.response(reply.status.as_u16());
        let field = response.and_then(|response| response.field(&header::LOCATION));
        let schema = field.and_then(|field| field.schema);
        let fits = |text: &str| {
            schema.is_none_or(|schema| self.schemas.is_valid(schema, &Value::from(text)))
        };
        let whole = format!("{}{path}", request.origin());
        // A contract may write it from where its base path ends (`^/pets/[0-9]+$`).
        let ends = path.match_indices('/').map(|(at, _)| &path[at..]);
        let mut forms = [path, whole.as_str()].into_iter().chain(ends);
        let location = forms.find(|text| fits(text)).unwrap_or(&whole);
        reply.set(header::LOCATION, location);
    }

    pub(super) fn delete(&self, call: &Call<'_>) -> Result<Done, Rejection> {
        self.removed(call, |state| {
            let (changes, item) = remove(
                self.standins(),
                call.binding,
                &call.checked.parameters,
                &call.preconditions,
                state,
            )?;
            Ok((changes, Some(item)))
        })
    }

    /// The reply to a removal, once it is made: what was removed, as it was, where it is one item and
    /// the contract shows it.
    pub(super) fn removed(
        &self,
        call: &Call<'_>,
        decide: impl Fn(&State) -> Result<(Vec<Change>, Option<Value>), Rejection>,
    ) -> Result<Done, Rejection> {
        let (operation, parameters) = (call.operation, &call.checked.parameters);
        let answered = call
            .wishes
            .answered(operation, operation.declared.success());
        // What can't be answered mustn't be done.
        let content = self.negotiate(operation, call.request, answered.code)?;
        let now = call.now.into();
        let (item, _) = call.store.write(now, decide)?;
        let shown = item
            .as_ref()
            .zip(content.as_ref())
            .and_then(|(item, shown)| {
                let standins = self.standins();
                standins.removed(operation, call.binding, shown.content, item)
            });
        let mut done = match shown {
            Some(body) => self.done(call, self.reply(answered.code, content.as_ref(), &body)?),
            None => {
                let accept = accept(&call.request.headers);
                let wanted = Wanted {
                    status: status(answered.code),
                    accept: accept.as_deref(),
                    echo: operation.echo(self.contents(), parameters),
                    ..Wanted::default()
                };
                done(canned(self.contents(), operation, &wanted)?, call.wishes)
            }
        };
        if let Some(applied) = answered.applied {
            tell(&mut done.reply, applied);
        }
        Ok(done)
    }
}

/// Whether a response documents where something is, and leaves open which place that is.
fn is_located(response: Option<&PreparedResponse>) -> bool {
    let field = response.and_then(|response| response.field(&header::LOCATION));
    field.is_some_and(|field| field.reader.declared.examples.is_empty())
}
