use super::budget::Budget;
use super::convert::to_json;
use super::expression::{Expression, RuleFault, environment};
use super::functions::{self, Function, Surroundings};
use super::model::{Cascade, Definition, OperationRules, Require, Rules, SetRule};
use super::scene::{Scene, bind};
use crate::spec::Origin;
use crate::store::State;
use crate::wire::Pointer;
use cel::Value as Cel;
use cel::common::value::CowVal;
use cel::context::Context;
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::Arc;

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
    budget: &'r Arc<Budget>,
    context: Context<'r, 'r>,
}

impl Rules {
    /// Sets the stage for an operation's rules; nothing where it has none. `item` and `items` look
    /// at this state, the one before the request.
    pub fn stage<'r>(
        &'r self,
        operation: usize,
        scene: &'r Scene,
        state: &State,
    ) -> Option<Stage<'r>> {
        let rules = self.of(operation)?;
        let mut context = Context::with_env(environment());
        let around = Surroundings {
            state,
            budget: &scene.budget,
            patterns: &self.patterns,
        };
        functions::add(&mut context, &around, &rules.uses);
        add_definitions(&mut context, &self.definitions, &rules.uses, &scene.budget);
        context.set_variable_resolver(scene);
        Some(Stage {
            rules,
            budget: &scene.budget,
            context,
        })
    }
}

/// Adds those functions that `uses` has.
pub(super) fn add_definitions(
    context: &mut Context<'_, '_>,
    definitions: &[Arc<Definition>],
    uses: &BTreeSet<String>,
    budget: &Arc<Budget>,
) {
    for definition in definitions
        .iter()
        .filter(|known| uses.contains(&known.name))
    {
        let function = call(Arc::clone(definition), Arc::clone(budget));
        // A name that is taken was refused when the file was read.
        let _ = context.add_function(&definition.name, function);
    }
}

/// A definition as a function: its expression, with the arguments under the parameters' names.
fn call(definition: Arc<Definition>, budget: Arc<Budget>) -> Function {
    Box::new(move |call| {
        let mut scope = call.ptx.new_inner_scope();
        let given = call.this.take().into_iter().chain(call.args.drain(..));
        for (name, argument) in definition.parameters.iter().zip(given) {
            scope.add_variable_as_val(name.as_str(), argument.into_owned());
        }
        let value = definition.expression.value(&scope, &budget)?;
        budget.copy(value.as_ref())?;
        Ok(CowVal::Owned(value.into_owned()))
    })
}

impl Stage<'_> {
    /// Whether `authorize` permits; nothing where there is no such rule.
    pub fn permits(&self) -> Result<Option<bool>, RuleFault> {
        let rule = self.rules.authorize.as_ref();
        rule.map(|rule| rule.is_true(&self.context, self.budget))
            .transpose()
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
            let done = apply(rule, &self.context, self.budget, next);
            if done.map_err(|fault| (rule.at.clone(), fault))? {
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
            if self.holds(&cascade.when)? {
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
            bind(
                &mut scope,
                self.budget,
                &self.rules.uses,
                "item",
                &item.value,
            );
            if !cascade.filter.is_true(&scope, self.budget)? {
                continue;
            }
            let mut value = item.value.as_ref().clone();
            for rule in &cascade.sets {
                apply(rule, &scope, self.budget, &mut value)?;
            }
            changes.push((cascade.collection.clone(), key.to_owned(), value));
        }
        Ok(())
    }

    /// What is to be announced: the callback, the addresses, the body.
    pub fn announcements(&self) -> Result<Vec<(String, Vec<String>, Value)>, RuleFault> {
        let mut announcements = Vec::new();
        for rule in &self.rules.announces {
            if !self.holds(&rule.when)? {
                continue;
            }
            let urls = match json(&rule.to, &self.context, self.budget)? {
                Value::String(url) => vec![url],
                Value::Array(urls) => urls
                    .into_iter()
                    .filter_map(|url| url.as_str().map(str::to_owned))
                    .collect(),
                _ => return Err(rule.to.fault("`to` gives a URL or a list of them")),
            };
            let body = json(&rule.body, &self.context, self.budget)?;
            announcements.push((rule.callback.clone(), urls, body));
        }
        Ok(announcements)
    }

    fn bind(&mut self, name: &str, value: &Value) {
        let (budget, uses) = (self.budget, &self.rules.uses);
        bind(&mut self.context, budget, uses, name, value);
    }

    fn holds(&self, when: &Option<Expression>) -> Result<bool, RuleFault> {
        holds(when, &self.context, self.budget)
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
        if !self.holds(&rule.when)? {
            return Ok(());
        }
        let Some(each) = &rule.each else {
            if !rule.that.is_true(&self.context, self.budget)? {
                refusals.push(refusal(rule, &[]));
            }
            return Ok(());
        };
        let Cel::List(items) = each.list.evaluate(&self.context, self.budget)? else {
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
            match rule.that.is_true(&scope, self.budget) {
                Ok(true) => {}
                Ok(false) => refusals.push(refusal(rule, &bound)),
                Err(_) if in_part => {}
                Err(fault) => return Err(fault),
            }
        }
        Ok(())
    }
}

fn holds(
    when: &Option<Expression>,
    context: &Context<'_, '_>,
    budget: &Budget,
) -> Result<bool, RuleFault> {
    let when = when.as_ref();
    when.map_or(Ok(true), |when| when.is_true(context, budget))
}

fn json(
    expression: &Expression,
    context: &Context<'_, '_>,
    budget: &Budget,
) -> Result<Value, RuleFault> {
    let value = expression.evaluate(context, budget)?;
    to_json(&value).ok_or_else(|| expression.fault("it gives what JSON has no form for"))
}

/// Gives whether anything was done.
pub(super) fn apply(
    rule: &SetRule,
    context: &Context<'_, '_>,
    budget: &Budget,
    value: &mut Value,
) -> Result<bool, RuleFault> {
    if !holds(&rule.when, context, budget)? {
        return Ok(false);
    }
    match &rule.to {
        None => rule.at.remove(value),
        Some(to) => {
            let new = json(to, context, budget)?;
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
