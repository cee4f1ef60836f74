//! What reads do: an item shown, or a list of them.

use super::reply::{represented, validators};
use super::{Call, Done, Judged};
use crate::contract::Contract;
use crate::mock::{
    Action, Asked, Binding, Found, Prepared, PreparedContent, Rejection, check_parents, find,
    render_item,
};
use crate::store::State;
use crate::wire::{HeaderName, Reply, StatusCode, Verdict, header};
use serde_json::Value;

impl Contract {
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

    /// Whether the list that is shown where nobody asks for another is an example of the document.
    fn is_written(&self, shown: &PreparedContent) -> bool {
        let ready = shown.ready(self.contents());
        ready.is_ok_and(|ready| !ready.body.is_sample)
    }

    /// Shows the items.
    pub(super) fn list(&self, call: &Call<'_>) -> Result<Done, Rejection> {
        let (operation, binding) = (call.operation, call.binding);
        let parameters = &call.checked.parameters;
        let code = operation.declared.success();
        let content = self.negotiate(operation, call.request, code)?;
        let shown = content.as_ref().map(|negotiated| negotiated.content);
        let asked = Asked {
            binding,
            content: shown,
            parameters,
            request: call.request,
            base: format!("{}{}{}", call.request.origin(), call.lead, self.prefix),
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
            // What someone wrote is shown as it is, but for who asks for a part of it.
            if call.request.query().is_empty() && shown.is_none_or(|c| self.is_written(c)) {
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
            (_, None, _) => {
                let ready = shown.and_then(|shown| shown.ready(self.contents()).ok());
                let written = ready.map_or(&Value::Null, |ready| &ready.body.value);
                let rows = || self.standins().rows(binding, parameters).len();
                let told = asked.told_of(written, rows);
                let mut done = Done {
                    // An example of one leads to another service's pages.
                    lacks: vec![header::LINK],
                    ..self.canned(operation, call.request, call.checked, call.wishes)?
                };
                self.tell_of(operation, told, &mut done);
                done
            }
            (_, Some(listed), _) => {
                let (body, is_valid) = self.sayable(binding, shown, listed.body, "");
                let mut reply = self.reply(code, content.as_ref(), &body)?;
                if let Some(link) = listed.link {
                    reply.set(header::LINK, &link);
                }
                let mut done = Done {
                    judged: match is_valid {
                        true => Judged::Valid,
                        false => Judged::As(body),
                    },
                    lacks: vec![header::LINK],
                    ..self.done(call, reply)
                };
                let absent = self.tell_of(operation, listed.told, &mut done);
                done.lacks.extend(absent);
                done
            }
        };
        validators(&mut done.reply, tag.as_ref(), None);
        Ok(done)
    }
    /// Sets the header fields that tell of a list, as far as their schemas let them say it; gives
    /// those that there is nothing to say in.
    fn tell_of(
        &self,
        operation: &Prepared,
        told: Vec<(usize, Option<Value>)>,
        done: &mut Done,
    ) -> Vec<HeaderName> {
        let status = done.reply.status;
        let response = operation.response(status.as_u16());
        let Some(response) = response.filter(|_| status.is_success()) else {
            return Vec::new();
        };
        let mut absent = Vec::new();
        for (number, value) in told {
            let Some(field) = response.fields.get(number) else {
                continue;
            };
            let name = field.reader.name.clone();
            let Some(value) = value else {
                absent.push(name);
                continue;
            };
            let text = match &value {
                Value::String(text) => text.clone(),
                value => value.to_string(),
            };
            let fits = |value: &Value| {
                let schema = field.schema;
                schema.is_none_or(|schema| self.schemas.is_valid(schema, value))
            };
            if fits(&value) || fits(&Value::String(text.clone())) {
                done.reply.set(name, &text);
            }
        }
        absent
    }
}
