use super::merge::merge;
use super::prepared::Contents;
use super::{
    Announcement, Binding, Operations, Prepared, PreparedContent, PreparedMessage, Rejection,
    render_item,
};
use crate::decode::Parameters;
use crate::rules::{Merge, RuleFault, Stage};
use crate::spec::ShapeId;
use crate::store::{Change, Item, State};
use crate::validate::{Place, REQUIRE, Violation};
use crate::wire::{Pointer, Preconditions, Verdict};
use serde_json::Value;

/// What an update decided.
#[derive(Debug)]
pub struct Decided {
    /// The reply's body, already judged.
    pub body: Value,
    /// What to announce.
    pub announcements: Vec<Announcement>,
}

/// An update of one item, judged and computed against a state that holds still.
pub struct Update<'u, 'r> {
    /// The operation.
    pub operation: &'u Prepared,
    /// Its tie to the collection.
    pub binding: &'u Binding,
    /// How the body is applied.
    pub merge: Merge,
    /// The request's parameters.
    pub parameters: &'u Parameters,
    /// What of the body the client may set.
    pub body: &'u Value,
    /// The shape of its schema.
    pub shape: Option<ShapeId>,
    /// The request's preconditions.
    pub preconditions: &'u Preconditions,
    /// The success response's body.
    pub content: Option<&'u PreparedContent>,
    /// The rules, where the operation has any.
    pub stage: Option<Stage<'r>>,
    /// The contract.
    pub contents: Contents<'u>,
    /// All its operations.
    pub operations: &'u Operations,
}

/// What can't be worked out from a request's values is the request's fault as far as anyone can
/// tell: the rules' own names were checked when they were read.
fn not_computed(at: Pointer, fault: &RuleFault) -> Rejection {
    Rejection::Invalid(vec![Violation {
        place: Place::Body(at),
        rule: REQUIRE.to_owned(),
        detail: format!("can't be worked out from these values: {}", fault.message),
        origin: Some(fault.origin.clone()),
    }])
}

/// The key and item that the path names; its parents must be there too.
pub fn find<'s>(
    binding: &Binding,
    parameters: &Parameters,
    state: &'s State,
) -> Result<(String, &'s Item), Rejection> {
    check_parents(binding, parameters, state)?;
    let name = binding.item_parameter.as_deref().unwrap_or("");
    let key = key_text(parameters.path.get(name));
    let item = state.item(&binding.collection, &key).filter(|item| {
        let mut parents = binding.parents.iter();
        parents.all(|parent| belongs(&item.value, &parent.parameter, parameters))
    });
    match item {
        Some(item) => Ok((key, item)),
        None => Err(Rejection::Missing(format!(
            "there is no item {key:?} in {}",
            binding.collection
        ))),
    }
}

pub(super) fn check_parents(
    binding: &Binding,
    parameters: &Parameters,
    state: &State,
) -> Result<(), Rejection> {
    for parent in &binding.parents {
        let key = key_text(parameters.path.get(&parent.parameter));
        if let Some(collection) = &parent.collection
            && state.item(collection, &key).is_none()
        {
            let detail = format!("there is no item {key:?} in {collection}");
            return Err(Rejection::Missing(detail));
        }
    }
    Ok(())
}

/// Whether an item hangs on the parent that the path names.
pub(super) fn belongs(item: &Value, parameter: &str, parameters: &Parameters) -> bool {
    match item.get(parameter) {
        Some(value) => key_text(Some(value)) == key_text(parameters.path.get(parameter)),
        // Items that don't say whose they are belong to all.
        None => true,
    }
}

pub(super) fn key_text(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(text)) => text.clone(),
        Some(value) => value.to_string(),
        None => String::new(),
    }
}

