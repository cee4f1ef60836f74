//! Requests that keep to the contract, as they are tried first.

use super::call::{Call, Sent};
use super::pool::Item;
use super::trial::Trial;
use crate::contract::Contract;
use crate::mock::Prepared;
use crate::sample::{Ground, Order, sample};
use crate::spec::{At, Location};
use crate::validate::View;
use serde_json::Value;

/// How many requests are tried for one that is done.
const BASES: usize = 8;
/// How many examples of a body are tried.
const EXAMPLES: usize = 3;

/// A request, with the values that its parameters were written from.
#[derive(Debug, Clone)]
pub(super) struct Base {
    pub call: Call,
    /// One for each of the operation's parameters, where it is there.
    pub parameters: Vec<Option<Value>>,
}

/// What a value of a schema is made for.
pub(super) fn order<'o>(schema: At, seed: &'o str, names: &'o [&'o str]) -> Order<'o> {
    Order {
        schema,
        view: View::Request,
        seed,
        is_dynamic: false,
        locale: Default::default(),
        names,
        hint: None,
        wish: None,
    }
}

/// A value to look for the edges of.
pub(super) fn ground<'g>(contract: &'g Contract, order: Order<'g>) -> Ground<'g> {
    Ground {
        document: &contract.document,
        schemas: &contract.schemas,
        order,
    }
}

/// Requests that keep to the contract, the likeliest to be done first.
pub(super) fn bases(trial: &Trial<'_>, operation: &Prepared) -> Vec<Base> {
    let contract = trial.contract;
    let bodies = bodies(trial, operation);
    let bodies: Vec<Option<Sent>> = match bodies.is_empty() {
        true => vec![None],
        false => bodies.into_iter().map(Some).collect(),
    };
    let items = items(trial, operation);
    let plain = plain(trial, operation);
    let mut all: Vec<Base> = Vec::new();
    // Each body at the first item, then the first body at each.
    let pairs = bodies.iter().map(|body| (body, &items[0]));
    let others = items.iter().skip(1).map(|item| (&bodies[0], item));
    for (body, item) in pairs.chain(others) {
        let mut base = plain.clone();
        for (reader, own) in operation.parameters.iter().zip(&mut base.parameters) {
            let is_meant = |name: &str| name == reader.parameter.name;
            let given = trial.settings.values.iter();
            let mut known = given.chain(item.iter());
            let Some((_, value)) = known.find(|(name, _)| is_meant(name)) else {
                continue;
            };
            let call = base
                .call
                .with_parameter(reader, Some(value), &contract.shapes);
            base.call = call;
            *own = Some(value.clone());
        }
        base.call.body = body.clone();
        base.call = trial.hooked(operation, base.call);
        let found = contract.breaches_of_request(operation, &base.call.request());
        if found.is_some_and(|found| found.is_empty()) {
            all.push(base);
        }
        if all.len() >= BASES {
            break;
        }
    }
    all
}

/// The request without a body, with the parameters that must be there.
fn plain(trial: &Trial<'_>, operation: &Prepared) -> Base {
    let contract = trial.contract;
    let mut base = Base {
        call: Call::bare(operation),
        parameters: Vec::new(),
    };
    for reader in &operation.parameters {
        let parameter = &reader.parameter;
        let is_there = parameter.required || parameter.location == Location::Path;
        let value = is_there.then(|| parameter_value(trial, operation, base.parameters.len()));
        let value = value.flatten();
        if let Some(value) = &value {
            base.call = base
                .call
                .with_parameter(reader, Some(value), &contract.shapes);
        }
        base.parameters.push(value);
    }
    base
}

