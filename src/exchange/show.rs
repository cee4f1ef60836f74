//! What reads do: an item shown, or a list of them.

use super::reply::{represented, validators};
use super::{Call, Done, Judged};
use crate::contract::Contract;
use crate::encode::encode_header;
use crate::mock::{
    Action, Asked, Binding, Found, OfList, Prepared, PreparedContent, Rejection, check_parents,
    find, render_item, stored_key,
};
use crate::store::State;
use crate::validate::{Place, Violation};
use crate::wire::{HeaderName, Reply, StatusCode, Verdict, header};
use serde_json::Value;
use std::borrow::Cow;
use std::iter::repeat;

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
            // A list of an item is as the item has it.
            let is_plain = found.is_plain && binding.within.is_empty();
            let stands = [is_plain, found.is_standin];
            Ok::<_, Rejection>((item, stands, found.key))
        });
        let (item, [is_plain, is_standin], key) = found?;
        let shown = content.as_ref().map(|negotiated| negotiated.content);
        // A picture shows no members, whatever is known of them.
        let is_plain =
            is_plain || shown.is_some_and(|shown| shown.is_of_file && has_parts(&item.value));
        let seed = call.wishes.seed.as_deref().filter(|_| is_plain);
        let tag = represented(&item.tag, content.as_ref(), seed);
        let (tag, modified) = (tag.as_ref(), item.modified);
        let mut done = match call.preconditions.judge(true, tag, modified) {
            Verdict::NotModified => self.done(call, Reply::new(StatusCode::NOT_MODIFIED)),
            Verdict::Failed(field) => return Err(Rejection::precondition(field, tag)),
            Verdict::Proceed if is_plain => {
                self.canned(operation, call.occasion, call.checked, call.wishes)?
            }
            Verdict::Proceed => {
                // What a client names of a range is another representation for each.
                let usual = content.as_ref().filter(|content| content.named.is_none());
                // What nobody wrote is another value each time.
                let usual = usual.filter(|_| !is_standin);
                let renderings = usual.map(|usual| &usual.content.renderings);
                if let Some(reply) = renderings.and_then(|known| known.of(&item)) {
                    return Ok(self.done(call, reply));
                }
                let body = render_item(&self.shapes, binding, shown, &item.value);
                let is_as_stored = shown.is_none_or(|shown| {
                    shown.is_of_table && has_parts(&body) || shown.is_valid(self.contents(), &body)
                });
                let (body, is_valid) = match shown {
                    Some(shown) if !is_as_stored => self.sayable(binding, shown, body, &key)?,
                    _ => (body, shown.is_some()),
                };
                let mut reply = self.reply(code, content.as_ref(), &body)?;
                if let Some(renderings) = renderings.filter(|_| is_as_stored) {
                    validators(&mut reply, Some(tag), Some(modified));
                    renderings.keep(&item, &reply);
                }
                Done {
                    judged: match is_valid {
                        true => Judged::Valid,
                        false => Judged::As(body.into_owned()),
                    },
                    ..self.done(call, reply)
                }
            }
        };
        validators(&mut done.reply, Some(tag), Some(modified));
        Ok(done)
    }

    /// What shows an item whose body isn't valid, and whether that is known to be: where no fixtures say
    /// what it is, it is made so. Where they do it is as they or a client said, and has what it lacks
    /// as the contract isn't the one that it was written by.
    fn sayable<'v>(
        &self,
        binding: &Binding,
        shown: &PreparedContent,
        body: Cow<'v, Value>,
        seed: &str,
    ) -> Result<(Cow<'v, Value>, bool), Rejection> {
        let body = self.standins().with_keys(binding, shown, body.into_owned());
        let made = match binding.is_seeded {
            true => self.standins().completed(shown, &body, seed),
            false => self.standins().like(shown, body.clone(), seed),
        };
        match made {
            Some(made) => Ok((Cow::Owned(made), true)),
            None if binding.is_seeded => Err(self.unsayable(binding, shown, &body)),
            None => Ok((Cow::Owned(body), false)),
        }
    }

    /// The same of a list, valid or not. An item whose key the contract can't have is left out where no fixtures
    /// say which items there are: under another it wouldn't be found.
    fn sayable_list(
        &self,
        binding: &Binding,
        shown: Option<&PreparedContent>,
        body: Value,
    ) -> Result<(Value, bool), Rejection> {
        let Some(shown) = shown else {
            return Ok((body, false));
        };
        if shown.is_of_table && has_parts(&body) || shown.is_valid(self.contents(), &body) {
            return Ok((body, true));
        }
        let mut body = self.standins().with_keys(binding, shown, body);
        if binding.is_seeded {
            let whole = self.standins().completed_list(binding, shown, &body);
            return match whole {
                Some(whole) => Ok((whole, true)),
                None => Err(self.unsayable(binding, shown, &body)),
            };
        }
        // What a row lacks is made up as its item is.
        body = self.standins().told_by_items(binding, shown, body);
        if shown.is_valid(self.contents(), &body) {
            return Ok((body, true));
        }
        let keys = |body: &Value| {
            let rows = binding.unwrapped(body).and_then(Value::as_array);
            let rows = rows.into_iter().flatten();
            let keys = rows.map(|row| binding.item_of(row).get(&binding.key).map(stored_key));
            keys.collect::<Vec<Option<String>>>()
        };
        // What is made up around the rows tells nothing of the page that isn't so.
        let like = |list: &Value| {
            let mut made = self.standins().like(shown, list.clone(), "")?;
            if let Some(listing) = &binding.listing {
                listing.untell(self.contents(), shown, &mut made, list);
            }
            Some(made)
        };
        let Some(made) = like(&body) else {
            return Ok((body, false));
        };
        let (said, told) = (keys(&body), keys(&made));
        if said == told {
            return Ok((made, true));
        }
        let mut stays = said.iter().zip(told.iter().map(Some).chain(repeat(None)));
        let mut names = binding.envelope.iter();
        let rows = names.try_fold(&mut body, |body, name| body.get_mut(name));
        if let Some(rows) = rows.and_then(Value::as_array_mut) {
            rows.retain(|_| stays.next().is_some_and(|(said, told)| Some(said) == told));
        }
        match like(&body) {
            Some(fewer) if keys(&fewer) == keys(&body) => Ok((fewer, true)),
            _ => Ok((made, true)),
        }
    }

    /// Why what is remembered can't be shown.
    fn unsayable(&self, binding: &Binding, shown: &PreparedContent, body: &Value) -> Rejection {
        let check = |schema| self.schemas.check(schema, body, &Place::Body);
        let found = shown.schema.map(check).unwrap_or_default();
        let told = |breach: &Violation| format!(": {} {}", breach.place, breach.detail);
        let why = found.first().map(told);
        Rejection::Fault(format!(
            "what is remembered of {} is not valid by the contract as it is by now, until it is \
             written again or reset{}",
            binding.collection,
            why.unwrap_or_default()
        ))
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
            operation,
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
            // Another seed draws other items.
            if call.wishes.seed.is_some() {
                return Ok((None, tag));
            }
            // What someone wrote is shown as it is, but for who asks for a part of it.
            if call.request.query().is_empty() && shown.is_none_or(|c| self.is_written(c)) {
                return Ok((None, tag));
            }
            let rows = self.standins().rows(binding, parameters);
            let listed = asked.of_rows(self.contents(), &rows)?;
            Ok((Some(listed).filter(|_| !rows.is_empty()), tag))
        })?;
        let (listed, tag) = listed;
        let seed = call.wishes.seed.as_deref().filter(|_| listed.is_none());
        let tag = tag.map(|tag| represented(&tag, content.as_ref(), seed).into_owned());
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
                // What is made up tells of itself, by the page that it is.
                let ready = shown.and_then(|shown| shown.ready(self.contents()).ok());
                let written = ready.filter(|ready| !ready.body.is_sample);
                let rows = || self.standins().rows(binding, parameters).len();
                let told =
                    written.map_or_else(Vec::new, |ready| asked.told_of(&ready.body.value, rows));
                let mut done = Done {
                    // An example of one leads to another service's pages.
                    lacks: vec![header::LINK],
                    ..self.canned(operation, call.occasion, call.checked, call.wishes)?
                };
                self.tell_of(operation, told, &mut done);
                done
            }
            // Items of the state may be no items of a stream, and are no film.
            (_, Some(listed), _)
                if shown.is_some_and(|shown| {
                    let is_stream = shown.item_schema.is_some();
                    shown.is_of_file && has_parts(&listed.body)
                        || is_stream && !shown.is_valid(self.contents(), &listed.body)
                }) =>
            {
                self.canned(operation, call.occasion, call.checked, call.wishes)?
            }
            (_, Some(listed), _) => {
                let (body, is_valid) = self.sayable_list(binding, shown, listed.body)?;
                let reply = self.reply(code, content.as_ref(), &body)?;
                let mut done = Done {
                    judged: match is_valid {
                        true => Judged::Valid,
                        false => Judged::As(body),
                    },
                    ..self.done(call, reply)
                };
                let (link, told) = (listed.link, listed.told);
                self.tell_of_list(operation, OfList { link, told }, &mut done);
                done
            }
        };
        validators(&mut done.reply, tag.as_ref(), None);
        Ok(done)
    }

    /// Has header fields tell of a list, and of no other: an example of `Link` leads to another
    /// service's pages.
    pub(super) fn tell_of_list(&self, operation: &Prepared, of_list: OfList, done: &mut Done) {
        done.lacks.push(header::LINK);
        if let Some(link) = of_list.link {
            done.reply.set(header::LINK, &link);
        }
        let absent = self.tell_of(operation, of_list.told, done);
        done.lacks.extend(absent);
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
                Value::String(text) => Some(text.clone()),
                Value::Object(_) => encode_header(&value, &field.reader.declared),
                value => Some(value.to_string()),
            };
            let Some(text) = text else { continue };
            let fits = |value: &Value| {
                let schema = field.schema;
                schema.is_none_or(|schema| self.schemas.is_valid(schema, value))
            };
            // What can't be said truly isn't said.
            match fits(&value) || fits(&Value::String(text.clone())) {
                true => done.reply.set(name, &text),
                false => absent.push(name),
            }
        }
        absent
    }
}

/// Whether a value has parts, which a file or a text that is one thing doesn't show.
fn has_parts(value: &Value) -> bool {
    value.is_object() || value.is_array()
}
