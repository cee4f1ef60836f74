//! What was found, as people and machines read it.

use super::Verified;
use crate::cli::diagnostic;
use crate::cli::json_report::{entry, escaped};
use crate::cli::reports::{Case, Examined, Remark, Suite};
use crate::cli::style::{Style, clean};
use crate::spec::{LoadError, Severity};
use crate::verify::{Check, Finding, Likeness};
use serde_json::{Value, json};

pub(super) fn human(all: &[Verified], seed: &str, style: Style) -> String {
    let mut out = String::new();
    for verified in all {
        for finding in &verified.outcome.findings {
            out += &told(finding, style);
        }
    }
    for verified in all {
        out += &format!("{}\n", closing(verified, style));
        out += &likeness(&verified.likeness, style);
    }
    let found = all
        .iter()
        .any(|verified| !verified.outcome.findings.is_empty());
    if found {
        out += &style.dim(&format!("--seed {} sends the same again\n", clean(seed)));
    }
    out
}

/// A finding with the line of the contract, and the requests that show it.
fn told(finding: &Finding, style: Style) -> String {
    let is_error = finding.severity == Severity::Error;
    let block = diagnostic::found(std::iter::once(&finding.error), is_error, style);
    let mut out = format!("{}\n", block.trim_end());
    for step in &finding.steps {
        out += &format!("  {}\n", clean(&step.curl));
        out += &format!("  {}\n", style.dim(&format!("→ {}", clean(&step.answer))));
    }
    if finding.times > 1 {
        let others = finding.times - 1;
        out += &format!("  {}\n", style.dim(&format!("seen {} more", times(others))));
    }
    out += "\n";
    out
}

fn times(count: usize) -> String {
    match count {
        1 => "once".to_owned(),
        count => format!("{count} times"),
    }
}

/// One line of what was found of an API.
fn closing(verified: &Verified, style: Style) -> String {
    let outcome = &verified.outcome;
    let of = |severity| {
        let all = outcome.findings.iter();
        all.filter(|finding| finding.severity == severity).count()
    };
    let mut facts = vec![
        counted(outcome.operations, "operation"),
        counted(outcome.requests, "request"),
    ];
    let kinds = [(Severity::Error, "finding"), (Severity::Warning, "warning")];
    for (severity, what) in kinds {
        match of(severity) {
            0 => {}
            count => facts.push(counted(count, what)),
        }
    }
    if outcome.findings.is_empty() {
        facts.push("nothing wrong".to_owned());
    }
    if !outcome.is_whole {
        facts.push("cut short".to_owned());
    }
    format!(
        "{}: {}",
        style.bold(&clean(&verified.name)),
        facts.join(", ")
    )
}

/// How alike the mock answers, and of each operation that it answers otherwise the first request.
fn likeness(all: &[(String, Likeness)], style: Style) -> String {
    let (requests, alike) = sum(all);
    if requests == 0 {
        return String::new();
    }
    let share = alike * 100 / requests;
    let mut out = format!(
        "{} {alike} of {} as the server does ({share} %)\n",
        style.bold("the mock answers"),
        counted(requests, "request")
    );
    for (name, own) in all {
        if let Some((request, why)) = &own.first {
            let name = clean(name);
            out += &format!("  {name}: {} of {}\n", own.alike, own.requests);
            let first = format!("{}: {}", clean(request), clean(why));
            out += &format!("    {}\n", style.dim(&first));
        }
    }
    out
}

fn sum(all: &[(String, Likeness)]) -> (usize, usize) {
    let own = all.iter().map(|(_, own)| own);
    own.fold((0, 0), |(requests, alike), own| {
        (requests + own.requests, alike + own.alike)
    })
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// The findings as reports for CI have them: of each API, what was looked at.
pub(super) fn examined(all: &[Verified], is_strict: bool) -> Examined {
    let suite = |verified: &Verified| {
        let case = |check: Check| {
            let findings = verified.outcome.findings.iter();
            let findings = findings.filter(|finding| finding.check == check);
            Case {
                rule: check.name().to_owned(),
                sentence: check.sentence().to_owned(),
                remarks: findings.map(remark).collect(),
            }
        };
        Suite {
            name: verified.name.clone(),
            cases: Check::ALL.into_iter().map(case).collect(),
        }
    };
    Examined {
        command: "counterpart verify",
        is_strict,
        suites: all.iter().map(suite).collect(),
    }
}

/// What is wrong, with the requests that show it.
fn remark(finding: &Finding) -> Remark {
    let steps = finding.steps.iter();
    let steps = steps.map(|step| format!("{}\n→ {}", step.curl, step.answer));
    let steps: Vec<String> = steps.collect();
    Remark {
        help: Some(steps.join("\n")).filter(|steps| !steps.is_empty()),
        ..Remark::new(finding.severity, &finding.error)
    }
}

/// `errors` are of those that couldn't be tried.
pub(super) fn machine(all: &[Verified], errors: &[LoadError], seed: &str) -> String {
    let apis = all.iter().map(|verified| {
        let outcome = &verified.outcome;
        let findings: Vec<Value> = outcome.findings.iter().map(machine_finding).collect();
        let mut told = json!({
            "api": verified.name,
            "operations": outcome.operations,
            "requests": outcome.requests,
            "complete": outcome.is_whole,
            "findings": findings,
        });
        if let (Some(members), false) = (told.as_object_mut(), verified.likeness.is_empty()) {
            members.insert("twin".to_owned(), machine_likeness(&verified.likeness));
        }
        told
    });
    let mut report = json!({"seed": seed, "apis": apis.collect::<Vec<_>>()});
    if let (Some(members), false) = (report.as_object_mut(), errors.is_empty()) {
        members.insert("errors".to_owned(), entries(errors));
    }
    escaped(&format!("{report:#}\n"))
}

/// The report of a failure that kept all from being tried.
pub(super) fn failed(errors: &[LoadError]) -> String {
    let report = json!({"seed": null, "apis": [], "errors": entries(errors)});
    escaped(&format!("{report:#}\n"))
}

fn entries(errors: &[LoadError]) -> Value {
    let entries = errors.iter();
    entries
        .map(|error| entry(Severity::Error, "load", error))
        .collect()
}

fn machine_likeness(all: &[(String, Likeness)]) -> Value {
    let (requests, alike) = sum(all);
    let operations = all.iter().map(|(name, own)| {
        let first = own.first.as_ref();
        let first = first.map(|(request, why)| json!({"request": request, "difference": why}));
        json!({"operation": name, "requests": own.requests, "alike": own.alike, "first": first})
    });
    let operations: Vec<Value> = operations.collect();
    json!({"requests": requests, "alike": alike, "operations": operations})
}

fn machine_finding(finding: &Finding) -> Value {
    let mut told = entry(finding.severity, finding.check.name(), &finding.error);
    let steps = finding.steps.iter();
    let steps = steps.map(|step| json!({"curl": step.curl, "answer": step.answer}));
    if let Some(members) = told.as_object_mut() {
        members.shift_remove("help");
        let check = members.shift_remove("topic");
        members.insert("check".to_owned(), check.unwrap_or_default());
        let operation = Some(finding.operation.clone()).filter(|name| !name.is_empty());
        members.insert("operation".to_owned(), operation.into());
        members.insert("times".to_owned(), finding.times.into());
        members.insert("steps".to_owned(), steps.collect());
    }
    told
}
