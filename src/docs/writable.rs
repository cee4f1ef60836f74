//! Requests that change what is there, without what the mock wouldn't show of it.

use super::bodies::{BodyWords, ExampleWords};
use super::call::Call;
use super::request::sent;
use crate::contract::Contract;
use crate::host::Host;
use crate::mock::{Action, Binding, Prepared};
use crate::validate::Place;
use serde_json::{Map, Value};

/// The same as a sound call, without the members that the item couldn't be shown with; nothing where
/// the mock takes it as it is. What a request changes is judged by the schema of the reply too.
pub(super) fn writable(
    host: &Host,
    contract: &Contract,
    operation: &Prepared,
    bodies: &[BodyWords],
    call: &Call,
) -> Option<Call> {
    let action = operation.binding.as_ref()?.action;
    let writes = matches!(action, Action::Create | Action::Update(_));
    let (body, content) = (bodies.first()?, operation.bodies.first()?);
    let value = body
        .examples
        .first()
        .filter(|_| writes)?
        .value
        .as_object()?;
    if is_shown(contract, operation, value) {
        return None;
    }
    let refused = call.ask(host, contract).violations;
    let names = refused
        .iter()
        .filter_map(|violation| match &violation.place {
            Place::Body(pointer) => pointer.tokens().next(),
            _ => None,
        });
    let names: Vec<String> = names.collect();
    let kept = value.iter().filter(|(name, _)| !names.contains(name));
    let kept = kept.map(|(name, value)| (name.clone(), value.clone()));
    let kept = Value::Object(kept.collect());
    let contents = contract.contents();
    if names.is_empty() || !content.is_valid(contents, &kept) {
        return None;
    }
    let encoded = content.encode(contents, &kept, true, None).ok()?;
    let example = ExampleWords {
        name: String::new(),
        summary: String::new(),
        value: kept,
        content_type: encoded.content_type,
        bytes: encoded.body,
    };
    Some(call.sending(Some(sent(body, &example))))
}

/// Whether there is a valid item that says all that a request says: then the mock has one to show
/// for it, and need not be asked. What it shows anyway is the first that is looked at.
fn is_shown(contract: &Contract, operation: &Prepared, said: &Map<String, Value>) -> bool {
    let contents = contract.contents();
    let binding = operation.binding.as_ref();
    let is_whole = |binding: &&Binding| {
        binding.members.is_none() && binding.within.is_empty() && binding.wrapper.is_none()
    };
    let Some(binding) = binding.filter(is_whole) else {
        return false;
    };
    let own = operation.success_body();
    let own = own.filter(|content| content.media_type.is_json());
    let shows = own.map(|content| (binding, content));
    let shows = shows.or_else(|| contract.operations.reader(&binding.collection));
    let Some((binding, content)) = shows else {
        return false;
    };
    let Ok(ready) = content.ready(contents) else {
        return false;
    };
    let mut body = ready.body.value.clone();
    let mut names = binding.envelope.iter();
    let item = names.try_fold(&mut body, |body, name| body.get_mut(name));
    let Some(item) = item.and_then(Value::as_object_mut) else {
        return false;
    };
    item.extend(said.clone());
    content.is_valid(contents, &body)
}
