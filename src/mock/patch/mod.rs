//! JSON Patch (RFC 6902): operations that make one document of another, or of which none is done.

mod measure;
mod target;
#[cfg(test)]
mod tests;

use self::measure::{equal, is_within, weigh};
use self::target::{Fault, Lost, Target, index, quoted, text, walk};
use crate::wire::Pointer;
use serde_json::{Map, Value};

/// How many operations a patch may have.
const OPERATIONS: usize = 10_000;
/// How much all copies of a patch may add, in bytes of JSON text.
const COPIED: usize = 1 << 20;
/// How deep a document may become.
const DEPTH: usize = 128;
/// How many values a patch may move aside or look at: to put an item before a million others
/// moves them all, and ten thousand operations may do so.
const STEPS: usize = 50_000_000;
/// What taking a member out of an object costs for each that may move up.
const MEMBER_STEPS: usize = 4;

/// Why a patch isn't applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatchFault {
    /// What kind of fault it is.
    pub kind: PatchFaultKind,
    /// The number of the operation, from 0; nothing where the patch as a whole is at fault.
    pub operation: Option<usize>,
    /// The place in the patch: `/3/path`.
    pub at: Pointer,
    /// What is wrong.
    pub detail: String,
}

/// What kind of fault keeps a patch from being applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PatchFaultKind {
    /// A `test` doesn't hold: the document isn't what the client takes it for.
    TestFailed,
    /// A pointer is none, or there is nothing where it leads.
    Unfit,
    /// It is no JSON Patch.
    Malformed,
    /// It would take more than is spent on a patch.
    TooCostly,
}

/// The document as the operations make it. They are done in order, all of them or none (RFC 5789
/// §2): `document` stays what it is.
///
/// A `test` of what isn't there fails as a test (§4.6), as the client's idea of the document is
/// wrong, not its patch. The whole document may be replaced, tested and copied from; it can't be
/// removed, which is for DELETE to do.
pub fn patch(document: &Value, operations: &Value) -> Result<Value, PatchFault> {
    let whole = |kind, detail: String| PatchFault {
        kind,
        operation: None,
        at: Pointer::root(),
        detail,
    };
    let Value::Array(operations) = operations else {
        let detail = "is no JSON Patch, which is an array of operations".to_owned();
        return Err(whole(PatchFaultKind::Malformed, detail));
    };
    if operations.len() > OPERATIONS {
        let count = operations.len();
        let detail = format!("has {count} operations, and {OPERATIONS} are allowed");
        return Err(whole(PatchFaultKind::TooCostly, detail));
    }
    let mut work = Work {
        document: document.clone(),
        copied: 0,
        steps: STEPS,
    };
    for (number, operation) in operations.iter().enumerate() {
        work.apply(operation).map_err(|fault| {
            let at = Pointer::root().child(number);
            PatchFault {
                kind: fault.kind,
                operation: Some(number),
                at: fault.member.map_or(at.clone(), |member| at.child(member)),
                detail: fault.detail,
            }
        })?;
    }
    Ok(work.document)
}

/// A patch at work: the document as it is by now, and what was spent.
struct Work {
    document: Value,
    copied: usize,
    steps: usize,
}

impl Work {
    fn apply(&mut self, operation: &Value) -> Result<(), Fault> {
        let Value::Object(members) = operation else {
            return Err(Fault {
                kind: PatchFaultKind::Malformed,
                member: None,
                detail: "is no operation, which is an object".to_owned(),
            });
        };
        let op = text(members, "op")?;
        match op {
            "add" => {
                let path = Target::of(members, "path")?;
                let value = value(members)?;
                self.check_depth(&path, value)?;
                self.add(&path, value.clone())
            }
            "remove" => self.remove(&Target::of(members, "path")?).map(drop),
            "replace" => {
                let path = Target::of(members, "path")?;
                let value = value(members)?;
                self.check_depth(&path, value)?;
                *path.find(&mut self.document)? = value.clone();
                Ok(())
            }
            "move" => self.relocate(&Target::of(members, "from")?, &Target::of(members, "path")?),
            "copy" => self.copy(&Target::of(members, "from")?, &Target::of(members, "path")?),
            "test" => self.test(&Target::of(members, "path")?, value(members)?),
            other => {
                let detail = format!(
                    "is {}, which is no operation: they are add, remove, replace, move, copy, test",
                    quoted(other)
                );
                Err(Fault::new(PatchFaultKind::Malformed, "op", detail))
            }
        }
    }