impl Update<'_, '_> {
    /// Steps 9 to 11 of a request: the item, the preconditions, the rules, the item as it would
    /// become. Gives what changes; on a refusal nothing has.
    pub fn decide(mut self, state: &State) -> Result<(Vec<Change>, Decided), Rejection> {
        let (key, item) = find(self.binding, self.parameters, state)?;
        match self.preconditions.judge(false, &item.tag, item.modified) {
            Verdict::Failed(field) => {
                return Err(Rejection::precondition(field, &item.tag));
            }
            Verdict::NotModified | Verdict::Proceed => {}
        }
        if let Some(stage) = &mut self.stage {
            stage.bind_stored(&item.value);
            if let Some(rejection) = Rejection::ruled(stage.unmet_conditions(), Some(412)) {
                return Err(rejection);
            }
        }
        let mut next = merge(
            self.merge,
            &item.value,
            self.body,
            self.contents.shapes,
            self.shape,
        );
        self.keep_place(&item.value, &mut next);
        let mut changes = Vec::new();
        let mut announcements = Vec::new();
        if let Some(stage) = &mut self.stage {
            if let Some(rejection) = Rejection::ruled(stage.unmet_requirements(&next), None) {
                return Err(rejection);
            }
            stage
                .compute(&mut next)
                .map_err(|(at, fault)| not_computed(at, &fault))?;
        }
        let body = render_item(self.contents.shapes, self.binding, self.content, &next);
        self.check(&body)?;
        if let Some(stage) = &self.stage {
            let updated = (self.binding.collection.as_str(), key.as_str());
            let cascaded = stage.cascades(state, updated);
            for (collection, key, mut value) in
                cascaded.map_err(|fault| not_computed(Pointer::root(), &fault))?
            {
                self.check_cascaded(state, &collection, &key, &mut value)?;
                changes.push(Change::Put(collection, key, value));
            }
            announcements = self.announcements(stage)?;
        }
        changes.insert(0, Change::Put(self.binding.collection.clone(), key, next));
        Ok((
            changes,
            Decided {
                body,
                announcements,
            },
        ))
    }

    /// An update can't give an item another key, nor cut it off from what it hangs on.
    fn keep_place(&self, stored: &Value, next: &mut Value) {
        let Some(next) = next.as_object_mut() else {
            return;
        };
        if let Some(key) = stored.get(&self.binding.key) {
            next.insert(self.binding.key.clone(), key.clone());
        }
        for parent in &self.binding.parents {
            if let Some(link) = stored.get(&parent.parameter) {
                next.entry(parent.parameter.clone())
                    .or_insert_with(|| link.clone());
            }
        }
    }

    /// The item as it would become must be one that the contract lets a reply show.
    fn check(&self, body: &Value) -> Result<(), Rejection> {
        let Some(schema) = self.content.and_then(|content| content.schema) else {
            return Ok(());
        };
        let place = |at| Place::Body(self.binding.inner(at));
        let violations = self.contents.schemas.check(schema, body, &place);
        match violations.is_empty() {
            true => Ok(()),
            false => Err(Rejection::Invalid(violations)),
        }
    }

    /// An item that a cascade changes keeps its key, and must be one that a reply may show; if
    /// not, the rules are at fault.
    fn check_cascaded(
        &self,
        state: &State,
        collection: &str,
        key: &str,
        value: &mut Value,
    ) -> Result<(), Rejection> {
        let Some((binding, content)) = self.operations.reader(collection) else {
            return Ok(());
        };
        let stored = state
            .item(collection, key)
            .and_then(|item| item.value.get(&binding.key));
        if let (Some(members), Some(stored)) = (value.as_object_mut(), stored) {
            members.insert(binding.key.clone(), stored.clone());
        }
        let Some(schema) = content.schema else {
            return Ok(());
        };
        let body = render_item(self.contents.shapes, binding, Some(content), value);
        let found = self.contents.schemas.check(schema, &body, &Place::Body);
        match found.first() {
            None => Ok(()),
            Some(breach) => Err(Rejection::Fault(format!(
                "a cascade would make the item {key:?} of {collection} break the contract: {} {}",
                breach.place, breach.detail
            ))),
        }
    }

    fn announcements(&self, stage: &Stage<'_>) -> Result<Vec<Announcement>, Rejection> {
        let mut announcements = Vec::new();
        for (callback, urls, body) in stage.announcements()? {
            let named = |message: &&PreparedMessage| message.declared.name == callback;
            let callbacks = self.operation.callbacks.iter();
            let message = callbacks.chain(self.operations.webhooks()).find(named);
            let Some(message) = message else {
                continue;
            };
            // What goes to several is judged and written once.
            let made = message.with_body(self.contents, "", &body);
            let made = made.map_err(|Violation { place, detail, .. }| {
                Rejection::Fault(format!(
                    "the callback {callback} would break the contract: {place} {detail}"
                ))
            })?;
            announcements.extend(urls.into_iter().map(|url| message.to(&made, url)));
        }
        Ok(announcements)
    }
}
