use super::keeping::Written;
use super::same::{are_plain, differing, members, same, told};
use super::{Found, SOON, Seen, Story, shown};
use crate::decode::Kind;
use crate::mock::{Action, Binding, KeyFrom, Prepared, key_text};
use crate::spec::{Origin, Shape};
use crate::validate::View;
use crate::verify::call::{Call, Sent};
use crate::verify::finding::{Check, Fault};
use crate::verify::items::New;
use crate::verify::pool::{Item, created};
use crate::verify::probe::varied;
use crate::wire::{MediaType, Method, Reply, StatusCode};
use chrono::DateTime;
use serde_json::{Map, Value};

impl<'s> Story<'_, 's> {
    /// What was created is there, and says what the reply to its creation said.
    pub(super) fn created(&self, new: &New, found: &mut Vec<Found<'s>>) -> Option<Seen> {
        if new.reply.status == StatusCode::ACCEPTED {
            return None;
        }
        let call = self.call_at(self.read, &new.item)?;
        let mut reply = self.send(&call)?;
        if is_gone(&reply) {
            std::thread::sleep(SOON);
            reply = self.send(&call)?;
        }
        let steps = [(&new.call, &new.reply), (&call, &reply)];
        let create = self.trial.contract.operations.get(new.call.operation);
        if is_gone(&reply) {
            let message = format!(
                "answers {} of an item that {} created",
                reply.status,
                create.declared.name()
            );
            let fault = Fault::error(Check::Created, "", message);
            found.push(Found::of(self.read, fault, &steps));
            return None;
        }
        let seen = self.seen_by(call.clone(), reply.clone())?;
        let binding = create.binding.as_ref()?;
        let sent = sent(binding, &new.call);
        let echo = shown(binding, &new.reply).filter(Value::is_object);
        found.extend(self.is_kept(create, &sent, None, echo.as_ref(), &seen, &steps));
        found.extend(self.is_led_to(new, &seen));
        found.extend(self.is_itself(create, echo.as_ref(), &seen, &steps));
        Some(seen)
    }

    /// What is read under a key that its creation told has that key.
    fn is_itself(
        &self,
        create: &'s Prepared,
        echo: Option<&Value>,
        seen: &Seen,
        steps: &[(&Call, &Reply)],
    ) -> Option<Found<'s>> {
        let key = &self.binding().key;
        let own = echo?.get(key).filter(|own| !own.is_null())?;
        let text = key_text(Some(own));
        let names_it = seen.call.path.iter().any(|(_, value)| *value == text);
        let shown = seen.value.get(key)?;
        if !names_it || key_text(Some(shown)) == text {
            return None;
        }
        let message = format!(
            "shows {key} {} of the item that {} created under {}",
            told(Some(shown)),
            create.declared.name(),
            told(Some(own)),
        );
        let fault = Fault::error(Check::Created, key, message);
        Some(Found::of(self.read, fault, steps))
    }

    /// What is wrong with an item that a request creates.
    pub(super) fn created_by(&self, call: &Call) -> Vec<Found<'s>> {
        let mut found = Vec::new();
        if let Some(new) = self.made_by(call) {
            self.created(&new, &mut found);
        }
        found
    }

    /// The item that a request creates under a key of the server's.
    pub(super) fn made_by(&self, call: &Call) -> Option<New> {
        let create = self.trial.contract.operations.get(call.operation);
        let binding = create.binding.as_ref()?;
        if binding.action != Action::Create {
            return None;
        }
        let call = self.trial.hooked(create, call.clone());
        let reply = self.send(&call).filter(is_done)?;
        let item = created(binding, &call, &reply)?;
        Some(New { item, call, reply })
    }

    /// Writes other values, and the same ones again.
    pub(super) fn writing(&self) {
        for update in &self.updates {
            // What isn't done by itself can't be told of.
            let Some(base) = self.trial.base(update.number) else {
                continue;
            };
            let call = base.call.at(&self.item);
            let mut all = Vec::new();
            for own in self.variants(update, &call) {
                all.extend(self.tell_written(update, &own));
            }
            let several = |smaller: &Call| {
                let all = self.variants(update, smaller).into_iter();
                let all = all.filter_map(|own| self.written(update, &own, &mut Vec::new()));
                self.are_kept(update, &all.collect::<Vec<_>>())
            };
            self.keep(&call, self.are_kept(update, &all), &several);
            self.change_alone(update, &call);
            self.is_replaced(update, &call);
            self.read_only(update, &call);
        }
    }

    /// The same request with other values, twice, and as it is.
    fn variants(&self, update: &Prepared, call: &Call) -> Vec<Call> {
        let others = [200, 201].map(|turn| varied(self.trial, update, call, turn));
        others.into_iter().flatten().chain([call.clone()]).collect()
    }

    /// Writes what a request says, and tells what is wrong of it.
    fn tell_written(&self, update: &'s Prepared, call: &Call) -> Option<Written> {
        let mut found = Vec::new();
        let written = self.written(update, call, &mut found);
        self.keep(call, found, &|smaller| {
            let mut found = Vec::new();
            // What is there already is no change: other values go before it.
            for own in varied(self.trial, update, smaller, 202)
                .into_iter()
                .chain([smaller.clone()])
            {
                self.written(update, &own, &mut found);
            }
            found
        });
        written
    }

    /// Changes one property alone, where a change may name several: the others stay.
    fn change_alone(&self, update: &'s Prepared, call: &Call) {
        let contract = self.trial.contract;
        let (Some(body), Some(binding)) = (&call.body, &update.binding) else {
            return;
        };
        let Some(Value::Object(all)) = &body.value else {
            return;
        };
        if call.method != Method::PATCH || binding.wrapper.is_some() || all.len() < 2 {
            return;
        }
        let alone = all.iter().find_map(|(name, value)| {
            let one = Map::from_iter([(name.clone(), value.clone())]);
            let sent = Sent::of(contract, update, body.number, Value::Object(one))?;
            let call = call.sending(Some(sent));
            let found = contract.breaches_of_request(update, &call.request())?;
            found.is_empty().then_some(call)
        });
        if let Some(call) = alone {
            self.tell_written(update, &call);
        }
    }

    /// Writes what a request says, reads it, and where it is a `PUT` writes it again.
    fn written(
        &self,
        update: &'s Prepared,
        call: &Call,
        found: &mut Vec<Found<'s>>,
    ) -> Option<Written> {
        let binding = update.binding.as_ref()?;
        let before = self.seen()?;
        let call = self.named(update, call, &before)?;
        let call = super::ready(self.trial, update, call);
        if !self.is_here(&call) {
            return None;
        }
        let reply = self.send(&call).filter(is_done)?;
        let Some(after) = self.seen() else {
            found.extend(self.is_lost(update, (&call, &reply), &self.item));
            return None;
        };
        found.extend(self.are_left(update, &call, &before, &after, &reply));
        found.extend(self.is_tagged_anew(update, (&call, &reply), &before, &after));
        let written = Written {
            sent: sent(binding, &call),
            read: after.value.clone(),
            call: call.clone(),
            reply: reply.clone(),
            seen: (after.call.clone(), after.reply.clone()),
        };
        self.is_steady_after(update, (&call, &reply), &before, &after, found);
        Some(written)
    }

    /// An item that isn't there, though what was just written is that it is.
    pub(super) fn is_lost(
        &self,
        write: &'s Prepared,
        (call, reply): (&Call, &Reply),
        item: &Item,
    ) -> Option<Found<'s>> {
        let (check, done) = match call.method {
            Method::POST => (Check::Created, "created"),
            Method::PUT | Method::PATCH => (Check::Written, "changed"),
            _ => return None,
        };
        // What is given another key is found under that.
        let binding = write.binding.as_ref()?;
        let sent = sent(binding, call);
        let own = sent.get(&self.binding().key).or(sent.get(&binding.key));
        let named = key_text(own);
        let is_renamed = own.is_some() && !call.path.iter().any(|(_, value)| *value == named);
        if check == Check::Written && is_renamed {
            return None;
        }
        let read = self.call_at(self.read, item)?;
        // It may take a moment to be there.
        std::thread::sleep(SOON);
        let now = self.send(&read).filter(is_gone)?;
        let name = write.declared.name();
        let message = format!("answers {} of an item that {name} {done}", now.status);
        let fault = Fault::error(check, "gone", message);
        Some(Found::of(self.read, fault, &[(call, reply), (&read, &now)]))
    }

    /// What came of a write that was done, and where it is a `PUT` of the same again.
    fn is_steady_after(
        &self,
        update: &'s Prepared,
        (call, reply): (&Call, &Reply),
        before: &Seen,
        after: &Seen,
        found: &mut Vec<Found<'s>>,
    ) {
        let Some(binding) = &update.binding else {
            return;
        };
        let sent = sent(binding, call);
        let echo = shown(binding, reply).filter(Value::is_object);
        let first = (call, reply);
        let steps = [first, (&after.call, &after.reply)];
        let before = Some(&before.value);
        found.extend(self.is_kept(update, &sent, before, echo.as_ref(), after, &steps));
        if call.method != Method::PUT {
            return;
        }
        let again = super::tagged(self.trial, update, call.clone());
        let Some(second) = self.send(&again).filter(is_done) else {
            return;
        };
        let Some(last) = self.seen() else {
            return;
        };
        if let Some(name) = differing(sent.keys(), &after.value, &last.value) {
            let [old, new] = [after, &last].map(|seen| told(seen.value.get(name)));
            let message = format!(
                "isn't idempotent (RFC 9110 §9.2.2): {name} is {old} after the first PUT, and {new} after the same again"
            );
            let steps = [
                first,
                (&after.call, &after.reply),
                (&again, &second),
                (&last.call, &last.reply),
            ];
            let fault = Fault::error(Check::Idempotent, name, message);
            found.push(Found::of(update, fault, &steps));
        }
    }

    /// The request with the key of this item in its body, where that names the item.
    fn named(&self, update: &Prepared, call: &Call, seen: &Seen) -> Option<Call> {
        let binding = update.binding.as_ref()?;
        if binding.key_from != KeyFrom::Body {
            return Some(call.clone());
        }
        let body = call.body.as_ref()?;
        let mut members = body.value.as_ref()?.as_object()?.clone();
        let key = seen.value.get(&binding.key)?.clone();
        members.insert(binding.key.clone(), key);
        let sent = Sent::of(
            self.trial.contract,
            update,
            body.number,
            Value::Object(members),
        )?;
        Some(call.sending(Some(sent)))
    }

    /// What was written is read: what the reply to the writing showed, and something of what was
    /// sent. A server may keep a value in another form, or what was there before by a rule of its
    /// own; it may not say that it was written then.
    fn is_kept(
        &self,
        operation: &'s Prepared,
        sent: &Map<String, Value>,
        before: Option<&Value>,
        echo: Option<&Value>,
        after: &Seen,
        steps: &[(&Call, &Reply)],
    ) -> Option<Found<'s>> {
        // What the item is called is its path's to say; and what it never shows can't be looked for.
        let read = self.binding();
        let shows = |name: &str| {
            name != read.key && (after.value.get(name).is_some() || self.declares(name))
        };
        let sent = sent.iter().filter(|(name, value)| {
            let read = after.value.get(*name).unwrap_or(&Value::Null);
            shows(name) && are_plain(value, read) && self.may_show(name, value)
        });
        let sent: Vec<(&String, &Value)> = sent.collect();
        let lost = sent.iter().find(|(name, value)| {
            let echoed = echo.and_then(|echo| echo.get(*name));
            let read = after.value.get(*name);
            let is_echoed = echoed.is_some_and(|echoed| same(echoed, value));
            is_echoed && read.is_none_or(|read| !same(read, value))
        });
        if let Some((name, value)) = lost {
            let message = format!(
                "loses what it wrote: {name} is {} in its reply, and {} when it is read",
                told(Some(value)),
                told(after.value.get(name))
            );
            let fault = Fault::error(Check::Written, name, message);
            return Some(Found::of(operation, fault, steps));
        }
        // What is read as it was before, though it was to be another.
        let meant = sent.iter().copied().filter(|(name, value)| {
            let old = before.and_then(|before| before.get(*name));
            after.value.get(*name).is_some() && old.is_none_or(|old| !same(old, value))
        });
        let meant: Vec<(&String, &Value)> = meant.collect();
        let is_old = |(name, value): &(&String, &Value)| {
            let read = after.value.get(*name);
            let old = before.and_then(|before| before.get(*name));
            match old {
                Some(old) => read.is_some_and(|read| same(read, old)),
                None => read.is_none_or(|read| !same(read, value)),
            }
        };
        // One alone may be kept in another form, or by a rule.
        let least = if before.is_some() && echo.is_none() {
            1
        } else {
            2
        };
        (meant.len() >= least && meant.iter().all(is_old)).then(|| {
            let (name, value) = meant[0];
            let message = format!(
                "keeps nothing of what it was sent: {name} was to be {}, and is {} when it is read",
                told(Some(value)),
                told(after.value.get(name))
            );
            Found::of(operation, Fault::error(Check::Written, "", message), steps)
        })
    }

    /// Whether the contract says that an item has a member of this name when it is read.
    fn declares(&self, name: &str) -> bool {
        let shape = self.read_shape();
        shape.is_some_and(|shape| shape.properties.contains_key(name))
    }

    /// Whether the contract lets an item show what was sent: where what is sent is one thing and what
    /// is read another, no server can show it.
    pub(super) fn may_show(&self, name: &str, sent: &Value) -> bool {
        let contract = self.trial.contract;
        let shapes = &contract.shapes;
        let property = self.read_shape().and_then(|of| of.properties.get(name));
        let Some(shape) = property.map(|property| shapes.of_property(property)) else {
            return true;
        };
        let told = &shapes.get(shape).properties;
        let is_told = sent.as_object().is_none_or(|members| {
            told.is_empty()
                || members.is_empty()
                || members.keys().any(|name| told.contains_key(name))
        });
        let schema = contract.schemas.at(View::Reply, shapes.schema(shape));
        is_told && contract.schemas.is_valid(schema, sent)
    }

    /// What an item is when it is read.
    pub(super) fn read_shape(&self) -> Option<&'s Shape> {
        let shapes = &self.trial.contract.shapes;
        let shape = self.read.success_body().and_then(|content| content.shape);
        let mut shape = shape.map(|shape| shapes.get(shape));
        for outer in &self.binding().envelope {
            let inner = shape.and_then(|shape| shape.properties.get(outer));
            shape = inner.map(|inner| shapes.get(shapes.of_property(inner)));
        }
        shape
    }

    /// What the server alone says, no client does (JSON Schema validation §9.4).
    fn read_only(&self, update: &'s Prepared, call: &Call) {
        let contract = self.trial.contract;
        let (Some(body), Some(binding)) = (&call.body, &update.binding) else {
            return;
        };
        let Some(shape) = update.bodies[body.number].shape else {
            return;
        };
        if binding.wrapper.is_some() || binding.key_from == KeyFrom::Body {
            return;
        }
        for (name, property) in &contract.shapes.get(shape).properties {
            let inner = contract.shapes.of_property(property);
            if contract.shapes.get(inner).read_only && *name != binding.key {
                let origin = contract.document.origin(contract.shapes.schema(inner));
                let again = |smaller: &Call| {
                    let found = self.takes(update, smaller, name, &origin);
                    found.into_iter().collect()
                };
                self.keep(call, again(call), &again);
            }
        }
    }

    /// Whether a change takes a property of this name from the client, in another value than it has.
    fn takes(
        &self,
        update: &'s Prepared,
        call: &Call,
        name: &str,
        origin: &Origin,
    ) -> Option<Found<'s>> {
        let contract = self.trial.contract;
        let before = self.seen()?;
        let other = before.value.get(name).and_then(altered)?;
        let body = call.body.as_ref()?;
        let mut more = body.value.as_ref()?.as_object()?.clone();
        more.insert(name.to_owned(), other.clone());
        let sent = Sent::of(contract, update, body.number, Value::Object(more))?;
        let call = super::ready(self.trial, update, call.sending(Some(sent)));
        let breaches = contract.breaches_of_request(update, &call.request())?;
        if !self.is_here(&call) || !breaches.is_empty() {
            return None;
        }
        let reply = self.send(&call).filter(is_done)?;
        let after = self.seen()?;
        let is_taken = after.value.get(name).is_some_and(|read| same(read, &other));
        is_taken.then(|| {
            let message = format!(
                "takes {name} from the client, which is readOnly: it is {} now",
                told(Some(&other))
            );
            let fault = Fault::error(Check::ReadOnly, name, message).from(Some(origin.clone()));
            let steps = [(&call, &reply), (&after.call, &after.reply)];
            Found::of(update, fault, &steps)
        })
    }
}

