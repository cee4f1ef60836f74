//! What is wrong is shown by the smallest request that shows it.

use super::shop::CONTRACT;
use super::{run, settings};
use counterpart::contract::Contract;
use counterpart::verify::{Credential, Credentials, Finding, Settings};

/// The bodies and header fields of the last command of a finding that writes something.
fn written(finding: &Finding) -> &str {
    let steps = finding.steps.iter().rev().map(|step| step.curl.as_str());
    let mut writes = steps.filter(|curl| curl.contains(" -X P"));
    writes.next().unwrap_or_default()
}

/// The names of the properties that a command sends.
fn sent(curl: &str) -> Vec<String> {
    let (_, body) = curl.split_once("--data-raw '").expect("a body");
    let body = body.split('\'').next().expect("its end");
    let body: serde_json::Value = serde_json::from_str(body).expect("JSON");
    body.as_object()
        .expect("an object")
        .keys()
        .cloned()
        .collect()
}

#[test]
fn what_is_wrong_with_an_items_story_is_shown_without_what_needs_not_be_there() {
    let needed = ["name", "kind"];
    let mut larger = Vec::new();
    for (fault, check, operation, names) in [
        (
            "PUT is lost",
            "written",
            "PUT",
            &["name", "kind", "age"][..],
        ),
        ("PUT counts", "idempotent", "PUT", &["name", "kind", "age"]),
        (
            "PUT drops the age",
            "written",
            "PUT",
            &["name", "kind", "age"],
        ),
        (
            "PUT takes what is readOnly",
            "read-only",
            "PUT",
            &["name", "kind", "maker"],
        ),
        (
            "POST takes what is readOnly",
            "read-only",
            "POST",
            &["name", "kind", "maker"],
        ),
        ("stale If-Match accepted", "precondition", "PUT", &needed),
        ("the tag of before accepted", "precondition", "PUT", &needed),
        ("current If-Match refused", "precondition", "PUT", &needed),
        ("PATCH is lost", "written", "PATCH", &["age"]),
        ("Location leads nowhere", "created", "POST", &needed),
        (
            "POST drops the tags",
            "written",
            "POST",
            &["name", "kind", "tags"],
        ),
    ] {
        let outcome = run(fault, &settings());
        let mut findings = outcome.findings.iter();
        let finding =
            findings.find(|own| own.check.name() == check && own.operation.starts_with(operation));
        let finding = finding.unwrap_or_else(|| panic!("{fault}: {:?}", outcome.findings));
        let mut own = sent(written(finding));
        own.sort();
        let mut names = names.to_vec();
        names.sort_unstable();
        if own != names {
            larger.push((fault, own, finding.error.message.clone()));
        }
    }
    assert!(larger.is_empty(), "{larger:#?}");
}

/// A credential that was made up is what the request is about, and stays.
#[test]
fn requests_without_a_credential_and_with_a_made_up_one_are_the_smallest_too() {
    let outcome = run("no credential accepted", &settings());
    let put = |finding: &&Finding| finding.operation == "PUT /pets/{id}";
    let finding = outcome.findings.iter().find(put).expect("a finding");
    assert_eq!(sent(written(finding)), ["name", "kind"]);

    let outcome = run("any credential accepted", &settings());
    let finding = outcome.findings.iter().find(put).expect("a finding");
    assert_eq!(sent(written(finding)), ["name", "kind"]);
    assert!(
        written(finding).contains("x-key: made-up"),
        "{}",
        written(finding)
    );
}

/// What is deleted is gone: each smaller request has an item of its own.
#[test]
fn requests_that_delete_are_the_smallest_too() {
    let contract = CONTRACT.replace(
        "    delete:\n      responses:",
        "    delete:\n      parameters:\n        - {name: reason, in: query, schema: {type: string}}\n        - {name: X-Trace, in: header, schema: {type: string}}\n      responses:",
    );
    assert_ne!(contract, CONTRACT);
    let contract = Contract::from_text("shop.yaml", &contract).expect("a contract");
    let key = Credential::Field("X-Key".to_owned(), "secret".to_owned());
    let settings = Settings {
        credentials: Credentials::new(vec![key], None).expect("credentials"),
        ..Settings::of("http://shop.test", "seed")
    };
    let shop = super::Shop::with("DELETE is 202");
    let outcome = super::verify(&contract, &shop, &settings, &|_| {}).expect("an outcome");
    let finding = outcome.findings.first().expect("a finding");
    let last = finding.steps.last().expect("a step");
    assert!(last.curl.contains("-X DELETE"), "{finding:?}");
    assert!(
        !last.curl.contains("reason") && !last.curl.contains("X-Trace"),
        "{finding:?}"
    );
}
