use super::convert::{to_cel, to_json};
use super::expression::{Expression, RuleFault, environment};
use super::functions;
use super::model::{Cascade, Definition, Look, OperationRules, Require, Rules, SetRule};
use crate::spec::Origin;
use crate::store::State;
use crate::wire::Pointer;
use cel::common::value::{CowVal, Val};
use cel::context::Context;
use cel::objects::{Key, Map};
use cel::{ExecutionError, FunctionContext, Value as Cel};
use chrono::{DateTime, Utc};
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What the rules of a request look at.
pub struct Scene<'s> {
    /// `request`: `path`, `query`, `headers`, `body`.
    pub request: &'s Value,
    /// `auth`: `claims`, `permissions`.
    pub auth: &'s Value,
    /// `now`.
    pub now: DateTime<Utc>,
    /// What `item` and `items` look at: the state before the request.
    pub state: &'s State,
}

/// How many refusals of one request are collected.
const REFUSALS: usize = 200;

/// A demand that isn't met.
#[derive(Debug, Clone)]
pub struct Refusal {
    /// The status it asks for, if it does.
    pub status: Option<u16>,
    /// The place in the body.
    pub at: Option<String>,
    /// What is told.
    pub message: String,
    /// Where the rule stands.
    pub origin: Origin,
}

/// One request's evaluation: the variables bound, the functions at hand.
pub struct Stage<'r> {
    rules: &'r OperationRules,
    context: Context<'r, 'r>,
}

impl Rules {
    /// Sets the stage for an operation's rules; nothing where it has none.
    pub fn stage(&self, operation: usize, scene: &Scene<'_>) -> Option<Stage<'_>> {
        let rules = self.of(operation)?;
        let mut context = Context::with_env(environment());
        functions::add(&mut context, scene.state, &rules.uses);
        add_definitions(&mut context, &self.definitions, &rules.uses);
        for (name, value) in [("request", scene.request), ("auth", scene.auth)] {
            bind(&mut context, &rules.uses, name, value);
        }
        context.add_variable_from_value("now", Cel::Timestamp(scene.now.fixed_offset()));
        Some(Stage { rules, context })
    }
}

/// Adds those functions that `uses` has.
pub(super) fn add_definitions(
    context: &mut Context<'_, '_>,
    definitions: &[Arc<Definition>],
    uses: &BTreeSet<String>,
) {
    for definition in definitions
        .iter()
        .filter(|known| uses.contains(&known.name))
    {
        let function = call(Arc::clone(definition));
        // A name that is taken was refused when the file was read.
        let _ = context.add_function(&definition.name, function);
    }
}

type Function = Box<
    dyn for<'c, 'v> Fn(&mut FunctionContext<'c, 'v>) -> Result<CowVal<'c, 'v>, ExecutionError>
        + Send
        + Sync,
>;

/// A definition as a function: its expression, with the arguments under the parameters' names.
fn call(definition: Arc<Definition>) -> Function {
    Box::new(move |call: &mut FunctionContext<'_, '_>| {
        let given = call.this.iter().chain(&call.args);
        let mut scope = call.ptx.new_inner_scope();
        for (name, argument) in definition.parameters.iter().zip(given) {
            scope.add_variable_from_value(
                name.as_str(),
                Cel::try_from(argument.as_ref() as &dyn Val)?,
            );
        }
        let value = definition.expression.program().execute(&scope)?;
        let value: Box<dyn Val> = value
            .try_into()
            .map_err(|_| ExecutionError::function_error(&definition.name, "gives no value"))?;
        Ok(CowVal::Owned(value))
    })
}

impl Stage<'_> {
    /// Whether `authorize` permits; nothing where there is no such rule.
    pub fn permits(&self) -> Result<Option<bool>, RuleFault> {
        let rule = self.rules.authorize.as_ref();
        rule.map(|rule| rule.is_true(&self.context)).transpose()
    }

