//! Steps 3 to 7: who asks, and whether what was sent keeps to the contract and its rules' `authorize`.

use super::{Checked, undocumented};
use crate::access::{Access, Auth};
use crate::contract::{Contract, StoreOf};
use crate::decode::{
    Body, BodyFault, ParameterReader, Parameters, Payload, decode_body, decode_undocumented,
    query_keys,
};
use crate::mock::{
    Action, Binding, Prepared, PreparedContent, Rejection, breaches, find, merge, project,
};
use crate::route::Captures;
use crate::rules::Scene;
use crate::store::State;
use crate::validate::{Place, UNUSABLE, View, Violation, check_parameters};
use crate::wire::{DEPTH, Pointer, Request, StatusCode, is_within};
use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};
use std::time::{SystemTime, UNIX_EPOCH};

impl Contract {
    /// Steps 3 and 4: the parameters of a request, and how they break the contract.
    pub(super) fn read_parameters(
        &self,
        operation: &Prepared,
        request: &Request,
        captures: &Captures<'_, '_>,
    ) -> (Parameters, Vec<Violation>) {
        let keys = query_keys(&operation.declared.security);
        let (mut parameters, malformed) = ParameterReader::read_all(
            &operation.parameters,
            &self.shapes,
            request,
            &captures.pairs(),
            &keys,
        );
        let mut violations = check_parameters(
            &self.document,
            &operation.parameters,
            &operation.parameter_schemas,
            &self.schemas,
            &self.shapes,
            &mut parameters,
            &malformed,
        );
        if self.strict {
            violations.extend(undocumented(operation, &self.shapes, request, &keys));
        }
        (parameters, violations)
    }

    /// Step 3. Tokens expire by real time; an `authorize` rule decides in the place of scopes.
    pub(super) fn authorize(
        &self,
        operation: &Prepared,
        request: &Request,
        parameters: &Parameters,
        store: &StoreOf<'_>,
    ) -> Result<Auth, Rejection> {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        let now = since.as_secs() as i64;
        let access = self
            .guard
            .judge(operation.number, request, &self.prefix, now);
        let (auth, challenge, refusal) = match access {
            Access::Granted(auth) => (auth, None, None),
            Access::Forbidden {
                auth,
                challenge,
                detail,
            } => (auth, challenge, Some(detail)),
            Access::Unauthenticated { challenges, detail } => {
                return Err(Rejection::Unauthenticated(challenges, detail));
            }
        };
        let rules = self.rules.of(operation.number);
        let ruled = rules.is_some_and(|rules| rules.authorize.is_some()) && !self.guard.is_off();
        let refusal = match ruled {
            false => refusal,
            true => {
                let said = (request, parameters, &Value::Null);
                let scene = self.scene(operation, said, &auth, self.now(store));
                let permits = |state: &State| {
                    let stage = self.rules.stage(operation.number, &scene, state);
                    stage.map_or(Ok(None), |stage| stage.permits())
                };
                // What can't be evaluated permits nothing.
                match store.read(permits) {
                    Ok(Some(true)) => None,
                    Ok(_) => Some(refusal.unwrap_or_else(|| "this is not permitted".to_owned())),
                    Err(fault) => Some(format!(
                        "this is not permitted: the rule can't be evaluated: {}",
                        fault.message
                    )),
                }
            }
        };
        match refusal {
            Some(detail) => Err(Rejection::Forbidden(challenge, detail)),
            None => Ok(auth),
        }
    }

