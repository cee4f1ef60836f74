//! The bodies and parameters that no value is found for: what asks for such a reply is answered with
//! an error, and nobody can send such a request. And the properties that are left out of them for it.

use super::Contract;
use super::report::{Finding, Topic};
use crate::mock::PreparedContent;
use crate::sample::{Order, Unsatisfied, foreseen, unmade};
use crate::spec::{At, Document, Parameter, Severity};
use crate::validate::View;
use std::collections::HashSet;

/// What is told of a property that need not be there, and for which there is no value.
const WITHOUT: &str = "no value was found for this property: samples are without it";

/// How many of the callbacks and webhooks are tried, and how many of the schemas that no operation
/// has. Each takes as long as a reply, and where there are hundreds of them, nobody waits for them
/// one by one: of further ones no more is told than that their schemas contradict themselves.
const TRIED: usize = 50;

/// What of a sample no value is found for: parts that it is without, or all of it.
type Finder<'f> = dyn Fn(&Order<'_>) -> Result<Vec<At>, Unsatisfied> + 'f;

/// The bodies and parameters that nothing satisfies, as far as can be found out.
pub(super) fn check_samples(contract: &Contract) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut judged: HashSet<(View, At)> = HashSet::new();
    let mut told: HashSet<At> = HashSet::new();
    let mut check = |topic: Topic, view: View, at: At, found: &Finder| {
        let at = meant(&contract.document, at);
        let schema = contract.schemas.at(view, at);
        // What can't be compiled is told as that.
        if !judged.insert((view, at)) || !contract.schemas.faults(schema).is_empty() {
            return false;
        }
        let order = Order { view, ..plain(at) };
        let unfound: Vec<(At, String)> = match found(&order) {
            Ok(unmade) => {
                let unmade = unmade.into_iter();
                unmade.map(|at| (at, WITHOUT.to_owned())).collect()
            }
            Err(why) => {
                let why = why.detail;
                let message = format!("no value was found that this schema lets pass: {why}");
                vec![(at, message)]
            }
        };
        for (at, message) in unfound {
            if told.insert(at) {
                let error = contract.document.error(at, message);
                findings.push(Finding::new(topic, Severity::Warning, error));
            }
        }
        true
    };
    let (document, schemas) = (&contract.document, &contract.schemas);
    let tried = |order: &Order<'_>| unmade(document, schemas, order);
    let foreseen = |order: &Order<'_>| foreseen(document, schemas, order).map(|()| Vec::new());
    let of_body = |content: &PreparedContent| content.schema.and(content.declared.schema);
    let of_parameter = |parameter: &Parameter| parameter.schema;
    for number in 0..contract.operations.len() {
        let operation = contract.operations.get(number);
        let parameters = operation.declared.parameters.iter();
        let bodies = operation.bodies.iter().filter_map(of_body);
        for at in parameters.filter_map(of_parameter).chain(bodies) {
            check(Topic::Operations, View::Request, at, &tried);
        }
        let replies = operation.responses.iter().flat_map(|r| &r.contents);
        for at in replies.filter_map(of_body) {
            check(Topic::Replies, View::Reply, at, &tried);
        }
    }
    let numbers = 0..contract.operations.len();
    let callbacks = numbers.flat_map(|number| &contract.operations.get(number).callbacks);
    let messages = callbacks.chain(contract.operations.webhooks());
    for (count, message) in messages.enumerate() {
        let bodies = message.contents.iter().filter_map(of_body);
        let parameters = message.declared.parameters.iter();
        for at in bodies.chain(parameters.filter_map(of_parameter)) {
            let find: &Finder = if count < TRIED { &tried } else { &foreseen };
            check(Topic::Replies, View::Reply, at, find);
        }
    }
    let mut count = 0;
    for (_, schema) in document.named_schemas() {
        let find: &Finder = if count < TRIED { &tried } else { &foreseen };
        count += usize::from(check(Topic::Replies, View::Reply, schema.at(), find));
    }
    findings
}

/// The schema that is meant: where one is a reference and nothing more, that which it leads to.
fn meant(document: &Document, at: At) -> At {
    let node = document.node(at);
    let is_reference = node.get("$ref").is_some() && node.entries().count() == 1;
    if is_reference {
        document.referred(at)
    } else {
        at
    }
}

/// A sample of a reply's schema as nobody asks for anything in particular.
pub(super) fn plain(schema: At) -> Order<'static> {
    Order {
        schema,
        view: View::Reply,
        seed: "",
        is_dynamic: false,
        locale: Default::default(),
        names: &[],
        hint: None,
        wish: None,
    }
}
