//! Rules as compiled.

use super::expression::Expression;
use super::texts::Patterns;
use crate::spec::Origin;
use crate::wire::Pointer;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// The rules of one contract, compiled.
#[derive(Debug, Default)]
pub struct Rules {
    pub(super) definitions: Vec<Arc<Definition>>,
    pub(super) operations: HashMap<usize, OperationRules>,
    /// The patterns that stand in them.
    pub(super) patterns: Arc<Patterns>,
}

/// A function that the file defines.
#[derive(Debug)]
pub(super) struct Definition {
    pub(super) name: String,
    pub(super) parameters: Vec<String>,
    pub(super) expression: Expression,
}

impl Definition {
    /// Adds the names that definitions use to those that use them.
    pub(super) fn add_names(definitions: &[Arc<Definition>], names: &mut BTreeSet<String>) {
        // One names only those above it, so one pass from below finds them all.
        for definition in definitions.iter().rev() {
            if names.contains(&definition.name) {
                names.extend(definition.expression.names.iter().cloned());
            }
        }
    }
}

/// The rules of one operation.
#[derive(Debug, Default)]
pub struct OperationRules {
    /// How a body becomes part of the stored item.
    pub merge: Option<Merge>,
    /// Who may; it decides in the place of the contract's scopes.
    pub authorize: Option<Expression>,
    /// What the stored item must be like, before anything else is looked at.
    pub conditions: Vec<Require>,
    /// What the request and the item as it would become must be like.
    pub requires: Vec<Require>,
    /// Properties that are computed.
    pub sets: Vec<SetRule>,
    /// Updates of other items.
    pub cascades: Vec<Cascade>,
    /// Callbacks that are sent.
    pub announces: Vec<Announce>,
    /// The variables and functions that all of it names, through definitions too: what isn't
    /// named needn't be made for a request.
    pub(super) uses: BTreeSet<String>,
}

/// How a JSON body is applied to the stored item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Merge {
    /// JSON Merge Patch (RFC 7396): objects member by member, `null` removes, the rest replaces.
    Deep,
    /// Each given property replaces the stored one whole; `null` removes it.
    Properties,
    /// The body takes the item's place.
    Whole,
}

/// A demand.
#[derive(Debug)]
pub struct Require {
    /// Whether it applies.
    pub when: Option<Expression>,
    /// For each of what it is made.
    pub each: Option<Each>,
    /// What must be true.
    pub that: Expression,
    /// Where in the body the fault is, with `{name}` for a loop's variables.
    pub at: Option<String>,
    /// What is told, likewise.
    pub message: String,
    /// The status, where it isn't the usual one.
    pub status: Option<u16>,
}

/// A loop: `item in list`, or `index, item in list`.
#[derive(Debug)]
pub struct Each {
    /// The variable that counts, from 0.
    pub index: Option<String>,
    /// The variable of the element.
    pub name: String,
    /// The list.
    pub list: Expression,
}

impl Each {
    /// The variables that it binds.
    pub(super) fn names(&self) -> Vec<&str> {
        self.index
            .iter()
            .chain([&self.name])
            .map(String::as_str)
            .collect()
    }
}

/// A computed property.
#[derive(Debug)]
pub struct SetRule {
    /// Whether it applies.
    pub when: Option<Expression>,
    /// Where it goes.
    pub at: Pointer,
    /// What it becomes; nothing removes it.
    pub to: Option<Expression>,
    /// Where the file says where it goes.
    pub(super) written: Origin,
}

/// An update of other items.
#[derive(Debug)]
pub struct Cascade {
    /// Whether it applies.
    pub when: Option<Expression>,
    /// Items of which collection.
    pub collection: String,
    /// Which of them; `item` is each in turn.
    pub filter: Expression,
    /// What is computed for each.
    pub sets: Vec<SetRule>,
}

/// A callback that is sent.
#[derive(Debug)]
pub struct Announce {
    /// Whether it applies.
    pub when: Option<Expression>,
    /// The name of the contract's callback.
    pub callback: String,
    /// The addresses: a text, or a list of them.
    pub to: Expression,
    /// The body.
    pub body: Expression,
}

/// An operation as rules may name it.
pub struct Known {
    /// `operationId` and `METHOD /path`.
    pub names: Vec<String>,
    /// Its callbacks.
    pub callbacks: Vec<String>,
}

/// How much of a variable's value rules look at.
pub enum Look<'r> {
    /// All of it.
    Whole,
    /// These members, none where it isn't looked at.
    Members(Vec<&'r str>),
}

impl<'r> Look<'r> {
    /// How much of a variable is looked at by what names all these.
    pub(super) fn of(names: &'r BTreeSet<String>, variable: &str) -> Look<'r> {
        if names.contains(variable) {
            return Look::Whole;
        }
        let prefix = format!("{variable}.");
        let members = names.range(prefix.clone()..);
        let members = members.map_while(|name| name.strip_prefix(prefix.as_str()));
        Look::Members(members.collect())
    }

    /// Whether a member is looked at.
    pub fn sees(&self, member: &str) -> bool {
        match self {
            Look::Whole => true,
            Look::Members(members) => members.contains(&member),
        }
    }
}

impl OperationRules {
    /// How much of a variable its expressions look at.
    pub fn look(&self, variable: &str) -> Look<'_> {
        Look::of(&self.uses, variable)
    }

    /// What it computes, of its own item and of others.
    pub(super) fn all_sets(&self) -> impl Iterator<Item = &SetRule> {
        let others = self.cascades.iter().flat_map(|cascade| &cascade.sets);
        self.sets.iter().chain(others)
    }

    pub(super) fn names(&self, definitions: &[Arc<Definition>]) -> BTreeSet<String> {
        let demands = self.conditions.iter().chain(&self.requires);
        let demands = demands.flat_map(|rule| {
            let list = rule.each.as_ref().map(|each| &each.list);
            rule.when.iter().chain(list).chain([&rule.that])
        });
        let sets = self.all_sets();
        let sets = sets.flat_map(|rule| rule.when.iter().chain(&rule.to));
        let cascades = self
            .cascades
            .iter()
            .flat_map(|c| c.when.iter().chain([&c.filter]));
        let announces = self.announces.iter();
        let announces = announces.flat_map(|rule| rule.when.iter().chain([&rule.to, &rule.body]));
        let all = self
            .authorize
            .iter()
            .chain(demands)
            .chain(sets)
            .chain(cascades)
            .chain(announces);
        let mut names: BTreeSet<String> = all.flat_map(|e| e.names.iter().cloned()).collect();
        Definition::add_names(definitions, &mut names);
        names
    }
}