    /// Steps 4 to 7: parameters and body are told of together. Without someone who asks, and a state,
    /// rules have no say.
    pub(super) fn check_body(
        &self,
        operation: &Prepared,
        request: &Request,
        parameters: Parameters,
        who: Option<(&Auth, &StoreOf<'_>)>,
        mut violations: Vec<Violation>,
    ) -> Result<Checked, Rejection> {
        let declared = operation.declared.body.as_ref();
        let decoded = match declared {
            Some(body) => {
                let offers = operation.bodies.iter().map(PreparedContent::offer);
                decode_body(request, body.required, offers, &self.shapes)
            }
            None => {
                // A 415 that is documented says that media types are judged.
                let known = StatusCode::UNSUPPORTED_MEDIA_TYPE.as_u16();
                let is_judged = self.strict || operation.documents(known);
                decode_undocumented(request, is_judged).map(Body::from)
            }
        };
        let levels = self.bounds.depth;
        let decoded = decoded.and_then(|body| match &body.payload {
            // Its reader takes no more than the most.
            Payload::Value(_, value) if levels < DEPTH && !is_within(value, levels) => {
                let why = format!("the body is nested deeper than {levels} levels");
                Err(BodyFault::Unreadable(why))
            }
            _ => Ok(body),
        });
        if let Ok(body) = &decoded {
            if let Payload::Value(number, value) = &body.payload
                && operation.needs_members
                && violations.is_empty()
            {
                self.check_members(operation, *number, value)?;
            }
            let content = match &body.payload {
                Payload::Value(number, _) => operation.bodies.get(*number),
                _ => None,
            };
            violations.extend(breaches(&self.schemas, content, View::Request, body));
        }
        let payload = decoded.map(|body| body.payload);
        let mut unusable = violations.iter().filter(|v| v.rule == UNUSABLE);
        if let Some(violation) = unusable.next() {
            return Err(Rejection::Broken(violation.detail.clone()));
        }
        if !violations.is_empty() {
            if let (Ok(Payload::Value(number, body)), Some(who)) = (&payload, who) {
                let ruled = self.ruled(
                    operation,
                    request,
                    &parameters,
                    (*number, body),
                    who,
                    &violations,
                );
                violations.extend(ruled);
            }
            return Err(Rejection::Invalid(violations));
        }
        match payload {
            Ok(payload) => Ok(Checked {
                parameters,
                payload,
            }),
            Err(BodyFault::Unreadable(detail)) => Err(Rejection::Unreadable(detail)),
            Err(BodyFault::UnknownCoding(detail)) => Err(Rejection::UnknownCoding(detail)),
            Err(BodyFault::TooLarge(detail)) => Err(Rejection::TooLarge(detail)),
            Err(BodyFault::Unsupported(detail)) => {
                let accepted = operation
                    .bodies
                    .iter()
                    .map(|body| body.media_type.to_string());
                Err(Rejection::UnsupportedMedia(detail, accepted.collect()))
            }
        }
    }

    /// What the rules say of a request that breaks its schema, so that all of it is told at once.
    /// They don't see properties that are wrong as a whole, and what they say of a place that is
    /// known to be wrong isn't told again. An unknown item or an unmet condition has its own turn.
    fn ruled(
        &self,
        operation: &Prepared,
        request: &Request,
        parameters: &Parameters,
        (number, body): (usize, &Value),
        (auth, store): (&Auth, &StoreOf<'_>),
        found: &[Violation],
    ) -> Vec<Violation> {
        let Some(Binding {
            action: Action::Update(how),
            ..
        }) = &operation.binding
        else {
            return Vec::new();
        };
        // Of several items each has its rules when it is written.
        if body.is_array() {
            return Vec::new();
        }
        let shape = operation.body_shape(number);
        let mut sound = project(&self.shapes, shape, body, View::Request).into_owned();
        let places: Vec<&Pointer> = found.iter().filter_map(Violation::in_body).collect();
        let mut wrong = Vec::new();
        for place in &places {
            let mut tokens = place.tokens();
            let Some(name) = tokens.next() else {
                return Vec::new();
            };
            // Of a list the other items are judged.
            if !tokens.any(|token| token.parse::<usize>().is_ok()) {
                wrong.push(name);
            }
        }
        let drop_wrong = |value: &mut Value| {
            if let Some(members) = value.as_object_mut() {
                members.retain(|name, _| !wrong.contains(name));
            }
        };
        drop_wrong(&mut sound);
        let said = (request, parameters, &sound);
        let scene = self.scene(operation, said, auth, self.now(store));
        let refusals = store.read(|state| {
            let binding = operation.binding.as_ref()?;
            let found = find(self.standins(), binding, parameters, &sound, state).ok()?;
            let item = &found.item.value;
            let mut stage = self.rules.stage(operation.number, &scene, state)?;
            stage.bind_stored(item);
            let mut next = merge(*how, item, &sound, &self.shapes, shape);
            drop_wrong(&mut next);
            Some(stage.unmet_as_far_as_known(&next))
        });
        match Rejection::ruled(refusals.unwrap_or_default(), None) {
            Some(Rejection::Invalid(mut violations)) => {
                violations.retain(|violation| {
                    let told =
                        |at: &Pointer| places.iter().any(|p| p.contains(at) || at.contains(p));
                    !violation.in_body().is_some_and(told)
                });
                violations
            }
            _ => Vec::new(),
        }
    }

    /// An update that must name a property and names none that is documented says nothing.
    pub(super) fn check_members(
        &self,
        operation: &Prepared,
        number: usize,
        value: &Value,
    ) -> Result<(), Rejection> {
        let named = project(
            &self.shapes,
            operation.body_shape(number),
            value,
            View::Request,
        );
        match named.as_object().is_some_and(Map::is_empty) && value.is_object() {
            true => Err(Rejection::NothingGiven(vec![Violation {
                place: Place::Body(Pointer::root()),
                rule: "minProperties".to_owned(),
                detail: "at least one documented property must be given".to_owned(),
                origin: None,
            }])),
            false => Ok(()),
        }
    }

    /// What rules see of a request, its parameters and its body, as far as the operation's rules
    /// look at it.
    pub(super) fn scene(
        &self,
        operation: &Prepared,
        (request, parameters, body): (&Request, &Parameters, &Value),
        auth: &Auth,
        now: DateTime<Utc>,
    ) -> Scene {
        let Some(rules) = self.rules.of(operation.number) else {
            return self
                .rules
                .scene(operation.number, (&Value::Null, &Value::Null), now);
        };
        let look = rules.look("request");
        let mut seen = Map::new();
        let mut see = |member: &str, value: &dyn Fn() -> Value| {
            if look.sees(member) {
                seen.insert(member.to_owned(), value());
            }
        };
        see("method", &|| request.method.as_str().into());
        see("path", &|| parameters.path.clone().into());
        see("query", &|| parameters.query.clone().into());
        see("body", &|| body.clone());
        see("headers", &|| {
            let fields = request.headers.iter();
            let texts = fields.filter_map(|(name, value)| {
                Some((name.as_str().to_owned(), value.to_str().ok()?.into()))
            });
            Value::Object(texts.collect())
        });
        let auth = json!({"claims": auth.claims, "permissions": auth.permissions});
        let seen = Value::Object(seen);
        self.rules.scene(operation.number, (&seen, &auth), now)
    }
}

/// A required `If-Match` or `If-Unmodified-Since` that is absent is no violation: it is answered
/// in its turn with 428 (RFC 6585 §3).
pub(super) fn take_missing_precondition(violations: &mut Vec<Violation>) -> bool {
    let before = violations.len();
    violations.retain(|violation| {
        !(violation.rule == "required"
            && matches!(&violation.place, Place::Header(name)
                if ["if-match", "if-unmodified-since"].contains(&name.to_ascii_lowercase().as_str())))
    });
    violations.len() < before
}
