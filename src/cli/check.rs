//! `check`: everything that was found, as people or machines read it, and an exit code.

use super::arguments::{Check, Format};
use super::style::{Style, clean};
use super::{diagnostic, exit, json_report};
use crate::contract::{AuthSettings, Report};
use crate::docs::dangling_links;
use crate::host::Host;
use crate::spec::Severity;
use std::io::Write;
use std::process::ExitCode;

pub(super) fn check(arguments: &Check) -> ExitCode {
    let auth = AuthSettings::default();
    let loading = arguments.sources.loading(arguments.strict, "", auth);
    let documents = &arguments.sources.documents;
    let reports = Host::check_with(documents, &loading, &dangling_links);
    let text = match arguments.format {
        Format::Human => human(&reports, Style::of_stdout()),
        Format::Json => json_report::render(&reports),
    };
    // A closed pipe is the reader's choice, no error of ours.
    let _ = std::io::stdout().write_all(text.as_bytes());
    exit_code(&reports, arguments.strict)
}

fn exit_code(reports: &[Report], strict: bool) -> ExitCode {
    let any = |severity: Severity| reports.iter().any(|report| report.count(severity) > 0);
    if reports.iter().any(|report| !report.is_loaded) {
        return ExitCode::from(exit::CANNOT_LOAD);
    }
    match any(Severity::Error) || strict && any(Severity::Warning) {
        true => ExitCode::from(exit::VIOLATIONS),
        false => ExitCode::SUCCESS,
    }
}

fn human(reports: &[Report], style: Style) -> String {
    let mut out = String::new();
    for report in reports {
        out += &diagnostic::found(report.of(Severity::Error), true, style);
        out += &diagnostic::found(report.of(Severity::Warning), false, style);
        if !report.collections.is_empty() {
            out += &format!("{}\n", style.bold("collections:"));
        }
        for collection in &report.collections {
            out += &format!("  {}\n", clean(&collection.to_string()));
        }
        if report.count(Severity::Note) > 0 {
            out += &format!("{}\n", style.bold("read, and not enforced:"));
        }
        for note in report.of(Severity::Note) {
            let (line, column) = note.source.position(&note.place);
            let place = format!("{}:{line}:{column}", note.source.name());
            out += &format!(
                "  {}  {}\n",
                clean(&note.message),
                style.dim(&clean(&place))
            );
        }
        out += &format!("{}\n", closing(report, style));
    }
    out
}

/// One line of what was found in a document.
fn closing(report: &Report, style: Style) -> String {
    let mut facts = Vec::new();
    if report.is_loaded {
        facts.push(counted(report.operations, "operation"));
    } else {
        facts.push("can't be loaded".to_owned());
    }
    let kinds = [
        (Severity::Error, "error"),
        (Severity::Warning, "warning"),
        (Severity::Note, "note"),
    ];
    for (severity, what) in kinds {
        match report.count(severity) {
            0 => {}
            count => facts.push(counted(count, what)),
        }
    }
    if facts.len() == 1 && report.is_loaded {
        facts.push("nothing wrong".to_owned());
    }
    format!("{}: {}", style.bold(&clean(&report.name)), facts.join(", "))
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
