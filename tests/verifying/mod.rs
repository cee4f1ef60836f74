//! `counterpart verify` against a server with faults, and against mocks without any.

mod shop;

use counterpart::contract::Contract;
use counterpart::spec::Severity;
use counterpart::verify::{Credential, Credentials, Finding, Outcome, Settings, verify};
use shop::{CONTRACT, FAULTS, LAST_FAULTS, Shop};

fn settings() -> Settings {
    let key = Credential::Field("X-Key".to_owned(), "secret".to_owned());
    Settings {
        credentials: Credentials::new(vec![key], None).expect("credentials"),
        ..Settings::of("http://shop.test", "seed")
    }
}

fn run(fault: &'static str, settings: &Settings) -> Outcome {
    let contract = Contract::from_text("shop.yaml", CONTRACT).expect("a contract");
    verify(&contract, &Shop::with(fault), settings, &|_| {}).expect("an outcome")
}

/// What was found, a line each.
fn lines(findings: &[Finding]) -> Vec<String> {
    let lines = findings
        .iter()
        .map(|finding| format!("{}: {}", finding.check.name(), finding.error.message));
    lines.collect()
}

#[test]
fn a_server_that_keeps_to_its_contract_has_no_finding() {
    let outcome = run("", &settings());
    assert_eq!(lines(&outcome.findings), [""; 0]);
    assert!(outcome.is_whole);
    assert_eq!(outcome.operations, 7);
    assert!(outcome.requests > 150, "{}", outcome.requests);
}

#[test]
fn every_planted_fault_is_found() {
    let mut missed = Vec::new();
    for (fault, check) in FAULTS.into_iter().chain(LAST_FAULTS) {
        let outcome = run(fault, &settings());
        let errors = outcome.findings.iter();
        let mut errors = errors.filter(|finding| finding.severity == Severity::Error);
        if !errors.any(|finding| finding.check.name() == check) {
            missed.push((fault, check, lines(&outcome.findings)));
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
}
