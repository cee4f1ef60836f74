//! Items as requests need them: new ones, and those that are there with their entity tags.

use super::call::Call;
use super::judge::Meant;
use super::pool::{Item, created, item_of};
use super::probe::varied;
use super::trial::Trial;
use super::values::{bases, order};
use crate::mock::{Action, Binding, KeyFrom, Prepared};
use crate::sample::{Order, sample};
use crate::spec::Location;
use crate::wire::{Method, Reply, StatusCode, header};

/// How often creating an item is tried.
const TRIES: usize = 4;
/// How many keys are tried for one that no item has had.
const KEYS: usize = 200;

/// The operation that does something with the items of a collection.
pub(super) fn operation_of<'s>(
    trial: &Trial<'s>,
    collection: &str,
    is_it: impl Fn(&Prepared, Action) -> bool,
) -> Option<&'s Prepared> {
    let operations = &trial.contract.operations;
    (0..operations.len()).find_map(|number| {
        let operation = operations.get(number);
        let binding = operation.binding.as_ref()?;
        (binding.collection == collection && is_it(operation, binding.action)).then_some(operation)
    })
}

/// An item that was created, with the request and the reply.
pub(super) struct New {
    pub item: Item,
    pub call: Call,
    pub reply: Reply,
}

/// Whether an operation puts an item that isn't there at a path that the client chooses.
pub(super) fn puts_new(operation: &Prepared) -> bool {
    let of_path = |binding: &Binding| {
        let is_update = matches!(binding.action, Action::Update(_));
        is_update && matches!(binding.key_from, KeyFrom::Path(_)) && !binding.is_of_part()
    };
    operation.declared.method == Method::PUT
        && operation.documents(201)
        && operation.binding.as_ref().is_some_and(of_path)
}

/// A new item of a collection, where one can be created.
pub(super) fn created_in(trial: &Trial<'_>, collection: &str) -> Option<New> {
    let is_create = |_: &Prepared, action: Action| action == Action::Create;
    let Some(create) = operation_of(trial, collection, is_create) else {
        return put_in(trial, collection);
    };
    let mut call = trial.base(create.number)?.call;
    for turn in 0..TRIES {
        call = trial.hooked(create, call);
        let reply = trial.attempt(&call, &Meant::Valid)?;
        if reply.status.is_success() {
            let item = created(create.binding.as_ref()?, &call, &reply)?;
            return Some(New { item, call, reply });
        }
        call = varied(trial, create, &call, 100 + turn)?;
    }
    None
}

/// A new item of a collection whose items are put under keys that clients choose.
fn put_in(trial: &Trial<'_>, collection: &str) -> Option<New> {
    let put = operation_of(trial, collection, |operation, _| puts_new(operation))?;
    let binding = put.binding.as_ref()?;
    let KeyFrom::Path(name) = &binding.key_from else {
        return None;
    };
    let contract = trial.contract;
    let mut readers = put.parameters.iter();
    let reader = readers.find(|reader| {
        let parameter = &reader.parameter;
        parameter.location == Location::Path && parameter.name == *name
    })?;
    // Where it is said which item is meant, there is no other.
    if trial.settings.values.iter().any(|(own, _)| own == name) {
        return None;
    }
    let (at, base) = (reader.parameter.schema?, trial.base(put.number)?);
    for turn in 0..KEYS {
        let seed = format!("{}/key {turn}", trial.settings.seed);
        let names = [name.as_str()];
        let order = Order {
            is_dynamic: true,
            ..order(at, &seed, &names)
        };
        let key = sample(&contract.document, &contract.schemas, &order).ok()?;
        let call = base
            .call
            .with_parameter(reader, Some(&key), &contract.shapes);
        let item = item_of(binding, &call)?;
        if trial.with_pool(|pool| pool.knows(collection, &item)) {
            continue;
        }
        let call = ready(trial, put, call);
        let found = contract.breaches_of_request(put, &call.request());
        if found.is_none_or(|found| !found.is_empty()) || item_of(binding, &call)? != item {
            continue;
        }
        let reply = trial.attempt(&call, &Meant::Valid)?;
        return (reply.status == StatusCode::CREATED).then_some(New { item, call, reply });
    }
    None
}

/// A new item of the collection that an operation works on.
pub(super) fn fresh(trial: &Trial<'_>, operation: &Prepared) -> Option<Item> {
    let binding = operation.binding.as_ref()?;
    created_in(trial, &binding.collection).map(|new| new.item)
}

/// The request as it is to be sent now: with what hooks say, and the entity tag that the item has,
/// where it must have one.
pub(super) fn ready(trial: &Trial<'_>, operation: &Prepared, call: Call) -> Call {
    tagged(trial, operation, trial.hooked(operation, call))
}

/// The request with the entity tag that the item has now, where the contract or the server asks for
/// one.
pub(super) fn tagged(trial: &Trial<'_>, operation: &Prepared, call: Call) -> Call {
    let needs = operation.parameters.iter().any(|reader| {
        let parameter = &reader.parameter;
        parameter.required
            && parameter.location == Location::Header
            && parameter.name.eq_ignore_ascii_case("if-match")
    });
    let is_there = |(name, _): &(String, String)| name.eq_ignore_ascii_case("if-match");
    // A request without one may be about just that.
    let is_asked = needs && call.headers.iter().any(is_there);
    if !is_asked && !trial.tally(operation.number).needs_tag {
        return call;
    }
    match current_tag(trial, operation, &call) {
        Some(tag) => call.with_header("If-Match", &tag),
        None => call,
    }
}

/// The entity tag of what is at a request's path.
pub(super) fn current_tag(trial: &Trial<'_>, operation: &Prepared, call: &Call) -> Option<String> {
    let operations = &trial.contract.operations;
    let reader = operations.numbered(&Method::GET, &operation.declared.path)?;
    let reader = operations.get(reader);
    let mut get = Call::bare(reader);
    get.path.clone_from(&call.path);
    let reply = trial.send(&get).ok()?;
    let tag = reply.header(&header::ETAG)?.to_owned();
    (reply.status == StatusCode::OK).then_some(tag)
}

/// Undoes what a request did that breaks the contract and was done all the same, as far as that is
/// known how: what others read then is judged for itself.
pub(super) fn mend(trial: &Trial<'_>, operation: &Prepared, call: &Call, reply: &Reply) {
    let Some(binding) = &operation.binding else {
        return;
    };
    match binding.action {
        Action::Create => {
            let is_delete = |_: &Prepared, action: Action| action == Action::Delete;
            let delete = operation_of(trial, &binding.collection, is_delete);
            let (Some(item), Some(delete)) = (created(binding, call, reply), delete) else {
                return;
            };
            let base = trial.base(delete.number);
            let base = base.or_else(|| bases(trial, delete).into_iter().next());
            let gone = base.map(|base| tagged(trial, delete, base.call.at(&item)));
            let gone = gone.and_then(|call| trial.send(&call).ok());
            if gone.is_some_and(|reply| reply.status.is_success()) {
                trial.with_pool(|pool| pool.bury(&binding.collection, &item));
            }
        }
        Action::Update(_) => {
            if let Some(base) = trial.base(operation.number) {
                let path = call.path.clone();
                let again = ready(trial, operation, Call { path, ..base.call });
                // It may be refused as well: then it stays as it is.
                let _ = trial.send(&again);
            }
        }
        _ => {}
    }
}
