//! The commands of a finding, pasted into a shell while the server still runs.

use super::shop::CONTRACT;
use super::{KEY, wire};
use crate::process::{Folder, run};
use serde_json::Value;
use std::process::Command;

/// Faults that are seen at an item which is there no more, with the checks that find them, and what
/// the last reply has then; where nothing is said, what it had when it was found.
const FAULTS: [(&str, &str, &str); 14] = [
    ("read as text/html", "reply", ""),
    ("read without a required property", "reply", ""),
    ("the second of a list is wrong", "reply", "\"name\":,"),
    ("reading again sends all", "precondition", ""),
    ("HEAD is 204", "head", ""),
    ("wrong enum accepted", "refusal", ""),
    ("PUT is lost", "written", "\"kind\":\"cat\""),
    ("PUT keeps the rest", "written", ""),
    ("PATCH is lost", "written", ""),
    ("PATCH takes away the rest", "written", ""),
    ("stale If-Match accepted", "precondition", ""),
    ("current If-Match refused", "precondition", ""),
    ("POST drops the age", "written", ""),
    ("DELETE deletes nothing", "deleted", "\"maker\":\"shop\""),
];

/// Whether the machine has what the commands need.
fn has_commands() -> bool {
    ["curl", "jq"].iter().all(|name| {
        let version = Command::new(name).arg("--version").output();
        version.is_ok_and(|output| output.status.success())
    })
}

/// The commands of the first finding of a check, and what was answered to the last one.
fn found(fault: &'static str, check: &str) -> (Vec<String>, String) {
    let folder = Folder::of(&[("shop.yaml", CONTRACT)]);
    let url = format!("{}/api", wire::listen(fault));
    let arguments = ["verify", "shop.yaml", "--url", &url, "--seed", "s"];
    let more = ["--rate", "5000", "--format", "json"];
    let ended = run(folder.path(), &[&arguments[..], &more, &KEY].concat());
    let report: Value = serde_json::from_str(&ended.out).expect("JSON");
    let findings = report["apis"][0]["findings"].as_array().expect("findings");
    let finding = findings.iter().find(|finding| finding["check"] == check);
    let finding = finding.unwrap_or_else(|| panic!("{fault}: {}", ended.out));
    let steps = finding["steps"].as_array().expect("steps");
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let commands = steps.iter().map(|step| text(&step["curl"]));
    let answer = steps.last().map(|step| text(&step["answer"]));
    (commands.collect(), answer.expect("a step"))
}

/// What a shell writes that is given these lines.
fn pasted(lines: &[String]) -> String {
    let mut shell = Command::new("sh");
    let shell = shell.arg("-c").arg(lines.join("\n")).env("X_KEY", "secret");
    let output = shell.output().expect("a shell");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// A text without what is new with every item.
fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_ascii_digit()).collect()
}

#[test]
fn a_finding_that_is_pasted_into_a_shell_shows_the_fault() {
    if !has_commands() {
        return;
    }
    let mut others = Vec::new();
    for (fault, check, seen) in FAULTS {
        let (commands, answer) = found(fault, check);
        let shown = pasted(&commands);
        let last = shown.rsplit("HTTP/1.1 ").next().unwrap_or_default();
        let (status, body) = answer.split_at(3);
        let body = body.find('{').map_or("", |at| &body[at..]);
        let wanted = if seen.is_empty() { body } else { seen };
        if !last.starts_with(status) || !plain(last).contains(&plain(wanted)) {
            others.push((fault, commands, answer, shown));
        }
    }
    assert!(others.is_empty(), "{others:#?}");
}