pub(super) fn is_done(reply: &Reply) -> bool {
    reply.status.is_success() && reply.status != StatusCode::ACCEPTED
}

pub(super) fn is_gone(reply: &Reply) -> bool {
    [StatusCode::NOT_FOUND, StatusCode::GONE].contains(&reply.status)
}

/// What a request says of the item.
pub(super) fn sent(binding: &Binding, call: &Call) -> Map<String, Value> {
    // What a file or a token says of it is nobody's to compare.
    let is_read = |body: &&Sent| {
        let media_type = MediaType::parse(&body.content_type);
        media_type.is_none_or(|media_type| Kind::of(&media_type) != Kind::Opaque)
    };
    let body = call.body.as_ref().filter(is_read);
    let value = body.and_then(|body| body.value.as_ref());
    let inner = match &binding.wrapper {
        Some(wrapper) => value.and_then(|value| value.get(wrapper)),
        None => value,
    };
    inner.map(members).unwrap_or_default()
}

/// How far a number is from those that a server may count to meanwhile.
const FAR: i64 = 7_919;

/// Another value of the same kind, that no server gives by itself: the next number, or the moment
/// that it is.
pub(super) fn altered(value: &Value) -> Option<Value> {
    match value {
        Value::Bool(flag) => Some(Value::Bool(!flag)),
        Value::Number(number) => Some(Value::from(number.as_i64()?.checked_add(FAR)?)),
        Value::String(text) => {
            // One digit alone, so that dates and ids stay what they are: of a moment that of its year.
            let is_moment = DateTime::parse_from_rfc3339(text).is_ok();
            let at = match is_moment {
                true => Some(3),
                false => text.rfind(|c: char| c.is_ascii_digit()),
            };
            let Some(at) = at else {
                return Some(Value::String(format!("{text}x")));
            };
            let digit = if text[at..].starts_with('1') {
                "2"
            } else {
                "1"
            };
            Some(Value::String(format!(
                "{}{digit}{}",
                &text[..at],
                &text[at + 1..]
            )))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::altered;
    use serde_json::{Value, json};

    #[test]
    fn what_is_altered_is_nothing_that_a_server_gives_by_itself() {
        let altered = |value: Value| altered(&value);
        assert_eq!(altered(json!(3)), Some(json!(7922)));
        let moment = json!("2026-11-29T20:48:40Z");
        assert_eq!(altered(moment), Some(json!("2021-11-29T20:48:40Z")));
        assert_eq!(altered(json!("p-7")), Some(json!("p-1")));
        assert_eq!(altered(json!("Rex")), Some(json!("Rexx")));
    }
}