    /// RFC 6902 §4.1.
    fn add(&mut self, path: &Target, value: Value) -> Result<(), Fault> {
        let Some((last, above)) = path.tokens.split_last() else {
            self.document = value;
            return Ok(());
        };
        let mut moved = 0;
        match path.found(walk(&mut self.document, above))? {
            Value::Object(members) => {
                members.insert(last.clone(), value);
            }
            Value::Array(items) => {
                let index = match last.as_str() {
                    "-" => items.len(),
                    token => path.found(index(token, items.len() + 1))?,
                };
                moved = items.len() - index;
                items.insert(index, value);
            }
            _ => return path.found(Err(Lost::in_scalar(last))),
        }
        self.spend(moved, path.member)
    }

    /// RFC 6902 §4.2. Gives what was there.
    fn remove(&mut self, path: &Target) -> Result<Value, Fault> {
        let Some((last, above)) = path.tokens.split_last() else {
            let detail = "is the whole document, which can't be removed";
            return Err(Fault::unfit(path.member, detail));
        };
        let (removed, moved) = match path.found(walk(&mut self.document, above))? {
            Value::Object(members) => {
                let moved = members.len() * MEMBER_STEPS;
                let removed = members.shift_remove(last);
                (removed.ok_or_else(|| Lost::member(last)), moved)
            }
            Value::Array(items) => {
                let index = path.found(index(last, items.len()))?;
                (Ok(items.remove(index)), items.len() - index)
            }
            _ => (Err(Lost::in_scalar(last)), 0),
        };
        let removed = path.found(removed)?;
        self.spend(moved, path.member)?;
        Ok(removed)
    }

    /// `move`, RFC 6902 §4.4.
    fn relocate(&mut self, from: &Target, path: &Target) -> Result<(), Fault> {
        if from.tokens == path.tokens {
            return from.find(&mut self.document).map(drop);
        }
        if path.tokens.starts_with(&from.tokens) {
            let detail = "lies in what is moved, which can't be moved into itself";
            return Err(Fault::unfit(path.member, detail));
        }
        let value = self.remove(from)?;
        // What comes no deeper than it was need not be looked through.
        if path.tokens.len() > from.tokens.len() {
            self.check_depth(path, &value)?;
        }
        self.add(path, value)
    }

    /// RFC 6902 §4.5.
    fn copy(&mut self, from: &Target, path: &Target) -> Result<(), Fault> {
        let source: &Value = from.find(&mut self.document)?;
        let mut left = COPIED - self.copied;
        if !weigh(source, &mut left) {
            let detail = format!("all copies of a patch may come to {COPIED} bytes, and no more");
            return Err(Fault::costly(from.member, detail));
        }
        let value = source.clone();
        self.copied = COPIED - left;
        self.check_depth(path, &value)?;
        self.add(path, value)
    }

    /// RFC 6902 §4.6.
    fn test(&mut self, path: &Target, wanted: &Value) -> Result<(), Fault> {
        let failed = |member, detail| Fault::new(PatchFaultKind::TestFailed, member, detail);
        let found = match walk(&mut self.document, &path.tokens) {
            Err(lost) if lost.is_absent => return Err(failed(path.member, lost.detail)),
            found => path.found(found)?,
        };
        let mut steps = self.steps;
        let is_equal = equal(found, wanted, &mut steps);
        let spent = self.steps - steps;
        self.spend(spent, "value")?;
        match is_equal {
            true => Ok(()),
            false => Err(failed(
                "value",
                "isn't what the document has there".to_owned(),
            )),
        }
    }

    /// Whether a value may stand there: the document must not become too deep.
    fn check_depth(&mut self, path: &Target, value: &Value) -> Result<(), Fault> {
        let below = DEPTH.checked_sub(path.tokens.len());
        let mut steps = self.steps;
        let fits = below.is_some_and(|below| is_within(value, below, &mut steps));
        let spent = self.steps - steps;
        self.spend(spent, path.member)?;
        match fits {
            true => Ok(()),
            false => {
                let detail = format!("would make the document deeper than {DEPTH} levels");
                Err(Fault::costly(path.member, detail))
            }
        }
    }

    fn spend(&mut self, steps: usize, member: &'static str) -> Result<(), Fault> {
        match self.steps.checked_sub(steps.max(1)) {
            // Where none is left, what took them may not have come to its end.
            Some(left) if left > 0 => {
                self.steps = left;
                Ok(())
            }
            _ => Err(Fault::costly(
                member,
                "is where the patch takes more work than is spent on one",
            )),
        }
    }
}

/// The member `value`, which may be null but must be there.
fn value(members: &Map<String, Value>) -> Result<&Value, Fault> {
    members.get("value").ok_or_else(|| {
        let detail = "is required of this operation, and isn't there";
        Fault::new(PatchFaultKind::Malformed, "value", detail)
    })
}
