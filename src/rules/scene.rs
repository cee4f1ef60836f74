//! What expressions look at, in the interpreter's form: made once for a request, as far as they do.

use super::budget::Budget;
use super::convert::{object, to_val};
use super::model::{Look, Rules};
use cel::common::types::CelTimestamp;
use cel::common::value::{CowVal, Val};
use cel::context::{Context, VariableResolver};
use chrono::{DateTime, Utc};
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What the rules of a request look at beside the items, and what they may cost.
#[derive(Debug)]
pub struct Scene {
    request: Option<Box<dyn Val>>,
    auth: Option<Box<dyn Val>>,
    now: Box<dyn Val>,
    pub(super) budget: Arc<Budget>,
}

impl Rules {
    /// What the rules of an operation look at: `request` (`method`, `path`, `query`, `headers`,
    /// `body`), `auth` (`claims`, `permissions`) and `now`.
    pub fn scene(
        &self,
        operation: usize,
        (request, auth): (&Value, &Value),
        now: DateTime<Utc>,
    ) -> Scene {
        let budget = Arc::new(Budget::default());
        let rules = self.of(operation);
        let seen = |name, value| seen(&budget, &rules?.uses, name, value);
        Scene {
            request: seen("request", request),
            auth: seen("auth", auth),
            now: Box::new(CelTimestamp::from(now.fixed_offset())),
            budget,
        }
    }
}

impl VariableResolver for Scene {
    fn resolve<'b>(&'b self, variable: &str) -> Option<CowVal<'b, 'b>> {
        let value = match variable {
            "request" => self.request.as_ref()?,
            "auth" => self.auth.as_ref()?,
            "now" => &self.now,
            _ => return None,
        };
        Some(CowVal::Borrowed(value.as_ref()))
    }
}

/// Binds as much of a variable as expressions that name all these look at.
pub(super) fn bind(
    context: &mut Context<'_, '_>,
    budget: &Budget,
    uses: &BTreeSet<String>,
    name: &str,
    value: &Value,
) {
    if let Some(seen) = seen(budget, uses, name, value) {
        context.add_variable_as_val(name, seen);
    }
}

/// As much of a value as is looked at; nothing where that is none of it, or can't be paid for.
fn seen(
    budget: &Budget,
    uses: &BTreeSet<String>,
    name: &str,
    value: &Value,
) -> Option<Box<dyn Val>> {
    let paid = |value| {
        let is_paid = budget.copy_json(value).is_ok();
        is_paid.then(|| to_val(value))
    };
    match (Look::of(uses, name), value) {
        (Look::Members(members), Value::Object(all)) => {
            let members = members.into_iter();
            let members = members.filter_map(|name| Some((name, paid(all.get(name)?)?)));
            Some(object(members))
        }
        (Look::Members(members), _) if members.is_empty() => None,
        _ => paid(value),
    }
}
