use super::action::{Action, Change};
use super::merge::{self, Incompatible};
use super::remove;
use crate::spec::jsonpath::JsonPath;
use crate::spec::{LoadError, Place, Source};
use crate::wire::Pointer;
use serde_json::Value;
use std::sync::Arc;

/// How much the actions of an overlay may add in all, in bytes: as much as a document may have.
const GROWTH_LIMIT: usize = 64 * 1024 * 1024;
/// How deep a document may become: as deep as one may be written.
const DEPTH_LIMIT: usize = 256;

/// Makes the changes in their order, each on what those before it left.
pub(super) fn apply(
    source: &Arc<Source>,
    actions: &[Action],
    document: &mut Value,
) -> Result<Vec<LoadError>, LoadError> {
    let mut warnings = Vec::new();
    let mut room = GROWTH_LIMIT;
    for action in actions {
        let at = |member: &str| Place::Value(action.at.child(member));
        let fail = |place: Place, message: String| LoadError::new(source, place, message);
        let select = |path: &JsonPath, document: &Value, member: &str| {
            path.select(document).map_err(|_| {
                let message = "this selects by looking at more than 10,000,000 places";
                fail(at(member), message.to_owned())
            })
        };
        let targets = select(&action.target, document, "target")?;
        if targets.is_empty() {
            // §4.4.3.1: such an action succeeds. Most often it is a slip.
            warnings.push(fail(
                at("target"),
                "this selects nothing in the document".to_owned(),
            ));
            continue;
        }
        let copied;
        let (member, value) = match &action.change {
            Change::Remove => {
                remove::remove(document, &targets)
                    .map_err(|message| fail(at("target"), message.to_owned()))?;
                continue;
            }
            Change::Update(value) => ("update", value),
            Change::Copy(path) => {
                let found = select(path, document, "copy")?;
                let [one] = found.as_slice() else {
                    let message =
                        format!("a copy is of one node, and this selects {}", found.len());
                    return Err(fail(at("copy"), message));
                };
                copied = one.get(document).cloned().unwrap_or(Value::Null);
                ("copy", &copied)
            }
        };
        alike(document, &targets).map_err(|message| fail(at("target"), message))?;
        let added = merge::size(value).saturating_mul(targets.len());
        room = room.checked_sub(added).ok_or_else(|| {
            fail(
                at(member),
                "the document would grow by more than 64 MiB".to_owned(),
            )
        })?;
        let deepest = targets.iter().map(|target| target.tokens().count()).max();
        if deepest.unwrap_or(0) + merge::depth(value) > DEPTH_LIMIT {
            let message = "the document would become deeper than 256 levels".to_owned();
            return Err(fail(at(member), message));
        }
        for target in targets {
            let Some(place) = document.pointer_mut(target.as_str()) else {
                continue;
            };
            merge::onto(place, value).map_err(|Incompatible { inner, message }| {
                let place = match action.change {
                    Change::Update(_) => Pointer::parse(&format!("{}/update{inner}", action.at)),
                    _ => None,
                };
                let place = place.map_or_else(|| at(member), Place::Value);
                fail(
                    place,
                    format!("{message}, at {target}{inner} of the document"),
                )
            })?;
        }
    }
    Ok(warnings)
}

/// Of several targets all are objects, or all lists, or all neither (§4.4.3).
fn alike(document: &Value, targets: &[Pointer]) -> Result<(), String> {
    let kind = |target: &Pointer| match target.get(document) {
        Some(Value::Object(_)) => "objects",
        Some(Value::Array(_)) => "lists",
        _ => "plain values",
    };
    let mut kinds = targets.iter().map(kind);
    let first = kinds.next().unwrap_or("");
    match kinds.find(|kind| *kind != first) {
        Some(other) => Err(format!(
            "this selects {first} and {other}, which no one change fits"
        )),
        None => Ok(()),
    }
}