/// A valid value of the numbered one of an operation's parameters.
pub(super) fn parameter_value(
    trial: &Trial<'_>,
    operation: &Prepared,
    number: usize,
) -> Option<Value> {
    let contract = trial.contract;
    let parameter = &operation.parameters[number].parameter;
    let schema = operation.parameter_schemas[number];
    let is_valid = |value: &Value| schema.is_none_or(|id| contract.schemas.is_valid(id, value));
    // The tag of an example is no item's.
    if parameter.location == Location::Header && parameter.name.eq_ignore_ascii_case("if-match") {
        let any = Value::from("*");
        if is_valid(&any) {
            return Some(any);
        }
    }
    if let Some(example) = parameter.examples.iter().find(|value| is_valid(value)) {
        return Some(example.clone());
    }
    let Some(at) = parameter.schema else {
        return Some(Value::from("text"));
    };
    let names = [parameter.name.as_str()];
    let order = order(at, &trial.settings.seed, &names);
    sample(&contract.document, &contract.schemas, &order).ok()
}

/// The bodies that are tried: examples that are valid, then samples; JSON before others.
fn bodies(trial: &Trial<'_>, operation: &Prepared) -> Vec<Sent> {
    let contract = trial.contract;
    let mut numbers: Vec<usize> = (0..operation.bodies.len()).collect();
    numbers.sort_by_key(|number| !operation.bodies[*number].media_type.is_json());
    let mut all = Vec::new();
    for number in numbers {
        let content = &operation.bodies[number];
        let examples = content.declared.examples.iter();
        let valid =
            examples.filter(|example| content.is_valid(contract.contents(), &example.value));
        let examples = valid.take(EXAMPLES);
        let examples = examples.map(|example| (example.value.clone(), true));
        let samples = (0..2).filter_map(|turn| sampled(trial, operation, number, turn));
        let values = examples.chain(samples.map(|value| (value, false)));
        all.extend(values.filter_map(|(value, is_example)| {
            Sent::written(contract, operation, number, value, is_example)
        }));
    }
    all
}

/// A sample of the numbered one of an operation's bodies; each turn gives another.
pub(super) fn sampled(
    trial: &Trial<'_>,
    operation: &Prepared,
    number: usize,
    turn: usize,
) -> Option<Value> {
    let contract = trial.contract;
    let schema = operation.bodies[number].declared.schema?;
    let seed = format!("{}/{turn}", trial.settings.seed);
    let order = Order {
        // What the document gives as an example is one value, and each turn is to be another.
        is_dynamic: turn > 0,
        ..order(schema, &seed, &[])
    };
    sample(&contract.document, &contract.schemas, &order).ok()
}

/// The parameters that lead to items that may be there; none where nothing is known, so that there
/// is one way at least.
fn items(trial: &Trial<'_>, operation: &Prepared) -> Vec<Vec<(String, Value)>> {
    let texts = |item: Item| -> Vec<(String, Value)> {
        let values = item.into_iter();
        values
            .map(|(name, value)| (name, Value::from(value)))
            .collect()
    };
    let mut all = trial.with_pool(|pool| {
        let mut all = Vec::new();
        let parents = operation.parents.iter().rev();
        let collection = parents.filter_map(|parent| parent.collection.as_deref());
        for collection in collection.take(1) {
            let known = pool.of(collection);
            all.extend(known.into_iter().take(3).map(|known| texts(known.item)));
        }
        let members = operation.binding.as_ref();
        let members = members.map_or_else(Vec::new, |binding| pool.members(binding));
        all.splice(0..0, members.into_iter().take(3).map(texts));
        all.splice(0..0, pool.links(operation.number).into_iter().take(3));
        // What no collection tells may have the name of what another's items have.
        let readers = operation.parameters.iter();
        let named = readers.filter_map(|reader| {
            let parameter = &reader.parameter;
            let value = (parameter.location == Location::Path)
                .then(|| pool.named(&parameter.name))
                .flatten()?;
            Some((parameter.name.clone(), Value::from(value)))
        });
        let named: Vec<(String, Value)> = named.collect();
        for item in &mut all {
            let others = named
                .iter()
                .filter(|(name, _)| item.iter().all(|(own, _)| own != name));
            let others: Vec<(String, Value)> = others.cloned().collect();
            item.extend(others);
        }
        if all.is_empty() && !named.is_empty() {
            all.push(named);
        }
        all
    });
    all.push(Vec::new());
    all
}
