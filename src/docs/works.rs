//! What an operation does by itself: properties that it works out, items that follow, messages.

use super::origin::at;
use crate::contract::Contract;
use crate::mock::{Action, Prepared, keeps_time};
use crate::rules::SetRule;
use crate::spec::Node;

/// A thing that the server does by itself.
#[derive(Debug)]
pub(crate) struct Work {
    /// The property, or what else it is about.
    pub what: String,
    /// What becomes of it, with code between backquotes.
    pub becomes: String,
    /// When, as an expression.
    pub when: Option<String>,
    /// Where the rules say so: the file and the line.
    pub place: Option<String>,
}

/// All of an operation.
pub(crate) fn works(contract: &Contract, operation: &Prepared) -> Vec<Work> {
    let mut all = Vec::new();
    let Some(rules) = contract.rules.of(operation.number) else {
        return stamps(contract, operation);
    };
    all.extend(rules.sets.iter().map(|rule| set(contract, rule, "")));
    for cascade in &rules.cascades {
        let lead = format!("{}: ", cascade.collection);
        let sets = cascade.sets.iter().map(|rule| set(contract, rule, &lead));
        let when = |mut work: Work| {
            work.when
                .get_or_insert_with(|| one_line(cascade.filter.text()));
            work
        };
        all.extend(sets.map(when));
    }
    for announce in &rules.announces {
        all.push(Work {
            what: announce.callback.clone(),
            becomes: format!("is sent to `{}`", one_line(announce.to.text())),
            when: announce.when.as_ref().map(|when| one_line(when.text())),
            place: Some(at(contract, &announce.to.origin())),
        });
    }
    let stamps = stamps(contract, operation).into_iter();
    let is_set = |work: &Work| all.iter().any(|known: &Work| known.what == work.what);
    let stamps: Vec<Work> = stamps.filter(|work| !is_set(work)).collect();
    all.extend(stamps);
    all
}

fn set(contract: &Contract, rule: &SetRule, lead: &str) -> Work {
    let names: Vec<String> = rule.at.tokens().collect();
    Work {
        what: format!("{lead}{}", names.join(".")),
        becomes: match &rule.to {
            Some(to) => format!("`{}`", one_line(to.text())),
            None => "is removed".to_owned(),
        },
        when: rule.when.as_ref().map(|when| one_line(when.text())),
        place: rule
            .to
            .as_ref()
            .or(rule.when.as_ref())
            .map(|expression| at(contract, &expression.origin())),
    }
}

/// The times that are kept without a rule.
fn stamps(contract: &Contract, operation: &Prepared) -> Vec<Work> {
    let Some(binding) = &operation.binding else {
        return Vec::new();
    };
    let is_new = match binding.action {
        Action::Create => true,
        Action::Update(_) => false,
        _ => return Vec::new(),
    };
    let reader = contract.operations.reader(&binding.collection);
    let schema = reader.and_then(|(reader, content)| {
        let mut at = content.declared.schema?;
        for name in &reader.envelope {
            let node = contract.document.node(contract.document.referred(at));
            at = node.get("properties")?.get(name)?.at();
        }
        Some(contract.document.node(contract.document.referred(at)))
    });
    let names = schema.and_then(|schema| schema.get("properties"));
    let names = names.into_iter().flat_map(Node::entries);
    let kept = names.filter(|(name, _)| keeps_time(name, is_new));
    kept.map(|(name, _)| Work {
        what: name.into_owned(),
        becomes: "the present moment".to_owned(),
        when: None,
        place: None,
    })
    .collect()
}

fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").replace('`', "'")
}
