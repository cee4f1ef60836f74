//! Steps 8 to 12: which reply, and what it shows or changes; and the mock's judgement of it.

use super::judge::SceneValues;
use super::{Checked, Done};
use crate::contract::Contract;
use crate::decode::{Parameters, Payload};
use crate::mock::{
    Action, Binding, Prepared, PreparedContent, Rejection, Update, canned, find, list, project,
    render_item,
};
use crate::rules::Merge;
use crate::store::{Change, Item};
use crate::validate::{Place, View, Violation};
use crate::wire::{
    EntityTag, MediaType, Preconditions, Preferences, Reply, Request, StatusCode, Verdict,
    applied as said, choose, header,
};
use serde_json::{Value, json};
use std::time::SystemTime;

impl Contract {
    /// Step 8.
    pub(super) fn negotiate<'o>(
        &self,
        operation: &'o Prepared,
        request: &Request,
    ) -> Result<Option<&'o PreparedContent>, Rejection> {
        let response = operation.response(operation.declared.success());
        let Some(response) = response.filter(|response| !response.contents.is_empty()) else {
            return Ok(None);
        };
        let offered = response.media_types();
        match choose(accept(request), &offered) {
            Some(index) => Ok(response.contents.get(index)),
            None => {
                let names = offered.iter().map(ToString::to_string).collect();
                Err(Rejection::NotAcceptable(names))
            }
        }
    }

    /// The reply that `Prefer` asks for. Nothing is changed for it.
    pub(super) fn preferred(
        &self,
        operation: &Prepared,
        request: &Request,
    ) -> Result<Option<Reply>, Rejection> {
        let preferences = Preferences::read(&request.headers, request.query());
        if preferences == Preferences::default() {
            return Ok(None);
        }
        let mut applied = Vec::new();
        let code = match &preferences.code {
            None => operation.declared.success(),
            Some(text) => {
                applied.push(said("code", text));
                let code: Option<u16> = text.parse().ok();
                let code = code.filter(|code| (200..600).contains(code));
                let code = code.filter(|code| operation.response(*code).is_some());
                code.ok_or_else(|| {
                    let known = operation.statuses();
                    Rejection::BadPreference(format!("code={text} is not documented; {known} are"))
                })?
            }
        };
        let example = preferences.example.as_deref();
        applied.extend(example.map(|name| said("example", name)));
        let code = status(code);
        // An error is sent in the form it is documented in, whatever the client accepts.
        let accept = accept(request).filter(|_| code.is_success());
        let mut reply = canned(self.contents(), operation, code, accept, example)?;
        reply.set(
            crate::wire::HeaderName::from_static("preference-applied"),
            &applied.join(", "),
        );
        Ok(Some(reply))
    }

    pub(super) fn show(
        &self,
        operation: &Prepared,
        binding: &Binding,
        content: Option<&PreparedContent>,
        parameters: &Parameters,
        preconditions: &Preconditions,
    ) -> Result<Done, Rejection> {
        let (body, tag, modified) = self.store.read(|state| {
            if binding.action == Action::List {
                let body = list(self.contents(), binding, content, parameters, state)?;
                let tag = state.collection(&binding.collection).map(|all| all.tag());
                return Ok::<_, Rejection>((body, tag, None));
            }
            let (_, item) = find(binding, parameters, state)?;
            let body = render_item(&self.shapes, binding, content, &item.value);
            Ok((body, Some(item.tag.clone()), Some(item.modified)))
        })?;
        let verdict = tag.as_ref().map_or(Verdict::Proceed, |tag| {
            preconditions.judge(true, tag, modified.unwrap_or_else(SystemTime::now))
        });
        let mut reply = match (verdict, tag.clone()) {
            (Verdict::NotModified, _) => Reply::new(StatusCode::NOT_MODIFIED),
            (Verdict::Failed(field), Some(tag)) => {
                return Err(Rejection::precondition(field, &tag));
            }
            _ => success(operation, content, &body),
        };
        validators(&mut reply, tag.as_ref(), modified);
        Ok(Done {
            reply,
            announcements: Vec::new(),
            judged: false,
        })
    }

    pub(super) fn update(
        &self,
        (operation, binding, content): (&Prepared, &Binding, Option<&PreparedContent>),
        merge: Merge,
        checked: &Checked,
        preconditions: &Preconditions,
        values: &SceneValues,
    ) -> Result<Done, Rejection> {
        let (number, body) = match &checked.payload {
            Payload::Value(number, value) => (*number, value),
            Payload::Opaque(number) => (*number, &Value::Null),
            Payload::Absent => (0, &Value::Null),
        };
        let shape = operation.body_shape(number);
        let body = match body {
            // Nothing that can be applied: rules may still compute.
            Value::Null => json!({}),
            body => project(&self.shapes, shape, body, View::Request),
        };
        let (decided, items) = self.store.write(self.now().into(), |state| {
            let update = Update {
                operation,
                binding,
                merge,
                parameters: &checked.parameters,
                body: &body,
                shape,
                preconditions,
                content,
                stage: self.stage(operation, values, state),
                contents: self.contents(),
                operations: &self.operations,
            };
            update.decide(state)
        })?;
        let mut reply = success(operation, content, &decided.body);
        if let Some(Item { tag, modified, .. }) = items.first() {
            validators(&mut reply, Some(tag), Some(*modified));
        }
        Ok(Done {
            reply,
            announcements: decided.announcements,
            judged: true,
        })
    }

    pub(super) fn delete(
        &self,
        operation: &Prepared,
        binding: &Binding,
        parameters: &Parameters,
        preconditions: &Preconditions,
    ) -> Result<Done, Rejection> {
        self.store.write(self.now().into(), |state| {
            let (key, item) = find(binding, parameters, state)?;
            if let Verdict::Failed(field) = preconditions.judge(false, &item.tag, item.modified) {
                return Err(Rejection::precondition(field, &item.tag));
            }
            Ok((vec![Change::Remove(binding.collection.clone(), key)], ()))
        })?;
        let status = status(operation.declared.success());
        let reply = canned(self.contents(), operation, status, None, None)?;
        Ok(Done {
            reply,
            announcements: Vec::new(),
            judged: false,
        })
    }

    /// Step 13: the mock judges its own reply.
    pub(super) fn audit(&self, operation: &Prepared, reply: &Reply) -> Vec<Violation> {
        let Some(response) = operation.response(reply.status.as_u16()) else {
            return Vec::new();
        };
        let sent = reply
            .header(&header::CONTENT_TYPE)
            .and_then(MediaType::parse);
        let content = sent.and_then(|sent| {
            response
                .contents
                .iter()
                .find(|content| content.media_type.takes_in(&sent))
        });
        let schema = content.and_then(|content| content.schema);
        match (schema, reply.body_json()) {
            (Some(schema), Some(body)) => self.schemas.check(schema, &body, &Place::Body),
            _ => Vec::new(),
        }
    }
}

fn success(operation: &Prepared, content: Option<&PreparedContent>, body: &Value) -> Reply {
    let status = status(operation.declared.success());
    match content {
        Some(content) => Reply::json(status, &content.sent_as(body), body),
        None => Reply::new(status),
    }
}

fn validators(reply: &mut Reply, tag: Option<&EntityTag>, modified: Option<SystemTime>) {
    if let Some(tag) = tag {
        reply.set(header::ETAG, &tag.to_string());
    }
    if let Some(modified) = modified {
        reply.set(header::LAST_MODIFIED, &httpdate::fmt_http_date(modified));
    }
}

pub(super) fn accept(request: &Request) -> Option<&str> {
    request.header(&header::ACCEPT)
}

pub(super) fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::OK)
}
