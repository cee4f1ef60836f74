//! Where a new item is: at its `Location`, under an id that is its own.

use super::keeping::Written;
use super::same::same;
use super::{Found, Seen, Story, shown};
use crate::mock::{Prepared, key_text};
use crate::verify::call::Call;
use crate::verify::finding::{Check, Fault};
use crate::verify::items::New;
use crate::verify::judge::SOURCE;
use crate::wire::{Reply, StatusCode, decode_percent, header};
use serde_json::Value;

impl<'s> Story<'_, 's> {
    /// The `Location` of a 201 leads to what was created (RFC 9110 §15.3.2), where it leads into
    /// what the server has.
    pub(super) fn is_led_to(&self, new: &New, seen: &Seen) -> Option<Found<'s>> {
        let create = self.trial.contract.operations.get(new.call.operation);
        let location = new.reply.header(&header::LOCATION);
        let location = location.filter(|_| new.reply.status == StatusCode::CREATED)?;
        let base = &self.trial.settings.base;
        let target = led_to(base, &new.call.target(), location)?;
        if target == seen.call.target() {
            return None;
        }
        let call = Call {
            template: target.as_str().into(),
            path: Vec::new(),
            query: Vec::new(),
            ..seen.call.clone()
        };
        let reply = self.trial.send(&call).ok()?;
        // A mock makes items up, and says so.
        if reply.headers.contains_key(&SOURCE) {
            return None;
        }
        let message = match reply.status {
            StatusCode::NOT_FOUND | StatusCode::GONE => format!(
                "answers 201 Created with a Location that leads nowhere (RFC 9110 §15.3.2): {location} is {}",
                reply.status
            ),
            StatusCode::OK if is_alike(&target, &self.read.declared.path) => {
                let key = &self.binding().key;
                let item = shown(self.binding(), &reply);
                let other = item.as_ref().and_then(|item| item.get(key))?;
                let own = seen.value.get(key)?;
                if same(other, own) {
                    return None;
                }
                format!(
                    "answers 201 Created with a Location that leads to another item (RFC 9110 §15.3.2): {key} is {other} there, and that of the new one is {own}"
                )
            }
            _ => return None,
        };
        let steps = [(&new.call, &new.reply), (&call, &reply)];
        let fault = Fault::error(Check::Created, "Location", message);
        Some(Found::of(create, fault, &steps))
    }

    /// What is created has an id that no other item has, where the server gives ids. Of two that
    /// were created, the second stands in the place of the first.
    pub(super) fn are_apart(&self, create: &'s Prepared, all: &[Written]) -> Option<Found<'s>> {
        let [first, rest @ ..] = all else {
            return None;
        };
        let is_new = |one: &Written| one.reply.status == StatusCode::CREATED;
        let own_key = |one: &Written| {
            let item = shown(self.binding(), &one.reply)?;
            let key = item.get(&self.binding().key).filter(|key| !key.is_null());
            key.map(|key| key_text(Some(key)))
        };
        let key = own_key(first)?;
        let mut rest = rest.iter().filter(|one| is_new(one) && is_new(first));
        let twin = rest.find(|one| {
            own_key(one).as_ref() == Some(&key)
                && !mentions(&one.call, &key)
                && one.sent != first.sent
        })?;
        let message = format!("gives a new item the id of one that is there: {key}");
        let steps = [(&first.call, &first.reply), (&twin.call, &twin.reply)];
        let fault = Fault::error(Check::Created, "id", message);
        Some(Found::of(create, fault, &steps))
    }

    /// Warns of a new item that has the id of the one that was deleted: who knew that one takes it
    /// for the same.
    pub(super) fn is_of_another(&self, new: &New, (deletion, deleted): (&Call, &Reply)) {
        let Some((_, key)) = self.item.last() else {
            return;
        };
        if new.item == self.item && !mentions(&new.call, key) {
            let create = self.trial.contract.operations.get(new.call.operation);
            let message = format!("gives a new item the id of one that was deleted: {key}");
            let steps = [(deletion, deleted), (&new.call, &new.reply)];
            self.report(
                create,
                Fault::warning(Check::Created, "old id", message),
                &steps,
            );
        }
    }
}

