//! What a client puts into its requests that a contract can't say, in CEL: a reference that is new
//! each time, the id that another reply gave, tomorrow.

use super::budget::Budget;
use super::expression::{RuleFault, environment};
use super::file::Reader;
use super::functions::{self, Surroundings};
use super::judge::{add_definitions, apply};
use super::model::{Definition, Known, Look, SetRule};
use super::names::Scope;
use super::scene::bind;
use super::texts::Patterns;
use crate::spec::{LoadError, Place, Source};
use crate::store::State;
use crate::wire::Pointer;
use cel::{Context, Value as Cel};
use chrono::{DateTime, Utc};
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// The hooks of one contract's requests, compiled.
#[derive(Debug, Default)]
pub struct Hooks {
    pub(super) definitions: Vec<Arc<Definition>>,
    pub(super) operations: HashMap<usize, Hook>,
    /// What no schema tells of.
    warnings: Vec<LoadError>,
    patterns: Arc<Patterns>,
}

#[derive(Debug)]
pub(super) struct Hook {
    pub(super) sets: Vec<SetRule>,
    pub(super) uses: BTreeSet<String>,
}

/// What hooks look at beside the request.
#[derive(Debug, Clone, Copy)]
pub struct Occasion<'o> {
    /// `replies`: a reply to each operation that was done, by its names: `status`,
    /// `headers`, `body`.
    pub replies: &'o Value,
    /// `count`: how many requests were made, so that what is made of it is new each time.
    pub count: u64,
    /// `now`.
    pub now: DateTime<Utc>,
}

/// The parts of a request that a hook may set.
const PARTS: [&str; 4] = ["path", "query", "headers", "body"];

impl Hooks {
    /// Reads and compiles a file of hooks against the operations that there are.
    ///
    /// # Errors
    /// Every error of the file, with its place.
    pub fn read(source: &Arc<Source>, operations: &[Known]) -> Result<Hooks, Vec<LoadError>> {
        let value = source.parse().map_err(|error| vec![error])?;
        let mut hooks = Hooks::default();
        if value.is_null() {
            return Ok(hooks); // nothing but comments
        }
        let mut reader = Reader::new(source, Scope::default());
        let Some(file) = reader.fields(&value, Pointer::root(), &["define", "operations"]) else {
            return Err(reader.errors);
        };
        hooks.definitions = reader.definitions(&file);
        let scope = reader.scope.with(&["request", "replies", "count", "now"]);
        for (number, value, at) in reader.of_operations(&file, operations) {
            let Some(fields) = reader.fields(value, at, &["set"]) else {
                continue;
            };
            let sets = fields.list("set", &mut reader.errors);
            let sets: Vec<SetRule> = sets
                .into_iter()
                .filter_map(|(value, at)| {
                    let rule = reader.set(value, at.clone(), &scope)?;
                    let part = rule.at.tokens().next();
                    if !part.is_some_and(|part| PARTS.contains(&part.as_str())) {
                        let message = "a hook sets a part of the request";
                        let error = LoadError::new(source, Place::Value(at.child("at")), message);
                        let help = "it starts with /path, /query, /headers or /body";
                        reader.errors.push(error.with_help(help));
                    }
                    Some(rule)
                })
                .collect();
            let uses = sets
                .iter()
                .flat_map(|rule| rule.when.iter().chain(&rule.to));
            let uses = uses.flat_map(|expression| expression.names.iter().cloned());
            let mut uses: BTreeSet<String> = uses.collect();
            Definition::add_names(&hooks.definitions, &mut uses);
            hooks.operations.insert(number, Hook { sets, uses });
        }
        hooks.patterns = Arc::new(std::mem::take(&mut reader.patterns));
        match reader.errors.is_empty() {
            true => Ok(hooks),
            false => Err(reader.sorted()),
        }
    }

    /// What may be wrong in them, with the places: properties that no schema has.
    pub fn warnings(&self) -> &[LoadError] {
        &self.warnings
    }

    /// The same, of which something may be wrong.
    pub(crate) fn warning_of(self, warnings: Vec<LoadError>) -> Hooks {
        Hooks { warnings, ..self }
    }

    /// Whether an operation, by its number, has any.
    pub fn has(&self, operation: usize) -> bool {
        self.operations.contains_key(&operation)
    }

    /// Whether any of them looks at the reply to an operation of this name.
    pub fn look_at_reply_to(&self, name: &str) -> bool {
        let mut hooks = self.operations.values();
        hooks.any(|hook| Look::of(&hook.uses, "replies").sees(name))
    }

