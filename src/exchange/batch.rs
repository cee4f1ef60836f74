//! Several items written by one request.

use super::purpose::tell;
use super::{Call, Done};
use crate::contract::Contract;
use crate::decode::Payload;
use crate::mock::{Action, Batch, Given, KeysIn, Many, Rejection, Several, keys_of};
use crate::store::State;
use crate::wire::{Reply, header};
use serde_json::json;

impl<'c> Call<'c> {
    /// What is done with several items, where the request is about those.
    pub(super) fn batch(&self) -> Option<&'c Batch> {
        let batch = self.binding.batch.as_deref()?;
        let is_batch = self.binding.action == Action::Several || self.checked.body().is_array();
        is_batch.then_some(batch)
    }
}

impl Contract {
    /// Adds, changes or removes several items, or on a refusal none. What the schemas led to
    /// expect and isn't there is answered from the contract alone.
    pub(super) fn write_several(&self, call: &Call<'_>, batch: &Batch) -> Result<Done, Rejection> {
        let operation = call.operation;
        let canned = || self.canned(operation, call.occasion, call.checked, call.wishes);
        let sent = call.checked.body();
        let keys;
        let given = match &batch.keys {
            _ if batch.does == Many::Clear => Some(Given {
                all: Vec::new(),
                at: None,
            }),
            Some(KeysIn::Query(name, may_be_several)) => {
                let value = call.checked.parameters.query.get(name);
                keys = value.map_or(Vec::new(), |value| keys_of(value, *may_be_several));
                value.map(|_| Given {
                    all: keys.iter().collect(),
                    at: None,
                })
            }
            _ => Given::in_body(batch, sent),
        };
        let Some(given) = given else {
            return canned();
        };
        let number = match &call.checked.payload {
            Payload::Value(number, _) | Payload::Opaque(number) => *number,
            Payload::Absent => 0,
        };
        let shapes = &self.shapes;
        let shape = operation.body_shape(number).and_then(|id| {
            let id = match &batch.wrapper {
                Some(name) => shapes.of_property(shapes.get(id).properties.get(name)?),
                None => id,
            };
            match given.at {
                Some(_) => shapes.of_items(shapes.get(id)),
                None => Some(id),
            }
        });
        let parameters = &call.checked.parameters;
        let said = (call.request, parameters, sent);
        let scene = self.scene(operation, said, call.auth, call.now);
        let now = call.now.into();
        let stage = |state: &State| self.rules.stage(operation.number, &scene, state);
        let several = Several {
            operation,
            batch,
            parameters,
            given: &given,
            shape,
            preconditions: &call.preconditions,
            stage: &stage,
            standins: self.standins(),
            now,
        };
        if [Many::Remove, Many::Clear].contains(&batch.does) {
            return self.removed(call, |state| Ok((several.decide(state)?.0, None)));
        }
        let usual = operation.declared.changed(batch.does != Many::Add);
        let answered = call.wishes.answered(operation, usual);
        // What can't be answered mustn't be done.
        let content = self.negotiate(operation, call.request, answered.code)?;
        let shown = content.as_ref().map(|negotiated| negotiated.content);
        let made = call.store.write(now, |state| {
            let (changes, decided) = several.decide(state)?;
            let body = shown.map(|content| several.shown(call.binding, content, &decided));
            Ok::<_, Rejection>((changes, (body.transpose()?, decided)))
        });
        let ((body, decided), _) = made?;
        let mut reply: Reply = self.reply(
            answered.code,
            content.as_ref(),
            &body.unwrap_or(json!(null)),
        )?;
        if let Some(applied) = answered.applied {
            tell(&mut reply, applied);
        }
        let announcements = decided.into_iter().flat_map(|one| one.announcements);
        Ok(Done {
            announcements: announcements.collect(),
            // It would lead to one of them.
            lacks: vec![header::LOCATION],
            ..self.done(call, reply)
        })
    }
}
