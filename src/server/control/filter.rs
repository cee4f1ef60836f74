use super::super::journal::Record;
use super::super::refusal::Refusal;
use super::exchange::api_of;
use super::state::{find, unfit};
use crate::host::Host;
use crate::wire::StatusCode;
use serde::Deserialize;
use std::sync::Arc;
use utoipa::IntoParams;

/// Which exchanges. A misspelt name is refused: nothing would be told by what isn't found.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// Those of one API.
    #[param(example = "petstore")]
    api: Option<String>,
    /// Those for one sandbox.
    #[param(example = "suite-1")]
    sandbox: Option<String>,
    /// Those of one operation, by its operationId or as `PATCH /pets/{id}`.
    #[param(example = "updatePet")]
    operation: Option<String>,
    /// Those of one method.
    #[param(example = "PATCH")]
    method: Option<String>,
    /// Those of a path, and of what is below it.
    #[param(example = "/pets")]
    path: Option<String>,
    /// Those with a status, or with one of a class.
    #[param(pattern = "^[1-5]([0-9][0-9]|[xX][xX])$", example = "4xx")]
    status: Option<String>,
    /// Those where something isn't as the contract has it, or the others.
    problems: Option<bool>,
    /// Those that say this, in any case: in the target, the bodies, or what was found wrong.
    text: Option<String>,
    /// Those after the exchange of this number.
    pub(super) since: Option<u64>,
    /// At most how many: with `since` the first ones, else the last.
    #[param(minimum = 1, maximum = 1000, default = 100)]
    pub(super) limit: Option<usize>,
}

/// The same, checked.
pub(super) struct Filter {
    api: Option<String>,
    sandbox: Option<String>,
    operations: Option<Vec<String>>,
    method: Option<String>,
    path: Option<String>,
    status: Option<(u16, u16)>,
    problems: Option<bool>,
    pub(super) text: Option<String>,
}

impl Filter {
    pub(super) fn of(which: &Which, host: &Arc<Host>) -> Result<Filter, Refusal> {
        if let Some(name) = &which.api {
            find(host, name)?;
        }
        let operations = which.operation.as_ref().map(|wanted| {
            let apis = host.apis().iter();
            let named = apis.flat_map(|api| api.operations_named(wanted));
            match named.collect::<Vec<String>>() {
                none if none.is_empty() => {
                    let detail = format!("There is no operation {wanted:?}.");
                    Err(Refusal::new(StatusCode::NOT_FOUND, detail))
                }
                names => Ok(names),
            }
        });
        let status = which
            .status
            .as_ref()
            .map(|text| statuses(text).ok_or_else(|| unfit(format!("{text:?} is no status."))));
        Ok(Filter {
            api: which.api.clone(),
            sandbox: which.sandbox.clone(),
            operations: operations.transpose()?,
            method: which.method.as_ref().map(|method| method.to_uppercase()),
            path: which
                .path
                .as_ref()
                .map(|path| path.trim_end_matches('/').to_owned()),
            status: status.transpose()?,
            problems: which.problems,
            text: which.text.as_ref().map(|text| text.to_lowercase()),
        })
    }

    /// Those that it takes, at most so many: with the number of one those that follow it, else the
    /// last.
    pub(super) fn chosen<'r>(
        &self,
        records: &'r [Arc<Record>],
        since: Option<u64>,
        limit: usize,
        host: &Host,
    ) -> Vec<&'r Arc<Record>> {
        let newer = |record: &&Arc<Record>| since.is_none_or(|since| record.number > since);
        let wanted = |record: &&Arc<Record>| newer(record) && self.takes(record, host);
        match since {
            Some(_) => records.iter().filter(wanted).take(limit).collect(),
            None => {
                let mut found: Vec<_> = records.iter().rev().filter(wanted).take(limit).collect();
                found.reverse();
                found
            }
        }
    }

    pub(super) fn takes(&self, record: &Record, host: &Host) -> bool {
        let is = |wanted: &Option<String>, given: &str| {
            wanted.as_ref().is_none_or(|wanted| wanted == given)
        };
        let below = |path: &String| {
            let given = record.inner_target().split('?').next().unwrap_or("");
            let rest = given.strip_prefix(path.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let named = |names: &Vec<String>| {
            let operation = record.operation();
            operation.is_some_and(|operation| names.iter().any(|name| name == operation))
        };
        let status = record.status.as_u16();
        is(&self.method, record.method.as_str())
            && self
                .status
                .is_none_or(|(from, to)| (from..=to).contains(&status))
            && self.path.as_ref().is_none_or(below)
            && self.operations.as_ref().is_none_or(named)
            && is(&self.sandbox, record.sandbox.as_deref().unwrap_or(""))
            && is(&self.api, api_of(record, host).unwrap_or(""))
            && self
                .problems
                .is_none_or(|wanted| record.has_problems() == wanted)
            && self.text.as_ref().is_none_or(|text| says(record, text))
    }
}

/// The statuses that a text stands for, from and to: `422`, `4xx`.
pub(super) fn statuses(text: &str) -> Option<(u16, u16)> {
    match text.as_bytes() {
        [class @ b'1'..=b'5', b'x' | b'X', b'x' | b'X'] => {
            let from = u16::from(class - b'0') * 100;
            Some((from, from + 99))
        }
        [b'1'..=b'5', _, _] => text.parse().ok().map(|status| (status, status)),
        _ => None,
    }
}

/// Whether a text in lower case stands somewhere in an exchange.
fn says(record: &Record, text: &str) -> bool {
    let within = |given: &str| given.to_lowercase().contains(text);
    let violations = record.violations.iter().chain(&record.reply_violations);
    let mut details = violations.map(|violation| &violation.detail);
    let bodies = [record.request().body, record.reply().body];
    let mut bodies = bodies.into_iter().map(|body| String::from_utf8_lossy(body));
    within(record.target())
        || record.operation().is_some_and(within)
        || record.refusal.as_deref().is_some_and(within)
        || details.any(|detail| within(detail))
        || bodies.any(|body| within(&body))
}
