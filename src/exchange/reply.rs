//! Steps 8 to 12: which reply, and what it shows or changes; and the mock's judgement of it.

use super::judge::SceneValues;
use super::wishes::Wishes;
use super::{Checked, Done, Judged};
use crate::contract::Contract;
use crate::decode::{Parameters, Payload};
use crate::mock::{
    Action, Binding, Canned, Drawing, Echo, Prepared, PreparedContent, Rejection, Update, Wanted,
    canned, find, list, project, render_item,
};
use crate::rules::Merge;
use crate::store::{Change, Item};
use crate::validate::View;
use crate::wire::{
    Chosen, EntityTag, HeaderName, MediaType, Preconditions, Reply, Request, StatusCode, Verdict,
    accept, header,
};
use serde_json::{Value, json};
use std::hash::{BuildHasher, RandomState};
use std::time::SystemTime;

impl Contract {
    /// Step 8.
    pub(super) fn negotiate<'o>(
        &self,
        operation: &'o Prepared,
        request: &Request,
    ) -> Result<Option<Negotiated<'o>>, Rejection> {
        let response = operation.response(operation.declared.success());
        let Some(response) = response.filter(|response| !response.contents.is_empty()) else {
            return Ok(None);
        };
        let accept = accept(&request.headers);
        let Chosen { offer, named } = response.choose(accept.as_deref(), None)?;
        let content = response.contents.get(offer);
        Ok(content.map(|content| Negotiated { content, named }))
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
        let status = status(wishes.code.unwrap_or(operation.declared.success()));
        let accept = accept(&request.headers);
        let seed = match (&wishes.seed, wishes.is_dynamic) {
            (Some(seed), _) => Some(seed.clone()),
            (None, true) => Some(self.fresh_seed(request)),
            (None, false) => None,
        };
        let body = match &checked.payload {
            Payload::Value(_, value) => Some(value),
            Payload::Absent | Payload::Opaque(_) => None,
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
                    path: Some(&checked.parameters.path),
                    item: operation.last_parameter.as_deref(),
                    body,
                },
                false => Echo::default(),
            },
        };
        canned(self.contents(), operation, &wanted).map(|canned| done(canned, wishes))
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

    pub(super) fn show(
        &self,
        operation: &Prepared,
        binding: &Binding,
        content: Option<&Negotiated<'_>>,
        parameters: &Parameters,
        preconditions: &Preconditions,
    ) -> Result<Done, Rejection> {
        let shown = content.map(|negotiated| negotiated.content);
        let (body, tag, modified) = self.store.read(|state| {
            if binding.action == Action::List {
                let body = list(self.contents(), binding, shown, parameters, state)?;
                let tag = state.collection(&binding.collection).map(|all| all.tag());
                return Ok::<_, Rejection>((body, tag, None));
            }
            let (_, item) = find(binding, parameters, state)?;
            let body = render_item(&self.shapes, binding, shown, &item.value);
            Ok((body, Some(item.tag.clone()), Some(item.modified)))
        })?;
        let verdict = tag.as_ref().map_or(Verdict::Proceed, |tag| {
            preconditions.judge(true, tag, modified.unwrap_or_else(SystemTime::now))
        });
        let mut reply = match (verdict, &tag) {
            (Verdict::NotModified, _) => Reply::new(StatusCode::NOT_MODIFIED),
            (Verdict::Failed(field), Some(tag)) => {
                return Err(Rejection::precondition(field, tag));
            }
            _ => self.success(operation, content, &body)?,
        };
        validators(&mut reply, tag.as_ref(), modified);
        Ok(Done {
            reply,
            source: Some(binding.told(parameters).into()),
            announcements: Vec::new(),
            judged: Judged::As(body),
        })
    }

    pub(super) fn update(
        &self,
        (operation, binding, content): (&Prepared, &Binding, Option<&Negotiated<'_>>),
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
                content: content.map(|negotiated| negotiated.content),
                stage: self.stage(operation, values, state),
                contents: self.contents(),
                operations: &self.operations,
            };
            update.decide(state)
        })?;
        let mut reply = self.success(operation, content, &decided.body)?;
        if let Some(Item { tag, modified, .. }) = items.first() {
            validators(&mut reply, Some(tag), Some(*modified));
        }
        Ok(Done {
            reply,
            source: Some(binding.told(&checked.parameters).into()),
            announcements: decided.announcements,
            judged: Judged::Valid,
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
        let wanted = Wanted {
            status: status(operation.declared.success()),
            accept: None,
            example: None,
            drawing: None,
            echo: Echo::default(),
        };
        let canned = canned(self.contents(), operation, &wanted)?;
        Ok(Done {
            reply: canned.reply,
            source: Some(canned.source),
            announcements: Vec::new(),
            judged: canned.is_judged.into(),
        })
    }

    fn success(
        &self,
        operation: &Prepared,
        content: Option<&Negotiated<'_>>,
        body: &Value,
    ) -> Result<Reply, Rejection> {
        let mut reply = Reply::new(status(operation.declared.success()));
        if let Some(Negotiated { content, named }) = content {
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
        let name = HeaderName::from_static("preference-applied");
        reply.set(name, &applied);
    }
    Done {
        reply,
        source: Some(canned.source),
        announcements: Vec::new(),
        judged: canned.is_judged.into(),
    }
}

/// The body that suits the client.
pub(super) struct Negotiated<'o> {
    content: &'o PreparedContent,
    /// The type that it names, where a range is offered.
    named: Option<MediaType>,
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