    /// The names of the operations whose replies the hooks of one look at; nothing where they may
    /// look at any.
    pub fn replies_seen(&self, operation: usize) -> Option<Vec<&str>> {
        let hook = self.operations.get(&operation);
        match hook.map(|hook| Look::of(&hook.uses, "replies")) {
            None => Some(Vec::new()),
            Some(Look::Members(names)) => Some(names),
            Some(Look::Whole) => None,
        }
    }

    /// Sets what hooks say of a request: an object of `path`, `query`, `headers` and `body`. Gives
    /// the places that were set or removed; each hook sees what those before it have set.
    ///
    /// # Errors
    /// An expression that can't be evaluated; what those before it set stays.
    pub fn apply(
        &self,
        operation: usize,
        request: &mut Value,
        occasion: Occasion<'_>,
    ) -> Result<Vec<Pointer>, RuleFault> {
        let Some(hook) = self.operations.get(&operation) else {
            return Ok(Vec::new());
        };
        let state = State::default();
        let budget = Arc::new(Budget::default());
        let mut context = Context::with_env(environment());
        let around = Surroundings {
            state: &state,
            budget: &budget,
            patterns: &self.patterns,
        };
        functions::add(&mut context, &around, &hook.uses);
        add_definitions(&mut context, &self.definitions, &hook.uses, &budget);
        bind(
            &mut context,
            &budget,
            &hook.uses,
            "replies",
            occasion.replies,
        );
        let count = i64::try_from(occasion.count).unwrap_or(i64::MAX);
        context.add_variable_from_value("count", Cel::Int(count));
        context.add_variable_from_value("now", Cel::Timestamp(occasion.now.fixed_offset()));
        let mut set = Vec::new();
        for rule in &hook.sets {
            bind(&mut context, &budget, &hook.uses, "request", request);
            // What isn't there, as the body of a request without one, isn't to be set.
            let stands_in = rule.at.split_last().map(|(above, _)| above);
            let is_there =
                stands_in.is_some_and(|at| at.get(request).is_some_and(Value::is_object));
            if is_there && apply(rule, &context, &budget, request)? {
                set.push(rule.at.clone());
            }
        }
        Ok(set)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(text: &str) -> Result<Hooks, Vec<String>> {
        let known = Known {
            names: vec!["create".to_owned(), "POST /a".to_owned()],
            callbacks: Vec::new(),
        };
        let hooks = Hooks::read(
            &Arc::new(Source::new("hooks.yaml", text.to_owned())),
            &[known],
        );
        hooks.map_err(|all| all.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn what_a_request_says_is_set_by_what_was_answered_and_how_often() {
        let hooks = read(
            "
define: {next(n): string(n + 1)}
operations:
  create:
    set:
      - at: /body/name
        to: \"'n' + next(count)\"
      - at: /path/owner
        when: has(replies.createOwner)
        to: replies.createOwner.body.id
      - at: /body/again
        to: request.body.name + '!'
      - at: /body/old
        remove: true
",
        );
        let hooks = hooks.expect("hooks");
        let mut request = json!({"path": {}, "query": {}, "headers": {}, "body": {"old": 1}});
        let replies = json!({"createOwner": {"status": 201, "body": {"id": "o"}}});
        let occasion = Occasion {
            replies: &replies,
            count: 6,
            now: Utc::now(),
        };
        let set = hooks.apply(0, &mut request, occasion).expect("values");
        let places: Vec<&str> = set.iter().map(Pointer::as_str).collect();
        assert_eq!(
            places,
            ["/body/name", "/path/owner", "/body/again", "/body/old"]
        );
        let path = json!({"owner": "o"});
        let body = json!({"name": "n7", "again": "n7!"});
        assert_eq!(
            request,
            json!({"path": path, "query": {}, "headers": {}, "body": body})
        );
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        let told = read("operations: {creat: {}}").expect_err("no such operation");
        assert_eq!(
            told,
            ["hooks.yaml:1:14: the contract has no operation `creat`"]
        );
        let told = read("operations: {create: {set: [{at: /boddy/a, to: stored.a}]}}");
        let told = told.expect_err("no such part or variable");
        assert_eq!(
            told,
            [
                "hooks.yaml:1:34: a hook sets a part of the request",
                "hooks.yaml:1:48: there is no variable `stored` here",
            ]
        );
    }
}