    /// Binds `stored`.
    pub fn bind_stored(&mut self, stored: &Value) {
        self.bind("stored", stored);
    }

    /// The conditions that the stored item doesn't meet.
    pub fn unmet_conditions(&self) -> Vec<Refusal> {
        self.refusals(&self.rules.conditions, false)
    }

    /// The demands that the request and `next` don't meet. Binds `next`.
    pub fn unmet_requirements(&mut self, next: &Value) -> Vec<Refusal> {
        self.bind("next", next);
        self.refusals(&self.rules.requires, false)
    }

    /// The same for a request of which a part is known to be wrong and left out: a demand that
    /// can't be evaluated then says nothing.
    pub fn unmet_as_far_as_known(&mut self, next: &Value) -> Vec<Refusal> {
        self.bind("next", next);
        self.refusals(&self.rules.requires, true)
    }

    /// Computes the properties of `next`, in order, each seeing those before it.
    ///
    /// # Errors
    /// A property that can't be worked out from this request, with its place.
    pub fn compute(&mut self, next: &mut Value) -> Result<(), (Pointer, RuleFault)> {
        for rule in &self.rules.sets {
            if apply(rule, &self.context, next).map_err(|fault| (rule.at.clone(), fault))? {
                self.bind("next", next);
            }
        }
        Ok(())
    }

    /// The other items that change, by collection and key, as they become; never the one that is
    /// updated. Every `set` sees the item as it is stored.
    pub fn cascades(
        &self,
        state: &State,
        (collection, key): (&str, &str),
    ) -> Result<Vec<(String, String, Value)>, RuleFault> {
        let mut changes = Vec::new();
        for cascade in &self.rules.cascades {
            if holds(&cascade.when, &self.context)? {
                self.cascade(cascade, state, &mut changes)?;
            }
        }
        changes.retain(|(of, other, _)| of != collection || other != key);
        Ok(changes)
    }

    fn cascade(
        &self,
        cascade: &Cascade,
        state: &State,
        changes: &mut Vec<(String, String, Value)>,
    ) -> Result<(), RuleFault> {
        let items = state.collection(&cascade.collection);
        for (key, item) in items.into_iter().flat_map(|items| items.iter()) {
            let mut scope = self.context.new_inner_scope();
            scope.add_variable_from_value("item", to_cel(&item.value));
            if !cascade.filter.is_true(&scope)? {
                continue;
            }
            let mut value = item.value.as_ref().clone();
            for rule in &cascade.sets {
                apply(rule, &scope, &mut value)?;
            }
            changes.push((cascade.collection.clone(), key.to_owned(), value));
        }
        Ok(())
    }

    /// What is to be announced: the callback, the addresses, the body.
    pub fn announcements(&self) -> Result<Vec<(String, Vec<String>, Value)>, RuleFault> {
        let mut announcements = Vec::new();
        for rule in &self.rules.announces {
            if !holds(&rule.when, &self.context)? {
                continue;
            }
            let urls = match json(&rule.to, &self.context)? {
                Value::String(url) => vec![url],
                Value::Array(urls) => urls
                    .into_iter()
                    .filter_map(|url| url.as_str().map(str::to_owned))
                    .collect(),
                _ => return Err(rule.to.fault("`to` gives a URL or a list of them")),
            };
            let body = json(&rule.body, &self.context)?;
            announcements.push((rule.callback.clone(), urls, body));
        }
        Ok(announcements)
    }

    fn bind(&mut self, name: &str, value: &Value) {
        bind(&mut self.context, &self.rules.uses, name, value);
    }

    /// All refusals, in order. A demand that can't be evaluated isn't met, as in Kubernetes'
    /// admission rules; once another has refused it is passed over, as what it takes for granted
    /// may be what that one found missing.
    fn refusals(&self, rules: &[Require], in_part: bool) -> Vec<Refusal> {
        let mut refusals = Vec::new();
        for rule in rules {
            if let Err(fault) = self.judge(rule, in_part, &mut refusals)
                && refusals.is_empty()
                && !in_part
            {
                let mut refusal = refusal(rule, &[]);
                refusal.message += &format!(" (this could not be judged: {})", fault.message);
                refusals.push(refusal);
            }
        }
        refusals
    }

