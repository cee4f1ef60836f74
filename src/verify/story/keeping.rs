//! What is kept of each property that is written, and of those that aren't.

use super::missing::never;
use super::same::{are_plain, members, same, told};
use super::writing::{altered, is_done, sent};
use super::{Found, Seen, Story, shown};
use crate::mock::{Action, Binding, KeyFrom, Prepared, key_text};
use crate::spec::Origin;
use crate::verify::call::{Call, Sent};
use crate::verify::finding::{Check, Fault};
use crate::verify::items::New;
use crate::verify::pool::{created, parameter};
use crate::verify::probe::varied;
use crate::wire::{Method, Reply};
use serde_json::{Map, Value};

/// How many more items are made to be compared.
const MADE: usize = 3;
/// How many properties are tried.
const TRIED: usize = 5;

/// What was sent, and what was read then.
pub(super) struct Written {
    pub sent: Map<String, Value>,
    pub read: Value,
    pub call: Call,
    pub reply: Reply,
    pub seen: (Call, Reply),
}

impl<'s> Story<'_, 's> {
    /// Makes more items, of other values.
    pub(super) fn making(&self, new: &New, seen: &Seen) {
        let create = self.trial.contract.operations.get(new.call.operation);
        // What puts an item writes it as well, and is told of there.
        let binding = create.binding.as_ref();
        let Some(binding) = binding.filter(|binding| binding.action == Action::Create) else {
            return;
        };
        let first = Written {
            sent: sent(binding, &new.call),
            read: seen.value.clone(),
            call: new.call.clone(),
            reply: new.reply.clone(),
            seen: (seen.call.clone(), seen.reply.clone()),
        };
        let of_several = |first: Written| {
            let mut found = Vec::new();
            let all = self.several(create, first, &mut found);
            found.extend(self.are_kept(create, &all));
            found.extend(self.are_apart(create, &all));
            found
        };
        self.keep(&new.call, of_several(first), &|smaller| {
            let first = self.made_by(smaller);
            let first = first.and_then(|new| self.read_of(binding, new.call, new.reply));
            first.map(of_several).unwrap_or_default()
        });
        self.read_only_of_new(create, new, seen);
    }

    /// An item that was created, and more of other values; and those of them that aren't there.
    fn several(
        &self,
        create: &'s Prepared,
        first: Written,
        lost: &mut Vec<Found<'s>>,
    ) -> Vec<Written> {
        let call = first.call.clone();
        let mut all = vec![first];
        for turn in 0..MADE {
            let Some(call) = varied(self.trial, create, &call, 300 + turn) else {
                break;
            };
            let Some(reply) = self.send(&call).filter(is_done) else {
                continue;
            };
            let Some(binding) = &create.binding else {
                continue;
            };
            match self.read_of(binding, call.clone(), reply.clone()) {
                Some(written) => all.push(written),
                None => {
                    let item = created(binding, &call, &reply);
                    lost.extend(item.and_then(|item| self.is_lost(create, (&call, &reply), &item)));
                }
            }
        }
        all
    }

    /// What is read of another item than the story's.
    fn read_of(&self, binding: &Binding, call: Call, reply: Reply) -> Option<Written> {
        let item = created(binding, &call, &reply)?;
        let seen = self.seen_at(&item)?;
        Some(Written {
            sent: sent(binding, &call),
            read: seen.value,
            call,
            reply,
            seen: (seen.call, seen.reply),
        })
    }

    /// Each property that was written several times is read as it was written at least once. What
    /// is always another, and the same whatever is written, was dropped; what differs with it may be
    /// kept in a form of the server's own.
    pub(super) fn are_kept(&self, operation: &'s Prepared, all: &[Written]) -> Vec<Found<'s>> {
        let mut found = Vec::new();
        let [first, ..] = all else {
            return found;
        };
        for name in first.sent.keys() {
            let pairs: Option<Vec<(&Value, &Value)>> = all
                .iter()
                .map(|one| {
                    Some((
                        one.sent.get(name)?,
                        one.read.get(name).unwrap_or(&Value::Null),
                    ))
                })
                .collect();
            let Some(pairs) = pairs.filter(|pairs| pairs.len() > 1) else {
                continue;
            };
            // What isn't shown at all has no form that it may be kept in.
            let is_comparable =
                |(sent, read): &(&Value, &Value)| is_empty(read) || are_plain(sent, read);
            // What the path says of the item goes before what the body does.
            let is_of_path = all.iter().all(|one| {
                let read = key_text(one.read.get(name));
                let mut path = one.call.path.iter();
                path.any(|(own, _)| parameter(&one.call, own).as_ref() == Some(&read))
            });
            let may_show = |(sent, _): &(&Value, &Value)| self.may_show(name, sent);
            if is_of_path
                || !self.is_shown(name)
                || !pairs.iter().all(is_comparable)
                || !pairs.iter().all(may_show)
            {
                continue;
            }
            let are_alike = |of: &dyn Fn(&(&Value, &Value)) -> Value| {
                let first = of(&pairs[0]);
                pairs.iter().all(|pair| same(&of(pair), &first))
            };
            let sent_alike = are_alike(&|(sent, _)| (*sent).clone());
            let read_alike = are_alike(&|(_, read)| (*read).clone());
            let all_others = pairs.iter().all(|(sent, read)| !same(sent, read));
            let all_gone = pairs.iter().all(|(_, read)| is_empty(read));
            let Some(at) = pairs.iter().position(|(sent, read)| !same(sent, read)) else {
                continue;
            };
            let (sent, read) = pairs[at];
            let shown = (told(Some(sent)), told(all[at].read.get(name)));
            let fault = if read_alike && !sent_alike || all_others && all_gone && !is_empty(sent) {
                let message = format!(
                    "drops {name}, whatever is written: it was to be {}, and is {} when it is read",
                    shown.0, shown.1
                );
                Fault::error(Check::Written, name, message)
            } else if all_others
                && !sent_alike
                && std::mem::discriminant(sent) == std::mem::discriminant(read)
            {
                let message = format!(
                    "keeps {name} in another form: it was to be {}, and is {} when it is read",
                    shown.0, shown.1
                );
                Fault::warning(Check::Written, name, message)
            } else {
                continue;
            };
            let one = &all[at];
            let steps = [(&one.call, &one.reply), (&one.seen.0, &one.seen.1)];
            found.push(Found::of(operation, fault, &steps));
        }
        found
    }

    /// Whether an item shows a property when it is read, by its contract; its key is its path's to
    /// say.
    fn is_shown(&self, name: &str) -> bool {
        let shapes = &self.trial.contract.shapes;
        name != self.binding().key
            && self.read_shape().is_some_and(|shape| {
                let property = shape.properties.get(name);
                property.is_some_and(|own| !shapes.get(shapes.of_property(own)).write_only)
            })
    }

    /// What a change doesn't name, it leaves as it is (RFC 7396 §1).
    pub(super) fn are_left(
        &self,
        update: &'s Prepared,
        call: &Call,
        before: &Seen,
        after: &Seen,
        reply: &Reply,
    ) -> Option<Found<'s>> {
        let named = sent(update.binding.as_ref()?, call);
        if call.method != Method::PATCH || named.is_empty() {
            return None;
        }
        let names = self.writable();
        let wiped = names.iter().find(|name| {
            let [old, new] = [before, after].map(|seen| seen.value.get(*name));
            let was = old.is_some_and(|old| !is_empty(old));
            !named.contains_key(*name) && was && new.is_none_or(is_empty)
        });
        wiped.map(|name| {
            let message = format!(
                "takes away what it doesn't name: {name} was {}, and is {} after it",
                told(before.value.get(name)),
                told(after.value.get(name))
            );
            let steps = [
                (&before.call, &before.reply),
                (call, reply),
                (&after.call, &after.reply),
            ];
            let fault = Fault::error(Check::Written, format!("left {name}"), message);
            Found::of(update, fault, &steps)
        })
    }

    /// What replaces an item and doesn't name a property that needn't be there leaves it away (RFC
    /// 9110 §9.3.4).
    pub(super) fn is_replaced(&self, update: &'s Prepared, call: &Call) {
        let contract = self.trial.contract;
        let shapes = &contract.shapes;
        let (Some(body), Some(binding)) = (&call.body, &update.binding) else {
            return;
        };
        if call.method != Method::PUT
            || binding.wrapper.is_some()
            || binding.key_from == KeyFrom::Body
        {
            return;
        }
        let (Some(Value::Object(all)), Some(asked)) =
            (&body.value, update.bodies[body.number].shape)
        else {
            return;
        };
        let (asked, Some(read)) = (shapes.get(asked), self.read_shape()) else {
            return;
        };
        let Some(before) = self.seen() else {
            return;
        };
        let may_go = |name: &&String| {
            let (Some(own), Some(shown)) =
                (asked.properties.get(*name), read.properties.get(*name))
            else {
                return false;
            };
            let [own_shape, shown_shape] =
                [own, shown].map(|of| shapes.get(shapes.of_property(of)));
            let old = before.value.get(*name);
            let is_there = old.is_some_and(|old| {
                !is_empty(old) && all.get(*name).is_some_and(|sent| same(sent, old))
            });
            let has_no_need = !own.required && !own_shape.read_only;
            let has_no_default = own_shape.default.is_none() && shown_shape.default.is_none();
            let may_be_empty =
                !shown.required || shown_shape.types.has("null") || shown_shape.types.has("array");
            is_there && has_no_need && has_no_default && may_be_empty
        };
        let names: Vec<&String> = all.keys().filter(may_go).collect();
        if names.is_empty() {
            return;
        }
        let mut less = all.clone();
        less.retain(|name, _| !names.contains(&name));
        let Some(less) = Sent::of(contract, update, body.number, Value::Object(less)) else {
            return;
        };
        let again = |less: &Call| self.stay(update, less, &names).into_iter().collect();
        let call = call.sending(Some(less));
        self.keep(&call, again(&call), &again);
    }

    /// Whether all of some properties that an item has, and that what replaces it hasn't, are there
    /// as they were.
    fn stay(&self, update: &'s Prepared, call: &Call, names: &[&String]) -> Option<Found<'s>> {
        let before = self.seen()?;
        let call = super::ready(self.trial, update, call.clone());
        let found = self
            .trial
            .contract
            .breaches_of_request(update, &call.request())?;
        let named = sent(update.binding.as_ref()?, &call);
        let are_out = !names.iter().any(|name| named.contains_key(*name));
        if !found.is_empty() || !are_out || !self.is_here(&call) {
            return None;
        }
        let reply = self.send(&call).filter(is_done)?;
        let after = self.seen()?;
        let stays = |name: &&String| {
            let [old, new] = [&before, &after].map(|seen| seen.value.get(*name));
            matches!((old, new), (Some(old), Some(new)) if same(old, new))
        };
        names.iter().all(stays).then(|| {
            let name = names[0];
            let message = format!(
                "keeps what the new item doesn't have (RFC 9110 §9.3.4): {name} was {} and is it still",
                told(before.value.get(name))
            );
            let steps = [
                (&before.call, &before.reply),
                (&call, &reply),
                (&after.call, &after.reply),
            ];
            let fault = Fault::error(Check::Written, "replaced", message);
            Found::of(update, fault, &steps)
        })
    }

    /// What the server alone says of a new item, no client does (JSON Schema validation §9.4).
    fn read_only_of_new(&self, create: &'s Prepared, new: &New, seen: &Seen) {
        let contract = self.trial.contract;
        let (Some(body), Some(binding)) = (&new.call.body, &create.binding) else {
            return;
        };
        let Some(shape) = create.bodies[body.number].shape else {
            return;
        };
        if binding.wrapper.is_some() {
            return;
        }
        let shape = contract.shapes.get(shape);
        let own = shape.properties.iter().filter_map(|(name, property)| {
            let inner = contract.shapes.of_property(property);
            contract
                .shapes
                .get(inner)
                .read_only
                .then_some((name, inner))
        });
        for (name, inner) in own.take(TRIED) {
            // No value that the server might give by itself: the next number, say.
            let others: Vec<Value> = match seen.value.get(name) {
                Some(Value::Number(number)) => {
                    let far = number.as_i64().and_then(|number| number.checked_add(7_919));
                    far.map(Value::from).into_iter().collect()
                }
                Some(Value::String(text)) => {
                    let [one, _] = never(text);
                    let other = altered(&Value::from(text.as_str()));
                    [Some(Value::from(one)), other]
                        .into_iter()
                        .flatten()
                        .collect()
                }
                _ => Vec::new(),
            };
            let origin = contract.document.origin(contract.shapes.schema(inner));
            let again = |smaller: &Call| {
                let found = self.takes_at_first(smaller, name, &others, &origin);
                found.into_iter().collect()
            };
            self.keep(&new.call, again(&new.call), &again);
        }
    }

    /// Whether a new item has the first value that the contract lets be sent as a property of this
    /// name.
    fn takes_at_first(
        &self,
        call: &Call,
        name: &str,
        others: &[Value],
        origin: &Origin,
    ) -> Option<Found<'s>> {
        let contract = self.trial.contract;
        let create = contract.operations.get(call.operation);
        let body = call.body.as_ref()?;
        let all = body.value.as_ref()?.as_object()?;
        let (call, other) = others.iter().find_map(|other| {
            let mut more = all.clone();
            more.insert(name.to_owned(), other.clone());
            let sent = Sent::of(contract, create, body.number, Value::Object(more))?;
            let call = self.trial.hooked(create, call.sending(Some(sent)));
            let found = contract.breaches_of_request(create, &call.request())?;
            found.is_empty().then_some((call, other))
        })?;
        let reply = self.send(&call).filter(is_done)?;
        let item = shown(create.binding.as_ref()?, &reply);
        let item = item.map(|item| members(&item)).unwrap_or_default();
        item.get(name)
            .is_some_and(|read| same(read, other))
            .then(|| {
                let message = format!(
                    "takes {name} from the client, which is readOnly: it is {} then",
                    told(Some(other))
                );
                let fault = Fault::error(Check::ReadOnly, name, message).from(Some(origin.clone()));
                Found::of(create, fault, &[(&call, &reply)])
            })
    }
}

/// Whether a value says that there is nothing.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}
