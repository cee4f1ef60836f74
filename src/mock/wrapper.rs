//! What a reply wraps in itself that it shows: `{"data": {…}, "links": {…}}`, `{"ok": true, "user": {…}}`.

use super::name::{plain, words};
use super::path_names::PathName;
use crate::spec::Shape;

/// The last words of names that say no more than that something is in there.
const HOLDERS: [&str; 14] = [
    "data", "result", "item", "payload", "response", "reply", "body", "content", "entity",
    "resource", "record", "object", "document", "value",
];

/// What stands beside that and tells of the reply, not of what it shows.
const BESIDE: [&str; 29] = [
    "apiversion",
    "code",
    "correlationid",
    "error",
    "errors",
    "href",
    "included",
    "jsonapi",
    "kind",
    "links",
    "message",
    "messages",
    "meta",
    "metadata",
    "msg",
    "notice",
    "odatacontext",
    "ok",
    "requestid",
    "self",
    "servertime",
    "status",
    "statuscode",
    "success",
    "timestamp",
    "took",
    "traceid",
    "version",
    "warnings",
];

/// Whether a property of a reply may hold what the reply shows, by its name and by what stands beside
/// it: of an order the `customer` doesn't. `path` has the names of what the path ends in.
pub(super) fn may_hold(whole: &Shape, name: &str, path: Option<&PathName>) -> bool {
    let is_any = || {
        let last = words(name).pop();
        last.is_some_and(|last| HOLDERS.contains(&last.as_str()))
    };
    let is_of_path = || path.is_some_and(|path| path.is_holder(name));
    let mut others = whole.properties.keys().filter(|other| *other != name);
    let mut is_alone = || others.all(|other| BESIDE.contains(&plain(other).as_str()));
    is_any() || is_of_path() || is_alone()
}
