use super::keeping::Written;
use super::same::{are_plain, differing, members, same, told};
use super::{SOON, Seen, Story, shown};
use crate::decode::Kind;
use crate::mock::{Binding, KeyFrom, Prepared};
use crate::spec::Shape;
use crate::verify::call::{Call, Sent};
use crate::verify::finding::{Check, Fault};
use crate::verify::items::New;
use crate::verify::probe::varied;
use crate::wire::{MediaType, Method, Reply, StatusCode};
use chrono::DateTime;
use serde_json::{Map, Value};

impl<'s> Story<'_, 's> {
    /// What was created is there, and says what the reply to its creation said.
    pub(super) fn created(&self, new: &New) -> Option<Seen> {
        if new.reply.status == StatusCode::ACCEPTED {
            return None;
        }
        let call = self.call(self.read)?;
        let mut reply = self.send(&call)?;
        let is_gone =
            |reply: &Reply| [StatusCode::NOT_FOUND, StatusCode::GONE].contains(&reply.status);
        if is_gone(&reply) {
            std::thread::sleep(SOON);
            reply = self.send(&call)?;
        }
        let steps = [(&new.call, &new.reply), (&call, &reply)];
        if is_gone(&reply) {
            let create = self.trial.contract.operations.get(new.call.operation);
            let message = format!(
                "answers {} of an item that {} created",
                reply.status,
                create.declared.name()
            );
            self.report(self.read, Fault::error(Check::Created, "", message), &steps);
            return None;
        }
        let create = self.trial.contract.operations.get(new.call.operation);
        let seen = self.seen_by(call.clone(), reply.clone())?;
        let binding = create.binding.as_ref()?;
        let sent = sent(binding, &new.call);
        let echo = shown(binding, &new.reply).filter(Value::is_object);
        self.is_kept(create, &sent, None, echo.as_ref(), &seen, &steps);
        self.is_led_to(new, &seen);
        Some(seen)
    }

    /// Writes other values, and the same ones again.
    pub(super) fn writing(&self) {
        for update in &self.updates {
            // What isn't done by itself can't be told of.
            let Some(base) = self.trial.base(update.number) else {
                continue;
            };
            let call = base.call.at(&self.item);
            let others = [200, 201].map(|turn| varied(self.trial, update, &call, turn));
            let calls = others.into_iter().flatten().chain([call]);
            let all = calls.filter_map(|call| self.written(update, &call));
            let all: Vec<Written> = all.collect();
            self.are_kept(update, &all);
            self.change_alone(update, &base.call.at(&self.item));
            self.is_replaced(update, &base.call.at(&self.item));
            self.read_only(update, &base.call.at(&self.item));
        }
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
            self.written(update, &call);
        }
    }

    /// Writes what a request says, reads it, and where it is a `PUT` writes it again.
    fn written(&self, update: &'s Prepared, call: &Call) -> Option<Written> {
        let binding = update.binding.as_ref()?;
        let before = self.seen()?;
        let call = self.named(update, call, &before)?;
        let call = super::ready(self.trial, update, call);
        if !self.is_here(&call) {
            return None;
        }
        let reply = self.send(&call).filter(is_done)?;
        let after = self.seen()?;
        self.are_left(update, &call, &before, &after, &reply);
        self.is_tagged_anew(update, (&call, &reply), &before, &after);
        let written = Written {
            sent: sent(binding, &call),
            read: after.value.clone(),
            call: call.clone(),
            reply: reply.clone(),
            seen: (after.call.clone(), after.reply.clone()),
        };
        self.is_steady_after(update, &call, &reply, &before, &after);
        Some(written)
    }

    /// What came of a write that was done, and where it is a `PUT` of the same again.
    fn is_steady_after(
        &self,
        update: &'s Prepared,
        call: &Call,
        reply: &Reply,
        before: &Seen,
        after: &Seen,
    ) {
        let Some(binding) = &update.binding else {
            return;
        };
        let sent = sent(binding, call);
        let echo = shown(binding, reply).filter(Value::is_object);
        let first = (call, reply);
        let steps = [first, (&after.call, &after.reply)];
        let before = Some(&before.value);
        self.is_kept(update, &sent, before, echo.as_ref(), after, &steps);
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
            self.report(
                update,
                Fault::error(Check::Idempotent, name, message),
                &steps,
            );
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
        operation: &Prepared,
        sent: &Map<String, Value>,
        before: Option<&Value>,
        echo: Option<&Value>,
        after: &Seen,
        steps: &[(&Call, &Reply)],
    ) {
        // What the item is called is its path's to say; and what it never shows can't be looked for.
        let read = self.binding();
        let shows = |name: &str| {
            name != read.key && (after.value.get(name).is_some() || self.declares(name))
        };
        let sent = sent.iter().filter(|(name, value)| {
            let read = after.value.get(*name).unwrap_or(&Value::Null);
            shows(name) && are_plain(value, read)
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
            self.report(
                operation,
                Fault::error(Check::Written, name, message),
                steps,
            );
            return;
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
        if meant.len() >= least && meant.iter().all(is_old) {
            let (name, value) = meant[0];
            let message = format!(
                "keeps nothing of what it was sent: {name} was to be {}, and is {} when it is read",
                told(Some(value)),
                told(after.value.get(name))
            );
            self.report(operation, Fault::error(Check::Written, "", message), steps);
        }
    }

    /// Whether the contract says that an item has a member of this name when it is read.
    fn declares(&self, name: &str) -> bool {
        let shape = self.read_shape();
        shape.is_some_and(|shape| shape.properties.contains_key(name))
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
        let (Some(Value::Object(sent)), Some(shape)) =
            (&body.value, update.bodies[body.number].shape)
        else {
            return;
        };
        if binding.wrapper.is_some() || binding.key_from == KeyFrom::Body {
            return;
        }
        let Some(before) = self.seen() else {
            return;
        };
        for (name, property) in &contract.shapes.get(shape).properties {
            let inner = contract.shapes.of_property(property);
            let is_own = contract.shapes.get(inner).read_only && *name != binding.key;
            let Some(other) = before.value.get(name).filter(|_| is_own).and_then(altered) else {
                continue;
            };
            let mut more = sent.clone();
            more.insert(name.clone(), other.clone());
            let Some(sent) = Sent::of(contract, update, body.number, Value::Object(more)) else {
                continue;
            };
            let call = super::ready(self.trial, update, call.sending(Some(sent)));
            if !self.is_here(&call) {
                return;
            }
            let found = contract.breaches_of_request(update, &call.request());
            if found.is_none_or(|found| !found.is_empty()) {
                continue;
            }
            let Some(reply) = self.send(&call).filter(is_done) else {
                continue;
            };
            let Some(after) = self.seen() else {
                return;
            };
            if after.value.get(name).is_some_and(|read| same(read, &other)) {
                let message = format!(
                    "takes {name} from the client, which is readOnly: it is {} now",
                    told(Some(&other))
                );
                let origin = contract.document.origin(contract.shapes.schema(inner));
                let fault = Fault::error(Check::ReadOnly, name, message).from(Some(origin));
                let steps = [(&call, &reply), (&after.call, &after.reply)];
                self.report(update, fault, &steps);
            }
        }
    }
}

pub(super) fn is_done(reply: &Reply) -> bool {
    reply.status.is_success() && reply.status != StatusCode::ACCEPTED
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