/// Whether a request says a key, in its body or the path.
pub(super) fn mentions(call: &Call, key: &str) -> bool {
    fn says(value: &Value, key: &str) -> bool {
        match value {
            Value::Array(items) => items.iter().any(|item| says(item, key)),
            Value::Object(members) => members.values().any(|member| says(member, key)),
            scalar => key_text(Some(scalar)) == key,
        }
    }
    let body = call.body.as_ref().and_then(|body| body.value.as_ref());
    let mut path = call.path.iter();
    body.is_some_and(|body| says(body, key))
        || path.any(|(_, written)| decode_percent(written).is_ok_and(|text| text == key))
}

/// Whether a target is of the form of a template.
fn is_alike(target: &str, template: &str) -> bool {
    let path = target.split(['?', '#']).next().unwrap_or_default();
    let (own, wanted): (Vec<&str>, Vec<&str>) =
        (path.split('/').collect(), template.split('/').collect());
    own.len() == wanted.len()
        && own
            .iter()
            .zip(&wanted)
            .all(|(own, wanted)| own == wanted || wanted.starts_with('{'))
}

/// Where a `Location` leads, below the server's address: nowhere where that is another's. `target`
/// is what was asked (RFC 3986 §5.2).
fn led_to(base: &str, target: &str, location: &str) -> Option<String> {
    let location = location.split('#').next()?;
    let origin_end = base.find("://").map_or(0, |at| at + 3);
    let path_at = base[origin_end..].find('/').map(|at| origin_end + at);
    let (origin, prefix) = base.split_at(path_at.unwrap_or(base.len()));
    let own_host = &origin[origin_end..];
    let after_host = |rest: &str| {
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (host, path) = rest.split_at(end);
        host.eq_ignore_ascii_case(own_host).then(|| path.to_owned())
    };
    let path = match location.split_once("://") {
        Some((scheme, rest)) if scheme.chars().all(|c| c.is_ascii_alphanumeric()) => {
            after_host(rest)?
        }
        _ => match location.strip_prefix("//") {
            Some(rest) => after_host(rest)?,
            None if location.starts_with('/') => location.to_owned(),
            None if location.is_empty() || location.starts_with('?') => return None,
            None => {
                let asked = target.split(['?', '#']).next()?;
                let folder = &asked[..asked.rfind('/')? + 1];
                format!("{prefix}{folder}{location}")
            }
        },
    };
    let path = without_dots(&path);
    let rest = path.strip_prefix(prefix)?;
    (rest.starts_with('/') && !rest.contains(['{', '}'])).then(|| rest.to_owned())
}

/// A path without the segments that say where it goes on: `.` and `..` (RFC 3986 §5.2.4).
fn without_dots(path: &str) -> String {
    let end = path.find('?').unwrap_or(path.len());
    let (path, query) = path.split_at(end);
    let mut kept: Vec<&str> = Vec::new();
    let mut segments = path.split('/').peekable();
    while let Some(segment) = segments.next() {
        let is_last = segments.peek().is_none();
        match segment {
            "." => {}
            // The first segment is what stands before the first slash.
            ".." if kept.len() > 1 => _ = kept.pop(),
            ".." => {}
            _ => kept.push(segment),
        }
        if is_last && [".", ".."].contains(&segment) {
            kept.push("");
        }
    }
    kept.join("/") + query
}

#[cfg(test)]
mod tests {
    use super::led_to;

    #[test]
    fn a_location_leads_where_a_client_of_the_server_goes() {
        let led = |location: &str| led_to("http://a.test/v1", "/pets?x=1", location);
        let own = Some("/pets/7".to_owned());
        assert_eq!(led("/v1/pets/7"), own);
        assert_eq!(led("http://A.test/v1/pets/7"), own);
        assert_eq!(led("//a.test/v1/pets/7#it"), own);
        assert_eq!(led("pets/7"), own);
        assert_eq!(led("7"), Some("/7".to_owned()));
        assert_eq!(led("/v1/pets/./7"), own);
        assert_eq!(led("/v1/cats/../pets/7"), own);
        assert_eq!(led("./pets/7"), own);
        assert_eq!(led("/v1/pets/7/."), Some("/pets/7/".to_owned()));
        assert_eq!(led("../pets/7"), None);
        // What is another server's, or not below the address, is nobody's to ask.
        assert_eq!(led("http://b.test/v1/pets/7"), None);
        assert_eq!(led("/v2/pets/7"), None);
        assert_eq!(led("urn:x:7"), Some("/urn:x:7".to_owned()));
    }
}