    fn judge(
        &self,
        rule: &Require,
        in_part: bool,
        refusals: &mut Vec<Refusal>,
    ) -> Result<(), RuleFault> {
        if !holds(&rule.when, &self.context)? {
            return Ok(());
        }
        let Some(each) = &rule.each else {
            if !rule.that.is_true(&self.context)? {
                refusals.push(refusal(rule, &[]));
            }
            return Ok(());
        };
        let Cel::List(items) = each.list.evaluate(&self.context)? else {
            return Err(each.list.fault("a loop needs a list"));
        };
        for (index, item) in items.iter().enumerate() {
            if refusals.len() >= REFUSALS {
                break;
            }
            let mut scope = self.context.new_inner_scope();
            let mut bound = vec![(each.name.as_str(), item.clone())];
            if let Some(name) = &each.index {
                bound.push((name, Cel::Int(index as i64)));
            }
            for (name, value) in &bound {
                scope.add_variable_from_value(*name, value.clone());
            }
            match rule.that.is_true(&scope) {
                Ok(true) => {}
                Ok(false) => refusals.push(refusal(rule, &bound)),
                Err(_) if in_part => {}
                Err(fault) => return Err(fault),
            }
        }
        Ok(())
    }
}

/// Binds as much of a variable as the rules look at.
pub(super) fn bind(
    context: &mut Context<'_, '_>,
    uses: &BTreeSet<String>,
    name: &str,
    value: &Value,
) {
    let seen = match (Look::of(uses, name), value) {
        (Look::Members(members), Value::Object(all)) => {
            let members = members.into_iter().filter_map(|member| {
                let key = Key::String(Arc::new(member.to_owned()));
                Some((key, to_cel(all.get(member)?)))
            });
            Cel::Map(Map {
                map: Arc::new(members.collect()),
            })
        }
        (Look::Members(members), _) if members.is_empty() => return,
        _ => to_cel(value),
    };
    context.add_variable_from_value(name, seen);
}

fn holds(when: &Option<Expression>, context: &Context<'_, '_>) -> Result<bool, RuleFault> {
    when.as_ref().map_or(Ok(true), |when| when.is_true(context))
}

fn json(expression: &Expression, context: &Context<'_, '_>) -> Result<Value, RuleFault> {
    let value = expression.evaluate(context)?;
    to_json(&value).ok_or_else(|| expression.fault("it gives what JSON has no form for"))
}

/// Gives whether anything was done.
pub(super) fn apply(
    rule: &SetRule,
    context: &Context<'_, '_>,
    value: &mut Value,
) -> Result<bool, RuleFault> {
    if !holds(&rule.when, context)? {
        return Ok(false);
    }
    match &rule.to {
        None => rule.at.remove(value),
        Some(to) => {
            let new = json(to, context)?;
            if !rule.at.set(value, new) {
                return Err(to.fault(format!("there is no place {} in the item", rule.at)));
            }
        }
    }
    Ok(true)
}

fn refusal(rule: &Require, bound: &[(&str, Cel)]) -> Refusal {
    let fill = |text: &str, escape: bool| {
        let mut text = text.to_owned();
        for (name, value) in bound {
            let shown = match to_json(value) {
                Some(Value::String(shown)) => shown,
                Some(other) => other.to_string(),
                None => continue,
            };
            let shown = match escape {
                true => Pointer::root().child(shown).as_str()[1..].to_owned(),
                false => shown,
            };
            text = text.replace(&format!("{{{name}}}"), &shown);
        }
        text
    };
    Refusal {
        status: rule.status,
        at: rule.at.as_ref().map(|at| fill(at, true)),
        message: fill(&rule.message, false),
        origin: rule.that.origin(),
    }
}
